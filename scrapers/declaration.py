"""What a source is: the declaration in its folder, `scrapers/sources/<source_id>/source.toml`."""

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

Format = Literal["packaged", "measures", "extracts", "tables", "workbooks", "indexes"]
Frequency = Literal["monthly", "half-yearly", "once"]
SOURCES = Path(__file__).with_name("sources")
CLOCK = ZoneInfo("Asia/Shanghai")


class DeclarationError(ValueError):
    """A declaration that is not as it should be; the message names file and field."""


@dataclass(frozen=True)
class Limits:
    """Fewest that a month must bring, and most that it may bring without a warning."""

    min: int
    max: int


@dataclass(frozen=True)
class Expected:
    """What a month should bring."""

    records: Limits
    cities: Limits


_ROUNDS = ("06", "12")
"""Months in which half-yearly sources deliver."""


@dataclass(frozen=True)
class Source:
    """One source, as declared.

    `kind` is the word that editions and the measure catalogue use for it; `format` names the reader of
    what it delivers, `address` where that is fetched: `https://…`, `sandbox:/…` for the stand-in country,
    `inbox:` where it only comes by hand. `personal_data` says that its files may hold some. `history`
    says whether past months can be asked for again; `due_day` is the day of the following month after
    which a delivery is late; `expect` limits the cities and records of a month. A `half-yearly` source
    brings what is not reported every month, in rounds of June and December.
    """

    id: str
    kind: str
    title_zh: str
    title_en: str
    publisher_zh: str
    publisher_en: str
    address: str
    format: Format
    access_zh: str
    access_en: str
    simulated: bool
    personal_data: bool
    frequency: Frequency
    history: bool
    expect: Expected
    due_day: int = 31

    def expected(self, period: str) -> Expected:
        """What a month should bring; between its rounds a half-yearly source need bring nothing."""
        if self.frequency != "half-yearly" or period[5:] in _ROUNDS:
            return self.expect
        records, cities = (
            replace(limits, min=0) for limits in (self.expect.records, self.expect.cities)
        )
        return Expected(records, cities)

    def late(self, period: str, delivered_at: datetime) -> bool:
        """Whether what was delivered then, for that month, was late."""
        year, month = map(int, period.split("-"))
        following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=CLOCK)
        return delivered_at >= following + timedelta(days=self.due_day)


@cache
def sources() -> dict[str, Source]:
    """All declared sources by id. Raises DeclarationError that names what is wrong and where."""
    return {path.parent.name: _read(path) for path in sorted(SOURCES.glob("*/source.toml"))}


def monthly() -> list[Source]:
    """Sources that are collected month by month, those included that bring nothing in most."""
    return [source for source in sources().values() if source.frequency != "once"]


def _read(path: Path) -> Source:
    where = f"scrapers/sources/{path.parent.name}/{path.name}"
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        expect = Expected(**{name: Limits(**limits) for name, limits in raw.pop("expect").items()})
        source = Source(**raw, expect=expect)
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise DeclarationError(f"{where}: {error}") from error
    for name, kinds in (("format", Format), ("frequency", Frequency)):
        if (given := getattr(source, name)) not in get_args(kinds):
            raise DeclarationError(
                f"{where}: {name} is {given!r}; expected one of {', '.join(get_args(kinds))}"
            )
    if source.id != path.parent.name:
        raise DeclarationError(f"{where}: id is {source.id!r}; expected the name of its folder")
    return source
