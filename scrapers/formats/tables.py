"""Tables as offices make them, XLSX or CSV: which of their cells are values of measures.

Titles, merged headers, units, footnotes, sections by province and totals are understood as far as
`tables.toml` in the folder of the source and the modules `tables_…` go. Nothing is guessed: what is not
understood is listed. Only values of measures, with the codes of their cities, are kept.
"""

import csv
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl

from scrapers.formats import tables_rows
from scrapers.formats.tables_find import Grid, Table, tables
from scrapers.formats.tables_headers import Headers, declared
from scrapers.formats.tables_months import months
from scrapers.formats.tables_rows import Refused, Taken
from scrapers.formats.text_encoding import as_utf8
from scrapers.formats.xlsx import CELLS, Cell, Sheet, open_safely, reference
from scrapers.places import Places
from scrapers.reading import REFUSED, ROWS, Ask, FileRefused, Reading, harmless

_SPREADSHEETS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".et")
_PACKED = (b"PK", b"\xd0\xcf\x11\xe0")
_SEPARATORS = ",;\t"
_FILE_BYTES = 32 << 20
_LISTED = 1_000
"""Most refusals that are listed one by one."""


def take(path: Path, name: str, ask: Ask) -> Reading:
    """Read the tables of a file.

    `place` and `field` name a cell as spreadsheets do (C7), in a workbook after the number of its sheet,
    hidden ones counted: `表1!C7`. A table with no month above it, in the name of its sheet or of the file
    is of the month that is asked for.

    Raises:
        FileRefused: it cannot be opened (as `open_safely` says; of CSV: empty, not_text, broken_quotes),
            is too_large, has no table (header_missing), none that is shown (hidden), or one of another
            month (other_month).
    """
    headers, places = declared(ask.source_id), Places(ask.cities)
    with path.open("rb") as file:
        packed = file.read(4).startswith(_PACKED)
    if packed or name.lower().endswith(_SPREADSHEETS):
        found = _found(open_safely(path), headers, ask.period, "表{}!")
    else:
        found = _found_in_csv(path, headers, ask.period)
    if not found:
        raise FileRefused("header_missing", str(headers))
    shown = [one for one in found if not one.grid.sheet.hidden]
    if not shown:
        raise FileRefused("hidden", "")
    for one in shown:
        _check_month(one, name, ask.period)
    taken: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for one in found:
        kept, problems = one.read(places)
        taken += [
            {"city_code": cell.city_code, "measure": cell.measure, "value": cell.value}
            | {"place": one.where(cell.row, cell.column), "row": cell.row}
            for cell in kept
        ]
        refused += [
            {"row": cell.row, "field": one.where(cell.row, cell.column), "reason": cell.reason}
            | {"found": cell.found, "expected": cell.expected}
            for cell in problems
        ]
    rows = pl.DataFrame(taken, schema=_TAKEN).with_columns(
        period=pl.lit(ask.period),
        source=pl.lit(ask.kind),
        part=pl.lit(""),
        evidence=pl.lit(None, pl.String),
    )
    return Reading(
        rows.select(*ROWS),
        pl.DataFrame(refused[:_LISTED], schema=REFUSED),
        more_refused=max(0, len(refused) - _LISTED),
    )


_TAKEN = {name: ROWS[name] for name in ("city_code", "measure", "value", "place", "row")}


@dataclass(frozen=True)
class _Found:
    """A table and where it is; `before` stands before the names of its cells."""

    grid: Grid
    table: Table
    before: str

    def where(self, row: int, column: int) -> str:
        """The name of a cell."""
        return f"{self.before}{reference(row, column)}"

    def read(self, places: Places) -> tuple[list[Taken], list[Refused]]:
        """What is taken of it and what is not; nothing is taken of a hidden sheet."""
        row = self.table.row
        if self.grid.sheet.hidden:
            return [], [Refused(row, self.table.place, "hidden", "", "")]
        columns = [
            Refused(row, at, problem.reason, harmless(self.grid.text(row, at)), problem.expected)
            for at, problem in sorted(self.table.problems.items())
        ]
        taken, refused = tables_rows.read(self.grid, self.table, places)
        return taken, columns + refused


def _found(
    sheets: list[Sheet], headers: Headers, period: str, before: str, *, spread: bool = False
) -> list[_Found]:
    return [
        _Found(grid, table, before.format(number))
        for number, sheet in enumerate(sheets, 1)
        for grid in [Grid(sheet)]
        for table in tables(grid, headers, period, spread=spread)
    ]


def _found_in_csv(path: Path, headers: Headers, period: str) -> list[_Found]:
    """The tables of a CSV file, with whichever separator there are some."""
    if path.stat().st_size > _FILE_BYTES:
        raise FileRefused("too_large", f"≤ {_FILE_BYTES >> 20} MB")
    text = bytes(as_utf8(path)).decode()
    broken: FileRefused | None = None
    for separator in _SEPARATORS:
        try:
            sheet = _csv(text, separator)
        except FileRefused as refusal:
            broken = broken or refusal
        else:
            if found := _found([sheet], headers, period, "", spread=True):
                return found
    if broken:
        raise broken
    return []


def _csv(text: str, separator: str) -> Sheet:
    """A CSV file as a sheet; its rows are the lines that they begin in."""
    cells: dict[tuple[int, int], Cell] = {}
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    row = 1
    try:
        for fields in lines:
            for column, field in enumerate(fields, 1):
                if field.strip():
                    cells[row, column] = Cell("text", field)
            if len(cells) > CELLS:
                raise FileRefused("too_large", f"≤ {CELLS:,}")
            row = lines.line_num + 1
    except csv.Error:
        raise FileRefused("broken_quotes", "CSV", row) from None
    return Sheet("", cells)


def _check_month(found: _Found, name: str, period: str) -> None:
    """What stands above a table says first which month it is of, then its sheet, then its file."""
    for texts in (found.table.above, [found.grid.sheet.name], [Path(name).stem]):
        named = set[str]().union(*(months(text, period) for text in texts))
        if named - {period}:
            raise FileRefused("other_month", period, found=", ".join(sorted(named)[:3]))
        if named:
            return
