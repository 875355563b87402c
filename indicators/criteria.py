"""What an edition is: a tree of indicators, leaves with points, rules and expressions, and a gate."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from indicators.expression import Expression

LEAF_LEVEL = 4


@dataclass(frozen=True)
class Node:
    """One indicator above the leaves. `points` is printed on the first and second level only.

    `subject` is what it is about, in words that all editions share (`indicators/subjects.toml`); it
    holds for everything below, unless a node there has one of its own.
    """

    no: str
    zh: str
    en: str
    points: float | None = None
    bonus: bool = False
    subject: str = ""

    @property
    def level(self) -> int:
        """1 for `1`, 2 for `1.6`, 3 for `1.6.4`."""
        return self.no.count(".") + 1


@dataclass(frozen=True)
class Leaf:
    """One scored row: an expression over measures, and the rule that makes points of its value.

    `under` is the node it hangs on; a row that is scored jointly over several third-level
    indicators names them all.
    """

    id: str
    under: tuple[str, ...]
    zh: str
    en: str
    points: float
    sources: tuple[str, ...]
    expression: Expression
    rule: str
    basis: Literal["printed", "assumed"]
    parameters: dict[str, Any] = field(default_factory=dict)
    reason_zh: str = ""
    reason_en: str = ""
    zh_basis: str = "own translation"

    @property
    def node(self) -> str:
        """Number of the node it hangs on; the joint block's three numbers are joined by `|`."""
        return "|".join(self.under)

    @property
    def path(self) -> tuple[str, ...]:
        """Nodes from the first level down to the leaf's own: `("1", "1.6", "1.6.4")`."""
        parts = self.under[0].split(".")
        return (*(".".join(parts[:n]) for n in range(1, len(parts))), self.node)

    @property
    def submitted(self) -> bool:
        """Whether a missing value means that nobody submitted it (then it scores 0)."""
        return bool({"city", "province"} & set(self.sources))

    @property
    def relative(self) -> bool:
        """Whether the class's bounds enter into the points."""
        return self.rule == "relative"

    @property
    def awarded(self) -> bool:
        """Whether an assessor gives the points."""
        return self.rule == "assessor"


@dataclass(frozen=True)
class BasicIndicator:
    """One indicator of the gate; it is met where all of its conditions are."""

    no: str
    zh: str
    en: str


@dataclass(frozen=True)
class Condition:
    """One thing that a city must show before its points count for anything.

    Attributes:
        id: its name in the data.
        indicator: number of the basic indicator that it belongs to.
        kind: `measured`, of the value of an expression; `place`, of the city's place in its class in the
            monitoring index; `assessor`, of what an assessor found (1 or 0, with evidence).
        comparison: how the value must stand to the threshold.
        unit: what the value and the threshold are.
        classes: classes of city that it is asked of.
        expression: arithmetic over measures; None for a place.
        empty: value of a division by zero when all measures are there (no cases at all).
    """

    id: str
    indicator: str
    zh: str
    en: str
    kind: Literal["measured", "place", "assessor"]
    comparison: Literal["at least", "at most", "below"]
    threshold: float
    unit: Literal["share", "count", "place", "0 or 1"]
    classes: tuple[str, ...]
    basis: Literal["printed", "assumed"]
    expression: Expression | None = None
    empty: float | None = None
    reason_zh: str = ""
    reason_en: str = ""


@dataclass(frozen=True)
class Frozen:
    """What was recorded when an edition was declared final: the revision, and its substance then."""

    revision: int
    sha256: str


