"""What faults do to a file: cut it, write it in another encoding, rename a column, put things into it.

All take the name and the bytes of a file as an office sends it, and give other bytes. It is CSV (UTF-8 or
GB18030), JSON Lines, Parquet or XLSX, by its name.
"""

import csv
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import cycle, islice
from typing import Final
from xml.sax.saxutils import escape

import polars as pl

from scrapers.formats import record_names


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist: no district has the code 110199."""

    name: str
    identity: str
    telephone: str
    address: str


PERSONS: Final = (
    Person("欧阳虚构", "11019919850217123X", "13800138000", "虚构市无此路88号3单元502室"),
    Person("司马无此", "110199199307024466", "010-12345678", "虚构市乌有巷7号"),
)
"""Whom hostile content tells of. Nothing of them may be found in what is kept of it."""
SCRIPT: Final = "<script>alert('hostile')</script>"
FORMULAS: Final = ('=HYPERLINK("http://198.51.100.1/","open")', "=cmd|'/C calc'!A0", "@SUM(1+1)")
LABELS: Final = ("姓名", "身份证号", "联系电话", "家庭住址", "备注")

_NO_CITY: Final = "990100"
_NO_CODE: Final = "9111000000000000X0"
_ANY_KIND: Final = "entities"
"""Codes and cities stand under the same names in all kinds of record."""

Rows = list[list[str]]
_NEW = "_v2"
_HEADER_CELLS = 3
"""The first row with so many cells is the header; titles above it have fewer."""
_STRAY_ROWS = 3
_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
_NOTES = "comments9.xml"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_PROPERTIES = r"docProps/core\.xml"
_FREE_COLUMNS = ("BA", "BB", "BC", "BD", "BE")
"""Columns of a sheet that no office uses."""


def told_of_persons(n: int) -> list[list[str]]:
    """So many rows about invented persons, with the columns LABELS."""
    notes = cycle((SCRIPT, *FORMULAS))
    about = ([who.name, who.identity, who.telephone, who.address] for who in cycle(PERSONS))
    return [[*who, note] for who, note in islice(zip(about, notes, strict=False), n)]


def cut(name: str, content: bytes) -> bytes:  # noqa: ARG001 - as all here have it
    """The first part of a file."""
    return content[: len(content) * 3 // 5]


def transcoded(name: str, content: bytes) -> bytes:  # noqa: ARG001
    """A text in UTF-16."""
    return _decoded(content)[0].encode("utf-16")


def renamed(name: str, content: bytes) -> bytes:
    """The last column but one has a new name."""
    if name.endswith(".xlsx"):
        return _in_parts(content, _visible(content), _header_renamed)
    if name.endswith((".parquet", ".jsonl")):
        frame, written = _frame(name, content)
        column = frame.columns[-2]
        return written(frame.rename({column: column + _NEW}))
    rows, encoding = _rows(content)
    header = _header(rows)
    at = [at for at, cell in enumerate(rows[header]) if cell][-2]
    rows[header][at] += _NEW
    return _csv(rows, encoding)


def with_bad_rows(name: str, content: bytes) -> bytes:
    """An extract with two rows more: of a city that does not exist, and of a code that is no code."""
    return _with_rows(name, content, {"city_code": _NO_CITY}, {"code": _NO_CODE})


def with_persons(name: str, content: bytes) -> bytes:
    """Persons, scripts and formulas in columns and rows more, in notes and properties of the file."""
    if name.endswith(".xlsx"):
        told = _in_parts(content, _visible(content), _persons_in_sheet)
        return _with_note(_in_parts(told, _PROPERTIES, _persons_in_properties))
    content = _with_rows(name, content, *({"code": who.identity} for who in PERSONS))
    if name.endswith((".parquet", ".jsonl")):
        frame, written = _frame(name, content)
        persons = pl.DataFrame(told_of_persons(len(frame)), schema=list(LABELS), orient="row")
        return written(pl.concat([frame, persons], how="horizontal"))
    rows, encoding = _rows(content)
    header = _header(rows)
    width = len(rows[header])
    rows[header] += LABELS
    told_of = told_of_persons(len(rows) - header - 1)
    for row, person in zip(rows[header + 1 :], told_of, strict=True):
        row += [""] * (width - len(row)) + person
    rows += [[*islice(cycle(person), width), *person] for person in told_of_persons(_STRAY_ROWS)]
    return _csv(rows, encoding)


def _with_rows(name: str, content: bytes, *changed: dict[str, str]) -> bytes:
    """With the last row of an extract again, once for each of the changes to its columns.

    Other tables have no such columns, and stay as they are.
    """
    if name.endswith((".parquet", ".jsonl")):
        frame, written = _frame(name, content)
        places = _places(frame.columns)
        strays = [
            frame.tail(1).with_columns(
                pl.lit(text).alias(frame.columns[places[column]]) for column, text in change.items()
            )
            for change in changed
            if change.keys() <= places.keys()
        ]
        return written(pl.concat([frame, *strays]))
    rows, encoding = _rows(content)
    places, last = _places(rows[0]), rows[-1]
    for change in changed:
        if change.keys() <= places.keys():
            row = last.copy()
            for column, text in change.items():
                row[places[column]] = text
            rows.append(row)
    return _csv(rows, encoding)


def _places(header: list[str]) -> dict[str, int]:
    """Where the columns of an extract stand, whatever the office calls them."""
    called = record_names.columns(_ANY_KIND)
    known = [(called.get(record_names.plain(name)), at) for at, name in enumerate(header)]
    return {column: at for column, at in known if column}


def _persons_in_sheet(xml: str) -> str:
    """In cells that were left empty, in cells at the end of every row, and in rows at the end."""
    words = cycle(word for person in told_of_persons(len(PERSONS) * 4) for word in person)
    xml = re.sub(
        r'<c r="((?!A\d)[A-Z]+\d+)"( s="\d+")/>', lambda c: _text_cell(c[1], next(words), c[2]), xml
    )

    def cells(row: int, columns: Iterable[str]) -> str:
        computed = f'<c r="BF{row}"><f>{escape(FORMULAS[0][1:])}</f><v>1</v></c>'
        return "".join(_text_cell(f"{c}{row}", next(words)) for c in columns) + computed

    xml = re.sub(
        r'(<row r="(\d+)"[^>]*[^/]>)(.*?)</row>',
        lambda row: f"{row[1]}{row[3]}{cells(int(row[2]), _FREE_COLUMNS)}</row>",
        xml,
        flags=re.DOTALL,
    )
    last = max(map(int, re.findall(r'<row r="(\d+)"', xml)), default=0)
    # Of a form the first column is the form's own.
    columns = "BCDEF" if "<sheetProtection" in xml else "ABCDE"
    strays = (
        f'<row r="{last + n}">{cells(last + n, columns)}</row>' for n in range(1, _STRAY_ROWS + 1)
    )
    return xml.replace("</sheetData>", "".join(strays) + "</sheetData>")


def _persons_in_properties(xml: str) -> str:
    """The author of a workbook, and what is said about it."""
    who = PERSONS[0]
    told = f"<dc:subject>{who.identity} {who.telephone}</dc:subject>"
    told += f"<dc:description>{who.address} {escape(SCRIPT)}</dc:description>"
    xml = re.sub(r"<(dc:subject|dc:description)>.*?</\1>", "", xml, flags=re.DOTALL)
    xml = re.sub(r"(<dc:creator>).*?(</dc:creator>)|<dc:creator/>", "", xml, flags=re.DOTALL)
    end = "</cp:coreProperties>"
    return xml.replace(end, f"<dc:creator>{who.name}</dc:creator>{told}{end}")


def _with_note(content: bytes) -> bytes:
    """A note on the first cell of the first sheet, by one person about another."""
    author, about = PERSONS
    parts = _parts(content)
    names = {part.filename: part for part in parts}
    types, relations = names["[Content_Types].xml"], names.get(_RELATIONS)
    kind = 'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"'
    parts[types] = parts[types].replace(
        b"</Types>", f'<Override PartName="/xl/{_NOTES}" {kind}/></Types>'.encode()
    )
    related = (
        parts[relations] if relations else f"<Relationships {_PACKAGE}></Relationships>".encode()
    )
    target = f'<Relationship Id="rIdNotes" Type="{_OFFICE}/comments" Target="../{_NOTES}"/>'
    parts[relations or zipfile.ZipInfo(_RELATIONS)] = related.replace(
        b"</Relationships>", f"{target}</Relationships>".encode()
    )
    note = escape(f"{about.name} {about.identity} {about.telephone} {about.address} {SCRIPT}")
    parts[zipfile.ZipInfo(f"xl/{_NOTES}")] = (
        f'<comments xmlns="{_SHEETS}"><authors><author>{author.name}</author></authors>'
        f'<commentList><comment ref="A1" authorId="0"><text><t>{note}</t></text></comment>'
        "</commentList></comments>"
    ).encode()
    return _package(parts)


def _header_renamed(xml: str) -> str:
    """The last text but one of every row that has several, down to the first that has a number."""

    def rename(row: re.Match[str]) -> str:
        texts = re.findall(r'<c r="([A-Z]+\d+)"[^>]* t="s"><v>\d+</v></c>', row[0])
        if len(texts) < _HEADER_CELLS:
            return row[0]
        return re.sub(
            rf'<c r="{texts[-2]}"([^>]*) t="s"><v>\d+</v></c>',
            lambda cell: _text_cell(texts[-2], f"新列{_NEW}", cell[1]),
            row[0],
        )

    number = re.search(r'<c r="[A-Z]+\d+"(?: s="\d+")?><v>', xml)
    head = xml.rfind("<row ", 0, number.start()) if number else len(xml)
    return re.sub(r"<row .*?</row>", rename, xml[:head], flags=re.DOTALL) + xml[head:]


def _text_cell(at: str, text: str, style: str = "") -> str:
    return f'<c r="{at}"{style} t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _parts(content: bytes) -> dict[zipfile.ZipInfo, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return {part: package.read(part) for part in package.infolist()}


def _package(parts: Mapping[zipfile.ZipInfo, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return written.getvalue()


def _in_parts(content: bytes, names: str, edit: Callable[[str], str]) -> bytes:
    """A workbook with the parts edited whose names are like that."""
    return _package(
        {
            part: edit(inside.decode()).encode() if re.fullmatch(names, part.filename) else inside
            for part, inside in _parts(content).items()
        }
    )


def _visible(content: bytes) -> str:
    """What the parts are called in which people write: sheets that are not hidden."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        sheets = re.findall(r"<sheet [^>]*>", package.read("xl/workbook.xml").decode())
    shown = [str(at) for at, sheet in enumerate(sheets, 1) if "idden" not in sheet]
    return rf"xl/worksheets/sheet({'|'.join(shown)})\.xml"


