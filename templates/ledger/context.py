"""A city's ledger: its credit events, and the other pages found on the web that count for it."""

from dataclasses import dataclass

from templates.layout import Download, Fact, Filter, Link, Name, Page


@dataclass(frozen=True, slots=True)
class Value:
    """A measure that rests on what a section lists.

    Attributes:
        name: name of the measure.
        value: the value that was scored, with its unit.
        note: where it came from, in words.
        differs: why it is not what the section lists, in words; empty where it is.
        leaves: indicators of the scorecard that it counts for.
    """

    name: str
    value: str
    note: str
    differs: str
    leaves: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the list of events.

    Attributes:
        marks: name of each filter and this event's value in it.
        title: its title, with the address of its page.
        seen: day of the earliest report.
        field: its field, in words.
        severity: severity, or that it is a good one, in words.
        kind: severity as a kind of badge.
        gravity: number to sort severities by.
        answered: day of the first response; what stands where there is none.
        disclosed: yes or no, in words.
        reports: number of pages that report it.
    """

    marks: tuple[tuple[str, str], ...]
    title: Link
    seen: str
    field: str
    severity: str
    kind: str
    gravity: int
    answered: str
    disclosed: str
    reports: str


@dataclass(frozen=True, slots=True)
class Item:
    """A page that counts for the city, and is no report of an event.

    Attributes:
        published: day of publication.
        title: its title; without an address where it is none of the web.
        site: name of the site.
        official: official site or media, in words.
        gone: since when it is there no more, in words; empty where it is there.
        counts: what it counts for: subjects, or document and fields; empty where each counts as one.
    """

    published: str
    title: Link
    site: str
    official: str
    gone: str
    counts: str


@dataclass(frozen=True, slots=True)
class Section:
    """Pages of one kind.

    Attributes:
        id: kind of page; id of the section in the page.
        title: heading.
        values: measures that rest on them.
        counts: heading of the column that says what each page counts for; empty where each counts as one.
        items: the pages, newest first.
        more: how many more there are, in words; empty where all are shown.
    """

    id: str
    title: str
    values: tuple[Value, ...]
    counts: str
    items: tuple[Item, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        city: name of the city.
        scorecard: link to its scorecard.
        window: the months that the list of events covers, in words.
        revision: which revision of the month this is, in words.
        facts: number of events, of bad, grave, answered and disclosed ones.
        values: measures that rest on the events.
        filters: by what the list of events can be narrowed.
        events: events, the newest first.
        sections: the other pages, kind by kind.
        downloads: the ledger of all cities as data.
    """

    page: Page
    city: Name
    scorecard: Link
    window: str
    revision: str
    facts: tuple[Fact, ...]
    values: tuple[Value, ...]
    filters: tuple[Filter, ...]
    events: tuple[Event, ...]
    sections: tuple[Section, ...]
    downloads: tuple[Download, ...]
