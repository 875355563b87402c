"""A city's scorecard: standing, where points were lost, time series, the tree down to its sources."""

from dataclasses import dataclass

from markupsafe import Markup

from templates.layout import Change, Chart, Download, Link, Name, Page
from templates.scorecard.basis import Basis
from templates.scorecard.moved import Since
from templates.scorecard.standing_more import StandingMore
from templates.scorecard.warned import Warned
from templates.scorecard.what_if import WhatIf

NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the city stands in its class this month.

    Attributes:
        label: what the index is called: that of a model-city edition is a total of points.
        index: index as printed; `–` where it could not be computed.
        rank: rank in the class.
        of: how many cities the class has, in words.
        index_change: difference of the index to the month before.
        rank_change: places won or lost since the month before.
        points: points won.
        points_possible: points that could be won.
        coverage: share of the points that rest on the city's own values, as a percentage.
    """

    label: str
    index: str
    rank: str
    of: str
    index_change: Change
    rank_change: Change
    points: str
    points_possible: str
    coverage: str


@dataclass(frozen=True, slots=True)
class Goal:
    """What a leaf's next point would take, all else equal.

    Attributes:
        need: the value that it needs, in words.
        target: the same in terms of the counted measure, all else unchanged; empty where not plain.
        follows: the index and rank that would follow.
    """

    need: str
    target: str
    follows: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A leaf on which many points were lost.

    Attributes:
        anchor: id of the leaf's detail further down.
        name: name of the leaf.
        group: name of the second-level indicator that it belongs to.
        lost: points lost; empty where they round to none.
        possible: points possible.
        share: points won as a percentage, for the bar.
        reached: median and most points of the class.
        value: the city's value with its unit.
        next: the next point; None where full points come first.
        need: what full points would need, in words.
        follows: the index and rank that would follow from full points.
        badges: see `Leaf.badges`.
    """

    anchor: str
    name: str
    group: str
    lost: str
    possible: str
    share: str
    reached: str
    value: str
    next: Goal | None
    need: str
    follows: str
    badges: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """What one of a source's voices said.

    Attributes:
        name: name of the provider.
        value: value, without its unit.
        why: why it was left out, in words; empty where it counts.
    """

    name: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Operand:
    """A measure that a leaf's value is made of.

    Attributes:
        letter: its letter in the formula.
        name: name of the measure.
        value: value with its unit.
        origin: kind of source whose value counts, when it was delivered, and the file with row or cell
            or what else the value was made of, in words; empty where there is no value.
        sha: first characters of the file's SHA-256; empty where the value is not of one file.
        evidence: reference that goes with the value, and its address where it is one.
        voices: what the providers said, each of them.
        notes: the other source's value, correction or lateness in words; each whether a discrepancy.
    """

    letter: str
    name: str
    value: str
    origin: str = ""
    sha: str = ""
    evidence: Link | None = None
    voices: tuple[Voice, ...] = ()
    notes: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What is the same for all cities of a class: a leaf's rule and what the class reached.

    It is the context of `rule.html.j2`, which is rendered once for a class, not for every city.

    Attributes:
        words: the rule in words.
        sources: who reports.
        basis: printed in the source, or assumed.
        method: address of the leaf in the methodology.
        bounds: 5th and 95th percentile of the class, or empty.
        median: median of the class.
        cities: cities of the class with a value of their own, in words.
    """

    words: str
    sources: str
    basis: str
    method: str
    bounds: str
    median: str
    cities: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the tree: an indicator of level 1 to 3, or a leaf (level 4).

    Attributes:
        level: 1 to 4.
        anchor: id in the page.
        no: number of the indicator; of a leaf only where no line above it shows the number.
        name: its name.
        won: points won.
        lost: points lost.
        possible: points possible.
        share: points won as a percentage, for the bar.
        badges: kind (for the colour) and text of each remark: imputed, not submitted, late, ….
        value: of a leaf, the city's value with its unit.
        formula: of a leaf, the expression over lettered measures; empty where it is one measure.
        need: of a leaf, what full points would need.
        target: of a leaf, the same in terms of the counted measure, all else unchanged.
        follows: of a leaf, the index and rank that would follow from full points.
        next: of a leaf, its next point; None where full points come first.
        rule: of a leaf, `rule.html.j2` made of its `Rule`.
        operands: of a leaf, the measures behind the value.
        ledger: of a leaf that rests on pages found on the web, the list of them.
    """

    level: int
    anchor: str
    no: str
    name: str
    won: str
    lost: str
    possible: str
    share: str
    badges: tuple[tuple[str, str], ...]
    value: str = ""
    formula: str = ""
    need: str = ""
    target: str = ""
    follows: str = ""
    next: Goal | None = None
    rule: Markup = NOTHING
    operands: tuple[Operand, ...] = ()
    ledger: Link | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What differs from the revision before.

    Attributes:
        kind: observation, leaf, index or rank, in words.
        item: measure or leaf, in words.
        before: what was published before.
        after: what is published now.
        source: who delivered it, and the file.
    """

    kind: str
    item: str
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        city: name of the city.
        city_code: its GB/T 2260 code.
        class_title: its class.
        province: its province.
        period: month in words.
        edition: title of the edition.
        revision: which revision of the month this is, in words.
        revisions: link to all revisions of the month.
        standing: index, rank, change, coverage.
        groups: the first-level indicators.
        distribution: the class's index, with this city marked.
        moved: what changed the index since the month before and since a year before, where known.
        lost: the leaves with most points lost, worst first.
        first: the next steps that gain most, in words; empty where there are none.
        more: where the city stands beside its class; None for a city without a rank.
        what_if: where other values can be tried; None for a city without a rank.
        warned: what early warnings say of the city; none where the month has none.
        corrections: what reads otherwise than in the revision before; empty in the first.
        corrections_more: how many more there are, in words; empty where all are shown.
        series: index and rank over 13 months.
        tree: indicators and leaves, top down.
        legend: kind, text and meaning of each badge that occurs.
        basis: what the index rests on and how sure it is.
        methodology: link to the edition's methodology.
        quality: link to the month's data quality.
        tables: link to the downloads of all cities.
        downloads: data of the page.
    """

    page: Page
    city: Name
    city_code: str
    class_title: str
    province: str
    period: str
    edition: str
    revision: str
    revisions: Link
    standing: Standing
    groups: tuple[Row, ...]
    distribution: Chart
    moved: tuple[Since, ...]
    lost: tuple[Lost, ...]
    first: str
    warned: Warned | None
    what_if: WhatIf | None
    more: StandingMore | None
    corrections: tuple[Correction, ...]
    corrections_more: str
    series: tuple[Chart, ...]
    tree: tuple[Row, ...]
    legend: tuple[tuple[str, str, str], ...]
    basis: Basis
    methodology: Link
    quality: Link
    tables: Link
    downloads: tuple[Download, ...]
