"""Two crawls, one after another, of sites of every family and of sites that are broken or hostile."""

import gzip
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from scrapers.declaration import CLOCK
from scrapers.web.archive import articles
from scrapers.web.family import Again, Bounds, Family, Polite, families
from scrapers.web.run import SiteOutcome, crawl_sites
from scrapers.web.verdict import Reason
from tests.scrapers.loopback import Answer, Request, answer, as_json
from tests.scrapers.web.webs import (
    PLAIN,
    TEXT,
    Pages,
    Portal,
    Web,
    article,
    fixed,
    html,
    watch,
    web,
)

pytestmark = pytest.mark.process

UNTIL = date(2019, 6, 30)
LATER = date(2019, 8, 15)
BOUNDS = Bounds(depth=6, pages=200, bytes=1_000_000, seconds=60, wait=4.0, redirects=2)
DAY = "2019-06-03"


def declared() -> dict[str, Family]:
    """The families, with bounds that are soon reached, and two at private addresses."""
    never = Again(longest=0)
    found = {
        name: replace(family, bounds=BOUNDS, again=never) for name, family in families().items()
    }
    portal = found["portal_static"]
    portal = replace(portal, expect=replace(portal.expect, nothing_new_days=31))
    found["portal_static"] = portal
    hasty = Polite(delay=0.0, concurrency=4, hours=None)
    found["private"] = replace(portal, name="private", private=True, polite=hasty)
    now = datetime.now(CLOCK)
    begin, end = (f"{now + timedelta(hours=hours):%H:%M}" for hours in (2, 4))
    asleep = Polite(hours=(begin, end))
    found["asleep"] = replace(portal, name="asleep", polite=asleep)
    found["public"] = replace(portal, name="public", polite=hasty)
    few = replace(BOUNDS, pages=8)
    found["few"] = replace(portal, name="few", bounds=few)
    return found


def dripping() -> Iterable[bytes]:
    yield answer(Content_Length=5_000)
    for _ in range(120):
        time.sleep(0.1)
        yield b"<p>"


def trapped() -> Portal:
    """A portal of which ten articles are no articles."""
    there = Portal(many=14)
    bomb = answer(body=gzip.compress(b"<p>" * 1_000_000), Content_Encoding="gzip")
    form = '<form><input name="u"><input type="password" name="p"></form>'
    login = html("统一登录", f"<h1>统一登录</h1><p>请输入用户名</p>{form}")
    traps: list[Answer | Callable[[], Answer]] = [
        answer(302, Location=there.path(1)),  # to itself, for ever
        bomb,
        html("长", "长" * 500_000),
        dripping,
        answer(302, Location="http://127.0.0.1:9/secret"),
        answer(302, Location="/login.html"),
        login,
        answer(body=b"<html><p>broken off", Content_Length=9_000),
        answer(404),
        answer(302, Location="http://localhost/"),
    ]
    there.changed = {there.path(number): trap for number, trap in enumerate(traps, start=1)}
    there.changed["/login.html"] = login
    return there


def saying_yes(request: Request) -> Answer:
    """A site that has an answer to everything, and nothing to say."""
    title = "杭州人民政府" if request.path == "/" else "提示"
    return html(title, f"<p>您访问的页面不存在或已删除：{request.path}</p>")


class Polluted(Portal):
    """A portal that says 200 to whatever is not there, and links to it."""

    def __call__(self, request: Request) -> Answer | None:
        """What it answers."""
        dead = request.path in {self.path(number) for number in range(1, 5)}
        return saying_yes(request) if dead else super().__call__(request) or saying_yes(request)


def one_at_many(request: Request) -> Answer | None:
    """A site that has one article at many addresses."""
    if request.path.startswith("/xwzx/2019"):
        views = request.path.rpartition("_")[2]
        text = f"<h1>同一篇文章</h1><p>发布时间：{DAY}</p><p>{TEXT}</p><script>{views}</script>"
        return html("同一篇文章", text)
    there = Portal(many=25, each=25)
    return there(request)


