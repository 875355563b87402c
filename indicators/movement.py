"""Why an index changed since another month: an exact split into leaves and causes.

First the earlier month is scored again from its own observations by the edition and rules of today; what
that changes, the edition changed. Then one month leads to the other under one edition, as in
`indicators.bridge`: each city's new values are put beside the bounds, sums and class of the earlier
month, which is its own part; the rest is the class's. All of it is whole units of 10⁻¹² index points.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from indicators import bridge
from indicators.edition import Edition, Leaf
from indicators.expression import national_column
from indicators.score import SUMS_PER_POINT, UNITS_PER_POINT, score
from warehouse.contracts.movement import CAUSES

UNITS_PER_INDEX = 10**12
WHOLE = ""
"""Stands for the leaf where a part belongs to none."""
SCHEMA: dict[str, Any] = {
    "period": pl.String,
    "edition": pl.String,
    "city_code": pl.String,
    "since": pl.String,
    "leaf": pl.String,
    "cause": pl.String,
    "units": pl.Int64,
}
_KEY = ("city_code", "leaf")


@dataclass(frozen=True)
class Month:
    """A month as it was scored.

    Attributes:
        leaves: frame of the contract `Leaves`.
        index: frame of the contract `Index`.
        observations: period, city_code, measure, value, corrected: what it was scored from.
    """

    leaves: pl.DataFrame
    index: pl.DataFrame
    observations: pl.DataFrame


def index_units(index: pl.Expr) -> pl.Expr:
    """An index in whole units of 10⁻¹² index points."""
    return (index * UNITS_PER_INDEX).round().cast(pl.Int64)


def movement(edition: Edition, now: Month, then: Month) -> pl.DataFrame:
    """What changed the index of every city that has one in both months.

    Args:
        edition: the edition that `now` was scored by.
        now: the month to explain.
        then: an earlier month of the same edition, by whatever revision of it.

    Returns:
        period, edition, city_code, since, leaf, cause (`CAUSES`), units; no rows of nothing. The units of
        a city add up to the difference of its two indexes in `index_units`, exactly.
    """
    again = _scored_anew(edition, then)
    points = pl.concat([_by_edition(then, again), *_by_month(edition, again, now)])
    points = points.filter(pl.col("units") != 0)
    over, under = (bridge.scale(edition) * UNITS_PER_INDEX / UNITS_PER_POINT).as_integer_ratio()
    # Python's whole numbers, which cannot overflow.
    in_index = [_nearest(over * units, under) for units in points["units"]]
    parts = points.with_columns(pl.Series("units", in_index, pl.Int64))
    indexes = [month.index.filter(pl.col("index").is_not_null()) for month in (then, again, now)]
    # Where today's edition makes no index of the earlier month, nothing can be split.
    parts = parts.filter(pl.col("city_code").is_in(indexes[1]["city_code"].to_list()))
    whole = _whole(edition, parts, *indexes)
    moved = pl.concat([parts, whole]).filter(
        pl.col("units") != 0, pl.col("city_code").is_in(whole["city_code"].to_list())
    )
    order = {leaf.id: place for place, leaf in enumerate(edition.leaves)}
    return moved.select(
        pl.lit(now.index["period"][0]).alias("period"),
        pl.lit(edition.id).alias("edition"),
        "city_code",
        pl.lit(then.index["period"][0]).alias("since"),
        "leaf",
        "cause",
        "units",
    ).sort(
        "city_code",
        pl.col("leaf").replace_strict(order, default=len(order), return_dtype=pl.Int64),
        "leaf",
        pl.col("cause").cast(pl.Enum(CAUSES)),
    )


def _scored_anew(edition: Edition, month: Month) -> Month:
    cities = month.index.select("period", "city_code", "city_class")
    scores = score(edition, month.observations, cities)
    return Month(scores.leaves, scores.index, month.observations)


def _points(month: Month, *columns: str) -> pl.DataFrame:
    return month.leaves.select(
        "city_code",
        pl.col("leaf").cast(pl.String),
        *columns,
        units=bridge.in_units(pl.col("points")),
    )


def _by_edition(then: Month, again: Month) -> pl.DataFrame:
    """What today's edition and rules make other of the same observations."""
    both = _points(then).join(_points(again), on=_KEY, how="full", coalesce=True, suffix="_again")
    gained = pl.col("units_again").fill_null(0) - pl.col("units").fill_null(0)
    return both.select(*_KEY, pl.lit("edition").alias("cause"), gained.alias("units"))


