"""What full points would need does give full points, and a little less does not."""

from fractions import Fraction

import polars as pl
import pytest

from indicators import edition
from indicators.edition import Leaf
from indicators.explain import Need, need_for_full_points
from indicators.rules import RULES, Bounds
from tests.indicators import reference

LEAVES = {
    f"{edition_id} {leaf.id}": leaf
    for edition_id in edition.ids()
    for leaf in edition.load(edition_id).leaves
}
CLASSES = ("prefecture", "county")
BOUNDS = {"bounds apart": (0.25, 0.75), "bounds far apart": (0.0, 1234.5), "equal": (0.5, 0.5)}
# A penalty or a gain comes with a complete step, a flag is yes or no.
CONTINUOUS = ("share", "multiple", "per_unit", "linear", "relative")
SLIGHTLY = 1e-6

Case = tuple[Leaf, float | None, float | None]


def cases(*, equal: bool) -> dict[str, Case]:
    """Every leaf that is not awarded; relative ones with several bounds."""
    found: dict[str, Case] = {}
    for name, leaf in LEAVES.items():
        if leaf.relative:
            for bounds, (lo, hi) in BOUNDS.items():
                if equal or lo != hi:
                    found[f"{name}, {bounds}"] = (leaf, lo, hi)
        elif not leaf.awarded:
            found[name] = (leaf, None, None)
    return found


ALL, APART = cases(equal=True), cases(equal=False)


def points(leaf: Leaf, x: float, lo: float | None, hi: float | None, city_class: str) -> float:
    """The points that the engine's rule gives; the reference must give the same."""
    bounds = Bounds(pl.lit(lo, pl.Float64), pl.lit(hi, pl.Float64), pl.lit(city_class))
    frame = pl.DataFrame({"x": [x]}, schema={"x": pl.Float64})
    rule = RULES[leaf.rule](pl.col("x"), float(leaf.points), leaf.parameters, bounds)
    won = float(frame.select(rule).item())
    true = reference.points_of(
        leaf.rule,
        reference.exact(x),
        reference.exact(leaf.points),
        leaf.parameters,
        city_class,
        None if lo is None else Fraction(lo),
        None if hi is None else Fraction(hi),
    )
    assert won == pytest.approx(float(true), rel=1e-9, abs=1e-12)
    return won


def needed(leaf: Leaf, lo: float | None, hi: float | None, city_class: str) -> Need:
    """What full points need, which is something."""
    need = need_for_full_points(leaf, lo, hi, city_class)
    assert need is not None
    return need


@pytest.mark.parametrize("name", ALL)
def test_the_value_that_is_needed_gives_full_points(name: str) -> None:
    leaf, lo, hi = ALL[name]
    for city_class in CLASSES:
        need = needed(leaf, lo, hi, city_class)
        little = SLIGHTLY if need.comparison == "more than" else 0
        assert points(leaf, need.value + little, lo, hi, city_class) == leaf.points


@pytest.mark.parametrize("name", [n for n, case in ALL.items() if case[0].rule != "flag"])
def test_a_better_value_than_needed_gives_full_points_too(name: str) -> None:
    leaf, lo, hi = ALL[name]
    for city_class in CLASSES:
        need = needed(leaf, lo, hi, city_class)
        better = need.value / 2 if need.comparison == "at most" else need.value * 1.5 + 1
        assert points(leaf, better, lo, hi, city_class) == leaf.points


@pytest.mark.parametrize("name", [n for n, case in APART.items() if case[0].rule in CONTINUOUS])
def test_slightly_worse_than_needed_gives_less(name: str) -> None:
    leaf, lo, hi = APART[name]
    for city_class in CLASSES:
        need = needed(leaf, lo, hi, city_class)
        little = SLIGHTLY * max(1.0, abs(need.value))
        worse = need.value - little if need.comparison == "at least" else need.value + little
        assert 0 < leaf.points - points(leaf, worse, lo, hi, city_class) < leaf.points


@pytest.mark.parametrize("name", [n for n, x in ALL.items() if x[0].rule in ("bands", "step_up")])
def test_slightly_below_the_last_step_gives_less(name: str) -> None:
    leaf, lo, hi = ALL[name]
    need = needed(leaf, lo, hi, "prefecture")
    assert points(leaf, need.value - SLIGHTLY, lo, hi, "prefecture") < leaf.points


@pytest.mark.parametrize("name", [n for n, case in ALL.items() if case[0].rule == "deduct"])
def test_a_complete_step_more_than_needed_gives_less(name: str) -> None:
    leaf, lo, hi = ALL[name]
    need = needed(leaf, lo, hi, "prefecture")
    worse = need.value + leaf.parameters["step"]
    assert points(leaf, worse, lo, hi, "prefecture") < leaf.points


def test_where_nobody_has_any_the_value_that_is_needed_gives_full_points() -> None:
    for leaf in LEAVES.values():
        if leaf.relative and leaf.parameters["better"] == "higher":
            need = need_for_full_points(leaf, 0.0, 0.0, "prefecture")
            assert need == Need("more than", 0.0)
            assert points(leaf, 0.0, 0.0, 0.0, "prefecture") == 0
            assert points(leaf, 1e-9, 0.0, 0.0, "prefecture") == leaf.points


@pytest.mark.parametrize("name", [n for n, leaf in LEAVES.items() if leaf.awarded])
def test_what_an_assessor_awards_has_no_need(name: str) -> None:
    assert need_for_full_points(LEAVES[name], None, None, "prefecture") is None


@pytest.mark.parametrize("name", [n for n, leaf in LEAVES.items() if leaf.relative])
def test_without_bounds_of_the_class_there_is_no_need(name: str) -> None:
    assert need_for_full_points(LEAVES[name], None, None, "prefecture") is None


def test_a_county_level_city_needs_a_fifth_of_the_records() -> None:
    leaf = edition.load("model-2016").leaf("records_reported")
    assert need_for_full_points(leaf, None, None, "county") == Need("at least", 1.0)
    assert need_for_full_points(leaf, None, None, "prefecture") == Need("at least", 5.0)