def with_sessions(request: Request) -> Answer | None:
    """A portal that gives each visit other addresses, and has a calendar without an end."""
    there = Portal(many=5)
    path = request.path.partition(";")[0]
    found = there(replace(request, path=path))
    if isinstance(found, bytes) and "index" in path:
        text = found.partition(b"\r\n\r\n")[2].decode()
        visit = f";jsessionid={abs(hash(path))}"
        text = text.replace('.html"><', f'.html{visit}?sid=7&utm_source=x#top"><')
        links = "".join(f'<li><a href="/rili/2019/{n}/">{n}</a></li>' for n in range(10_000))
        return answer(
            body=text.replace("</ul>", f"{links}</ul>").encode(), Content_Type="text/html"
        )
    return found


def endless(request: Request) -> Answer | None:
    """A medium whose lists never end."""
    if request.path == "/":
        return html("杭州", "")
    if "/n" in request.path and "list" not in request.path:
        number = int(request.path.rpartition("/n")[2].removesuffix(".htm"))
        return article(number, date(2019, 6, 3))
    if request.path.startswith("/news/list"):
        number = int(
            request.path.rpartition("_")[2].removesuffix(".htm") if "_" in request.path else 1
        )
        links = f'<div class="list"><p><a href="/news/20190603/n{number}.htm">题</a></p></div>'
        return html("列表", f'{links}<a href="list_{number + 1}.htm">下一页</a>')
    return None


def of_families() -> dict[str, dict[str, bytes]]:
    """Small sites of the other families."""
    credit_list = {"items": [{"url": f"/detail/{n}.html", "date": DAY} for n in range(4)]}
    counted = {"disclosed": {"permits": 70, "penalties": 7}, "visits": "1,234"}
    cases = {"cities": [{"city_code": "330100", "cases": 12}, {"city_code": "330200", "cases": 3}]}
    packed = "<sitemap><loc>http://www.court.example/sitemap/2019-06.xml.gz</loc></sitemap>"
    index = f"<sitemapindex>{packed}</sitemapindex>"
    places = "".join(
        f"<url><loc>http://www.court.example/article/2019/06/{n}.shtml</loc></url>"
        for n in range(4)
    )
    month = "".join(
        f'<li><a href="/2019/0603/{n}.html">题</a><time>{DAY}</time></li>' for n in range(2, 5)
    )
    months = '<a href="2019-06.html">2019-06</a>'
    entry = "<item><link>http://www.feed.example/2019/0603/1.html</link></item>"
    day = date.fromisoformat(DAY)

    def encoded(number: int, encoding: str, declared: str = "") -> bytes:
        text = article(number, day).partition(b"\r\n\r\n")[2].decode().replace("utf-8", "gb2312")
        kind = f"text/html; charset={declared}" if declared else "text/html"
        return answer(body=text.encode(encoding, "replace"), Content_Type=kind)

    def listing(rows: str, encoding: str = "utf-8") -> bytes:
        text = f"<html><body>{rows}</body></html>"
        return answer(body=text.encode(encoding), Content_Type="text/html")

    column = "".join(
        f'<tr><td><a href="/art/2019/6/3/art_101_{n}.html">题目</a></td><td>[{DAY}]</td></tr>'
        for n in range(4)
    )
    columns = {f"/col/col{n}/index.html": listing("共1页") for n in (102, 103, 104)}
    front = html("杭州", "")
    return {
        "jcms": {
            "/": front,
            "/col/col101/index.html": listing(f'<table class="list">{column}</table>共1页', "gbk"),
            **columns,
            **{f"/art/2019/6/3/art_101_{n}.html": encoded(n, "gbk") for n in range(4)},
        },
        "credit": {
            "/": front,
            "/api/articles?page=1&size=50": as_json(credit_list),
            "/api/articles?page=2&size=50": as_json({"items": []}),
            "/api/statistics.json": as_json(counted),
            **{f"/detail/{n}.html": article(n, day) for n in range(4)},
        },
        "court": {
            "/": front,
            "/sitemap.xml": answer(body=index.encode()),
            "/sitemap/2019-06.xml.gz": answer(body=gzip.compress(f"<urlset>{places}</urlset>".encode())),
            "/data/contracts.json": as_json(cases),
            **{f"/article/2019/06/{n}.shtml": encoded(n, "gb18030") for n in range(4)},
        },
        "feed": {
            "/": front,
            "/feed.xml": answer(body=f"<rss><channel>{entry}</channel></rss>".encode()),
            "/archive/index.html": listing(f'<ul class="list"><li>{months}</li></ul>'),
            "/archive/2019-06.html": listing(f'<ul class="list">{month}</ul>'),
            **{f"/2019/0603/{n}.html": encoded(n, "utf-8", "gb2312") for n in range(1, 5)},
        },
        "hall": {
            "/": front,
            "/catalogue/index.html": html("目录", '<b id="items">1,234</b><b id="one-stop">567</b>'),
        },
    }  # fmt: skip


