"""Two editions of one month side by side: how ranks move, and where the mean totals differ."""

from dataclasses import dataclass

from templates.layout import Change, Download, Fact, Link, Name, Page


@dataclass(frozen=True, slots=True)
class Mover:
    """A city with its ranks and totals under both editions; `moved` points up where it gains."""

    city: Name
    href: str
    rank_a: str
    rank_b: str
    moved: Change
    total_a: str
    total_b: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table of subjects by kinds of change, whose rows and columns add up as they are printed.

    Attributes:
        head: the first standing, kinds of change, the last standing.
        rows: name of a subject, and a cell for each of `head`; empty where there is nothing.
        foot: sums, the first and the last being the totals.
        legend: kinds of change and what they mean.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    foot: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the difference: a criterion, why it differs, how, and by how much."""

    name: str
    kind: str
    says: str
    amount: str


@dataclass(frozen=True, slots=True)
class Group:
    """The parts of one subject, and their sum."""

    title: str
    amount: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ClassSection:
    """One class.

    Attributes:
        id: the class.
        title: its name.
        facts: cities compared, correlations, how many stay in the top.
        movers: cities that move most.
        movers_title: what they are.
        rest: the others.
        rest_title: what they are.
        mean: the bridge of the mean totals by subject; None where no city is compared.
        groups: the same by criterion.
        possible: how many points could be assessed, in sentences.
    """

    id: str
    title: str
    facts: tuple[Fact, ...]
    movers: tuple[Mover, ...]
    movers_title: str
    rest: tuple[Mover, ...]
    rest_title: str
    mean: Matrix | None
    groups: tuple[Group, ...]
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: month and editions in words.
        editions: links to the two months as they stand, with how they do.
        heads: headings of the columns of ranks and totals.
        classes: one section each.
        adds_up: how numbers were rounded, in words.
        downloads: the ranks and totals as data.
    """

    page: Page
    heading: str
    editions: tuple[tuple[Link, str], ...]
    heads: tuple[str, ...]
    classes: tuple[ClassSection, ...]
    adds_up: str
    downloads: tuple[Download, ...]
