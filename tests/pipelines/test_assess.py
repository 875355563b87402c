"""`cci assess`: from observations to a cohort and reports, and what is refused."""

import json
import re
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from click.testing import CliRunner, Result

from indicators import edition
from indicators.assessment import default_size
from indicators.registry import cities_of
from pipelines import assessments, pdf
from pipelines.commands.assess import assess
from pipelines.pages import addresses, api, assessed, assessment, cohort, papers, schemas
from pipelines.steps import assessing, facts, observing
from pipelines.workspace import Workspace
from templates.environment import render, render_part
from tests.pipelines import applications, test_downloads
from tests.pipelines.applications import BEST, FAILING, FAILS, GOOD, MONTH, SILENT
from tests.pipelines.conftest import run
from warehouse.contracts.tables import TABLES

EDITION = "model-2019"


@pytest.fixture(autouse=True)
def _no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages alone, which takes a tenth of the time; `test_assessment_pdf` makes PDFs."""

    def unavailable() -> None:
        raise pdf.PdfUnavailableError("no printer in this test")

    monkeypatch.setattr(papers, "_printer", unavailable)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return applications.write(tmp_path / "applications.csv", changed=FAILING)


def _assess(root: Path, *arguments: object) -> Result:
    given = ["--edition", EDITION, "--period", MONTH, *map(str, arguments)]
    return CliRunner().invoke(assess, given, obj=Workspace(root / "data"))


def _page(folder: Path, name: str) -> str:
    """Text of a page, tags left out."""
    html = (folder / f"{name}.html").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_file_is_assessed_without_an_installation(tmp_path: Path, file: Path) -> None:
    out = tmp_path / "out"
    done = _assess(tmp_path, "--observations", file, "--out", out, "--city", FAILS)
    assert done.exit_code == 0, done.output
    assert "参评 4 个城市，基本指标通过 2、未通过 1、未证明 1；推荐 2（拟推荐 16）" in done.output
    assert "99.997%" in done.output
    assert str(out / "zh" / "index.html") in done.output
    assert not (tmp_path / "data").exists()
    for lang in ("zh", "en"):
        names = {path.stem for path in (out / lang / "city").glob("*.html")}
        assert names == set(applications.CITIES)
    for table in cohort.DATA:
        test_downloads.check(
            json.loads((out / "data" / f"{table}.json").read_bytes()), schemas.schema(table)
        )
        book = pl.read_excel(out / "data" / f"{table}.xlsx", sheet_name="columns")
        assert set(book["table"]) == {table}
    standing = pl.read_csv(out / "data" / "standing.csv", schema_overrides={"city_code": pl.String})
    assert standing.filter("recommended")["city_code"].to_list() == [BEST, GOOD]


def test_a_failed_gate_shows_its_number_and_the_points_all_the_same(
    tmp_path: Path, file: Path
) -> None:
    out = tmp_path / "out"
    assert _assess(tmp_path, "--observations", file, "--out", out).exit_code == 0
    page = _page(out / "zh" / "city", FAILS)
    assert "存量代码转换率" in page
    assert re.search(r"≥ 100% 99\.997% 未通过", page)
    assert "99,997个代码" in page
    assert "applications.csv:" in page
    assert applications.EVIDENCE in page
    assert re.search(r"总分 [\d.]+ / 110", page)
    silent = _page(out / "en" / "city", SILENT)
    assert "not shown" in silent
    assert "submitted by the city" in silent
    cohort = _page(out / "zh", "index")
    assert re.search(r"宁波市 99\.997%", cohort)


def test_real_cohorts_stand_apart_and_show_the_remark_of_the_source(
    tmp_path: Path, file: Path
) -> None:
    out = tmp_path / "out"
    assert _assess(tmp_path, "--observations", file, "--out", out).exit_code == 0
    page = _page(out / "en", "index")
    assert "not necessarily the highest-ranking" in page
    assert "the 4 model cities in the list hold ranks 4, 5, 6, 8; 4 other cities stand" in page
    assert "the 6 model cities in the list hold ranks 1, 2, 4, 6, 13, 17; 11 other" in page
    real = (out / "zh" / "index.html").read_text(encoding="utf-8").split('id="real"')[1]
    assert "国家公布" in real.split("</h2>")[0]


@pytest.mark.parametrize(
    ("edition_id", "size"),
    [("model-2016", 12), ("model-2017", 12), ("model-2019", 16), ("model-2021", 34)],
)
def test_as_many_are_recommended_as_were_really_named(edition_id: str, size: int) -> None:
    assert default_size(edition.load(edition_id), assessing.cohorts()["cohort"]) == size


def test_how_many_are_recommended_can_be_said(tmp_path: Path, file: Path) -> None:
    out = tmp_path / "out"
    done = _assess(tmp_path, "--observations", file, "--out", out, "--cohort", 1)
    assert "推荐 1（拟推荐 1）" in done.output
    assert json.loads((out / "assessment.json").read_text(encoding="utf-8"))["recommended"] == 1


def test_an_edition_without_a_gate_says_so_and_passes_nobody(tmp_path: Path) -> None:
    file = applications.write(tmp_path / "a.csv", "model-2016", changed={})
    out = tmp_path / "out"
    given = ["--edition", "model-2016", "--period", MONTH, "--observations", str(file)]
    done = CliRunner().invoke(assess, [*given, "--out", str(out)], obj=Workspace(tmp_path / "data"))
    assert "参评 4 个城市；推荐 4（拟推荐 12）" in done.output
    page = _page(out / "zh" / "city", BEST)
    assert "本版标准没有基本指标" in page
    assert "基本指标通过" not in page


def test_the_finding_of_2021s_gate_is_an_assessors(tmp_path: Path) -> None:
    file = applications.write(tmp_path / "a.csv", "model-2021", changed={"basic_indicators": 0})
    given = ["--edition", "model-2021", "--period", MONTH, "--observations", str(file)]
    done = CliRunner().invoke(assess, [*given, "--city", FAILS], obj=Workspace(tmp_path / "data"))
    assert "经评审认定达到基本指标" in done.output
    assert "推荐 3（拟推荐 34）" in done.output


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path, file: Path) -> None:
    for name in ("one", "two"):
        assert _assess(tmp_path, "--observations", file, "--out", tmp_path / name).exit_code == 0
    one, two = tmp_path / "one", tmp_path / "two"
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(two) for path in two.rglob("*") if path.is_file())
    assert [f for f in files if (one / f).read_bytes() != (two / f).read_bytes()] == []


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path, file: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    done = _assess(tmp_path, "--observations", file, "--out", out)
    assert done.exit_code == 1
    assert "holds no assessment" in done.output
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_an_assessment_takes_the_place_of_the_one_before_as_a_whole(
    tmp_path: Path, file: Path
) -> None:
    out = tmp_path / "out"
    assert _assess(tmp_path, "--observations", file, "--out", out).exit_code == 0
    (out / "zh" / "city" / "999999.html").write_text("of before", encoding="utf-8")
    assert _assess(tmp_path, "--observations", file, "--out", out).exit_code == 0
    assert not (out / "zh" / "city" / "999999.html").exists()


def test_without_a_printer_pages_are_written_all_the_same(tmp_path: Path, file: Path) -> None:
    out = tmp_path / "out"
    done = _assess(tmp_path, "--observations", file, "--out", out)
    assert done.exit_code == 0
    assert all(package in done.output for package in pdf.PACKAGES)
    assert not list(out.rglob("*.pdf"))
    assert ".pdf" not in (out / "zh" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--edition", "cci-2019"), "is a monitoring edition"),
        (("--period", "2019-05"), "has no rows for 2019-05"),
        (("--city", "330999"), "is not monitored in 2019-06"),
        (("--city", "310000"), "takes no part under model-2019"),
    ],
)
def test_what_cannot_be_assessed_is_refused_with_what_to_do(
    tmp_path: Path, file: Path, arguments: tuple[str, str], said: str
) -> None:
    done = _assess(tmp_path, "--observations", file, "--out", tmp_path / "out", *arguments)
    assert done.exit_code == 1
    assert said in done.output
    assert not (tmp_path / "out").exists()


def test_a_month_in_which_nobody_applied_says_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "monthly.csv"
    file.write_text(
        f"period,city_code,measure,value\n{MONTH},330100,joint_areas,9\n", encoding="utf-8"
    )
    done = _assess(tmp_path, "--observations", file)
    assert done.exit_code == 1
    assert "no city takes part under model-2019 in 2019-06" in done.output


def test_a_bad_row_and_evidence_that_is_none_are_refused_with_their_rows(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    head = "period,city_code,measure,value,source,edition,evidence"
    file.write_text(
        f"{head}\n{MONTH},330100,innovation,11,assessor,model-2019,{applications.EVIDENCE}\n"
        f"{MONTH},330100,safeguards,1,assessor,model-2019,张三说的\n",
        encoding="utf-8",
    )
    done = _assess(tmp_path, "--observations", file)
    assert done.exit_code == 1
    assert re.search(r"bad\.csv: 第 2 行 \(row 2\): value", done.output)
    assert re.search(r"bad\.csv: 第 3 行 \(row 3\): evidence", done.output)
    assert "张三" not in done.output


def test_an_award_under_another_edition_is_not_seen(tmp_path: Path, file: Path) -> None:
    with file.open(encoding="utf-8") as lines:
        head, *rest = lines.read().splitlines()
    other = tmp_path / "other.csv"
    marked = [f"{line},model-2017" if ",assessor," in line else f"{line}," for line in rest]
    other.write_text("\n".join([f"{head},edition", *marked]) + "\n", encoding="utf-8")
    out = tmp_path / "out"
    assert _assess(tmp_path, "--observations", other, "--out", out).exit_code == 0
    criteria = pl.read_csv(out / "data" / "criteria.csv", schema_overrides={"leaf": pl.String})
    assert criteria.filter(pl.col("leaf") == "innovation")["points"].to_list() == [0.0] * 4


HOSTILE = "<script>alert(1)</script>\u202e javascript:alert(1)"


def test_hostile_names_and_evidence_are_shown_harmlessly(tmp_path: Path, file: Path) -> None:
    criteria = assessing.criteria(EDITION, MONTH)
    basis = assessing.of_file(criteria, file, MONTH)
    hostile = basis.observations.with_columns(name=pl.lit(HOSTILE), evidence=pl.lit(HOSTILE))
    made = assessing.assess(
        Workspace(tmp_path), criteria,
        assessing.Basis(MONTH, basis.cities, hostile, basis.contributions, (HOSTILE, "0" * 64)),
        None,
    )  # fmt: skip
    context = assessment.Reports(assessing.rows(made), "zh").report(BEST)
    for html in (
        render("assessment", context, "zh"),
        render_part("assessment/paper.html.j2", context, "zh"),
    ):
        assert "<script>alert" not in html
        assert 'href="javascript' not in html
        assert "&lt;script&gt;" in html
        assert re.search(r"<bdi>[^<]*&lt;script", html)


def test_a_draft_says_so_and_is_not_in_the_site(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(tmp_path / "data")
    workspace.editions.mkdir(parents=True)
    shipped = edition.file_of(EDITION).read_text(encoding="utf-8")
    draft = shipped.split("[frozen]")[0].replace(f'id = "{EDITION}"', 'id = "model-2030"')
    draft = re.sub(r'(?m)^status = "final".*$', 'status = "draft"', draft)
    (workspace.editions / "model-2030.toml").write_text(draft, encoding="utf-8")
    monkeypatch.setattr(edition, "_folders", list(edition._folders))
    edition.search(workspace.editions)
    criteria = assessing.criteria("model-2030", MONTH)
    assert criteria.status == "draft"
    made = assessing.assess(workspace, criteria, assessing.of_file(criteria, file, MONTH), None)
    target = workspace.assessments / "model-2030" / MONTH
    assessing.write_reports(made, target, pdf_lang="zh", pdf_codes=None)
    assert "草案版本" in _page(target / "zh" / "city", BEST)
    assert assessments.shown(workspace) == []


def _installation(root: Path, file: Path) -> Workspace:
    """A data folder that holds a month of applications."""
    workspace = Workspace(root / "data")
    facts.write_registry(workspace)
    criteria = edition.load(EDITION)
    observations = assessing.of_file(criteria, file, MONTH).observations.with_columns(
        simulated=pl.lit(True)
    )
    workspace.store.write(observing.OBSERVATIONS, observations, period=MONTH)
    empty = TABLES[observing.CONTRIBUTIONS].create_empty()
    workspace.store.write(observing.CONTRIBUTIONS, empty, period=MONTH)
    return workspace


def test_an_installations_assessment_is_kept_and_linked_into_the_site(
    tmp_path: Path, file: Path
) -> None:
    workspace = _installation(tmp_path, file)
    done = _assess(tmp_path, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "Simulated data" in done.output
    assert workspace.store.read(assessing.GATE, edition=EDITION, period=MONTH).height > 0
    standing = workspace.store.read(assessing.STANDING, edition=EDITION, period=MONTH)
    assert standing["simulated"].all()
    site = tmp_path / "site"
    (found,) = assessments.shown(workspace)
    assessments.link(found, site)
    api.write(site, [], [found.about], [])
    (listed,) = json.loads((site / addresses.API_INDEX).read_bytes())["assessments"]
    for table in listed["tables"]:
        assert (site / table["schema"]).is_file()
        assert all((site / file).is_file() for file in table["files"])
    page = (site / "assessments" / EDITION / MONTH / "en" / "city" / f"{BEST}.html").read_text()
    assert 'href="../index.html#data"' in page
    assert 'href="../../../../../en/assessments/index.html"' in page
    kept = workspace.assessments / EDITION / MONTH / "en" / "city" / f"{BEST}.html"
    assert "assessments/index.html" not in kept.read_text(encoding="utf-8")


def test_a_files_assessment_lies_apart_from_the_installations(tmp_path: Path, file: Path) -> None:
    workspace = _installation(tmp_path, file)
    assert _assess(tmp_path, "--observations", file).exit_code == 0
    (folder,) = (workspace.assessments / EDITION).iterdir()
    assert re.fullmatch(rf"{MONTH}-[0-9a-f]{{8}}", folder.name)
    assert assessments.shown(workspace) == []


@pytest.mark.month
def test_assets_assess_a_month_and_refuse_a_monitoring_edition(
    tmp_path: Path, file: Path, instance: dg.DagsterInstance
) -> None:
    workspace = _installation(tmp_path, file)
    run(workspace, "assessment", [MONTH], instance, EDITION)
    by_asset = workspace.assessments / EDITION / MONTH
    before = {path: path.read_bytes() for path in by_asset.rglob("*") if path.is_file()}
    assert by_asset / "zh" / "index.html" in before
    assert _assess(tmp_path).exit_code == 0
    assert {p: p.read_bytes() for p in by_asset.rglob("*") if p.is_file()} == before
    with pytest.raises(Exception, match="cci-2019 is a monitoring edition"):
        run(workspace, "assessment", [MONTH], instance, "cci-2019")


def test_a_place_is_taken_from_the_observations_where_nothing_is_published(
    tmp_path: Path, file: Path
) -> None:
    criteria = assessing.criteria(EDITION, MONTH)
    made = assessing.assess(
        Workspace(tmp_path), criteria, assessing.of_file(criteria, file, MONTH), None
    )
    assert made.places.origin == "unknown", "four cities do not make a monitoring index"
    monitoring = edition.load(edition.CURRENT)
    cities = cities_of(facts.registry(), MONTH)["city_code"]
    basis = assessing.of_file(criteria, file, MONTH)
    invented = pl.DataFrame({"city_code": cities}).join(
        pl.DataFrame({"measure": monitoring.measures}), how="cross"
    )
    template = basis.observations.head(1).drop("city_code", "measure", "value", "awarded_under")
    full = invented.join(template, how="cross").with_columns(
        value=pl.col("city_code").cast(pl.Float64) % 7 / 7, awarded_under=pl.lit("")
    )
    others = basis.observations.join(full, on=["city_code", "measure"], how="anti")
    both = pl.concat([others, full.select(others.columns)])
    enough = assessing.Basis(MONTH, basis.cities, both, basis.contributions)
    computed = assessing.assess(Workspace(tmp_path), criteria, enough, None)
    assert computed.places.origin == "computed"
    assert computed.standing["place"].null_count() == 0


def test_rows_of_an_assessment_hold_only_who_takes_part(tmp_path: Path, file: Path) -> None:
    criteria = assessing.criteria(EDITION, MONTH)
    made = assessing.assess(
        Workspace(tmp_path), criteria, assessing.of_file(criteria, file, MONTH), None
    )
    rows = assessing.rows(made)
    assert isinstance(rows, assessed.Assessed)
    assert set(rows.standing) == set(rows.gate) == set(applications.CITIES)
    assert set(rows.groups) == {"cohort", "provincial"}
