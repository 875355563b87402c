"""`cci submission`: the form made, checked and taken in."""

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from indicators import edition as editions
from pipelines import submissions
from pipelines.commands.submission import submission
from pipelines.steps.observing import OBSERVATIONS
from pipelines.workspace import Workspace
from scrapers import landing
from scrapers.formats import workbooks
from templates.submission.context import Kind
from templates.submission.workbook import write
from tests.scrapers.forms import (
    FORM,
    MONTH,
    SHEET,
    TEXTS,
    Cell,
    altered,
    beside,
    blank,
    replaced,
    saved,
    where,
    with_cells,
)
from tests.scrapers.test_workbooks import DOCUMENT, IDENTITY, MOBILE, NAME, resealed

CITY = "330100"
AREAS = where()[CITY, "joint_areas"]
RATE = where()[CITY, "municipal_disclosure_rate"]
FLAG = where()[CITY, "joint_automated"]
AWARDS: tuple[Kind, str, str] = ("assessor", CITY, "model-2019")


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    """A data folder in which nothing is yet."""
    return Workspace(tmp_path / "data")


def cci(workspace: Workspace, *arguments: str | Path) -> Result:
    return CliRunner().invoke(submission, [str(a) for a in arguments], obj=workspace)


def filled(tmp_path: Path, cells: Mapping[str, Cell], name: str = "330100-2019-06.xlsx") -> Path:
    return saved(tmp_path, with_cells(blank(), cells), name)


def landed(workspace: Workspace, source_id: str = "city") -> list[landing.Landed]:
    return landing.landed(workspace.landing, source_id, MONTH)


def everything_in(folder: Path) -> bytes:
    files = [path for path in folder.rglob("*") if path.is_file()]
    read = (
        pl.read_parquet(path).write_csv().encode() if path.suffix == "" else path.read_bytes()
        for path in files
    )
    return b"".join(read) + "\n".join(map(str, files)).encode()


@pytest.mark.parametrize(
    ("arguments", "name", "kind"),
    [
        (["--city", CITY], "330100-2019-06.xlsx", "city"),
        (["--province", "330000"], "330000-2019-06.xlsx", "province"),
        (["--province", "110000"], "110000-2019-06.xlsx", "province"),
        (["--city", "110000"], "110000-2019-06.xlsx", "city"),
        (
            ["--assessor", "--city", CITY, "--edition", "model-2019"],
            "330100-2019-06-model-2019.xlsx",
            "assessor",
        ),
    ],
)
def test_template_writes_the_form_that_is_asked_for(
    empty: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    name: str,
    kind: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = cci(empty, "template", *arguments, "--period", MONTH)
    assert result.exit_code == 0, result.output
    assert name in result.output
    assert workbooks.read(tmp_path / name).kind == kind


def test_template_goes_where_it_is_told_and_never_over_a_filled_in_form(
    empty: Workspace, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "form.xlsx"
    arguments = ("template", "--city", CITY, "--period", MONTH, "--out", out)
    assert cci(empty, *arguments).exit_code == 0
    before = out.read_bytes()
    again = cci(empty, *arguments)
    assert again.exit_code == 1
    assert "--out" in again.output
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--city", "330199"], 1, "no monitored city has the code 330199 in 2019-06"),
        (["--province", "990000"], 1, "no province has the code 990000"),
        (["--province", "330000", "--edition", "model-2019"], 1, "asks nothing of province"),
        (["--assessor", "--city", CITY], 1, "asks nothing of assessor"),
        ([], 2, "give either --city"),
        (["--city", CITY, "--province", "330000"], 2, "give either --city"),
        (["--assessor", "--province", "330000"], 2, "give either --city"),
    ],
)
def test_template_says_why_there_is_no_such_form(
    empty: Workspace, tmp_path: Path, arguments: list[str], code: int, says: str
) -> None:
    out = tmp_path / "form.xlsx"
    result = cci(empty, "template", *arguments, "--period", MONTH, "--out", out)
    assert result.exit_code == code
    assert says in result.output
    assert not out.exists()


