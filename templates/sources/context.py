"""Every declared source: who publishes it, how it comes, and what hangs on it."""

from dataclasses import dataclass

from templates.layout import Download, Fact, Link, Page


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that a source brings.

    Attributes:
        name: name of the measure.
        id: its id.
        unit: its unit.
        leaves: indicators of the current edition that need it, with their addresses.
    """

    name: str
    id: str
    unit: str
    leaves: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record in extracts: its name, the columns that are kept, and the measures made of it."""

    name: str
    columns: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provider:
    """A credit service provider: its name, address, best index, and requests that it allows a second."""

    name: str
    address: str
    scale: str
    per_second: str


@dataclass(frozen=True, slots=True)
class Site:
    """A kind of web site that is probed: its name, and its address with `{city_code}` for the city."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Month:
    """What a source brought for a month that is published.

    Attributes:
        period: the month, with the address of its data quality.
        short: whether it was less than the minimum.
        files: deliveries.
        late: of these, late.
        cities: cities with a value.
        values: values that stand.
        refused: rows refused.
    """

    period: Link
    short: bool
    files: str
    late: str
    cities: str
    values: str
    refused: str


@dataclass(frozen=True, slots=True)
class Source:
    """One source.

    Attributes:
        id: its id, the anchor of its entry.
        title: its title.
        simulated: whether it is invented.
        facts: publisher, kind, format, frequency, limits, ….
        address: where it is fetched, in words or as a fixed text.
        link: the address where it is an official one that a reader can follow; else empty.
        access: terms of access, a sentence.
        persons: whether its files may hold personal data, and what is kept then.
        measures_title: heading of the measures, with their number.
        measures: the measures that it brings.
        record_kinds: the kinds of record in its extracts.
        providers: the providers that it is made of.
        sites: the web sites of each city that it probes.
        months: what it brought in the months that are published, newest first.
    """

    id: str
    title: str
    simulated: bool
    facts: tuple[Fact, ...]
    address: str
    link: str
    access: str
    persons: str
    measures_title: str
    measures: tuple[Measure, ...]
    record_kinds: tuple[RecordKind, ...]
    providers: tuple[Provider, ...]
    sites: tuple[Site, ...]
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        sources: those that bring something every month first.
        downloads: what the sources are and bring as data; what they brought is in the data of each month.
    """

    page: Page
    sources: tuple[Source, ...]
    downloads: tuple[Download, ...]
