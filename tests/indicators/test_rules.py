"""Every rule by hand: values, parameters and the points that the table of rules gives them."""

from typing import Any

import polars as pl
import pytest

from indicators.rules import RULES, Bounds, problems

Parameters = dict[str, Any]

UP = {"start": 0.5, "base": 1.5, "step": 0.1, "gain": 0.5}
BANDS = {"bands": [[1.0, 6], [0.9, 5], [0.8, 4], [0.7, 3], [0.6, 2], [0.5, 1]]}
HIGHER, LOWER = {"better": "higher"}, {"better": "lower"}


def points(
    rule: str,
    x: float | None,
    p: float,
    parameters: Parameters | None = None,
    *,
    lo: float | None = None,
    hi: float | None = None,
    city_class: str = "prefecture",
) -> float | None:
    """The points of one city with the value x."""
    bounds = Bounds(pl.lit(lo, pl.Float64), pl.lit(hi, pl.Float64), pl.lit(city_class))
    frame = pl.DataFrame({"x": [x]}, schema={"x": pl.Float64})
    won = frame.select(RULES[rule](pl.col("x"), p, parameters or {}, bounds)).to_series()
    assert won.dtype == pl.Float64
    found: float | None = won.item()
    return found


def close(points_expected: float) -> Any:
    """Equal but for the last bits."""
    return pytest.approx(points_expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("x", "expected"), [(1, 4), (0, 0), (0.999, 0), (2, 0), (-1, 0)], ids=str)
def test_a_flag_gives_all_points_for_one_and_none_for_anything_else(
    x: float, expected: float
) -> None:
    assert points("flag", x, 4) == expected


@pytest.mark.parametrize(
    ("x", "expected"), [(-0.2, 0), (0, 0), (0.25, 1), (0.999, 3.996), (1, 4), (1.7, 4)], ids=str
)
def test_a_share_gives_points_in_proportion_between_zero_and_one(x: float, expected: float) -> None:
    assert points("share", x, 4) == close(expected)


@pytest.mark.parametrize(
    ("x", "times", "expected"),
    [(0, 5, 0), (0.1, 5, 0.5), (0.5, 2, 1), (0.6, 5, 3), (0.61, 5, 3), (9, 5, 3), (500, 0.002, 1)],
    ids=str,
)
def test_a_multiple_gives_times_the_value_up_to_the_points(
    x: float, times: float, expected: float
) -> None:
    assert points("multiple", x, 3, {"times": times}) == close(expected)


@pytest.mark.parametrize(
    ("x", "expected"), [(0, 0), (1, 0.2), (49, 9.8), (50, 10), (51, 10), (5000, 10)], ids=str
)
def test_per_unit_gives_the_rate_for_each_unit_up_to_the_points(x: float, expected: float) -> None:
    assert points("per_unit", x, 10, {"rate": 0.2}) == close(expected)


@pytest.mark.parametrize(
    ("city_class", "expected"), [("county", 1), ("prefecture", 0.2), ("provincial", 0.2)]
)
def test_200000_records_earn_a_point_in_a_county_level_city_only(
    city_class: str, expected: float
) -> None:
    parameters = {"rate": 1, "county_scale": 5}
    assert points("per_unit", 0.2, 5, parameters, city_class=city_class) == close(expected)


def test_a_county_level_city_gets_no_more_than_the_points_either() -> None:
    parameters = {"rate": 1, "county_scale": 5}
    assert points("per_unit", 3, 5, parameters, city_class="county") == 5


def test_a_rate_without_county_scale_is_the_same_for_every_class() -> None:
    found = [points("per_unit", 3, 5, {"rate": 1}, city_class=c) for c in ("county", "prefecture")]
    assert found == [3, 3]


@pytest.mark.parametrize(
    ("x", "expected"),
    [(0, 0), (0.64, 0), (0.65, 0), (0.825, 3.5), (0.93, 5.6), (1, 7), (1.2, 7)],
    ids=str,
)
def test_linear_gives_points_in_proportion_between_low_and_high(x: float, expected: float) -> None:
    assert points("linear", x, 7, {"low": 0.65, "high": 1.0}) == close(expected)


