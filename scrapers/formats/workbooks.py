"""Submission workbooks: the form that `cci submission template` makes, filled in by its sender.

Only the cells that a sender may fill in are read, by what the form itself says of each: nothing else that
stands in a workbook is kept, comments and properties of the file included.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from scrapers.formats.workbooks_answers import (
    REFERENCES,
    about_a_person,
    not_a_reference,
    not_a_value,
)
from scrapers.formats.xlsx import Cell, Sheet, open_safely, reference
from scrapers.reading import REFUSED, ROWS, Ask, FileRefused, Reading, harmless

VALUES, FORM = "填报 Values", "form"
KEYS_ROW = 6
"""Row of the sheet to fill in that holds the ids of its columns."""
COLUMNS = ("measure", "zh", "en", "unit", "limits", "before", "value", "evidence", "note")
CITY_COLUMNS = ("city_code", "zh", "en")
OF_A_MEASURE = ("before", "value", "evidence")
KINDS = ("city", "province", "assessor")
VERSION = "1"
MADE_BY = "cci submission template"

_NAME = "cci-submission"
_IDENTITY = ("form", "version", "kind", "edition", "period", "code", "name")
SEAL = "seal"
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_PERIOD = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_CODE = re.compile(r"[0-9]{6}")
_EDITION = re.compile(r"[a-z]{1,20}-20[0-9]{2}(-[a-z0-9]{1,20}){0,3}")
_ERROR = re.compile(r"#[A-Z/0!?]{1,14}")
"""What stands where a computation failed, such as #DIV/0!."""
_LISTED = 1000
"""Most refusals of a workbook that are listed; the others are counted."""


class Entry(NamedTuple):
    """What a form asks of a city, and the cells of the answer (None where nothing is in them)."""

    city_code: str
    measure: str
    row: int
    column: int
    value: Cell | None
    evidence: Cell | None

    @property
    def place(self) -> str:
        """Sheet and cell of the value."""
        return place(self.row, self.column)

    @property
    def evidence_place(self) -> str:
        """Sheet and cell of the evidence, which stands beside the value."""
        return place(self.row, self.column + 1)


@dataclass(frozen=True)
class Form:
    """A form as it came back: who it is from, what it asks, what was answered.

    `code` is that of the city, or of the province; `refused` holds the cells, wherever they are, that
    may hold something about a person or stand outside what the form asks.
    """

    kind: str
    edition: str
    period: str
    code: str
    entries: tuple[Entry, ...]
    refused: tuple["Refusal", ...]


class Refusal(NamedTuple):
    """A refusal, with the columns of REFUSED."""

    row: int
    field: str
    reason: str
    found: str
    expected: str


def identity(
    kind: str,
    edition: str,
    period: str,
    code: str,
    name: str,
    measures: Iterable[str],
    cities: Iterable[str],
) -> dict[str, str]:
    """What a form says of itself to its reader, sealed together with what it asks.

    Args:
        kind: `city`, `province` or `assessor`.
        edition: id of the edition that asks.
        period: month.
        code: code of the city or province.
        name: its name.
        measures: ids of the measures, in the form's order.
        cities: codes of the cities that stand in a province's form, in its order; else none.
    """
    told = dict(zip(_IDENTITY, (_NAME, VERSION, kind, edition, period, code, name), strict=True))
    return {**told, SEAL: _seal(told, measures, cities)}


def take(path: Path, name: str, ask: Ask) -> Reading:  # noqa: ARG001 - the name may be a person's
    """Read a submission for the month and kind of source that are asked for.

    Raises:
        FileRefused: as `read` does; wrong_form, wrong_month, city_unknown or province_unknown where it
            is not what was asked for.
    """
    form = read(path)
    if form.kind != ask.kind:
        raise FileRefused("wrong_form", ask.kind, field=FORM, found="")
    if form.period != ask.period:
        raise FileRefused("wrong_month", ask.period, field=FORM, found=form.period)
    column = "province_code" if form.kind == "province" else "city_code"
    if form.code not in ask.cities[column]:
        raise FileRefused(column.replace("code", "unknown"), "", field=FORM, found=form.code)
    return reading(form, ask)


