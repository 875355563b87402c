"""The workbook that cities, provinces and assessors fill in."""

import ast
import dataclasses
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from indicators import edition as editions
from indicators.edition import CURRENT
from indicators.forms import sections
from pipelines import submissions
from pipelines.workspace import Workspace
from scrapers.formats import workbooks
from scrapers.formats.workbooks_answers import DIVISIBLE
from scrapers.formats.xlsx import Sheet, open_safely, reference
from templates.catalogue import LANGS, text
from templates.submission import context, workbook
from templates.submission.context import Context, Kind, Place
from templates.submission.workbook import answers, write

MONTH = "2019-06"
KINDS: tuple[tuple[Kind, str], ...] = (
    ("city", "330782"),
    ("province", "110000"),
    ("assessor", "330100"),
)
FORMS: list[tuple[Kind, str, str]] = [
    (kind, code, edition)
    for edition in editions.ids()
    for kind, code in KINDS
    if sections(editions.load(edition), kind)
]
CITY: tuple[Kind, str, str] = ("city", "330100", CURRENT)
PROVINCE: tuple[Kind, str, str] = ("province", "330000", CURRENT)
ASSESSOR: tuple[Kind, str, str] = ("assessor", "330100", "model-2019")


def made(kind: Kind, code: str, edition: str) -> Context:
    return submissions.context(Workspace(Path("/nonexistent")), kind, code, MONTH, edition)


