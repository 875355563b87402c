"""The form as an XLSX workbook: a guide, the sheet to fill in, and a hidden sheet for its reader.

The same context gives the same bytes. Where what stands is told by `scrapers/formats/workbooks.py`, which
reads it; tests hold the two together.
"""

import math
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from templates.catalogue import LANGS, text
from templates.submission.context import Context, Measure

GUIDE, VALUES, FORM = "说明 Guide", "填报 Values", "form"
KEYS_ROW = 6
"""Row of the sheet to fill in that holds the ids of its columns; counted from 1, as readers do."""
COLUMNS = ("measure", "zh", "en", "unit", "limits", "before", "value", "evidence", "note")
CITY_COLUMNS = ("city_code", "zh", "en")
OF_A_MEASURE = ("before", "value", "evidence")
LARGEST = 9_999_999_999

_CREATED = datetime(2016, 1, 1)  # noqa: DTZ001 - the format knows no zones; never the clock
_WIDTHS = {
    "measure": 27, "city_code": 11, "zh": 34, "en": 40, "unit": 14, "limits": 17, "before": 13,
    "value": 14, "evidence": 32, "note": 24,
}  # fmt: skip
_CITY_WIDTHS = {"zh": 16, "en": 20}
_GUIDE_WIDTH = 110
_LINE = 15.0
"""Height of a line of text, in points."""
_GUIDE_LINES = (
    "fill", "units", "gaps", "before", "evidence", "people", "readers", "after", "again", "due", "check",
)  # fmt: skip


