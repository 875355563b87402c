"""A host on loopback that answers as a test tells it, down to the last byte."""

import json
import socketserver
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

from scrapers.fetch import Patience

HASTY = Patience(connect=0.5, read=0.3, whole=1.0, tries=3, backoff=0.001)
"""Patience for hosts that answer at once, or never."""


@dataclass(frozen=True)
class Request:
    """What the host was asked."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


Answer = bytes | Iterable[bytes]


@dataclass
class Host:
    """`answer` gives the raw bytes of an answer, or a few at a time; then the connection is closed."""

    answer: Callable[[Request], Answer]
    url: str = ""
    asked: list[Request] = field(default_factory=list)


@contextmanager
def host(answer: Callable[[Request], Answer]) -> Iterator[Host]:
    """Have a host up."""
    told = Host(answer)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            first = self.rfile.readline().decode().split()
            if not first:
                return
            lines = iter(lambda: self.rfile.readline().strip().decode(), "")
            headers = dict(line.split(": ", 1) for line in lines)
            url = urlsplit(first[1])
            request = Request(url.path, dict(parse_qsl(url.query)), headers)
            told.asked.append(request)
            answered = told.answer(request)
            for part in [answered] if isinstance(answered, bytes) else answered:
                self.wfile.write(part)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: object, client_address: object) -> None:
            """Whoever asked has gone away, as the test wants it."""

    with Server(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


def answer(status: int = 200, body: bytes = b"", **headers: object) -> bytes:
    """An answer; its length is told as it is, unless `Content_Length` says otherwise."""
    fields = {"Content_Length": len(body), "Connection": "close"} | headers
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} So\r\n{lines}\r\n".encode() + body


def as_json(content: object) -> bytes:
    """An answer in JSON."""
    return answer(body=json.dumps(content).encode(), Content_Type="application/json")
