"""Voices of a source: one value of many, and who said what."""

import polars as pl
import pytest

from indicators.measures import catalogue
from indicators.voices import unite

SCHEMA = {
    "period": pl.String, "city_code": pl.String, "measure": pl.String, "part": pl.String,
    "value": pl.Float64, "source": pl.String, "source_id": pl.String, "records": pl.Int64,
    "sha256": pl.String, "name": pl.String, "row": pl.Int64, "place": pl.String,
    "evidence": pl.String, "delivered_at": pl.String, "corrected": pl.Boolean, "late": pl.Boolean,
    "simulated": pl.Boolean,
}  # fmt: skip


def record(measure: str, part: str, value: float, **other: object) -> dict[str, object]:
    """A record of one city."""
    return {
        "period": "2019-06", "city_code": "330100", "measure": measure, "part": part, "value": value,
        "source": "monitoring", "source_id": "monitoring", "records": 1, "sha256": "a" * 64,
        "name": "a.csv", "row": 2, "place": "", "evidence": None,
        "delivered_at": "2019-07-02T09:00:00+08:00", "corrected": False, "late": False,
        "simulated": True, **other,
    }  # fmt: skip


def united(*records: dict[str, object]) -> tuple[list[dict[str, object]], pl.DataFrame]:
    """Rows and contributions."""
    unison = unite(pl.DataFrame(list(records), schema=SCHEMA), catalogue())
    return unison.rows.to_dicts(), unison.contributions


@pytest.mark.parametrize(("answered", "probes"), [(29, 30), (1, 21), (0, 31), (31, 31)])
def test_uptime_is_the_share_of_probes_to_the_last_bit(answered: int, probes: int) -> None:
    (row,), contributions = united(
        *(
            record("credit_website_uptime", f"2019-06-{day + 1:02d}", float(day < answered))
            for day in range(probes)
        )
    )
    assert row["value"] == answered / probes
    assert (row["records"], row["left_out"], row["name"], row["sha256"]) == (probes, 0, None, None)
    assert contributions["part"].to_list() == [f"2019-06-{d + 1:02d}" for d in range(probes)]


def test_ten_providers_make_their_exact_mean() -> None:
    values = [81.2, 81.26, 80.9, 81.56, 81.23, 81.23, 80.0, 82.46, 81.11, 81.35]
    (row,), _ = united(
        *(record("provider_index", f"p{n:02d}", value) for n, value in enumerate(values))
    )
    assert row["value"] == 81.23


def test_a_provider_that_is_far_off_is_left_out_and_said_so() -> None:
    (row,), contributions = united(
        *(record("provider_index", f"p{n}", 80.0 + n) for n in range(4)),
        record("provider_index", "p9", 10.0),
    )
    assert row["value"] == 81.5
    assert (row["records"], row["left_out"]) == (5, 1)
    assert contributions.filter(~pl.col("counted"))["part"].to_list() == ["p9"]


def probes(n: int, answered: int, **other: object) -> list[dict[str, object]]:
    """Probes of so many moments, of which the first so many were answered."""
    return [
        record("credit_website_uptime", f"2019-06-{at + 1:02d}", float(at < answered), **other)
        for at in range(n)
    ]


def test_a_ready_made_value_counts_only_where_voices_make_none() -> None:
    ready = record("credit_website_uptime", "", 0.5)
    assert [row["value"] for row in united(ready)[0]] == [0.5]
    assert [row["value"] for row in united(ready, *probes(20, 20))[0]] == [1.0]
    rows, contributions = united(ready, *probes(19, 0))  # too few to say how long it was up
    assert [row["value"] for row in rows] == [0.5]
    assert set(contributions["why"]) == {"few"}


def test_a_ready_made_index_counts_where_too_few_providers_answered() -> None:
    rows, _ = united(record("provider_index", "", 70.0), record("provider_index", "p1", 20.0))
    assert [row["value"] for row in rows] == [70.0]


def test_a_few_probes_alone_make_no_value() -> None:
    rows, _ = united(*probes(3, 0))
    assert rows == []


def test_a_value_of_many_voices_is_as_late_as_the_latest() -> None:
    later = {"delivered_at": "2019-07-20T09:00:00+08:00", "late": True}
    (row,), _ = united(*probes(20, 20), record("credit_website_uptime", "2019-06-30", 1.0, **later))
    assert (row["late"], row["delivered_at"]) == (True, "2019-07-20T09:00:00+08:00")


def test_awards_keep_their_edition_and_other_records_stay_as_they_are() -> None:
    rows, contributions = united(
        record("core_values", "model-2017", 5.0, source="assessor"),
        record("core_values", "model-2019", 4.0, source="assessor"),
        record("departments", "", 40.0, source="city"),
    )
    found = [(row["measure"], row["part"], row["value"], row["left_out"]) for row in rows]
    assert found == [
        ("core_values", "model-2017", 5.0, 0),
        ("core_values", "model-2019", 4.0, 0),
        ("departments", "", 40.0, 0),
    ]
    assert contributions.is_empty()


def test_nothing_at_all_makes_nothing() -> None:
    rows, contributions = united()
    assert rows == []
    assert contributions.is_empty()
