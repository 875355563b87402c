"""Editions side by side: how points moved between subjects and criteria, out of the edition files."""

from dataclasses import dataclass

from templates.layout import Chart, Download, Link, Page


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition.

    Attributes:
        title: its title.
        short: its id, as heads of columns have it.
        draft: whether it is a draft.
        points: its points, with a bonus where it has one.
        methodology: its methodology.
    """

    title: str
    short: str
    draft: bool
    points: str
    methodology: Link


@dataclass(frozen=True, slots=True)
class Cell:
    """What an edition gives to a subject or criterion.

    Attributes:
        points: its points; `–` where it has none.
        note: the groups that they are in, or the rule, in words; empty where there is nothing to say.
    """

    points: str
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """A subject or criterion through the editions; `sum` marks a line that adds others up."""

    name: str
    cells: tuple[Cell, ...]
    sum: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with an edition in each column.

    Attributes:
        anchor: id in the page.
        title: what it shows.
        note: how it is to be read.
        head: what its lines are.
        editions: heads of the columns.
        rows: its lines.
    """

    anchor: str
    title: str
    note: str
    head: str
    editions: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        chart: how the weight of three subjects moved between editions.
        tables: subjects, and criteria of single subjects, by edition.
        editions: all editions that there are.
        downloads: the same as data.
    """

    page: Page
    chart: Chart
    tables: tuple[Table, ...]
    editions: tuple[Edition, ...]
    downloads: tuple[Download, ...]
