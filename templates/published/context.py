"""One issue of a list that the state published, as transcribed. Nothing on it is computed."""

from dataclasses import dataclass

from templates.layout import Download, Fact, Link, Name, Page


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line.

    Attributes:
        rank: rank as printed.
        city: city as printed, with its English name where known.
        province: province as printed, or its English name.
        score: index as printed; `–` where only the order is known.
        citation: where it was published.
        href: address of the citation; empty where it is none on the web.
    """

    rank: str
    city: Name
    province: str
    score: str
    citation: str
    href: str


@dataclass(frozen=True, slots=True)
class ClassList:
    """The lines of one class."""

    id: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Links to where the issue stands beside computed ranks; else why it does not, and the commands."""

    links: tuple[Link, ...]
    none: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: issue as printed.
        publisher: who published it, in words.
        facts: window, lines transcribed.
        classes: lines by class.
        beside: where it stands beside computed ranks.
        downloads: all published lists as data.
    """

    page: Page
    heading: str
    publisher: str
    facts: tuple[Fact, ...]
    classes: tuple[ClassList, ...]
    beside: Beside
    downloads: tuple[Download, ...]
