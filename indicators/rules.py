"""How a value becomes points: one function a rule, each with its line in METHODOLOGY.md.

A rule takes the value `x` of a leaf's expression (Float64), the leaf's points `p` and its parameters,
and gives the expression of the points won. Null stays null; what that means is decided elsewhere
(`indicators.score`). Source: rules of scoring, table of rules.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard, overload

import polars as pl

# 0.3 / 0.1 is three steps: quotients this close below a whole number are that number.
_STEP_TOLERANCE = 1e-9
_EQUAL = 1e-12
LOWER_PERCENTILE, UPPER_PERCENTILE = 0.05, 0.95


@dataclass(frozen=True)
class Bounds:
    """Columns that hold the class's 5th and 95th percentile of the leaf, and the city's class."""

    lo: pl.Expr
    hi: pl.Expr
    city_class: pl.Expr


Parameters = dict[str, Any]
Rule = Callable[[pl.Expr, float, Parameters, Bounds], pl.Expr]


def flag(x: pl.Expr, p: float, _: Parameters, __: Bounds) -> pl.Expr:
    """P where x is 1, else 0."""
    return _where_known(x, pl.when(x == 1).then(p).otherwise(0.0))


def share(x: pl.Expr, p: float, _: Parameters, __: Bounds) -> pl.Expr:
    """P × min(1, max(0, x))."""
    return x.clip(0.0, 1.0) * p


def multiple(x: pl.Expr, p: float, parameters: Parameters, _: Bounds) -> pl.Expr:
    """min(P, times × x)."""
    return (x * float(parameters["times"])).clip(0.0, p)


def per_unit(x: pl.Expr, p: float, parameters: Parameters, bounds: Bounds) -> pl.Expr:
    """min(P, rate × x); the rate of a county-level city is `county_scale` times as high."""
    rate = float(parameters["rate"])
    county_rate = rate * float(parameters.get("county_scale", 1))
    return (x * pl.when(bounds.city_class == "county").then(county_rate).otherwise(rate)).clip(
        0.0, p
    )


def linear(x: pl.Expr, p: float, parameters: Parameters, _: Bounds) -> pl.Expr:
    """0 below low, P from high on, in between in proportion."""
    low, high = float(parameters["low"]), float(parameters["high"])
    # A column of widths: by a number Polars multiplies with the reciprocal, a bit off from P at high.
    width = x * 0 + (high - low)
    return ((x - low) / width).clip(0.0, 1.0) * p


def bands(x: pl.Expr, _: float, parameters: Parameters, __: Bounds) -> pl.Expr:
    """The points of the highest band whose lower bound is ≤ x, else 0."""
    points = _where_known(x, pl.lit(0.0))
    for bound, award in sorted(parameters["bands"]):
        points = pl.when(x >= bound).then(float(award)).otherwise(points)
    return points


def step_up(x: pl.Expr, p: float, parameters: Parameters, _: Bounds) -> pl.Expr:
    """0 below start; base at start; gain more for each further complete step; at most P."""
    start = parameters["start"]
    climbed = parameters["base"] + parameters["gain"] * _complete_steps(
        x - start, parameters["step"]
    )
    return _where_known(x, pl.when(x >= start).then(climbed.clip(0.0, p)).otherwise(0.0))


def deduct(x: pl.Expr, p: float, parameters: Parameters, _: Bounds) -> pl.Expr:
    """P − penalty for each complete step of x above tolerance; at least 0."""
    excess = x - float(parameters.get("tolerance", 0))
    lost = _complete_steps(excess, parameters["step"]) * float(parameters["penalty"])
    return (p - lost).clip(0.0, p)


def relative(x: pl.Expr, p: float, parameters: Parameters, bounds: Bounds) -> pl.Expr:
    """Where x lies between the class's 5th and 95th percentiles, the better end having all points."""
    lo, hi = bounds.lo, bounds.hi
    if parameters["better"] == "higher":
        alike = _where_known(x, pl.when(x > 0).then(p).otherwise(0.0))
        share_won = (x - lo) / (hi - lo)
    else:
        alike = _where_known(x, pl.lit(p))
        share_won = (hi - x) / (hi - lo)
    return pl.when(equal(lo, hi)).then(alike).otherwise(share_won.clip(0.0, 1.0) * p)


@overload
def equal(lo: float, hi: float) -> bool: ...
@overload
def equal(lo: pl.Expr, hi: pl.Expr) -> pl.Expr: ...
def equal(lo: Any, hi: Any) -> Any:
    """Whether bounds are the same: quotients may differ in the last bit, by how they were divided."""
    return (hi - lo) <= abs(hi) * _EQUAL


def assessor(x: pl.Expr, p: float, _: Parameters, __: Bounds) -> pl.Expr:
    """The points that an assessor awarded; what is not within 0..P was refused on reading."""
    return x.clip(0.0, p)


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        flag, share, multiple, per_unit, linear, bands, step_up, deduct, relative, assessor,
    )
}  # fmt: skip

# Which parameters each rule needs, and which it may have.
_NEEDED = {
    "multiple": {"times"},
    "per_unit": {"rate"},
    "linear": {"low", "high"},
    "bands": {"bands"},
    "step_up": {"start", "base", "step", "gain"},
    "deduct": {"step", "penalty"},
    "relative": {"better"},
}
_OPTIONAL = {"per_unit": {"county_scale"}, "deduct": {"tolerance"}}


def problems(rule: str, parameters: Parameters, points: float) -> Iterator[str]:
    """What is wrong with a rule's name or parameters, for a leaf of so many points."""
    if rule not in RULES:
        yield f"rule {rule!r} is unknown; expected one of {', '.join(RULES)}"
        return
    needed = _NEEDED.get(rule, set())
    allowed = needed | _OPTIONAL.get(rule, set()) | {"empty"}
    for name in sorted(needed - parameters.keys()):
        yield f"rule {rule} needs the parameter {name}"
    for name in sorted(parameters.keys() - allowed):
        yield f"rule {rule} has no parameter {name}"
    if rule == "relative" and parameters.get("better") not in ("higher", "lower"):
        yield f"better is {parameters.get('better')!r}; expected higher or lower"
    for name, value in parameters.items():
        if name in ("better", "bands"):
            continue
        if not _number(value):
            yield f"{name} is {value!r}; expected a number"
        elif name in ("step", "times", "rate", "gain", "penalty", "county_scale") and value <= 0:
            yield f"{name} is {value!r}; expected more than 0"
    low, high = parameters.get("low"), parameters.get("high")
    if rule == "linear" and _number(low) and _number(high) and high <= low:
        yield f"high is {high!r}; expected more than low, {low!r}"
    if rule == "bands":
        yield from _band_problems(parameters.get("bands"), points)


def _band_problems(given: Any, points: float) -> Iterator[str]:
    if not isinstance(given, list) or not given:
        yield f"bands are {given!r}; expected [[lower bound, points], …]"
        return
    for band in given:
        if not (isinstance(band, list) and len(band) == 2 and all(map(_number, band))):
            yield f"band {band!r} is not [lower bound, points]"
        elif not 0 <= band[1] <= points:
            yield f"band {band!r} gives other than 0 to {points:g} points"


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _where_known(x: pl.Expr, points: pl.Expr) -> pl.Expr:
    return pl.when(x.is_not_null()).then(points).otherwise(None)


def _complete_steps(excess: pl.Expr, step: float) -> pl.Expr:
    return (excess / step + _STEP_TOLERANCE).floor().clip(0.0)
