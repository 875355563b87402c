"""Fetching over HTTP: with patience and with bounds, and one kind of error that says what to do.

A host may be down, slow, overloaded or hostile. A request is tried again where that may help, ends
within its time whatever the host does, takes no more bytes than it was allowed, and goes nowhere else.
No address gets into a message: it may hold a query, or the name of a file, and that may be a person's.
"""

import hashlib
import io
import logging
import os
import random
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from http.client import HTTPResponse
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from typing import Any, BinaryIO, Final, Self
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Retry

SANDBOX: Final = "CCI_SANDBOX"
"""Environment variable with the base URL of the stand-in country, where it is up."""

# It would write whole addresses into the log, with queries and names of files.
logging.getLogger("urllib3").setLevel(logging.ERROR)
_HEADERS = {
    "User-Agent": f"city-credit-index/{version('city-credit-index')}",
    "Accept-Encoding": "identity",
}
_CHUNK = 1 << 18
_PARALLEL = 8
_PASSING = {"host_down", "timed_out", "too_many_requests", "server_error", "cut_short", "differs"}
"""Reasons that may be gone at the next try."""
_OVERLOADED = {408, 500, 502, 503, 504}
_SAID: Final = {
    "host_down": "the host could not be reached; see that it is up, then run the month again",
    "certificate": "the host's certificate is not trusted; ask the publisher, or see the clock here",
    "timed_out": "there was no whole answer in time; run the month again later",
    "not_found": "the host has nothing there (404); see the address in the declaration",
    "token_refused": "the host refused the token ({status}); renew it and set its environment variable",
    "too_many_requests": "the host was asked too often (429); run the month again later",
    "server_error": "the host failed ({status}); tell the publisher, and run the month again later",
    "moved": "it has moved ({status}); put the new address into the declaration",
    "answer_unexpected": "the answer is not what was asked for ({status}); see the address in the "
    "declaration",
    "cut_short": "the answer broke off, or did not say how long it is; run the month again",
    "differs": "the bytes are not those of the listing; they may still be written, run the month again",
    "too_large": "the answer has more than {most} bytes; see whether that can be right",
}


