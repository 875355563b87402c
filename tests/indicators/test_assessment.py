"""Assessments: who takes part, who is recommended, what is a strength and what is in reach."""

import polars as pl
import pytest

from indicators import edition, rules
from indicators.assessment import (
    Reached,
    applicants,
    full_points,
    next_points,
    reached,
    stand,
    strengths,
)
from indicators.edition import Leaf
from indicators.expression import Expression

MONTH = "2019-06"


def _leaf(rule: str, points: float, **parameters: object) -> Leaf:
    return Leaf(
        "leaf", ("1",), "指标", "Leaf", points, ("city",), Expression("departments"), rule,
        "printed", parameters,
    )  # fmt: skip


def _points(leaf: Leaf, value: float, city_class: str) -> float:
    bounds = rules.Bounds(pl.lit(None), pl.lit(None), pl.lit(city_class))
    frame = pl.DataFrame({"x": [value]})
    x = rules.RULES[leaf.rule](pl.col("x"), leaf.points, leaf.parameters, bounds)
    return float(frame.select(x).item())


@pytest.mark.parametrize("won", [0.0, 0.4, 1.0, 2.5])
@pytest.mark.parametrize("city_class", ["prefecture", "county"])
@pytest.mark.parametrize(
    "leaf",
    [
        _leaf("flag", 4.0),
        _leaf("share", 4.0),
        _leaf("multiple", 4.0, times=5),
        _leaf("per_unit", 4.0, rate=0.2, county_scale=5),
        _leaf("linear", 4.0, low=0.65, high=1.0),
        _leaf("bands", 4.0, bands=[[0.5, 1], [0.8, 2], [0.9, 3.5], [1.0, 4]]),
        _leaf("step_up", 4.0, start=0.5, base=1.5, step=0.1, gain=0.5),
        _leaf("deduct", 4.0, step=1, penalty=0.02),
        _leaf("deduct", 4.0, tolerance=0.01, step=0.1, penalty=1.5),
    ],
    ids=lambda leaf: getattr(leaf, "rule", None),
)
def test_the_value_that_is_named_gives_the_points_that_are_named(
    leaf: Leaf, city_class: str, won: float
) -> None:
    nearer, full = next_points(leaf, won, city_class), full_points(leaf, city_class)
    for step in filter(None, (nearer, full)):
        assert step.points > won
        assert _points(leaf, step.need.value, city_class) == pytest.approx(step.points)
    if nearer:
        assert nearer.points < leaf.points


def test_nothing_is_said_of_what_an_assessor_decides() -> None:
    leaf = _leaf("assessor", 4.0)
    assert next_points(leaf, 1.0, "county") is None
    assert full_points(leaf, "county") is None


def test_what_monitoring_collects_anyway_makes_nobody_an_applicant() -> None:
    criteria, monitored = edition.load("model-2019"), edition.load("cci-2019").measures
    observations = pl.DataFrame(
        {
            "city_code": ["330100", "330300", "330300", "330400"],
            "measure": ["joint_areas", "joint_areas", "credit_reports", "innovation"],
        }
    )
    assert applicants(criteria, monitored, observations) == ["330300", "330400"]


def _stand(totals: dict[str, float], passed: dict[str, bool | None], size: int) -> pl.DataFrame:
    codes = list(totals)
    index = pl.DataFrame(
        {
            "edition": "model-2019",
            "period": MONTH,
            "city_code": codes,
            "city_class": ["county" if code.endswith("1") else "prefecture" for code in codes],
            "index": list(totals.values()),
        }
    )
    gate = pl.DataFrame(
        {"city_code": list(passed), "passed": list(passed.values())},
        schema={"city_code": pl.String, "passed": pl.Boolean},
    )
    places = pl.DataFrame({"city_code": codes[:1], "rank": [7]})
    return stand(index, gate, codes, places, size)


def test_the_highest_totals_among_those_who_passed_are_recommended() -> None:
    totals = {"330100": 90.0, "330300": 80.0, "330381": 80.0, "330400": 70.0, "330500": 60.0}
    passed = dict.fromkeys(totals, True) | {"330100": False, "330500": None}
    stood = _stand(totals, passed, 1)
    chosen = stood.filter("recommended")["city_code"].to_list()
    assert chosen == ["330300", "330381"], "all that share the last place are named"
    assert stood["rank"].to_list() == [1, 2, 2, 4, 5]
    assert stood["class_rank"].to_list() == [1, 2, 1, 3, 4]
    assert stood["gate_passed"].to_list() == [False, True, True, True, None]
    assert stood["place"].to_list() == [7, None, None, None, None]
    assert _stand(totals, passed, 9).filter("recommended").height == 3


def test_without_a_gate_everybody_may_be_recommended() -> None:
    assert _stand({"330100": 90.0, "330300": 80.0}, {}, 5)["recommended"].all()


def test_a_group_is_told_by_mean_median_quartile_and_best() -> None:
    points = {code: {"total": won} for code, won in zip("abcd", (1.0, 2.0, 3.0, 10.0), strict=True)}
    assert reached(points, points) == {"total": Reached(4.0, 2.5, 4.75, 10.0)}
    assert reached(points, ["a"]) == {"total": Reached(1.0, 1.0, 1.0, 1.0)}
    assert reached(points, []) == {}


@pytest.mark.parametrize(
    ("won", "own", "expected"),
    [
        (4.0, True, ["full", "above"]),
        (3.6, True, ["full", "above"]),
        (3.2, True, ["above"]),
        (3.0, True, []),
        (4.0, False, []),
        (0.0, True, []),
    ],
)
def test_a_strength_is_near_full_points_or_above_the_best_quarter(
    won: float, own: bool, expected: list[str]
) -> None:
    cohort = Reached(2.0, 2.0, 3.0, 4.0)
    assert strengths(_leaf("share", 4.0), won, own, cohort) == expected
