"""Submission workbooks: what is read of them, and what is refused."""

import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scrapers.formats import workbooks
from scrapers.formats.workbooks import identity, take
from scrapers.formats.workbooks_answers import about_a_person, not_a_reference
from scrapers.formats.xlsx import Cell, open_safely
from scrapers.reading import REFUSED, ROWS, FileRefused, Reading
from tests.scrapers import forms
from tests.scrapers.forms import (
    FORM,
    MONTH,
    SHEET,
    TEXTS,
    altered,
    ask,
    beside,
    blank,
    replaced,
    saved,
    where,
    with_cells,
)

CITY = "330100"
AREAS = where()[CITY, "joint_areas"]
RATE = where()[CITY, "municipal_disclosure_rate"]
DAYS = where()[CITY, "processing_days"]
DOCUMENT = "杭信用办〔2019〕12号"
# Invented; the identity number's region was never assigned.
NAME, IDENTITY, MOBILE, HOME = (
    "欧阳测试员",
    "990101199003071239",
    "13900001234",
    "幸福路99号3单元501室",
)
FORMULA = ("", "<f>40+2</f><v>42</v>")


def read(tmp_path: Path, content: bytes, kind: str = "city", period: str = MONTH) -> Reading:
    return take(saved(tmp_path, content), "any.xlsx", ask(kind, period))


def said(reading: Reading) -> pl.DataFrame:
    """What was filled in; the other cells are kept as empty."""
    return reading.kept.drop_nulls("value")


def values(reading: Reading) -> dict[tuple[str, str], str]:
    return {
        (row["city_code"], row["measure"]): row["value"]
        for row in said(reading).iter_rows(named=True)
    }


def refusals(reading: Reading) -> dict[str, str]:
    return dict(reading.refused.select("field", "reason").iter_rows())


def refusal(tmp_path: Path, content: bytes, kind: str = "city", period: str = MONTH) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, content, kind, period)
    return refused.value


def everything(reading: Reading) -> str:
    return said(reading).write_csv() + reading.refused.write_csv() + reading.sender


def test_a_cell_that_was_left_empty_says_that_there_is_no_value(tmp_path: Path) -> None:
    reading = read(tmp_path, with_cells(blank(), {AREAS: 12, RATE: "about half"}))
    empty = reading.kept.filter(pl.col("value").is_null())
    assert len(empty) == len(where()) - 2
    assert "municipal_disclosure_rate" not in empty["measure"].to_list()  # refused, not taken back


def test_what_a_city_filled_in_is_read_with_its_place_and_evidence(tmp_path: Path) -> None:
    content = with_cells(blank(), {AREAS: 12, RATE: 0.85, DAYS: "2.5", beside(AREAS): DOCUMENT})
    reading = read(tmp_path, content)
    assert dict(reading.kept.schema) == ROWS
    assert dict(reading.refused.schema) == REFUSED
    assert reading.refused.is_empty()
    assert reading.sender == CITY
    assert values(reading) == {
        (CITY, "joint_areas"): "12",
        (CITY, "municipal_disclosure_rate"): "0.85",
        (CITY, "processing_days"): "2.5",
    }
    row = said(reading).row(by_predicate=pl.col("measure") == "joint_areas", named=True)
    assert row == {
        "period": MONTH,
        "city_code": CITY,
        "measure": "joint_areas",
        "value": "12",
        "source": "city",
        "part": "",
        "place": f"填报 Values!{AREAS}",
        "row": int(AREAS[1:]),
        "evidence": DOCUMENT,
    }


def test_a_blank_form_says_nothing_and_nothing_of_it_is_refused(tmp_path: Path) -> None:
    reading = read(tmp_path, blank())
    assert said(reading).is_empty()
    assert reading.refused.is_empty()


def test_a_province_reports_on_its_cities(tmp_path: Path) -> None:
    cells = where("province", "330000")
    platform, records = (cells["330100", m] for m in ("sharing_platform", "platform_records"))
    units = cells["330782", "units"]
    content = with_cells(
        blank("province", "330000"),
        {platform: 1, records: 123456, units: 7, beside(units): DOCUMENT},
    )
    reading = read(tmp_path, content, "province")
    assert reading.sender == "330000"
    assert values(reading) == {
        ("330100", "sharing_platform"): "1",
        ("330100", "platform_records"): "123456",
        ("330782", "units"): "7",
    }
    assert said(reading)["evidence"].to_list() == [None, None, DOCUMENT]


