"""`cci report`: what bulletins and reports say of what is published, and where the site has them."""

import json
import pickle
import posixpath
import re
from functools import partial
from html import unescape
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from indicators import consultation, groups
from pipelines import pages, pdf, reported
from pipelines.cli import main
from pipelines.pages import all_reports, annual, papers
from pipelines.steps import assessing, reporting
from pipelines.workspace import Workspace
from templates.catalogue import LANGS, text
from templates.environment import render
from tests.templates import invented
from warehouse import publication

LAST, FIRST = "2019-06", "2019-03"
EDITION = "cci-2019"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two published months of twelve cities, and all reports of them, pages alone."""
    workspace = Workspace(tmp_path_factory.mktemp("reports"))
    for period in (FIRST, LAST):
        invented.publish_invented(workspace.published, period=period)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers, "_printer", _unavailable)
        last = reporting.published(workspace, EDITION, LAST)
        for each in (
            reporting.write_ranking(workspace, last, "zh"),
            reporting.write_cities(workspace, last, "zh", None),
            reporting.write_consultation(workspace, last, "zh"),
            reporting.write_annual(workspace, EDITION, "2019", "zh"),
        ):
            assert "no printer" in each.problem
    return workspace


def _unavailable() -> None:
    raise pdf.PdfUnavailableError("no printer in this test")


@pytest.fixture
def month(made: Workspace) -> Path:
    return made.reports / EDITION / LAST / "r1"


def _html(folder: Path, name: str) -> str:
    return (folder / f"{name}.html").read_text(encoding="utf-8")


def _text(folder: Path, name: str) -> str:
    """Text of a page, tags left out."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", _html(folder, name))))


def _run(workspace: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(workspace.root), "report", *arguments])


def test_every_page_says_that_it_is_computed_from_invented_data(made: Workspace) -> None:
    found = sorted(made.reports.rglob("*.html"))
    assert len(found) == 2 * (1 + 13 + 12 + 1)
    for path in found:
        page = path.read_text(encoding="utf-8")
        assert 'class="banner"' in page, path
        assert 'class="origin computed"' in page, path
        assert 'class="origin published"' not in page, path


def test_no_page_has_a_hostile_name_or_an_inline_style_or_script(made: Workspace) -> None:
    for path in made.reports.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert invented.HOSTILE not in page
        assert " style=" not in page
        assert "<style" not in page


def test_every_drawing_has_words_and_a_table_behind_it(made: Workspace) -> None:
    for path in made.reports.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
        assert len(figures) == page.count("<svg")
        for figure in figures:
            assert re.search(r'role="img" aria-label="[^"]+"', figure)
            assert '<table class="behind">' in figure


def test_the_ranking_bulletin_prints_the_columns_of_the_magazine(month: Path) -> None:
    page = _html(month / "ranking" / "zh", "index")
    heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", page)[:4]
    assert heads == ["名次", "城市", "省份", "指数"]
    rows = re.findall(r"<tr><td.*?</tr>", page, re.DOTALL)
    assert len(rows) == 12
    beijing = next(row for row in rows if "北京市" in row)
    assert "直辖市" in beijing
    assert re.search(r">\d\d\.\d{2,3}<", beijing)
    assert "<td>江苏</td>" in page
    assert "方法说明" in page


def test_a_city_bulletin_counts_its_events_against_its_class(made: Workspace, month: Path) -> None:
    code = invented.CITIES[4][0]
    told = publication.latest(made.published, EDITION, LAST)
    assert told is not None
    events = told.frame("events").filter(city_code=code)
    bad = int((events["polarity"] == "bad").sum())
    page = _html(month / "city" / "zh", f"city/{code}")
    row = re.search(r'<th scope="row">全部</th>(.*?)</tr>', page, re.DOTALL)
    assert row is not None
    numbers = re.findall(r">([^<]+)</td>", row[1])
    assert numbers[:3] == [str(len(events)), str(bad), f"{100 * bad / len(events):.0f}%"]
    assert "监测未发现本市在以下18个领域出台的制度" in _text(month / "city" / "zh", f"city/{code}")
    assert page.count('class="n"><b>') <= 10


def test_fields_without_a_rule_leave_out_the_one_that_none_is_asked_for(month: Path) -> None:
    page = _text(month / "city" / "zh", f"city/{invented.CITIES[4][0]}")
    said = page[page.index("监测未发现") :]
    assert "司法公信" not in said
    assert "金融" not in said
    assert "价格" in said


