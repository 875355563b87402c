"""Where a city would stand with other points, all else equal: other cities and points possible stay."""

import numpy as np
import polars as pl

from indicators import score
from indicators.edition import Edition


def standing(edition: Edition, index: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The index and the rank that would follow.

    Args:
        edition: the edition.
        index: frame of the contract `Index`, one month, all cities.
        rows: city_code, units (all points that the city would have, in 10⁻¹⁵), whatever else; several
            rows of a city stand each for itself.

    Returns:
        The rows without units, of cities with an index, plus index and rank; in the same order.
    """
    own = index.filter(pl.col("index").is_not_null()).select(
        "city_code",
        "city_class",
        now="index",
        possible=(pl.col("points_possible") * score.SUMS_PER_POINT).round().cast(pl.Int64),
    )
    found = rows.join(own, on="city_code", maintain_order="left")
    found = found.with_columns(
        index=score.index_of(edition, score.in_sums(found["units"]), found["possible"])
    )
    above = np.zeros(len(found), dtype=np.int64)
    would, class_of = found["index"].to_numpy(), found["city_class"].to_numpy()
    for (city_class,), of_class in own.group_by("city_class"):
        here = class_of == city_class
        ordered = np.sort(of_class["now"].to_numpy())
        above[here] = len(ordered) - np.searchsorted(ordered, would[here], side="right")
    # A city that would fall is not above itself.
    falls = (found["now"].to_numpy() > would).astype(np.int64)
    return found.with_columns(rank=pl.Series(above - falls + 1, dtype=pl.Int64)).drop(
        "units", "possible", "now", "city_class"
    )
