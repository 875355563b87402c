"""Who rose and who fell between two months."""

import polars as pl


def movers(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Cities that are ranked in both months in the same class, those that rose most first.

    Args:
        before: city_code, city_class, index, rank of the earlier month.
        after: the same of the later one.

    Returns:
        city_code, city_class, index_before, index, index_change (index points), rank_before, rank,
        places (won, negative where lost); by class and then by change of the index, ties by code.
    """
    ranked = pl.col("rank").is_not_null()
    earlier = before.filter(ranked).select(
        "city_code", "city_class", index_before="index", rank_before="rank"
    )
    return (
        after.filter(ranked)
        .join(earlier, on=["city_code", "city_class"])
        .select(
            "city_code",
            "city_class",
            "index_before",
            "index",
            (pl.col("index") - pl.col("index_before")).alias("index_change"),
            "rank_before",
            "rank",
            (pl.col("rank_before") - pl.col("rank")).alias("places"),
        )
        .sort(["city_class", "index_change", "city_code"], descending=[False, True, False])
    )