def read(path: Path) -> Form:
    """The form in a workbook, before anything in it is judged.

    Raises:
        FileRefused: as `xlsx.open_safely` does; not_a_form, form_version, form_damaged where it is no
            form, one of another version, or one whose own words, rows, columns or sheets were changed.
    """
    sheets = open_safely(path)
    by_name = {sheet.name: sheet for sheet in sheets}
    if FORM not in by_name:
        raise FileRefused("not_a_form", MADE_BY)
    told = _told(by_name[FORM])
    if VALUES not in by_name:
        raise FileRefused("form_damaged", VALUES, field=VALUES)
    values, grid = by_name[VALUES], told["kind"] == "province"
    measures = _columns(values, grid=grid)
    ids = {
        row: _text(values, row, 1)
        for row, column in sorted(values.cells)
        if column == 1 and row > KEYS_ROW
    }
    asked = (measures, tuple(ids.values())) if grid else (tuple(ids.values()), ())
    if told[SEAL] != _seal({key: told[key] for key in _IDENTITY}, *asked):
        raise FileRefused("form_damaged", MADE_BY, field=VALUES)
    cells = _grid(values, ids, measures) if grid else _list(values, ids, told["code"])
    entries = tuple(cells)
    refused = {
        refusal.field: refusal
        for refusal in (*_outside(values, entries, grid=grid), *_about_persons(sheets))
    }
    return Form(
        told["kind"],
        told["edition"],
        told["period"],
        told["code"],
        entries,
        tuple(refused.values()),
    )


def reading(form: Form, ask: Ask) -> Reading:
    """What can be kept of a form. Values are judged by how they are written; screening comes later."""
    own = {form.code}
    if form.kind == "province":
        own = set(ask.cities.filter(pl.col("province_code") == form.code)["city_code"])
    refused = {refusal.field: refusal for refusal in form.refused}
    kept = []
    for entry in form.entries:
        for problem in _problems(entry, form.kind, ask, own):
            refused.setdefault(problem.field, problem)
        proven = entry.evidence is not None and entry.evidence_place not in refused
        if entry.place in refused:
            continue
        if form.kind == "assessor" and entry.value is not None and not proven:
            continue  # an award without its evidence is none
        kept.append(
            {
                "period": form.period,
                "city_code": entry.city_code,
                "measure": entry.measure,
                # An empty cell takes back what an earlier submission said there.
                "value": entry.value.text.strip() if entry.value else None,
                "source": ask.kind,
                "part": form.edition if form.kind == "assessor" else "",
                "place": entry.place,
                "row": entry.row,
                "evidence": entry.evidence.text.strip() if entry.evidence and proven else None,
            }
        )
    listed = sorted(refused.values())[:_LISTED]
    return Reading(
        kept=pl.DataFrame(kept, schema=ROWS),
        refused=pl.DataFrame(listed, schema=REFUSED, orient="row"),
        sender=form.code,
        more_refused=len(refused) - len(listed),
    )


def place(row: int, column: int) -> str:
    """A cell of the sheet to fill in, with the sheet's name."""
    return f"{VALUES}!{reference(row, column)}"


def _told(sheet: Sheet) -> dict[str, str]:
    """What the form says of itself. Raises FileRefused."""
    told = {
        cell.text: sheet.cells[row, 2].text
        for (row, column), cell in sheet.cells.items()
        if column == 1 and (row, 2) in sheet.cells
    }
    if set(told) != {*_IDENTITY, SEAL} or told["form"] != _NAME:
        raise FileRefused("not_a_form", MADE_BY, field=FORM)
    if told["version"] != VERSION:
        raise FileRefused("form_version", VERSION, field=FORM, found=harmless(told["version"]))
    well_formed = (
        told["kind"] in KINDS
        and _EDITION.fullmatch(told["edition"])
        and _PERIOD.fullmatch(told["period"])
        and _CODE.fullmatch(told["code"])
    )
    if not well_formed:
        raise FileRefused("form_damaged", MADE_BY, field=FORM)
    return told


def _columns(sheet: Sheet, *, grid: bool) -> tuple[str, ...]:
    """The measures in the columns of a grid, none of a list. Raises FileRefused where columns moved."""
    last = max((column for row, column in sheet.cells if row == KEYS_ROW), default=0)
    keys = [_text(sheet, KEYS_ROW, column) for column in range(1, last + 1)]
    measures = (
        tuple(key.removesuffix(".value") for key in keys if key.endswith(".value")) if grid else ()
    )
    wanted = (
        [*CITY_COLUMNS, *(f"{m}.{name}" for m in measures for name in OF_A_MEASURE)]
        if grid
        else [*COLUMNS]
    )
    for column, key in enumerate(wanted, 1):
        if column > len(keys) or keys[column - 1] != key:
            # An id in a grid's header is the file's own word; the seal has not been looked at yet.
            expected = key if key in (*COLUMNS, *CITY_COLUMNS) else MADE_BY
            raise FileRefused("form_damaged", expected, KEYS_ROW, place(KEYS_ROW, column))
    return measures


