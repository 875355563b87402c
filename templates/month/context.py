"""A month's revisions, the newest first: what each rests on, what changed and why."""

from dataclasses import dataclass

from templates.layout import Download, Fact, Link, Page


@dataclass(frozen=True, slots=True)
class CityChange:
    """A city whose index or rank differs from the revision before."""

    city: Link
    index_before: str
    index_after: str
    rank_before: str
    rank_after: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision.

    Attributes:
        title: which revision, in words.
        href: address of its ranking.
        newest: whether it is the one that stands.
        why: what differs in what it rests on, in sentences.
        counts: number of changed observations, leaves, indexes and ranks.
        cities: the cities whose index changed most.
        facts: code version, edition's hash, hash of the numbers, files, rows, coverage of each class.
        quality: link to what its sources brought, with the receipt of every file.
        downloads: its data.
    """

    title: str
    href: str
    newest: bool
    why: tuple[str, ...]
    counts: tuple[Fact, ...]
    cities: tuple[CityChange, ...]
    facts: tuple[Fact, ...]
    quality: Link
    downloads: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: month in words.
        edition: title of the edition.
        newest: link to the ranking that stands.
        beside: links to the same month under other editions, and to published lists of it.
        reports: links to its bulletins and reports.
        revisions: all revisions, newest first.
    """

    page: Page
    heading: str
    edition: str
    newest: Link
    beside: tuple[Link, ...]
    reports: tuple[Link, ...]
    revisions: tuple[Revision, ...]
