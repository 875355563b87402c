"""Why an index changed: exact, whatever edition and observations are, and split as the bridge is."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import bridge as bridges
from indicators.edition import Edition, Leaf
from indicators.movement import UNITS_PER_INDEX, Month, index_units, movement
from indicators.score import score
from tests.indicators.test_bridge import CITIES, PERIODS, cities, edition_of, editions, leaf_of
from tests.indicators.test_bridge import observed as values

THEN, NOW = PERIODS
FIRST, SECOND = (code for code, _ in CITIES[:2])


@st.composite
def observed(draw: st.DrawFn) -> pl.DataFrame:
    """Values of two months, some of them corrected."""
    found = draw(values())
    return found.with_columns(
        corrected=pl.Series([draw(st.booleans()) for _ in range(len(found))], dtype=pl.Boolean)
    )


def month(edition: Edition, observations: pl.DataFrame, period: str) -> Month:
    """A month as it is scored."""
    of_month = observations.filter(period=period)
    scores = score(edition, of_month, cities(period))
    return Month(scores.leaves, scores.index, of_month)


def assert_exact(moved: pl.DataFrame, now: Month, then: Month) -> None:
    """The parts of every city add up to the difference of its indexes, in whole units."""
    ends = [
        dict(m.index.select("city_code", index_units(pl.col("index"))).drop_nulls().iter_rows())
        for m in (then, now)
    ]
    total: Counter[str] = Counter()
    for code, units in moved.select("city_code", "units").iter_rows():
        total[code] += units
    for code, _ in CITIES:
        known = all(code in end for end in ends)
        assert total[code] == (ends[1][code] - ends[0][code] if known else 0)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(editions("e"), editions("e"), observed())
def test_the_parts_add_up_to_the_difference_of_the_indexes_exactly(
    edition: Edition, before: Edition, observations: pl.DataFrame
) -> None:
    now, then = month(edition, observations, NOW), month(edition, observations, THEN)
    moved = movement(edition, now, then)
    assert_exact(moved, now, then)
    assert not moved.filter(cause="edition").height
    assert moved.select("city_code", "leaf", "cause").is_duplicated().sum() == 0
    assert_split_as_the_bridge_is(edition, moved, now, then)
    other = month(replace(before, kind=edition.kind), observations, THEN)
    assert_exact(movement(edition, now, other), now, other)


def assert_split_as_the_bridge_is(
    edition: Edition, moved: pl.DataFrame, now: Month, then: Month
) -> None:
    """Own and others' parts of every leaf are those of the bridge from month to month."""
    subjects = bridges.subjects(edition, edition)
    before, after = (
        bridges.sides(edition, subjects, m.leaves, m.index, m.observations, dict(CITIES))
        for m in (then, now)
    )
    for code in before.keys() & after.keys():
        expected: dict[tuple[str, bool], Fraction] = defaultdict(Fraction)
        for part in bridges.bridge(after[code], after[code], before[code]).parts:
            if part.leaf:
                expected[part.leaf, part.kind == "own"] += part.amount * UNITS_PER_INDEX
        of_city = moved.filter(pl.col("city_code") == code, pl.col("leaf") != "")
        for leaf, cause, units in of_city.select("leaf", "cause", "units").iter_rows():
            expected[leaf, cause in ("own", "corrected")] -= units
        # Each part is rounded to a whole unit by itself; of a leaf there are two at most.
        assert all(abs(left) <= 1 for left in expected.values())


def parts(
    leaves: Sequence[Leaf],
    *rows: tuple[str, str, str, float],
    before: Sequence[Leaf] | None = None,
    corrected: bool = False,
) -> dict[tuple[str, str], int]:
    """Leaf, cause and units of the first city; rows are period, city, measure, value."""
    edition = edition_of("e", "monitoring", list(leaves))
    frame = pl.DataFrame(
        rows, ["period", "city_code", "measure", "value"], orient="row"
    ).with_columns(corrected=pl.lit(corrected))
    first = edition_of("e", "monitoring", list(before)) if before else edition
    now, then = month(edition, frame, NOW), month(first, frame, THEN)
    moved = movement(edition, now, then)
    assert_exact(moved, now, then)
    of_city = moved.filter(city_code=FIRST)
    rows_of_city = of_city.select("leaf", "cause", "units").iter_rows()
    return {(leaf, cause): units for leaf, cause, units in rows_of_city}


