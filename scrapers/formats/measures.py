"""The generic reader of measure files: CSV or Parquet with `period,city_code,measure,value`.

A column source may name the kind of source, a column evidence a reference for each value. Tables of
assessors have evidence for every award and a column edition, under which it is given. Any source may
deliver such files: so come the months before it was collected from. Reading only gives text and row
numbers; whether a row can be taken is decided by screening.
"""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path

import polars as pl
from pyarrow import ArrowException, parquet

from scrapers.formats.workbooks_answers import REFERENCES, is_reference
from scrapers.reading import LARGEST, REFUSED, ROWS, Ask, FileRefused, Reading

COLUMNS = ("period", "city_code", "measure", "value")
OPTIONAL = ("source", "edition", "evidence")
OF_AWARDS = ("edition", "evidence")
PARQUET_MAGIC = b"PAR1"


_LARGEST_FILE = 1 << 26  # bytes
_MOST_ROWS = 1_000_000  # ten times what all sources together say of a month
_MOST_COLUMNS = 20
_LISTED = 1000
"""Most refusals of a file that are listed; the others are counted."""
_EDITION = r"^\s*[a-z]{1,20}-20[0-9]{2}(-[a-z0-9]{1,20}){0,3}\s*$"
# What Polars raises of a damaged file; that it panics, Exception does not cover.
_DAMAGED = (pl.exceptions.PolarsError, pl.exceptions.PanicException, ArrowException, OSError)


def looks_like_one(path: Path) -> bool:
    """Whether a file has the columns of a measure file."""
    with path.open("rb") as file:
        if file.read(len(PARQUET_MAGIC)) == PARQUET_MAGIC:
            try:
                return set(COLUMNS) <= set(pl.read_parquet_schema(path))
            except _DAMAGED:
                return False
        file.seek(0)
        header = file.readline(1000).decode("utf-8-sig", errors="replace")
    return set(COLUMNS) <= {name.strip(' "\r\n') for name in header.split(",")}


def take(path: Path, name: str, ask: Ask) -> Reading:  # noqa: ARG001 - as all readers have it
    """Read a delivered measure file; text that is not what its column should hold is withheld.

    A reference that is none is refused, and with it an award, which is nothing without its evidence.

    Raises:
        FileRefused: as `read`; columns_missing where awards have no edition or evidence; too_large where
            there are more bytes, rows or columns than any source has to say of a month.
    """
    if path.stat().st_size > _LARGEST_FILE:
        raise FileRefused("too_large", f"≤ {_LARGEST_FILE} B")
    content = path.read_bytes()
    _refuse_too_large(content)
    known = pl.Series(list(ask.measures), dtype=pl.String)
    number = pl.col("value").str.strip_chars().cast(pl.Float64, strict=False)
    rows, refused = _ended(content, read(content, OF_AWARDS if ask.kind == "assessor" else ()))
    rows, unproven = _proven(rows, awards=ask.kind == "assessor")
    refused = pl.concat([refused, unproven])
    rows = rows.with_columns(
        _withheld("period", pl.col("period").str.contains(r"^\s*\d{4}-\d{2}\s*$")),
        _withheld("city_code", pl.col("city_code").str.contains(r"^\s*\d{6}\s*$")),
        _withheld("measure", pl.col("measure").str.strip_chars().is_in(known.implode())),
        _withheld("value", (number.abs() < LARGEST) | ~number.is_finite()),
        _withheld("source", pl.col("source").str.strip_chars().is_in([ask.kind, ""])),
        _withheld("edition", pl.col("edition").str.contains(_EDITION)),
    )
    edition = pl.col("edition").str.strip_chars().fill_null("")
    return Reading(
        rows.with_columns(
            pl.col("source").str.strip_chars().replace("", None).fill_null(ask.kind),
            part=edition if ask.kind == "assessor" else pl.lit(""),
            place=pl.lit(""),
        ).select(*ROWS),
        refused.head(_LISTED),
        more_refused=max(len(refused) - _LISTED, 0),
    )


