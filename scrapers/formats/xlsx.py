"""XLSX opened safely: what stands in which cell, in one pass; nothing is computed, run or followed."""

import re
from collections.abc import Sized
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Literal, NamedTuple

from scrapers.formats.xlsx_package import Handler, Package, Tags, opened
from scrapers.reading import FileRefused

Kind = Literal["number", "text", "bool", "date", "error", "empty"]

CELLS = 200_000
"""Most cells with something in them; a cell takes some 300 bytes of memory."""
MERGED = 10_000
COMPUTED = 1_000
"""Most formulas that fill several cells."""
PIECES = 1_000
"""Most pieces of text in a cell; the parser gives pieces of some thousand characters."""
ROWS, COLUMNS = 1_048_576, 16_384

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
# Of a number format, what is shown as it stands: "text", \x, [colour], _x (a space), *x (a filling).
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE = re.compile("[ymdhs]", re.IGNORECASE)
_BUILT_IN = {
    9: "0%",
    10: "0.00%",
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), "yyyy-mm-dd"),
}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_RAISED = "^"
"""Before a raised or lowered piece of a text: the mark of a footnote is no digit of a number."""
_COMPUTED_AREAS = ("array", "dataTable")


class Cell(NamedTuple):
    """What a cell holds.

    `text` is the value: a number in the shortest decimal digits that are it; a date or moment in
    ISO 8601; TRUE or FALSE; the name of an error, such as #DIV/0!. `formula` says that it was computed;
    it is `empty` where the result was not saved. `format` is the code of its number format, General for
    the built-in ones that are neither percentages nor dates.
    """

    kind: Kind
    text: str
    formula: bool = False
    format: str = "General"

    @property
    def percent(self) -> bool:
        """Whether a number is shown a hundredfold with a percent sign."""
        return "%" in _LITERAL.sub("", self.format)


class Area(NamedTuple):
    """A rectangle of cells, both corners included; rows and columns count from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """A sheet: its cells that are not empty by (row, column), both from 1, in the order of the file.

    `hidden_rows` and `hidden_columns` are those of them that hold cells.
    """

    name: str
    cells: dict[tuple[int, int], Cell]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def open_safely(path: Path) -> list[Sheet]:
    """The worksheets of a workbook, in their order; chart sheets, which have no cells, are left out.

    Raises:
        FileRefused: not_xlsx, xlsx_damaged, xlsx_old, xlsx_encrypted, xlsx_bomb, xlsx_too_large,
            xlsx_macros, xlsx_external.
    """
    with opened(path) as package:
        return _sheets(package)


def reference(row: int, column: int) -> str:
    """The name of a cell: `C7` for row 7 and column 3."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"


def _sheets(package: Package) -> list[Sheet]:
    (book,) = (part for type_, part in package.related("").values() if type_ == "officeDocument")
    related = package.related(book)
    of_type = dict(related.values())
    texts, formats, listed, properties = _Texts(), _Formats(), Tags("sheet"), Tags("workbookPr")
    if "sharedStrings" in of_type:
        package.parse(of_type["sharedStrings"], texts)
    if "styles" in of_type:
        package.parse(of_type["styles"], formats)
    package.parse(book, listed)
    package.parse(book, properties)
    from_1904 = any(given.get("date1904") in ("1", "true") for given in properties.found)
    epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - no zone
    sheets: dict[str, Sheet] = {}
    room = CELLS
    for given in listed.found:
        type_, part = related[next(value for name, value in given.items() if name.endswith(":id"))]
        if type_ != "worksheet":
            continue
        if part in sheets:
            raise ValueError("two sheets are one part")
        cells = _Cells(texts.found, formats.found, epoch, room)
        package.parse(part, cells, sheet=True)
        sheets[part] = cells.sheet(given["name"], "hidden" in given.get("state", "").lower())
        room -= len(sheets[part].cells)
    return list(sheets.values())


class _Texts(Handler):
    """The texts that cells refer to by number: pieces in different type as one, no phonetic guides."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._within = self._guide = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "rPh":
            self._guide = True
        elif tag == "t":
            self._within = not self._guide
        elif tag == "vertAlign" and given["val"] != "baseline":
            self._pieces.append(_RAISED)

    def end(self, tag: str) -> None:
        if tag == "t":
            self._within = False
        elif tag == "rPh":
            self._guide = False
        elif tag == "si":
            self.found.append(_unescaped("".join(self._pieces)))
            self._pieces = []

    def data(self, text: str) -> None:
        if self._within:
            self._pieces.append(text)


class _Formats(Handler):
    """The code of the number format of every style that cells refer to by number."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._codes = dict(_BUILT_IN)
        self._of_cells = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "numFmt":
            self._codes[int(given["numFmtId"])] = given["formatCode"]
        elif tag == "cellXfs":
            self._of_cells = True
        elif tag == "xf" and self._of_cells:
            self.found.append(self._codes.get(int(given.get("numFmtId", "0")), "General"))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._of_cells = False


