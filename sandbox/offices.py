"""The offices: what they say of the invented country, when, and what is amiss with it.

Pure, as the world is: the same seed, cities and month give the same statements. By themselves they say
what is true, of every city. As offices are every day, things are left out, sent late, slipped in and
corrected, or cannot be read; every such imperfection is drawn from the seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from indicators.measures import catalogue
from sandbox import assessors, chance, rounds
from sandbox.chance import Numbers
from sandbox.world import Month, base_rates, decimals, months_since_2016, rounded

CLOCK = ZoneInfo("Asia/Shanghai")
# The kind of source that each delivers, as the catalogue names it.
KINDS: Final = {
    "population": "registry",
    **{
        name: name
        for name in ("ncisp", "ndrc", "code_centre", "city", "province", "provider", "monitoring")
    },
    "applications": "city",
    "assessor": "assessor",
}
IN_ROUNDS: Final = ("applications", "assessor")
"""Those that say something only in the months of rounds."""

# Shares of cities: provincial, prefecture, county.
_SILENT = np.array([0.0, 0.004, 0.006])
_PARTIAL = np.array([0.03, 0.04, 0.05])
_SPELL = 6
"""What is left out stays so for so many months, which begin at another time in every city."""
_LATE = 2
"""At most so many cities submit late in a month."""
_OMITTED = 0.12
"""Share of the measures that a partial submission leaves out."""
_UNREACHED = {"monitoring": 0.012, "provider": 0.03, "province": 0.004}
"""Share of cities for which the source has no value of a measure."""

# In one month of every half-year, one of these fails for one class; none of them has many points. Of what
# is counted from records nothing can be missing by itself, so none of that is among them.
_FAILS_EVERY = 6
_MAY_FAIL = (
    "trust_exemplars_12m", "ecommerce_cases", "propaganda_items_12m", "contract_cases_12m",
    "service_items",
)  # fmt: skip

_DISCREPANT = 0.02
"""Share of cities whose two sources differ by more than 20 per cent, for a year at a time."""
_SLIPS = {"city": 0.9, "ncisp": 0.7, "monitoring": 0.5, "applications": 0.7}
"""How often a source's month has slips of the pen, which a correction puts right."""
_PLACES = 6
"""At most so many values slip in a month; where a correction is asked for, so many at least are tried."""
_BAD_ROW = 0.6
"""How often each of these is in a month."""
_BAD = {
    "city": (
        ("trust_campaigns_12m", "约30"),
        ("municipal_disclosure_rate", 1.2),
        ("repair_interviews", -5.0),
    ),
    "monitoring": (
        ("propaganda_items_12m", "约30"),
        ("risk_warnings_12m", -3.0),
        ("credit_website_uptime", 1.2),
    ),
    "applications": (
        ("departments_sharing", "约30"),
        ("double_disclosure_rate", 1.2),
        ("joint_cases", -4.0),
    ),
}
_UNKNOWN_CITY = {"city": "990100", "monitoring": "990200", "applications": "990300"}
_NO_EDITION = "model-2018"
_ABOVE_ANY_POINTS = 99.0
_EVIDENCE, _DOCUMENTS = 3, 900
"""Of so many values of an application one has a reference, to one of so many documents of the year."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Statement:
    """What an office says of a month at one time; `suffix` tells its files from those of other times.

    `said`: city_code, measure, value (Float64), and text, which is written where there should be a
    number, else null. Of those that speak in rounds it has `evidence`, a reference or null, of assessors
    `edition` as well. A correction says only what it puts right, a late statement only what was missing.
    """

    suffix: str
    delivered_at: datetime
    said: pl.DataFrame


def statements(
    source_id: str,
    cities: pl.DataFrame,
    period: str,
    seed: int,
    *,
    everyday: bool,
    corrects: bool = False,
) -> list[Statement]:
    """What a source says of a month, in the order of time; nothing where it speaks in rounds only.

    Args:
        source_id: one of KINDS.
        cities: of the month, as `indicators.registry.cities_of` gives them.
        period: month, from 2016-01 on.
        seed: which invented country.
        everyday: with the imperfections of every day; without, there is one statement, and it is true.
        corrects: the first statement is wrong in places, and a second one puts that right. Assessors
            never are but by what is amiss every day.
    """
    t = months_since_2016(period)
    if source_id in IN_ROUNDS and not rounds.is_round(t):
        return []
    month = Month(cities, t, seed)
    if source_id == "assessor":
        return list(_Assessors(source_id, month, everyday).statements())
    return list(_Office(source_id, month, everyday, corrects).statements())


def measures_of(source_id: str) -> list[str]:
    """The measures that a source reports; those of assessors are `sandbox.assessors.awards`."""
    applied = source_id == "applications"
    return [
        rate.id
        for rate in base_rates().values()
        if rate.applied is applied and KINDS[source_id] in catalogue()[rate.id].sources
    ]


class _Sender:
    """One source in one month: its draws, and the moments at which it sends."""

    def __init__(self, source_id: str, month: Month, everyday: bool) -> None:
        self.source_id, self.month, self.everyday = source_id, month, everyday
        self.t, self.seed = month.t, month.seed

    def _day(self, first: int, last: int, what: str) -> datetime:
        """A moment in office hours, from one day of the following month to another."""
        year, month = divmod(self.t + 1, 12)
        day = first + self._pick(last - first + 1, "day", what)
        minutes = self._pick(8 * 60, "minute", what)
        return datetime(2016 + year, month + 1, day, 9, tzinfo=CLOCK) + timedelta(minutes=minutes)

    def _drawn(self, *what: object) -> Numbers:
        return chance.uniform(self.month.who, self.seed, self.source_id, *what)

    def _once(self, *what: object) -> float:
        return chance.once(self.seed, self.source_id, self.t, *what)

    def _pick(self, n: int, *what: object) -> int:
        return chance.pick(n, self.seed, self.source_id, self.t, *what)


class _Assessors(_Sender):
    """The assessors of a round: one table of all awards."""

    def statements(self) -> Iterator[Statement]:
        """The round's awards, and what puts right the worst of them."""
        right = assessors.awards(self.month).with_columns(text=pl.lit(None, pl.String))
        nowhere = -1
        above, unproven = (
            pl.int_range(pl.len())
            == (
                self._pick(len(right), "bad row", what)
                if self.everyday and self._once("bad", what) < _BAD_ROW
                else nowhere
            )
            for what in ("above the points", "without evidence")
        )
        said = right.with_columns(
            value=pl.when(above).then(_ABOVE_ANY_POINTS).otherwise("value"),
            evidence=pl.when(~unproven).then("evidence"),
        )
        if self.everyday and self._once("unknown edition") < _BAD_ROW:
            said = pl.concat([said, said.tail(1).with_columns(edition=pl.lit(_NO_EDITION))])
        yield Statement("", self._day(10, 20, "main"), said)
        wrong = right.filter(above | unproven)
        if len(wrong):
            yield Statement("-correction-1", self._day(21, 25, "correction"), wrong)