FAMILIES = {
    "jcms": "portal_jcms", "credit": "credit_json", "court": "court_sitemap", "feed": "media_feed",
    "hall": "service_hall", "endless": "media_list", "robbed": "portal_static", "asleep": "asleep",
    "few": "few",
}  # fmt: skip


@dataclass
class Crawled:
    """Two crawls: their outcomes by site, what each site was asked for, and the archive after both."""

    first: dict[str, SiteOutcome]
    second: dict[str, SiteOutcome]
    asked: dict[str, list[str]]
    asked_again: dict[str, list[str]]
    archive: pl.DataFrame

    def titles(self, site_id: str) -> list[str]:
        """Of a site's articles in the archive."""
        return sorted(self.archive.filter(pl.col("site_id") == site_id)["title"].to_list())


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """Crawl all sites twice; in between some of them change."""
    folder = tmp_path_factory.mktemp("crawl")
    with pytest.MonkeyPatch.context() as patch, web(patch) as there:
        portals = {
            name: Portal(etags=name == "fine")
            for name in ("fine", "relaid", "hijacked", "unfilled", "few")
        }
        made: dict[str, Pages] = {
            **portals,
            "trapped": trapped(),
            "yes": saying_yes,
            "polluted": Polluted(many=10),
            "many": one_at_many,
            "sessions": with_sessions,
            "endless": endless,
            "nameless": Portal(name="某地"),
            "robbed": fixed({"/robots.txt": answer(body=b"User-agent: *\nDisallow: /\n")}),
            **{name: fixed(pages) for name, pages in of_families().items()},
        }
        assert there.there is not None
        port = there.there.url.rpartition(":")[2]
        private = watch("private", "private", f"127.0.0.1:{port}")
        public = watch("public", "public", f"localhost:{port}")
        sites = [watch(name, FAMILIES.get(name, "portal_static")) for name in made]
        there.sites = {
            one.site.host: pages for one, pages in zip(sites, made.values(), strict=True)
        }
        there.sites[private.site.host] = there.sites[public.site.host] = Portal(many=4)
        down = watch("down", host="www.down.example")
        there.sites[down.site.host] = lambda _: b""
        asleep = watch("asleep", "asleep", "127.0.0.2:9")
        sites += [private, public, down, asleep]

        def crawl(until: date) -> tuple[dict[str, SiteOutcome], dict[str, list[str]]]:
            outcomes = crawl_sites(
                sites, declared(), folder / "state", folder / "out", until, extract=PLAIN
            )
            asked = {one.site.site_id: there.asked(one.site.host) for one in sites}
            there.forget()
            assert [one.site_id for one in outcomes] == [one.site.site_id for one in sites]
            return {one.site_id: one for one in outcomes}, asked

        first, asked = crawl(UNTIL)
        change(portals, there)
        second, asked_again = crawl(LATER)
    return Crawled(first, second, asked, asked_again, articles(folder / "out").collect())


def change(portals: dict[str, Portal], there: Web) -> None:
    """What happens between the crawls."""
    portals["fine"].many = portals["unfilled"].many = 18
    relaid = html("列表", '<div class="news"><a href="/xwzx/201906/t20190610_12.html">题</a></div>')
    portals["relaid"].changed["/xwzx/index.html"] = relaid
    for number in range(13, 19):
        blank = html("图片", "<h1>图片</h1><img src='x.jpg'>")
        portals["unfilled"].changed[portals["unfilled"].path(number)] = blank
    there.sites["www.hijacked.example"] = lambda request: html("线上娱乐城", f"开户 {request.path}")


