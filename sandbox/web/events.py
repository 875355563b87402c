"""What happens in the invented cities, and what else is published there, month by month.

Pure, as the world is: a month of a city is the same whichever other months and cities are asked for.
Events are a table of codes and days; `writing.py` tells of them in words.
"""

from calendar import monthrange
from datetime import date
from functools import cache
from typing import Final, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sandbox import chance
from sandbox.chance import Keys, Numbers
from sandbox.web.plots import OUTCOMES, plots, texts

Whole = NDArray[np.int64]
_NEVER: Final = np.iinfo(np.int64).max
_SERIOUS: Final = OUTCOMES.index("serious")
_MAJOR_SHARE: Final = 0.12
"""Of breaches that are serious at least."""
_GOOD_SHARE: Final = 0.35
"""Of the other events."""
_QUIET: Final = 0.45
"""Share of the events told by the city itself that no newspaper tells of."""
_TWICE: Final = 0.18
"""Share of the events told by newspapers that two of them tell of."""
_FIRST_DAYS, _ANSWER_DAYS = 12, 22
"""At most so many days until the city's own site tells of an event, and until it answers."""
_TOLD: Final = {"risk_warning": "risk_warnings_12m", "propaganda": "propaganda_items_12m"}
"""Pages that are counted, by the measure that counts them."""
_OTHERS: Final = (1.5, 0.9, 0.6)
"""Pages a year that give nothing: provincial, prefecture, county."""
_RULES: Final = (6.0, 3.6, 2.4)
"""Rules of a city that issues as many as it can: provincial, prefecture, county."""
_HESITATES: Final = 55
"""Within so many months a city's rule follows what it carries out."""
_EVERY: Final = 4
"""Years from one list of pledges to the next."""
_PLEDGES: Final = {"pledge": "pledged_entities", "repair": "repair_commitments"}
"""Lists of pledges, by the measure that they carry."""


class Tendencies(Protocol):
    """What events follow from: the cities of a month, and how many of something to expect there.

    `since` is the month from which each of them is a city; nothing happens there before.
    """

    codes: list[str]
    who: Keys
    city_class: Whole
    since: Whole
    t: int
    seed: int

    def at(self, t: int) -> "Tendencies":
        """The same cities in another month."""

    def expected(self, measure: str) -> Numbers:
        """How large a measure would be by itself, unrounded."""

    def inclination(self, measure: str) -> Numbers:
        """The share of what it is a part of, 0 to 1."""


def happened(month: Tendencies) -> pl.DataFrame:
    """The credit events that happen in a month, by city and number.

    Returns:
        event_id, city_code, plot (number in `plots()`), outcome (one of OUTCOMES), first_seen, disclosed
        (the city's own site first tells of it), answered (a response; both null where there is none),
        press (how many newspapers tell of it first).
    """
    breaches, _ = _number(month, _yearly(month, "breaches_12m"), "breaches")
    others, _ = _number(month, _yearly(month, "events_12m"), "others")
    city, nth = _slots(breaches + others)
    who = _keyed(month, np.full_like(city, month.t), city, nth)
    grave = nth < breaches[city]
    drawn = chance.uniform(who, month.seed, "severity")
    outcome = np.where(
        grave,
        _SERIOUS + (drawn < _MAJOR_SHARE),
        np.where(drawn < _GOOD_SHARE, 0, 1),
    )
    plot = np.zeros(len(city), dtype=np.int64)
    kind = chance.uniform(who, month.seed, "plot")
    for number in range(len(OUTCOMES)):
        may = _ending(OUTCOMES[number])
        here = outcome == number
        plot[here] = may[(kind[here] * len(may)).astype(np.int64)]
    day = (chance.uniform(who, month.seed, "day") * days_of(month.t)).astype(np.int64)
    tells = chance.uniform(who, month.seed, "tells")
    disclosed = tells < month.inclination("events_disclosed_12m")[city]
    asked = chance.uniform(who, month.seed, "answers")
    answered = (asked < month.inclination("breaches_answered_12m")[city]) & grave
    press = 1 + (chance.uniform(who, month.seed, "press") < _TWICE)
    quiet = disclosed & ~answered & (chance.uniform(who, month.seed, "quiet") < _QUIET)
    press = np.where(quiet, 0, press)
    # Where newspapers tell of it too, the city is first, or comes some days later.
    wait = (chance.uniform(who, month.seed, "wait") ** 2 * _FIRST_DAYS).astype(np.int64)
    wait = np.where(press == 0, 0, wait)
    reply = 3 + (chance.uniform(who, month.seed, "reply") * (_ANSWER_DAYS - 2)).astype(np.int64)
    first = pl.lit(_first(month.t)) + pl.duration(days=pl.col("day"))
    return pl.DataFrame(
        {
            "city_code": pl.Series(month.codes, dtype=pl.String)[city],
            "nth": nth, "plot": plot, "outcome": outcome, "day": day,
            "disclosed": pl.Series(np.where(disclosed, wait, -1)),
            "answered": pl.Series(np.where(answered, reply, -1)),
            "press": press,
        }
    ).select(
        event_id=pl.format("{}-{}-{}", pl.lit(_first(month.t).strftime("%Y%m")), "city_code", "nth"),
        city_code="city_code",
        plot="plot",
        outcome=pl.col("outcome").replace_strict(dict(enumerate(OUTCOMES)), return_dtype=pl.String),
        first_seen=first,
        disclosed=pl.when(pl.col("disclosed") >= 0).then(first + pl.duration(days="disclosed")),
        answered=pl.when(pl.col("answered") >= 0).then(first + pl.duration(days="answered")),
        press="press",
    )  # fmt: skip