def write(context: Context) -> bytes:
    """The workbook."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        _Form(book, context).write()
    return buffer.getvalue()


def answers(context: Context) -> dict[tuple[str, str], tuple[int, int]]:
    """Where values are entered: row and column, from 0, by code of the city and measure.

    The evidence of a value is entered in the cell after it, last month's value stands before it.
    """
    places, row = {}, KEYS_ROW
    measures = [measure for section in context.sections for measure in section.measures]
    for city in context.cities:
        for nth, measure in enumerate(measures):
            column = len(CITY_COLUMNS) + nth * len(OF_A_MEASURE) + OF_A_MEASURE.index("value")
            places[city.code, measure.id] = (row, column)
        row += 1
    if not context.cities:
        for section in context.sections:
            row += 1  # its title
            for measure in section.measures:
                places[context.place.code, measure.id] = (row, COLUMNS.index("value"))
                row += 1
    return places


class _Form:
    """A workbook that is being written."""

    def __init__(self, book: xlsxwriter.Workbook, context: Context) -> None:
        self._book, self._context = book, context
        self._answers = answers(context)
        base = {"valign": "vcenter", "text_wrap": True, "border": 1, "border_color": "#BBBBBB"}
        to_fill = {"bg_color": "#FFF9DB", "locked": False}
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._plain = book.add_format({"valign": "top", "text_wrap": True})
        self._bold = book.add_format({"bold": True, "valign": "top"})
        self._head = book.add_format(
            {**base, "bold": True, "align": "center", "bg_color": "#E8EDF3"}
        )
        self._key = book.add_format({**base, "font_size": 8, "font_color": "#888888"})
        self._section = book.add_format({**base, "bold": True, "bg_color": "#F3F5F8"})
        self._cell = book.add_format(base)
        self._known = book.add_format({**base, "num_format": "General", "font_color": "#666666"})
        self._value = book.add_format({**base, **to_fill, "num_format": "General"})
        # Text, so that a document number stays as it was typed.
        self._evidence = book.add_format({**base, **to_fill, "num_format": "@"})

    def write(self) -> None:
        """Write all sheets; the one to fill in is shown first."""
        self._book.set_properties(
            {
                "title": _both(f"submission.title_{self._context.kind}", " · "),
                "comments": "cci submission template",
                "created": _CREATED,
            }
        )
        self._guide()
        sheet = self._sheet(VALUES)
        sheet.activate()
        self._top(sheet)
        if self._context.cities:
            self._grid(sheet)
        else:
            self._list(sheet)
        hidden = self._sheet(FORM)
        hidden.very_hidden()
        for row, (name, value) in enumerate(self._context.identity.items()):
            hidden.write_string(row, 0, name)
            hidden.write_string(row, 1, value)

    def _sheet(self, name: str) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.protect()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        place = self._context.place
        sheet.set_footer(
            f"&L{place.code} {self._context.period}&R{_both('submission.page', ' / ')}"
        )
        return sheet

    def _guide(self) -> None:
        sheet = self._sheet(GUIDE)
        sheet.set_column(0, 0, _GUIDE_WIDTH)
        sheet.fit_to_pages(1, 0)
        for row, (line, style) in enumerate(self._guide_lines()):
            sheet.set_row(row, _height([(line, _GUIDE_WIDTH)]))
            if line:
                sheet.write_string(row, 0, line, style)

    def _guide_lines(self) -> Iterator[tuple[str, Any]]:
        context, kind = self._context, self._context.kind
        for lang in LANGS:
            yield text(f"submission.title_{kind}", lang), self._title
            yield text("submission.guide.heading", lang), self._bold
            yield (
                text(
                    f"submission.guide.what_{kind}",
                    lang,
                    name=_in(lang, context.place.zh, context.place.en),
                    period=context.period,
                    edition=_in(lang, context.edition_zh, context.edition_en),
                ),
                self._plain,
            )
            for number, name in enumerate(_GUIDE_LINES, 1):
                key = (
                    f"submission.guide.{name}_{kind}"
                    if name == "evidence"
                    else f"submission.guide.{name}"
                )
                words = text(key, lang, day=context.due_day) if name == "due" else text(key, lang)
                yield f"{number}. {words}", self._plain
            yield "", self._plain

    def _top(self, sheet: Worksheet) -> None:
        """Above the table: what it is, about whom, and which cells to fill in."""
        context = self._context
        about = " · ".join(
            text(
                "submission.about",
                lang,
                name=_in(lang, context.place.zh, context.place.en),
                code=context.place.code,
                period=context.period,
                edition=_in(lang, context.edition_zh, context.edition_en),
            )
            for lang in LANGS
        )
        sheet.set_row(0, 22)
        sheet.write_string(0, 0, _both(f"submission.title_{context.kind}", " · "), self._title)
        sheet.write_string(1, 0, about, self._book.add_format({"bold": True}))
        sheet.write_string(2, 0, _both("submission.legend", " "))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3, KEYS_ROW - 1)
        sheet.set_row(KEYS_ROW - 1, 12)

    def _list(self, sheet: Worksheet) -> None:
        """A measure a row, section by section."""
        context = self._context
        sheet.freeze_panes(KEYS_ROW, 3)
        sheet.set_row(4, 3 * _LINE)
        for column, name in enumerate(COLUMNS):
            sheet.set_column(column, column, _WIDTHS[name])
            sheet.write_string(4, column, self._heading(name), self._head)
            sheet.write_string(KEYS_ROW - 1, column, name, self._key)
        row = KEYS_ROW
        for section in context.sections:
            for column in range(len(COLUMNS)):
                sheet.write_blank(row, column, None, self._section)
            sheet.write_string(row, 1, section.zh, self._section)
            sheet.write_string(row, 2, section.en, self._section)
            sheet.set_row(row, _height([(section.zh, _WIDTHS["zh"]), (section.en, _WIDTHS["en"])]))
            for measure in section.measures:
                row, value = self._to_fill(sheet, context.place.code, measure)
                told = self._told(measure)
                sheet.set_row(
                    row, _height([(words, _WIDTHS[name]) for name, words in told.items()])
                )
                for name, words in told.items():
                    style = self._key if name == "measure" else self._cell
                    sheet.write_string(row, COLUMNS.index(name), words, style)
                sheet.data_validation(row, value, row, value, self._allowed(measure))
            row += 1
        self._help_evidence(sheet, KEYS_ROW, row - 1, COLUMNS.index("evidence"))
        sheet.print_area(0, 0, row - 1, len(COLUMNS) - 1)

    def _told(self, measure: Measure) -> dict[str, str]:
        """What is said of a measure, by column."""
        return {
            "measure": measure.id,
            "zh": measure.zh,
            "en": measure.en,
            "unit": "\n".join(_unit(measure.unit, lang) for lang in LANGS),
            "limits": "\n".join(self._limits(measure, lang) for lang in LANGS),
            "note": "\n".join(self._note(measure, lang) for lang in LANGS),
        }

    def _grid(self, sheet: Worksheet) -> None:
        """A city a row; three columns a measure."""
        context = self._context
        measures = [measure for section in context.sections for measure in section.measures]
        last = KEYS_ROW + len(context.cities) - 1
        sheet.freeze_panes(KEYS_ROW, len(CITY_COLUMNS))
        sheet.set_row(3, 7 * _LINE)
        sheet.set_row(4, 3 * _LINE)
        for column, name in enumerate(CITY_COLUMNS):
            sheet.set_column(column, column, _CITY_WIDTHS.get(name, _WIDTHS[name]))
            sheet.write_string(4, column, self._heading(name), self._head)
            sheet.write_string(KEYS_ROW - 1, column, name, self._key)
        for nth, measure in enumerate(measures):
            first = len(CITY_COLUMNS) + nth * len(OF_A_MEASURE)
            told = self._told(measure)
            words = "\n".join(told[name] for name in ("zh", "en", "unit", "limits", "note"))
            sheet.merge_range(3, first, 3, first + len(OF_A_MEASURE) - 1, words, self._head)
            for column, name in enumerate(OF_A_MEASURE, first):
                sheet.set_column(column, column, _WIDTHS[name])
                sheet.write_string(4, column, self._heading(name), self._head)
                sheet.write_string(KEYS_ROW - 1, column, f"{measure.id}.{name}", self._key)
            sheet.data_validation(KEYS_ROW, first + 1, last, first + 1, self._allowed(measure))
            self._help_evidence(sheet, KEYS_ROW, last, first + 2)
        for row, city in enumerate(context.cities, KEYS_ROW):
            sheet.set_row(row, 1.3 * _LINE)
            for column, words in enumerate((city.code, city.zh, city.en)):
                sheet.write_string(row, column, words, self._cell)
            for measure in measures:
                self._to_fill(sheet, city.code, measure)
        sheet.ignore_errors({"number_stored_as_text": f"A{KEYS_ROW + 1}:A{last + 1}"})
        sheet.print_area(0, 0, last, len(CITY_COLUMNS) + len(measures) * len(OF_A_MEASURE) - 1)

    def _to_fill(self, sheet: Worksheet, city_code: str, measure: Measure) -> tuple[int, int]:
        """Last month's value, and the two cells that a sender may change; where the value stands."""
        row, column = self._answers[city_code, measure.id]
        before = self._context.before.get((city_code, measure.id))
        if before is None:
            sheet.write_blank(row, column - 1, None, self._known)
        else:
            sheet.write_number(row, column - 1, before, self._known)
        sheet.write_blank(row, column, None, self._value)
        sheet.write_blank(row, column + 1, None, self._evidence)
        return row, column

    def _help_evidence(self, sheet: Worksheet, first: int, last: int, column: int) -> None:
        """What a reference looks like, shown beside the cells from one row to another."""
        words = _both("submission.help.evidence")
        sheet.data_validation(
            first, column, last, column, {"validate": "any", "input_message": words}
        )

    def _allowed(self, measure: Measure) -> dict[str, Any]:
        """What may be entered for a measure, with what is said before and after."""
        limits = " / ".join(self._limits(measure, lang) for lang in LANGS)
        notes = "\n".join(self._note(measure, lang) for lang in LANGS)
        told = {
            "input_title": _both("submission.help.value", " "),
            "input_message": f"{limits}\n{notes}",
            "error_title": _both("submission.help.wrong", " "),
            "error_message": limits,
        }
        if measure.unit == "0 or 1":
            return {**told, "validate": "list", "source": ["0", "1"]}
        between = {**told, "criteria": "between", "minimum": 0}
        if measure.id in self._context.points:
            return {**between, "validate": "decimal", "maximum": self._context.points[measure.id]}
        if measure.unit == "share":
            return {**between, "validate": "decimal", "maximum": 1}
        whole = measure.unit not in self._context.divisible
        return {**between, "validate": "integer" if whole else "decimal", "maximum": LARGEST}

    def _limits(self, measure: Measure, lang: str) -> str:
        if measure.id in self._context.points:
            points = f"{self._context.points[measure.id]:g}"
            return text("submission.limits.award", lang, points=points)
        if measure.unit in _NAMED:
            return text(f"submission.limits.{_NAMED[measure.unit]}", lang)
        divisible = measure.unit in self._context.divisible
        return text(f"submission.limits.{'number' if divisible else 'whole'}", lang)

    def _note(self, measure: Measure, lang: str) -> str:
        return text(f"submission.note.{_NAMED.get(measure.unit, measure.kind)}", lang)

    def _heading(self, column: str) -> str:
        if self._context.kind == "assessor":
            column = {"value": "award", "evidence": "evidence_required"}.get(column, column)
        return _both(f"submission.head.{column}")


_NAMED = {"0 or 1": "flag", "share": "share"}
"""Units with words of their own."""


def _unit(unit: str, lang: str) -> str:
    """A unit as a heading: 个部门, departments."""
    if unit in _NAMED:
        return text(f"submission.unit.{_NAMED[unit]}", lang)
    return text(f"unit.{unit}", lang).partition("|")[0].strip()


def _both(key: str, between: str = "\n", **parameters: object) -> str:
    """Chinese, then English."""
    return between.join(text(key, lang, **parameters) for lang in LANGS)


def _in(lang: str, zh: str, en: str) -> str:
    return zh if lang == "zh" else en


def _height(cells: list[tuple[str, float]]) -> float:
    """Height of a row in which every text can be read, each in a column of so many characters."""
    return _LINE * max(_lines(words, width) for words, width in cells) + 3


def _lines(words: str, width: float) -> int:
    """How many lines a text takes; Chinese characters are two wide."""
    return sum(
        max(1, math.ceil(sum(_wide(character) for character in line) / (width * 0.95)))
        for line in words.split("\n")
    )


def _wide(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1
