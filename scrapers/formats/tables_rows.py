"""The rows of an office table: which place each is of, its values, and whether the totals add up."""

import re
from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from scrapers.formats.tables_find import Grid, Table, is_note
from scrapers.formats.tables_headers import Meaning
from scrapers.formats.tables_numbers import GAPS, NotTaken, as_text, value
from scrapers.places import Places, plain
from scrapers.reading import harmless

_TOTAL = re.compile("合计|总计|共计|总数|全国(?:合计|总计)?")
_SUBTOTAL = re.compile("小计|全省(?:合计|小计)?|全区(?:合计|小计)?")
_TOTAL_OF = re.compile("(.+)(?:合计|总计|小计)")
_AVERAGE = re.compile(".{0,3}(?:平均|均值|中位)[数值]?")
_CODE = re.compile("[0-9]{6}")
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


class Taken(NamedTuple):
    """A value of a city, and the row and column of the cell that it stands in."""

    row: int
    column: int
    city_code: str
    measure: str
    value: str


class Refused(NamedTuple):
    """A cell that is not taken, why, what was found there if that is harmless, and what was expected."""

    row: int
    column: int
    reason: str
    found: str
    expected: str


def read(grid: Grid, table: Table, places: Places) -> tuple[list[Taken], list[Refused]]:
    """The values of a table, and what of its rows is not taken.

    A row of a province gives measures that are told by province to all its cities; its counts are a total
    of theirs. Totals are left out, and listed if they are not the sum of what they are of. Averages,
    footnotes, and rows that head a group of others are left out.
    """
    rows = _Rows(grid, table, places)
    for row in table.rows:
        rows.read(row)
    rows.compare_totals()
    return rows.taken, rows.refused


class _Place(NamedTuple):
    """What a row is of: a city, a province, a city that is one (北京市), or the total of others.

    `total` is of what: a province's code, `all` of the table, or the section since the last heading.
    """

    city: str = ""
    province: str = ""
    total: str = ""


class _Sum:
    """The sum of counts, and how exact it can be.

    Where counts are rounded (1.2万), each may be off by half of the last digit that is given.
    """

    def __init__(self) -> None:
        self.number, self._counts, self._last_digit = Decimal(0), 0, Decimal("Infinity")

    def add(self, number: Decimal) -> None:
        self.number += number
        self._counts += 1
        self._last_digit = min(self._last_digit, _last_digit(number))

    def is_(self, total: Decimal) -> bool:
        """Whether this may be the total of it."""
        last_digit = min(self._last_digit, _last_digit(total))
        off = last_digit * (self._counts + 1) / 2 if last_digit > 1 else 0
        return abs(self.number - total) <= off