class Unreachable(Exception):  # noqa: N818 - the word of the field
    """Why something could not be fetched. The message says what failed and what to do, but not where.

    `reason` is a key of the text catalogue, as refusals have them; `wait` is how many seconds the host
    asked to wait for, if it did.
    """

    def __init__(self, reason: str, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.reason, self.wait = reason, wait


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds.

    `connect` and `read` bound a connection and a silence, `whole` everything from the first try to the
    last byte; `backoff` is the wait before the second of `tries`, which doubles with each, less a
    random part.
    """

    connect: float = 10.0
    read: float = 30.0
    whole: float = 600.0
    tries: int = 5
    backoff: float = 1.0


PATIENT: Final = Patience()


def resolve(address: str) -> str | None:
    """The URL of a declared address; None where it is in the stand-in country and that is not up.

    Raises:
        ValueError: the address is neither `http://…`, `https://…` nor `sandbox:/…`.
    """
    if address.startswith("sandbox:/"):
        base = os.environ.get(SANDBOX)
        return base.rstrip("/") + address.removeprefix("sandbox:") if base else None
    if not address.startswith(("http://", "https://")):
        raise ValueError(f"{address!r} is no address; expected http://, https:// or sandbox:/")
    return address


class Client:
    """Fetches what is below one address, over connections that stay open; for several threads."""

    def __init__(self, url: str, patience: Patience = PATIENT, token: str = "") -> None:
        self._url = url.rstrip("/")
        self._patience = patience
        self._session = _Session()
        self._session.headers.update(_HEADERS)
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.auth = lambda request: request  # or ~/.netrc would take the token's place
        # This machine is not asked for through a proxy.
        self._session.trust_env = not _loopback(urlsplit(url).hostname or "")
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _Adapter(pool_maxsize=_PARALLEL))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def read(self, path: str = "", query: Mapping[str, str] | None = None, *, most: int) -> bytes:
        """The answer to a GET, of at most so many bytes.

        Raises:
            Unreachable: there is no whole answer.
        """
        body = io.BytesIO()
        self._fetch(path, query or {}, body, most)
        return body.getvalue()

    def save(self, path: str, file: Path, *, size: int, sha256: str) -> None:
        """Write what is at a path into a file; it must have that many bytes, and that hash.

        Raises:
            Unreachable: it could not be fetched, or is something else; then there is no file.
            OSError: the file cannot be written.
        """
        try:
            with file.open("wb") as sink:
                self._fetch(path, {}, sink, size, sha256)
        except BaseException:
            file.unlink(missing_ok=True)
            raise

    def _fetch(
        self, path: str, query: Mapping[str, str], sink: BinaryIO, most: int, sha256: str = ""
    ) -> None:
        """Try until it succeeds, trying again makes no sense, or the time is up."""
        until = time.monotonic() + self._patience.whole
        url = f"{self._url}/{path}" if path else self._url
        tried = 0
        while True:
            try:
                return self._try(url, query, sink, most, sha256, until)
            except Unreachable as problem:
                tried += 1
                wait = self._backoff(tried) if problem.wait is None else problem.wait
                late = time.monotonic() + wait >= until
                if problem.reason not in _PASSING or tried == self._patience.tries or late:
                    raise
            sink.seek(0)
            sink.truncate()
            time.sleep(wait)

    def _backoff(self, tried: int) -> float:
        """Seconds to wait; drawn by chance, so that not all who failed come back at once."""
        longest = self._patience.backoff * 2.0 ** (tried - 1)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret

    def _try(
        self,
        url: str,
        query: Mapping[str, str],
        sink: BinaryIO,
        most: int,
        sha256: str,
        until: float,
    ) -> None:
        """One request, its answer written to the sink."""
        left = max(until - time.monotonic(), 0.001)
        timeout = (min(self._patience.connect, left), min(self._patience.read, left))
        _UNTIL.set(until)
        digest, size = hashlib.sha256(), 0
        try:
            with self._session.get(url, params=query, stream=True, timeout=timeout) as response:
                self._judge(response)
                for chunk in response.raw.stream(_CHUNK, decode_content=False):
                    size += len(chunk)
                    if size > most:
                        raise _unreachable("differs" if sha256 else "too_large", most=most)
                    digest.update(chunk)
                    sink.write(chunk)
        # The texts of these errors have the whole URL in them, so they go no further.
        except requests.exceptions.SSLError:
            raise _unreachable("certificate") from None
        except (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError):
            raise _unreachable("timed_out") from None
        except requests.exceptions.ConnectionError:
            raise _unreachable("host_down") from None
        except urllib3.exceptions.HTTPError:
            raise _unreachable("cut_short") from None
        except requests.exceptions.RequestException:
            raise _unreachable("answer_unexpected", status="no HTTP") from None
        if sha256 and (size, digest.hexdigest()) != (most, sha256):
            raise _unreachable("differs")

    @staticmethod
    def _judge(response: requests.Response) -> None:
        """Whether the answer is one to be read."""
        status = response.status_code
        if status == 200:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise _unreachable("answer_unexpected", status="compressed")
            if response.raw.length_remaining is None and not response.raw.chunked:
                raise _unreachable("cut_short")  # where it ends, nobody could tell
            return
        reason = {
            401: "token_refused",
            403: "token_refused",
            404: "not_found",
            429: "too_many_requests",
        }
        default = (
            "server_error" if status in _OVERLOADED
            else "moved" if 300 <= status < 400
            else "answer_unexpected"
        )  # fmt: skip
        wait = None
        if asked := response.headers.get("Retry-After"):
            with suppress(urllib3.exceptions.InvalidHeader):
                wait = Retry().parse_retry_after(asked)
        raise _unreachable(reason.get(status, default), wait, status=status)


def _unreachable(reason: str, wait: float | None = None, **details: object) -> Unreachable:
    return Unreachable(reason, _SAID[reason].format(**details), wait)


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# Timeouts of sockets bound each silence, but not their sum: a host that sends a byte now and then would
# keep a request for ever. So every read from the socket looks at the time that the whole request has.
_UNTIL: ContextVar[float] = ContextVar("until")


class _Bounded(io.RawIOBase):
    """A socket's bytes, as long as the request has time."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock, self._raw = sock, raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = _UNTIL.get() - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if left < (self._sock.gettimeout() or left + 1):
            self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Bounded(sock, self.fp.detach()))


class _HTTPConnection(HTTPConnection):
    response_class = _Response


class _HTTPSConnection(HTTPSConnection):
    response_class = _Response


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Goes nowhere else: an answer may not send a token, or this machine, to another address."""


class _Adapter(HTTPAdapter):
    """Connections whose answers are bounded in time."""

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _HTTPSConnection if pool.scheme == "https" else _HTTPConnection
        return pool
