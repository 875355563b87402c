"""Methodology of an edition, made from its file: every leaf, its rule and what it rests on."""

from dataclasses import dataclass

from templates.layout import Download, Fact, Link, Page


@dataclass(frozen=True, slots=True)
class Operand:
    """A measure in a leaf's formula: its letter and its name with the unit."""

    letter: str
    name: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One scored row.

    Attributes:
        anchor: id in the page.
        id: id of the leaf.
        no: number of the indicator, or indicators, that it hangs on.
        name: its name.
        points: points that can be won.
        formula: expression over lettered measures.
        operands: the measures.
        rule: the rule in words.
        missing: what happens without a value, in words.
        sources: who reports.
        basis: `printed` or `assumed`.
        basis_text: the same in words.
        reason: why a rule is assumed; the reason that all leaves of a rule share stands once, below.
        joint: whether it is scored jointly over several indicators.
        title_basis: whether the Chinese title was published or translated.
    """

    anchor: str
    id: str
    no: str
    name: str
    points: str
    formula: str
    operands: tuple[Operand, ...]
    rule: str
    missing: str
    sources: str
    basis: str
    basis_text: str
    reason: str
    joint: bool
    title_basis: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the tree: an indicator above the leaves with its subject, or a leaf."""

    level: int
    no: str
    name: str
    points: str
    leaf: Leaf | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a basic indicator.

    Attributes:
        id: its id in the data.
        name: what has to be met.
        standard: the number that it takes.
        formula: expression over lettered measures; empty for a single one.
        operands: the measures, or the place in the class.
        remarks: classes that it is asked of, what holds where there is no case, and what the source
            leaves open.
        basis: `printed` or `assumed`.
        basis_text: the same in words.
    """

    id: str
    name: str
    standard: str
    formula: str
    operands: tuple[Operand, ...]
    remarks: tuple[str, ...]
    basis: str
    basis_text: str


@dataclass(frozen=True, slots=True)
class BasicIndicator:
    """One basic indicator of the gate; it is met where all of its conditions are."""

    no: str
    name: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that the edition's leaves are made of.

    Attributes:
        id: its id in the data.
        name: its name.
        unit: unit of its values.
        kind: stock, flow, sum over the window, …, in words.
        sources: who reports it.
    """

    id: str
    name: str
    unit: str
    kind: str
    sources: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs: how an index comes about, step by step."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        title: title of the edition.
        citation: where the edition's points and operands are printed.
        facts: counts of indicators and rows, points, months valid, revision, hash.
        draft: whether the edition is a draft.
        editions: link to the editions side by side.
        reading: how the counts are to be read, in words; empty where nothing is to be said.
        steps: how an index comes about.
        gate: basic indicators; none where the edition has no gate.
        tree: indicators and leaves.
        assumptions_note: how the assumptions are to be read.
        assumptions: rule and reason, once for each rule that is assumed.
        measures: what the leaves are made of.
        downloads: the tree as data.
    """

    page: Page
    title: str
    citation: str
    facts: tuple[Fact, ...]
    draft: bool
    editions: Link
    reading: str
    steps: tuple[Section, ...]
    gate: tuple[BasicIndicator, ...]
    tree: tuple[Row, ...]
    assumptions_note: str
    assumptions: tuple[Section, ...]
    measures: tuple[Measure, ...]
    downloads: tuple[Download, ...]