def published(month: Tendencies) -> pl.DataFrame:
    """What cities publish in a month besides events, and what does not stand for good.

    Returns:
        page_id, city_code, kind, text (number in `texts(kind)`), published, count (of lists, else null).
    """
    frames = [_flow(month, kind, _yearly(month, measure)) for kind, measure in _TOLD.items()]
    frames.append(_flow(month, "other", _by_class(month, _OTHERS)))
    frames.append(_exemplars(month))
    return pl.concat(frames)


def standing(month: Tendencies) -> pl.DataFrame:
    """Rules and pledges that cities have published until a month, since they stand: as `published`."""
    return pl.concat([_rules(month), *(_pledges(month, name) for name in _PLEDGES)])


def days_of(t: int) -> int:
    """Days of a month, counted from 2016-01."""
    return monthrange(2016 + t // 12, t % 12 + 1)[1]


def month_of(period: str) -> int:
    """0 for 2016-01, less than that before."""
    year, month = map(int, period.split("-"))
    return (year - 2016) * 12 + month - 1


def _first(t: int) -> date:
    return date(2016 + t // 12, t % 12 + 1, 1)


def _number(month: Tendencies, yearly: Numbers, *what: object) -> tuple[Whole, Whole]:
    """How many there are this month of so many a year, and how many there were in the year before it.

    They are spread over the year as evenly as whole numbers can be, so twelve months have as many as are
    to be expected, or one more or less.
    """
    offset = chance.uniform(month.who, month.seed, "offset", *what)
    before, until = (
        np.floor(yearly * (month.t % 12 + plus) / 12.0 + offset).astype(np.int64) for plus in (0, 1)
    )
    return np.where(month.since <= month.t, until - before, 0), before


def _yearly(month: Tendencies, measure: str) -> Numbers:
    """How many to expect in the calendar year, at the pace that January promises."""
    return month.at(month.t // 12 * 12).expected(measure)


def _slots(number: Whole) -> tuple[Whole, Whole]:
    """For each thing its city's place, and its number there."""
    city = np.repeat(np.arange(len(number)), number)
    nth = np.arange(len(city)) - np.repeat(np.cumsum(number) - number, number)
    return city, nth


def _keyed(month: Tendencies, t: Whole, city: Whole, nth: Whole) -> Keys:
    """A key for each thing: of its city, its month and its number there."""
    step = np.uint64(0x9E3779B97F4A7C15)
    months, which = np.unique(t, return_inverse=True)
    turn = np.array([chance.key("month", int(one)) for one in months], dtype=np.uint64)
    keys: Keys = month.who[city] + nth.astype(np.uint64) * step + turn[which]
    return keys


@cache
def _ending(outcome: str) -> Whole:
    """Which plots can end so."""
    return np.array([at for at, plot in enumerate(plots()) if outcome in plot.outcomes])


def _by_class(month: Tendencies, numbers: tuple[float, ...]) -> Numbers:
    by_class: Numbers = np.array(numbers, dtype=np.float64)[month.city_class]
    return by_class


def _flow(month: Tendencies, kind: str, yearly: Numbers) -> pl.DataFrame:
    """So many pages of a kind a year in each city, which goes round the texts and repeats itself late."""
    number, before = _number(month, yearly, kind)
    city, nth = _slots(number)
    start = chance.uniform(month.who, month.seed, "start", kind) * len(texts(kind))
    turn = start.astype(np.int64)[city] + 3 * (month.t // 12) + before[city] + nth
    return _frame(month, np.full_like(city, month.t), kind, city, turn % len(texts(kind)), nth=nth)


def _exemplars(month: Tendencies) -> pl.DataFrame:
    """Lists of the trustworthy, one a year in a month of each city's own."""
    among = len(texts("exemplar"))
    due = (_due(month, "exemplar") == month.t % 12) & (month.since <= month.t)
    city = np.flatnonzero(due)
    count = np.floor(month.expected("trust_exemplars_12m"))
    city = city[count[city] > 0]
    start = chance.uniform(month.who, month.seed, "start", "exemplar") * among
    text = (start.astype(np.int64)[city] + month.t // 12) % among
    return _frame(month, np.full_like(city, month.t), "exemplar", city, text, count[city])


def _due(month: Tendencies, name: str) -> Whole:
    """The month of the year, from 0, in which each city publishes its list."""
    return (chance.uniform(month.who, month.seed, "due", name) * 12).astype(np.int64)


def _rules(month: Tendencies) -> pl.DataFrame:
    """Rules: some months after the national document that they carry out, or of a city's own thinking."""
    first, rules = month.at(0), texts("rule")
    issued = np.full((len(rules), len(month.codes)), _NEVER)
    for at, rule in enumerate(rules):
        measure = "national_rules_implemented" if rule.document else "innovative_rules"
        share = _by_class(month, _RULES) / len(rules) * 2.0 * first.inclination(measure)
        issues = chance.uniform(month.who, month.seed, "issues", at) < share
        later = chance.uniform(month.who, month.seed, "issued", at) * _HESITATES
        after = np.maximum(month_of(rule.since) + 2, month.since)
        issued[at, issues] = (after + later.astype(np.int64))[issues]
    text, city = np.nonzero(issued <= month.t)
    return _frame(month, issued[text, city], "rule", city, text, nth=text)


def _pledges(month: Tendencies, name: str) -> pl.DataFrame:
    """Pledges: in 2015, or a city's first whole year, and every fourth year those that came on top."""
    measure, cities = _PLEDGES[name], np.arange(len(month.codes))
    choice = np.array(
        [at for at, text in enumerate(texts("pledge")) if text.repair is (name == "repair")]
    )
    drawn = chance.uniform(month.who, month.seed, "phase", name) * _EVERY
    due, phase = _due(month, name), drawn.astype(np.int64)
    begins = np.maximum(-(-month.since // 12), -1)
    so_far, lists = np.zeros(len(cities)), []
    for year in range(-1, month.t // 12 + 1):
        # What is published stands for years, and is never more than it can be a part of.
        lasting = range(year * 12, (year + _EVERY) * 12 + 1, 6)
        most = np.min([np.floor(month.at(t).expected(measure)) for t in lasting], axis=0)
        again = (year > begins) & ((year + phase) % _EVERY == 0)
        more = np.where((year == begins) | again, most - so_far, 0)
        more = np.where(due <= month.t - year * 12, np.maximum(more, 0), 0)
        so_far += more
        city = cities[more > 0]
        text = choice[(phase[city] + year) % len(choice)]
        lists.append((year * 12 + due[city], city, text, more[city]))
    t, city, text, count = map(np.concatenate, zip(*lists, strict=True))
    return _frame(month, t, name, city, text, count)


def _frame(
    month: Tendencies,
    t: Whole,
    name: str,
    city: Whole,
    text: Whole,
    count: Numbers | None = None,
    nth: Whole | None = None,
) -> pl.DataFrame:
    """Pages of certain months, on days that are drawn; `name` is their kind, or tells them apart."""
    nth = np.zeros_like(city) if nth is None else nth
    drawn = chance.uniform(_keyed(month, t, city, nth), month.seed, name, "day")
    months, which = np.unique(t, return_inverse=True)
    first = np.array([_first(int(one)) for one in months], dtype="datetime64[D]")[which]
    days = np.array([days_of(int(one)) for one in months])[which]
    codes = pl.Series(month.codes, dtype=pl.String)[city]
    day = (first + (drawn * days).astype(np.int64)).astype("datetime64[D]")
    return pl.DataFrame(
        {"city_code": codes, "nth": nth, "text": text, "published": pl.Series(day, dtype=pl.Date)}
    ).select(
        page_id=pl.format(
            "{}-{}-{}-{}", pl.col("published").dt.strftime("%Y%m"), "city_code", pl.lit(name), "nth"
        ),
        city_code="city_code",
        kind=pl.lit("pledge" if name in _PLEDGES else name),
        text="text",
        published="published",
        count=pl.Series(count, dtype=pl.Int64) if count is not None else pl.lit(None, pl.Int64),
    )
