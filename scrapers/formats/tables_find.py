"""Where the tables of a sheet are: what stands above each, its headers, and its rows."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrapers.formats.tables_headers import Headers, Meaning, Role, unit_line
from scrapers.formats.tables_numbers import NotTaken
from scrapers.formats.xlsx import Area, Cell, Sheet
from scrapers.places import plain
from scrapers.reading import FileRefused

_SPANNED = 50_000
"""Most rows that all merged cells of a sheet may reach over, row by row."""
_LEVELS = 5
"""Most rows of a header."""
_COLUMNS = 500
"""Most columns of a table."""
_TITLES = 3
"""Most texts in a row that belongs to what stands above a table."""
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*[%‰]?")
_NOTE = re.compile(
    r"[(\[*※]*(注|备注|说明|附注|数据来源|资料来源|来源|填表|填报|制表|制作|编制|审核|复核|联系|电话|负责人"
    r"|单位负责人|报送|经办)"
    r"|[甲乙丙A]$"  # numbers the columns: 甲, 1, 2, 3
)


class Grid:
    """A sheet by rows, with what its merged cells reach over."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows: dict[int, dict[int, Cell]] = defaultdict(dict)
        for (row, column), cell in sorted(sheet.cells.items()):
            self.rows[row][column] = cell
        self._numbers = list(self.rows)
        self._merged: dict[int, list[Area]] = defaultdict(list)
        spanned = 0
        for area in sheet.merged:
            reached = self.between(area.top, area.bottom)
            spanned += len(reached)
            if spanned > _SPANNED:
                raise FileRefused("too_large", f"≤ {_SPANNED}")
            for row in reached:
                self._merged[row].append(area)

    def between(self, first: int, last: int) -> list[int]:
        """Rows that have cells, both ends included."""
        return self._numbers[bisect_left(self._numbers, first) : bisect_right(self._numbers, last)]

    def merged(self, row: int, column: int) -> Area | None:
        """The merged cells that reach over this place, in a row that has cells."""
        areas = self._merged.get(row, ())
        return next((area for area in areas if area.left <= column <= area.right), None)

    def text(self, row: int, column: int) -> str:
        """What is seen there, without blanks: the cell's own text, or that of merged cells over it."""
        area = self.merged(row, column)
        cell = self.sheet.cells.get((area.top, area.left) if area else (row, column))
        return plain(cell.text) if cell else ""


@dataclass
class Table:
    """One table: the texts above it, the columns of places and of measures, and the rows below.

    `row` is the row of the header that names the places. `problems` are columns that are not taken.
    """

    row: int
    above: list[str]
    places: dict[Role, int]
    columns: dict[int, Meaning]
    problems: dict[int, NotTaken]
    rows: list[int] = field(default_factory=list)

    @property
    def place(self) -> int:
        """The column that names the smallest place: city, else province, else code."""
        return next(self.places[role] for role in _ROLES if role in self.places)


_ROLES: tuple[Role, ...] = ("city", "province", "code")


def is_note(text: str) -> bool:
    """Whether a text is a footnote or says who made the table; nothing of it is kept."""
    return bool(_NOTE.match(text))


def tables(grid: Grid, headers: Headers, period: str, *, spread: bool) -> list[Table]:
    """The tables of a sheet, from the top.

    A header that only stands there again, as on each printed page, begins no other table.

    Args:
        grid: the sheet.
        headers: what is declared of the source's tables.
        period: the month that is asked for.
        spread: an upper header reaches over the columns at its right that have none, as is seen where
            merged cells were saved as CSV.
    """
    found: list[Table] = []
    finder, end = _Finder(grid, headers, period, spread), 0
    for row in grid.between(1, max(grid.rows, default=0)):
        if row <= end or not (head := finder.head(row, end)):
            continue
        table = head.table
        if found:
            found[-1].rows += grid.between(end + 1, head.top - 1)
        if not found or table.above or found[-1].columns != table.columns:
            found.append(table)
        end = head.bottom
    if found:
        found[-1].rows += grid.between(end + 1, max(grid.rows))
    return found


@dataclass
class _Head:
    """The header of a table with what stands above it, from the first row to the last one."""

    top: int
    bottom: int
    table: Table


