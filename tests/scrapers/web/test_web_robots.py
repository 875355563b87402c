"""robots.txt: what is not there forbids nothing, what fails forbids everything, `Crawl-delay` is kept."""

import asyncio
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.settings import Settings
from scrapy.statscollectors import DummyStatsCollector

from scrapers.robots import LONGEST, Robots, RobotsDown
from scrapers.spider import MANNERS, reason_of
from scrapers.web.family import families
from scrapers.web.run import crawl_sites
from scrapers.web.verdict import Reason
from tests.scrapers.loopback import answer
from tests.scrapers.web.webs import PLAIN, Portal, watch, web

UNTIL = date(2019, 6, 30)
FORBIDDING = b"User-agent: *\nDisallow: /\n"
HOST = "www.a.cn"
PAGE = Request(f"http://{HOST}/page")


@dataclass
class Engine:
    """Stands for Scrapy's: answers every robots.txt as it is told, and has slots."""

    said: Response | Exception
    asked: list[str] = field(default_factory=list)
    downloader: Any = None

    async def download_async(self, request: Request) -> Response:
        """Answer."""
        self.asked.append(request.url)
        await asyncio.sleep(0)
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


def robots(said: Response | Exception, **slot: float) -> tuple[Robots, Engine]:
    """The middleware in a crawl whose hosts answer so, and the engine of that crawl."""
    slots = {HOST: Slot(1, slot.get("delay", 1.0), 0.5)}
    engine = Engine(said)
    engine.downloader = SimpleNamespace(
        slots=slots, per_slot_settings={HOST: slot} if slot else {}, get_slot_key=lambda _: HOST
    )
    settings = Settings(MANNERS)
    crawler: Any = SimpleNamespace(
        settings=settings, engine=engine, stats=DummyStatsCollector, spider=None
    )
    crawler.stats = DummyStatsCollector(crawler)
    return Robots(crawler), engine


def text(body: bytes, status: int = 200) -> Response:
    return TextResponse(f"http://{HOST}/robots.txt", status=status, body=body)


def allowed(there: Robots) -> bool:
    rules = asyncio.run(there.robot_parser(PAGE))
    return rules is None or rules.allowed(PAGE.url, "city-credit-index")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
def test_a_robots_txt_that_is_not_there_forbids_nothing_whatever_its_page_says(status: int) -> None:
    there, _ = robots(text(FORBIDDING, status))
    assert allowed(there)


def test_one_that_leads_where_the_crawl_does_not_go_forbids_nothing() -> None:
    there, _ = robots(IgnoreRequest("other_host"))
    assert allowed(there)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_one_that_fails_forbids_everything_until_the_next_crawl(status: int) -> None:
    there, engine = robots(text(b"User-agent: *\nAllow: /\n", status))
    for _ in range(3):
        with pytest.raises(RobotsDown, match=f"status_{status}") as failed:
            asyncio.run(there.robot_parser(PAGE))
        assert reason_of(failed.value) == "robots_down"
    assert len(engine.asked) == 1


def test_one_that_cannot_be_reached_fails_each_page_as_it_failed() -> None:
    there, engine = robots(DownloadTimeoutError())
    for _ in range(3):
        with pytest.raises(DownloadTimeoutError) as failed:
            asyncio.run(there.robot_parser(PAGE))
        assert reason_of(failed.value) == "timed_out"
    assert len(engine.asked) == 1


def test_pages_asked_for_at_once_wait_for_one_robots_txt() -> None:
    there, engine = robots(text(FORBIDDING))

    async def all_at_once() -> list[Any]:
        return await asyncio.gather(*(there.robot_parser(PAGE) for _ in range(5)))

    rules = asyncio.run(all_at_once())
    assert not any(one.allowed(PAGE.url, "city-credit-index") for one in rules)
    assert len(engine.asked) == 1


@pytest.mark.parametrize(
    ("said", "declared", "kept"),
    [
        ("7", {"delay": 2.0, LONGEST: 30.0}, 7.0),
        ("0.5", {"delay": 2.0, LONGEST: 30.0}, 2.0),  # never less than is declared
        ("86400", {"delay": 2.0, LONGEST: 30.0}, 30.0),  # nor more than is bearable
        ("7", {}, 7.0),  # of a crawl that declares no hosts
        ("600", {}, 30.0),
    ],
)
def test_a_host_is_left_alone_as_long_as_it_asks_within_bounds(
    said: str, declared: dict[str, float], kept: float
) -> None:
    there, engine = robots(text(f"User-agent: *\nCrawl-delay: {said}\n".encode()), **declared)
    asyncio.run(there.robot_parser(PAGE))
    slot = engine.downloader.slots[HOST]
    assert (slot.delay, slot.download_delay()) == (kept, kept)
    again = engine.downloader.per_slot_settings[HOST]  # of which a slot that rested is made anew
    assert (again["delay"], again["jitter"]) == (kept, 0.0)


@pytest.mark.parametrize(
    "said", ["", "Crawl-delay: soon", "Crawl-delay: -3", "User-agent: other\nCrawl-delay: 9"]
)
def test_who_asks_for_nothing_is_asked_as_declared(said: str) -> None:
    there, engine = robots(text(f"User-agent: *\nAllow: /\n{said}\n".encode()), delay=2.0)
    asyncio.run(there.robot_parser(PAGE))
    assert engine.downloader.slots[HOST].delay == 2.0
    assert engine.downloader.per_slot_settings[HOST] == {"delay": 2.0}


@pytest.mark.process
def test_a_site_whose_robots_txt_fails_is_left_alone_says_so_and_is_had_by_the_next_crawl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sites = [watch(name) for name in ("failing", "closed", "none", "refused")]
    there = {one.site.site_id: Portal(many=4) for one in sites}
    robots_of = {
        "failing": answer(503), "closed": b"", "none": answer(404, FORBIDDING),
        "refused": answer(403, FORBIDDING),
    }  # fmt: skip
    for name, said in robots_of.items():
        there[name].changed["/robots.txt"] = said
    with web(monkeypatch) as up:
        for one in sites:
            up.sites[one.site.host] = there[one.site.site_id]

        def crawl() -> dict[str, Any]:
            outcomes = crawl_sites(
                sites, families(), tmp_path / "state", tmp_path / "out", UNTIL, extract=PLAIN
            )
            return {outcome.site_id: outcome for outcome in outcomes}

        first = crawl()
        asked = {one.site.site_id: up.asked(one.site.host) for one in sites}
        there["failing"].changed.clear()
        there["closed"].changed.clear()
        second = crawl()
    assert first["failing"].reasons[0] == Reason("robots_down", "status_503")
    assert first["closed"].reasons[0] == Reason("host_down")
    assert asked["failing"] == asked["closed"] == []
    assert {first[name].verdict for name in ("none", "refused")} == {"good"}
    assert {outcome.verdict for outcome in second.values()} == {"good"}
    assert second["failing"].counts.articles == second["closed"].counts.articles == 4