def test_template_makes_no_form_for_a_month_that_is_yet_to_come(
    empty: Workspace, tmp_path: Path
) -> None:
    out = tmp_path / "form.xlsx"
    result = cci(empty, "template", "--city", CITY, "--period", "2099-01", "--out", out)
    assert result.exit_code == 1
    assert "2099-01 is yet to come; the last month that can be reported on is" in result.output
    assert not out.exists()


def test_check_finds_nothing_in_a_form_that_is_filled_in_well(
    empty: Workspace, tmp_path: Path
) -> None:
    cells: dict[str, Cell] = dict.fromkeys(where().values(), 1)
    result = cci(empty, "check", filled(tmp_path, cells))
    assert result.exit_code == 0, result.output
    assert "没有问题" in result.output
    assert "all is well, 30 values" in result.output
    assert "⚠" not in result.output
    assert not empty.root.exists()


def test_check_names_all_problems_at_once_by_sheet_and_cell(
    empty: Workspace, tmp_path: Path
) -> None:
    cells = where()
    given: dict[str, tuple[Cell, str, str]] = {
        cells[CITY, "joint_areas"]: ("约30", "不是数字", "not a number"),
        cells[CITY, "joint_cases_12m"]: (-5, "不能为负数", "cannot be negative"),
        RATE: (85, "超出上限", "expected 0..1"),
        FLAG: (2, "只能是 0 或 1", "can only be 0 or 1"),
        cells[CITY, "credit_agencies"]: (2.5, "应为整数", "whole number"),
        cells[CITY, "codes_mapped"]: (("", "<f>1+1</f><v>2</v>"), "不能是公式", "a formula"),
        cells[CITY, "repair_reports"]: (('t="e"', "<v>#REF!</v>"), "计算出错", "found #REF!"),
        cells[CITY, "departments"]: (MOBILE, "个人信息", "may be about a person"),
        beside(cells[CITY, "processing_days"]): ("见附件", "依据应为文号", "document number"),
        "K9": ("备注", "表格之外", "outside what the form asks"),
    }
    path = filled(tmp_path, {name: cell for name, (cell, *_) in given.items()})
    result = cci(empty, "check", path)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    for name, (_, zh, en) in given.items():
        (line,) = (one for one in lines if f"填报 Values!{name} " in f"{one} ".replace(":", " "))
        assert zh in line
        assert en in line
    assert any("joint_areas" in line for line in lines)
    assert "before sending it: 10" in result.output
    assert MOBILE not in result.output


def test_check_asks_to_make_sure_of_what_may_be_right(empty: Workspace, tmp_path: Path) -> None:
    cells = where()
    path = filled(
        tmp_path,
        {
            cells[CITY, "joint_measures"]: 10,
            cells[CITY, "joint_measures_implemented"]: 12,
            beside(AREAS): DOCUMENT,
        },
    )
    result = cci(empty, "check", path)
    assert result.exit_code == 0, result.output
    questions = [line for line in result.output.splitlines() if line.startswith("⚠")]
    assert len(questions) == 3
    assert "27 not filled in" in questions[0]
    assert "未填" in questions[0]
    assert RATE in questions[0]
    assert "evidence without a value" in questions[1]
    assert "joint_measures_implemented" in questions[2]
    assert "大于它所属的 joint_measures" in questions[2]


