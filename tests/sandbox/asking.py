"""Ask the country's servers without a network: the application is called as a server calls it."""

import asyncio
import hashlib
import json
from typing import Any, NamedTuple
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from sandbox.country import Country
from sandbox.landing_place import SOURCES, files


class Answer(NamedTuple):
    """Status, headers, the pieces in which the body comes, and whether it comes whole."""

    status: int
    headers: dict[str, str]
    pieces: list[bytes]
    whole: bool

    @property
    def body(self) -> bytes:
        """All of the body that came."""
        return b"".join(self.pieces)


def ask(app: ASGIApp, url: str, headers: dict[str, str] | None = None) -> Answer:
    """What a GET is answered."""
    return asyncio.run(_ask(app, url, headers or {}))


def landed(app: ASGIApp, source_id: str, period: str) -> dict[str, bytes]:
    """All files of a source and month by name; they are what the listing says."""
    listing: list[dict[str, Any]] = json.loads(ask(app, f"/{source_id}/{period}/index.json").body)
    files = {}
    for entry in listing:
        content = ask(app, f"/{source_id}/{period}/{entry['name']}").body
        assert len(content) == entry["size"]
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        assert entry["modified"].endswith("+08:00")
        files[entry["name"]] = content
    return files


def fingerprint(country: Country) -> str:
    """A hash of all names, times and bytes in the landing place, but for cities' many workbooks."""
    entries = [
        file.entry
        for source_id in SOURCES
        if source_id != "city"
        for file in files(country, source_id, country.last)
    ]
    return hashlib.sha256(json.dumps(entries).encode()).hexdigest()


async def _ask(app: ASGIApp, url: str, headers: dict[str, str]) -> Answer:
    path, _, query = url.partition("?")
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await app(scope, receive, send)
    start, *bodies = sent
    return Answer(
        start["status"],
        {name.decode(): value.decode() for name, value in start["headers"]},
        [message["body"] for message in bodies],
        not bodies[-1].get("more_body", False),
    )
