"""The stand-in web as an application: asked as a proxy is, it answers for all hosts `*.example`."""

import asyncio
import hashlib
from typing import Final
from urllib.parse import quote

from starlette.types import Receive, Scope, Send

from sandbox.web import traps
from sandbox.web.answer import Answer
from sandbox.web.web import Web

_PAUSE: Final = 0.25
"""Seconds between drips."""
_NOT_FOUND: Final = Answer("没有这个页面（模拟）".encode(), "text/plain; charset=utf-8", 404)
_NO_HOST: Final = Answer("没有这个网站（模拟）".encode(), "text/plain; charset=utf-8", 502)


def host(scope: Scope) -> str:
    """The host that is asked for, without port."""
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1")).partition(":")[0].lower()
    return ""


class Sites:
    """An ASGI application: all sites of the stand-in web."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer a request."""
        headers = {name: value for name, value in scope["headers"] if name.startswith(b"if-")}
        # The path as it was sent: a semicolon in it means something.
        path = quote(scope["path"], safe="/;:@!$&'()*+,=~-._")
        answer = self._find(host(scope), path, scope["query_string"].decode("latin-1"))
        tag = (
            f'"{hashlib.blake2b(answer.body, digest_size=8).hexdigest()}"'.encode()
            if answer.live
            else b""
        )
        if tag and headers.get(b"if-none-match") == tag:
            answer = Answer(b"", answer.content_type, 304)
        length = len(answer.body) if answer.declared is None else answer.declared
        told = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(length).encode()),
            *((name.encode(), value.encode()) for name, value in answer.headers),
            *([(b"etag", tag)] if tag else []),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": told})
        size = -(-len(answer.body) // answer.drips)
        for at in range(answer.drips):
            if at:
                await asyncio.sleep(_PAUSE)
            # The server closes the connection of an answer that ends before its length.
            await send(
                {
                    "type": "http.response.body",
                    "body": answer.body[at * size : (at + 1) * size],
                    "more_body": at + 1 < answer.drips or answer.declared is not None,
                }
            )

    def _find(self, name: str, path: str, query: str) -> Answer:
        if name.startswith("trap-"):
            try:
                return traps.trap(name, path) or _NOT_FOUND
            except KeyError:
                return _NO_HOST
        site = self._web.layout(name)
        if site is None:
            return _NO_HOST
        return site.answer(path, query) or _NOT_FOUND
