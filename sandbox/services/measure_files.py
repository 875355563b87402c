"""Measure files: the plainest form that values of measures travel in, CSV with one row a value."""

from functools import partial

import polars as pl

from sandbox.offices import KINDS
from sandbox.services import Document
from sandbox.world import decimals

_OF_SOME = ("edition", "evidence")


def documents(
    source_id: str,
    period: str,
    said: pl.DataFrame,
    cities: pl.DataFrame,  # noqa: ARG001 - as all services have it
    seed: int,  # noqa: ARG001
    suffix: str = "",
) -> list[Document]:
    """One file, `<source_id>-<period>.csv`, with `period,city_code,measure,value,source`.

    `said` may have a column text, which is written instead of the value where it is not null, and
    columns edition and evidence, which the file has then, too.
    """
    name = f"{source_id}-{period}{suffix}.csv"
    return [Document(name, partial(_content, KINDS[source_id], period, said))]


def _content(kind: str, period: str, said: pl.DataFrame) -> bytes:
    value = pl.col("value")
    number = (
        pl.when(pl.col("measure").is_in(_whole(said).implode()))
        .then(value.cast(pl.Int64).cast(pl.String))
        .otherwise(value.cast(pl.String))
    )
    text = pl.col("text") if "text" in said.columns else pl.lit(None, pl.String)
    return (
        said.select(
            pl.lit(period).alias("period"),
            "city_code",
            "measure",
            pl.coalesce(text, number).alias("value"),
            pl.lit(kind).alias("source"),
            *(name for name in _OF_SOME if name in said.columns),
        )
        .write_csv(line_terminator="\n")
        .encode()
    )


def _whole(said: pl.DataFrame) -> pl.Series:
    measures = said["measure"].unique()
    return measures.filter(pl.Series([decimals(m) == 0 for m in measures], dtype=pl.Boolean))
