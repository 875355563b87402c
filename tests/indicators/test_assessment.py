"""Assessments: who takes part, who is recommended, what is a strength."""

import polars as pl
import pytest

from indicators import edition
from indicators.assessment import (
    Reached,
    applicants,
    reached,
    stand,
    strengths,
)
from tests.indicators.test_gains import leaf_of

MONTH = "2019-06"


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
    assert strengths(leaf_of("share", 4.0), won, own, cohort) == expected
