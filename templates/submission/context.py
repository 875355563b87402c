"""What a submission form holds: who is to fill it in, for which month, and what it asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["city", "province", "assessor"]


class Measure(Protocol):
    """A measure that is asked for, as the catalogue of measures has it."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def kind(self) -> str:
        """What kind of number it is, such as `stock`: a key of `measure_kind.…`."""

    @property
    def unit(self) -> str:
        """Its unit: a key of `unit.…`."""

    @property
    def zh(self) -> str:
        """Chinese name."""

    @property
    def en(self) -> str:
        """English name."""


class Section(Protocol):
    """Measures under one title."""

    @property
    def zh(self) -> str:
        """Chinese title."""

    @property
    def en(self) -> str:
        """English title."""

    @property
    def measures(self) -> Sequence[Measure]:
        """The measures, in the order in which they are asked."""


@dataclass(frozen=True, slots=True)
class Place:
    """A city or province: its code, and its names in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything in the workbook.

    Attributes:
        kind: who fills it in: a city, a province for each of its cities, or an assessor about a city.
        place: the city or province that it is about.
        period: month that is reported.
        edition_zh: Chinese title of the edition that asks.
        edition_en: English title of it.
        due_day: last day of the following month on which it is in time.
        sections: what is asked.
        cities: the cities of a province's form, one a row; none in the other kinds.
        divisible: units in which a value need not be whole.
        points: most points that may be awarded, by measure; none where nothing is awarded.
        before: what was said for the month before, by code of the city and measure, as far as known.
        identity: what a reader of the workbook needs to know of it, written down as it is.
    """

    kind: Kind
    place: Place
    period: str
    edition_zh: str
    edition_en: str
    due_day: int
    sections: Sequence[Section]
    cities: Sequence[Place]
    divisible: frozenset[str]
    points: Mapping[str, float]
    before: Mapping[tuple[str, str], float]
    identity: Mapping[str, str]
