"""Assessments of model cities: who takes part, how they stand, who is recommended.

Frames in, frames out, as in `indicators.score`; the gate is `indicators.gate`.
"""

from collections.abc import Collection, Iterable, Mapping
from statistics import fmean, median, quantiles
from typing import NamedTuple

import polars as pl

from indicators.edition import Edition, Leaf
from indicators.gate import verdicts

NEAR_FULL = 0.9
"""Share of a criterion's points from which on it is a strength, whatever the others reached."""
_NOTHING = 1e-9


def applicants(
    edition: Edition, monitored: Collection[str], observations: pl.DataFrame
) -> list[str]:
    """Codes of the cities that take part.

    A city takes part if there is something of it that the criteria ask for and the monitoring does not
    collect anyway: a measure that it submitted, or an award.

    Args:
        edition: the model-city edition.
        monitored: measures of the monitoring edition.
        observations: city_code, measure of one month, as the edition sees them.
    """
    asked = sorted(set(edition.measures) - set(monitored))
    took = observations.filter(pl.col("measure").is_in(asked))["city_code"]
    return sorted(set(took))


def stand(
    index: pl.DataFrame,
    gate: pl.DataFrame,
    codes: Collection[str],
    places: pl.DataFrame,
    size: int,
) -> pl.DataFrame:
    """Rank all that take part, over all classes and within each, and pick the cohort.

    Recommended are the highest totals among those who passed the gate; where several share the last
    place, all of them are.

    Args:
        index: frame of the contract `Index`, one month and model-city edition.
        gate: frame of the contract `Gate`.
        codes: cities that take part.
        places: city_code, rank in the monitoring index, where known.
        size: how many are to be recommended.

    Returns:
        A frame of the contract `Assessment` without `simulated`, by rank.
    """
    taking_part = index.filter(pl.col("city_code").is_in(list(codes)))
    judged = verdicts(gate)
    passed = pl.col("gate_passed").fill_null(False)
    among_passed = pl.when(passed).then(pl.col("total")).rank("min", descending=True)
    by_total = pl.col("total").rank("min", descending=True)
    return (
        taking_part.select("edition", "period", "city_code", "city_class", total="index")
        .join(judged, on="city_code", how="left", maintain_order="left")
        .join(
            places.select("city_code", place="rank"),
            on="city_code",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            # An edition without a gate lets everybody through.
            gate_passed=pl.col("gate_passed") if len(gate) else pl.lit(True),
            rank=by_total.cast(pl.Int64),
            class_rank=by_total.over("city_class").cast(pl.Int64),
        )
        .with_columns(recommended=(among_passed <= size).fill_null(False))
        .sort("rank", "city_code")
        .select(
            "edition", "period", "city_code", "city_class", "total", "rank", "class_rank",
            "gate_passed", "recommended", "place",
        )
    )  # fmt: skip


def default_size(edition: Edition, cohorts: Iterable[str]) -> int:
    """How many to recommend: as many as the first real cohort named in or after the edition's year.

    Args:
        edition: the model-city edition.
        cohorts: the year of every place that was ever named.
    """
    years = sorted(cohorts)
    since = [year for year in years if year >= edition.written_for] or years[-1:]
    return years.count(since[0])


class Reached(NamedTuple):
    """What a group of cities reached on a node or criterion, in points."""

    mean: float
    median: float
    upper_quartile: float
    best: float


def reached(points: Mapping[str, Mapping[str, float]], codes: Iterable[str]) -> dict[str, Reached]:
    """What a group of cities reached on every item.

    Args:
        points: points by city and item; every city has the same items.
        codes: the cities of the group; no city, no items.
    """
    rows = [points[code] for code in sorted(codes)]
    if not rows:
        return {}
    columns = {item: [row[item] for row in rows] for item in rows[0]}
    return {
        item: Reached(fmean(won), median(won), _upper_quartile(won), max(won))
        for item, won in columns.items()
    }


def _upper_quartile(values: list[float]) -> float:
    return quantiles(values, n=4, method="inclusive")[2] if len(values) > 1 else values[0]


def strengths(leaf: Leaf, won: float, own_value: bool, cohort: Reached | None) -> list[str]:
    """Why a criterion is a strength: `full` points or nearly, `above` the cohort's best quarter.

    Args:
        leaf: the criterion.
        won: its points.
        own_value: whether they are the city's own.
        cohort: what the recommended cohort reached on it.
    """
    if not own_value or won <= 0:
        return []
    found = ["full"] if won >= NEAR_FULL * leaf.points - _NOTHING else []
    if cohort is not None and won > cohort.upper_quartile + _NOTHING:
        found.append("above")
    return found