@pytest.mark.parametrize("cities", [1, 2, 100])
@pytest.mark.parametrize("low", [0.1, 0.65, 6.0213662651147635])
def test_linear_gives_exactly_all_points_at_high_however_many_cities_there_are(
    low: float, cities: int
) -> None:
    high = low + 3.7813165408800635
    nothing = pl.lit(None, pl.Float64)
    bounds = Bounds(nothing, nothing, pl.lit("prefecture"))
    won = RULES["linear"](pl.col("x"), 0.7, {"low": low, "high": high}, bounds)
    found = pl.DataFrame({"x": [high] * cities}).select(won).to_series()
    assert set(found) == {0.7}


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0, 0),
        (0.4999, 0),
        (0.5, 1),
        (0.5999, 1),
        (0.6, 2),
        (0.7, 3),
        (0.8, 4),
        (0.8999, 4),
        (0.9, 5),
        (0.9999, 5),
        (1.0, 6),
        (1.5, 6),
    ],
    ids=str,
)
def test_a_band_includes_its_lower_bound(x: float, expected: float) -> None:
    assert points("bands", x, 6, BANDS) == expected


@pytest.mark.parametrize("tenths", range(5, 11))
def test_a_quotient_of_counts_reaches_its_band_exactly(tenths: int) -> None:
    for whole in (10, 30, 70, 110, 12340):
        assert points("bands", (tenths * whole / 10) / whole, 6, BANDS) == tenths - 4


def test_the_order_of_bands_makes_no_difference() -> None:
    assert points("bands", 0.75, 6, {"bands": BANDS["bands"][::-1]}) == 3


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0, 0),
        (0.4999, 0),
        (0.5, 1.5),
        (0.5999, 1.5),
        (0.6, 2),
        (0.69, 2),
        (0.7, 2.5),
        (0.8, 3),
        (0.9, 3.5),
        (1.0, 4),
        (1.1, 4),
        (7, 4),
    ],
    ids=str,
)
def test_step_up_starts_with_the_base_and_gains_for_complete_steps_only(
    x: float, expected: float
) -> None:
    assert points("step_up", x, 4, UP) == close(expected)


@pytest.mark.parametrize(
    ("x", "expected"),
    [(0, 2), (0.99, 2), (1, 1.5), (1.99, 1.5), (2, 1), (3, 0.5), (4, 0), (5, 0), (1000, 0)],
    ids=str,
)
def test_deduct_takes_the_penalty_for_each_complete_step_down_to_none(
    x: float, expected: float
) -> None:
    assert points("deduct", x, 2, {"step": 1, "penalty": 0.5}) == expected


@pytest.mark.parametrize(
    ("x", "expected"),
    [(-50, 2), (0, 2), (1, 2), (1.0999, 2), (1.1, 1.9), (1.2, 1.8), (1.25, 1.8), (2, 1), (3.2, 0)],
    ids=str,
)
def test_deduct_counts_from_the_tolerance_and_never_gives_more_than_the_points(
    x: float, expected: float
) -> None:
    parameters = {"tolerance": 1, "step": 0.1, "penalty": 0.1}
    assert points("deduct", x, 2, parameters) == close(expected)


def test_0_3_by_0_1_is_three_steps() -> None:
    assert 0.3 / 0.1 < 3  # what floating point says
    assert points("deduct", 0.3, 10, {"step": 0.1, "penalty": 1}) == 7
    assert points("step_up", 0.3, 10, {"start": 0, "base": 0, "step": 0.1, "gain": 1}) == 3


@pytest.mark.parametrize("step", [0.1, 0.01, 0.02, 0.05, 0.3, 0.7, 1, 2.5], ids=str)
def test_a_hundred_steps_are_counted_right_one_by_one(step: float) -> None:
    parameters = {"step": step, "penalty": 1}
    for tolerance in (0, 0.001, 0.01, 1):
        found = [
            points("deduct", n * step + tolerance, 200, {**parameters, "tolerance": tolerance})
            for n in range(101)
        ]
        assert found == [200 - n for n in range(101)]


@pytest.mark.parametrize("short", [1e-6, 1e-4, 0.01])
def test_a_step_that_is_not_complete_does_not_count(short: float) -> None:
    assert points("deduct", 3 - short, 10, {"step": 1, "penalty": 1}) == 8
    assert points("step_up", 0.8 - short, 4, UP) == close(2.5)


