"""Asking the providers: one that fails is told, and loses nothing of the others."""

import dataclasses
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scrapers.arrival import Arrival, Problem
from scrapers.declaration import sources
from scrapers.fetch import SANDBOX
from scrapers.formats import indexes
from scrapers.sources.provider import feed
from scrapers.sources.provider.providers import Provider, providers
from templates import catalogue
from tests.scrapers.loopback import HASTY, Answer, Host, Request, answer, as_json, host

MONTH = "2019-06"
ISSUED = "2019-07-03T09:00:00+08:00"


def pages(request: Request) -> bytes:
    """Three pages of the first provider."""
    page = int(request.query["page"])
    return as_json({"data": {"month": MONTH, "issued": ISSUED, "pages": 3, "list": [page]}})


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[Host]]]:
    """Have several providers of the same make, each on a host that answers in its own way."""
    with ExitStack() as up:

        def have(
            *answers: Callable[[Request], Answer], make: str = "jia", per_second: float = 1000.0
        ) -> list[Host]:
            there = [up.enter_context(host(answer)) for answer in answers]
            declared = {}
            for n, one in enumerate(there):
                monkeypatch.setenv(f"CCI_TOKEN_{n}", f"hush-{n}")
                declared[f"p{n}"] = dataclasses.replace(
                    providers()[make],
                    id=f"p{n}",
                    address=one.url,
                    token=f"CCI_TOKEN_{n}",
                    per_second=per_second,
                )
            monkeypatch.setattr(feed, "providers", lambda: declared)
            return there

        yield have


Hosts = Callable[..., list[Host]]


def collected(spool: Path) -> list[Arrival | Problem]:
    """What the providers give."""
    return list(feed.collect(sources()["provider"], MONTH, spool, HASTY))


def lines(arrival: Arrival | Problem) -> list[dict[str, Any]]:
    """The answers in a file."""
    assert isinstance(arrival, Arrival)
    return [json.loads(line) for line in arrival.path.read_text(encoding="utf-8").splitlines()]


def test_answers_of_a_provider_come_as_one_file_without_its_token(
    hosts: Hosts, tmp_path: Path
) -> None:
    (there,) = hosts(pages)
    (arrival,) = collected(tmp_path / "spool")
    assert isinstance(arrival, Arrival)
    assert (arrival.name, arrival.address) == ("p0-2019-06.jsonl", there.url)
    assert arrival.delivered_at.isoformat() == ISSUED
    assert [line["query"] for line in lines(arrival)] == [
        {"month": MONTH, "size": "100", "page": str(page)} for page in (1, 2, 3)
    ]
    assert json.loads(lines(arrival)[2]["body"])["data"]["list"] == [3]
    assert "hush" not in arrival.path.read_text(encoding="utf-8")
    assert {request.headers["Authorization"] for request in there.asked} == {"Bearer hush-0"}


def test_asking_again_gives_the_same_file(hosts: Hosts, tmp_path: Path) -> None:
    hosts(pages)
    first, second = (collected(tmp_path / name)[0] for name in "ab")
    assert isinstance(first, Arrival)
    assert isinstance(second, Arrival)
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.delivered_at == second.delivered_at


def silent(_: Request) -> Iterator[bytes]:
    time.sleep(0.4)
    yield b""


def half(request: Request) -> bytes:
    return pages(request) if request.query["page"] == "1" else answer(500)


def gone(request: Request) -> bytes:
    return pages(request) if request.query["page"] == "1" else answer(404)


def endless(request: Request) -> bytes:
    page = int(request.query["page"])
    more = {"month": MONTH, "issued": ISSUED, "pages": page + 1, "list": [page]}
    return as_json({"data": more})


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (lambda _: answer(500), "server_error"),
        (lambda _: answer(429), "too_many_requests"),
        (lambda _: answer(401), "token_refused"),
        (lambda _: answer(302, Location="https://example.org"), "moved"),
        (lambda _: b"", "host_down"),
        (lambda _: answer(body=b"{", Content_Length=9), "cut_short"),
        (silent, "timed_out"),
        (half, "server_error"),
        (gone, "not_found"),
        (endless, "paging_endless"),
    ],
)
def test_one_that_fails_is_told_and_the_others_are_kept(
    hosts: Hosts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[Request], bytes],
    reason: str,
) -> None:
    monkeypatch.setattr(feed, "MOST_PAGES", 20)
    hosts(pages, fault, pages)
    before, problem, after = collected(tmp_path)
    assert len(lines(before)) == len(lines(after)) == 3
    assert isinstance(problem, Problem)
    assert (problem.sender, problem.reason) == ("p1", reason)
    assert problem.message.startswith("provider p1: ")
    assert "hush" not in problem.message


