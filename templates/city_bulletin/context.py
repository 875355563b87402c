"""The monthly bulletin of a city: where it stands, what it lost, its credit events. Two pages of A4."""

from dataclasses import dataclass

from templates.causes import Since
from templates.layout import Change, Chart, Link, Name, Page
from templates.scorecard.warned import CityWarning


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the city stands.

    Attributes:
        index: index as printed.
        rank: rank in its class; `–` where it has none.
        of: how many are ranked in the class, in words.
        index_month: index against the month before.
        rank_month: places won or lost since the month before.
        index_year: index against the same month of the year before.
        rank_year: places won or lost since then.
        coverage: share of the points that rest on the city's own values.
    """

    index: str
    rank: str
    of: str
    index_month: Change
    rank_month: Change
    index_year: Change
    rank_year: Change
    coverage: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A leaf on which points were lost.

    Attributes:
        name: the leaf.
        group: the second-level indicator that it belongs to.
        lost: points lost.
        possible: points that it is worth.
        value: the city's value.
        median: median of the values of the class.
        need: what full points need.
        badges: why the points are not the city's own: kind and label.
    """

    name: str
    group: str
    lost: str
    possible: str
    value: str
    median: str
    need: str
    badges: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """Credit events of twelve months in one field.

    Attributes:
        name: the field.
        bad: breaches of trust.
        grave: serious and major ones among them.
        good: events that speak for the city.
        mean: breaches of a city of the class, on average.
        rule: whether the city has a rule of its own in the field, in words.
        open: whether it has none.
    """

    name: str
    bad: str
    grave: str
    good: str
    mean: str
    rule: str
    open: bool


@dataclass(frozen=True, slots=True)
class Affair:
    """The fields of one affair."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything in the bulletin.

    Attributes:
        page: frame of the page.
        heading: what the bulletin is called.
        city: the city.
        about: province, region, class and code, in words.
        period: the month, in words.
        edition: title of the edition.
        revision: which revision of the month it rests on.
        pdfs: the bulletin as PDF, in the languages that there are.
        standing: where the city stands.
        series: its rank over thirteen months, with the index in the table behind.
        moved: what changed the index since earlier months, cause by cause; nothing where none is known.
        warnings: what the city is warned of; None where the month was not judged.
        lost: the leaves with most points lost, the most first.
        shares: share of breaches among events, city and class, by affair.
        affairs: events by field.
        open_fields: fields without a rule of the city's own, in words.
        watched: whether sites were watched in the month, so that events and rules are known.
    """

    page: Page
    heading: str
    city: Name
    about: str
    period: str
    edition: str
    revision: str
    pdfs: tuple[Link, ...]
    standing: Standing
    series: Chart
    moved: tuple[Since, ...]
    warnings: tuple[CityWarning, ...] | None
    lost: tuple[Lost, ...]
    shares: Chart
    affairs: tuple[Affair, ...]
    open_fields: str
    watched: bool
