"""What the last run of a month did, for its operator, and the runs before."""

from dataclasses import dataclass

from templates.layout import Fact, Page


@dataclass(frozen=True, slots=True)
class Source:
    """What a source brought.

    Attributes:
        name: its title.
        files: deliveries.
        late: of these, late.
        records: values that stand.
        refused: rows refused.
        short: whether it brought less than its minimum.
    """

    name: str
    files: str
    late: str
    records: str
    refused: str
    short: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the run.

    Attributes:
        name: its asset.
        seconds: how long it took.
        share: length of its bar, per cent of the longest.
        failed: whether it failed.
    """

    name: str
    seconds: str
    share: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Said:
    """Things to be told under one heading.

    Attributes:
        title: the heading.
        lines: each in the words of who found it.
    """

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of before.

    Attributes:
        began: when.
        period: the month.
        edition: the edition.
        status: how it ended, in words.
        kind: `failed`, `published` or `unchanged`.
        seconds: how long it took.
        files: deliveries of all sources.
        why: what stopped it, or which sources were short.
    """

    began: str
    period: str
    edition: str
    status: str
    kind: str
    seconds: str
    files: str
    why: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: what was run.
        status: how it ended, in words.
        kind: `failed`, `published` or `unchanged`.
        facts: when, how long, which revision.
        todo: what to do next.
        said: what failed, was short, is doubtful, waits; only what there is.
        sources: what came.
        steps: in the order in which they began.
        runs: all runs that are kept, the newest first.
    """

    page: Page
    heading: str
    status: str
    kind: str
    facts: tuple[Fact, ...]
    todo: tuple[str, ...]
    said: tuple[Said, ...]
    sources: tuple[Source, ...]
    steps: tuple[Step, ...]
    runs: tuple[Run, ...]
