"""Parquet files as pieces of text columns, so that they are checked as CSV files are."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import polars as pl
from pyarrow import ArrowException, parquet

from scrapers.formats.delimited import Piece
from scrapers.reading import FileRefused

MAGIC = b"PAR1"
_ROWS = 1 << 19  # rows that are read at a time
_MOST_ROWS = 100_000_000  # a few bytes of Parquet can say that there are any number of rows
_BROKEN = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


class Columnar:
    """A Parquet file; `names` are those of its columns.

    Raises:
        FileRefused: it is none, is cut short, or has more rows than any extract.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        try:
            self._types = self._rows.collect_schema()
            self._height: int = self._rows.select(pl.len()).collect().item()
        except _BROKEN:
            raise FileRefused("not_parquet", "Parquet") from None
        if self._height > _MOST_ROWS:
            raise FileRefused("too_large", f"≤ {_MOST_ROWS}")
        self.names = list(self._types)

    def pieces(self, wanted: Mapping[str, int]) -> Iterator[Callable[[], Piece]]:
        """The rows, in order; a piece is read when it is called for.

        Args:
            wanted: names that the wanted columns shall have, and which column each is, from 0.

        Raises:
            FileRefused: a column does not hold single values; what is within cannot be read.
        """
        columns = [
            _text(self.names[i], self._types[self.names[i]], name).alias(name)
            for name, i in wanted.items()
        ]
        self._refuse_damaged([self.names[i] for i in wanted.values()])
        for begin in range(0, self._height, _ROWS):
            yield partial(self._read, begin, columns)

    def _refuse_damaged(self, columns: list[str]) -> None:
        """Arrow tells of damage within; Polars may end the process at some."""
        try:
            with parquet.ParquetFile(self._path) as file:
                for _ in file.iter_batches(_ROWS, columns=columns):
                    pass
        except (ArrowException, OSError):
            raise FileRefused("not_parquet", "Parquet") from None

    def _read(self, begin: int, columns: list[pl.Expr]) -> Piece:
        try:
            cells = self._rows.slice(begin, _ROWS).select(columns).collect()
        except _BROKEN:
            raise FileRefused("not_parquet", "Parquet") from None
        return Piece(cells.with_row_index("row"), cells.height, len(self.names))


def _text(name: str, dtype: pl.DataType, called: str) -> pl.Expr:
    """A column as it would stand in a CSV file; FileRefused where that cannot be."""
    column = pl.col(name)
    if dtype.is_float():  # as pandas has whole numbers some of which are missing
        whole = column.cast(pl.Int64, strict=False)
        return (
            pl.when(whole == column).then(whole.cast(pl.String)).otherwise(column.cast(pl.String))
        )
    if isinstance(dtype, pl.Datetime):
        local = column.dt.convert_time_zone("Asia/Shanghai") if dtype.time_zone else column
        return local.dt.date().cast(pl.String)
    if dtype.is_nested() or dtype == pl.Object:
        raise FileRefused("not_a_table", called, 1, called)
    return column.cast(pl.String)
