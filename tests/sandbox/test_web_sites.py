"""The sites: each family as it is declared, every page reachable, all of it marked as invented."""

import gzip
import json
import re
from dataclasses import replace

import pytest

from sandbox.country import Country
from sandbox.serve import application
from sandbox.web.layouts import LAYOUTS
from sandbox.web.layouts.layout import Layout
from sandbox.web.web import Web
from scrapers.web.family import families
from scrapers.web.links import Place, Unreadable, read_list
from tests.sandbox.asking import Answer, ask
from tests.sandbox.web_country import COUNTRY, MONTH, answered, fullest, site, web

WITH_PAGES = [family for family in LAYOUTS if family != "service_hall"]
ENCODINGS = {"portal_jcms": "gbk", "court_sitemap": "gb18030", "media_list": "gb2312"}
APP = application(COUNTRY)


def asked(host: str, address: str, **headers: str) -> Answer:
    return ask(APP, address, {"host": host, **headers})


def reached(layout: Layout, family: str) -> dict[str, str | None]:
    """Articles that the lists name, as the family's declaration has them, and the days beside them."""
    declared, found = families()[family], dict[str, str | None]()
    host = layout.setting.site.host
    for listing in declared.listing:
        todo = [(start, start, 1) for start in listing.start]
        while todo:
            path, start, number = todo.pop()
            answer = layout.answer(*path.partition("?")[::2])
            if answer is None:
                continue
            charset = re.search("charset=(.+)", answer.content_type)
            at = Place(host, path, start, number)
            try:
                some = read_list(answer.body, charset and charset[1], listing, declared, at, 10**6)
            except Unreadable:
                continue
            found |= dict(some.articles)
            todo += [(further, further, 1) for further, _ in some.lists]
            if some.next:
                todo.append((some.next, start, number + 1))
    return found


def test_the_families_are_those_that_are_declared() -> None:
    assert set(LAYOUTS) == set(families())
    assert len(WITH_PAGES) == 6
    assert {one.family for one in web().watched.values()} == set(LAYOUTS)


def test_every_page_of_the_archive_has_a_site() -> None:
    assert set(web().archive.by_site) <= {one.site.site_id for one in web().watched.values()}


@pytest.mark.parametrize("family", WITH_PAGES)
def test_every_article_is_reached_from_the_lists(family: str) -> None:
    layout = site(fullest(family))
    days = reached(layout, family)
    for path, entry in layout.by_path.items():
        assert days[path] in (None, entry.published.isoformat())


@pytest.mark.parametrize("family", LAYOUTS)
def test_every_page_says_that_it_is_invented_and_whose_it_is(family: str) -> None:
    host = fullest(family)
    encoding = ENCODINGS.get(family, "utf-8")
    front = answered(host, "/").body.decode(encoding)
    assert site(host).name in front
    assert "模拟" in front
    for path in list(site(host).by_path)[:20]:
        assert "模拟" in answered(host, path).body.decode(encoding)


@pytest.mark.parametrize("family", LAYOUTS)
def test_there_are_robots_and_what_is_not_there_is_not_found(family: str) -> None:
    host = fullest(family)
    assert asked(host, "/robots.txt").body.startswith(b"User-agent: *\nDisallow: /admin/")
    assert asked(host, "/no/such/page.html").status == 404


def test_one_newspaper_writes_traditional_characters_in_big5() -> None:
    host = "www.yaluxinxi.example"
    path = next(iter(site(host).by_path))
    text = answered(host, path).body.decode("big5")
    assert "模擬頁面" in text
    assert 'charset="big5"' in text


def test_older_portals_say_gb2312_and_write_gbk() -> None:
    body = answered(fullest("portal_jcms"), "/col/col101/index.html").body
    assert b'charset="gb2312"' in body
    assert "政务动态" in body.decode("gbk")
    assert site(fullest("portal_jcms")).encoded("堃㙍") == "堃".encode("gbk") + b"&#13901;"


def test_media_with_feeds_name_a_wrong_encoding() -> None:
    host = fullest("media_feed")
    answer = asked(host, next(iter(site(host).by_path)))
    assert answer.headers["content-type"] == "text/html; charset=gb2312"
    assert b"charset" not in answer.body
    assert "模拟" in answer.body.decode("utf-8")


def test_feeds_are_rss_and_atom() -> None:
    hosts = [host for host, one in web().watched.items() if one.family == "media_feed"]
    feeds = {answered(host, "/feed.xml").content_type for host in hosts}
    assert feeds == {"application/rss+xml", "application/atom+xml"}


@pytest.mark.parametrize("family", WITH_PAGES)
def test_a_list_that_did_not_change_is_not_sent_again(family: str) -> None:
    host = fullest(family)
    start = families()[family].listing[0].start[0]
    first = asked(host, start)
    again = asked(host, start, **{"if-none-match": first.headers["etag"]})
    assert (first.status, again.status, again.body) == (200, 304, b"")