def test_a_province_cannot_speak_of_another_ones_city(tmp_path: Path) -> None:
    cell = where("province", "330000")["330782", "units"]
    content = with_cells(blank("province", "330000"), {f"A{cell[1:]}": "440100", cell: 7})
    reading = read(tmp_path, resealed(content), "province")
    assert said(reading).is_empty()
    assert refusals(reading) == {f"填报 Values!{cell}": "other_place"}


def test_an_award_names_its_edition(tmp_path: Path) -> None:
    form = ("assessor", CITY, "model-2019")
    cell = where(*form)[CITY, "core_values"]
    content = with_cells(blank(*form), {cell: 3.5, beside(cell): DOCUMENT})
    kept = said(read(tmp_path, content, "assessor"))
    assert kept.select("measure", "value", "part", "source", "evidence").rows() == [
        ("core_values", "3.5", "model-2019", "assessor", DOCUMENT)
    ]


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        (None, "evidence_missing"),
        ("见附件", "evidence_malformed"),
        (("", "<f>A1</f><v>1</v>"), "formula"),
        (IDENTITY, "personal_data"),
    ],
)
def test_an_award_without_good_evidence_is_refused(
    tmp_path: Path, evidence: forms.Cell | None, reason: str
) -> None:
    form = ("assessor", CITY, "model-2019")
    cell = where(*form)[CITY, "core_values"]
    cells: dict[str, forms.Cell] = {cell: 3}
    if evidence is not None:
        cells[beside(cell)] = evidence
    reading = read(tmp_path, with_cells(blank(*form), cells), "assessor")
    assert said(reading).is_empty()
    assert refusals(reading) == {f"填报 Values!{beside(cell)}": reason}


@pytest.mark.parametrize(
    ("given", "reason", "found"),
    [
        ("约30", "not_a_number", "(3)"),
        ("1,234", "not_a_number", "1,234"),
        ("85%", "not_a_number", "85%"),
        ("=cmd|' /C calc'!A0", "not_a_number", "(18)"),
        ("<script>alert(1)</script>", "not_a_number", "(25)"),
        ("\u202e21\u202c", "not_a_number", "(4)"),
        ("１２", "not_a_number", "(2)"),
        (NAME, "not_a_number", "(5)"),
        (HOME, "not_a_number", "(13)"),
        (12.5, "not_whole", "12.5"),
        ("12.5", "not_whole", "12.5"),
        (10**10, "implausible", "(11)"),
        (FORMULA, "formula", "42"),
        (("", "<f>40+2</f>"), "formula", ""),
        (('t="e"', "<v>#DIV/0!</v>"), "error_value", "#DIV/0!"),
        (('t="e"', f"<v>{NAME}</v>"), "error_value", "(5)"),
        (('t="b"', "<v>1</v>"), "not_a_number", "(4)"),
        (IDENTITY, "personal_data", "(18)"),
        (MOBILE, "personal_data", "(11)"),
        (int(MOBILE), "personal_data", "(11)"),
        ("139 0000-1234", "personal_data", "(13)"),
        ("１３９００００１２３４", "personal_data", "(11)"),
        ("someone@example.org", "personal_data", "(19)"),
    ],
)
def test_a_cell_that_holds_no_value_is_refused_and_the_others_are_kept(
    tmp_path: Path, given: forms.Cell, reason: str, found: str
) -> None:
    reading = read(tmp_path, with_cells(blank(), {AREAS: given, RATE: 0.5}))
    assert values(reading) == {(CITY, "municipal_disclosure_rate"): "0.5"}
    assert reading.refused.select("row", "field", "reason", "found").rows() == [
        (int(AREAS[1:]), f"填报 Values!{AREAS}", reason, found)
    ]


@pytest.mark.parametrize("given", [-5, 1.2, "-5"])
def test_values_that_cannot_be_right_are_left_to_screening(
    tmp_path: Path, given: float | str
) -> None:
    reading = read(tmp_path, with_cells(blank(), {RATE: given}))
    assert values(reading) == {(CITY, "municipal_disclosure_rate"): str(given)}


