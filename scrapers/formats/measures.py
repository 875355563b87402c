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
        FileRefused: the bytes are no such table, or a column is missing or stands twice. Columns that
            are not known are left aside.
    """
    frame = _parquet(content) if content.startswith(PARQUET_MAGIC) else _csv(content)
    for name in (*COLUMNS, *OPTIONAL):
        if f"{name}_duplicated_0" in frame.columns:  # as Polars names the second of two
            raise FileRefused("column_twice", ",".join(COLUMNS), 1, name)
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise FileRefused("columns_missing", ",".join(COLUMNS), 1, ",".join(missing))
    if "source" not in frame.columns:
        frame = frame.with_columns(source=pl.lit(None, pl.String))
    try:
        text = frame.select(pl.col(name).cast(pl.String) for name in (*COLUMNS, *OPTIONAL))
    except pl.exceptions.PolarsError as error:  # lists, structures
        raise FileRefused("not_a_table", ",".join(COLUMNS), 1) from error
    return text.with_columns(row=pl.int_range(2, pl.len() + 2, dtype=pl.Int64))


def _csv(content: bytes) -> pl.DataFrame:
    try:
        # Blank lines count as rows, so that row numbers are line numbers.
        return pl.read_csv(BytesIO(content), infer_schema=False)
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
        return pl.read_parquet(BytesIO(content))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FileRefused("not_parquet", "Parquet") from error
