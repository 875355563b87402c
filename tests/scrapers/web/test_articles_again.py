"""Articles are asked for again: what was corrected is read anew, what is gone is noted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from scrapers.web.archive import articles, gone
from scrapers.web.family import Again, families
from scrapers.web.run import SiteOutcome, crawl_sites
from scrapers.web.seen import Had, Put, Seen
from scrapers.web.spider import CHECKS
from tests.scrapers.loopback import Answer, Request, answer
from tests.scrapers.web.webs import NEWEST, PLAIN, Portal, Web, html, watch, web

FIRST = NEWEST + timedelta(days=2)
NAMES = ("main", "turned", "moved", "few")
HERE = "a"


class Tagged(Portal):
    """A portal whose articles say by a tag whether they have changed."""

    def __call__(self, request: Request) -> Answer | None:
        """What it answers."""
        found = super().__call__(request)
        if "/t2019" not in request.path or not isinstance(found, bytes) or b"200 So" not in found:
            return found
        tag = f'"{hash(found)}"'
        if request.headers.get("If-None-Match") == tag:
            return answer(304)
        return found.replace(b"\r\n\r\n", f"\r\nETag: {tag}\r\n\r\n".encode(), 1)


@dataclass
class Crawl:
    """How each site was found in a crawl, which articles were asked for, and the archive after it.

    Articles are named by their numbers; `lost` are those that are there no more.
    """

    outcomes: dict[str, SiteOutcome]
    asked: dict[str, set[int]]
    titles: dict[int, str]
    lost: dict[str, set[int]]
    rows: int

    def reasons(self, name: str) -> set[str]:
        """Why a site was not good."""
        return {reason.kind for reason in self.outcomes[name].reasons}


def numbers(addresses: Iterable[str]) -> set[int]:
    """Articles by their addresses."""
    return {
        int(address.rpartition("_")[2].removesuffix(".html"))
        for address in addresses
        if "/t2019" in address
    }


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Crawl]:
    """Crawls on some days, counted from the first; in between sites change."""
    folder = tmp_path_factory.mktemp("again")
    portal = families()["portal_static"]
    few = replace(portal, name="few", again=Again(most=4))
    sites = [watch(name, "few" if name == "few" else "portal_static") for name in NAMES]
    portals = {name: Tagged(many=10) for name in NAMES}
    made: dict[int, Crawl] = {}
    with pytest.MonkeyPatch.context() as patch, web(patch) as there:
        for one in sites:
            there.sites[one.site.host] = portals[one.site.site_id]

        def crawl(days: int) -> None:
            there.forget()
            outcomes = crawl_sites(
                sites, {"portal_static": portal, "few": few}, folder / "state", folder / "out",
                FIRST + timedelta(days=days), extract=PLAIN,
            )  # fmt: skip
            kept = articles(folder / "out").collect()
            lost = gone(folder / "out").collect()["url"].to_list()
            of_main = kept.filter(site_id="main").select("url", "title").rows()
            made[days] = Crawl(
                {one.site_id: one for one in outcomes},
                {one.site.site_id: numbers(there.asked(one.site.host)) for one in sites},
                {min(numbers([url])): title for url, title in of_main},
                {
                    one.site.site_id: numbers(url for url in lost if one.site.host in url)
                    for one in sites
                },
                pl.scan_parquet(folder / "out/*/*.parquet").filter(site_id="main").collect().height,
            )

        crawl(0)
        change(portals, there)
        crawl(60)
        portals["main"].changed.clear()  # as it was before
        crawl(61)
        crawl(200)
    return made


def change(portals: Mapping[str, Portal], there: Web) -> None:
    """What happens after the first crawl."""
    main, moved = portals["main"], portals["moved"]
    corrected = html("更正后的通报_杭州", "<h1>更正后的通报</h1>" + "<p>金额有误，已改正。</p>" * 9)
    main.changed = {
        main.path(10): corrected,
        main.path(9): answer(404),
        main.path(8): answer(410),
        main.path(7): html("提示", "<p>您访问的页面不存在或已删除</p>"),
        main.path(6): html("第6号通报", "<h1>第6号通报</h1>"),  # without its text
        main.path(5): corrected,  # what another one says
        main.path(4): answer(503),
    }
    moved.changed = {moved.path(number): answer(404) for number in range(1, 11)}
    there.sites["www.turned.example"] = lambda request: (
        html("线上娱乐城", "") if request.path == "/" else None
    )


ALL = set(range(1, 11))
AS_IT_WAS = {number: f"第{number}号通报" for number in ALL}


@pytest.mark.process
def test_what_was_corrected_takes_the_place_of_what_it_was(crawls: dict[int, Crawl]) -> None:
    assert crawls[0].titles == AS_IT_WAS
    assert crawls[60].asked["main"] == ALL
    assert crawls[60].titles == AS_IT_WAS | {10: "更正后的通报"}
    assert crawls[200].titles == AS_IT_WAS


@pytest.mark.process
def test_what_is_gone_is_noted_until_it_is_back_and_stays_archived(
    crawls: dict[int, Crawl],
) -> None:
    assert crawls[60].lost["main"] == crawls[61].lost["main"] == {7, 8, 9}
    assert crawls[200].lost["main"] == set()
    rows = [crawls[day].rows for day in (0, 60, 61, 200)]
    assert rows == [10, 10 + 1 + 3, 14, 14 + 1 + 3]


@pytest.mark.process
def test_known_articles_are_no_new_ones_and_what_failed_of_them_is_said(
    crawls: dict[int, Crawl],
) -> None:
    counts = crawls[60].outcomes["main"].counts
    assert counts is not None
    assert (counts.articles, counts.known) == (0, 10)
    assert counts.missed == {"duplicate": 1, "emptied": 1, "status_503": 1}
    assert "articles_gone" not in crawls[60].reasons("main")


@pytest.mark.process
def test_what_was_asked_for_yesterday_is_left_alone(crawls: dict[int, Crawl]) -> None:
    assert crawls[61].asked["main"] == set()


@pytest.mark.process
def test_no_more_than_declared_is_asked_for_again_and_the_youngest_first(
    crawls: dict[int, Crawl],
) -> None:
    assert crawls[60].asked["few"] == {10, 9, 8, 7}
    assert crawls[61].asked["few"] == {6, 5, 4, 3}


@pytest.mark.process
def test_a_site_that_became_another_one_has_no_articles_that_are_gone(
    crawls: dict[int, Crawl],
) -> None:
    assert crawls[60].outcomes["turned"].reasons[0].kind == "became_another"
    assert len(crawls[60].asked["turned"]) == CHECKS
    assert crawls[60].lost["turned"] == set()


@pytest.mark.process
def test_a_site_whose_addresses_have_changed_is_named(crawls: dict[int, Crawl]) -> None:
    assert "articles_gone" in crawls[60].reasons("moved")
    assert crawls[60].lost["moved"] == ALL


@pytest.fixture
def seen(tmp_path: Path) -> Seen:
    return Seen(tmp_path / "seen.sqlite")


def keep(seen: Seen, day: date, published: date | None) -> None:
    """Have one article on a day."""
    put_up = seen.begin(HERE, day.isoformat(), [Put("article", "/1")])
    [page] = seen.waiting(HERE, 9)
    seen.had(page, Had(raw="r", text="t", date=published.isoformat() if published else None))
    seen.asked(page, day.isoformat())
    seen.end(HERE, day.isoformat())
    seen.over()
    assert put_up.number == 1


def asked_again(seen: Seen, day: date, again: Again) -> bool:
    """Whether that article is asked for on another day; if it is, it is had."""
    number = seen.begin(HERE, day.isoformat(), []).number
    seen.again(HERE, number, day.isoformat(), again)
    waiting = seen.waiting(HERE, 9)
    for page in waiting:
        assert page.known
        seen.had(page)
        seen.asked(page, day.isoformat())
    seen.end(HERE, day.isoformat())
    seen.over()
    return bool(waiting)


@pytest.mark.parametrize(
    ("published", "again", "ages"),
    [
        (FIRST, Again(daily=3, longest=366), [1, 2, 3, 6, 12, 24, 48, 96, 192]),
        (None, Again(daily=1, longest=10), [1, 2, 4, 8]),
        (FIRST + timedelta(days=9), Again(daily=1, longest=10), [1, 2, 4, 8]),  # none is unborn
        (FIRST - timedelta(days=100), Again(daily=3, longest=366), [100]),
        (FIRST - timedelta(days=400), Again(daily=3, longest=366), []),
        (FIRST, Again(longest=0), []),
    ],
)
def test_the_older_an_article_is_the_less_often_it_is_asked_for(
    seen: Seen, published: date | None, again: Again, ages: list[int]
) -> None:
    keep(seen, FIRST, published)
    days = [age for age in range(1, 400) if asked_again(seen, FIRST + timedelta(days=age), again)]
    assert days == ages


def test_days_without_a_crawl_are_not_made_up_for(seen: Seen) -> None:
    keep(seen, FIRST, FIRST)
    asked = [asked_again(seen, FIRST + timedelta(days=age), Again()) for age in (31, 31, 61, 62)]
    assert asked == [True, False, False, True]


@pytest.mark.parametrize(
    ("until", "days_ago", "left"),
    [(FIRST, 0, True), (FIRST, 1, True), (FIRST, 2, False), (FIRST + timedelta(days=1), 0, False)],
)
def test_a_site_that_a_killed_crawl_was_done_with_is_left_for_a_day(
    seen: Seen, until: date, days_ago: int, left: bool
) -> None:
    seen.begin(HERE, FIRST.isoformat(), [])
    seen.end(HERE, FIRST.isoformat())
    seen.rows("UPDATE site SET done = date('now', ?)", [f"-{days_ago} day"])
    assert seen.begin(HERE, until.isoformat(), []).done == left


def test_a_memory_from_before_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "seen.sqlite"
    keep(Seen(path), FIRST, FIRST)
    old = Seen(path)
    old.rows("DROP INDEX ages", [])
    for column in ("kept", "since", "asked", "gone"):
        old.rows(f"ALTER TABLE address DROP COLUMN {column}", [])
    old.rows("ALTER TABLE site DROP COLUMN done", [])
    old.close()
    assert asked_again(Seen(path), FIRST + timedelta(days=31), Again())


def test_what_was_to_be_asked_again_when_it_was_killed_is_asked_once(tmp_path: Path) -> None:
    path, day = tmp_path / "seen.sqlite", FIRST + timedelta(days=31)
    keep(Seen(path), FIRST, FIRST)
    killed = Seen(path)
    number = killed.begin(HERE, day.isoformat(), []).number
    killed.again(HERE, number, day.isoformat(), Again())
    after = Seen(path)
    assert after.begin(HERE, day.isoformat(), []).number == number
    [page] = after.waiting(HERE, 9)
    after.had(page)
    after.asked(page, day.isoformat())
    after.end(HERE, day.isoformat())
    assert not asked_again(after, day, Again())