class _Office(_Sender):
    """One source in one month: a table of measures by cities, and which of it is sent when."""

    def __init__(self, source_id: str, month: Month, everyday: bool, corrects: bool) -> None:
        super().__init__(source_id, month, everyday)
        self.kind, self.corrects = KINDS[source_id], corrects
        t, seed = self.t, self.seed
        senders = np.ones(len(month.codes), dtype=np.bool_)
        self.senders = rounds.applicants(month) if source_id in IN_ROUNDS else senders
        begins = (chance.uniform(month.who, seed, source_id, "spell") * _SPELL).astype(np.uint64)
        nth = (np.uint64(t) + begins) // np.uint64(_SPELL)
        # A city in one of its spells; another key in the next.
        self.spell = month.who + nth * np.uint64(0xD6E8FEB86659FD93)
        self.measures = measures_of(source_id)
        self.values = np.array([self._said(m) for m in self.measures])
        self.known = np.array([self._known(m) for m in self.measures])

    def statements(self) -> Iterator[Statement]:
        """The month's own, then what comes after it."""
        late = self._late()
        slips = self._slips(self.known & ~late)
        yield Statement("", self._day(2, 7, "main"), self._main(~late, slips))
        if slips:
            told = np.zeros_like(self.known)
            for at in slips:
                told[at] = True
            yield Statement("-correction-1", self._day(8, 8, "correction"), self._table(told))
        if late.any():
            yield Statement("-late-1", self._day(12, 20, "late"), self._table(self.known & late))

    def _said(self, measure: str) -> Numbers:
        """What the source says: the truth, or its own count where another source counts too."""
        true = self.month.value(measure)
        if not self.everyday or len(catalogue()[measure].sources) == 1:
            return true
        if self.kind != "city":
            return rounded(true * (1.0 - 0.02 * self._drawn("counted", measure)), measure)
        extra = np.where(
            self._drawn("discrepant", measure, self.t // 12) < _DISCREPANT,
            0.28 + 0.25 * self._drawn("overstated", measure),
            0.04 * self._drawn("counted by the city", measure),
        )
        # A city claims more than others count; of a whole it cannot claim more than there is.
        claim = 1.0 - extra if base_rates()[measure].shape == "part" else 1.0 + extra
        return rounded(true * claim, measure)

    def _known(self, measure: str) -> Mask:
        """Of which cities the source has a value."""
        if not self.everyday:
            return self.senders
        unreached = chance.uniform(self.spell, self.seed, self.source_id, "unreached", measure)
        known: Mask = self.senders & (unreached >= _UNREACHED.get(self.kind, 0.0))
        if self.kind == "city":
            silent = (
                chance.uniform(self.spell, self.seed, "silent") < _SILENT[self.month.city_class]
            )
            partial = (
                chance.uniform(self.spell, self.seed, "partial") < _PARTIAL[self.month.city_class]
            )
            omitted = chance.uniform(self.spell, self.seed, "omitted", measure) < _OMITTED
            if self.source_id == "city":  # who applies says something at least
                known &= ~silent
            known &= ~(partial & omitted)
        if measure == self._failing_measure():
            known &= self.month.city_class != self._pick(3, "failing class")
        return known

    def _failing_measure(self) -> str | None:
        """The measure that fails for a class in this month, if one does; alike for all sources."""
        half, month = divmod(self.t, _FAILS_EVERY)
        if chance.pick(_FAILS_EVERY, self.seed, "failing month", half) != month:
            return None
        return _MAY_FAIL[chance.pick(len(_MAY_FAIL), self.seed, "failing", half)]

    def _late(self) -> Mask:
        """Cities below the provincial class whose submission comes too late."""
        late = np.zeros(len(self.month.codes), dtype=np.bool_)
        if self.everyday and self.kind == "city":
            may = np.flatnonzero((self.month.city_class > 0) & self.known.any(axis=0))
            order = np.argsort(self._drawn("late", self.t)[may], kind="stable")
            late[may[order[: 1 + self._pick(_LATE, "late cities")]]] = True
        return late

    def _slips(self, sent: Mask) -> list[tuple[int, int]]:
        """Counts that are sent with their last digit lost: places in the table."""
        often = _SLIPS.get(self.source_id, 0.0) if self.everyday else 0.0
        if not self.corrects and self._once("slips") >= often:
            return []
        may = [row for row, measure in enumerate(self.measures) if self._may_slip(measure)]
        tries = 10 * _PLACES if self.corrects else 3 + self._pick(_PLACES - 2, "number of slips")
        places = []
        for n in range(tries):
            row = may[self._pick(len(may), "slip in", n)]
            column = self._pick_sender("slip of", n)
            if sent[row, column] and self.values[row, column] >= 20:
                places.append((row, column))
        return list(dict.fromkeys(places))[:_PLACES]

    def _may_slip(self, measure: str) -> bool:
        """Counts that nothing else in the same files is a part of, and that have no such part added."""
        wholes = {m for other in self.measures for m in (*base_rates()[other].of, *_needed(other))}
        return decimals(measure) == 0 and measure not in wholes and not base_rates()[measure].plus

    def _main(self, in_time: Mask, slips: list[tuple[int, int]]) -> pl.DataFrame:
        sent = self.known & in_time
        values = self.values.copy()
        for place in slips:
            values[place] = values[place] // 10
        texts: dict[tuple[int, int], str] = {}
        for measure, found in _BAD.get(self.source_id, ()) if self.everyday else ():
            row = self.measures.index(measure)
            column = self._pick_sender("bad row", measure)
            if self._once("bad", measure) < _BAD_ROW and sent[row, column]:
                if isinstance(found, str):
                    texts[row, column] = found
                else:
                    values[row, column] = found
        rows = self._table(sent, values, texts)
        unknown = _UNKNOWN_CITY.get(self.source_id)
        if self.everyday and unknown and self._once("unknown city") < _BAD_ROW:
            stray = rows.tail(1).with_columns(city_code=pl.lit(unknown))
            rows = pl.concat([rows, stray])
        return rows

    def _table(
        self,
        mask: Mask,
        values: Numbers | None = None,
        texts: dict[tuple[int, int], str] | None = None,
    ) -> pl.DataFrame:
        """City by city, the measures in the catalogue's order."""
        columns, rows = np.nonzero(mask.T)
        written = np.full(mask.shape, None, dtype=object)
        for place, text in (texts or {}).items():
            written[place] = text
        table = pl.DataFrame(
            {
                "city_code": pl.Series(self.month.codes, dtype=pl.String)[columns],
                "measure": pl.Series(self.measures, dtype=pl.String)[rows],
                "value": (self.values if values is None else values)[rows, columns],
                "text": pl.Series(written[rows, columns].tolist(), dtype=pl.String),
            }
        )
        if self.source_id not in IN_ROUNDS:
            return table
        drawn = np.array([self._drawn("evidence", m, self.t) for m in self.measures])
        number = pl.Series((drawn[rows, columns] * _EVIDENCE * _DOCUMENTS).astype(np.int64) + 1)
        document = pl.format("模拟信用办〔{}〕{}号", pl.lit(2016 + self.t // 12), number)
        return table.with_columns(evidence=pl.when(number <= _DOCUMENTS).then(document))

    def _pick_sender(self, *what: object) -> int:
        """The column of one of those who send."""
        senders = np.flatnonzero(self.senders)
        return int(senders[self._pick(len(senders), *what)])


def _needed(measure: str) -> tuple[str, ...]:
    needs = base_rates()[measure].needs
    return (needs,) if needs else ()
