"""Every warning speaks just beyond its threshold, and keeps still on the other side of it."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from indicators import edition
from indicators import warnings as early
from indicators.reconcile import TOLERATED_DIFFERENCE
from warehouse.contracts.tables import TABLES
from warehouse.contracts.warnings import Warnings
from warehouse.publication import TABLE_OF

MONTH = "2019-06"
CITY = "330100"
MONITORING = edition.load("cci-2019")


def _rows(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a frame; what a test does not say is empty."""
    schema = TABLES[TABLE_OF[name]].create_empty().schema
    return pl.DataFrame(
        [{column: row.get(column) for column in schema} for row in rows], schema=schema
    )


def _frames(**rows: list[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    return {name: _rows(name, rows.get(name, [])) for name in early.FRAMES}


def _found(rule: str, frames: Mapping[str, pl.DataFrame]) -> list[tuple[str, str, float]]:
    rows = Warnings.validate(early.warnings(MONITORING, MONTH, frames))
    return rows.filter(pl.col("rule") == rule).select("city_code", "item", "value").rows()


def _ranked(rank: int, before: int | None, index: float = 70.0) -> list[dict[str, Any]]:
    """A city among a hundred of its class, which were a hundred the month before as well."""
    others = [
        {
            "city_code": f"{at:06}",
            "city_class": "county",
            "rank": 1,
            "rank_before": 1,
            "index": 70.0,
        }
        for at in range(99)
    ]
    own = {"city_code": CITY, "city_class": "county", "rank": rank, "rank_before": before}
    return [*others, own | {"index": index}]


@pytest.mark.parametrize(("index", "speaks"), [(59.999, True), (60.0, False)])
def test_an_index_is_low_below_its_threshold(index: float, speaks: bool) -> None:
    found = _found("low_index", _frames(ranking=_ranked(1, 1, index)))
    assert found == [(CITY, "", index)] * speaks


def _history(*series: float | None, last: int = 6) -> list[dict[str, Any]]:
    return [
        {"period": f"2019-{last - back:02}", "city_code": CITY, "index": index}
        for back, index in enumerate(reversed(series))
    ]


@pytest.mark.parametrize(
    ("series", "speaks"),
    [((71.3, 68.3), True), ((71.3, 68.31), False), ((68.3, 71.3), False), ((None, 68.3), False)],
)
def test_a_fall_is_sharp_from_its_threshold_on(series: tuple[float, ...], speaks: bool) -> None:
    found = _found("sharp_fall", _frames(history=_history(*series)))
    assert found == [(CITY, "", 3.0)] * speaks


def test_a_fall_of_months_ago_is_no_warning() -> None:
    assert _found("sharp_fall", _frames(history=_history(71.3, 60.0, last=5))) == []


@pytest.mark.parametrize(
    ("series", "speaks"),
    [
        ((71.5, 71.0, 70.5, 70.0), True),
        ((71.49, 71.0, 70.5, 70.0), False),
        ((75.0, 71.0, 71.0, 70.0), False),
        ((75.0, None, 71.0, 70.0), False),
        ((71.0, 70.5, 69.0), False),
        ((60.0, 71.5, 71.0, 70.5, 70.0), True),
    ],
)
def test_a_fall_lasts_if_every_month_was_lower_and_all_together_enough(
    series: tuple[float | None, ...], speaks: bool
) -> None:
    found = _found("lasting_fall", _frames(history=_history(*series)))
    assert found == [(CITY, "", 1.5)] * speaks


@pytest.mark.parametrize(
    ("before", "rank", "speaks"),
    [(50, 51, True), (50, 50, False), (51, 52, False), (None, 51, False)],
)
def test_who_leaves_the_top_50_is_warned_of(before: int | None, rank: int, speaks: bool) -> None:
    found = _found("left_top_50", _frames(ranking=_ranked(rank, before)))
    assert found == [(CITY, "", float(rank))] * speaks


@pytest.mark.parametrize(
    ("before", "rank", "speaks"),
    [(90, 91, True), (90, 90, False), (91, 92, False), (None, 91, False)],
)
def test_who_comes_into_the_lowest_tenth_is_warned_of(
    before: int | None, rank: int, speaks: bool
) -> None:
    ranking = _ranked(rank, before)
    if before is None:  # then ninety-nine others were ranked the month before
        assert len(ranking) == 100
    found = _found("entered_lowest_tenth", _frames(ranking=ranking))
    assert found == [(CITY, "", rank / 100)] * speaks


@pytest.mark.parametrize(
    ("severity", "day", "speaks"),
    [
        ("serious", date(2019, 6, 1), True),
        ("major", date(2019, 6, 30), True),
        ("ordinary", date(2019, 6, 1), False),
        (None, date(2019, 6, 1), False),
        ("serious", date(2019, 5, 31), False),
    ],
)
def test_a_serious_event_is_warned_of_in_the_month_that_first_saw_it(
    severity: str | None, day: date, speaks: bool
) -> None:
    event = {"event_id": "one", "city_code": CITY, "severity": severity, "first_seen": day}
    assert _found("serious_events", _frames(events=[event])) == [(CITY, "", 1.0)] * speaks


def test_a_month_without_watched_sites_has_no_events_to_warn_of() -> None:
    frames = _frames(ranking=_ranked(1, 1, 59.0))
    del frames["events"]
    assert early.warnings(MONITORING, MONTH, frames)["rule"].to_list() == ["low_index"]


@pytest.mark.parametrize(
    ("reason", "speaks"), [("not submitted", True), ("imputed", False), ("", False)]
)
def test_what_was_not_submitted_is_overdue(reason: str, speaks: bool) -> None:
    leaves = [{"city_code": CITY, "leaf": leaf, "reason": reason} for leaf in ("a", "b")]
    assert _found("overdue_submissions", _frames(leaves=leaves)) == [(CITY, "", 2.0)] * speaks


@pytest.mark.parametrize(
    ("source", "late", "speaks"),
    [("city", True, True), ("city", False, False), ("ncisp", True, False)],
)
def test_only_what_a_city_or_province_submits_is_submitted_late(
    source: str, late: bool, speaks: bool
) -> None:
    value = {"city_code": CITY, "measure": "departments", "source": source, "late": late}
    assert _found("late_submissions", _frames(observations=[value])) == [(CITY, "", 1.0)] * speaks


@pytest.mark.parametrize(
    ("other", "flagged", "speaks"), [(79.0, True, True), (80.0, True, False), (79.0, False, False)]
)
def test_a_discrepancy_is_warned_of_measure_by_measure(
    other: float, flagged: bool, speaks: bool
) -> None:
    value = {"city_code": CITY, "measure": "codes_mapped", "value": 100.0, "other_value": other}
    found = _found("discrepancy", _frames(observations=[value | {"discrepancy": flagged}]))
    assert found == [(CITY, "codes_mapped", 0.21)] * speaks


def test_a_discrepancy_warns_at_what_sources_may_differ_by() -> None:
    assert early.rules()["discrepancy"].threshold == TOLERATED_DIFFERENCE


def test_a_model_city_edition_warns_of_nobody() -> None:
    frames = _frames(ranking=_ranked(1, 1, 1.0))
    assert early.warnings(edition.load("model-2019"), MONTH, frames).is_empty()


def test_every_rule_says_why_in_both_languages() -> None:
    for rule in early.rules().values():
        assert all((rule.zh, rule.en, rule.reason_zh, rule.reason_en)), rule.id


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ({"on": "index"}, "expected one of"),
        ({"on": "index", "below": 1, "above": 2}, r"\['below', 'above'\]"),
        ({"on": "weather", "below": 1}, "weather"),
    ],
)
def test_a_wrong_rule_is_named(line: dict[str, Any], names: str) -> None:
    with pytest.raises(ValueError, match=rf"warnings\.toml: mine: .*{names}"):
        early._rule("mine", line)


@pytest.mark.parametrize("rule", early.rules().values(), ids=lambda rule: rule.id)
def test_every_rule_has_its_line_in_the_methodology(rule: early.Rule) -> None:
    document = Path(__file__).parents[2] / "METHODOLOGY.md"
    said = re.search(rf"\| `{rule.id}` \| (.*) \|", document.read_text(encoding="utf-8"))
    assert said
    assert re.search(rf"\b{rule.threshold:g}\b", said[1])
