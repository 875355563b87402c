"""Early warnings of a month: cities by rule, and grave events that were first seen in it."""

from dataclasses import dataclass

from templates.layout import Download, Filter, Link, Name, Page


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
    """The events of one class of city.

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
class Rule:
    """A rule that warns.

    Attributes:
        name: what it is called.
        threshold: beyond which it warns, in words.
        reason: why one should know.
        cities: how many cities it warns of.
    """

    name: str
    threshold: str
    reason: str
    cities: str


@dataclass(frozen=True, slots=True)
class City:
    """A city, and one rule that warns of it.

    Attributes:
        marks: name of each filter and this line's value in it.
        name: name of the city.
        scorecard: address of its warnings.
        province: its province.
        class_title: its class.
        rule: the rule, and the measure that it warns of.
        found: what was found, in words.
        value: the same as a number to sort by.
        threshold: beyond which the rule warns, in words.
    """

    marks: tuple[tuple[str, str], ...]
    name: Name
    scorecard: str
    province: str
    class_title: str
    rule: str
    found: str
    value: str
    threshold: str


@dataclass(frozen=True, slots=True)
class ByRule:
    """The warnings that rules speak.

    Attributes:
        rules: every rule.
        summary: how many warnings of how many cities, in words.
        filters: by what the list can be narrowed.
        cities: by city.
        more: how many more there are, in words; empty where all are shown.
    """

    rules: tuple[Rule, ...]
    summary: str
    filters: tuple[Filter, ...]
    cities: tuple[City, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: month in words.
        revision: which revision of the month this is, in words.
        month: link to the month's ranking.
        by_rule: what rules warn of; none where the month was published before there were any.
        watched: whether any site was watched in the month.
        classes: the events, class by class.
        downloads: all warnings and events as data.
    """

    page: Page
    heading: str
    revision: str
    month: Link
    by_rule: ByRule | None
    watched: bool
    classes: tuple[Class, ...]
    downloads: tuple[Download, ...]
