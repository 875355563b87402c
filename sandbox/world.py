"""The invented country: what is true of every city in every month.

Pure: the same seed, cities and month give the same frame, whichever other months are asked for. How
each measure is made is declared in `base_rates.toml`, one line a measure. Every number is invented.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from indicators.measures import catalogue
from indicators.registry import cities_of
from sandbox import chance
from sandbox.chance import Numbers
from sandbox.web import told
from sandbox.web.events import days_of, month_of

BASE_RATES = Path(__file__).with_name("base_rates.toml")
CLASSES = ("provincial", "prefecture", "county")
SHAPES = (
    "size", "context", "burden", "effort", "part", "count", "plenty", "probed", "flag", "added",
    "removed",
)  # fmt: skip

# Quality is the sum of these, each a process of variance 1 that drifts over years.
_CLASS_SHIFT = (1.3, 0.65, 0.25)
_CITY, _PROVINCE, _DIMENSION, _OWN = 0.20, 0.05, 0.08, 0.85
_TAIL = 2.1
"""Above 1, most cities are alike and a few stand out, to the good or to the bad."""
_UTMOST = 2.6
"""No city is further than this from the average of its class."""
_READY_SHIFT, _READY, _READY_OWN = (0.1, -0.6, -0.9), 0.9, 0.55
"""What quality is where cities apply for a title: their readiness, and what is peculiar to a measure."""
_PROGRESS = 0.08
"""By so much a year cities become readier."""
_DRIFT = 0.2
"""Share of a process that swings, in periods of 3 to 8 years; the rest never changes."""
_EVER = -10_000
"""The month since which a city is one that was never anything else."""
_GROWTH_FROM = 41  # months from 2016-01 to 2019-06


@dataclass(frozen=True)
class Rate:
    """One line of `base_rates.toml`; its opening comment says what each entry means."""

    id: str
    shape: str
    of: tuple[str, ...] = ()
    plus: str | None = None
    needs: str | None = None
    dim: int = 0
    grain: str = "city"
    rate: tuple[float, ...] = (1.0, 1.0, 1.0)
    low: tuple[float, ...] = (0.0, 0.0, 0.0)
    high: tuple[float, ...] = (1.0, 1.0, 1.0)
    typical: float = 0.5
    spread: float = 0.0
    noise: float = 0.03
    growth: float = 0.0
    full: float = 1.0
    told: bool = False
    applied: bool = False

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise ValueError(
                f"{BASE_RATES.name}: {self.id}: shape {self.shape!r} is not one of {SHAPES}"
            )


@cache
def base_rates() -> dict[str, Rate]:
    """All lines of `base_rates.toml` by measure; errors name the measure."""
    raw = tomllib.loads(BASE_RATES.read_text(encoding="utf-8"))
    applied = {id_: {**line, "applied": True} for id_, line in raw.pop("applications").items()}
    rates = {id_: _rate(id_, line) for id_, line in (raw | applied).items()}
    for rate in rates.values():
        for other in (*rate.of, *filter(None, (rate.plus, rate.needs))):
            if other not in rates:
                raise ValueError(f"{BASE_RATES.name}: {rate.id} names {other!r}, which has no line")
    return rates


def _rate(id_: str, line: dict[str, Any]) -> Rate:
    if unknown := line.keys() - {field.name for field in fields(Rate)}:
        raise ValueError(f"{BASE_RATES.name}: {id_}: unknown entries {sorted(unknown)}")
    if id_ not in catalogue():
        raise ValueError(f"{BASE_RATES.name}: {id_} is not in the catalogue of measures")
    by_class: dict[str, tuple[float, ...]] = {
        name: tuple(line[name]) if isinstance(line[name], list) else (float(line[name]),) * 3
        for name in ("rate", "low", "high")
        if name in line
    }
    return Rate(id=id_, **{**line, **by_class, "of": tuple(line.get("of", ()))})


def months_since_2016(period: str) -> int:
    """0 for 2016-01; raises ValueError before that."""
    t = month_of(period)
    if t < 0 or not 1 <= int(period[5:]) <= 12:
        raise ValueError(f"no month of the invented country: {period!r}; it begins with 2016-01")
    return t


def world(registry: pl.DataFrame, periods: Iterable[str], seed: int) -> pl.DataFrame:
    """What is true in each of the months: period, city_code, measure, value (Float64).

    What only applicants for the title of model city tell is in `sandbox.rounds`.
    """
    return pl.concat(list(_months(registry, periods, seed)))


def _months(registry: pl.DataFrame, periods: Iterable[str], seed: int) -> Iterator[pl.DataFrame]:
    for period in periods:
        month = Month(cities_of(registry, period), months_since_2016(period), seed)
        for measure in (rate.id for rate in base_rates().values() if not rate.applied):
            yield pl.DataFrame(
                {"city_code": month.codes, "value": month.value(measure)},
            ).select(
                pl.lit(period).alias("period"), "city_code", measure=pl.lit(measure), value="value"
            )


class Month:
    """The cities in one month. A measure is made once, those that it is a part of before it."""

    def __init__(self, cities: pl.DataFrame, t: int, seed: int) -> None:
        self.codes = cities["city_code"].to_list()
        self.t, self.seed = t, seed
        self._cities = cities
        self.who = chance.keys(self.codes)
        self._provinces = chance.keys(cities["province_code"].to_list())
        self.city_class = np.array(
            [CLASSES.index(name) for name in cities["city_class"]], dtype=np.int64
        )
        began = [month_of(period) if period else _EVER for period in cities["valid_from"]]
        self.since = np.array(began, dtype=np.int64)
        self._made: dict[str, Numbers] = {}
        self._months = {t: self}

    def value(self, measure: str) -> Numbers:
        """The measure's value in every city, in the cities' order, as exact as it can be known."""
        if measure not in self._made and base_rates()[measure].told:
            self._made |= {id_: rounded(x, id_) for id_, x in told.measures(self).items()}
        if measure not in self._made:
            rate = base_rates()[measure]
            made = self._raw(rate)
            if rate.shape != "probed":
                made = rounded(made, measure)
            if rate.plus:
                made = made + self.value(rate.plus)
            if rate.needs:
                made = made * self.value(rate.needs)
            self._made[measure] = made
        return self._made[measure]

    def expected(self, measure: str) -> Numbers:
        """How large a measure would be by itself: unrounded, and of what is told, before it is told."""
        return self._raw(base_rates()[measure])

    def inclination(self, measure: str) -> Numbers:
        """The share of what it is a part of, or of the most that there can be, 0 to 1."""
        return self._share(base_rates()[measure])

    def readiness(self) -> Numbers:
        """How far cities are with what applicants for the title of model city are asked for."""
        general = self._process(self.who, self.t, "city")
        effort = self._process(self.who, self.t, "readiness")
        progress = _PROGRESS * (self.t - _GROWTH_FROM) / 12.0
        return 0.7 * (general + effort) + progress + self._by_class(_READY_SHIFT)

    def at(self, t: int) -> "Month":
        """The same cities in another month, even before 2016."""
        if t not in self._months:
            other = Month(self._cities, t, self.seed)
            other._months = self._months
            self._months[t] = other
        return self._months[t]

    def _raw(self, rate: Rate) -> Numbers:
        """The value before rounding."""
        if rate.grain == "year" and self.t % 12:
            return self.at(self.t // 12 * 12)._raw(rate)
        if rate.shape == "added":
            # What keeps stock and flows consistent: stock = stock before + added − removed.
            stock, flow = rate.of[0], "listed_removed"
            return self.value(stock) - self.at(self.t - 1).value(stock) + self.value(flow)
        if rate.shape == "removed":
            before = self.at(self.t - 1).value(rate.of[0])
            usual = before * self._by_class(rate.rate) * self._share(rate)
            # Where the stock fell by more than usual, that many at least were removed.
            return np.maximum(np.floor(usual + 0.5), before - self.value(rate.of[0]))
        if rate.shape == "size":
            return self._size(rate)
        low, high = self._by_class(rate.low), self._by_class(rate.high)
        base = sum((self.value(m) for m in rate.of), np.zeros(len(self.codes))) if rate.of else 1.0
        scaled = base * self._by_class(rate.rate) * self._growth(rate, self.t)
        match rate.shape:
            case "context":
                return scaled * np.exp(rate.spread * self._own(rate))
            case "burden":
                return np.maximum(scaled * np.exp(-rate.spread * self._quality(rate)), low)
            case "effort" | "part":
                return scaled * self._share(rate)
            case "count" | "plenty":
                return low + (high - low) * self._share(rate)
            case "probed":
                probes = days_of(self.t)
                return np.floor(probes * self._share(rate) + 0.5) / probes
            case _:
                return (self._share(rate) > 0.5).astype(np.float64)

    def _size(self, rate: Rate) -> Numbers:
        """A size between the class's bounds, which grows each January."""
        low, usual, high = (self._by_class(x) for x in (rate.low, rate.rate, rate.high))
        x = np.tanh(0.55 * chance.normal(self.who, self.seed, rate.id))
        drawn = usual * np.where(x > 0, high / usual, usual / low) ** x
        grown = drawn * self._growth(rate, self.t // 12 * 12)
        return np.asarray(np.minimum(grown, high), dtype=np.float64)

    def _share(self, rate: Rate) -> Numbers:
        """`typical` for an average city, towards 1 for a better one."""
        z = self._own(rate) if rate.shape == "plenty" else self._quality(rate)
        odds = rate.typical / (1.0 - rate.typical) * np.exp(rate.spread * z)
        share = odds / (1.0 + odds)
        return np.asarray(np.where(share < rate.full, share, 1.0), dtype=np.float64)

    def _quality(self, rate: Rate) -> Numbers:
        """How good the cities are at what the measure tells: what they share, their own, chance."""
        if rate.grain == "province":
            quarter = self.t // 3 * 3
            return self._process(self._provinces, quarter, "province", rate.id)
        who, t = self.who, self.t
        if rate.applied:
            return _READY * self.readiness() + _READY_OWN * self._own(rate)
        merit = (
            _CITY * self._process(who, t, "city")
            + _PROVINCE * self._process(self._provinces, t, "province")
            + _DIMENSION * self._process(who, t, "dimension", rate.dim)
            + _OWN * self._own(rate)
            + rate.noise * chance.normal(who, self.seed, "noise", rate.id, t)
        )
        apart = np.sign(merit) * np.abs(merit) ** _TAIL
        return self._by_class(_CLASS_SHIFT) + _UTMOST * np.tanh(apart / _UTMOST)

    def _own(self, rate: Rate) -> Numbers:
        """What is peculiar to the measure in each city."""
        return self._process(self.who, self.t, "own", rate.id)

    def _process(self, who: chance.Keys, t: int, *name: object) -> Numbers:
        """Variance 1; most of it lasts, the rest swings slowly in a rhythm of each one's own."""
        lasting = chance.normal(who, self.seed, "lasting", *name)
        phase = chance.uniform(who, self.seed, "phase", *name)
        rhythm = 36.0 + 60.0 * chance.uniform(who, self.seed, "rhythm", *name)
        swing = np.sqrt(2.0) * np.sin(2.0 * np.pi * (t / rhythm + phase))
        return np.asarray(np.sqrt(1.0 - _DRIFT**2) * lasting + _DRIFT * swing, dtype=np.float64)

    def _by_class(self, numbers: tuple[float, ...]) -> Numbers:
        return np.array(numbers, dtype=np.float64)[self.city_class]

    @staticmethod
    def _growth(rate: Rate, t: int) -> float:
        return float((1.0 + rate.growth) ** ((t - _GROWTH_FROM) / 12.0))


def decimals(measure: str) -> int:
    """As offices report it: shares with 4 decimals, indexes 2, days and points 1, counts whole."""
    unit = catalogue()[measure].unit
    known = {"share": 4, "0..100": 2, "weighted events": 2, "working days": 1, "points": 1}
    return known.get(unit, 0)


def rounded(x: Numbers, measure: str) -> Numbers:
    """Halves up, to the measure's decimals."""
    scale = 10 ** decimals(measure)
    return np.asarray(np.floor(x * scale + 0.5) / scale, dtype=np.float64)