def _text(sheet: Sheet, row: int, column: int) -> str:
    """The text of a cell that the form wrote; empty where there is none or something else."""
    cell = sheet.cells.get((row, column))
    return cell.text if cell and cell.kind == "text" and not cell.formula else ""


def _list(sheet: Sheet, ids: Mapping[int, str], code: str) -> Iterator[Entry]:
    """A measure a row."""
    for row, measure in ids.items():
        yield _entry(sheet, code, measure, row, COLUMNS.index("value") + 1)


def _grid(sheet: Sheet, ids: Mapping[int, str], measures: Sequence[str]) -> Iterator[Entry]:
    """A city a row, three columns a measure."""
    for row, city_code in ids.items():
        for nth, measure in enumerate(measures):
            column = len(CITY_COLUMNS) + nth * len(OF_A_MEASURE) + 2
            yield _entry(sheet, city_code, measure, row, column)


def _entry(sheet: Sheet, city_code: str, measure: str, row: int, column: int) -> Entry:
    value, evidence = (sheet.cells.get((row, at)) for at in (column, column + 1))
    return Entry(city_code, measure, row, column, value, evidence)


def _about_persons(sheets: Sequence[Sheet]) -> Iterator[Refusal]:
    """Cells of any sheet that may hold something about a person. Names of sheets are not repeated."""
    texts = {cell.text for sheet in sheets for cell in sheet.cells.values()}
    personal = {text for text in texts if about_a_person(text)}
    for nth, sheet in enumerate(sheets, 1):
        name = sheet.name if sheet.name in (VALUES, FORM) else f"#{nth}"
        for (row, column), cell in sheet.cells.items():
            if cell.text in personal:
                where = f"{name}!{reference(row, column)}"
                yield Refusal(row, where, "personal_data", f"({len(cell.text)})", "")


def _outside(sheet: Sheet, entries: Sequence[Entry], *, grid: bool) -> Iterator[Refusal]:
    """Cells below the header that no form has: what is in them would be lost in silence."""
    asked = {(entry.row, entry.column + n) for entry in entries for n in (-1, 0, 1)}
    rows = {entry.row for entry in entries}
    widest = len(CITY_COLUMNS) if grid else COLUMNS.index("before")
    for row, column in sheet.cells:
        if row <= KEYS_ROW or (row, column) in asked:
            continue
        note = not grid and column == len(COLUMNS)
        title = not grid and column in (2, 3) and row < max(rows, default=0)
        if not ((row in rows and (column <= widest or note)) or title):
            found = f"({len(sheet.cells[row, column].text)})"
            yield Refusal(row, place(row, column), "outside_form", found, "")


def _problems(entry: Entry, kind: str, ask: Ask, own: set[str]) -> Iterator[Refusal]:
    """What is wrong with an answer, cell by cell."""
    value, evidence = entry.value, entry.evidence
    if value is not None:
        measure = ask.measures.get(entry.measure)
        if measure is None:
            yield Refusal(entry.row, entry.place, "measure_unknown", harmless(entry.measure), "")
        elif entry.city_code not in own:
            yield Refusal(entry.row, entry.place, "other_place", harmless(entry.city_code), "")
        elif wrong := not_a_value(value, measure.unit):
            yield _refusal(entry.row, entry.place, wrong, value)
    if evidence is not None:
        if wrong := not_a_reference(evidence):
            yield _refusal(entry.row, entry.evidence_place, wrong, evidence)
    elif kind == "assessor" and value is not None:
        yield Refusal(entry.row, entry.evidence_place, "evidence_missing", "", REFERENCES)


def _refusal(row: int, where: str, wrong: tuple[str, str], cell: Cell) -> Refusal:
    reason, expected = wrong
    found = cell.text if _ERROR.fullmatch(cell.text) else harmless(cell.text)
    return Refusal(row, where, reason, found, expected)


def _seal(told: Mapping[str, str], measures: Iterable[str], cities: Iterable[str]) -> str:
    """A hash by which it shows that a form's own words were changed; no secret, so no proof of origin.

    In letters, since digits might look like somebody's number.
    """
    content = json.dumps([sorted(told.items()), list(measures), list(cities)])
    digits = hashlib.sha256(content.encode()).hexdigest()[:16]
    return digits.translate(_LETTERS)
