"""A consultation paper: where one of the lowest cities of its class stands, why, and what to ask it."""

from dataclasses import dataclass

from templates.causes import Since
from templates.layout import Chart, Fact, Link, Name, Page
from templates.scorecard.warned import CityWarning


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of the index against the class.

    Attributes:
        name: the second-level indicator.
        won: points won.
        possible: points that could be won.
        median: median of the class.
        gap: the city's points less the median.
        below: whether they are fewer.
    """

    name: str
    won: str
    possible: str
    median: str
    gap: str
    below: bool


@dataclass(frozen=True, slots=True)
class Cause:
    """Why points were lost.

    Attributes:
        name: the cause.
        leaves: how many leaves lost points by it.
        lost: points lost by it.
        share: share of all points that the city lost.
        names: the leaves that lost most by it.
    """

    name: str
    leaves: str
    lost: str
    share: str
    names: str


@dataclass(frozen=True, slots=True)
class Risen:
    """A comparable city that rose.

    Attributes:
        city: its name.
        province: its province.
        before: index and rank before, in words.
        after: index and rank now, in words.
        change: by how much the index rose.
        leaves: the leaves by which it rose, with points before and now.
    """

    city: Name
    province: str
    before: str
    after: str
    change: str
    leaves: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the city: the leaf, what was found, and what is asked."""

    leaf: str
    lost: str
    found: str
    asked: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything in the paper.

    Attributes:
        page: frame of the page.
        heading: what the paper is called.
        city: the city.
        about: province, class and code, in words.
        period: the quarter, in words.
        edition: title of the edition.
        revision: which revision of which month it rests on.
        pdfs: the paper as PDF, in the languages that there are.
        why: why the city is consulted, in words.
        facts: index, rank, and what they were.
        series: ranks of the months of the quarter and of the year before, where published.
        moved: what changed the index since earlier months, cause by cause; nothing where none is known.
        warnings: what the city is warned of; None where the month was not judged.
        gaps: the second-level indicators against the class, the widest gap first.
        causes: why points were lost, the weightiest first.
        compared: with whom and since when it is compared, in words.
        risen: comparable cities that rose most.
        questions: what is to be answered.
        signatures: lines to be signed by hand.
    """

    page: Page
    heading: str
    city: Name
    about: str
    period: str
    edition: str
    revision: str
    pdfs: tuple[Link, ...]
    why: str
    facts: tuple[Fact, ...]
    series: Chart
    moved: tuple[Since, ...]
    warnings: tuple[CityWarning, ...] | None
    gaps: tuple[Gap, ...]
    causes: tuple[Cause, ...]
    compared: str
    risen: tuple[Risen, ...]
    questions: tuple[Question, ...]
    signatures: tuple[str, ...]