@dataclass(frozen=True)
class Edition:
    """One edition of the criteria, checked.

    `digest` is of the file, to the byte. `substance` is of what the file says, whatever its layout,
    comments and status; it is what freezing records. `written_for` is the year of model-city criteria,
    empty for others.
    """

    id: str
    revision: int
    kind: Literal["monitoring", "model_city"]
    title_zh: str
    title_en: str
    citation: str
    valid_from: str
    valid_to: str | None
    classes: tuple[str, ...]
    points: float
    bonus: float
    nodes: tuple[Node, ...]
    leaves: tuple[Leaf, ...]
    assumptions: dict[str, dict[str, str]]
    digest: str
    substance: str
    status: Literal["draft", "final"] = "final"
    frozen: Frozen | None = None
    written_for: str = ""
    basic: tuple[BasicIndicator, ...] = ()
    gate: tuple[Condition, ...] = ()

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Every measure that some leaf needs."""
        return tuple(dict.fromkeys(m for leaf in self.leaves for m in leaf.expression.measures))

    @cached_property
    def gate_measures(self) -> tuple[str, ...]:
        """Every measure that some condition of the gate needs."""
        expressions = (condition.expression for condition in self.gate)
        return tuple(dict.fromkeys(m for x in expressions if x for m in x.measures))

    @property
    def awards(self) -> dict[str, float]:
        """Measures that assessors decide on, and the most that each may be given.

        Points of criteria; 1 for a finding of the gate.
        """
        points = {leaf.expression.text: leaf.points for leaf in self.leaves if leaf.awarded}
        found = [c.expression.text for c in self.gate if c.kind == "assessor" and c.expression]
        return points | dict.fromkeys(found, 1)

    @property
    def points_possible(self) -> float:
        """Points of all leaves: 140 for `cci-2019`, 100 + bonus for a model-city edition."""
        return self.points + self.bonus

    def leaf(self, leaf_id: str) -> Leaf:
        """The leaf of that id; KeyError with the ids there are."""
        for leaf in self.leaves:
            if leaf.id == leaf_id:
                return leaf
        raise KeyError(f"{self.id} has no leaf {leaf_id!r}; it has {[x.id for x in self.leaves]}")

    def reason(self, leaf: Leaf, lang: str) -> str:
        """Why a leaf's rule is assumed, in `zh` or `en`; empty where all of it is printed."""
        own = leaf.reason_zh if lang == "zh" else leaf.reason_en
        if own or leaf.basis == "printed":
            return own
        return self.assumptions[leaf.rule][lang]

    def subject_of(self, leaf: Leaf) -> str:
        """Id of a leaf's subject: that of the nearest node up its path; empty in old files."""
        subjects = {node.no: node.subject for node in self.nodes}
        own = reversed([*leaf.path[:-1], leaf.under[0]])
        return next((subjects[no] for no in own if subjects.get(no)), "")

    @cached_property
    def points_by_subject(self) -> dict[str, float]:
        """Points of all leaves of each subject that the edition has."""
        points: dict[str, float] = {}
        for leaf in self.leaves:
            subject = self.subject_of(leaf)
            points[subject] = points.get(subject, 0) + leaf.points
        return points

    @cached_property
    def scored_nodes(self) -> tuple[tuple[int, str, tuple[Leaf, ...]], ...]:
        """Level, name and leaves of every node that gets points, top down: the whole is level 0."""
        below: dict[str, list[Leaf]] = {}
        for leaf in self.leaves:
            for name in leaf.path:
                below.setdefault(name, []).append(leaf)
        return (
            (0, "total", self.leaves),
            *((name.split("|")[0].count(".") + 1, name, tuple(on)) for name, on in below.items()),
            *((LEAF_LEVEL, leaf.id, (leaf,)) for leaf in self.leaves),
        )

    def is_valid_in(self, period: str) -> bool:
        """Whether the month may be scored by the edition: the one place that says so."""
        return self.valid_from <= period and not (self.valid_to and period > self.valid_to)

    def refuse_period(self, period: str) -> None:
        """Raise ValueError where the edition is not valid in the month."""
        if not self.is_valid_in(period):
            raise ValueError(
                f"{self.id} is not valid in {period}; expected {self.valid_from} to "
                f"{self.valid_to or 'now'}"
            )
