"""The stand-in country: which months it has, which of them its servers give, and what is true of them.

Its settings lie in `country.toml` in its folder, `<data>/sandbox`, and its truth beside them.
"""

import json
import tomllib
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Self

import polars as pl

from indicators.registry import cities_of
from sandbox import rounds
from sandbox.faults import Fault, parse
from sandbox.web.layouts import LAYOUTS
from sandbox.web.web import Web
from sandbox.world import Month, months_since_2016, world
from scrapers.sources.registry import feed
from warehouse.store import write_aside, write_parquet

_FILE = "country.toml"
_ARCHIVE = 14
"""So many months the web's archive has where one month is live: a window, and somewhat more."""


@dataclass(frozen=True)
class Country:
    """One invented country.

    Months from `first` on, before `live_from`, were kept as ready-made measure files, since collection
    had not begun; those from `live_from` to `last` are to be had from the country's servers alone.
    Whoever says something of them says what is true, but for the `faults`.
    """

    seed: int
    first: str
    last: str
    live_from: str
    faults: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError where the months or the faults make no country."""
        first, live, last = map(months_since_2016, (self.first, self.live_from, self.last))
        if not first <= live <= last:
            raise ValueError(
                f"live months begin with {self.live_from}, which is not within "
                f"{self.first}..{self.last}"
            )
        parse(self.faults)

    @classmethod
    def found(
        cls,
        first: str,
        last: str,
        *,
        seed: int = 2019,
        live_from: str | None = None,
        faults: tuple[str, ...] = (),
    ) -> Self:
        """A country whose last month alone is live, unless another one is named.

        Raises:
            ValueError: the months or the faults make no country.
        """
        return cls(seed, first, last, live_from or last, faults)

    @property
    def kept_months(self) -> list[str]:
        """Months that were kept as measure files."""
        return _months(months_since_2016(self.first), months_since_2016(self.live_from))

    @property
    def live_months(self) -> list[str]:
        """Months that the servers give."""
        return _months(months_since_2016(self.live_from), months_since_2016(self.last) + 1)

    def has(self, kind: str, source_id: str) -> bool:
        """Whether a source has a kind of fault."""
        return any(fault.kind == kind and source_id in fault.sources for fault in self._faults)

    @cached_property
    def _faults(self) -> tuple[Fault, ...]:
        return parse(self.faults)

    def cities(self, period: str) -> pl.DataFrame:
        """The cities of a month, as `indicators.registry.cities_of` gives them."""
        return cities_of(_registry(), period)

    def truth(self, period: str) -> pl.DataFrame:
        """What is true of a month: period, city_code, measure, value (Float64).

        What assessors award is a judgement, and not among it.
        """
        month = Month(self.cities(period), months_since_2016(period), self.seed)
        applied = rounds.told(month).select(pl.lit(period).alias("period"), pl.all())
        return pl.concat([world(_registry(), [period], self.seed), applied])

    def web(self) -> Web:
        """Its web on its last day; the archive reaches back a window before the live months."""
        last = months_since_2016(self.last)
        cities = self.cities(self.last)
        changed = [family for family in LAYOUTS if self.has("layout", family)]
        months = last - months_since_2016(self.live_from) + _ARCHIVE
        return Web(Month(cities, last, self.seed), cities, months, changed)

    def save(self, folder: Path) -> None:
        """Write the settings and, under `truth/`, what is true of each month and of the web."""
        truth = folder / "truth"
        for period in self.kept_months + self.live_months:
            write_parquet(self.truth(period), truth / f"{period}.parquet")
        pages, events = self.web().truth()
        write_parquet(pages, truth / "pages.parquet")
        write_parquet(events, truth / "events.parquet")
        lines = [f"{name} = {json.dumps(value)}\n" for name, value in asdict(self).items()]
        text = "# An invented country (simulated 模拟); `cci sandbox` writes this file.\n"
        text += "".join(lines)
        write_aside({folder / _FILE: lambda path: path.write_text(text, encoding="utf-8")})


def load(folder: Path) -> Country:
    """The country of a folder.

    Raises:
        FileNotFoundError: there is none.
        ValueError: its settings are not as they should be.
    """
    path = folder / _FILE
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return Country(**raw | {"faults": tuple(raw["faults"])})
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{path}: {error}; found the country anew with `cci sandbox`") from error


@cache
def _registry() -> pl.DataFrame:
    return feed.read(feed.packaged())


def _months(begin: int, end: int) -> list[str]:
    """Months by their number since 2016-01, the end left out."""
    return [f"{2016 + t // 12}-{t % 12 + 1:02}" for t in range(begin, end)]
