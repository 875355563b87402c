"""From observations to points, index and ranks: one named step after another.

`screen` and `reconcile` come before. Here values are taken from the observations, bounds from the
class, points from the rules, missing values by the edition's rule, sums up the tree, and ranks.

Points are added in whole units of 10^-15 point and sums kept to 10^-12. So a sum does not depend on the
order of adding, three thirds and one whole tie, as do 0.1 + 0.2 and 0.3, and the same inputs give the
same bytes on any machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import polars as pl

from indicators import rules
from indicators.edition import Edition, Leaf
from indicators.expression import national_column
from warehouse.contracts.scores import REASONS

UNITS_PER_POINT = 10**15
SUMS_PER_POINT = 10**12
_UNITS_PER_SUM = UNITS_PER_POINT // SUMS_PER_POINT
_CITY = ("period", "city_code", "city_class")
REASON_TYPE = pl.Enum(REASONS)


@dataclass(frozen=True)
class Scores:
    """Frames of the contracts `Leaves`, `LeafClasses`, `Nodes` and `Index`."""

    leaves: pl.DataFrame
    classes: pl.DataFrame
    nodes: pl.DataFrame
    index: pl.DataFrame


def score(edition: Edition, observations: pl.DataFrame, cities: pl.DataFrame) -> Scores:
    """Score every city of every month in `cities`.

    Args:
        edition: the edition to score by.
        observations: period, city_code, measure, value (Float64, finite); one row for each key.
        cities: period, city_code, city_class of all cities monitored in each month; sets who is
            scored, ranked and counted in the nation.
    """
    cities = cities.select(_CITY).sort("period", "city_code")
    wide = normalise(edition, value(edition, observations, cities))
    classes = _classes(edition, wide)
    wide = impute(edition, wide, classes)
    sums = aggregate(edition, wide)
    index = rank(edition, sums)
    return Scores(
        leaves=_long_leaves(edition, wide),
        classes=_long_classes(edition, classes),
        nodes=_long_nodes(edition, sums),
        index=index,
    )


def value(edition: Edition, observations: pl.DataFrame, cities: pl.DataFrame) -> pl.DataFrame:
    """One row a city and month; a column `x:<leaf>` with the value of each leaf's expression."""
    wide = pl.concat([cities, _wide(edition.measures, observations, cities)], how="horizontal")
    national = dict.fromkeys(m for leaf in edition.leaves for m in leaf.expression.national)
    wide = wide.with_columns(
        pl.when(pl.col(m).count().over("period") > 0)
        .then(pl.col(m).sum().over("period"))
        .alias(national_column(m))
        for m in national
    )
    return wide.select(
        *_CITY,
        *(
            _finite(leaf.expression.value(leaf.parameters.get("empty"))).alias(f"x:{leaf.id}")
            for leaf in edition.leaves
        ),
    )


def _wide(
    measures: Sequence[str], observations: pl.DataFrame, cities: pl.DataFrame
) -> pl.DataFrame:
    """A column for each measure, a row for each row of `cities`; null where nothing was observed.

    Each value is put where it belongs in one array, which takes a quarter of the time of a pivot.
    """
    places = cities.select("period", "city_code", row=pl.int_range(pl.len(), dtype=pl.Int64))
    column = pl.col("measure").cast(pl.Enum(measures), strict=False).to_physical().cast(pl.Int64)
    placed = (
        observations.lazy()
        .select("period", "city_code", "value", at=column * len(cities))
        .filter(pl.col("at").is_not_null())
        .join(places.lazy(), on=["period", "city_code"])
        .select("value", pl.col("at") + pl.col("row"))
        .collect()
    )
    values = np.full(len(measures) * len(cities), np.nan)
    values[placed["at"].to_numpy()] = placed["value"].to_numpy()
    by_measure = values.reshape(len(measures), len(cities))
    return pl.DataFrame(dict(zip(measures, by_measure, strict=True)), nan_to_null=True)


def _finite(x: pl.Expr) -> pl.Expr:
    """A quotient too large for a number is no value."""
    return pl.when(x.is_finite()).then(x).otherwise(None)


