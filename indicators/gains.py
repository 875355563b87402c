"""What it would take: the value that a leaf's next point needs, and all of its points, all else equal.

Values are found by turning a rule round; the points that then follow are what the rule itself makes of
them. The class's bounds, the sums over the nation and all other cities stay as they are.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from indicators import rules
from indicators.bridge import in_units
from indicators.edition import Edition, Leaf
from indicators.explain import Need, need_for_full_points
from indicators.standing import standing

NEXT, FULL = "next", "full"
_NOTHING = 1e-9


@dataclass(frozen=True)
class Step:
    """A value of a leaf's expression, and the points that it gives in all."""

    need: Need
    points: float


def full_points(
    leaf: Leaf, city_class: str, lo: float | None = None, hi: float | None = None
) -> Step | None:
    """What all points of a leaf need; None where an assessor decides, or the class has no bounds.

    Args:
        leaf: the leaf.
        city_class: class of the city.
        lo: 5th percentile of the class, for relative leaves.
        hi: 95th percentile of the class, for relative leaves.
    """
    need = need_for_full_points(leaf, lo, hi, city_class)
    return Step(need, float(leaf.points)) if need else None


def next_points(
    leaf: Leaf, won: float, city_class: str, lo: float | None = None, hi: float | None = None
) -> Step | None:
    """The next point, or the next award that the rule has; None where full points come first.

    Args:
        leaf: the leaf.
        won: its points now.
        city_class: class of the city.
        lo: 5th percentile of the class, for relative leaves.
        hi: 95th percentile of the class, for relative leaves.
    """
    p, parameters, wanted = float(leaf.points), leaf.parameters, won + 1
    value: float
    lower = leaf.rule == "deduct"
    match leaf.rule:
        case "share":
            value = wanted / p
        case "multiple":
            value = wanted / parameters["times"]
        case "per_unit":
            scale = parameters.get("county_scale", 1) if city_class == "county" else 1
            value = wanted / (parameters["rate"] * scale)
        case "linear":
            low, high = parameters["low"], parameters["high"]
            value = low + wanted / p * (high - low)
        case "bands":
            above = [band for band in parameters["bands"] if band[1] > won + _NOTHING]
            value, wanted = min(above, key=lambda band: band[1], default=(0.0, p))
        case "step_up":
            steps = 0
            while parameters["base"] + steps * parameters["gain"] <= won + _NOTHING:
                steps += 1
            value = parameters["start"] + steps * parameters["step"]
            wanted = parameters["base"] + steps * parameters["gain"]
        case "deduct":
            lost = round((p - won) / parameters["penalty"])
            fewer = lost - max(1, round(1 / parameters["penalty"]))
            value = parameters.get("tolerance", 0.0) + fewer * parameters["step"]
            wanted = p - fewer * parameters["penalty"]
        case "relative" if lo is not None and hi is not None and not rules.equal(lo, hi):
            lower = parameters["better"] == "lower"
            part = wanted / p * (hi - lo)
            value = hi - part if lower else lo + part
        case _:
            return None
    if wanted >= p - _NOTHING:
        return None
    return Step(Need("at most" if lower else "at least", value), wanted)


def gains(
    edition: Edition, leaves: pl.DataFrame, index: pl.DataFrame, codes: Collection[str]
) -> pl.DataFrame:
    """What cities' leaves would take, and what index and rank would follow.

    Args:
        edition: the edition.
        leaves: frame of the contract `Leaves`, one month, of the cities asked for at least.
        index: frame of the contract `Index`, the same month, all cities.
        codes: the cities asked for.

    Returns:
        city_code, leaf, goal (`next` or `full`), comparison, value, points, index, rank, in the order of
        the edition; no rows where all points are won or nothing can be said, and none of `next` where
        full points come before the next whole point.
    """
    known = (
        leaves.filter(pl.col("city_code").is_in(list(codes)))
        .with_columns(pl.col("leaf").cast(pl.String), units=in_units(pl.col("points")))
        .join(index.select("city_code", "city_class"), on="city_code", maintain_order="left")
    )
    of_city = known.group_by("city_code").agg(whole=pl.col("units").sum())
    open_ = known.filter(pl.col("points") < pl.col("points_possible")).partition_by(
        "leaf", as_dict=True
    )
    rows = pl.concat(
        [
            pl.DataFrame(schema=_SCHEMA),
            *(
                _of_leaf(leaf, open_[leaf.id,])
                for leaf in edition.leaves
                if (leaf.id,) in open_ and not leaf.awarded
            ),
        ]
    )
    after = rows.join(of_city, on="city_code", maintain_order="left").with_columns(
        units=pl.col("whole") - pl.col("units") + in_units(pl.col("points"))
    )
    return standing(edition, index, after.drop("whole"))


_SCHEMA = {
    "city_code": pl.String,
    "leaf": pl.String,
    "goal": pl.String,
    "comparison": pl.String,
    "value": pl.Float64,
    "units": pl.Int64,
    "points": pl.Float64,
}


def _of_leaf(leaf: Leaf, rows: pl.DataFrame) -> pl.DataFrame:
    """The steps of a leaf, what it wins now in units of 10⁻¹⁵ points, and what its rule makes of them."""
    columns = ("city_code", "leaf", "city_class", "lo", "hi", "units", "points")
    steps = [
        (code, leaf.id, goal, step.need.comparison, step.need.value, units, city_class, lo, hi)
        for code, _, city_class, lo, hi, units, won in rows.select(columns).iter_rows()
        for goal, step in (
            (NEXT, next_points(leaf, won, city_class, lo, hi)),
            (FULL, full_points(leaf, city_class, lo, hi)),
        )
        if step
    ]
    kept = {name: kind for name, kind in _SCHEMA.items() if name != "points"}
    bounds = rules.Bounds(pl.col("lo"), pl.col("hi"), pl.col("city_class"))
    value = pl.when(comparison="more than").then(_JUST_MORE).otherwise(pl.col("value"))
    points = rules.RULES[leaf.rule](value, float(leaf.points), leaf.parameters, bounds)
    return pl.DataFrame(
        steps,
        {**kept, "city_class": pl.String, "lo": pl.Float64, "hi": pl.Float64},
        orient="row",
    ).select(*kept, points=points)


# More than nothing, which is the one thing that a value must ever be more than.
_JUST_MORE = math.nextafter(0.0, 1.0)
