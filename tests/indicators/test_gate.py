"""The gate: numbers against standards, and what is not shown."""

from collections.abc import Mapping

import polars as pl
import pytest

from indicators import edition
from indicators.gate import gate, verdicts

EDITION = edition.load("model-2019")
MONTH = "2019-06"
CITIES = pl.DataFrame(
    {
        "period": [MONTH] * 3,
        "city_code": ["330100", "330300", "330782"],
        "city_class": ["provincial", "prefecture", "county"],
    }
)
MEETS = {
    "stock_codes": 100_000, "stock_codes_converted": 100_000,
    "codes_issued": 50_000, "code_defects": 4,
    "government_breaches": 3, "government_breaches_corrected": 3,
    "service_hall_integrated": 1, "double_disclosure_rate": 1,
    "listed_entities": 150, "poor_rated_entities": 50, "credit_reports": 160,
    "delisted_entities": 45, "repair_trained": 75, "repairs_by_commitment": 150,
    "market_entities": 1000, "market_entities_committed": 900,
    "approvals_substituted": 19, "approvals": 70, "approvals_by_commitment": 70,
    "counties": 9, "counties_monitored": 9, "summoned_12m": 0,
}  # fmt: skip


def _gate(
    values: Mapping[str, float], places: Mapping[str, int | None] | None = None
) -> pl.DataFrame:
    """The gate of three cities that all report the same."""
    observations = pl.DataFrame(
        [
            {"period": MONTH, "city_code": code, "measure": measure, "value": float(value)}
            for code in CITIES["city_code"]
            for measure, value in values.items()
        ]
    )
    known = {"330300": 100, "330782": 100} if places is None else places
    ranks = pl.DataFrame(
        {"city_code": list(known), "rank": list(known.values())},
        schema={"city_code": pl.String, "rank": pl.Int64},
    )
    return gate(EDITION, observations, CITIES, ranks)


def _row(rows: pl.DataFrame, condition: str, code: str = "330300") -> dict[str, object]:
    return rows.filter(pl.col("condition") == condition, pl.col("city_code") == code).row(
        0, named=True
    )


def test_a_city_that_meets_every_standard_to_the_digit_passes() -> None:
    rows = _gate(MEETS)
    assert rows["passed"].to_list() == [True] * len(rows)
    assert set(verdicts(rows)["gate_passed"]) == {True}


@pytest.mark.parametrize(
    ("condition", "measure", "value"),
    [
        ("stock_codes_converted", "stock_codes_converted", 99_999),
        ("code_defects", "code_defects", 5),
        ("government_breaches_corrected", "government_breaches_corrected", 2),
        ("service_halls_connected", "service_hall_integrated", 0),
        ("disclosure_reported", "double_disclosure_rate", 0.9999),
        ("credit_reports_filed", "credit_reports", 159),
        ("blacklisted_out", "delisted_entities", 44),
        ("repair_training_reach", "repair_trained", 74),
        ("pledges_market_entities", "market_entities_committed", 899),
        ("pledges_matters", "approvals_substituted", 18),
        ("pledges_approvals", "approvals_by_commitment", 69),
        ("pledges_blacklisted", "repairs_by_commitment", 149),
        ("counties_monitored", "counties_monitored", 8),
    ],
)
def test_one_short_of_a_standard_fails_the_gate(condition: str, measure: str, value: float) -> None:
    rows = _gate({**MEETS, measure: value})
    assert _row(rows, condition)["passed"] is False
    failed = rows.filter(~pl.col("passed"), pl.col("city_code") == "330300")["condition"]
    assert failed.to_list() == [condition]
    judged = dict(verdicts(rows).iter_rows())
    assert judged["330300"] is False


def test_a_place_is_asked_below_the_provincial_class_and_summons_within_it() -> None:
    rows = _gate({**MEETS, "summoned_12m": 1}, {"330300": 101, "330782": 1})
    assert _row(rows, "monitoring_place")["passed"] is False
    assert _row(rows, "monitoring_place", "330782")["passed"] is True
    assert _row(rows, "not_summoned", "330100")["passed"] is False
    asked = rows.group_by("city_code").agg(pl.col("condition"))
    conditions = {code: set(names) for code, names in asked.iter_rows()}
    assert "monitoring_place" not in conditions["330100"]
    assert "not_summoned" not in conditions["330300"]
    assert "counties_monitored" not in conditions["330782"]


def test_what_has_no_number_is_not_shown_and_names_what_is_missing() -> None:
    without = {m: v for m, v in MEETS.items() if m not in ("credit_reports", "poor_rated_entities")}
    rows = _gate(without, {"330300": None})
    reports = _row(rows, "credit_reports_filed")
    assert (reports["value"], reports["passed"]) == (None, None)
    assert reports["missing"] == "credit_reports|poor_rated_entities"
    assert _row(rows, "monitoring_place")["missing"] == "rank"
    assert set(verdicts(rows)["gate_passed"]) == {None}


def test_a_failed_condition_outweighs_one_that_is_not_shown() -> None:
    rows = _gate({**MEETS, "approvals_substituted": 0}, {})
    assert set(verdicts(rows)["gate_passed"]) == {False}


def test_where_there_was_nothing_to_correct_the_duty_is_met() -> None:
    rows = _gate({**MEETS, "government_breaches": 0, "government_breaches_corrected": 0})
    assert _row(rows, "government_breaches_corrected")["value"] == 1


def test_an_edition_without_a_gate_gives_no_rows() -> None:
    observations = pl.DataFrame(
        schema={"period": pl.String, "city_code": pl.String, "measure": pl.String, "value": float}
    )
    ranks = pl.DataFrame(schema={"city_code": pl.String, "rank": pl.Int64})
    assert gate(edition.load("model-2016"), observations, CITIES, ranks).is_empty()
