"""Credit events by field and affair, and how many of them are breaches of trust."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

ALL = ""
"""All affairs together."""


@dataclass(frozen=True)
class OfField:
    """Events of a city in one field: good ones, bad ones, and serious or major ones among the bad."""

    good: int
    bad: int
    grave: int


@dataclass(frozen=True)
class Share:
    """How many of so many events are breaches of trust."""

    events: int
    bad: int


@dataclass(frozen=True)
class ClassMean:
    """The mean of the shares of the cities of a class that have events, and how many those are."""

    cities: int
    share: float


def by_field(events: pl.DataFrame, grave: tuple[str, ...]) -> dict[str, dict[str, OfField]]:
    """Events of every city by field.

    Args:
        events: city_code, field, polarity (good or bad), severity (null for good ones).
        grave: the severities of a serious breach.
    """
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for code, field, polarity, severity in events.select(
        "city_code", "field", "polarity", "severity"
    ).iter_rows():
        counts[code][field][polarity] += 1
        counts[code][field]["grave"] += severity in grave
    return {
        code: {field: OfField(n["good"], n["bad"], n["grave"]) for field, n in fields.items()}
        for code, fields in counts.items()
    }


def shares(events: pl.DataFrame) -> dict[str, dict[str, Share]]:
    """How many of every city's events are bad, by affair; `ALL` for all of them.

    Args:
        events: city_code, affair, polarity.
    """
    counts: dict[str, dict[str, Counter[bool]]] = defaultdict(lambda: defaultdict(Counter))
    for code, affair, polarity in events.select("city_code", "affair", "polarity").iter_rows():
        for name in (affair, ALL):
            counts[code][name][polarity == "bad"] += 1
    return {
        code: {name: Share(n.total(), n[True]) for name, n in affairs.items()}
        for code, affairs in counts.items()
    }


def class_means(
    shares: Mapping[str, Mapping[str, Share]], class_of: Mapping[str, str]
) -> dict[tuple[str, str], ClassMean]:
    """The mean share of each class and affair; cities without such events do not count.

    Args:
        shares: as `shares` gives them.
        class_of: the class of every monitored city; others are left out.
    """
    found: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for code, affairs in shares.items():
        if code in class_of:
            for affair, share in affairs.items():
                found[class_of[code], affair].append(Fraction(share.bad, share.events))
    return {
        key: ClassMean(len(each), float(sum(each, Fraction(0)) / len(each)))
        for key, each in found.items()
    }