def normalise(edition: Edition, wide: pl.DataFrame) -> pl.DataFrame:
    """Add the class's bounds (`lo:`, `hi:`) of relative leaves and the points (`p:`) of own values."""
    group = ["period", "city_class"]
    relative = [leaf for leaf in edition.leaves if leaf.relative]
    if relative:
        bounds = wide.group_by(group).agg(
            pl.col(f"x:{leaf.id}").quantile(q, "linear").alias(f"{name}:{leaf.id}")
            for leaf in relative
            for name, q in (("lo", rules.LOWER_PERCENTILE), ("hi", rules.UPPER_PERCENTILE))
        )
        wide = wide.join(bounds, on=group, how="left", maintain_order="left")
    return wide.with_columns(
        rules.RULES[leaf.rule](
            pl.col(f"x:{leaf.id}"),
            float(leaf.points),
            leaf.parameters,
            rules.Bounds(pl.col(f"lo:{leaf.id}"), pl.col(f"hi:{leaf.id}"), pl.col("city_class")),
        ).alias(f"p:{leaf.id}")
        for leaf in edition.leaves
    )


def _classes(edition: Edition, wide: pl.DataFrame) -> pl.DataFrame:
    """What each class reached on each leaf: cities with a value, bounds, medians, best."""
    aggregations = []
    for leaf in edition.leaves:
        x, p = pl.col(f"x:{leaf.id}"), pl.col(f"p:{leaf.id}")
        aggregations += [
            x.count().cast(pl.Int64).alias(f"n:{leaf.id}"),
            x.median().alias(f"median:{leaf.id}"),
            ((p / leaf.points).median() * leaf.points).alias(f"typical:{leaf.id}"),
            p.max().alias(f"best:{leaf.id}"),
        ]
        if leaf.relative:
            aggregations += [pl.col(f"{name}:{leaf.id}").first() for name in ("lo", "hi")]
    return wide.group_by("period", "city_class").agg(aggregations).sort("period", "city_class")


def impute(edition: Edition, wide: pl.DataFrame, classes: pl.DataFrame) -> pl.DataFrame:
    """Give every leaf its points `w:`, the same in units `u:`, units possible `o:`, and reason `r:`.

    Where a city has no value: 0, `not submitted`, if it (or its province) was to submit it; else the
    median share of points of the class, `imputed`; `not assessed`, out of both sums, where nobody in
    the class has a value. An award that was not made is 0 points, `not assessed`.
    """
    typical = classes.select("period", "city_class", pl.col("^typical:.*$"))
    wide = wide.join(typical, on=["period", "city_class"], how="left", maintain_order="left")
    return wide.with_columns(
        column for leaf in edition.leaves for column in _imputed(leaf, f":{leaf.id}")
    )


def _imputed(leaf: Leaf, suffix: str) -> list[pl.Expr]:
    full = round(leaf.points * UNITS_PER_POINT)
    own = pl.col(f"p{suffix}")
    if leaf.awarded or leaf.submitted:
        points = own.fill_null(0.0)
        possible = pl.lit(full, pl.Int64)
        reason = pl.lit("not assessed" if leaf.awarded else "not submitted", REASON_TYPE)
    else:
        typical = pl.col(f"typical{suffix}")
        points = pl.coalesce(own, typical, 0.0)
        possible = pl.when(typical.is_not_null()).then(full).otherwise(0).cast(pl.Int64)
        reason = (
            pl.when(typical.is_not_null())
            .then(pl.lit("imputed", REASON_TYPE))
            .otherwise(pl.lit("not assessed", REASON_TYPE))
        )
    return [
        points.alias(f"w{suffix}"),
        (points * UNITS_PER_POINT).round().cast(pl.Int64).alias(f"u{suffix}"),
        possible.alias(f"o{suffix}"),
        pl.when(own.is_not_null())
        .then(pl.lit("", REASON_TYPE))
        .otherwise(reason)
        .alias(f"r{suffix}"),
    ]


def aggregate(edition: Edition, wide: pl.DataFrame) -> pl.DataFrame:
    """Points up the tree, in whole `SUMS_PER_POINT`.

    `u:<level>:<node>` and `o:<level>:<node>` are points won and possible; `own` are the points possible
    of leaves with an own value.
    """
    own = pl.sum_horizontal(
        pl.when(pl.col(f"p:{leaf.id}").is_not_null()).then(pl.col(f"o:{leaf.id}")).otherwise(0)
        for leaf in edition.leaves
    )
    return wide.select(
        *_CITY,
        *(
            in_sums(pl.sum_horizontal(f"{kind}:{leaf.id}" for leaf in leaves)).alias(
                f"{kind}:{level}:{name}"
            )
            for level, name, leaves in edition.scored_nodes
            for kind in ("u", "o")
        ),
        own=in_sums(own),
    )


