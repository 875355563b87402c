"""A city's assessment report, on the screen and on paper: gate, points, what is missing, what is near."""

from dataclasses import dataclass

from templates.layout import Fact, Link, Name, Page


@dataclass(frozen=True, slots=True)
class Operand:
    """One measure behind a number.

    Attributes:
        letter: letter in the formula; empty where the number is the measure itself.
        name: name of the measure.
        value: value with its unit, or words for none.
        origin: source, time, file and row; empty where there is no value.
        sha: first digits of the hash of that file.
        evidence: reference that goes with an award; the address is empty where it is none on the web.
    """

    letter: str
    name: str
    value: str
    origin: str = ""
    sha: str = ""
    evidence: Link | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the gate.

    Attributes:
        indicator: number and name of the basic indicator that it belongs to.
        name: what has to be met.
        standard: the number that it takes, in words.
        value: the city's number, never rounded onto the standard; words where there is none.
        verdict: `passed`, `failed` or `unproven`.
        verdict_words: the same in words.
        formula: the expression over letters; empty for a single measure.
        operands: measures behind the number.
        note: what the source leaves open, or empty.
    """

    indicator: str
    name: str
    standard: str
    value: str
    verdict: str
    verdict_words: str
    formula: str
    operands: tuple[Operand, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Points of one group of criteria beside those of others.

    Attributes:
        name: name of the group.
        won: points won.
        possible: points possible.
        share: points won as a percentage, for the bar.
        cohort: mean, median and best of the recommended cohort.
        of_class: mean, median and best of the applicants of the city's class.
    """

    name: str
    won: str
    possible: str
    share: str
    cohort: tuple[str, str, str]
    of_class: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, or (with `heading`) the group that the next ones belong to.

    Attributes:
        heading: whether it is a group.
        name: its name.
        won: points won.
        possible: points possible.
        badges: kind and label of what is to be known of the points.
        value: the city's value with its unit.
        formula: the expression over letters; empty for a single measure.
        rule: the rule in words.
        basis: whether the rule is printed or assumed.
        operands: measures behind the value.
    """

    heading: bool
    name: str
    won: str
    possible: str
    badges: tuple[tuple[str, str], ...] = ()
    value: str = ""
    formula: str = ""
    rule: str = ""
    basis: str = ""
    operands: tuple[Operand, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that nobody submitted.

    Attributes:
        name: criterion or condition of the gate.
        measures: what is missing.
        who: who is to submit it.
        stake: points that depend on it, or that it is a matter of the gate.
    """

    name: str
    measures: str
    who: str
    stake: str


@dataclass(frozen=True, slots=True)
class Strength:
    """A criterion on which the city stands out: its points, and why it is one."""

    name: str
    won: str
    possible: str
    why: str


@dataclass(frozen=True, slots=True)
class Near:
    """Points that are in reach on a criterion.

    Attributes:
        name: name of the criterion.
        gain: points that full points would add.
        won: points now.
        possible: points possible.
        value: the city's value now.
        next_gain: points that the next step adds; empty where the next step is full points.
        next_need: what it needs.
        need: what full points need.
        target: the same in terms of the counted measure, all else unchanged; may be empty.
    """

    name: str
    gain: str
    won: str
    possible: str
    value: str
    next_gain: str
    next_need: str
    need: str
    target: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where the city stands.

    Attributes:
        total: points and bonus.
        possible: points and bonus possible.
        rank: rank among all that take part.
        of: how many take part, in words.
        class_rank: rank within the class.
        class_of: how many of the class take part, in words.
        gate: `passed`, `failed` or `unproven`.
        gate_words: the same in words.
        gate_note: how many conditions failed or are not shown; may be empty.
        recommended: whether it belongs to the recommended cohort.
        recommended_words: the same in words.
        recommended_note: why, in words.
    """

    total: str
    possible: str
    rank: str
    of: str
    class_rank: str
    class_of: str
    gate: str
    gate_words: str
    gate_note: str
    recommended: bool
    recommended_words: str
    recommended_note: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything in the report.

    Attributes:
        page: frame of the page.
        heading: what the report is called.
        city: the city.
        city_code: its code.
        class_title: its class.
        province: its province.
        period: the month, in words.
        edition: title of the edition.
        draft: whether the edition is a draft.
        cohort: link to the report on all cities.
        pdfs: the report as PDF, in the languages that there are.
        verdict: where the city stands.
        gate: conditions of the gate that are asked of its class.
        gate_note: how to read the gate.
        groups: groups of criteria, beside cohort and class.
        whole: the total, beside cohort and class.
        criteria: groups and their criteria, in the order of the edition.
        missing: what nobody submitted.
        strengths: where the city stands out.
        near: points in reach, the most first.
        basis: what the report rests on.
        files: files that the city's values came from: source, name, hash.
        signatures: lines to be signed by hand.
    """

    page: Page
    heading: str
    city: Name
    city_code: str
    class_title: str
    province: str
    period: str
    edition: str
    draft: bool
    cohort: Link
    pdfs: tuple[Link, ...]
    verdict: Verdict
    gate: tuple[Condition, ...]
    gate_note: str
    groups: tuple[Group, ...]
    whole: Group
    criteria: tuple[Criterion, ...]
    missing: tuple[Missing, ...]
    strengths: tuple[Strength, ...]
    near: tuple[Near, ...]
    basis: tuple[Fact, ...]
    files: tuple[tuple[str, str, str], ...]
    signatures: tuple[str, ...]
