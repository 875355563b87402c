"""Early warnings of a month: grave events that were first seen in it."""

from dataclasses import dataclass

from templates.layout import Filter, Link, Name, Page


@dataclass(frozen=True, slots=True)
class Warned:
    """A line of the list.

    Attributes:
        marks: name of each filter and this event's value in it.
        city: name of the city.
        ledger: address of the city's ledger.
        province: its province.
        title: title of the event, with the address of its page.
        field: its field, in words.
        severity: its severity, in words.
        kind: severity as a kind of badge.
        gravity: number to sort severities by.
        seen: day of the earliest report.
        answered: day of the first response; what stands where there is none.
        open: whether nobody answered.
    """

    marks: tuple[tuple[str, str], ...]
    city: Name
    ledger: str
    province: str
    title: Link
    field: str
    severity: str
    kind: str
    gravity: int
    seen: str
    answered: str
    open: bool


@dataclass(frozen=True, slots=True)
class Class:
    """The warnings of one class of city.

    Attributes:
        id: id of the section in the page.
        title: the class.
        summary: how many events, and how many of them nobody answered, in words.
        filters: by what the list can be narrowed.
        events: events that nobody answered first, then the gravest, then by province.
        more: how many more there are, in words; empty where all are shown.
    """

    id: str
    title: str
    summary: str
    filters: tuple[Filter, ...]
    events: tuple[Warned, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: month in words.
        revision: which revision of the month this is, in words.
        month: link to the month's ranking.
        watched: whether any site was watched in the month.
        classes: the warnings, class by class.
    """

    page: Page
    heading: str
    revision: str
    month: Link
    watched: bool
    classes: tuple[Class, ...]
