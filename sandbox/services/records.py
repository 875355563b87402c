"""Records that have certain counts: of any kind, for the cities of one province in one month.

Besides what is counted there is what must not be: entries that are over, cancelled entities, decisions
from before the window. What happened to an enterprise before 2016 is the same in every month and file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from sandbox import chance
from sandbox.services import enterprises
from sandbox.services.enterprises import Mask, Numbers
from scrapers.record_kinds import (
    CERTIFICATIONS,
    CODE_STATES,
    DECISIONS,
    GRADES,
    TAX_GRADES,
    RecordKind,
)
from scrapers.rollup import DAYS_TO_PUBLISH

Span = tuple[int, int]
"""First and last day, in days since 1970-01-01."""
_ANY = np.iinfo(np.int64).max


def _day(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


_FOUNDED = (_day(date(1992, 1, 1)), _day(date(2012, 12, 31)))
_LISTED = (_day(date(2013, 1, 1)), _day(date(2014, 12, 31)))
_OVER = (_day(date(2015, 1, 1)), _day(date(2015, 12, 31)))
_MAPPED = (_day(date(2015, 10, 1)), _day(date(2015, 12, 31)))


@dataclass(frozen=True)
class Rows:
    """Records that say nothing yet: in which of the cities, the how manyth there, and about whom.

    `enterprise` is a number within the city.
    """

    city: Numbers
    nth: Numbers
    enterprise: Numbers

    def about(self, enterprise: Numbers) -> "Rows":
        """The same about other enterprises."""
        return replace(self, enterprise=enterprise)

    def after(self, enterprises_before: Numbers) -> "Rows":
        """The same about those that follow so many in each city."""
        return self.about(self.enterprise + enterprises_before[self.city])


@dataclass(frozen=True)
class Province:
    """What is said of the cities of a province: `counts` by measure, in the order of `city_codes`."""

    city_codes: list[str]
    counts: Mapping[str, Numbers]
    period: str
    seed: int

    def __getitem__(self, measure: str) -> Numbers:
        return self.counts[measure]

    @property
    def alive(self) -> Numbers:
        """How many entities there are, where that is said too."""
        return self.counts.get("legal_entities", np.zeros(len(self.city_codes), np.int64))

    @property
    def month(self) -> Span:
        """The days of the month."""
        first = date.fromisoformat(f"{self.period}-01")
        return _day(first), _day(_next_month(first)) - 1

    @property
    def window(self) -> Span:
        """The days of the twelve months that end with it."""
        return _day(self._window_from), self.month[1]

    @property
    def year_before(self) -> Span:
        """The days of the year before these."""
        first = self._window_from
        return _day(first.replace(year=first.year - 1)), _day(first) - 1

    @property
    def _window_from(self) -> date:
        following = _next_month(date.fromisoformat(f"{self.period}-01"))
        return following.replace(year=following.year - 1)

    def most(self, measure: str, beside: Numbers) -> Numbers:
        """The counts of a measure; ValueError where one is larger than others leave room for."""
        if (beyond := np.flatnonzero(self[measure] > beside)).size:
            at = int(beyond[0])
            raise ValueError(
                f"no records of city {self.city_codes[at]} make {measure} {self[measure][at]}: "
                f"what else is said leaves room for {beside[at]}"
            )
        return self[measure]

    def rows(self, counts: Numbers) -> Rows:
        """So many rows of each city, about its first enterprises."""
        city = np.repeat(np.arange(len(counts)), counts)
        nth = np.arange(len(city)) - np.repeat(np.cumsum(counts) - counts, counts)
        return Rows(city, nth, nth)

    def draw(self, rows: Rows, below: int | Numbers, *what: object) -> Numbers:
        """A number from 0 on for each enterprise, alike in every month that `what` does not name."""
        keys = enterprises.keys(chance.keys(self.city_codes)[rows.city], rows.enterprise)
        return (chance.bits(keys, self.seed, *what) >> np.uint64(11)).astype(np.int64) % below

    def day(self, rows: Rows, span: Span, *what: object) -> Numbers:
        """A day of the span for each enterprise, as `draw`."""
        return span[0] + self.draw(rows, span[1] - span[0] + 1, *what)

    def frame(
        self, rows: Rows, *, misspelt: Mask | bool = False, **columns: object
    ) -> pl.DataFrame:
        """Records with these columns, `city_code`, `enterprise` and `code`."""
        cities = pl.Series(self.city_codes, dtype=pl.String)
        code = enterprises.codes(
            self.city_codes, rows.city, rows.enterprise, self.seed, misspelt=misspelt
        )
        about = {"city_code": cities.gather(rows.city), "enterprise": rows.enterprise, "code": code}
        return pl.DataFrame({**about, **columns})


def records(kind: RecordKind, province: Province) -> pl.DataFrame:
    """Records of a kind: `city_code`, `enterprise`, its own columns, and `number` where it has documents.

    Raises:
        ValueError: no records can have these counts; names city and measure.
    """
    made = pl.concat(_MAKE[kind.id](province), how="diagonal")
    columns = [
        pl.col(name).cast(pl.Int32).cast(dtype) if dtype == pl.Date else pl.col(name)
        for name, dtype in kind.columns.items()
    ]
    numbers = pl.format("模拟第{}号", pl.int_range(1, pl.len() + 1)).alias("number")
    return made.select(
        "city_code", "enterprise", *columns, *([numbers] if kind.id in _NUMBERED else [])
    )


_NUMBERED = ("disclosures", "breaches", "service_halls")
"""Kinds whose records may be alike in all else."""
_GONE = enterprises.MOST // 2
"""Cancelled entities have numbers from here on; no others do."""
_FEW = 50
"""Enterprises of a city that decisions are about, where nothing says how many there are."""


def _entities(p: Province) -> Iterator[pl.DataFrame]:
    alive = p.rows(p["legal_entities"])
    yield p.frame(alive, registered=p.day(alive, _FOUNDED, "founded"))
    gone = p.rows(p["legal_entities"] // 40 + 1)
    gone = gone.about(gone.nth + _GONE)
    yield p.frame(
        gone, registered=p.day(gone, _FOUNDED, "founded"), cancelled=p.day(gone, _OVER, "cancelled")
    )


def _lists(p: Province) -> Iterator[pl.DataFrame]:
    """About a city's enterprises in this order.

    On a list, the first of them on both, the last of them since this month; removed in the month; removed
    before; on a red list; on one before.
    """
    listed, removed, red = p["listed_entities"], p["listed_removed"], p["redlisted_entities"]
    added = p.most("listed_added", listed + removed)
    old = np.maximum(listed - added, 0)
    violations = p.most("listed_violations", np.where(listed > 0, _ANY, 0))
    against = pl.Series(["black", "focused_watch"])

    def since(rows: Rows) -> Numbers:
        return p.day(rows, _LISTED, "listed")

    def behind(city: Numbers, entry: Numbers) -> Numbers:
        """Violations behind each current entry of a city, as even as they can be."""
        entries = (listed + old // 7)[city]
        each: Numbers = violations[city] // entries + (entry < violations[city] % entries)
        return each

    rows = p.rows(listed)
    new = rows.nth >= old[rows.city]
    yield p.frame(
        rows,
        list=against.gather(p.draw(rows, 2, "list")),
        listed=np.where(new, p.day(rows, p.month, "added", p.period), since(rows)),
        violations=behind(rows.city, rows.nth),
    )
    rows = p.rows(old // 7)
    yield p.frame(
        rows,
        list=against.gather(1 - p.draw(rows, 2, "list")),
        listed=p.day(rows, _LISTED, "listed again"),
        violations=behind(rows.city, listed[rows.city] + rows.nth),
    )
    rows = p.rows(removed).after(listed)
    in_and_out = rows.nth < (added - listed)[rows.city]  # there was no room for them on the lists
    yield p.frame(
        rows,
        list=against.gather(p.draw(rows, 2, "list")),
        listed=np.where(in_and_out, p.month[0], since(rows)),
        delisted=p.day(rows, p.month, "removed", p.period),
        violations=1 + p.draw(rows, 3, "violations"),
    )
    rows = p.rows(listed // 10 + 1).after(listed + removed)
    yield p.frame(
        rows,
        list=against.gather(p.draw(rows, 2, "list")),
        listed=since(rows),
        delisted=p.day(rows, _OVER, "removed"),
        violations=1 + p.draw(rows, 3, "violations"),
    )
    others = listed + removed + listed // 10 + 1
    praised = (pl.lit("red").alias("list"), pl.lit(0, pl.Int64).alias("violations"))
    rows = p.rows(red).after(others)
    yield p.frame(rows, listed=since(rows)).with_columns(praised)
    rows = p.rows(red // 20 + 1).after(others + red)
    yield p.frame(rows, listed=since(rows), delisted=p.day(rows, _OVER, "removed")).with_columns(
        praised
    )


def _evaluations(p: Province) -> Iterator[pl.DataFrame]:
    poor = p["low_rated_entities"]
    rows = p.rows(np.maximum(p.alive, poor + 1))
    grade = np.where(rows.nth < poor[rows.city], 3, p.draw(rows, 3, "grade"))
    yield p.frame(rows, grade=pl.Series(GRADES).gather(grade))


def _taxpayers(p: Province) -> Iterator[pl.DataFrame]:
    best = p.most("a_class_taxpayers", p["taxpayers"])
    rows = _from_the_last(p, "taxpayers")
    grade = np.where(rows.nth < best[rows.city], 0, 1 + p.draw(rows, 4, "tax"))
    yield p.frame(rows, grade=pl.Series(TAX_GRADES).gather(grade))


def _customs(p: Province) -> Iterator[pl.DataFrame]:
    best = p.most("aeo_advanced_enterprises", p["customs_enterprises"])
    rows = _from_the_last(p, "customs_enterprises")
    certified = np.where(rows.nth < best[rows.city], 0, 1 + p.draw(rows, 2, "customs"))
    yield p.frame(rows, certification=pl.Series(CERTIFICATIONS).gather(certified))


def _from_the_last(p: Province, measure: str) -> Rows:
    """So many of the entities of each city, from the last: those that are on no list come first."""
    rows = p.rows(p[measure])
    return rows.about(np.maximum(p.alive, p[measure])[rows.city] - 1 - rows.nth)


def _disclosures(p: Province) -> Iterator[pl.DataFrame]:
    published = p["platform_disclosures_12m"]
    in_time = p.most("platform_disclosures_in_time_12m", published)
    for counts, span in ((published, p.window), (published // 20 + 1, p.year_before)):
        rows = p.rows(counts)
        late = DAYS_TO_PUBLISH + 1 + p.draw(rows, 40, "late")
        soon = p.draw(rows, DAYS_TO_PUBLISH + 1, "soon")
        day = p.day(rows, span, "published", span)
        yield p.frame(
            _about_any(p, rows, "decision"),
            decision=pl.Series(DECISIONS).gather(p.draw(rows, 3, "decision") // 2),
            decided=day - np.where(rows.nth < in_time[rows.city], soon, late),
            published=day,
        )


def _breaches(p: Province) -> Iterator[pl.DataFrame]:
    passed = p["breaches_reported_12m"]
    for counts, span in ((passed, p.window), (passed // 10 + 1, p.year_before)):
        rows = p.rows(counts)
        yield p.frame(_about_any(p, rows, "breach"), passed=p.day(rows, span, "passed", span))


def _about_any(p: Province, rows: Rows, what: str) -> Rows:
    return rows.about(p.draw(rows, np.maximum(p.alive, _FEW)[rows.city], what))


def _service_halls(p: Province) -> Iterator[pl.DataFrame]:
    integrated = p.most("service_hall_integrated", np.ones_like(p["service_hall_integrated"]))
    halls = 1 + p.draw(p.rows(np.ones_like(integrated)), 3, "halls")
    rows = p.rows(halls)
    # One hall that is not integrated is enough for a city not to be.
    yield p.frame(rows, integrated=np.maximum(integrated[rows.city], rows.nth > 0))


def _codes(p: Province) -> Iterator[pl.DataFrame]:
    issued = p["codes"]
    repeated = p.most("code_repeats", issued)
    errors = p.most("code_errors", issued)
    corrected = p.most("code_errors_corrected", errors)
    for counts, after in ((issued, 0), (repeated, 1000)):
        rows = p.rows(counts)
        error = rows.nth - (issued - errors)[rows.city]  # the last ones have errors
        state = np.where(error < 0, 0, np.where(error < corrected[rows.city], 2, 1))
        yield p.frame(
            rows,
            misspelt=error >= 0,
            issued=p.day(rows, _FOUNDED, "founded") + after,
            state=pl.Series(CODE_STATES).gather(state),
        )


def _mappings(p: Province) -> Iterator[pl.DataFrame]:
    for counts, before in ((p["codes_mapped"], 0), (p["codes_mapped"] // 40, 1)):
        rows = p.rows(counts)
        yield p.frame(rows, mapped=p.day(rows, _MAPPED, "mapped") - before)


_MAKE = {
    "entities": _entities,
    "lists": _lists,
    "evaluations": _evaluations,
    "taxpayers": _taxpayers,
    "customs": _customs,
    "disclosures": _disclosures,
    "breaches": _breaches,
    "service_halls": _service_halls,
    "codes": _codes,
    "mappings": _mappings,
}
