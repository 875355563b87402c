"""Cities of like size: the nearest of a class by population and gross domestic product.

The profile of a city is the natural logarithm of each measure, so that ratios count and units do not:
twice as many residents are as far away in a small city as in a large one.
"""

import polars as pl

PROFILE = ("population", "gdp")
"""Measures of a profile; months of before GDP was collected have the first alone."""
NUMBER = 10
_PLACES = 9  # a logarithm may differ in its last bit from machine to machine
_BETWEEN = "|"


def peers(cities: pl.DataFrame, observations: pl.DataFrame) -> pl.DataFrame:
    """The `NUMBER` nearest cities of the same class of every city, of the contract `Peers`.

    The distance is the straight line between two profiles. It is taken over the measures that both
    cities have, and those that have more of them in common come first; cities with none have no peers.
    Equal distances are told apart by the code.

    Args:
        cities: period, city_code and city_class of the cities of a month.
        observations: period, city_code, measure and value.
    """
    logarithms = (
        observations.filter(pl.col("measure").is_in(PROFILE), pl.col("value") > 0)
        .select("period", "city_code", "measure", size=pl.col("value").log())
        .join(cities.select("period", "city_code", "city_class"), on=["period", "city_code"])
    )
    pairs = logarithms.join(logarithms, on=["period", "city_class", "measure"], suffix="_peer")
    order = {measure: at for at, measure in enumerate(PROFILE)}
    return (
        pairs.filter(pl.col("city_code") != pl.col("city_code_peer"))
        .sort(pl.col("measure").replace_strict(order, return_dtype=pl.Int64))
        .group_by("period", "city_code", peer="city_code_peer", maintain_order=True)
        .agg(
            distance=((pl.col("size") - pl.col("size_peer")) ** 2).sum().sqrt().round(_PLACES),
            basis=pl.col("measure").str.join(_BETWEEN),
            known=pl.len(),
        )
        .sort("period", "city_code", -pl.col("known").cast(pl.Int64), "distance", "peer")
        .with_columns(place=pl.int_range(1, pl.len() + 1).over("period", "city_code"))
        .filter(pl.col("place") <= NUMBER)
        .select("period", "city_code", "peer", "place", "distance", "basis")
    )