def test_check_questions_a_leap_against_last_month(
    empty: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {
        (CITY, "joint_areas"): 30.0,
        (CITY, "municipal_disclosure_rate"): 0.9,
        (CITY, "joint_automated"): 1.0,
        (CITY, "credit_agencies"): 30.0,
    }
    monkeypatch.setattr(submissions, "_before", lambda *_: before)
    values = {AREAS: 300, RATE: 0.5, FLAG: 0, where()[CITY, "credit_agencies"]: 40}
    result = cci(empty, "check", filled(tmp_path, values))
    assert result.exit_code == 0, result.output
    questions = [line for line in result.output.splitlines() if "last month" in line]
    assert len(questions) == 2
    assert "300 now and 30 last month" in questions[0]
    assert "municipal_disclosure_rate" in questions[1]


def test_last_months_values_are_those_of_the_same_kind_of_source(empty: Workspace) -> None:
    columns = empty.store.columns(OBSERVATIONS)
    common = {
        "period": "2019-05", "city_code": CITY, "awarded_under": "", "source_id": "city", "records": 1,
        "left_out": 0, "discrepancy": False, "sha256": "0" * 64, "name": "a.xlsx", "row": 8,
        "place": "", "evidence": None, "delivered_at": "2019-06-05T09:00:00+08:00",
        "corrected": False, "late": False, "simulated": True,
    }  # fmt: skip
    rows = [
        ("joint_areas", 30.0, "city", None, None),
        ("codes_mapped", 10.0, "code_centre", "city", 12.0),
        ("listed_entities", 5.0, "ncisp", None, None),
    ]
    names = ("measure", "value", "source", "other_source", "other_value")
    frame = pl.DataFrame([common | dict(zip(names, row, strict=True)) for row in rows])
    empty.store.write(OBSERVATIONS, frame.select(columns), period="2019-05")
    form = submissions.context(empty, "city", CITY, MONTH, "cci-2019")
    assert form.before == {(CITY, "joint_areas"): 30.0, (CITY, "codes_mapped"): 12.0}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"period,city_code,measure,value\n", "XLSX"),
        (altered(blank(), {SHEET: None}), "XLSX"),
        (altered(blank(), {"xl/workbook.xml": replaced('"填报 Values"', '"a"')}), "were changed"),
        (altered(blank(), {TEXTS: replaced("<t>330100</t>", "<t>330200</t>")}), "were changed"),
        (resealed(with_cells(blank(), {"B6": "990100"}, FORM)), "no monitored city has this code"),
        (resealed(with_cells(blank(), {"B5": "2099-01"}, FORM)), "not a month"),
        (resealed(with_cells(blank(), {"B4": "cci-2035"}, FORM)), "no such edition"),
        (resealed(with_cells(blank(), {"B4": "model-2019"}, FORM)), "does not ask what is asked"),
    ],
)
def test_what_is_wrong_as_a_whole_is_told_and_nothing_of_it_is_taken_in(
    empty: Workspace, tmp_path: Path, content: bytes, says: str
) -> None:
    path = saved(tmp_path, content)
    for command in ("check", "accept"):
        result = cci(empty, command, path)
        assert result.exit_code == 1
        assert says in result.output
    assert "整份文件未受理" in result.output
    assert not empty.root.exists()


