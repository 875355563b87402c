"""Fetching: patience where it helps, bounds everywhere, and errors that tell no secret."""

import hashlib
import logging
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from scrapers.fetch import SANDBOX, Client, Patience, Unreachable, resolve
from tests.scrapers.loopback import HASTY, Host, Request, answer, host

HUSH = "hush-hush"
BODY = bytes(range(256)) * 100


def fetched(there: Host, patience: Patience = HASTY, most: int = 1 << 20) -> bytes:
    """What a client reads there."""
    with Client(there.url, patience, token=HUSH) as client:
        return client.read("a/b", {"key": "secret-too"}, most=most)


@pytest.fixture(autouse=True)
def nothing_secret_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Addresses are asked with queries and names of files, which are nobody's business."""
    caplog.set_level(logging.DEBUG)
    yield
    assert "secret" not in caplog.text
    assert HUSH not in caplog.text


def refused(there: Host, patience: Patience = HASTY, most: int = 1 << 20) -> str:
    """Why a client cannot read there; nothing of what was asked is told."""
    with pytest.raises(Unreachable) as caught:
        fetched(there, patience, most)
    told = repr(caught.value) + str(caught.value) + repr(caught.value.__cause__)
    assert "hush" not in told
    assert "secret" not in told
    assert str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.reason


def test_what_is_there_is_read_and_the_request_says_who_asks() -> None:
    with host(lambda _: answer(body=BODY)) as there:
        assert fetched(there) == BODY
    (request,) = there.asked
    assert (request.path, request.query) == ("/a/b", {"key": "secret-too"})
    assert request.headers["Authorization"] == f"Bearer {HUSH}"
    assert request.headers["User-Agent"].startswith("city-credit-index/")


def test_an_answer_in_chunks_is_read() -> None:
    body = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    with host(lambda _: [body, b"3\r\nabc\r\n", b"2\r\nde\r\n0\r\n\r\n"]) as there:
        assert fetched(there) == b"abcde"


@pytest.mark.parametrize(
    "first",
    [
        answer(500),
        answer(503, Retry_After="0"),
        answer(429, Retry_After="0"),
        answer(429, Retry_After="soon"),
        answer(body=BODY[:-1], Content_Length=len(BODY)),
        answer(body=BODY)[:30],
        b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
        b"",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
    ids=[
        "500", "503", "429", "429 without a number", "short", "cut in the head", "no length", "hung up",
        "cut chunk",
    ],
)  # fmt: skip
def test_what_may_be_gone_at_the_next_try_is_tried_again(first: bytes) -> None:
    answers = iter([first, first, answer(body=BODY)])
    with host(lambda _: next(answers)) as there:
        assert fetched(there) == BODY


@pytest.mark.parametrize(
    ("given", "reason", "tries"),
    [
        (answer(500), "server_error", 3),
        (answer(429), "too_many_requests", 3),
        (answer(body=b"abc", Content_Length=9), "cut_short", 3),
        (b"", "host_down", 3),
        (b"\x00\x01 no HTTP at all\r\n\r\n", "host_down", 3),
        (answer(401), "token_refused", 1),
        (answer(403), "token_refused", 1),
        (answer(404), "not_found", 1),
        (answer(302, Location="http://127.0.0.1:1/elsewhere"), "moved", 1),
        (answer(301, Location="/a/b/"), "moved", 1),
        (answer(204), "answer_unexpected", 1),
        (answer(501), "answer_unexpected", 1),
        (answer(body=b"zipped", Content_Encoding="gzip"), "answer_unexpected", 1),
    ],
)
def test_what_cannot_be_fetched_says_why(given: bytes, reason: str, tries: int) -> None:
    with host(lambda _: given) as there:
        assert refused(there) == reason
    assert len(there.asked) == tries


def test_a_host_that_is_down_is_unreachable() -> None:
    with host(lambda _: answer()) as there:
        pass
    assert refused(there) == "host_down"


def test_more_than_is_allowed_is_not_read_to_its_end() -> None:
    def endless(_: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        while True:
            yield b"%x\r\n%b\r\n" % (len(BODY), BODY)

    with host(endless) as there:
        assert refused(there, most=10 * len(BODY)) == "too_large"


def drip(begin: bytes) -> Iterator[bytes]:
    """A few bytes at a time, more often than any silence is too long, without end."""
    yield begin
    for _ in count():
        time.sleep(0.02)
        yield b"a"


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Drip: ",
        answer(Content_Length=1000),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n",
    ],
    ids=["status", "header", "body", "chunk", "redirect"],
)
def test_a_slow_drip_ends_when_the_time_is_up(begin: bytes) -> None:
    patience = Patience(connect=0.5, read=0.2, whole=0.2, tries=3, backoff=0.001)
    with host(lambda _: drip(begin)) as there:
        assert refused(there, patience) in ("timed_out", "moved")


def test_a_silence_ends_when_it_is_too_long() -> None:
    def silent(_: Request) -> Iterator[bytes]:
        time.sleep(0.3)
        yield b""

    with host(silent) as there:
        assert refused(there, Patience(read=0.05, whole=9, tries=2, backoff=0.001)) == "timed_out"
    assert len(there.asked) == 2


def test_a_host_that_asks_for_more_time_than_there_is_is_not_waited_for() -> None:
    with host(lambda _: answer(503, Retry_After="3600")) as there:
        assert refused(there) == "server_error"
    assert len(there.asked) == 1


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "1"


def save(there: Host, file: Path, content: bytes) -> None:
    """Save what a listing says has that content."""
    with Client(there.url, HASTY) as client:
        client.save("a", file, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def test_a_file_is_saved_whole(file: Path) -> None:
    answers = iter([answer(body=BODY[:99], Content_Length=len(BODY)), answer(body=BODY)])
    with host(lambda _: next(answers)) as there:
        save(there, file, BODY)
    assert file.read_bytes() == BODY


@pytest.mark.parametrize("given", [BODY[:-1], BODY + b"a", b"b" + BODY[1:], b""])
def test_other_bytes_than_listed_are_no_file(file: Path, given: bytes) -> None:
    with host(lambda _: answer(body=given)) as there, pytest.raises(Unreachable) as caught:
        save(there, file, BODY)
    assert caught.value.reason == "differs"
    assert not file.exists()


def test_a_disk_that_is_full_is_not_the_hosts_fault(file: Path) -> None:
    file.symlink_to("/dev/full")
    with host(lambda _: answer(body=BODY)) as there, pytest.raises(OSError, match="No space"):
        save(there, file, BODY)


def test_an_address_of_the_stand_in_country_needs_it_to_be_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(SANDBOX, raising=False)
    assert resolve("sandbox:/ncisp") is None
    monkeypatch.setenv(SANDBOX, "http://127.0.0.1:8000/")
    assert resolve("sandbox:/ncisp") == "http://127.0.0.1:8000/ncisp"
    assert resolve("https://example.org/a") == "https://example.org/a"


@pytest.mark.parametrize("address", ["inbox:city", "file:///etc/passwd", "ftp://a/b", "sandbox:x"])
def test_any_other_address_is_an_error(address: str) -> None:
    with pytest.raises(ValueError, match="expected http"):
        resolve(address)


def test_this_machine_is_not_asked_for_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    with host(lambda _: answer(body=BODY)) as there:
        assert fetched(there) == BODY
