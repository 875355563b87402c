"""Editions: the tree of indicators, its points and the rule of every leaf, read from one file each.

A file is refused unless its points add up to every subtotal that the source prints, its expressions
name measures of the catalogue, and its rules and parameters are known.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from indicators import rules
from indicators.expression import Expression, ExpressionError
from indicators.measures import SOURCES, catalogue
from warehouse.contracts.columns import CITY_CLASSES, PERIOD_PATTERN

FOLDER = Path(__file__).with_name("editions")
LEAF_LEVEL = 4
CURRENT = "cci-2019"


class EditionError(ValueError):
    """An edition file that cannot be trusted; the message names file, entry and what was expected."""


@dataclass(frozen=True)
class Node:
    """One indicator above the leaves. `points` is printed on the first and second level only."""

    no: str
    zh: str
    en: str
    points: float | None = None
    bonus: bool = False

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
class Edition:
    """One edition of the criteria, checked."""

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

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Every measure that some leaf needs."""
        return tuple(dict.fromkeys(m for leaf in self.leaves for m in leaf.expression.measures))

    @property
    def awards(self) -> dict[str, float]:
        """Measures that assessors award points in, and the most points of each."""
        return {leaf.expression.text: leaf.points for leaf in self.leaves if leaf.awarded}

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

    def refuse_period(self, period: str) -> None:
        """Raise ValueError where the edition is not valid in the month: the one place that says so."""
        if period < self.valid_from or (self.valid_to and period > self.valid_to):
            raise ValueError(
                f"{self.id} is not valid in {period}; expected {self.valid_from} to "
                f"{self.valid_to or 'now'}"
            )


def ids() -> list[str]:
    """Ids of all editions, the current one first."""
    return sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda i: (i != CURRENT, i))


@cache
def load(edition_id: str) -> Edition:
    """The edition of that id. Raises KeyError where there is none, EditionError where it is wrong."""
    if edition_id not in ids():
        raise KeyError(f"no edition {edition_id!r}; expected one of {', '.join(ids())}")
    return read(FOLDER / f"{edition_id}.toml")


def read(path: Path) -> Edition:
    """Read and check one edition file."""
    content = path.read_bytes()
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EditionError(f"{path.name}: not TOML: {error}") from error
    try:
        edition = Edition(
            id=raw["id"],
            revision=raw["revision"],
            kind=raw["kind"],
            title_zh=raw["title_zh"],
            title_en=raw["title_en"],
            citation=raw["citation"],
            valid_from=raw["valid_from"],
            valid_to=raw.get("valid_to"),
            classes=tuple(raw["classes"]),
            points=raw["points"],
            bonus=raw.get("bonus", 0),
            nodes=tuple(_node(path.name, node) for node in raw["node"]),
            leaves=tuple(_leaf(path.name, leaf) for leaf in raw["leaf"]),
            assumptions=raw.get("assumptions", {}),
            digest=hashlib.sha256(content).hexdigest(),
        )
    except KeyError as error:
        raise EditionError(f"{path.name}: {error} is missing") from error
    except TypeError as error:
        raise EditionError(f"{path.name}: {error}") from error
    problems = list(_form_problems(edition)) or list(_problems(edition, path.stem))
    if problems:
        raise EditionError("\n".join(f"{path.name}: {problem}" for problem in problems))
    return edition


def _node(file: str, raw: dict[str, Any]) -> Node:
    try:
        return Node(**raw)
    except TypeError as error:
        raise EditionError(f"{file}: node {raw.get('no')}: {error}") from error


def _leaf(file: str, raw: dict[str, Any]) -> Leaf:
    try:
        under = raw["under"]
        return Leaf(
            **{
                **raw,
                "under": (under,) if isinstance(under, str) else tuple(under),
                "sources": tuple(raw["sources"]),
                "expression": Expression(raw["expression"]),
            }
        )
    except KeyError as error:
        raise EditionError(f"{file}: leaf {raw.get('id')}: {error} is missing") from error
    except (ExpressionError, TypeError, AttributeError) as error:
        raise EditionError(f"{file}: leaf {raw.get('id')}: {error}") from error