def _header(rows: Rows) -> int:
    """Where the names of columns stand."""
    return next(at for at, row in enumerate(rows) if len(list(filter(None, row))) >= _HEADER_CELLS)


def _decoded(content: bytes) -> tuple[str, str]:
    """A text and its encoding; a mark of byte order stays in the text."""
    try:
        return content.decode(), "utf-8"
    except UnicodeDecodeError:
        return content.decode("gb18030"), "gb18030"


def _rows(content: bytes) -> tuple[Rows, str]:
    text, encoding = _decoded(content)
    return list(csv.reader(StringIO(text, newline=""))), encoding


def _csv(rows: Rows, encoding: str) -> bytes:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(encoding)


def _frame(name: str, content: bytes) -> tuple[pl.DataFrame, Callable[[pl.DataFrame], bytes]]:
    """A table, and what writes such a file."""
    if name.endswith(".jsonl"):
        return pl.read_ndjson(content), lambda frame: frame.write_ndjson().encode()
    return pl.read_parquet(content), _parquet


def _parquet(frame: pl.DataFrame) -> bytes:
    """With the persons in the file's own notes where they stand in its columns."""
    written = BytesIO()
    told = {LABELS[0]: PERSONS[0].name} if LABELS[0] in frame.columns else None
    frame.write_parquet(written, metadata=told)
    return written.getvalue()
