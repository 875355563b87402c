"""A published list beside the ranks that were computed for its month: two columns, never one."""

from dataclasses import dataclass

from templates.layout import Change, Download, Fact, Link, Name, Page


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line and what was computed of the same city.

    Attributes:
        city: city as printed, with its English name where known.
        href: its scorecard; empty where it was not computed.
        published_rank: rank as printed.
        published_score: index as printed; `–` where only the order is known.
        published_place: rank among the cities that both name.
        computed_rank: rank in the class; `–` where there is none.
        computed_index: index as printed by this project.
        computed_place: rank among the cities that both name.
        apart: published place − computed place; up where the computed one is the better.
    """

    city: Name
    href: str
    published_rank: str
    published_score: str
    published_place: str
    computed_rank: str
    computed_index: str
    computed_place: str
    apart: Change


@dataclass(frozen=True, slots=True)
class ClassSection:
    """One class: facts are counts and correlations."""

    id: str
    title: str
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: issue in words.
        publisher: who published the list, in words.
        sources: where it was published; the address is empty where it is none on the web.
        computed_as: edition, month and revision that were computed.
        which: why this month belongs to the list.
        inputs: what the computed ranks rest on.
        links: the published list, the computed ranking, its data quality.
        classes: one section each.
        method: how cities were matched and ranked among themselves.
        downloads: both ranks as data.
    """

    page: Page
    heading: str
    publisher: str
    sources: tuple[tuple[str, str], ...]
    computed_as: str
    which: str
    inputs: str
    links: tuple[Link, ...]
    classes: tuple[ClassSection, ...]
    method: str
    downloads: tuple[Download, ...]
