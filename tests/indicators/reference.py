"""A second scorer that shares nothing with the first: the rules of scoring, read literally.

No Polars, no sqlglot, nothing of `indicators`: an edition file is read as plain TOML, expressions
are walked over Python's own `ast`, and every number is the `Fraction` of the decimal that is
written. So it is slow and exact: 0.3 / 0.1 is three because it is three. Where it and the engine
differ, one of them is wrong.
"""

import ast
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

Key = tuple[str, str, str]
"""Period, city and measure (or leaf, or node)."""
City = tuple[str, str, str]
"""Period, city and class."""

ZERO, ONE = Fraction(0), Fraction(1)
LOWER, UPPER = Fraction(5, 100), Fraction(95, 100)
ALL = "total"


@dataclass(frozen=True)
class LeafScore:
    """What one city has on one leaf."""

    value: Fraction | None
    points: Fraction
    possible: Fraction
    reason: str
    lo: Fraction | None
    hi: Fraction | None


@dataclass(frozen=True)
class ClassScore:
    """What one class has on one leaf."""

    cities: int
    lo: Fraction | None
    hi: Fraction | None
    median_value: Fraction | None
    median_points: Fraction | None
    best_points: Fraction | None


@dataclass(frozen=True)
class CityScore:
    """What one city has in all."""

    points: Fraction
    possible: Fraction
    index: Fraction | None
    coverage: Fraction
    rank: int | None


@dataclass(frozen=True)
class Truth:
    """All of it, by period, city or class, and leaf or node."""

    leaves: dict[Key, LeafScore] = field(default_factory=dict)
    classes: dict[Key, ClassScore] = field(default_factory=dict)
    nodes: dict[Key, tuple[Fraction, Fraction]] = field(default_factory=dict)
    cities: dict[tuple[str, str], CityScore] = field(default_factory=dict)


@cache
def exact(number: float) -> Fraction:
    """The decimal number that is written, not the binary one that stands for it."""
    return Fraction(str(number))


@cache
def parsed(text: str) -> ast.expr:
    """The tree of an expression."""
    return ast.parse(text, mode="eval").body


@cache
def names(text: str) -> frozenset[str]:
    """Every measure that an expression names, whether alone or summed over the nation."""
    nodes = list(ast.walk(parsed(text)))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return frozenset(n.id for n in nodes if isinstance(n, ast.Name) and id(n) not in called)


def evaluate(
    text: str,
    own: Mapping[str, Fraction],
    nation: Mapping[str, Fraction],
    empty: Fraction | None = None,
) -> Fraction | None:
    """The value of an expression for one city; None where it has none."""
    if not names(text) <= own.keys():
        return None
    try:
        return _walk(parsed(text), own, nation)
    except ZeroDivisionError:
        return empty