def test_a_provider_with_more_than_its_reader_takes_is_not_asked_further(
    hosts: Hosts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def talkative(request: Request) -> bytes:
        page = int(request.query["page"])
        more = {"month": MONTH, "issued": ISSUED, "pages": page + 1, "list": ["x" * 4000]}
        return as_json({"data": more})

    monkeypatch.setattr(indexes, "LARGEST", 10_000)
    modest, there = hosts(pages, talkative)
    before, problem = collected(tmp_path)
    assert len(lines(before)) == len(modest.asked) == 3
    assert isinstance(problem, Problem)
    assert (problem.sender, problem.reason) == ("p1", "too_large")
    assert catalogue.has("refusal.too_large")
    assert len(there.asked) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["p0"]


def test_all_that_fail_are_told(hosts: Hosts, tmp_path: Path) -> None:
    hosts(*[lambda _: answer(500)] * 3)
    assert [one.sender for one in collected(tmp_path) if isinstance(one, Problem)] == [
        "p0", "p1", "p2",
    ]  # fmt: skip


def test_a_cursor_that_leads_back_is_endless(hosts: Hosts, tmp_path: Path) -> None:
    ring = {"": "b", "b": "c", "c": "b"}

    def around(request: Request) -> bytes:
        following = ring[request.query.get("cursor", "")]
        return as_json({"month": MONTH, "published": ISSUED, "next": following, "items": [1]})

    (there,) = hosts(around, make="bing")
    (problem,) = collected(tmp_path)
    assert isinstance(problem, Problem)
    assert problem.reason == "paging_endless"
    assert len(there.asked) == 3


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"\xff\xfe", b"{}", b""])
def test_what_cannot_be_read_arrives_so_that_it_is_on_record(
    hosts: Hosts, tmp_path: Path, body: bytes
) -> None:
    (there,) = hosts(lambda _: answer(body=body))
    (arrival,) = collected(tmp_path)
    assert lines(arrival)[0]["body"] == body.decode("utf-8", "surrogateescape")
    assert len(there.asked) == 1


def test_a_month_that_a_provider_does_not_have_yet_is_no_problem(
    hosts: Hosts, tmp_path: Path
) -> None:
    hosts(pages, lambda _: answer(404))
    (arrival,) = collected(tmp_path)
    assert isinstance(arrival, Arrival)


def test_without_its_token_a_provider_is_not_asked(
    hosts: Hosts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (there,) = hosts(pages)
    monkeypatch.delenv("CCI_TOKEN_0")
    (problem,) = collected(tmp_path)
    assert isinstance(problem, Problem)
    assert problem.reason == "token_missing"
    assert "CCI_TOKEN_0" in problem.message
    assert not there.asked


def test_requests_come_no_faster_than_the_terms_allow(
    hosts: Hosts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    clock = SimpleNamespace(monotonic=lambda: 0.0, sleep=waits.append)
    hosts(pages, per_second=20.0)
    monkeypatch.setattr(feed, "time", clock)
    collected(tmp_path)
    assert waits == [0.05, 0.05, 0.05]


def test_providers_in_a_country_that_is_not_up_are_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SANDBOX, raising=False)
    assert collected(tmp_path) == []


def test_ten_providers_are_declared_and_none_with_its_token() -> None:
    declared: list[Provider] = list(providers().values())
    assert len(declared) == 10
    assert len({provider.token for provider in declared}) == 10
    for provider in declared:
        assert provider.token == f"CCI_TOKEN_{provider.id.upper()}"
        assert provider.style in ("page", "offset", "cursor")
        assert provider.scale in (1, 100, 1000)
        assert "模拟" in provider.zh
        assert "simulated" in provider.en
    assert {provider.style for provider in declared} == {"page", "offset", "cursor"}