@pytest.mark.parametrize(
    ("x", "higher", "lower"),
    [(-1, 0, 8), (2, 0, 8), (3, 2, 6), (4, 4, 4), (5.5, 7, 1), (6, 8, 0), (99, 8, 0)],
    ids=str,
)
def test_relative_gives_points_by_the_place_between_the_bounds(
    x: float, higher: float, lower: float
) -> None:
    assert points("relative", x, 8, HIGHER, lo=2, hi=6) == close(higher)
    assert points("relative", x, 8, LOWER, lo=2, hi=6) == close(lower)


@pytest.mark.parametrize(("x", "expected"), [(0, 0), (-1, 0), (0.001, 8), (3, 8)], ids=str)
@pytest.mark.parametrize("bound", [0, 3])
def test_where_bounds_are_equal_and_higher_is_better_anything_above_zero_has_all_points(
    bound: float, x: float, expected: float
) -> None:
    assert points("relative", x, 8, HIGHER, lo=bound, hi=bound) == expected


@pytest.mark.parametrize("x", [0, 1, 3, 500])
@pytest.mark.parametrize("bound", [0, 3])
def test_where_bounds_are_equal_and_lower_is_better_everybody_has_all_points(
    bound: float, x: float
) -> None:
    assert points("relative", x, 8, LOWER, lo=bound, hi=bound) == 8


@pytest.mark.parametrize("award", [0, 0.5, 7.25, 10])
def test_an_award_is_the_points_themselves(award: float) -> None:
    assert points("assessor", award, 10) == award


NEEDED: dict[str, Parameters] = {
    "flag": {},
    "share": {},
    "multiple": {"times": 2},
    "per_unit": {"rate": 1},
    "linear": {"low": 0, "high": 1},
    "bands": BANDS,
    "step_up": UP,
    "deduct": {"step": 1, "penalty": 1},
    "relative": HIGHER,
    "assessor": {},
}


def test_there_is_no_rule_but_these() -> None:
    assert set(RULES) == set(NEEDED)


@pytest.mark.parametrize("rule", RULES)
def test_no_value_gives_no_points(rule: str) -> None:
    assert points(rule, None, 4, NEEDED[rule], lo=1, hi=3) is None
    assert points(rule, None, 4, NEEDED[rule], lo=1, hi=1) is None


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("x", [0, 0.3, 0.5, 1, 2, 1e6, 1e300], ids=str)
def test_points_stay_between_zero_and_all(rule: str, x: float) -> None:
    for p in (0.5, 1, 6):
        parameters = {"bands": [[0.5, p]]} if rule == "bands" else NEEDED[rule]
        found = points(rule, x, p, parameters, lo=0.2, hi=0.9)
        assert found is not None
        assert 0 <= found <= p


@pytest.mark.parametrize("rule", RULES)
def test_the_parameters_of_a_rule_are_accepted(rule: str) -> None:
    assert list(problems(rule, NEEDED[rule], 6)) == []
    assert list(problems(rule, {**NEEDED[rule], "empty": 1}, 6)) == []


@pytest.mark.parametrize(
    ("rule", "missing"), [(rule, name) for rule in NEEDED for name in NEEDED[rule]]
)
def test_a_missing_parameter_is_named(rule: str, missing: str) -> None:
    left = {name: value for name, value in NEEDED[rule].items() if name != missing}
    found = "\n".join(problems(rule, left, 6))
    assert f"rule {rule} needs the parameter {missing}" in found


@pytest.mark.parametrize("rule", RULES)
def test_a_parameter_too_many_is_named(rule: str) -> None:
    found = list(problems(rule, {**NEEDED[rule], "factor": 2}, 6))
    assert found == [f"rule {rule} has no parameter factor"]


def test_an_unknown_rule_is_named_with_those_there_are() -> None:
    (found,) = problems("median", {}, 6)
    assert "'median' is unknown" in found
    assert all(rule in found for rule in RULES)


def test_a_relative_rule_says_higher_or_lower() -> None:
    assert list(problems("relative", {"better": "more"}, 6)) == [
        "better is 'more'; expected higher or lower"
    ]