def reasons(outcome: SiteOutcome) -> set[str]:
    return {reason.kind for reason in outcome.reasons}


@pytest.mark.parametrize("site_id", ["fine", "jcms", "credit", "court", "feed", "hall", "private"])
def test_a_site_of_any_family_is_had_whole(crawled: Crawled, site_id: str) -> None:
    outcome = crawled.first[site_id]
    assert reasons(outcome) <= {"empty_list", "nothing_new"}
    known = {"fine": 12, "hall": 0}.get(site_id, 4)
    assert outcome.counts is not None
    assert outcome.counts.articles == outcome.counts.known == known
    assert len(crawled.asked[site_id]) == len(set(crawled.asked[site_id]))


def test_every_encoding_is_read(crawled: Crawled) -> None:
    for site_id in ("jcms", "court", "feed"):
        assert [title[:2] for title in crawled.titles(site_id)] == [
            "第0",
            "第1",
            "第2",
            "第3",
        ] or site_id == "feed"
        assert all("号通报" in title for title in crawled.titles(site_id))


def test_counters_are_read_for_the_cities_that_they_are_about(crawled: Crawled) -> None:
    counters = [one for outcome in crawled.first.values() for one in outcome.counters]
    assert {(one.site_id, one.measure, one.city_code, one.value) for one in counters} == {
        ("credit", "disclosure_records_12m", "330100", 77.0),
        ("credit", "credit_website_clicks_12m", "330100", 1234.0),
        ("court", "contract_cases_12m", "330100", 12.0),
        ("court", "contract_cases_12m", "330200", 3.0),
        ("hall", "service_items", "330100", 1234.0),
        ("hall", "one_stop_items", "330100", 567.0),
    }


def test_what_is_archived_says_where_it_is_from(crawled: Crawled) -> None:
    rows = crawled.archive.filter(pl.col("site_id") == "feed")
    assert set(rows["encoding"]) == {"gb18030"}
    assert set(rows["status"]) == {200}
    assert set(rows["published"]) == {date(2019, 6, 3)}
    assert rows["raw_sha256"].str.len_chars().to_list() == [64] * 4
    assert rows["url"].str.starts_with("http://www.feed.example/2019/0603/").all()
    assert crawled.archive.select(pl.struct("site_id", "url").is_unique().all()).item()


def test_traps_cost_one_page_each_and_are_named(crawled: Crawled) -> None:
    outcome = crawled.first["trapped"]
    assert outcome.counts is not None
    assert outcome.counts.articles == 4
    assert outcome.counts.missed == {
        "bounded": 3,  # the loop, the bomb, the long one
        "timed_out": 1,
        "other_host": 2,
        "login": 2,
        "host_down": 1,
        "status_404": 1,
    }
    assert outcome.reasons == (Reason("too_many_missed", "bounded"),)
    assert not any("secret" in path for paths in crawled.asked.values() for path in paths)


def test_a_broken_site_is_left_alone_and_does_no_harm(crawled: Crawled) -> None:
    assert reasons(crawled.first["down"]) >= {"host_down"}
    assert crawled.first["down"].verdict == "failed"
    assert len(crawled.asked["down"]) < 30
    assert crawled.first["fine"].verdict == "good"


def test_a_site_that_answers_everything_is_no_site(crawled: Crawled) -> None:
    assert crawled.first["yes"].verdict == "failed"
    assert "answers_all" in reasons(crawled.first["yes"])


def test_what_is_not_there_is_no_article_whatever_the_status_says(crawled: Crawled) -> None:
    outcome = crawled.first["polluted"]
    assert outcome.counts is not None
    assert outcome.counts.missed == {"answers_all": 1, "gone": 4}
    assert len(crawled.titles("polluted")) == 6


def test_one_article_at_many_addresses_is_one_article(crawled: Crawled) -> None:
    outcome = crawled.first["many"]
    assert outcome.counts is not None
    assert (outcome.counts.articles, outcome.counts.missed["duplicate"]) == (1, 24)
    assert "duplicates" in reasons(outcome)


