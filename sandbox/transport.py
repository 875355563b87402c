"""What faults do to answers on their way: lost, in drips, broken off; those of providers changed."""

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox import answers, tampering
from sandbox.country import Country
from sandbox.services import providers

_DRIPS: Final = 5
_BETWEEN: Final = 0.02
"""Seconds from one drip to the next."""

_CHANGES: Final[dict[str, Callable[[str, bytes], bytes]]] = {
    "everyday": answers.with_gaps,
    "nonsense": providers.nonsense,
    "hostile": answers.with_persons,
    "drift": answers.renamed,
    "encoding": tampering.transcoded,
    "truncated": tampering.cut,
}
"""What is done to the answers of a provider, in this order."""


class Faulty:
    """An application whose answers have the faults of the country's sources.

    The first part of a path is the source's id; of a provider's, the second is the provider's.
    """

    def __init__(self, app: ASGIApp, country: Country) -> None:
        self._app, self._country = app, country
        self._asked: set[tuple[str, bytes]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        _, source_id, *rest = scope["path"].split("/")
        provider_id = rest[0] if source_id == "provider" and rest else ""

        def has(kind: str) -> bool:
            return any(self._country.has(kind, who) for who in (source_id, provider_id))

        if has("down"):
            await PlainTextResponse("down", 503)(scope, receive, send)
            return
        start, body = await self._answer(scope, receive)
        if provider_id and start["status"] == 200:
            for kind, change in _CHANGES.items():
                if has(kind):
                    body = change(provider_id, body)
        await self._send(scope, start, body, send, has)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
        """How an answer begins, and all of its body."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        return messages[0], b"".join(message.get("body", b"") for message in messages[1:])

    async def _send(
        self, scope: Scope, start: Message, body: bytes, send: Send, has: Callable[[str], bool]
    ) -> None:
        headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({**start, "headers": headers})
        asked = (scope["path"], scope["query_string"])
        if has("interrupted") and asked not in self._asked:
            self._asked.add(asked)
            # The server closes the connection of an answer that ends before its length.
            await send(_piece(body[: len(body) // 2], more=True))
            return
        drips = _DRIPS if has("slow") else 1
        size = -(-len(body) // drips)
        for at in range(drips):
            if at:
                await asyncio.sleep(_BETWEEN)
            await send(_piece(body[at * size : (at + 1) * size], more=at + 1 < drips))


def _piece(body: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}
