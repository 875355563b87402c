"""Submission forms for tests: made as the command makes them, then filled in or tampered with."""

import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from indicators.measures import catalogue
from indicators.registry import cities_of
from pipelines import submissions
from pipelines.steps import facts
from pipelines.workspace import Workspace
from scrapers.formats.xlsx import reference
from scrapers.reading import Ask, AskedMeasure
from templates.submission.context import Kind
from templates.submission.workbook import answers, write

MONTH = "2019-06"
SHEET = "xl/worksheets/sheet2.xml"
FORM = "xl/worksheets/sheet3.xml"
TEXTS = "xl/sharedStrings.xml"
Cell = int | float | str | tuple[str, str]
"""A number, a text, or the attributes and content of a tag as they are."""


@cache
def blank(
    kind: Kind = "city", code: str = "330100", edition: str = "cci-2019", period: str = MONTH
) -> bytes:
    """A form that nothing is filled in of."""
    nowhere = Workspace(Path("/nonexistent"))
    return write(submissions.context(nowhere, kind, code, period, edition))


@cache
def where(
    kind: Kind = "city", code: str = "330100", edition: str = "cci-2019"
) -> dict[tuple[str, str], str]:
    """The name of the cell of every value, by city and measure."""
    nowhere = Workspace(Path("/nonexistent"))
    made = answers(submissions.context(nowhere, kind, code, MONTH, edition))
    return {key: reference(row + 1, column + 1) for key, (row, column) in made.items()}


def beside(name: str) -> str:
    """The cell to the right, where the evidence stands: H8 for G8."""
    return chr(ord(name[0]) + 1) + name[1:]


def with_cells(content: bytes, cells: Mapping[str, Cell], part: str = SHEET) -> bytes:
    """The workbook with some cells of a sheet set, whatever stood in them."""

    def fill(xml: str) -> str:
        for name, given in cells.items():
            xml = _with_cell(xml, name, given)
        return xml

    return altered(content, {part: fill})


def altered(content: bytes, changes: Mapping[str, Callable[[str], str] | None]) -> bytes:
    """The workbook with some parts changed, or without those of None; one it lacks is made."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", 8) as new:
        for name in {**dict.fromkeys(old.namelist()), **changes}:
            text = old.read(name).decode() if name in old.namelist() else ""
            change = changes.get(name, str)
            if change is not None:
                new.writestr(name, change(text))
    return buffer.getvalue()


def replaced(old: str, new: str) -> Callable[[str], str]:
    """A change of a part; what is replaced must be there."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return change


def saved(tmp_path: Path, content: bytes, name: str = "330100-2019-06.xlsx") -> Path:
    """A file."""
    path = tmp_path / name
    path.write_bytes(content)
    return path


@cache
def ask(kind: str = "city", period: str = MONTH) -> Ask:
    """What is asked of a source."""
    measures = {
        m.id: AskedMeasure(m.id, m.unit, m.zh, m.en, m.maximum, m.whole)
        for m in catalogue().values()
        if kind in m.sources
    }
    return Ask(kind, kind, period, cities_of(facts.registry(), period), measures)


def _with_cell(xml: str, name: str, given: Cell) -> str:
    if isinstance(given, tuple):
        attributes, inner = given
    elif isinstance(given, str):
        attributes, inner = 't="inlineStr"', f"<is><t>{escape(given)}</t></is>"
    else:
        attributes, inner = "", f"<v>{given}</v>"
    tag = f'<c r="{name}" {attributes}>{inner}</c>'
    there = rf'<c r="{name}"(?: [^<>/]*)?(?:/>|>.*?</c>)'
    if re.search(there, xml):
        return re.sub(there, lambda _: tag, xml, count=1)
    row = re.sub("[A-Z]+", "", name)
    begun = re.search(rf'<row r="{row}"[^<>]*>', xml)
    if begun is None:
        return xml.replace("</sheetData>", f'<row r="{row}">{tag}</row></sheetData>')
    end = xml.index("</row>", begun.end())
    return xml[:end] + tag + xml[end:]
