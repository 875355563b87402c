"""What differs between two revisions of a month, from the observation up to the rank."""

import polars as pl

SCHEMA = {
    "city_code": pl.String,
    "kind": pl.String,
    "item": pl.String,
    "before": pl.Float64,
    "after": pl.Float64,
    "source": pl.String,
    "name": pl.String,
}


def changes(before: dict[str, pl.DataFrame] | None, after: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Every observation, leaf, index and rank that differs; a leaf by points, possible or reason.

    Args:
        before: frames `observations`, `leaves` and `index` of the revision before; None if there is
            none (then nothing has changed).
        after: the same frames of the new one.

    Returns:
        city_code, kind (observation, leaf, index or rank), item (measure or leaf), before, after (null
        where there is none), source and name of the file that brought an observation; no name where
        several files did.
    """
    if before is None:
        return pl.DataFrame(schema=SCHEMA)
    parts = [
        _differing(
            before["observations"], after["observations"], "observation", "measure", "value"
        ),
        _differing(
            before["leaves"], after["leaves"], "leaf", "leaf", "points", "points_possible", "reason"
        ),
        _differing(before["index"], after["index"], "index", None, "index"),
        _differing(before["index"], after["index"], "rank", None, "rank"),
    ]
    return pl.concat(parts)


def _differing(
    before: pl.DataFrame, after: pl.DataFrame, kind: str, item: str | None, value: str, *others: str
) -> pl.DataFrame:
    """Rows in which the value, or any of the other columns, is not the same."""
    origin = ["source", "name"] if kind == "observation" else []
    key = ["city_code", "item"]

    def part(frame: pl.DataFrame, name: str) -> pl.DataFrame:
        return frame.select(
            "city_code",
            (pl.col(item).cast(pl.String) if item else pl.lit("")).alias("item"),
            pl.col(value).cast(pl.Float64).alias(name),
            pl.struct(value, *others).alias(f"all_{name}"),
            *origin,
        )

    both = part(before, "before").join(part(after, "after"), on=key, how="full", coalesce=True)
    gone = pl.col("all_after").is_null()
    from_after = [
        pl.when(gone).then(name).otherwise(f"{name}_right").fill_null("").alias(name)
        if origin
        else pl.lit("").alias(name)
        for name in ("source", "name")
    ]
    return (
        both.filter(~pl.col("all_before").eq_missing(pl.col("all_after")))
        .select("city_code", pl.lit(kind).alias("kind"), "item", "before", "after", *from_after)
        .sort(key)
    )
