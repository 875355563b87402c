"""What it would take: values that win what is said, with the index and rank that the engine gives."""

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings

from indicators import rules, score
from indicators.edition import Edition, Leaf
from indicators.expression import Expression
from indicators.gains import FULL, full_points, gains, next_points
from tests.indicators.test_bridge import CITIES, PERIODS, cities, editions, observed

MONTH = PERIODS[1]


def leaf_of(rule: str, points: float, **parameters: object) -> Leaf:
    """A criterion of one measure."""
    return Leaf(
        "leaf", ("1",), "指标", "Leaf", points, ("city",), Expression("departments"), rule,
        "printed", parameters,
    )  # fmt: skip


def points_of(
    leaf: Leaf, value: float, city_class: str, lo: float | None = None, hi: float | None = None
) -> float:
    """What the rule makes of a value."""
    bounds = rules.Bounds(pl.lit(lo, pl.Float64), pl.lit(hi, pl.Float64), pl.lit(city_class))
    frame = pl.DataFrame({"x": [value]})
    x = rules.RULES[leaf.rule](pl.col("x"), leaf.points, leaf.parameters, bounds)
    return float(frame.select(x).item())


@pytest.mark.parametrize("won", [0.0, 0.4, 1.0, 2.5])
@pytest.mark.parametrize("city_class", ["prefecture", "county"])
@pytest.mark.parametrize(
    "leaf",
    [
        leaf_of("flag", 4.0),
        leaf_of("share", 4.0),
        leaf_of("multiple", 4.0, times=5),
        leaf_of("per_unit", 4.0, rate=0.2, county_scale=5),
        leaf_of("linear", 4.0, low=0.65, high=1.0),
        leaf_of("bands", 4.0, bands=[[0.5, 1], [0.8, 2], [0.9, 3.5], [1.0, 4]]),
        leaf_of("step_up", 4.0, start=0.5, base=1.5, step=0.1, gain=0.5),
        leaf_of("deduct", 4.0, step=1, penalty=0.02),
        leaf_of("deduct", 4.0, tolerance=0.01, step=0.1, penalty=1.5),
        leaf_of("relative", 4.0, better="higher"),
        leaf_of("relative", 4.0, better="lower"),
    ],
    ids=lambda leaf: getattr(leaf, "rule", None),
)
def test_the_value_that_is_named_gives_the_points_that_are_named(
    leaf: Leaf, city_class: str, won: float
) -> None:
    lo, hi = (0.2, 0.7) if leaf.relative else (None, None)
    nearer = next_points(leaf, won, city_class, lo, hi)
    full = full_points(leaf, city_class, lo, hi)
    assert full is not None
    for step in filter(None, (nearer, full)):
        assert step.points > won
        assert points_of(leaf, step.need.value, city_class, lo, hi) == pytest.approx(step.points)
    if nearer:
        assert nearer.points < leaf.points


def test_nothing_is_said_of_what_an_assessor_decides() -> None:
    leaf = leaf_of("assessor", 4.0)
    assert next_points(leaf, 1.0, "county") is None
    assert full_points(leaf, "county") is None


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(editions("e"), observed())
def test_what_is_said_to_follow_is_what_the_engine_gives_with_bounds_held(
    edition: Edition, observations: pl.DataFrame
) -> None:
    of_month = observations.filter(period=MONTH)
    scores = score.score(edition, of_month, cities(MONTH))
    # Sorted as the engine sorts them: the nation is added up otherwise where rows are not.
    ordered = cities(MONTH).sort("period", "city_code")
    wide = score.normalise(edition, score.value(edition, of_month, ordered))
    won = {row[:2]: row[2] for row in scores.leaves.select("city_code", "leaf", "points").rows()}
    found = gains(edition, scores.leaves, scores.index, dict(CITIES)).sort("leaf", "city_code")
    for row in found.iter_rows(named=True):
        leaf, code = edition.leaf(row["leaf"]), row["city_code"]
        city = wide.filter(city_code=code)
        bounds = [
            city[f"{end}:{leaf.id}"].item() if leaf.relative else None for end in ("lo", "hi")
        ]
        value = row["value"] or (1e-300 if row["comparison"] == "more than" else 0.0)
        points = points_of(leaf, value, city["city_class"].item(), *bounds)
        assert points == row["points"] > won[code, leaf.id]
        if row["goal"] == FULL:
            assert points == leaf.points
        # The rest of the engine goes on from there: sums, index, ranks.
        column = f"p:{leaf.id}"
        other = wide.with_columns(
            pl.when(city_code=code).then(points).otherwise(column).alias(column)
        )
        sums = score.aggregate(edition, score.impute(edition, other, score._classes(edition, wide)))
        after = score.rank(edition, sums).filter(city_code=code)
        assert (after["index"].item(), after["rank"].item()) == (row["index"], row["rank"])