class _Cells(Handler):
    """The cells of a sheet."""

    def __init__(self, texts: list[str], formats: list[str], epoch: datetime, room: int) -> None:
        self._texts, self._formats, self._epoch, self._room = texts, formats, epoch, room
        self._dates = [bool(_DATE.search(_LITERAL.sub("", code))) for code in formats]
        self._cells: dict[tuple[int, int], Cell] = {}
        self._merged: list[Area] = []
        self._computed: list[Area] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: set[int] = set()
        self._row_hidden = False
        self._columns_told = 0
        # Of the cell that is open:
        self._given: dict[str, str] | None = None
        self._pieces: list[str] = []
        self._within = self._guide = self._formula = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "c":
            self._given, self._pieces, self._formula = given, [], False
        elif tag == "v" or tag == "t":
            self._within = not self._guide
        elif tag == "row":
            self._row_hidden = given.get("hidden") in ("1", "true")
        elif tag == "f":
            self._formula = True
            if self._given is not None and given.get("t") in _COMPUTED_AREAS and "ref" in given:
                self._computed.append(_area(given["ref"]))
                _limit(self._computed, COMPUTED)
        elif tag == "rPh":
            self._guide = True
        elif tag == "vertAlign" and given["val"] != "baseline":
            self._pieces.append(_RAISED)
        elif tag == "col":
            self._column(int(given["min"]), int(given["max"]), given.get("hidden") in ("1", "true"))
        elif tag == "mergeCell":
            self._merged.append(_area(given["ref"]))
            _limit(self._merged, MERGED)

    def end(self, tag: str) -> None:
        if tag == "c" and self._given is not None:
            self._close(self._given)
            self._given = None
        elif tag == "v" or tag == "t":
            self._within = False
        elif tag == "rPh":
            self._guide = False

    def data(self, text: str) -> None:
        if self._within:
            self._pieces.append(text)
            _limit(self._pieces, PIECES)

    def sheet(self, name: str, hidden: bool) -> Sheet:
        # The cells of an array formula beside its first one hold nothing but results.
        for area in self._computed:
            for at, cell in self._cells.items():
                if area.top <= at[0] <= area.bottom and area.left <= at[1] <= area.right:
                    self._cells[at] = cell._replace(formula=True)
        return Sheet(
            name,
            self._cells,
            tuple(self._merged),
            hidden,
            frozenset(self._hidden_rows),
            frozenset({column for _, column in self._cells} & self._hidden_columns),
        )

    def _column(self, first: int, last: int, hidden: bool) -> None:
        if not self._columns_told < first <= last <= COLUMNS:
            raise ValueError("columns are told of in their order")
        self._columns_told = last
        if hidden:
            self._hidden_columns.update(range(first, last + 1))

    def _close(self, given: dict[str, str]) -> None:
        """Take the cell that was open, if anything is in it."""
        text = "".join(self._pieces)
        if not self._formula and not text.strip():
            return
        at = _position(given["r"])
        if at in self._cells:
            raise ValueError("a cell stands twice")
        if len(self._cells) >= self._room:
            raise FileRefused("xlsx_too_large", f"≤ {CELLS}")
        cell = self._cell(given, text)
        if not self._formula and not cell.text.strip():  # a text of blanks
            return
        self._cells[at] = cell
        if self._row_hidden:
            self._hidden_rows.add(at[0])

    def _cell(self, given: dict[str, str], text: str) -> Cell:
        style = int(given.get("s", "0"))
        code = self._formats[style] if style < len(self._formats) else "General"
        if not text.strip():
            return Cell("empty", "", self._formula, code)
        match given.get("t", "n"):
            case "s":
                return Cell("text", self._texts[int(text)], self._formula, code)
            case "str" | "inlineStr":
                return Cell("text", _unescaped(text), self._formula, code)
            case "b":
                return Cell("bool", "TRUE" if text.strip() == "1" else "FALSE", self._formula, code)
            case "e":
                return Cell("error", text.strip(), self._formula, code)
            case "d":
                return Cell("date", text.strip(), self._formula, code)
            case "n" if style < len(self._dates) and self._dates[style]:
                moment = self._moment(float(text))
                return Cell(
                    "date" if moment else "number", moment or _number(text), self._formula, code
                )
            case "n":
                return Cell("number", _number(text), self._formula, code)
        raise ValueError("a type of cell that is not known")

    def _moment(self, days: float) -> str:
        """A date, or a moment where there is a part of a day; nothing where there is no such day."""
        try:
            moment = self._epoch + timedelta(days=days)
        except OverflowError:
            return ""
        whole = days == int(days)
        return moment.date().isoformat() if whole else moment.isoformat(timespec="seconds")


def _limit(things: Sized, most: int) -> None:
    if len(things) > most:
        raise FileRefused("xlsx_too_large", f"≤ {most}")


def _number(text: str) -> str:
    """The shortest decimal digits of a number; spreadsheets store some more, which mean nothing."""
    number = float(text)
    if not isfinite(number):
        raise ValueError("no number that a sheet can hold")
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return format(Decimal(repr(number)), "f")


def _position(name: str) -> tuple[int, int]:
    """Row and column of `C7`; ValueError where no sheet has such a cell."""
    match = _REFERENCE.fullmatch(name)
    if match is None:
        raise ValueError("no name of a cell")
    column, row = _column_number(match[1]), int(match[2])
    if not (1 <= row <= ROWS and column <= COLUMNS):
        raise ValueError("beyond the sheet")
    return row, column


@cache
def _column_number(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _area(name: str) -> Area:
    """The rectangle `A1:C3`, or a single cell."""
    first, _, last = name.partition(":")
    (top, left), (bottom, right) = _position(first), _position(last or first)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _unescaped(text: str) -> str:
    """Control characters, which XML cannot hold, are written as `_x000D_`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