def test_where_no_site_was_watched_the_bulletin_says_so(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    invented.publish_invented(workspace.published, watched=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers, "_printer", _unavailable)
        last = reporting.published(workspace, EDITION, LAST)
        folder = reporting.write_cities(workspace, last, "zh", ()).folder
        reporting.write_annual(workspace, EDITION, "2019", "zh")
    page = _text(folder / "en", f"city/{invented.CITIES[0][0]}")
    assert "No sites were watched in this month" in page
    annual = _text(workspace.reports / EDITION / "2019" / "annual" / "zh", "index")
    assert "信用事件未知" in annual
    assert "不足两个" in annual


def test_the_lowest_of_each_class_are_consulted_about_what_they_lost(
    made: Workspace, month: Path
) -> None:
    last = reporting.published(made, EDITION, LAST)
    codes = {path.stem for path in (month / "consultation" / "zh" / "city").glob("*.html")}
    assert codes == set(consultation.lowest(last.frame("index"), consultation.rules().lowest))
    lowest = last.frame("index").filter(city_class="provincial").sort("rank")["city_code"][-1]
    page = _text(month / "consultation" / "zh", f"city/{lowest}")
    assert "2019年第2季度" in page
    assert "列第4名" in page
    assert "2019年3月" in page  # the earliest published month of the year before
    assert page.count("答复：") == consultation.rules().leaves
    assert "签名" in page


def test_causes_add_up_to_all_points_lost(made: Workspace, month: Path) -> None:
    last = reporting.published(made, EDITION, LAST)
    for path in (month / "consultation" / "zh" / "city").glob("*.html"):
        rows = last.frame("leaves").filter(city_code=path.stem)
        lost = float((rows["points_possible"] - rows["points"]).sum())
        causes = re.search(r'<table class="causes.*?</table>', path.read_text("utf-8"), re.DOTALL)
        assert causes is not None
        shown = [float(points) for points in re.findall(r"<b>([\d.]+)</b>", causes[0])]
        assert sum(shown) == pytest.approx(lost, abs=0.005 * len(shown))


def test_causes_of_a_change_add_up_to_it_on_paper_too(month: Path) -> None:
    (code, *_) = (
        path.stem for path in sorted((month / "consultation" / "zh" / "city").glob("*.html"))
    )
    page = _html(month / "consultation" / "zh", f"city/{code}")
    section = page.split('<section id="moved">')[1].split("</section>")[0]
    for table in section.split("<table")[1:]:
        *amounts, total = (
            float(each.replace("−", "-"))
            for each in re.findall(r'<td class="n[^>]*>([^<]+)</td>', table)
        )
        assert len(amounts) > 1
        assert round(sum(amounts), 3) == total
    assert '<section id="warnings">' in page
    bulletin = _text(month / "city" / "zh", f"city/{code}")
    assert text("moved.title", "zh") in bulletin


def test_the_annual_report_names_the_months_that_are_not_published(made: Workspace) -> None:
    folder = made.reports / EDITION / "2019" / "annual"
    page = _html(folder / "zh", "index")
    assert page.count('<tr class="absent">') == 10
    said = _text(folder / "zh", "index")
    assert "2019年已发布2个月，未发布10个月" in said
    for title in (
        "四大地区",
        "长三角",
        "常住人口分档的指数",
        "地区生产总值分档的指数",
        "五个方面",
        "升降",
        "示范城市",
    ):
        assert title in said
    about = json.loads((folder / reported.MARK).read_text(encoding="utf-8"))
    assert [row[0] for row in about["publications"]] == [FIRST, LAST]


@pytest.mark.parametrize("lang", LANGS)
def test_bands_are_of_population_and_gdp(made: Workspace, lang: str) -> None:
    page = _html(made.reports / EDITION / "2019" / "annual" / lang, "index")
    section = page[page.index('id="bands"') : page.index('id="dimensions"')]
    drawn = section.split("<figure")[1:]
    assert len(drawn) == 2
    for bands, figure in zip(groups.bands(), drawn, strict=True):
        names = [band.zh if lang == "zh" else band.en for band in bands.bands]
        rows = re.findall(r'<th scope="row">(.*?)</th>', figure)
        assert rows
        # Bands without a city are left out, the others stand from the smallest up.
        assert rows == [name for name in names if name in rows]


@pytest.mark.parametrize(("lang", "said"), [("zh", "不按其分档"), ("en", "no bands of it")])
def test_a_year_before_gdp_was_collected_says_so_instead_of_an_empty_table(
    made: Workspace, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    frame = annual.Year.frame

    def without_gdp(year: annual.Year, name: str, month: str) -> pl.DataFrame:
        found = frame(year, name, month)
        return found.filter(pl.col("measure") != "gdp") if name == "observations" else found

    monkeypatch.setattr(annual.Year, "frame", without_gdp)
    months = {p.period: p for p in publication.everything(made.published)}
    year = annual.read("2019", months, assessing.cohorts())
    of_population, of_gdp = annual.context(year, lang).bands
    assert of_population.chart
    assert of_gdp.chart is None
    assert said in of_gdp.note


def test_the_contents_lead_to_every_section(made: Workspace) -> None:
    page = _html(made.reports / EDITION / "2019" / "annual" / "en", "index")
    listed = re.findall(r'<li><a href="#(\w+)">', page)
    assert len(listed) == 10
    assert listed == re.findall(r'<section id="(\w+)">', page)


def test_the_same_publications_give_the_same_bytes(made: Workspace) -> None:
    before = {p: p.read_bytes() for p in made.reports.rglob("*") if p.is_file()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers, "_printer", _unavailable)
        last = reporting.published(made, EDITION, LAST)
        reporting.write_ranking(made, last, "zh")
        reporting.write_consultation(made, last, "zh")
        reporting.write_annual(made, EDITION, "2019", "zh")
    assert {p: p.read_bytes() for p in made.reports.rglob("*") if p.is_file()} == before


def test_the_site_has_the_reports_with_a_way_back_and_months_link_them(
    made: Workspace, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shown = reported.shown(made)
    assert [each.about["kind"] for each in shown] == ["city", "consultation", "ranking", "annual"]
    publications = publication.everything(made.published)
    pages.render_site(
        site,
        publications,
        assessing.rankings(),
        assessing.cohorts(),
        reports=[each.about for each in shown],
    )
    for each in shown:
        reported.link(each, site)
    for lang, prefix in (("zh", ""), ("en", "en/")):
        for period, linked in ((LAST, 4), (FIRST, 1)):
            folder = f"{prefix}{EDITION}/{period}"
            page = (site / folder / "index.html").read_text(encoding="utf-8")
            links = re.findall(r'href="([^"]*reports/[^"]+)"', page)
            assert len(links) == linked
            for link in links:
                assert (site / posixpath.normpath(f"{folder}/{link}")).is_file()
                assert f"/{lang}/index.html" in link
        path = site / shown[0].address / lang / "city" / f"{invented.CITIES[0][0]}.html"
        above = re.findall(r'<li><a href="([^"]+)"', path.read_text(encoding="utf-8"))
        assert [(path.parent / each).resolve() for each in above] == [
            (site / prefix / address).resolve()
            for address in ("index.html", "reports/index.html", f"{EDITION}/{LAST}/index.html")
        ]


def test_one_page_lists_all_reports_the_annual_ones_first(made: Workspace) -> None:
    shown = [each.about for each in reported.shown(made)]
    earlier = [about | {"period": about["period"].replace("2019", "2018")} for about in shown]
    for lang in LANGS:
        context = all_reports.context([*earlier, *shown], lang)
        listed = [line.report.href for _, lines in context.years for line in lines]
        assert [year for year, _ in context.years] == ["2019", "2018"]
        assert len(listed) == 2 * len(shown) == len(set(listed))
        assert [href.split("/")[-3] for href in listed[:4]] == [
            "annual", "consultation", "ranking", "city",
        ]  # fmt: skip
        page = render("all_reports", context, lang)
        assert all(f'href="{href}"' in page for href in listed)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ranking", "--period", "2018-01"], "cci publish --period 2018-01"),
        (["consultation", "--period", "2018-01"], "is not published"),
        (["city", "--period", LAST, "--city", "659999"], "659999 is not in the publication"),
        (["annual", "--year", "2017"], "no month of 2017 is published"),
    ],
)
def test_what_cannot_be_reported_on_is_said(
    made: Workspace, arguments: list[str], said: str
) -> None:
    done = _run(made, *arguments)
    assert done.exit_code == 1
    assert said in done.output


def test_papers_are_made_of_the_last_month_of_a_quarter(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    invented.publish_invented(workspace.published, period="2019-05")
    done = _run(workspace, "consultation", "--period", "2019-05")
    assert done.exit_code == 1
    assert "here 2019-06" in done.output


def test_the_command_says_where_the_pages_lie(
    made: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "_printer", _unavailable)
    done = _run(made, "ranking", "--period", LAST, "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "no PDFs were made: no printer" in done.output
    assert (
        str(made.reports / EDITION / LAST / "r1" / "ranking" / "en" / "index.html") in done.output
    )


def test_model_cities_are_those_that_were_named_by_the_end_of_the_year(made: Workspace) -> None:
    page = _html(made.reports / EDITION / "2019" / "annual" / "zh", "index")
    table = page[page.index('<table class="models">') :]
    assert "杭州市" in table
    assert set(re.findall(r"<td>(20\d\d)</td>", table)) <= {"2017", "2019"}


def test_both_languages_have_the_same_pages(made: Workspace) -> None:
    for mark in made.reports.rglob(reported.MARK):
        zh, en = (
            {p.relative_to(mark.parent / lang) for p in (mark.parent / lang).rglob("*.html")}
            for lang in LANGS
        )
        assert zh == en


def test_bulletins_are_the_same_wherever_a_process_makes_them(
    made: Workspace, month: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "_printer", _unavailable)
    job, _ = papers.begin(
        tmp_path, before=tmp_path / "none", pdf_lang="zh", pdf_codes=None, folder="city"
    )
    last = reporting.published(made, EDITION, LAST)
    work = pickle.loads(pickle.dumps(partial(reporting.write_city_bulletins, last, job)))  # noqa: S301 - our own
    code = invented.CITIES[3][0]
    assert work([code]) == {}
    for lang in LANGS:
        page = f"{lang}/city/{code}.html"
        assert (tmp_path / page).read_bytes() == (month / "city" / page).read_bytes()