def test_counters_tell_what_is_true() -> None:
    true = COUNTRY.truth(MONTH).pivot(on="measure", index="city_code", values="value")
    of_city = {row["city_code"]: row for row in true.iter_rows(named=True)}
    hosts = {(one.family, one.site.city_code): host for host, one in web().watched.items()}
    for code in list(of_city)[::40]:
        told = json.loads(answered(hosts["credit_json", code], "/api/statistics.json").body)
        disclosed = sum(told["disclosed"].values())
        assert disclosed == of_city[code]["disclosure_records_12m"]
        assert told["visits"] == of_city[code]["credit_website_clicks_12m"]
        page = answered(hosts["service_hall", code], "/catalogue/index.html").body.decode()
        numbers = [
            int(text.replace(",", "")) for text in re.findall(r'<span id="[a-z-]+">([\d,]+)<', page)
        ]
        assert numbers == [of_city[code]["service_items"], of_city[code]["one_stop_items"]]
    told = json.loads(answered("www.court-330000.example", "/data/contracts.json").body)
    assert {one["city_code"]: one["cases"] for one in told["cities"]} == {
        code: row["contract_cases_12m"] for code, row in of_city.items() if code[:2] == "33"
    }


def test_the_id_of_a_session_leads_to_the_page_itself() -> None:
    host = fullest("portal_static")
    path = next(iter(site(host).by_path))
    assert asked(host, f"{path};jsessionid=8E1F").body == asked(host, f"{path}?utm_source=x").body
    assert asked(host, f"{path};jsessionid=8E1F").status == 200


@pytest.mark.parametrize("family", WITH_PAGES)
def test_a_family_with_a_new_layout_lists_nothing_where_it_did(family: str) -> None:
    country = Country.found(MONTH, MONTH, faults=(f"layout:{family}",))
    assert country.has("layout", family)
    as_usual = site(fullest(family))
    new = type(as_usual)(replace(as_usual.setting, changed=True))
    assert len(reached(as_usual, family)) >= len(as_usual.by_path)
    left = set(reached(new, family)) & set(as_usual.by_path)
    newest = 20 if family == "media_feed" else 0  # which are in the feed
    assert len(left) <= newest


def test_hosts_that_there_are_not_have_no_answer() -> None:
    assert asked("www.nowhere.example", "/").status == 502
    assert asked("trap-nothing.example", "/").status == 502


def test_the_offices_are_asked_by_path_as_before() -> None:
    assert ask(APP, f"/population/{MONTH}/index.json").status == 200
    assert ask(APP, "/robots.txt", {"host": "127.0.0.1:8000"}).body.startswith(
        b"User-agent: *\nDisallow:\n"
    )


def test_nothing_is_made_before_it_is_asked_for() -> None:
    fresh: Web = Country.found(MONTH, MONTH).web()
    assert "archive" not in vars(fresh)


def test_every_site_answers_with_a_front_page_and_not_found() -> None:
    for host in web().watched:
        assert site(host).answer("/", "") is not None
        assert site(host).answer("/no/such/page.html", "") is None


def test_trapped_sites_have_snares_beside_their_pages() -> None:
    hosts = [
        host for host, one in web().watched.items()
        if one.family == "media_list" or one.family == "portal_static"
    ]  # fmt: skip
    host = next(host for host in hosts if site(host).setting.trapped and site(host).setting.entries)
    statuses = {}
    for address in site(host).traps:
        answer = asked(host, address)
        statuses[address.rpartition("/")[2]] = answer.status
        assert len(answer.body) < 7_000_000
    assert {200, 302, 404} == set(statuses.values())
    assert max(len(asked(host, address).body) for address in site(host).traps) > 5_000_000


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("good", "/news/20190601/n10001.htm", 200),
        ("soft404", "/no/such/page", 200),
        ("another", "/", 200),
        ("login", "/news/20190601/n10001.htm", 302),
        ("loop", "/news/20190610/n10010.htm", 302),
        ("length", "/news/20190601/n10001.htm", 200),
        ("endless", "/news/list_977.htm", 200),
        ("aliases", "/news/20190601/n10001.htm?sid=77", 200),
        ("many", "/news/list.htm", 200),
        ("forbidden", "/robots.txt", 200),
        ("broken", "/", 503),
        ("calendar", "/rili/2031/12/", 200),
        ("deep", "/news/20190601/n10001.htm", 200),
    ],
)
def test_traps_are_as_their_names_say(name: str, path: str, status: int) -> None:
    answer = asked(f"trap-{name}.example", path)
    assert answer.status == status
    assert answer.whole is (name != "length")
    assert asked(f"trap-{name}.example", "/news/20190631/n1.htm").status in (200, 404, 503)


def test_a_bomb_is_small_on_its_way_and_large_at_home() -> None:
    answer = asked("trap-bomb.example", "/news/20190601/n10001.htm")
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.body) < 200_000
    assert len(gzip.decompress(answer.body)) > 40_000_000
