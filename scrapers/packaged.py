"""Sources whose bytes come with this package: small tables of published facts."""

from io import BytesIO
from pathlib import Path

import polars as pl

from scrapers.declaration import SOURCES, Source


def path(source: Source) -> Path:
    """The packaged file of a source, from its declared address `packaged:scrapers/sources/…`."""
    return SOURCES.parent.parent / source.address.removeprefix("packaged:")


def rows(content: bytes) -> pl.DataFrame:
    """A packaged CSV as text columns, empty fields null, with the row in the file (header: row 1)."""
    return pl.read_csv(
        BytesIO(content), infer_schema=False, row_index_name="row", row_index_offset=2
    ).with_columns(pl.col("row").cast(pl.Int64))