@pytest.mark.parametrize("share", [0.13900001234, 0.342857142857143, 0.05718765432])
def test_the_decimals_of_a_share_are_no_telephone_number(tmp_path: Path, share: float) -> None:
    reading = read(tmp_path, with_cells(blank(), {RATE: share}))
    assert values(reading) == {(CITY, "municipal_disclosure_rate"): str(share)}


@pytest.mark.parametrize(
    "text",
    [
        DOCUMENT,
        "发改财金规〔2017〕1798号",
        "杭政办函[2018]第7号",
        "信用办（2019）3号",
        "https://www.creditchina.gov.cn/xinyongdongtai/2019/t20190520_1234567.html",
        "http://credit.hangzhou.gov.cn",
        "https://credit.hangzhou.gov.cn/art/2019/5/20/art_1229633756_123456.html",
    ],
)
def test_references_to_documents_and_addresses_are_kept(tmp_path: Path, text: str) -> None:
    reading = read(tmp_path, with_cells(blank(), {AREAS: 1, beside(AREAS): text}))
    assert said(reading)["evidence"].to_list() == [text]
    assert reading.refused.is_empty()


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        HOME,
        f"{NAME}〔2019〕12号",
        f"联系人{NAME}",
        "https://example.org/?name=ouyang",
        "https://example.org/a#ouyang",
        "https://ouyang:secret@example.org/",
        "https://example.org:8080/",
        "https://example.org/欧阳",
        "https://example.org/%E6%AC%A7",
        f"https://example.org/{MOBILE}",
        "https://198.51.100.1/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "=HYPERLINK(1)",
        "2019-05-31",
        "杭信用办〔2019〕12号，联系人见附件",
        "x" * 40_000,
    ],
)
def test_what_could_be_about_a_person_is_no_reference_and_the_value_stays(
    tmp_path: Path, text: str
) -> None:
    reading = read(tmp_path, with_cells(blank(), {AREAS: 1, beside(AREAS): text}))
    assert values(reading) == {(CITY, "joint_areas"): "1"}
    assert said(reading)["evidence"].to_list() == [None]
    assert list(refusals(reading)) == [f"填报 Values!{beside(AREAS)}"]
    assert text not in everything(reading)


@pytest.mark.parametrize("about", [IDENTITY, MOBILE, "someone@example.org", "0571-87654321"])
@pytest.mark.parametrize(
    ("part", "cell", "field"),
    [
        ("xl/worksheets/sheet1.xml", "D3", "#1!D3"),
        (SHEET, "A2", "填报 Values!A2"),
        (SHEET, f"B{AREAS[1:]}", f"填报 Values!B{AREAS[1:]}"),
        (SHEET, f"K{AREAS[1:]}", f"填报 Values!K{AREAS[1:]}"),
        (SHEET, "C900", "填报 Values!C900"),
        (FORM, "D4", "form!D4"),
    ],
)
def test_what_is_about_a_person_is_refused_wherever_it_stands(
    tmp_path: Path, part: str, cell: str, field: str, about: str
) -> None:
    reading = read(
        tmp_path, with_cells(with_cells(blank(), {AREAS: 1}), {cell: f"联系 {about}"}, part)
    )
    assert values(reading) == {(CITY, "joint_areas"): "1"}
    assert refusals(reading) == {field: "personal_data"}
    assert about not in everything(reading)


@pytest.mark.parametrize("cell", ["G7", "H9", f"J{AREAS[1:]}", "A3000", "G3000"])
def test_what_stands_outside_the_form_is_refused_not_lost(tmp_path: Path, cell: str) -> None:
    # A new text in column A would be a new row of the form; a number there is none.
    reading = read(tmp_path, resealed(with_cells(blank(), {AREAS: 1, cell: 12})))
    found = refusals(reading)
    expected = {"填报 Values!A3000": None}.get(f"填报 Values!{cell}", "outside_form")
    assert found.get(f"填报 Values!{cell}") == expected
    assert values(reading) == {(CITY, "joint_areas"): "1"}