def _by_month(edition: Edition, then: Month, now: Month) -> list[pl.DataFrame]:
    """What the city and its class changed, both months scored alike."""
    before = _points(then, "reason", "lo", "hi").join(
        then.index.select("city_code", "city_class"), on="city_code"
    )
    both = _points(now, "value", "reason").join(before, on=_KEY, suffix="_then")
    nation = _of_the_nation(edition, then, now)
    alone = pl.concat(
        rows.select(*_KEY, alone=bridge.units_won(leaf))
        for leaf in edition.leaves
        for rows in [_of_leaf(leaf, both, nation)]
    )
    rows = both.join(alone, on=_KEY).join(_corrected(edition, then, now), on=_KEY, how="left")
    reported, reported_then = (pl.col(c).cast(pl.String) == "" for c in ("reason", "reason_then"))
    steady = reported & reported_then
    own = pl.when(steady).then(pl.col("alone") - pl.col("units_then")).otherwise(0)
    gained = pl.col("units") - pl.col("units_then")
    was_corrected = pl.col("corrected").fill_null(False)
    return [
        rows.select(*_KEY, pl.lit(cause).alias("cause"), units.alias("units"))
        for cause, units in (
            ("own", pl.when(~was_corrected).then(own).otherwise(0)),
            ("corrected", pl.when(was_corrected).then(own).otherwise(0)),
            ("arrived", pl.when(reported != reported_then).then(gained).otherwise(0)),
            ("class", pl.when(reported == reported_then).then(gained - own).otherwise(0)),
        )
    ]


def _of_the_nation(edition: Edition, then: Month, now: Month) -> pl.DataFrame:
    """The measures now, and the sums over the nation then, of leaves that need such sums."""
    then_scored = then.observations.filter(
        pl.col("city_code").is_in(then.index["city_code"].to_list())
    )
    used = dict.fromkeys(
        m for leaf in edition.leaves if leaf.expression.national for m in leaf.expression.measures
    )
    known = now.observations.filter(pl.col("measure").is_in(list(used)))
    return now.index.select("city_code").with_columns(
        *(
            pl.col("city_code")
            .replace_strict(
                dict(known.filter(measure=m).select("city_code", "value").iter_rows()),
                default=None,
                return_dtype=pl.Float64,
            )
            .alias(m)
            for m in used
        ),
        *(
            pl.lit(total).alias(national_column(m))
            for m, total in bridge.national_sums(edition, then_scored).items()
        ),
    )


def _of_leaf(leaf: Leaf, rows: pl.DataFrame, nation: pl.DataFrame) -> pl.DataFrame:
    of_leaf = rows.filter(leaf=leaf.id)
    return of_leaf.join(nation, on="city_code") if leaf.expression.national else of_leaf


def _corrected(edition: Edition, then: Month, now: Month) -> pl.DataFrame:
    """Leaves with a measure that is not what it was, and was corrected in one of the months."""
    uses = pl.DataFrame(
        [(m, leaf.id) for leaf in edition.leaves for m in leaf.expression.measures],
        ["measure", "leaf"],
        orient="row",
    )
    columns = ("city_code", "measure", "value", "corrected")
    before, after = (month.observations.select(columns) for month in (then, now))
    return (
        after.join(before, on=["city_code", "measure"], suffix="_then")
        .filter(
            pl.col("value") != pl.col("value_then"), pl.col("corrected") | pl.col("corrected_then")
        )
        .join(uses, on="measure")
        .select(*_KEY, corrected=pl.lit(True))
        .unique()
    )


def _whole(
    edition: Edition,
    parts: pl.DataFrame,
    then: pl.DataFrame,
    again: pl.DataFrame,
    now: pl.DataFrame,
) -> pl.DataFrame:
    """Parts that belong to no leaf: points possible that changed, and what rounding leaves over."""
    totals = dict(parts.group_by("city_code").agg(pl.col("units").sum()).iter_rows())
    ends = [_ends(edition, index) for index in (then, again, now)]
    rows = []
    before, anew, after = ends
    for code in sorted(before.keys() & after.keys()):
        (was, gain_then), (is_, gain_now) = before[code], after[code]
        if code not in anew:
            rows.append((code, WHOLE, "edition", is_ - was))
            continue
        _, gain_anew = anew[code]
        by_edition = _nearest(*(gain_anew - gain_then).as_integer_ratio())
        assessed = _nearest(*(gain_now - gain_anew).as_integer_ratio())
        left = is_ - was - totals.get(code, 0) - by_edition - assessed
        rows += [
            (code, WHOLE, "edition", by_edition),
            (code, WHOLE, "assessed", assessed),
            (code, WHOLE, "rounding", left),
        ]
    schema = {name: SCHEMA[name] for name in parts.columns}
    return pl.DataFrame(rows, schema, orient="row")


def _ends(edition: Edition, index: pl.DataFrame) -> dict[str, tuple[int, Fraction]]:
    """Of each city the index, and what it gains because not all points could be won; in its units."""
    scale = bridge.scale(edition)
    rows = index.select("city_code", index_units(pl.col("index")), "points", "points_possible")
    found = {}
    for code, units, points, possible in rows.iter_rows():
        won = Fraction(round(points * SUMS_PER_POINT), SUMS_PER_POINT)
        worth = scale
        if edition.kind == "monitoring":
            worth = 100 / Fraction(round(possible * SUMS_PER_POINT), SUMS_PER_POINT)
        found[code] = (units, (worth - scale) * won * UNITS_PER_INDEX)
    return found


def _nearest(over: int, under: int) -> int:
    """A quotient rounded to a whole number, halves up."""
    return (2 * over + under) // (2 * under)
