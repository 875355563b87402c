"""Which of the credit service providers' indexes count. The rule is the project's own assumption.

The index of a city is the mean over those providers that answered well. A provider is judged by the other
providers: the source prints no rule, and no provider is nearer the truth than the rest.
"""

from typing import Final

import polars as pl

LEAST_ANSWERED: Final = 0.5
"""Of the cities that any provider rates, the share that one must rate."""
MOST_DISTANCE: Final = 10.0
"""Points: how far, at the median over the cities, a provider may be from the median of the others."""
LEAST_AGREEMENT: Final = 0.5
"""Rank correlation over the cities of a provider with the median of the others."""
JUDGED_FROM: Final = 30
"""Cities in which a provider can be compared; with fewer it is not judged as a whole."""
IMPLAUSIBLE_POINTS: Final = 15.0
"""Points: how far a single value may always be from the median of the city."""
IMPLAUSIBLE_SPREADS: Final = 5.0
"""The same in median absolute deviations of the city's values; the larger of the two holds."""
FEWEST: Final = 3
"""Providers that must count for a city to have a value."""

WHY: Final = ("", "thin", "outlier", "implausible", "few")
"""Why a value does not count; keys of the text catalogue."""

_MICRO = 10**6  # Whole numbers, so that a limit is not passed by the last bit of a fraction.


def judge(voices: pl.DataFrame) -> pl.DataFrame:
    """Say of every value whether it counts.

    Args:
        voices: the values of one month, city_code, part (the provider) and value (0..100), each city
            and provider once; other columns are passed on.

    Returns:
        The same rows in the same order, with `counted` and `why`, one of WHY.
    """
    left_out = verdicts(voices).select("part", provider_why="why")
    judged = voices.join(left_out, on="part", how="left", maintain_order="left").with_columns(
        _micro=_micro("value")
    )
    well = pl.col("provider_why") == ""
    values = pl.col("_micro").filter(well)
    distance = (pl.col("_micro") - values.median().over("city_code")).abs()
    judged = judged.with_columns(_distance=distance)
    spread = pl.col("_distance").filter(well).median().over("city_code")
    limit = pl.max_horizontal(IMPLAUSIBLE_POINTS * _MICRO, IMPLAUSIBLE_SPREADS * spread)
    judged = judged.with_columns(
        why=pl.when(~well)
        .then("provider_why")
        .when(pl.col("_distance") > limit)
        .then(pl.lit("implausible"))
        .otherwise(pl.lit(""))
    )
    few = (pl.col("why") == "").sum().over("city_code") < FEWEST
    why = pl.when((pl.col("why") == "") & few).then(pl.lit("few")).otherwise("why")
    return judged.select(*voices.columns, counted=why == "", why=why)


def verdicts(voices: pl.DataFrame) -> pl.DataFrame:
    """What each provider's answer is worth.

    Args:
        voices: as for `judge`.

    Returns:
        One row a provider, by `part`: `cities` that it rates; `distance` (points) and `agreement`
        (rank correlation) with the median of the others over the cities that at least two others rate,
        null where these are too few; `why` it is left out: thin, outlier, or empty.
    """
    answered = voices.group_by("part").agg(cities=pl.len())
    thin = pl.col("cities") < LEAST_ANSWERED * voices["city_code"].n_unique()
    answered = answered.with_columns(thin=thin)
    own = (
        voices.join(answered.filter(~pl.col("thin")), on="part", how="semi")
        .select("city_code", "part", value=_micro("value"))
        .sort("part", "city_code")
    )
    others = (
        own.join(own, on="city_code", suffix="_of_other", maintain_order="left")
        .filter(pl.col("part") != pl.col("part_of_other"))
        .group_by("part", "city_code", maintain_order=True)
        .agg(
            pl.col("value").first(),
            others=pl.col("value_of_other").median(),
            of=pl.len(),
        )
        .filter(pl.col("of") >= FEWEST - 1)
    )
    compared = (
        others.group_by("part", maintain_order=True)
        .agg(
            of=pl.len(),
            distance=(pl.col("value") - pl.col("others")).abs().median() / _MICRO,
            # Values that are all alike have no correlation: no agreement either.
            agreement=pl.corr("value", "others", method="spearman").fill_nan(0.0).round(6),
        )
        .filter(pl.col("of") >= JUDGED_FROM)
    )
    far = pl.col("distance") > MOST_DISTANCE
    apart = pl.col("agreement") < LEAST_AGREEMENT
    return (
        answered.join(compared, on="part", how="left")
        .sort("part")
        .select(
            "part",
            pl.col("cities").cast(pl.Int64),
            "distance",
            "agreement",
            why=pl.when("thin")
            .then(pl.lit("thin"))
            .when((far | apart).fill_null(False))
            .then(pl.lit("outlier"))
            .otherwise(pl.lit("")),
        )
    )


def _micro(column: str) -> pl.Expr:
    return (pl.col(column) * _MICRO).round().cast(pl.Int64)
