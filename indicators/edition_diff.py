"""What one edition changed of another: leaves, and conditions of the gate; the same where ids are."""

from dataclasses import dataclass
from typing import Any, Literal

from indicators.criteria import Condition, Edition, Leaf
from indicators.subjects import subjects

Kind = Literal["added", "dropped", "reweighted", "expression", "rule", "sources", "subject"]


@dataclass(frozen=True)
class Standing:
    """A leaf as it stands in one edition; `group` is the number of its first-level indicator."""

    group: str
    subject: str
    points: float
    expression: str
    rule: str
    parameters: dict[str, Any]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A leaf that is not in both editions the same, and how it stands in each."""

    leaf: str
    zh: str
    en: str
    kinds: tuple[Kind, ...]
    before: Standing | None
    after: Standing | None

    @property
    def subject(self) -> str:
        """Its subject: today's, where it has one."""
        standing = self.after or self.before
        assert standing is not None  # noqa: S101 - a leaf of neither edition is no change
        return standing.subject


def changes(before: Edition, after: Edition) -> list[Change]:
    """Leaves that were added, dropped or changed, by subject and in the order of the trees."""
    old = {leaf.id: leaf for leaf in before.leaves}
    new = {leaf.id: leaf for leaf in after.leaves}
    found = []
    for name in dict.fromkeys([*new, *old]):
        was = _standing(before, old[name]) if name in old else None
        now = _standing(after, new[name]) if name in new else None
        if kinds := _kinds(was, now):
            titled = new.get(name) or old[name]
            found.append(Change(name, titled.zh, titled.en, kinds, was, now))
    order = list(subjects())
    return sorted(found, key=lambda change: order.index(change.subject))


@dataclass(frozen=True)
class Demand:
    """What a condition of the gate demands in one edition; `of` is its expression, else its kind."""

    of: str
    empty: float | None
    comparison: str
    threshold: float
    unit: str
    classes: tuple[str, ...]


@dataclass(frozen=True)
class GateChange:
    """A condition that is not in both editions the same, and what it demands in each."""

    condition: str
    zh: str
    en: str
    before: Demand | None
    after: Demand | None


def gate_changes(before: Edition, after: Edition) -> list[GateChange]:
    """Conditions of the gate that were added, dropped or changed: the later edition's first."""
    old = {condition.id: condition for condition in before.gate}
    new = {condition.id: condition for condition in after.gate}
    found = []
    for name in dict.fromkeys([*new, *old]):
        was = _demand(old[name]) if name in old else None
        now = _demand(new[name]) if name in new else None
        if was != now:
            titled = new.get(name) or old[name]
            found.append(GateChange(name, titled.zh, titled.en, was, now))
    return found


def _demand(condition: Condition) -> Demand:
    return Demand(
        of=condition.expression.text if condition.expression else condition.kind,
        empty=condition.empty,
        comparison=condition.comparison,
        threshold=condition.threshold,
        unit=condition.unit,
        classes=condition.classes,
    )


def _standing(edition: Edition, leaf: Leaf) -> Standing:
    return Standing(
        group=leaf.path[0],
        subject=edition.subject_of(leaf),
        points=leaf.points,
        expression=leaf.expression.text,
        rule=leaf.rule,
        parameters=leaf.parameters,
        sources=leaf.sources,
    )


def _kinds(was: Standing | None, now: Standing | None) -> tuple[Kind, ...]:
    if was is None or now is None:
        return ("added",) if was is None else ("dropped",)
    compared: dict[Kind, bool] = {
        "reweighted": was.points != now.points,
        "expression": was.expression != now.expression,
        "rule": (was.rule, was.parameters) != (now.rule, now.parameters),
        "sources": was.sources != now.sources,
        "subject": was.subject != now.subject,
    }
    return tuple(kind for kind, changed in compared.items() if changed)
