"""Crawls of hosts that are well, down, slow or hostile."""

import gzip
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from scrapers.crawl import CrawlFailed, Limits, Stats, crawl, judge
from scrapers.sources.published_rankings import spider
from tests.scrapers.loopback import Answer, Request, answer, host

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
PROBER = "tests.scrapers.hasty:HastyProber"
AT = "2026-11-22T11:00"
LARGE = 50_000_000
LIMITS = Limits(seconds=60, pages=50, items=1, missed=1.0)
ROBOTS = answer(body=b"User-agent: city-credit-index\nDisallow: /private/\n")
PRINTED = """<title>2018年3月城市信用监测排名</title><script>alert("张三")</script><table>
<tr><th>排名</th><th>城市</th><th>省份</th><th>综合信用指数</th></tr>
<tr><td>1</td><td>杭州市</td><td>浙江</td><td>88.10</td></tr>
<tr><td>2</td><td>厦门市</td><td>福建</td><td>87.05</td></tr></table>
<a href="/private/">2018年4月城市信用监测排名</a>"""


def large() -> Iterable[bytes]:
    yield answer(Content_Length=LARGE, Content_Type="text/html")
    for _ in range(LARGE // 1_000_000):
        yield b"x" * 1_000_000


def dripping() -> Iterable[bytes]:
    yield b"HTTP/1.1 200 So\r\n"
    for _ in range(50):
        time.sleep(0.1)
        yield b"X-More: x\r\n"


def bomb() -> bytes:
    body = gzip.compress(b"<p>" * 10_000_000)
    return answer(body=body, Content_Encoding="gzip", Content_Type="text/html")


def answered(request: Request) -> Answer:
    match request.path:
        case "/robots.txt":
            return ROBOTS
        case "/up" | "/private/" | "/private/a" | "/private/b":
            return answer(body=b"hello")
        case "/empty":
            return answer(204)
        case "/elsewhere":
            return answer(302, Location="/up")
        case "/loop":
            return answer(302, Location="/loop")
        case "/file":
            return answer(302, Location="file:///etc/hostname")
        case "/unchanged":
            return answer(304)
        case "/large":
            return large()
        case "/slow":
            return dripping()
        case "/bomb":
            return bomb()
        case "/broken":
            return b"garbage\r\n\r\n"
        case "/down":
            return answer(503)
        case "/ranking":
            return answer(body=PRINTED.encode("gb18030"), Content_Type="text/html; charset=gb18030")
    return answer(404)


@pytest.fixture(autouse=True, scope="module")
def importable() -> Iterator[None]:
    """Have the process of a crawl find the spiders of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        yield


EXPECTED = {
    "/up": 1,
    "/empty": 1,
    "/elsewhere": 1,
    "/unchanged": 1,
    "/large": 1,
    "/bomb": 1,
    "/down": 0,
    "/gone": 0,
    "/loop": 0,
    "/slow": 0,
    "/broken": 0,
    "/private/": None,
    "/private/a": None,
    "/private/b": None,
}
"""Whether a site has answered; none where robots are forbidden."""


@pytest.fixture(scope="module")
def probed() -> dict[str, int]:
    """One round of probes: what each site answered."""
    with host(answered) as there:
        probes = [("330100", path, f"{there.url}{path}") for path in EXPECTED]
        probes.append(("330100", "no host", "http://127.0.0.1:9/"))
        lines = crawl(PROBER, {"at": AT, "probes": probes}, LIMITS)
    assert {(line["city_code"], line["at"]) for line in lines} == {("330100", AT)}
    agents = {request.headers["User-Agent"] for request in there.asked}
    assert all("city-credit-index" in agent for agent in agents)
    assert [request.path for request in there.asked].count("/down") == 2
    return {line["site"]: line["answered"] for line in lines}


@pytest.mark.parametrize(("path", "expected"), EXPECTED.items())
def test_a_site_has_answered_if_all_is_well_in_time(
    probed: dict[str, int], path: str, expected: int | None
) -> None:
    assert probed.get(path) == expected


def test_a_host_that_is_not_there_has_not_answered(probed: dict[str, int]) -> None:
    assert probed["no host"] == 0


def test_pages_are_read_and_links_are_not_followed() -> None:
    with host(answered) as there:
        [page] = crawl(spider.NAME, {"addresses": [f"{there.url}/ranking"]}, spider.limits(1))
    assert [(row["rank"], row["city"], row["index"]) for row in page["rows"]] == [
        (1, "杭州市", "88.10"),
        (2, "厦门市", "87.05"),
    ]
    assert (page["number"], page["month"]) == (0, "2018-03")
    assert "张三" not in str(page)
    assert {request.path for request in there.asked} == {"/robots.txt", "/ranking"}


def test_one_page_that_cannot_be_had_fails_all_and_the_message_says_which_and_why() -> None:
    paths = ("/ranking", "/private/", "/loop", "/large", "/bomb", "/file")
    with host(answered) as there, pytest.raises(CrawlFailed) as failed:
        crawl(
            spider.NAME,
            {"addresses": [f"{there.url}{path}" for path in paths]},
            Limits(seconds=60, pages=6, items=1),
        )
    message = str(failed.value)
    assert "5 of 6 pages could not be had" in message
    assert "page 1:" not in message
    assert "page 2: forbidden" in message
    for number in (3, 4, 5):
        assert f"page {number}: bounded" in message
    assert "127.0.0.1" not in message


def test_a_page_that_cannot_be_read_fails_the_crawl_and_is_not_repeated() -> None:
    with host(answered) as there, pytest.raises(CrawlFailed, match="ValueError 1 times") as failed:
        crawl("tests.scrapers.hasty:Breaking", {"addresses": [f"{there.url}/ranking"]}, LIMITS)
    assert "杭州" not in str(failed.value)


def test_more_pages_than_allowed_are_not_asked_for() -> None:
    with host(answered) as there, pytest.raises(CrawlFailed):
        crawl(
            spider.NAME,
            {"addresses": [f"{there.url}/ranking"] * 3},
            Limits(seconds=60, pages=2, items=1),
        )
    assert [request.path for request in there.asked].count("/ranking") <= 2


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_crawl_that_takes_too_long_is_killed_and_leaves_nothing(temporary: Path) -> None:
    with (
        host(lambda request: ROBOTS if request.path == "/robots.txt" else dripping()) as there,
        pytest.raises(CrawlFailed, match=r"more than 0\.5 seconds"),
    ):
        crawl(
            spider.NAME,
            {"addresses": [there.url]},
            Limits(seconds=0.5, pages=1, items=1),
        )
    assert not list(temporary.iterdir())


def test_a_crawl_that_breaks_down_leaves_nothing(temporary: Path) -> None:
    with pytest.raises(CrawlFailed, match="broke down"):
        crawl("tests.scrapers.hasty:Missing", {}, LIMITS)
    assert not list(temporary.iterdir())


WELL = Stats(ended="finished", asked=10, answered=10, items=10, missed=[], errors={})
STRICT = Limits(seconds=1, pages=10, items=10, missed=0.3, timed_out=0.1, forbidden=0.1)


def told(**changed: object) -> Stats:
    return Stats(**(vars(WELL) | changed))


@pytest.mark.parametrize(
    "stats",
    [WELL, told(missed=[(1, "timed_out"), (2, "forbidden"), (3, "status_404")])],
)
def test_a_crawl_within_its_limits_is_well(stats: Stats) -> None:
    judge(stats, STRICT)


@pytest.mark.parametrize(
    ("stats", "why"),
    [
        (told(errors={"KeyError": 2}), "KeyError 2 times"),
        (told(ended="memusage_exceeded"), "memusage_exceeded"),
        (told(missed=[(1, "forbidden"), (2, "forbidden")]), "forbidden by robots.txt"),
        (told(missed=[(1, "timed_out"), (2, "timed_out")]), "did not answer in time"),
        (told(missed=[(n, "status_404") for n in range(1, 5)]), "4 of 10 pages could not be had"),
        (told(items=9), "9 items, expected 10"),
    ],
)
def test_a_crawl_that_ended_well_for_scrapy_can_have_failed(stats: Stats, why: str) -> None:
    with pytest.raises(CrawlFailed, match=why):
        judge(stats, STRICT)