def sheets(tmp_path: Path, content: bytes) -> dict[str, Sheet]:
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    return {sheet.name: sheet for sheet in open_safely(path)}


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(content)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def unlocked(content: bytes) -> set[str]:
    """Cells of the sheet to fill in that protection leaves open."""
    styles = parts(content)["xl/styles.xml"]
    cells = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", styles[styles.index("<cellXfs") :])
    open_ = {n for n, style in enumerate(cells) if 'locked="0"' in style}
    sheet = parts(content)["xl/worksheets/sheet2.xml"]
    return {
        name
        for name, style in re.findall(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"', sheet)
        if int(style) in open_
    }


def validations(content: bytes) -> dict[str, str]:
    """What may be entered, by the cells that it is for."""
    sheet = parts(content)["xl/worksheets/sheet2.xml"]
    found = re.findall(r"<dataValidation [^>]*?(?:/>|>.*?</dataValidation>)", sheet)
    return {re.search('sqref="([^"]+)"', each)[1]: each for each in found}  # type: ignore[index]


def test_contexts_are_frozen_and_say_what_they_hold() -> None:
    form = made(*CITY)
    for held, name in ((form, "period"), (form.place, "code")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(held, name, "")
    for each in (Context, Place):
        assert each.__doc__
        assert not each.__doc__.startswith(f"{each.__name__}(")
    assert Context.__doc__
    for field in dataclasses.fields(Context):
        assert f"{field.name}: " in Context.__doc__


def test_the_workbook_uses_all_that_its_context_holds() -> None:
    tree = ast.parse(Path(workbook.__file__).read_text(encoding="utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for each in (Context, Place):
        assert {field.name for field in dataclasses.fields(each)} <= used
    for asked in (context.Measure, context.Section):
        assert {name for name in vars(asked) if isinstance(vars(asked)[name], property)} <= used


def test_writer_and_reader_agree_on_what_stands_where() -> None:
    for name in ("VALUES", "FORM", "KEYS_ROW", "COLUMNS", "CITY_COLUMNS", "OF_A_MEASURE"):
        assert getattr(workbook, name) == getattr(workbooks, name)


@pytest.mark.parametrize(("kind", "code", "edition"), FORMS)
def test_the_reader_finds_every_measure_where_the_writer_put_it(
    tmp_path: Path, kind: Kind, code: str, edition: str
) -> None:
    form = made(kind, code, edition)
    path = tmp_path / "form.xlsx"
    path.write_bytes(write(form))
    read = workbooks.read(path)
    assert (read.kind, read.code, read.period, read.edition) == (kind, code, MONTH, edition)
    assert read.refused == ()
    assert {(e.city_code, e.measure): (e.row - 1, e.column - 1) for e in read.entries} == answers(
        form
    )


@pytest.mark.parametrize(("kind", "code", "edition"), [CITY, PROVINCE, ASSESSOR])
def test_only_values_and_evidence_can_be_changed(kind: Kind, code: str, edition: str) -> None:
    form = made(kind, code, edition)
    content = write(form)
    to_fill = {
        reference(row + 1, column + n) for row, column in answers(form).values() for n in (1, 2)
    }
    assert unlocked(content) == to_fill
    for n in (1, 2, 3):
        assert "<sheetProtection sheet=" in parts(content)[f"xl/worksheets/sheet{n}.xml"]


@pytest.mark.parametrize(("kind", "code", "edition"), [CITY, PROVINCE, ASSESSOR])
def test_the_same_context_gives_the_same_bytes(kind: Kind, code: str, edition: str) -> None:
    assert write(made(kind, code, edition)) == write(made(kind, code, edition))


@pytest.mark.parametrize(("kind", "code", "edition"), FORMS)
def test_every_value_has_its_limits_and_its_help(kind: Kind, code: str, edition: str) -> None:
    form = made(kind, code, edition)
    limits = validations(write(form))
    places = answers(form)
    for section in form.sections:
        for measure in section.measures:
            rows = [places[key] for key in places if key[1] == measure.id]
            first, last = (reference(row + 1, column + 1) for row, column in (rows[0], rows[-1]))
            limit = limits[first if first == last else f"{first}:{last}"]
            if measure.unit == "0 or 1":
                assert 'type="list"' in limit
                assert '<formula1>"0,1"</formula1>' in limit
            elif measure.id in form.points:
                assert 'type="decimal"' in limit
                assert f"<formula2>{form.points[measure.id]:g}</formula2>" in limit
            elif measure.unit == "share":
                assert "<formula1>0</formula1><formula2>1</formula2>" in limit
            else:
                whole = measure.unit not in DIVISIBLE
                assert f'type="{"whole" if whole else "decimal"}"' in limit
            for lang in LANGS:
                assert re.search("prompt=", limit)
                assert text("submission.help.wrong", lang) in limit


def test_the_guide_is_chinese_first_and_tells_what_must_be_known(tmp_path: Path) -> None:
    guide = sheets(tmp_path, write(made(*CITY)))["说明 Guide"]
    words = [cell.text for cell in guide.cells.values()]
    zh, en = (words.index(text("submission.guide.heading", lang)) for lang in LANGS)
    assert zh < en
    told = "\n".join(words)
    assert "杭州市" in told
    assert "Hangzhou" in told
    for key in ("units", "gaps", "people", "readers", "after", "again"):
        for lang in LANGS:
            assert text(f"submission.guide.{key}", lang) in told
    assert "次月 8 日" in told


def test_the_form_says_what_it_is_in_a_sheet_that_nobody_sees(tmp_path: Path) -> None:
    content = write(made(*CITY))
    form = sheets(tmp_path, content)["form"]
    told = {form.cells[row, 1].text: form.cells[row, 2].text for row in range(1, 9)}
    assert told.pop("seal")
    assert told == {
        "form": "cci-submission",
        "version": "1",
        "kind": "city",
        "edition": CURRENT,
        "period": MONTH,
        "code": "330100",
        "name": "杭州市",
    }
    assert re.search('<sheet name="form"[^>]*state="veryHidden"', parts(content)["xl/workbook.xml"])


def test_units_and_limits_stand_beside_each_measure(tmp_path: Path) -> None:
    form = made(*CITY)
    cells = sheets(tmp_path, write(form))[workbook.VALUES].cells

    def row(measure: str) -> list[str]:
        at = answers(form)["330100", measure][0] + 1
        return [cells[at, column].text for column in (1, 2, 3, 4, 5, 9)]

    assert row("municipal_disclosure_rate") == [
        "municipal_disclosure_rate",
        "本市“双公示”公示率",
        '"Double disclosure" rate of the city',
        "比值\nshare",
        "0 至 1\n0 to 1",
        "填小数：85% 填 0.85\na decimal: 0.85 for 85%",
    ]
    assert row("joint_cases_12m")[3:] == [
        "件\ncases",
        "整数，不小于 0\nwhole, 0 or more",
        "截至本月的 12 个月合计\nsum over the twelve months to this month",
    ]
    assert row("joint_automated")[3:5] == ["是非（1/0）\nyes or no (1/0)", "0 或 1\n0 or 1"]


def test_last_months_values_stand_beside(tmp_path: Path) -> None:
    form = made(*CITY)
    with_before = dataclasses.replace(form, before={("330100", "joint_areas"): 31.0})
    row, column = answers(form)["330100", "joint_areas"]
    cells = sheets(tmp_path, write(with_before))[workbook.VALUES].cells
    assert (cells[row + 1, column].kind, cells[row + 1, column].text) == ("number", "31")
    grid = made(*PROVINCE)
    with_before = dataclasses.replace(grid, before={("330782", "units"): 7.0})
    row, column = answers(grid)["330782", "units"]
    cells = sheets(tmp_path, write(with_before))[workbook.VALUES].cells
    assert cells[row + 1, column].text == "7"


def test_a_province_has_a_row_for_each_of_its_cities(tmp_path: Path) -> None:
    form = made(*PROVINCE)
    cells = sheets(tmp_path, write(form))[workbook.VALUES].cells
    codes = [cells[workbook.KEYS_ROW + n, 1].text for n in range(1, len(form.cities) + 1)]
    assert codes == [city.code for city in form.cities]
    assert {"330100", "330782"} < set(codes)
    assert (workbook.KEYS_ROW + len(codes) + 1, 1) not in cells


def test_an_award_has_its_points_and_asks_for_evidence(tmp_path: Path) -> None:
    form = made(*ASSESSOR)
    cells = sheets(tmp_path, write(form))[workbook.VALUES].cells
    row, column = answers(form)["330100", "core_values"]
    assert cells[row + 1, column - 1].text == "0 至 4\n0 to 4"
    heads = {cells[5, n].text for n in range(1, len(workbook.COLUMNS) + 1)}
    assert any(text("submission.head.evidence_required", "zh") in head for head in heads)


def test_the_heading_stays_in_sight_and_on_every_printed_page() -> None:
    made_of = parts(write(made(*CITY)))
    sheet = made_of["xl/worksheets/sheet2.xml"]
    assert re.search(r'<pane xSplit="3" ySplit="6"[^>]*state="frozen"', sheet)
    assert 'orientation="landscape"' in sheet
    assert "_xlnm.Print_Titles" in made_of["xl/workbook.xml"]


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    form = dataclasses.replace(
        made(*CITY), place=Place("330100", "=cmd|' /C calc'!A0", "<script>alert(1)</script>")
    )
    found = sheets(tmp_path, write(form))[workbook.VALUES].cells[2, 1]
    assert found.kind == "text"
    assert not found.formula
    assert "<script>alert(1)</script>" in found.text
