"""The generic reader of measure files: CSV or Parquet with `period,city_code,measure,value[,source]`.

Reading only gives text and row numbers; whether a row can be taken is decided by screening.
"""

import csv
from dataclasses import asdict, dataclass
from io import BytesIO, StringIO
from typing import Any

import polars as pl

COLUMNS = ("period", "city_code", "measure", "value")
OPTIONAL = ("source",)
PARQUET_MAGIC = b"PAR1"


@dataclass
class FileRefused(Exception):  # noqa: N818 - it is a refusal, as rows have them
    """A file that cannot be read as a whole.

    `reason` is a key of the text catalogue; `row` is the first one that is wrong, 0 where none can be
    named.
    """

    reason: str
    expected: str
    row: int = 0
    field: str = ""
    found: str = ""

    def details(self) -> dict[str, Any]:
        """Row, field, reason, found and expected, as refusals of rows have them."""
        return asdict(self)

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}: {self.field} {self.found}; expected {self.expected}"


def read(content: bytes) -> pl.DataFrame:
    """Text columns period, city_code, measure, value, source, and row (Int64; the header is row 1).

    Raises:
        FileRefused: the bytes are no such table, or columns are missing or unknown.
    """
    frame = _parquet(content) if content.startswith(PARQUET_MAGIC) else _csv(content)
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise FileRefused("columns_missing", ",".join(COLUMNS), 1, ",".join(missing))
    if "source" not in frame.columns:
        frame = frame.with_columns(source=pl.lit(None, pl.String))
    return frame.select(*(pl.col(name).cast(pl.String) for name in (*COLUMNS, *OPTIONAL)), "row")


def _csv(content: bytes) -> pl.DataFrame:
    try:
        # Blank lines count as rows, so that row numbers are line numbers.
        return pl.read_csv(
            BytesIO(content), infer_schema=False, row_index_name="row", row_index_offset=2
        ).with_columns(pl.col("row").cast(pl.Int64))
    except pl.exceptions.PolarsError as error:
        raise _why_not_csv(content) from error


def _why_not_csv(content: bytes) -> FileRefused:
    """The first row that keeps a file from being read, found the slow way."""
    try:
        lines = csv.reader(StringIO(content.decode("utf-8-sig")), strict=True)
        width = len(next(lines, []))
        if not width:
            return FileRefused("empty", "UTF-8 CSV")
        for line in lines:
            if len(line) > width:
                return FileRefused(
                    "too_many_fields", str(width), lines.line_num, "", str(len(line))
                )
    except UnicodeDecodeError as error:
        return FileRefused("not_utf8", "UTF-8", content.count(b"\n", 0, error.start) + 1)
    except csv.Error:
        return FileRefused("broken_quotes", "UTF-8 CSV", lines.line_num)
    return FileRefused("not_csv", "UTF-8 CSV")


def _parquet(content: bytes) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(BytesIO(content))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FileRefused("not_parquet", "Parquet") from error
    return frame.with_row_index("row", offset=2).with_columns(pl.col("row").cast(pl.Int64))
