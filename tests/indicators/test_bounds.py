"""How sure an index is: at worst and at best, each against what the engine gives of such observations."""

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.bounds import band, doubts
from indicators.bridge import national_sums
from indicators.edition import Edition, Leaf
from indicators.score import Scores, score
from tests.indicators.test_bridge import CITIES, PERIODS, cities, edition_of, editions, leaf_of
from tests.indicators.test_bridge import observed as values

MONTH = PERIODS[1]
FIRST, SECOND = (code for code, _ in CITIES[:2])
SHARE = leaf_of("shared", 1.0, 0, "city", 0)
SUBMITTED, IMPUTED = leaf_of("counted", 2.0, 1, "city", 0), leaf_of("counted", 2.0, 1, "ndrc", 0)


@st.composite
def observed(draw: st.DrawFn) -> pl.DataFrame:
    """Values of a month, some late and some disputed."""
    found = draw(values()).filter(period=MONTH)
    other = st.one_of(st.none(), st.integers(0, 60))
    disputed = pl.Series([draw(other) for _ in range(len(found))], dtype=pl.Float64)
    late = pl.Series([draw(st.booleans()) for _ in range(len(found))], dtype=pl.Boolean)
    return found.with_columns(other_value=disputed, discrepancy=disputed.is_not_null(), late=late)


def month(*rows: tuple[str, str, float, float | None, bool]) -> pl.DataFrame:
    """City, measure, value, the other source's value, late."""
    columns = ["city_code", "measure", "value", "other_value", "late"]
    frame = pl.DataFrame(rows, columns, orient="row").cast({"other_value": pl.Float64})
    return frame.with_columns(period=pl.lit(MONTH), discrepancy=pl.col("other_value").is_not_null())


def judged(edition: Edition, frame: pl.DataFrame) -> tuple[Scores, pl.DataFrame, pl.DataFrame]:
    """Scores, what is doubtful, and how far it reaches."""
    of_month = cities(MONTH)
    scores = score(edition, frame, of_month)
    nation = national_sums(edition, frame)
    classes = of_month.select("city_code", "city_class")
    found = doubts(edition, scores.leaves, classes, frame, nation)
    return scores, found, band(edition, scores.leaves, scores.index, found)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(editions("e"), observed())
def test_an_index_lies_between_its_worst_and_its_best(
    edition: Edition, frame: pl.DataFrame
) -> None:
    scores, found, reach = judged(edition, frame)
    index = {row["city_code"]: row for row in scores.index.iter_rows(named=True)}
    possible = dict(
        scores.leaves.group_by("city_code").agg(pl.col("points_possible").sum()).iter_rows()
    )
    assert set(reach["city_code"]) == set(found["city_code"])
    for row in reach.iter_rows(named=True):
        now = index[row["city_code"]]
        assert row["low"] <= now["index"] <= row["high"]
        assert row["rank_low"] >= now["rank"] >= row["rank_high"]
        others = [
            other["index"]
            for other in index.values()
            if other["city_class"] == now["city_class"] and other is not now
        ]
        for end in ("low", "high"):
            assert row[f"rank_{end}"] == 1 + sum(other > row[end] for other in others)
        of_city = found.filter(city_code=row["city_code"])
        widest = (of_city["best"] - of_city["worst"]).sum() / possible[row["city_code"]] * 100
        if edition.kind == "monitoring":
            assert row["high"] - row["low"] <= widest + 1e-9


@pytest.mark.parametrize(("leaf", "doubt"), [(SUBMITTED, "not submitted"), (IMPUTED, "imputed")])
def test_a_missing_value_may_be_worth_nothing_or_all(leaf: Leaf, doubt: str) -> None:
    edition = edition_of("e", "monitoring", [SHARE, leaf])
    rows = [(FIRST, "units", 4.0, None, False), (SECOND, "codes", 3.0, None, False)]
    _, found, reach = judged(edition, month(*rows, (SECOND, "units", 6.0, None, False)))
    of_first = found.filter(city_code=FIRST, leaf="counted")
    assert of_first.rows() == [(FIRST, "counted", doubt, 0.0, 2.0)]
    assert reach.filter(city_code=FIRST).select("low", "high").row(0) == (0.0, 100.0)


def test_what_nobody_in_the_class_has_is_not_doubtful() -> None:
    edition = edition_of("e", "monitoring", [SHARE, IMPUTED])
    assert judged(edition, month((FIRST, "units", 4.0, None, False)))[1]["leaf"].unique().to_list() == [
        "shared"
    ]  # fmt: skip


def test_a_late_value_may_be_worth_nothing_and_at_best_what_it_wins() -> None:
    edition = edition_of("e", "monitoring", [SHARE])
    rows = [(FIRST, "units", 4.0, None, True), (FIRST, "codes", 3.0, None, False)]
    _, found, reach = judged(edition, month(*rows))
    assert found.filter(city_code=FIRST).rows() == [(FIRST, "shared", "late", 0.0, 0.75)]
    assert reach.filter(city_code=FIRST).select("low", "high").row(0) == (0.0, 75.0)


def test_of_a_disputed_value_either_source_may_be_right() -> None:
    edition = edition_of("e", "monitoring", [SHARE])
    rows = [(FIRST, "units", 8.0, 4.0, False), (FIRST, "codes", 2.0, 3.0, False)]
    scores, found, reach = judged(edition, month(*rows))
    assert found.filter(city_code=FIRST).rows() == [(FIRST, "shared", "discrepancy", 0.25, 0.75)]
    other = [(FIRST, "units", 4.0, None, False), (FIRST, "codes", 3.0, None, False)]
    best = score(edition, month(*other), cities(MONTH)).index.filter(city_code=FIRST)
    worst = scores.index.filter(city_code=FIRST)
    ends = reach.filter(city_code=FIRST).select("low", "high").row(0)
    assert ends == (worst["index"].item(), best["index"].item())


def test_a_value_that_is_late_and_disputed_takes_the_worse_and_the_better_of_both() -> None:
    edition = edition_of("e", "monitoring", [SHARE])
    rows = [(FIRST, "units", 8.0, 4.0, True), (FIRST, "codes", 2.0, None, False)]
    reach = judged(edition, month(*rows))[2].filter(city_code=FIRST)
    assert reach.select("low", "high").row(0) == (0.0, 50.0)


def test_of_a_city_without_doubts_nothing_is_said() -> None:
    edition = edition_of("e", "monitoring", [SHARE])
    rows = [(code, m, 4.0, None, False) for code, _ in CITIES for m in ("units", "codes")]
    _, found, reach = judged(edition, month(*rows))
    assert found.is_empty()
    assert reach.is_empty()