def test_comments_and_properties_of_the_file_are_not_kept(tmp_path: Path) -> None:
    content = altered(
        with_cells(blank(), {AREAS: 1}),
        {
            "xl/comments1.xml": lambda _: f"<comments><t>{NAME}{MOBILE}</t></comments>",
            "docProps/core.xml": replaced("<dc:creator>", f"<dc:creator>{NAME}"),
            "docProps/app.xml": replaced(
                "<Application>", f"<Manager>{NAME}</Manager><Application>"
            ),
        },
    )
    reading = read(tmp_path, content)
    assert values(reading) == {(CITY, "joint_areas"): "1"}
    assert NAME not in everything(reading)
    assert MOBILE not in everything(reading)


def moved(name: str, to: str) -> Callable[[str], str]:
    return lambda xml: re.sub(rf'r="{name}"', f'r="{to}"', xml)


def swapped(one: str, other: str) -> Callable[[str], str]:
    return lambda xml: moved("ZZ1", other)(moved(other, one)(moved(one, "ZZ1")(xml)))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"xl/workbook.xml": replaced('name="form"', 'name="Sheet3"')}, "not_a_form"),
        ({"xl/workbook.xml": replaced('name="填报 Values"', 'name="填报"')}, "form_damaged"),
        ({"xl/workbook.xml": lambda x: re.sub('<sheet name="form"[^>]*>', "", x)}, "not_a_form"),
        ({"xl/workbook.xml": lambda x: re.sub('<sheet name="填报[^>]*>', "", x)}, "form_damaged"),
        ({SHEET: swapped("G6", "H6")}, "form_damaged"),
        ({SHEET: moved("G6", "J6")}, "form_damaged"),
        ({SHEET: swapped("A8", "A10")}, "form_damaged"),
        ({SHEET: moved("A8", "B8000")}, "form_damaged"),
        ({TEXTS: replaced("<t>joint_areas</t>", "<t>joint_departments</t>")}, "form_damaged"),
        ({TEXTS: replaced("<t>joint_areas</t>", f"<t>{NAME}</t>")}, "form_damaged"),
        ({TEXTS: replaced("<t>330100</t>", "<t>330200</t>")}, "form_damaged"),
        ({TEXTS: replaced("<t>2019-06</t>", "<t>2019-05</t>")}, "form_damaged"),
        ({TEXTS: replaced("<t>2019-06</t>", f"<t>{NAME}</t>")}, "form_damaged"),
        ({TEXTS: replaced("<t>cci-2019</t>", "<t>cci-2035</t>")}, "form_damaged"),
        ({TEXTS: replaced("<t>city</t>", "<t>province</t>")}, "form_damaged"),
        ({TEXTS: replaced("<t>city</t>", "<t>mayor</t>")}, "form_damaged"),
        ({TEXTS: replaced("<t>version</t>", "<t>edition of it</t>")}, "not_a_form"),
    ],
)
def test_a_form_that_was_tampered_with_is_refused_as_a_whole(
    tmp_path: Path, changes: Mapping[str, Callable[[str], str]], reason: str
) -> None:
    content = altered(with_cells(blank(), {AREAS: 1}), changes)
    refused = refusal(tmp_path, content)
    assert refused.reason == reason
    assert NAME not in str(refused)


def test_a_form_of_another_version_is_refused(tmp_path: Path) -> None:
    content = with_cells(blank(), {"B2": "2"}, FORM)
    assert refusal(tmp_path, content).reason == "form_version"


def test_a_form_of_another_month_kind_or_place_is_refused(tmp_path: Path) -> None:
    other = refusal(tmp_path, blank(), period="2019-05")
    assert (other.reason, other.found, other.expected) == ("wrong_month", MONTH, "2019-05")
    assert refusal(tmp_path, blank(), "province").reason == "wrong_form"
    nowhere = resealed(with_cells(blank(), {"B6": "990100"}, FORM))
    assert refusal(tmp_path, nowhere).reason == "city_unknown"
    grid = blank("province", "330000")
    nowhere = resealed(with_cells(grid, {"B6": "990000"}, FORM))
    assert refusal(tmp_path, nowhere, "province").reason == "province_unknown"