def _walk(node: ast.expr, own: Mapping[str, Fraction], nation: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return exact(number)
        case ast.Name(id=measure):
            return own[measure]
        case ast.Call(func=ast.Name(id="nation"), args=[ast.Name(id=measure)], keywords=[]):
            return nation[measure]
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _walk(left, own, nation), _walk(right, own, nation)
            match op:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
                case ast.Div():
                    return a / b
    raise ValueError(f"not arithmetic over measures: {ast.unparse(node)}")


def percentile(values: Iterable[Fraction], q: Fraction) -> Fraction:
    """Percentile by linear interpolation between the two nearest of the sorted values."""
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def median(values: Iterable[Fraction]) -> Fraction:
    """The middle value, or the mean of the two in the middle."""
    ordered = sorted(values)
    half, odd = divmod(len(ordered), 2)
    return ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2


def clip(x: Fraction, most: Fraction = ONE) -> Fraction:
    """The number, not below 0 and not above `most`."""
    return min(most, max(ZERO, x))


def points_of(
    rule: str,
    x: Fraction,
    p: Fraction,
    parameters: Mapping[str, Any],
    city_class: str = "prefecture",
    lo: Fraction | None = None,
    hi: Fraction | None = None,
) -> Fraction:
    """The table of rules, row by row."""

    def number(name: str, default: float = 0) -> Fraction:
        return exact(parameters.get(name, default))

    match rule:
        case "flag":
            return p if x == 1 else ZERO
        case "share":
            return p * clip(x)
        case "multiple":
            return min(p, number("times") * x)
        case "per_unit":
            county = number("county_scale", 1) if city_class == "county" else ONE
            return min(p, number("rate") * county * x)
        case "linear":
            low, high = number("low"), number("high")
            if x < low:
                return ZERO
            return p if x >= high else p * (x - low) / (high - low)
        case "bands":
            reached = [
                (exact(b), exact(award)) for b, award in parameters["bands"] if exact(b) <= x
            ]
            return max(reached)[1] if reached else ZERO
        case "step_up":
            if x < number("start"):
                return ZERO
            steps = (x - number("start")) // number("step")
            return min(p, number("base") + number("gain") * steps)
        case "deduct":
            steps = max(0, (x - number("tolerance")) // number("step"))
            return max(ZERO, p - number("penalty") * steps)
        case "relative":
            assert lo is not None
            assert hi is not None
            if parameters["better"] == "higher":
                if hi == lo:
                    return p if x > 0 else ZERO
                return p * clip((x - lo) / (hi - lo))
            return p if hi == lo else p * clip((hi - x) / (hi - lo))
        case "assessor":
            if not 0 <= x <= p:
                raise ValueError(f"an award of {x} is outside 0..{p}")
            return x
    raise ValueError(f"no such rule: {rule}")


def score(edition: Path, observations: Mapping[Key, float], cities: Iterable[City]) -> Truth:
    """Score all cities of all periods by the edition of that file."""
    raw = tomllib.loads(edition.read_text(encoding="utf-8"))
    truth = Truth()
    by_period: dict[str, dict[str, str]] = {}
    for period, city, city_class in cities:
        by_period.setdefault(period, {})[city] = city_class
    for period, class_of in by_period.items():
        _score_period(raw, period, observations, class_of, truth)
    return truth


def _score_period(
    raw: dict[str, Any],
    period: str,
    observations: Mapping[Key, float],
    class_of: dict[str, str],
    truth: Truth,
) -> None:
    own: dict[str, dict[str, Fraction]] = {city: {} for city in class_of}
    nation: dict[str, Fraction] = {}
    for (of_period, city, measure), value in observations.items():
        if of_period == period and city in own:
            own[city][measure] = exact(value)
            nation[measure] = nation.get(measure, ZERO) + exact(value)
    for leaf in raw["leaf"]:
        for city_class in sorted(set(class_of.values())):
            peers = [city for city, of_class in class_of.items() if of_class == city_class]
            _score_class(
                leaf, period, city_class, {city: own[city] for city in peers}, nation, truth
            )
    for city in class_of:
        _add_up(raw, period, city, truth)
    _rank(raw, period, class_of, truth)


def _score_class(
    leaf: dict[str, Any],
    period: str,
    city_class: str,
    own: dict[str, dict[str, Fraction]],
    nation: Mapping[str, Fraction],
    truth: Truth,
) -> None:
    p, parameters = exact(leaf["points"]), leaf.get("parameters", {})
    empty = exact(parameters["empty"]) if "empty" in parameters else None
    found = {city: evaluate(leaf["expression"], own[city], nation, empty) for city in own}
    x = {city: value for city, value in found.items() if value is not None}
    bounded = leaf["rule"] == "relative" and bool(x)
    lo = percentile(x.values(), LOWER) if bounded else None
    hi = percentile(x.values(), UPPER) if bounded else None
    won = {
        city: points_of(leaf["rule"], value, p, parameters, city_class, lo, hi)
        for city, value in x.items()
    }
    typical = median(points / p for points in won.values()) * p if won else None
    truth.classes[period, city_class, leaf["id"]] = ClassScore(
        cities=len(x),
        lo=lo,
        hi=hi,
        median_value=median(x.values()) if x else None,
        median_points=typical,
        best_points=max(won.values()) if won else None,
    )
    for city in own:
        points, possible, reason = ZERO, p, ""
        if city in won:
            points = won[city]
        elif leaf["rule"] == "assessor":
            reason = "not assessed"
        elif "city" in leaf["sources"] or "province" in leaf["sources"]:
            reason = "not submitted"
        elif typical is not None:
            points, reason = typical, "imputed"
        else:
            possible, reason = ZERO, "not assessed"
        truth.leaves[period, city, leaf["id"]] = LeafScore(
            found[city], points, possible, reason, lo, hi
        )


def _groups(leaf: dict[str, Any]) -> list[str]:
    """Every node that a leaf counts in: the whole, all levels above it, its own."""
    under = [leaf["under"]] if isinstance(leaf["under"], str) else leaf["under"]
    first, _, rest = under[0].partition(".")
    above, at = [], first
    for part in rest.split(".") if rest else []:
        above.append(at)
        at = f"{at}.{part}"
    return [ALL, *above, "|".join(under), leaf["id"]]


def _add_up(raw: dict[str, Any], period: str, city: str, truth: Truth) -> None:
    for leaf in raw["leaf"]:
        scored = truth.leaves[period, city, leaf["id"]]
        for group in _groups(leaf):
            points, possible = truth.nodes.get((period, city, group), (ZERO, ZERO))
            truth.nodes[period, city, group] = (points + scored.points, possible + scored.possible)


def _rank(raw: dict[str, Any], period: str, class_of: dict[str, str], truth: Truth) -> None:
    whole = exact(raw["points"]) + exact(raw.get("bonus", 0))
    index: dict[str, Fraction | None] = {}
    for city in class_of:
        points, possible = truth.nodes[period, city, ALL]
        if raw["kind"] == "model_city":
            index[city] = points
        else:
            index[city] = 100 * points / possible if possible else None
    for city, city_class in class_of.items():
        mine = index[city]
        peers = [index[other] for other, of_class in class_of.items() if of_class == city_class]
        ahead = None if mine is None else sum(1 for i in peers if i is not None and i > mine)
        own = sum(
            scored.possible
            for leaf in raw["leaf"]
            if (scored := truth.leaves[period, city, leaf["id"]]).value is not None
        )
        truth.cities[period, city] = CityScore(
            *truth.nodes[period, city, ALL],
            index=mine,
            coverage=own / whole,
            rank=None if ahead is None else ahead + 1,
        )