SHARE = leaf_of("shared", 1.0, 0, "city", 0)
RANKED = leaf_of("counted", 1.0, 1, "ndrc", 0)
WHOLE = 100 * UNITS_PER_INDEX


def share(period: str, codes: float) -> tuple[tuple[str, str, str, float], ...]:
    """Codes over ten units."""
    return ((period, FIRST, "codes", codes), (period, FIRST, "units", 10.0))


def test_a_value_of_its_own_that_changed_is_the_citys_own() -> None:
    assert parts([SHARE], *share(THEN, 5), *share(NOW, 6)) == {("shared", "own"): WHOLE // 10}


def test_a_value_that_changed_and_was_corrected_is_told_apart() -> None:
    found = parts([SHARE], *share(THEN, 5), *share(NOW, 6), corrected=True)
    assert found == {("shared", "corrected"): WHOLE // 10}


def test_where_todays_edition_makes_no_index_of_the_earlier_month_the_edition_did_it() -> None:
    unassessed = leaf_of("shared", 1.0, 0, "ndrc", 0)
    found = parts([unassessed], *share(NOW, 5), (THEN, FIRST, "codes", 1.0), before=[RANKED])
    assert found == {("", "edition"): -WHOLE // 2}


@pytest.mark.parametrize(("first", "second"), [(THEN, NOW), (NOW, THEN)])
def test_a_value_that_came_or_went_has_arrived_or_is_lost(first: str, second: str) -> None:
    found = parts([SHARE], *share(second, 6), (first, FIRST, "units", 10.0))
    assert found == {("shared", "arrived"): WHOLE * 6 // 10 * (1 if second == NOW else -1)}


def test_where_others_moved_the_bounds_the_class_did_it() -> None:
    steady = [(period, FIRST, "codes", 5.0) for period in PERIODS]
    others = [(THEN, SECOND, "codes", 0.0), (NOW, SECOND, "codes", 10.0)]
    assert parts([RANKED], *steady, *others) == {("counted", "class"): -WHOLE}


def test_where_the_median_that_was_imputed_moved_the_class_did_it() -> None:
    third = CITIES[2][0]
    rows = [
        (period, code, "codes", value)
        for period, code, value in (
            (THEN, SECOND, 0.0), (THEN, third, 10.0), (NOW, SECOND, 10.0), (NOW, third, 10.0),
        )
    ]  # fmt: skip
    assert parts([RANKED], *rows) == {("counted", "class"): WHOLE // 2}


def test_a_leaf_that_is_assessed_at_last_changes_what_is_possible() -> None:
    late = leaf_of("late", 1.0, 1, "ndrc", 0)
    found = parts([RANKED, late], *share(THEN, 5)[:1], *share(NOW, 5))
    assert found == {("late", "arrived"): WHOLE // 2, ("", "assessed"): -WHOLE // 2}


def test_what_todays_edition_makes_other_of_the_earlier_month_the_edition_did() -> None:
    easier = replace(SHARE, rule="multiple", parameters={"times": 2})
    found = parts([easier], *share(THEN, 2), *share(NOW, 3), before=[SHARE])
    assert found == {("shared", "edition"): WHOLE // 5, ("shared", "own"): WHOLE // 5}


def test_leaves_that_came_and_went_with_the_edition_are_its_doing() -> None:
    found = parts([SHARE], *share(THEN, 5), *share(NOW, 5), before=[RANKED, SHARE])
    # Of two points 1.5 were won, of one 0.5 is: what is dropped weighs as the edition does now.
    assert found == {("counted", "edition"): -WHOLE, ("", "edition"): WHOLE * 3 // 4}