class _Rows:
    def __init__(self, grid: Grid, table: Table, places: Places) -> None:
        self._grid, self._table, self._places = grid, table, places
        self.taken: list[Taken] = []
        self.refused: list[Refused] = []
        # The province that rows are of: by the last row that headed others, by the column of provinces.
        self._headed = self._beside = self._beside_row = ""
        self._of_province = False
        self._sections = 0
        self._of_provinces = all(one.measure.of_province for one in table.columns.values())
        # By column, and by what they are of; row, column, what it is of, and number of each total.
        self._sums: dict[tuple[int, str], _Sum] = defaultdict(_Sum)
        self._totals: list[tuple[int, int, str, Decimal]] = []
        self._incomplete: set[int] = set()

    def read(self, row: int) -> None:
        """Take what a row says."""
        name = self._name(row)
        first = plain(next(iter(self._grid.rows[row].values())).text)
        if is_note(first) or is_note(name) or _AVERAGE.fullmatch(name):
            return
        columns = [column for column in self._table.columns if self._says(row, column)]
        if not columns:
            self._head(name or first)
            return
        place: _Place | None = None
        try:
            place = self._place(row, name)
        except NotTaken as problem:
            found = name if self._places.may_be_repeated(name) else harmless(name)
            self._refuse(row, self._table.place, problem, found)
        for column in columns:
            try:
                self._take(row, column, place)
            except NotTaken as problem:
                self._incomplete.add(column)
                self._refuse(row, column, problem, self._found(row, column))

    def compare_totals(self) -> None:
        """List totals that are not the sum of what they are of, where all of that could be read."""
        for row, column, of, number in self._totals:
            if (column, of) not in self._sums:
                if of.isdigit() and number:
                    self._refuse(row, column, NotTaken("of_a_province"))
            elif column not in self._incomplete and not self._sums[column, of].is_(number):
                differs = NotTaken("total_differs", as_text(self._sums[column, of].number))
                self._refuse(row, column, differs, harmless(as_text(number)))

    def _name(self, row: int) -> str:
        """The place that a row names; also tells which province stands beside it."""
        texts = {role: self._grid.text(row, at) for role, at in self._table.places.items()}
        city, province = texts.get("city", ""), texts.get("province", "")
        self._beside_row = self._places.province(province)
        if province:
            self._beside = self._beside_row
        self._of_province = bool(province and not city)
        return city or province

    def _says(self, row: int, column: int) -> bool:
        """Whether there is something other than a mark for no value."""
        area = self._grid.merged(row, column)
        if area and area.left <= self._table.place:  # a line of text
            return False
        cell = self._grid.rows[row].get(column)
        return bool(cell and cell.formula) or self._grid.text(row, column) not in GAPS

    def _head(self, text: str) -> None:
        """Rows that follow are of the province that this one names, or of none that is known."""
        province = self._places.province(text)
        if province or not self._places.cities(text, self._headed):  # else a city without values
            self._headed = "" if self._places.is_city(province) else province
            self._sections += 1

    def _place(self, row: int, name: str) -> _Place:
        """What a row is of. NotTaken where that is not exactly one place."""
        if row in self._grid.sheet.hidden_rows:
            raise NotTaken("hidden")
        area = self._grid.merged(row, self._table.place)
        if area and len(self._grid.between(area.top, area.bottom)) > 1:
            raise NotTaken("merged_cells")
        if total := self._total(name):
            return _Place(total=total)
        if "code" in self._table.places and (
            code := self._grid.text(row, self._table.places["code"])
        ):
            return self._coded(code, name)
        if not name:
            raise NotTaken("place_missing")
        return self._named(name)

    def _total(self, name: str) -> str:
        """What a row is a total of, if it is one."""
        section = f"section {self._sections}"
        if _TOTAL.fullmatch(name):
            return self._beside_row or "all"
        if _SUBTOTAL.fullmatch(name):
            return self._beside or self._headed or section
        match = _TOTAL_OF.fullmatch(name)
        return (self._places.province(match[1]) or section) if match else ""

    def _coded(self, code: str, name: str) -> _Place:
        """What a code is of; a name beside it must be of the same."""
        if not _CODE.fullmatch(code):
            raise NotTaken("city_malformed", "NNNNNN")
        city = code if self._places.is_city(code) else ""
        province = code if self._places.cities_in(code) else ""
        if not city and not province:
            raise NotTaken("place_unknown")
        if name and code not in (*self._places.cities(name), self._places.province(name)):
            raise NotTaken("code_differs")
        return _Place(city, province)

    def _named(self, name: str) -> _Place:
        """What a name is of. Within a province 吉林 is the city; where none is told, it may be either."""
        province = self._places.province(name)
        agrees = self._beside in ("", province)
        if agrees and self._places.is_city(province):
            self._headed = ""
            return _Place(province, province)
        if province and self._of_province:
            return _Place(province=province)
        within = self._beside or self._headed
        found = self._places.cities(name, within)
        cities = [code for code in found if self._places.is_city(code)]
        if province and agrees and not (within and cities):
            if cities and not self._of_provinces:
                raise NotTaken("place_ambiguous")
            self._head(name)
            return _Place(province=province)
        if not cities:
            raise NotTaken("place_unknown")
        if len(found) > 1:
            raise NotTaken("place_ambiguous")
        return _Place(cities[0])

    def _take(self, row: int, column: int, place: _Place | None) -> None:
        """Take what a cell says, or count it where it is part of a total only."""
        meaning = self._table.columns[column]
        measure = meaning.measure
        total = place is not None and not place.city and not measure.of_province
        cell = self._grid.rows[row].get(column)
        if total and cell and cell.formula:
            return  # nothing is taken of a total, so it may be computed
        number = self._number(row, column, meaning)
        if number is None:
            return
        text = as_text(number)
        if measure.of_province:
            if place and not place.province and not place.total:
                raise NotTaken("of_a_city")
            for code in self._places.cities_in(place.province) if place else ():
                self.taken.append(Taken(row, column, code, measure.id, text))
        elif place and total:
            self._totals.append((row, column, place.total or place.province, number))
        else:
            within = f"{place.city[:2]}0000" if place else self._beside or self._headed
            for of in ("all", within, f"section {self._sections}"):
                self._sums[column, of].add(number)
            if place:
                self.taken.append(Taken(row, column, place.city, measure.id, text))

    def _number(self, row: int, column: int, meaning: Meaning) -> Decimal | None:
        area = self._grid.merged(row, column)
        if area:
            rows = self._grid.between(area.top, area.bottom)
            columns = [at for at in self._table.columns if area.left <= at <= area.right]
            if len(rows) > 1 or len(columns) > 1 or area.left != column:
                raise NotTaken("merged_cells")
        return value(self._grid.rows[row][column], meaning.measure.units, meaning.power)

    def _found(self, row: int, column: int) -> str:
        """What stands in a cell, if it may be repeated."""
        cell = self._grid.rows[row].get(column)
        text = cell.text.strip() if cell else ""
        return text if text in _ERRORS else harmless(text)

    def _refuse(self, row: int, column: int, problem: NotTaken, found: str = "") -> None:
        self.refused.append(Refused(row, column, problem.reason, found, problem.expected))


def _last_digit(number: Decimal) -> Decimal:
    """What one in the last digit that is given is worth: 1,000 in 1.2万."""
    return Decimal(10) ** int(number.as_tuple().exponent)