def _form_problems(edition: Edition) -> Iterator[str]:
    """Entries of the wrong type or form, which later checks could not work with."""
    if edition.kind not in ("monitoring", "model_city"):
        yield f"kind is {edition.kind!r}; expected monitoring or model_city"
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
    for name, value in numbers.items():
        if not isinstance(value, int | float) or isinstance(value, bool):
            yield f"{name} is {value!r}; expected a number"
    for leaf in edition.leaves:
        if not isinstance(leaf.parameters, dict):
            yield f"leaf {leaf.id}: parameters are {leaf.parameters!r}; expected a table"
    for rule, reason in edition.assumptions.items():
        if set(reason) != {"zh", "en"}:
            yield f"[assumptions.{rule}] has {sorted(reason)}; expected zh and en"


def _problems(edition: Edition, stem: str) -> Iterator[str]:
    """Everything that is wrong with an edition, so that all of it can be mended at once."""
    if edition.id != stem:
        yield f"id is {edition.id!r}; expected {stem!r}, the name of the file"
    numbers = [node.no for node in edition.nodes]
    for no in {no for no in numbers if numbers.count(no) > 1}:
        yield f"node {no} stands twice"
    leaf_ids = [leaf.id for leaf in edition.leaves]
    for leaf_id in {i for i in leaf_ids if leaf_ids.count(i) > 1}:
        yield f"leaf {leaf_id} stands twice"
    for leaf_id in sorted(set(leaf_ids) & set(numbers)):
        yield f"leaf {leaf_id} has the name of a node"
    for leaf in edition.leaves:
        yield from (
            f"leaf {leaf.id}: {problem}" for problem in _leaf_problems(edition, leaf, numbers)
        )
    for node in edition.nodes:
        scored = sum(
            leaf.points for leaf in edition.leaves if any(_below(no, node.no) for no in leaf.under)
        )
        if node.points is not None and scored != node.points:
            yield f"node {node.no}: its leaves have {scored:g} points; printed are {node.points:g}"
        if not any(_below(no, node.no) for leaf in edition.leaves for no in leaf.under):
            yield f"node {node.no}: no leaf hangs on it"
    total = sum(leaf.points for leaf in edition.leaves)
    if total != edition.points_possible:
        yield f"all leaves have {total:g} points; printed are {edition.points_possible:g}"


def _below(no: str, node: str) -> bool:
    return no == node or no.startswith(node + ".")


def _leaf_problems(edition: Edition, leaf: Leaf, numbers: list[str]) -> Iterator[str]:
    if not leaf.under:
        yield "hangs on no node"
    if not leaf.sources:
        yield f"has no sources; expected some of {', '.join(SOURCES)}"
    for no in leaf.under:
        if no not in numbers:
            yield f"hangs on {no}, which is no node"
    if leaf.points <= 0:
        yield f"has {leaf.points:g} points; expected more than 0"
    for measure in leaf.expression.measures:
        if measure not in catalogue():
            yield f"measure {measure!r} is not in the catalogue"
    for source in leaf.sources:
        if source not in SOURCES:
            yield f"source {source!r} is unknown; expected some of {', '.join(SOURCES)}"
    if leaf.basis not in ("printed", "assumed"):
        yield f"basis is {leaf.basis!r}; expected printed or assumed"
    elif leaf.basis == "assumed" and not (
        (leaf.reason_zh and leaf.reason_en) or leaf.rule in edition.assumptions
    ):
        yield f"is assumed without a reason; give it one, or [assumptions.{leaf.rule}]"
    yield from rules.problems(leaf.rule, leaf.parameters, leaf.points)
    if leaf.awarded and leaf.expression.text not in catalogue():
        yield "an award is one measure of the catalogue, not an expression"