def test_session_ids_make_no_other_page_and_calendars_are_not_followed(crawled: Crawled) -> None:
    asked = crawled.asked["sessions"]
    assert len([path for path in asked if "/xwzx/2019" in path]) == 5
    assert not any("jsessionid" in path or "rili" in path or "?" in path for path in asked)


def test_lists_without_an_end_are_followed_as_deep_as_declared(crawled: Crawled) -> None:
    lists = [path for path in crawled.asked["endless"] if "list" in path]
    assert len(lists) == BOUNDS.depth


def test_a_site_that_robots_may_not_read_is_not_read(crawled: Crawled) -> None:
    assert crawled.first["robbed"].reasons[0] == Reason("forbidden")
    assert crawled.asked["robbed"] == []


def test_private_addresses_are_refused_unless_the_family_allows_them(crawled: Crawled) -> None:
    assert crawled.first["private"].verdict == "good"
    assert crawled.first["public"].reasons[0] == Reason("not_public")
    assert crawled.asked["public"] == []


def test_a_site_is_not_asked_outside_its_hours(crawled: Crawled) -> None:
    assert crawled.first["asleep"].reasons[0] == Reason("unfinished", "off_hours")


def test_a_site_that_does_not_call_itself_by_its_name_is_suspect(crawled: Crawled) -> None:
    assert crawled.first["nameless"].verdict == "suspect"
    assert reasons(crawled.first["nameless"]) == {"other_name"}


def test_a_crawl_that_reaches_its_bound_goes_on_next_time_and_asks_for_nothing_twice(
    crawled: Crawled,
) -> None:
    assert Reason("unfinished", "too_many_pages") in crawled.first["few"].reasons
    asked, again = (
        [path for path in paths["few"] if "/t2019" in path]
        for paths in (crawled.asked, crawled.asked_again)
    )
    assert len(crawled.asked["few"]) <= 8 + 8
    assert again
    assert not set(asked) & set(again)


def test_a_second_crawl_asks_for_lists_and_for_what_is_new(crawled: Crawled) -> None:
    outcome, asked = crawled.second["fine"], crawled.asked_again["fine"]
    assert outcome.counts is not None
    assert (outcome.counts.articles, outcome.counts.known) == (6, 18)
    assert len([path for path in asked if "/t2019" in path]) == 6
    assert not set(asked) & {path for path in crawled.asked["fine"] if "/t2019" in path}
    assert "/xwzx/index_3.html" not in asked
    assert len(crawled.titles("fine")) == 18


def test_a_list_that_names_nothing_any_more_is_named_the_same_day(crawled: Crawled) -> None:
    assert crawled.second["relaid"].verdict == "failed"
    assert Reason("layout_changed", "/xwzx/index.html") in crawled.second["relaid"].reasons


def test_articles_that_lost_their_text_are_named_the_same_day(crawled: Crawled) -> None:
    assert Reason("layout_changed", "text") in crawled.second["unfilled"].reasons


def test_a_site_that_turned_into_another_is_left_before_anything_of_it_is_kept(
    crawled: Crawled,
) -> None:
    assert crawled.second["hijacked"].reasons[0] == Reason("became_another")
    assert crawled.second["hijacked"].verdict == "failed"
    assert len(crawled.titles("hijacked")) == 12
    assert len(crawled.asked_again["hijacked"]) == 4  # the front page, three articles


def test_a_site_that_has_nothing_new_for_long_is_suspect(crawled: Crawled) -> None:
    assert crawled.second["sessions"].verdict == "suspect"
    [reason] = crawled.second["sessions"].reasons
    assert reason.kind == "nothing_new"
    assert int(reason.detail) > 31


def test_outcomes_can_be_written_down(crawled: Crawled) -> None:
    told = json.dumps([asdict(one) for one in crawled.first.values()], default=str)
    assert "杭州" not in told


def test_without_the_stand_in_web_its_sites_fail_and_say_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CCI_SANDBOX", raising=False)
    [outcome] = crawl_sites([watch("fine")], declared(), tmp_path / "s", tmp_path / "o", UNTIL)
    assert (outcome.verdict, outcome.reasons) == ("failed", (Reason("stand_in_down"),))
