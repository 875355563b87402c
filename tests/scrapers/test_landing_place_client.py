"""The landing place: what is there comes, what is wrong is told, and nothing fetched goes astray."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from scrapers.arrival import Arrival, Problem
from scrapers.declaration import CLOCK
from scrapers.fetch import SANDBOX
from scrapers.landing_place import deliveries
from tests.scrapers.loopback import HASTY, Host, Request, answer, as_json, host

WHEN = "2019-07-02T10:00:00+08:00"
AT = datetime(2019, 7, 2, 10, tzinfo=CLOCK)
Known = Callable[[str, datetime], bool]


def entry(name: str, content: bytes, **other: object) -> dict[str, Any]:
    """A file as the listing has it."""
    digest = hashlib.sha256(content).hexdigest()
    return {"name": name, "size": len(content), "modified": WHEN, "sha256": digest} | other


def place(files: dict[str, bytes], listing: object = None) -> Callable[[Request], bytes]:
    """A landing place that has some files in June 2019, and lists them, unless it lists otherwise."""
    listed = [entry(*file) for file in files.items()] if listing is None else listing

    def answered(request: Request) -> bytes:
        folder, _, name = unquote(request.path).rpartition("/")
        if folder != "/city/2019-06":
            return answer(404)
        if name == "index.json":
            return listed if isinstance(listed, bytes) else as_json(listed)
        return answer(body=files[name]) if name in files else answer(404)

    return answered


@pytest.fixture
def fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[Arrival | Problem]]:
    """What comes from a landing place on a host."""

    def fetch(
        there: Host, known: Known = lambda *_: False, period: str = "2019-06"
    ) -> list[Arrival | Problem]:
        monkeypatch.setenv(SANDBOX, there.url)
        return list(deliveries("sandbox:/city", period, known, tmp_path / "spool", HASTY))

    return fetch


Fetched = Callable[..., list[Arrival | Problem]]


def arrived(of: list[Arrival | Problem]) -> list[Arrival]:
    """What came."""
    return [one for one in of if isinstance(one, Arrival)]


def reasons(of: list[Arrival | Problem]) -> list[str]:
    """Why something did not come."""
    return [one.reason for one in of if isinstance(one, Problem)]


def test_files_come_in_the_order_of_the_listing_under_numbers(fetched: Fetched) -> None:
    files = {f"文件 {n}#?%.xlsx": b"%d" % n * n for n in range(40)}
    with host(place(files)) as there:
        came = arrived(fetched(there))
    assert [(one.name, one.path.read_bytes()) for one in came] == list(files.items())
    assert [one.path.name for one in came] == [str(n) for n in range(1, 41)]
    assert {one.address for one in came} == {"sandbox:/city/2019-06"}
    assert {one.delivered_at.isoformat() for one in came} == {WHEN}


def test_times_are_told_in_the_clock_of_the_country(fetched: Fetched) -> None:
    listing = [entry("a", b"a", modified="2019-07-02T02:00:00Z")]
    with host(place({"a": b"a"}, listing)) as there:
        (one,) = arrived(fetched(there))
    assert one.delivered_at.isoformat() == WHEN


def test_what_is_known_is_not_fetched(fetched: Fetched) -> None:
    known = {(hashlib.sha256(b"a").hexdigest(), AT)}
    with host(place({"a": b"a", "b": b"b"})) as there:
        came = arrived(fetched(there, lambda *delivery: delivery in known))
    assert [one.name for one in came] == ["b"]
    assert sorted(request.path[-1] for request in there.asked) == ["b", "n"]


def test_a_month_without_a_folder_has_nothing_yet(fetched: Fetched) -> None:
    with host(place({"a": b"a"})) as there:
        assert fetched(there, period="2019-07") == []


def test_a_country_that_is_not_up_has_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SANDBOX, raising=False)
    assert list(deliveries("sandbox:/city", "2019-06", lambda *_: False, tmp_path)) == []


def test_a_host_that_is_down_is_told_and_where(fetched: Fetched) -> None:
    with host(place({})) as there:
        pass
    (problem,) = fetched(there)
    assert isinstance(problem, Problem)
    assert problem.reason == "host_down"
    assert problem.message.startswith("sandbox:/city/2019-06: the host could not be reached; ")


@pytest.mark.parametrize("bad", [b"short", b"other b", b"much longer than listed"])
def test_a_file_that_is_not_as_listed_does_not_lose_the_others(
    fetched: Fetched, bad: bytes
) -> None:
    files = {"a": b"a", "b": b"as told", "c": b"c"}
    listing = [entry(*file) for file in files.items()]
    with host(place(files | {"b": bad}, listing)) as there:
        came = fetched(there)
    assert [one.name for one in arrived(came)] == ["a", "c"]
    assert reasons(came) == ["differs"]


def test_a_file_that_is_gone_is_told_without_its_name(fetched: Fetched) -> None:
    with host(place({"a": b"a"}, [entry("欧阳测试员.xlsx", b"x"), entry("a", b"a")])) as there:
        came = fetched(there)
    (problem,) = (one for one in came if isinstance(one, Problem))
    assert problem.message.startswith(
        "sandbox:/city/2019-06, file 1: the host has nothing there (404)"
    )
    assert len(arrived(came)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "a",
        [],
        {},
        {"name": "a"},
        entry("a", b"", size="1"),
        entry("a", b"", size=-1),
        entry("a", b"", size=10**30),
        entry("a", b"", size=1.5),
        entry("a", b"", sha256="A" * 64),
        entry("a", b"", sha256=None),
        entry("a", b"", modified="yesterday"),
        entry("a", b"", modified="2019-07-02T10:00:00"),
        entry("a", b"", modified="0001-01-01T00:00:00+23:59"),
        entry("a", b"", modified=1_562_000_000),
        *(
            entry(name, b"")
            for name in ("", ".", "..", ".part", "../x", "a/b", "/etc/passwd", "a\\b", "a\nb")
        ),
        entry("\x00", b""),
        entry("\ud800", b""),
        entry("a" * 201, b""),
    ],
)
def test_an_entry_that_makes_no_sense_is_told_and_left(fetched: Fetched, wrong: object) -> None:
    with host(place({"b": b"b"}, [wrong, entry("b", b"b")])) as there:
        came = fetched(there)
    assert reasons(came) == ["listing_malformed"]
    assert [one.name for one in arrived(came)] == ["b"]
    assert len(there.asked) == 2


@pytest.mark.parametrize(
    "listing",
    [
        {"files": []},
        "index",
        answer(body=b"<html>"),
        answer(body=b"[" * 100_000),
        answer(body=b"\xff\xfe"),
        answer(body=b"[" + b"1" * 5000 + b"]"),
        [[]] * 20_001,
    ],
    ids=["object", "text", "page", "deep", "bytes", "digits", "endless"],
)
def test_a_listing_that_is_none_is_told(fetched: Fetched, listing: object) -> None:
    with host(place({}, listing)) as there:
        assert reasons(fetched(there)) == ["listing_malformed"]


def test_whoever_stops_taking_stops_the_fetching(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {str(n): b"%d" % n for n in range(100)}
    with host(place(files)) as there:
        monkeypatch.setenv(SANDBOX, there.url)
        coming: Iterator[Arrival | Problem] = deliveries(
            "sandbox:/city", "2019-06", lambda *_: False, tmp_path, HASTY
        )
        next(coming)
        coming.close()  # type: ignore[attr-defined]
    assert len(there.asked) < 50
