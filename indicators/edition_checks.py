"""What an edition file must stand up to: each check yields what is wrong, with the entry's name.

Form first: entries of the wrong type, which the others could not work with. Then what holds of every
edition that was ever published, and what is asked of those that are worked with today.
"""

import re
from collections.abc import Iterator

from indicators import rules
from indicators.criteria import Condition, Edition, Leaf
from indicators.measures import SOURCES, catalogue
from indicators.subjects import subjects
from warehouse.contracts.columns import CITY_CLASSES, PERIOD_PATTERN

ID_PATTERN = r"[a-z]{1,20}-20[0-9]{2}(-[a-z0-9]{1,20}){0,3}"
"""Names of editions: kind, year and what tells them apart, such as `cci-2020-draft`; they stand in
addresses, folders and workbooks."""
BASES = ("printed", "assumed")
CONDITION_KINDS = ("measured", "place", "assessor")
COMPARISONS = ("at least", "at most", "below")
UNITS = ("share", "count", "place", "0 or 1")


def is_id(name: str) -> bool:
    """Whether an edition may be called so."""
    return re.fullmatch(ID_PATTERN, name) is not None


def form(edition: Edition) -> Iterator[str]:
    """Entries of the wrong type or form, which later checks could not work with."""
    if edition.kind not in ("monitoring", "model_city"):
        yield f"kind is {edition.kind!r}; expected monitoring or model_city"
    if edition.status not in ("draft", "final"):
        yield f"status is {edition.status!r}; expected draft or final"
    if not isinstance(edition.revision, int):
        yield f"revision is {edition.revision!r}; expected a whole number"
    if not edition.classes or set(edition.classes) - set(CITY_CLASSES):
        yield f"classes are {edition.classes!r}; expected some of {', '.join(CITY_CLASSES)}"
    for name, month in (("valid_from", edition.valid_from), ("valid_to", edition.valid_to)):
        if month is not None and not re.match(PERIOD_PATTERN, str(month)):
            yield f"{name} is {month!r}; expected YYYY-MM"
    numbers = {"points": edition.points, "bonus": edition.bonus}
    numbers |= {f"leaf {leaf.id}: points": leaf.points for leaf in edition.leaves}
    numbers |= {
        f"node {node.no}: points": node.points for node in edition.nodes if node.points is not None
    }
    numbers |= {f"gate {one.id}: threshold": one.threshold for one in edition.gate}
    for name, value in numbers.items():
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield f"{name} is {value!r}; expected a number"
    for leaf in edition.leaves:
        if not isinstance(leaf.parameters, dict):
            yield f"leaf {leaf.id}: parameters are {leaf.parameters!r}; expected a table"
    for rule, reason in edition.assumptions.items():
        if set(reason) != {"zh", "en"}:
            yield f"[assumptions.{rule}] has {sorted(reason)}; expected zh and en"


def today(edition: Edition, stem: str) -> Iterator[str]:
    """What is asked of an edition that is worked with, and not only read in what was published."""
    yield from consistent(edition, stem)
    if not is_id(edition.id):
        yield f"id is {edition.id!r}; expected name, year and perhaps more: cci-2020-draft"
    for leaf in edition.leaves:
        if not edition.subject_of(leaf):
            yield f"leaf {leaf.id}: no node up its path has a subject; give one of them its own"
    yield from _freezing(edition)


def consistent(edition: Edition, stem: str) -> Iterator[str]:
    """Everything that is wrong with an edition, so that all of it can be mended at once."""
    if edition.id != stem:
        yield f"id is {edition.id!r}; expected {stem!r}, the name of the file"
    numbers = [node.no for node in edition.nodes]
    for no in _twice(numbers):
        yield f"node {no} stands twice"
    leaf_ids = [leaf.id for leaf in edition.leaves]
    for leaf_id in _twice(leaf_ids):
        yield f"leaf {leaf_id} stands twice"
    for leaf_id in sorted(set(leaf_ids) & set(numbers)):
        yield f"leaf {leaf_id} has the name of a node"
    for leaf in edition.leaves:
        yield from (f"leaf {leaf.id}: {problem}" for problem in _leaf(edition, leaf, numbers))
    yield from _nodes(edition)
    total = sum(leaf.points for leaf in edition.leaves)
    if total != edition.points_possible:
        yield f"all leaves have {total:g} points; printed are {edition.points_possible:g}"
    for rule in sorted(edition.assumptions.keys() - rules.RULES.keys()):
        yield f"[assumptions.{rule}] is of no rule; there are {', '.join(rules.RULES)}"
    yield from _gate(edition)


