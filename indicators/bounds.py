"""How sure an index is: what it would be if all that is doubtful took its worst, or its best.

Doubtful is a leaf without a value of the city's own, one whose value came late, and one that rests on two
sources that do not agree. The class's bounds, the sums over the nation and all other cities stay.
"""

from collections.abc import Collection, Mapping
from itertools import product
from typing import Any

import polars as pl

from indicators import rules
from indicators.bridge import in_units
from indicators.edition import Edition, Leaf
from indicators.expression import national_column
from indicators.standing import standing

LATE, DISCREPANCY = "late", "discrepancy"
_SCHEMA: dict[str, Any] = {
    "city_code": pl.String,
    "leaf": pl.String,
    "doubt": pl.String,
    "worst": pl.Float64,
    "best": pl.Float64,
}


def doubts(
    edition: Edition,
    leaves: pl.DataFrame,
    cities: pl.DataFrame,
    observations: pl.DataFrame,
    nation: Mapping[str, float],
) -> pl.DataFrame:
    """What is doubtful, and the points that it would win at worst and at best.

    Where a value is missing: none, and all points. Where it came late: none, as if it had not come, and
    what it wins. Where two sources do not agree: what either of them would win.

    Args:
        edition: the edition.
        leaves: frame of the contract `Leaves`, one month.
        cities: city_code, city_class.
        observations: frame of the contract `Observations`, the same month and cities.
        nation: sums over the nation of the measures that are used so.

    Returns:
        city_code, leaf, doubt (a reason of the contract `Leaves`, `late` or `discrepancy`), worst, best
        (points), in the order of the edition. What nobody in the class has is not doubtful, but out.
    """
    uses = pl.DataFrame(
        [(m, leaf.id) for leaf in edition.leaves for m in leaf.expression.measures],
        ["measure", "leaf"],
        orient="row",
    )
    scored = leaves.filter(pl.col("points_possible") > 0).with_columns(
        pl.col("leaf", "reason").cast(pl.String)
    )
    own, points = scored.filter(reason=""), pl.col("points")
    nothing = pl.lit(0.0)
    came_late = observations.filter("late").join(uses, on="measure").select("city_code", "leaf")
    missing = scored.filter(pl.col("reason") != "").select(
        "city_code", "leaf", doubt="reason", worst=nothing, best="points_possible"
    )
    late = own.join(came_late.unique(), on=["city_code", "leaf"], how="semi").select(
        "city_code", "leaf", doubt=pl.lit(LATE), worst=nothing, best=points
    )
    order = {leaf.id: place for place, leaf in enumerate(edition.leaves)}
    return pl.concat(
        [missing, late, *_discrepancies(edition, own, cities, observations, nation)]
    ).sort("city_code", pl.col("leaf").replace_strict(order, return_dtype=pl.Int64), "doubt")


def band(
    edition: Edition, leaves: pl.DataFrame, index: pl.DataFrame, doubtful: pl.DataFrame
) -> pl.DataFrame:
    """Index and rank with everything doubtful at its worst, and at its best; one city at a time.

    Args:
        edition: the edition.
        leaves: frame of the contract `Leaves`, one month, of the cities in `doubtful` at least.
        index: frame of the contract `Index`, the same month, all cities.
        doubtful: what `doubts` gives.

    Returns:
        city_code, low, rank_low, high, rank_high: of the cities of which something is doubtful.
    """
    # A leaf may be doubtful for two reasons.
    each = doubtful.group_by("city_code", "leaf").agg(pl.col("worst").min(), pl.col("best").max())
    changed = (
        leaves.with_columns(pl.col("leaf").cast(pl.String))
        .join(each, on=["city_code", "leaf"])
        .group_by("city_code")
        .agg(
            (in_units(pl.col(end)) - in_units(pl.col("points"))).sum().alias(end)
            for end in ("worst", "best")
        )
    )
    whole = leaves.group_by("city_code").agg(units=in_units(pl.col("points")).sum())
    rows = changed.join(whole, on="city_code").sort("city_code")
    low, high = (
        standing(
            edition, index, rows.select("city_code", units=pl.col("units") + pl.col(end))
        ).rename({"index": name, "rank": f"rank_{name}"})
        for end, name in (("worst", "low"), ("best", "high"))
    )
    return low.join(high, on="city_code", maintain_order="left")


def _discrepancies(
    edition: Edition,
    own: pl.DataFrame,
    cities: pl.DataFrame,
    observations: pl.DataFrame,
    nation: Mapping[str, float],
) -> list[pl.DataFrame]:
    """Leaves that rest on measures whose two sources do not agree."""
    disputed = observations.filter("discrepancy")
    of_measure = disputed.partition_by("measure", as_dict=True)
    named = {name for (name,) in of_measure}
    parts = [pl.DataFrame(schema=_SCHEMA)]
    for leaf in edition.leaves:
        measures = [m for m in leaf.expression.measures if m in named]
        codes = {code for m in measures for code in of_measure[m,]["city_code"]}
        rows = own.filter(pl.col("leaf") == leaf.id, pl.col("city_code").is_in(codes))
        if len(rows):
            wide = _operands(leaf, rows.join(cities, on="city_code"), observations, nation)
            parts.append(_either(leaf, wide, measures))
    return parts


def _operands(
    leaf: Leaf, rows: pl.DataFrame, observations: pl.DataFrame, nation: Mapping[str, float]
) -> pl.DataFrame:
    """The rows, and of each measure its value, what the other source says in dispute, national sums."""
    known = observations.filter(pl.col("city_code").is_in(rows["city_code"].to_list()))
    for measure in leaf.expression.measures:
        other = pl.when("discrepancy").then("other_value").alias(_other(measure))
        values = known.filter(measure=measure).select(
            "city_code", pl.col("value").alias(measure), other
        )
        rows = rows.join(values, on="city_code", how="left", maintain_order="left")
    return rows.with_columns(
        pl.lit(nation[m]).alias(national_column(m)) for m in leaf.expression.national
    )


def _either(leaf: Leaf, wide: pl.DataFrame, disputed: Collection[str]) -> pl.DataFrame:
    """The worst and the best that the sources would win, whichever is right of each measure."""
    bounds = rules.Bounds(pl.col("lo"), pl.col("hi"), pl.col("city_class"))
    columns = []
    for at, others in enumerate(product((False, True), repeat=len(disputed))):
        chosen = [
            pl.coalesce(_other(m), m).alias(m)
            for m, other in zip(disputed, others, strict=True)
            if other
        ]
        value = leaf.expression.value(leaf.parameters.get("empty"))
        points = rules.RULES[leaf.rule](value, float(leaf.points), leaf.parameters, bounds)
        columns.append(wide.with_columns(chosen).select(points.alias(f"points{at}")))
    won = pl.concat([wide.select("city_code", "points"), *columns], how="horizontal")
    possible = pl.exclude("city_code")
    return won.select(
        "city_code",
        pl.lit(leaf.id).alias("leaf"),
        pl.lit(DISCREPANCY).alias("doubt"),
        worst=pl.min_horizontal(possible),
        best=pl.max_horizontal(possible),
    )


def _other(measure: str) -> str:
    return f"other:{measure}"