def _proven(rows: pl.DataFrame, *, awards: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with such evidence as is a reference, and refusals of what stands there else.

    Awards that lack evidence are left out; a row without a value needs none.
    """
    given = pl.col("evidence").str.strip_chars().replace("", None)
    rows = rows.with_columns(evidence=given)
    known = [text for text in rows["evidence"].unique().drop_nulls() if is_reference(text)]
    proven = pl.col("evidence").is_in(known)
    malformed = (~proven).fill_null(False)
    valued = pl.col("value").str.strip_chars().replace("", None).is_not_null()
    missing = pl.col("evidence").is_null() & valued & awards
    refused = rows.filter(malformed | missing).select(
        "row",
        field=pl.lit("evidence"),
        reason=pl.when(missing)
        .then(pl.lit("evidence_missing"))
        .otherwise(pl.lit("evidence_malformed")),
        found=pl.when(missing).then(pl.lit("")).otherwise(pl.format("({})", given.str.len_chars())),
        expected=pl.lit(REFERENCES),
    )
    kept = rows.filter(~(missing | malformed & awards))
    return kept.with_columns(evidence=pl.when(proven).then("evidence")), refused


def _ended(content: bytes, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that are sure to be whole, and a refusal of the last one if its line has no end.

    A number that is cut short looks like another number.
    """
    nothing = pl.DataFrame(schema=REFUSED)
    if content.startswith(PARQUET_MAGIC) or content.endswith((b"\n", b"\r")) or rows.is_empty():
        return rows, nothing
    refused = [(rows["row"][-1], "", "cut_short", "", "\\n")]
    return rows[:-1], pl.DataFrame(refused, schema=REFUSED, orient="row")


def _withheld(column: str, harmless: pl.Expr) -> pl.Expr:
    """The text where it is harmless or missing, else how long it is."""
    text = pl.col(column)
    return (
        pl.when(text.is_null() | harmless.fill_null(False))
        .then(text)
        .otherwise(pl.format("({})", text.str.len_chars()))
        .alias(column)
    )


def _refuse_too_large(content: bytes) -> None:
    """Before it is read: a few bytes of Parquet, or blank lines, can make any number of rows."""
    if content.startswith(PARQUET_MAGIC):
        try:
            rows = pl.scan_parquet(BytesIO(content)).select(pl.len()).collect().item()
        except _DAMAGED as error:
            raise FileRefused("not_parquet", "Parquet") from error
    else:
        rows = content.count(b"\n")
        # Columns of Parquet that are not known are not read.
        if content.count(b",", 0, content.find(b"\n")) >= _MOST_COLUMNS:
            raise FileRefused("too_large", f"≤ {_MOST_COLUMNS}", 1)
    if rows > _MOST_ROWS:
        raise FileRefused("too_large", f"≤ {_MOST_ROWS}")


def read(content: bytes, needed: Sequence[str] = ()) -> pl.DataFrame:
    """Text columns COLUMNS and OPTIONAL, and row (Int64; the header is row 1).

    Args:
        content: the file.
        needed: columns of OPTIONAL that have to be there; the others are null where they are not.

    Raises:
        FileRefused: the bytes are no such table, or a column is missing or stands twice. Columns that
            are not known are left aside.
    """
    frame = _parquet(content) if content.startswith(PARQUET_MAGIC) else _csv(content)
    for name in (*COLUMNS, *OPTIONAL):
        if f"{name}_duplicated_0" in frame.columns:  # as Polars names the second of two
            raise FileRefused("column_twice", ",".join(COLUMNS), 1, name)
    needed = (*COLUMNS, *needed)
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        raise FileRefused("columns_missing", ",".join(needed), 1, ",".join(missing))
    absent = [name for name in OPTIONAL if name not in frame.columns]
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
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
        names = pl.read_parquet_schema(BytesIO(content))
        known = [name for name in names if name in (*COLUMNS, *OPTIONAL)]
        # Arrow tells of every damage; Polars may end the process at some.
        return pl.DataFrame(pl.from_arrow(parquet.read_table(BytesIO(content), columns=known)))
    except _DAMAGED as error:
        raise FileRefused("not_parquet", "Parquet") from error