def test_a_measure_that_stands_twice_is_read_twice_and_screening_decides(tmp_path: Path) -> None:
    content = with_cells(blank(), {"A8": "joint_areas", "G8": 3, AREAS: 4})
    reading = read(tmp_path, resealed(content))
    assert said(reading).select("measure", "value").rows() == [
        ("joint_areas", "3"),
        ("joint_areas", "4"),
    ]


def test_a_measure_that_nobody_knows_is_withheld(tmp_path: Path) -> None:
    reading = read(tmp_path, resealed(with_cells(blank(), {"A8": NAME, "G8": 3})))
    assert said(reading).is_empty()
    assert refusals(reading) == {"填报 Values!G8": "measure_unknown"}
    assert NAME not in everything(reading)


def test_refusals_beyond_a_thousand_are_counted(tmp_path: Path) -> None:
    cells = "".join(f'<row r="{n}"><c r="G{n}"><v>1</v></c></row>' for n in range(100, 1200))
    reading = read(
        tmp_path, altered(blank(), {SHEET: replaced("</sheetData>", f"{cells}</sheetData>")})
    )
    assert (len(reading.refused), reading.more_refused) == (1000, 100)


def test_a_million_empty_rows_are_left_out(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}" spans="1:9"/>' for n in range(100, 1_000_100))
    content = altered(
        with_cells(blank(), {AREAS: 1}), {SHEET: replaced("</sheetData>", f"{rows}</sheetData>")}
    )
    assert values(read(tmp_path, content)) == {(CITY, "joint_areas"): "1"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_xlsx"),
        (b"period,city_code,measure,value\n2019-06,330100,joint_areas,1\n", "not_xlsx"),
        (blank()[:2000], "xlsx_damaged"),
        (altered(blank(), {"xl/vbaProject.bin": lambda _: "macros"}), "xlsx_macros"),
        (
            altered(blank(), {"xl/externalLinks/externalLink1.xml": lambda _: "<a/>"}),
            "xlsx_external",
        ),
        (altered(blank(), {"xl/media/image1.xml": lambda _: "0" * (64 << 20)}), "xlsx_bomb"),
        (
            altered(blank(), {TEXTS: replaced("<sst", '<!DOCTYPE a [<!ENTITY b "ha">]><sst')}),
            "xlsx_bomb",
        ),
    ],
)
def test_what_is_no_harmless_workbook_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    assert refusal(tmp_path, content).reason == reason


@pytest.mark.parametrize("text", ["2019-06-30", "12", "330100", "GB/T 2260", "2019年6月30日", ""])
def test_dates_codes_and_counts_are_about_nobody(text: str) -> None:
    assert not about_a_person(text)


def test_a_date_in_the_place_of_evidence_is_no_reference() -> None:
    assert not_a_reference(Cell("date", "2019-06-30")) is not None


def resealed(content: bytes) -> bytes:
    """A form whose seal is right again after it was tampered with, as somebody could make it."""
    told = dict(_identity(content))
    made: dict[str, Any] = identity(
        told["kind"], told["edition"], told["period"], told["code"], told["name"], *_asked(content)
    )
    return with_cells(content, {"B8": made["seal"]}, FORM)


def _identity(content: bytes) -> Iterable[tuple[str, str]]:
    cells = _sheet(content, "form")
    return ((cells[row, 1], cells[row, 2]) for row in range(1, 8))


def _asked(content: bytes) -> tuple[list[str], list[str]]:
    cells = _sheet(content, workbooks.VALUES)
    ids = [
        text
        for (row, column), text in sorted(cells.items())
        if column == 1 and row > workbooks.KEYS_ROW
    ]
    if dict(_identity(content))["kind"] != "province":
        return ids, []
    keys = [text for (row, _), text in sorted(cells.items()) if row == workbooks.KEYS_ROW]
    return [key.removesuffix(".value") for key in keys if key.endswith(".value")], ids


def _sheet(content: bytes, name: str) -> dict[tuple[int, int], str]:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        (sheet,) = (s for s in open_safely(Path(file.name)) if s.name == name)
    return {at: cell.text if cell.kind == "text" else "" for at, cell in sheet.cells.items()}
