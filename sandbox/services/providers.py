"""The interfaces of the ten credit service providers, as the source's `providers.toml` declares them.

Every provider has an opinion of its own on each city; the mean of all ten is the truth, to the hundredth.
"""

import base64
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import chance
from scrapers.declaration import CLOCK
from scrapers.formats.indexes import MEASURE
from scrapers.sources.provider.providers import Provider, providers
from warehouse.contracts.columns import PERIOD_PATTERN

Say = Callable[[str], tuple[pl.DataFrame, pl.DataFrame]]
_FURTHEST: Final = 300
"""Hundredths of a point that an opinion may be from the truth."""
_AT_ONCE: Final = 10
"""Requests that a provider takes at once, before it minds how fast they come."""


@dataclass(frozen=True)
class Opinions:
    """What all providers say of a month: cities, and hundredths of a point by provider and city."""

    codes: list[str]
    names: list[str]
    hundredths: NDArray[np.int64]


def tokens() -> dict[str, str]:
    """Tokens of the providers that are here, by environment variable. They are no secret."""
    return {
        provider.token: _token(provider)
        for provider in providers().values()
        if provider.address.startswith("sandbox:")
    }


def routes(say: Say, seed: int) -> list[Route]:
    """One route a provider, `GET /provider/<id>`, with the query that its declaration names.

    A wrong token is answered with 401, a query that makes no sense with 400, an unknown month with 404,
    and requests that come too fast with 429 and the seconds to wait.

    Args:
        say: for a month, what the providers say together (city_code, measure, value; 0..100 with 2
            decimals) and its cities (city_code, name); KeyError where the month is not to be had.
        seed: which country it is.
    """

    @lru_cache(maxsize=4)
    def opinions(period: str) -> Opinions:
        return opinions_of(*say(period), seed)

    return [
        Route(
            provider.address.removeprefix("sandbox:"),
            _Interface(nth, provider, opinions, seed).answer,
        )
        for nth, provider in enumerate(providers().values())
    ]


def opinions_of(said: pl.DataFrame, cities: pl.DataFrame, seed: int) -> Opinions:
    """Opinions of the providers whose mean is exactly what is said; none is outside 0..100."""
    rated = (
        said.filter(pl.col("measure") == MEASURE)
        .join(cities.select("city_code", "name"), on="city_code")
        .sort("city_code")
    )
    codes = rated["city_code"].to_list()
    who = chance.keys(codes)
    truth = (rated["value"] * 100).round().cast(pl.Int64).to_numpy()
    room = np.minimum(_FURTHEST, np.minimum(truth, 10_000 - truth))
    hundredths = np.tile(truth, (len(providers()), 1))
    # Two by two the providers differ by as much from the truth, one upwards and one downwards.
    for nth in range(0, len(hundredths) - 1, 2):
        drawn = 2.0 * chance.uniform(who, seed, "opinion", nth) - 1.0
        apart = np.rint(drawn * room).astype(np.int64)
        hundredths[nth] += apart
        hundredths[nth + 1] -= apart
    return Opinions(codes, rated["name"].to_list(), hundredths)


def nonsense(provider_id: str, body: bytes) -> bytes:
    """An answer of a provider in which every index is another number, the same each time."""
    provider = providers()[provider_id]
    content = json.loads(body)
    for item in _at(content, provider.answer.items):
        drawn = chance.pick(10_001, "nonsense", provider_id, _at(item, provider.answer.code))
        _put(item, provider.answer.index, _on_scale(provider, drawn))
    return bytes(JSONResponse(content).body)


class _Interface:
    """What one provider answers."""

    def __init__(
        self, nth: int, provider: Provider, opinions: Callable[[str], Opinions], seed: int
    ) -> None:
        self._nth, self._provider, self._opinions, self._seed = nth, provider, opinions, seed
        self._allowed, self._seen = float(_AT_ONCE), time.monotonic()

    async def answer(self, request: Request) -> Response:
        if request.headers.get("Authorization") != f"Bearer {_token(self._provider)}":
            return _refusal(401, "no valid token")
        if not self._may():
            return _refusal(429, "too many requests", {"Retry-After": "1"})
        ask = self._provider.ask
        period = request.query_params.get(ask.month, "")
        try:
            count = int(request.query_params[ask.count])
            begin = self._begin(request.query_params.get(ask.page), count)
        except (ValueError, KeyError):
            return _refusal(400, "no such query")
        if not re.fullmatch(PERIOD_PATTERN, period) or count < 1 or begin < 0:
            return _refusal(400, "no such query")
        try:
            opinions = self._opinions(period)
        except KeyError:
            return _refusal(404, "no such month")
        return JSONResponse(self._page(period, opinions, begin, count))

    def _may(self) -> bool:
        """Whether requests do not come faster than allowed."""
        now = time.monotonic()
        regained = (now - self._seen) * self._provider.per_second
        self._allowed, self._seen = min(_AT_ONCE, self._allowed + regained), now
        if self._allowed < 1:
            return False
        self._allowed -= 1
        return True

    def _begin(self, page: str | None, count: int) -> int:
        """Number of the first city on a page, from 0."""
        if self._provider.style == "cursor":
            return int(base64.b16decode(page)) if page else 0
        return (int(page or 1) - 1) * count if self._provider.style == "page" else int(page or 0)

    def _page(self, period: str, opinions: Opinions, begin: int, count: int) -> dict[str, Any]:
        places, total = self._provider.answer, len(opinions.codes)
        end = min(begin + count, total)
        more = {
            "page": -(-total // count),
            "offset": total,
            "cursor": base64.b16encode(str(end).encode()).decode() if end < total else None,
        }
        content: dict[str, Any] = {"note": "模拟数据 simulated data"}
        _put(content, places.month, period)
        _put(content, places.issued, self._issued(period).isoformat())
        _put(content, places.more, more[self._provider.style])
        _put(content, places.items, [self._item(opinions, n) for n in range(begin, end)])
        return content

    def _item(self, opinions: Opinions, n: int) -> dict[str, Any]:
        item: dict[str, Any] = {}
        _put(item, self._provider.answer.code, opinions.codes[n])
        item["name"] = opinions.names[n]
        hundredths = int(opinions.hundredths[self._nth, n])
        _put(item, self._provider.answer.index, _on_scale(self._provider, hundredths))
        return item

    def _issued(self, period: str) -> datetime:
        """When the provider gave its indexes out: from the 2nd to the 7th of the month that follows."""
        year, month = map(int, period.split("-"))
        following = datetime(year + month // 12, month % 12 + 1, 2, tzinfo=CLOCK)
        minutes = chance.pick(6 * 24 * 60, self._seed, "issued", self._provider.id, period)
        return following + timedelta(minutes=minutes)


def _token(provider: Provider) -> str:
    return f"sandbox-{provider.id}"


def _refusal(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": message}, status, headers)


def _on_scale(provider: Provider, hundredths: int) -> float:
    """A quotient of whole numbers, so that it prints with no more decimals than it has."""
    return hundredths / (10_000 // provider.scale)


def _at(content: Any, path: str) -> Any:
    for name in path.split("."):
        content = content[name]
    return content


def _put(content: dict[str, Any], path: str, value: object) -> None:
    *folders, name = path.split(".")
    for folder in folders:
        content = content.setdefault(folder, {})
    content[name] = value