def test_an_edition_that_is_not_valid_in_the_month_is_refused(
    empty: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = dataclasses.replace(editions.load("cci-2019"), valid_to="2018-12")
    monkeypatch.setattr(editions, "load", lambda _: ended)
    result = cci(empty, "check", saved(tmp_path, blank()))
    assert result.exit_code == 1
    assert "the edition is not valid in that month" in result.output


def test_the_same_measure_twice_is_refused(empty: Workspace, tmp_path: Path) -> None:
    content = resealed(with_cells(blank(), {"A8": "joint_areas", "G8": 3, AREAS: 4}))
    result = cci(empty, "check", saved(tmp_path, content))
    assert result.exit_code == 1
    assert result.output.count("stand more than once") == 2


def test_an_award_beyond_its_points_is_refused(empty: Workspace, tmp_path: Path) -> None:
    cell = where(*AWARDS)[CITY, "core_values"]
    content = with_cells(blank(*AWARDS), {cell: 4.5, beside(cell): DOCUMENT})
    result = cci(empty, "check", saved(tmp_path, content))
    assert result.exit_code == 1
    assert "more than the points of the criterion" in result.output
    assert "expected 0..4" in result.output


def test_accept_lands_what_is_good_and_prints_a_receipt(empty: Workspace, tmp_path: Path) -> None:
    path = filled(tmp_path, {AREAS: 12, beside(AREAS): DOCUMENT, RATE: 85, FLAG: "是"})
    result = cci(empty, "accept", path)
    assert result.exit_code == 0, result.output
    (file,) = landed(empty)
    for said in (
        "杭州市", CITY, "cci-2019", MONTH, file.delivered_at, file.sha256,
        f"填报 Values!{AREAS}  joint_areas  12", f"填报 Values!{RATE}", f"填报 Values!{FLAG}",
        "迟报", "taken in, 1 values", "refused, 2",
    ):  # fmt: skip
        assert said in result.output
    assert (file.sender, file.name) == (CITY, path.name)
    kept = file.kept(empty.landing)
    row = kept.row(by_predicate=pl.col("measure") == "joint_areas", named=True)
    assert (row["value"], row["evidence"], row["place"]) == ("12", DOCUMENT, f"填报 Values!{AREAS}")


def test_a_resubmission_keeps_what_came_before(empty: Workspace, tmp_path: Path) -> None:
    first = filled(tmp_path, {AREAS: 12})
    assert cci(empty, "accept", first).exit_code == 0
    second = filled(tmp_path, {AREAS: 13})
    result = cci(empty, "accept", second)
    assert "sent before for this month: 1" in result.output
    values = [file.kept(empty.landing)["value"].drop_nulls().to_list() for file in landed(empty)]
    assert sorted(values) == [["12"], ["13"]]


def test_awards_and_provinces_are_taken_in_as_their_own_sources(
    empty: Workspace, tmp_path: Path
) -> None:
    cell = where(*AWARDS)[CITY, "core_values"]
    content = with_cells(blank(*AWARDS), {cell: 3, beside(cell): DOCUMENT})
    assert cci(empty, "accept", saved(tmp_path, content)).exit_code == 0
    (file,) = landed(empty, "assessor")
    (award,) = file.kept(empty.landing).drop_nulls("value").iter_rows(named=True)
    assert (award["measure"], award["part"]) == ("core_values", "model-2019")
    units = where("province", "330000")[CITY, "units"]
    content = with_cells(blank("province", "330000"), {units: 3})
    assert cci(empty, "accept", saved(tmp_path, content)).exit_code == 0
    (file,) = landed(empty, "province")
    assert file.sender == "330000"


def test_nothing_about_a_person_is_kept_or_said(empty: Workspace, tmp_path: Path) -> None:
    cells: dict[str, Cell] = {
        AREAS: 12,
        RATE: NAME,
        FLAG: MOBILE,
        beside(AREAS): f"{NAME}{IDENTITY}",
        "B3": NAME,
        "C12": f"{NAME} {MOBILE}",
        "K20": IDENTITY,
    }
    content = with_cells(with_cells(blank(), cells), {"D9": f"{NAME}{MOBILE}"}, FORM)
    path = saved(tmp_path, content, f"{NAME}{MOBILE}.xlsx")
    checked, accepted = (cci(empty, command, path) for command in ("check", "accept"))
    assert accepted.exit_code == 0, accepted.output
    assert len(landed(empty)) == 1
    for needle in (NAME, MOBILE, IDENTITY):
        assert needle not in checked.output
        assert needle not in accepted.output
        assert needle.encode() not in everything_in(empty.root)


def test_the_command_writes_what_the_template_says(empty: Workspace, tmp_path: Path) -> None:
    out = tmp_path / "a.xlsx"
    assert cci(empty, "template", "--city", CITY, "--period", MONTH, "--out", out).exit_code == 0
    assert out.read_bytes() == write(submissions.context(empty, "city", CITY, MONTH, "cci-2019"))
    assert os.listdir(tmp_path) == ["a.xlsx"]  # noqa: PTH208 - nothing left aside
