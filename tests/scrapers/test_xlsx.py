"""XLSX opened safely: what is in the cells, and what is refused before anything is read."""

import random
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import fastexcel
import pytest
import xlsxwriter

from scrapers.formats import xlsx, xlsx_package
from scrapers.formats.xlsx import Area, Cell, open_safely, reference
from scrapers.reading import FileRefused

SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>'


def written(path: Path, fill: Callable[[xlsxwriter.Workbook], object]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A workbook with one sheet, `7` in C2."""
    return written(
        tmp_path / "plain.xlsx", lambda book: book.add_worksheet("表1").write_number("C2", 7)
    )


def altered(path: Path, changes: dict[str, Callable[[bytes], bytes]]) -> Path:
    """The workbook with some parts changed; a part that it lacks is made from nothing."""
    other = path.with_name("altered.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {**dict.fromkeys(old.namelist()), **changes}:
            content = old.read(name) if name in old.namelist() else b""
            new.writestr(name, changes.get(name, bytes)(content))
    return other


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode())

    return change


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        open_safely(path)
    return refused.value.reason


def test_cells_come_with_their_kind_their_place_and_their_format(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("统计 表")
        sheet.write_string("A1", "城市")
        sheet.write_rich_string("B1", "双", book.add_format({"bold": True}), "公示")
        raised = book.add_format({"font_script": 1})
        sheet.write_rich_string("C1", "35", raised, "1")
        sheet.write_number("A2", 0.3)
        sheet.write_number("B2", 0.9312, book.add_format({"num_format": "0.00%"}))
        sheet.write_number("C2", 93, book.add_format({"num_format": '0"%"'}))
        sheet.write_boolean("D2", True)
        sheet.write_datetime(
            "E2",
            datetime(2019, 6, 30, tzinfo=UTC).replace(tzinfo=None),
            book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}),
        )
        sheet.write_datetime(
            "F2",
            datetime(2019, 6, 30, 9, 30, tzinfo=UTC).replace(tzinfo=None),
            book.add_format({"num_format": 22}),
        )
        sheet.write_formula("G2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("H2", "=A2*2", None, 0.6)
        sheet.write_blank("I2", None, book.add_format({"border": 1}))
        sheet.write_number("J2", 1e21)
        sheet.write_string("K2", " ")
        sheet.write_number("XFD1048576", 1)
        sheet.merge_range("A4:C5", "合计")

    (sheet,) = open_safely(written(tmp_path / "a.xlsx", fill))
    assert sheet.name == "统计 表"
    assert sheet.cells == {
        (1, 1): Cell("text", "城市"),
        (1, 2): Cell("text", "双公示"),
        (1, 3): Cell("text", "35^1"),
        (2, 1): Cell("number", "0.3"),
        (2, 2): Cell("number", "0.9312", format="0.00%"),
        (2, 3): Cell("number", "93", format='0"%"'),
        (2, 4): Cell("bool", "TRUE"),
        (2, 5): Cell("date", "2019-06-30", format='yyyy"年"m"月"d"日"'),
        (2, 6): Cell("date", "2019-06-30T09:30:00", format="yyyy-mm-dd"),
        (2, 7): Cell("error", "#DIV/0!", formula=True),
        (2, 8): Cell("number", "0.6", formula=True),
        (2, 10): Cell("number", "1000000000000000000000"),
        (1_048_576, 16_384): Cell("number", "1"),
        (4, 1): Cell("text", "合计"),
    }
    assert [sheet.cells[2, column].percent for column in (1, 2, 3)] == [False, True, False]
    assert sheet.merged == (Area(4, 1, 5, 3),)


def test_hidden_sheets_rows_and_columns_are_told(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        shown, hidden = book.add_worksheet("a"), book.add_worksheet("b")
        for row in range(3):
            for column in range(3):
                shown.write_number(row, column, 1)
        shown.set_row(1, None, None, {"hidden": True})
        shown.set_column("C:Z", None, None, {"hidden": True})
        hidden.hide()
        book.add_worksheet("c").very_hidden()

    sheets = open_safely(written(tmp_path / "a.xlsx", fill))
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [
        ("a", False),
        ("b", True),
        ("c", True),
    ]
    assert sheets[0].hidden_rows == frozenset({2})
    assert sheets[0].hidden_columns == frozenset({3})


def test_every_cell_of_an_array_formula_is_a_formula(tmp_path: Path) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_array_formula("A1:A2", "{=B1:B2*2}", None, 2)
        sheet.write_number("A2", 4)
        sheet.write_number("B1", 1)

    (sheet,) = open_safely(written(tmp_path / "a.xlsx", fill))
    formulas = {at: cell.formula for at, cell in sheet.cells.items()}
    assert formulas == {(1, 1): True, (2, 1): True, (1, 2): False}


def test_values_agree_with_an_independent_reader(tmp_path: Path) -> None:
    draw = random.Random(1)
    # As many digits as the writer gives.
    numbers = [float(f"{draw.random() * 10 ** draw.randint(-9, 15):.15g}") for _ in range(300)]

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_column("A1", [f"第{number}" for number in numbers])
        sheet.write_column("B1", numbers)

    path = written(tmp_path / "a.xlsx", fill)
    (sheet,) = open_safely(path)
    texts, others = fastexcel.read_excel(path).load_sheet(0, header_row=None).to_polars()
    assert [sheet.cells[row, 1].text for row in range(1, 301)] == texts.to_list()
    taken = [float(sheet.cells[row, 2].text) for row in range(1, 301)]
    assert taken == others.to_list() == numbers


@pytest.mark.parametrize(
    ("text", "taken"), [("0.93120000000000003", "0.9312"), ("1E-3", "0.001"), ("5.0", "5")]
)
def test_digits_that_mean_nothing_are_left_out(plain: Path, text: str, taken: str) -> None:
    (sheet,) = open_safely(
        altered(plain, {SHEET: replaced("<v>7</v>", f"<v>{text}</v>")}),
    )
    assert sheet.cells == {(2, 3): Cell("number", taken)}


def test_other_programs_ways_of_writing_are_read(plain: Path) -> None:
    """Prefixed tags, text in place, phonetic guides, escapes, formulas whose results are not saved."""
    rows = (
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:r><x:t>杭</x:t></x:r>'
        "<x:rPh><x:t>háng</x:t></x:rPh><x:r><x:t>州_x000D_</x:t></x:r></x:is></x:c>"
        '<x:c r="B1"><x:f>NOW()</x:f></x:c><x:c r="C1" t="inlineStr"><x:is><x:t> </x:t></x:is></x:c>'
        '<x:c r="D1" t="d"><x:v>2019-06-30</x:v></x:c></x:row>'
    )
    sheet_xml = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<x:sheetData>{rows}</x:sheetData></x:worksheet>"
    )
    (sheet,) = open_safely(altered(plain, {SHEET: lambda _: sheet_xml.encode("utf-16")}))
    assert sheet.cells == {
        (1, 1): Cell("text", "杭州\r"),
        (1, 2): Cell("empty", "", formula=True),
        (1, 4): Cell("date", "2019-06-30"),
    }


def test_a_million_empty_rows_are_left_out(plain: Path) -> None:
    empty = "".join(f'<row r="{n}" s="1" ht="18"/>' for n in range(3, 1_000_000))
    styled = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(1_000_000, 1_040_000))
    path = altered(plain, {SHEET: replaced("</sheetData>", f"{empty}{styled}</sheetData>")})
    (sheet,) = open_safely(path)
    assert sheet.cells == {(2, 3): Cell("number", "7")}


def test_a_link_to_click_on_is_no_external_link(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.xlsx",
        lambda book: book.add_worksheet().write_url("A1", "https://credit.example.cn/1"),
    )
    assert open_safely(path)[0].cells[1, 1].text == "https://credit.example.cn/1"


@pytest.mark.parametrize("content", [b"", b"city_code,value\n", b"%PDF-1.4", b"PAR1" * 9])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert refusal(path) == "not_xlsx"


def test_old_and_encrypted_workbooks_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    path.write_bytes(ole + "Workbook".encode("utf-16-le"))
    assert refusal(path) == "xlsx_old"
    path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le"))
    assert refusal(path) == "xlsx_encrypted"


@pytest.mark.parametrize("kept", [0.2, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(plain: Path, kept: float) -> None:
    content = plain.read_bytes()
    plain.write_bytes(content[: int(len(content) * kept)])
    assert refusal(plain) == "xlsx_damaged"


def test_any_byte_may_be_wrong(plain: Path, tmp_path: Path) -> None:
    """Whatever is damaged, the workbook is read as it was, or refused; nothing else is raised."""
    content, path, draw = plain.read_bytes(), tmp_path / "damaged.xlsx", random.Random(1)
    reasons = set()
    for _ in range(400):
        damaged = bytearray(content)
        for _ in range(draw.randint(1, 4)):
            damaged[draw.randrange(len(content))] = draw.randrange(256)
        path.write_bytes(damaged)
        try:
            open_safely(path)
        except FileRefused as error:
            reasons.add(error.reason)
    assert reasons >= {"xlsx_damaged", "not_xlsx"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"xl/vbaProject.bin": bytes}, "xlsx_macros"),
        (
            {
                "[Content_Types].xml": replaced(
                    "spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
                )
            },
            "xlsx_macros",
        ),
        (
            {"[Content_Types].xml": replaced("sheet.main", "sheet.binary.macroEnabled.main")},
            "not_xlsx",
        ),
        ({"xl/externalLinks/externalLink1.xml": bytes}, "xlsx_external"),
        ({"xl/connections.xml": bytes}, "xlsx_external"),
        (
            {
                "xl/_rels/workbook.xml.rels": replaced(
                    "</Relationships>",
                    '<Relationship Id="x" Type="http://x/attachedTemplate" Target="file:///y"'
                    ' TargetMode="External"/></Relationships>',
                )
            },
            "xlsx_external",
        ),
        ({SHEET: replaced("<worksheet", BOMB.decode() + "<worksheet")}, "xlsx_bomb"),
        ({SHEET: lambda old: old[:400]}, "xlsx_damaged"),
        ({SHEET: replaced('r="C2"', 'r="XFE2"')}, "not_xlsx"),
        ({SHEET: replaced('r="C2"', 'r="C1048577"')}, "not_xlsx"),
        ({SHEET: replaced('<c r="C2">', "<c>")}, "not_xlsx"),
        ({SHEET: replaced('r="C2">', 'r="C2" t="s">')}, "not_xlsx"),
        ({SHEET: replaced("<v>7", "<v>seven")}, "not_xlsx"),
        ({SHEET: replaced("<v>7", "<v>1e999")}, "not_xlsx"),
        ({SHEET: replaced("UTF-8", "XYZ-8")}, "not_xlsx"),
        (
            {SHEET: replaced("<sheetData>", "<!--" + "<" * 3_000_000 + "--><sheetData>")},
            "xlsx_bomb",
        ),
        ({SHEET: replaced("<sheetData>", "<a>" * 100_000 + "<sheetData>")}, "xlsx_bomb"),
        ({"xl/workbook.xml": replaced('r:id="rId1"', 'r:id="rId99"')}, "not_xlsx"),
        (
            {
                "xl/workbook.xml": replaced(
                    "</sheets>", '<sheet name="b" sheetId="2" r:id="rId1"/></sheets>'
                )
            },
            "not_xlsx",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_workbook_is_refused_for(
    plain: Path, changes: dict[str, Callable[[bytes], bytes]], reason: str
) -> None:
    assert refusal(altered(plain, changes)) == reason


@pytest.mark.parametrize(
    "limit", ["PARTS", "UNPACKED_BYTES", "PART_BYTES", "RATIO_FROM", "FILE_BYTES"]
)
def test_a_package_beyond_its_limits_is_refused(
    plain: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    path = altered(plain, {SHEET: replaced("<sheetData>", " " * 2_000_000 + "<sheetData>")})
    monkeypatch.setattr(xlsx_package, limit, 5)
    assert refusal(path) == ("xlsx_too_large" if limit == "FILE_BYTES" else "xlsx_bomb")


def test_a_bomb_that_declares_less_than_it_holds_is_not_unpacked(plain: Path) -> None:
    path = altered(plain, {SHEET: replaced("<sheetData>", " " * 50_000_000 + "<sheetData>")})
    assert refusal(path) == "xlsx_bomb"
    content = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        size = struct.pack("<I", package.getinfo(SHEET).file_size)
    path.write_bytes(content.replace(size, struct.pack("<I", 2_000)))
    assert refusal(path) == "xlsx_damaged"


@pytest.mark.parametrize("limit", ["CELLS", "MERGED", "COMPUTED", "PIECES"])
def test_a_sheet_beyond_its_limits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        for _ in range(2):
            sheet = book.add_worksheet()
            for row in range(3):
                sheet.merge_range(row, 0, row, 1, "a")
                sheet.write_array_formula(row, 2, row, 3, "{=A1}")
                sheet.write_rich_string(row, 4, *"abc")

    path = written(tmp_path / "a.xlsx", fill)
    monkeypatch.setattr(xlsx, limit, {"CELLS": 20, "PIECES": 0}.get(limit, 2))
    assert refusal(path) == "xlsx_too_large"


@pytest.mark.parametrize(
    ("row", "column", "name"), [(7, 3, "C7"), (1, 26, "Z1"), (2, 27, "AA2"), (9, 16_384, "XFD9")]
)
def test_cells_have_the_names_that_spreadsheets_show(row: int, column: int, name: str) -> None:
    assert reference(row, column) == name