@overload
def in_sums(units: pl.Expr) -> pl.Expr: ...
@overload
def in_sums(units: pl.Series) -> pl.Series: ...
def in_sums(units: pl.Expr | pl.Series) -> pl.Expr | pl.Series:
    """Units of 10⁻¹⁵ points in whole `SUMS_PER_POINT`, halves up."""
    return (units + _UNITS_PER_SUM // 2) // _UNITS_PER_SUM


def rank(edition: Edition, sums: pl.DataFrame) -> pl.DataFrame:
    """Index, coverage and rank in the class, highest first; exact ties share, the next is skipped."""
    won, possible = sums["u:0:total"], sums["o:0:total"]
    points = _divided(won, SUMS_PER_POINT)
    index = index_of(edition, won, possible)
    by_index = pl.col("index").rank("min", descending=True).over("period", "city_class")
    return sums.select(
        pl.lit(edition.id).alias("edition"),
        *_CITY,
        points.alias("points"),
        _divided(possible, SUMS_PER_POINT).alias("points_possible"),
        index.alias("index"),
    ).with_columns(
        rank=by_index.cast(pl.Int64),
        coverage=_divided(sums["own"], round(edition.points_possible * SUMS_PER_POINT)),
    )


def index_of(edition: Edition, won: pl.Series, possible: pl.Series) -> pl.Series:
    """The index, of a model-city edition the total, of sums in whole `SUMS_PER_POINT`."""
    return (
        _percent(won, possible) if edition.kind == "monitoring" else _divided(won, SUMS_PER_POINT)
    )


def _divided(numerator: pl.Series, denominator: int) -> pl.Series:
    """Correctly rounded quotients; Polars would multiply by the reciprocal, which is a bit off."""
    return pl.Series(numerator.to_numpy() / denominator)


def _percent(won: pl.Series, possible: pl.Series) -> pl.Series:
    """100 × won / possible, null where nothing was possible."""
    below = possible.to_numpy().astype(float)
    below[below == 0] = np.nan
    return pl.Series(won.to_numpy() / below * 100).fill_nan(None)


def _long_leaves(edition: Edition, wide: pl.DataFrame) -> pl.DataFrame:
    leaf_type = pl.Enum([leaf.id for leaf in edition.leaves])
    nothing = pl.lit(None, pl.Float64)
    return pl.concat(
        wide.select(
            edition=pl.lit(edition.id),
            period="period",
            city_code="city_code",
            leaf=pl.lit(leaf.id, leaf_type),
            value=f"x:{leaf.id}",
            points=f"w:{leaf.id}",
            points_possible=pl.when(pl.col(f"o:{leaf.id}") > 0)
            .then(float(leaf.points))
            .otherwise(0.0),
            reason=f"r:{leaf.id}",
            lo=f"lo:{leaf.id}" if leaf.relative else nothing,
            hi=f"hi:{leaf.id}" if leaf.relative else nothing,
        )
        for leaf in edition.leaves
    )


def _long_classes(edition: Edition, classes: pl.DataFrame) -> pl.DataFrame:
    nothing = pl.lit(None, pl.Float64)
    return pl.concat(
        classes.select(
            edition=pl.lit(edition.id),
            period="period",
            city_class="city_class",
            leaf=pl.lit(leaf.id),
            cities=f"n:{leaf.id}",
            lo=f"lo:{leaf.id}" if leaf.relative else nothing,
            hi=f"hi:{leaf.id}" if leaf.relative else nothing,
            median_value=f"median:{leaf.id}",
            median_points=f"typical:{leaf.id}",
            best_points=f"best:{leaf.id}",
        )
        for leaf in edition.leaves
    )


def _long_nodes(edition: Edition, sums: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(
        sums.select(
            edition=pl.lit(edition.id),
            period="period",
            city_code="city_code",
            level=pl.lit(level, pl.Int64),
            node=pl.lit(name),
            points=_divided(sums[f"u:{level}:{name}"], SUMS_PER_POINT),
            points_possible=_divided(sums[f"o:{level}:{name}"], SUMS_PER_POINT),
        )
        for level, name, _ in edition.scored_nodes
    )
