"""The ranking as it is printed: names, the month before, and indexes rounded for the eye."""

from decimal import ROUND_HALF_UP, Decimal

import polars as pl


def ranking(
    index: pl.DataFrame, cities: pl.DataFrame, before: pl.DataFrame | None, *, simulated: bool
) -> pl.DataFrame:
    """A row a ranked city, by class and rank, of the contract `Ranking`.

    Args:
        index: frame of the contract `Index`, one month and edition.
        cities: the registry's cities of the month.
        before: the same index of the month before, if there is one.
        simulated: whether invented data went into it.
    """
    names = cities.select("city_code", "name", "name_en", "province", "province_en", "region")
    rows = (
        index.filter(pl.col("rank").is_not_null())
        .join(names, on="city_code", how="left")
        .sort("city_class", "rank", "city_code")
    )
    if before is None:
        rows = rows.with_columns(
            rank_before=pl.lit(None, pl.Int64), index_before=pl.lit(None, pl.Float64)
        )
    else:
        earlier = before.select("city_code", "city_class", rank_before="rank", index_before="index")
        rows = rows.join(earlier, on=["city_code", "city_class"], how="left", maintain_order="left")
    printed_indexes = [
        text
        for group in rows.partition_by("city_class", maintain_order=True)
        for text in printed(group["index"].to_list())
    ]
    return rows.with_columns(
        index_printed=pl.Series(printed_indexes, dtype=pl.String), simulated=pl.lit(simulated)
    ).select(
        "edition",
        "period",
        "city_class",
        "rank",
        "city_code",
        "name",
        "name_en",
        "province",
        "province_en",
        "region",
        "index",
        "index_printed",
        "rank_before",
        "index_before",
        "coverage",
        "simulated",
    )


def printed(indexes: list[float]) -> list[str]:
    """Two decimals, halves up; three where neighbours in the list would print alike.

    The published lists did so: 86.715 before 86.708 (source: rules of scoring).
    """
    short = [rounded(value, 2) for value in indexes]
    neighbours = [None, *short, None]
    return [
        rounded(value, 3) if text in (neighbours[i], neighbours[i + 2]) else text
        for i, (value, text) in enumerate(zip(indexes, short, strict=True))
    ]


def rounded(value: float, places: int) -> str:
    """A number with so many decimals, halves rounded up as one does by hand: 0.125 → 0.13."""
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