class _Finder:
    """Looks for headers, below what was found already."""

    def __init__(self, grid: Grid, headers: Headers, period: str, spread: bool) -> None:
        self._grid, self._headers, self._period, self._spread = grid, headers, period, spread

    def head(self, row: int, end: int) -> _Head | None:
        """The header that names places in this row, if there is one."""
        roles = {
            column: role
            for column, cell in self._grid.rows[row].items()
            if cell.kind == "text" and (role := self._headers.role(cell.text))
        }
        if not roles:
            return None
        places = {role: column for column, role in reversed(roles.items())}
        bottom = self._bottom(row, places)
        first = self._first(row, places, end)
        top = self._top(first, end)
        above = [
            text
            for number in self._grid.between(top, first - 1)
            if not is_note((texts := self._texts(number))[0])
            for text in texts
        ]
        table = Table(row, above, places, {}, {})
        for column, role in roles.items():
            if places[role] != column:
                table.problems[column] = NotTaken("column_twice")
        self._read_columns(table, self._grid.between(first, bottom), set(roles))
        named = table.columns or any(
            problem.reason != "column_unknown" for problem in table.problems.values()
        )
        return _Head(top, bottom, table) if named else None

    def _read_columns(self, table: Table, levels: list[int], roles: set[int]) -> None:
        """Find out what the columns mean."""
        units = [unit for text in table.above for unit in unit_line(text)]
        columns = {column for row in levels for column in self._grid.rows[row]} - roles
        if len(columns) > _COLUMNS:
            raise FileRefused("too_large", f"≤ {_COLUMNS}", found=f"{len(columns)}")
        for column in sorted(columns):
            try:
                texts = list(self._levels(levels, column, max(roles)))
                meaning = self._headers.meaning(texts, units, self._period)
                if meaning and column in self._grid.sheet.hidden_columns:
                    raise NotTaken("hidden")
            except NotTaken as problem:
                table.problems[column] = problem
            else:
                if meaning:
                    table.columns[column] = meaning
        times = Counter(meaning.measure.id for meaning in table.columns.values())
        for column, meaning in list(table.columns.items()):
            # With places that stand side by side there are several tables in one; whose is a column?
            if times[meaning.measure.id] > 1 or len(roles) > len(table.places):
                del table.columns[column]
                table.problems[column] = NotTaken("column_twice")

    def _levels(self, rows: list[int], column: int, place: int) -> Iterator[str]:
        """The headers of a column from the upper to the lower one, each once."""
        seen: Area | None = None
        for row in rows:
            area = self._grid.merged(row, column)
            text = self._grid.text(row, column)
            if self._spread and not text and row != rows[-1]:
                left = [at for at in self._grid.rows[row] if place < at < column]
                text = self._grid.text(row, left[-1]) if left else ""
            if text and not (area and area == seen):
                yield text
            seen = area

    def _bottom(self, row: int, places: dict[Role, int]) -> int:
        """The last row of the header, which may have levels below the one that names the places."""
        area = self._grid.merged(row, min(places.values()))
        last = row + _LEVELS - 1
        bottom = min(area.bottom, last) if area else row
        for below in self._grid.between(bottom + 1, last):
            if below > bottom + 1 or not self._beside(below, places):
                break
            bottom = below
        return bottom

    def _first(self, row: int, places: dict[Role, int], end: int) -> int:
        """The first row of the header, which may have levels above the one that names the places."""
        first = row
        for above in reversed(self._grid.between(max(end + 1, row - _LEVELS + 1), row - 1)):
            units = any(unit_line(text) for text in self._texts(above))
            if above < first - 1 or units or not self._beside(above, places):
                break
            first = above
        return first

    def _top(self, first: int, end: int) -> int:
        """Where that begins which belongs to a table and stands above its header."""
        if not end:
            return 1
        top = first
        for above in reversed(self._grid.between(end + 1, first - 1)):
            if above < top - 1 or len(self._grid.rows[above]) > _TITLES or self._numbers(above):
                break
            top = above
        return top

    def _beside(self, row: int, places: dict[Role, int]) -> bool:
        """Whether all of a row stands at the right of the places, and none of it is a number."""
        named = any(self._grid.text(row, column) for column in places.values())
        return (
            not named
            and min(self._grid.rows[row]) > min(places.values())
            and not self._numbers(row)
        )

    def _numbers(self, row: int) -> bool:
        """Whether there is a number in a row."""
        return any(
            cell.kind != "text" or _NUMBER.fullmatch(plain(cell.text))
            for cell in self._grid.rows[row].values()
        )

    def _texts(self, row: int) -> list[str]:
        return [plain(cell.text) for cell in self._grid.rows[row].values()]
