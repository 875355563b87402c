"""A month's revisions, the newest first: what each rests on, what changed and why."""

from dataclasses import dataclass

from templates.layout import Download, Fact, Link, Page


@dataclass(frozen=True, slots=True)
class Input:
    """One file that went into a revision.

    Attributes:
        source: title of the source.
        file: name of the file.
        sha: first characters of its SHA-256.
        delivered: when it was delivered.
        late: remark on lateness, or empty.
        taken: rows taken.
        refused: rows refused.
        fresh: whether the revision before did not have it.
    """

    source: str
    file: str
    sha: str
    delivered: str
    late: str
    taken: str
    refused: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class CityChange:
    """A city whose index or rank differs from the revision before."""

    city: Link
    index_before: str
    index_after: str
    rank_before: str
    rank_after: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row of a source's file, or a whole file, that was not taken in.

    Attributes:
        source: title of the source.
        file: name of the file.
        row: row in the file, or words for the whole file.
        field: column that was refused.
        reason: why, in words.
        found: what was found.
        expected: what was expected.
    """

    source: str
    file: str
    row: str
    field: str
    reason: str
    found: str
    expected: str


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
        facts: code version, edition's hash, hash of the numbers, coverage of each class.
        inputs: the files it rests on.
        downloads: its data.
    """

    title: str
    href: str
    newest: bool
    why: tuple[str, ...]
    counts: tuple[Fact, ...]
    cities: tuple[CityChange, ...]
    facts: tuple[Fact, ...]
    inputs: tuple[Input, ...]
    downloads: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: month in words.
        edition: title of the edition.
        newest: link to the ranking that stands.
        revisions: all revisions, newest first.
        refusals: rows that the newest revision's sources had refused.
        refusals_title: their heading, with their number.
        refusals_folded: whether they are too many to stand open.
        refusals_more: how many more there are, in words; empty where all are shown.
    """

    page: Page
    heading: str
    edition: str
    newest: Link
    revisions: tuple[Revision, ...]
    refusals: tuple[Refusal, ...]
    refusals_title: str
    refusals_folded: bool
    refusals_more: str