def _nodes(edition: Edition) -> Iterator[str]:
    for node in edition.nodes:
        below = [x for x in edition.leaves if any(_below(no, node.no) for no in x.under)]
        scored = sum(leaf.points for leaf in below)
        if node.points is not None and scored != node.points:
            yield f"node {node.no}: its leaves have {scored:g} points; printed are {node.points:g}"
        if not below:
            yield f"node {node.no}: no leaf hangs on it"
        if node.subject and node.subject not in subjects():
            yield f"node {node.no}: subject {node.subject!r} is not one of {', '.join(subjects())}"


def _below(no: str, node: str) -> bool:
    return no == node or no.startswith(node + ".")


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _leaf(edition: Edition, leaf: Leaf, numbers: list[str]) -> Iterator[str]:
    if not leaf.under:
        yield "hangs on no node"
    if not leaf.sources:
        yield f"has no sources; expected some of {', '.join(SOURCES)}"
    for no in leaf.under:
        if no not in numbers:
            yield f"hangs on {no}, which is no node"
    if leaf.points <= 0:
        yield f"has {leaf.points:g} points; expected more than 0"
    yield from _measures(leaf.expression.measures)
    for source in leaf.sources:
        if source not in SOURCES:
            yield f"source {source!r} is unknown; expected some of {', '.join(SOURCES)}"
    if leaf.basis not in BASES:
        yield f"basis is {leaf.basis!r}; expected printed or assumed"
    elif leaf.basis == "assumed" and not (
        (leaf.reason_zh and leaf.reason_en) or leaf.rule in edition.assumptions
    ):
        yield f"is assumed without a reason; give it one, or [assumptions.{leaf.rule}]"
    yield from rules.problems(leaf.rule, leaf.parameters, leaf.points)
    if leaf.awarded and leaf.expression.text not in catalogue():
        yield "an award is one measure of the catalogue, not an expression"


def _measures(names: tuple[str, ...]) -> Iterator[str]:
    for measure in names:
        if measure not in catalogue():
            yield f"measure {measure!r} is not in the catalogue"


def _gate(edition: Edition) -> Iterator[str]:
    numbers = [basic.no for basic in edition.basic]
    for no in _twice(numbers):
        yield f"basic indicator {no} stands twice"
    for no in sorted(set(numbers) - {condition.indicator for condition in edition.gate}):
        yield f"basic indicator {no}: no condition belongs to it"
    for name in _twice([condition.id for condition in edition.gate]):
        yield f"gate {name} stands twice"
    for condition in edition.gate:
        if condition.indicator not in numbers:
            yield f"gate {condition.id}: belongs to {condition.indicator}, no basic indicator"
        yield from (f"gate {condition.id}: {problem}" for problem in _condition(edition, condition))


def _condition(edition: Edition, condition: Condition) -> Iterator[str]:
    for name, value, known in (
        ("kind", condition.kind, CONDITION_KINDS),
        ("comparison", condition.comparison, COMPARISONS),
        ("unit", condition.unit, UNITS),
        ("basis", condition.basis, BASES),
    ):
        if value not in known:
            yield f"{name} is {value!r}; expected one of {', '.join(known)}"
    if not condition.classes or set(condition.classes) - set(edition.classes):
        yield f"classes are {condition.classes!r}; expected some of {', '.join(edition.classes)}"
    if condition.basis == "assumed" and not (condition.reason_zh and condition.reason_en):
        yield "is assumed without a reason; give it reason_zh and reason_en"
    if (condition.kind == "place") != (condition.unit == "place"):
        yield f"kind is {condition.kind} and unit {condition.unit}; a place goes with a place"
    if (condition.kind == "place") != (condition.expression is None):
        yield "a condition has an expression, unless it is of a place"
    if condition.expression is not None:
        yield from _measures(condition.expression.measures)
        if condition.kind == "assessor" and condition.expression.text not in catalogue():
            yield "a finding is one measure of the catalogue, not an expression"


def _freezing(edition: Edition) -> Iterator[str]:
    frozen = edition.frozen
    if frozen is None:
        if edition.status == "final":
            yield (
                f'status is final, and it was never frozen; set status = "draft", and once it is '
                f"done run `cci edition freeze {edition.id}`"
            )
        return
    if frozen.revision == edition.revision and frozen.sha256 != edition.substance:
        yield (
            f"was frozen as revision {frozen.revision} and has been changed since; take the change "
            f'back, or set revision = {frozen.revision + 1} and status = "draft", and once it is done '
            f"run `cci edition freeze {edition.id}`"
        )
    elif frozen.revision > edition.revision:
        yield (
            f"revision is {edition.revision}, and revision {frozen.revision} was frozen before; "
            f"set revision = {frozen.revision + 1}"
        )
    elif edition.status == "final" and frozen.revision != edition.revision:
        yield (
            f"revision {edition.revision} is final, and only revision {frozen.revision} was frozen; "
            f'set status = "draft", and once it is done run `cci edition freeze {edition.id}`'
        )
