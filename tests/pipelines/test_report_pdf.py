"""Bulletins and reports as PDF: tagged, in their own fonts, two pages where promised, kept when true."""

import re
from dataclasses import replace

import pytest

from indicators.warnings import rules
from pipelines import pdf
from pipelines.pages import city_bulletin, papers, reading, warned, words
from pipelines.steps import reporting
from pipelines.workspace import Workspace
from scrapers.monitor.shapes import FIELDS
from templates.catalogue import LANGS, text
from templates.causes import Cause, Since
from templates.city_bulletin.context import Context, Lost
from templates.environment import render_part
from templates.scorecard.warned import CityWarning
from tests.pipelines.test_assessment_pdf import content, printer_is_there
from tests.templates import invented
from warehouse.contracts.movement import CAUSES
from warehouse.publication import Publication

pytestmark = pytest.mark.pdf
LONGEST = "150784"
"""额尔古纳市 of 内蒙古自治区: no city and no province has a longer name."""

_FIELDS = [field for fields in FIELDS.values() for field in fields]


@pytest.fixture(scope="module", autouse=True)
def _printer() -> None:
    printer_is_there()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A published month of twelve cities."""
    made = Workspace(tmp_path_factory.mktemp("papers"))
    invented.publish_invented(made.published)
    return made


@pytest.fixture(scope="module")
def published(workspace: Workspace) -> Publication:
    return reporting.published(workspace, "cci-2019", "2019-06")


def _pages(made: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content(made)))


def _fullest(bulletin: Context, rows: list[Lost]) -> Context:
    """A bulletin of the leaves that take most room, each as long as it gets."""

    def room(row: Lost) -> float:
        return max(len(row.need) / 1.6, len(row.value), len(row.median), len(row.name) / 3)

    longest: dict[str, Lost] = {}
    for row in sorted(rows, key=room):
        longest[row.name] = row
    most = sorted(longest.values(), key=room, reverse=True)[: city_bulletin.MOST_LOST]
    return replace(bulletin, lost=tuple(most))


def _since_of_all_causes(lang: str) -> Since:
    month = words.period("2018-12", lang)
    said = {"before": "78.765", "now": "67.654", "change": "−11.111"}
    return Since(
        text("moved.caption", lang, month=month, **said),
        tuple(Cause(text(f"cause.{cause}", lang), "−10.123", "down", "") for cause in CAUSES),
        "−11.111",
    )


@pytest.mark.parametrize("lang", LANGS)
def test_a_city_bulletin_has_two_pages_however_long_what_it_says(
    published: Publication, lang: str
) -> None:
    facts = reading.read(published)
    facts.cities[LONGEST] = facts.cities["411282"] | {
        "name": "额尔古纳市",
        "name_en": "Diaobingshan Lengshuijiang",
        "province": "新疆维吾尔自治区",
    }
    facts.index[LONGEST] = facts.index["411282"]
    facts.leaves[LONGEST] = facts.leaves["411282"]
    facts.history[LONGEST] = facts.history["411282"]
    maker = city_bulletin.Bulletins(facts, city_bulletin.told(published), lang)
    rows = [row for code in facts.index for row in maker.bulletin(code).lost]
    fields = text("site.join", lang).join(text(f"field.{f}", lang) for f in _FIELDS)
    said = text("bulletin.open_some", lang, n=20, fields=fields)
    fullest = replace(
        _fullest(maker.bulletin(LONGEST), rows),
        open_fields=said,
        moved=tuple(_since_of_all_causes(lang) for _ in range(2)),
        warnings=tuple(
            CityWarning(warned.rule_name(rule, lang), "123.45", "123.45", "")
            for rule in rules().values()
        ),
    )
    made = pdf.Printer(papers.PAPER).pdf(render_part("city_bulletin/paper.html.j2", fullest, lang))
    assert _pages(made) == 2


def test_reports_are_tagged_with_their_fonts_and_drawings_have_words(
    workspace: Workspace,
) -> None:
    made = reporting.write_annual(workspace, "cci-2019", "2019", "zh")
    assert not made.problem
    found = content((made.folder / "zh" / "index.pdf").read_bytes())
    assert b"/Marked true" in found
    assert b"/Lang (zh-CN)" in found
    assert found.count(b"/S /Figure") == found.count(b"/Alt ") > 0
    names = set(re.findall(rb"/FontName /([\w+-]+)", found))
    assert names
    assert all(b"Noto-Sans-CJK-SC" in name for name in names), names
    assert not (made.folder / "en" / "index.pdf").exists()
    page = (made.folder / "en" / "index.html").read_text(encoding="utf-8")
    assert 'href="../zh/index.pdf"' in page


def test_pdfs_of_named_cities_are_made_and_kept_while_they_are_true(
    workspace: Workspace, published: Publication, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (row[0] for row in invented.CITIES[:2])
    made = reporting.write_cities(workspace, published, "zh", [first])
    assert {p.name for p in made.folder.rglob("*.pdf")} == {f"{first}.pdf"}
    before = (made.folder / "zh" / "city" / f"{first}.pdf").read_bytes()
    asked: list[str] = []
    real = pdf.Printer.pdf

    def counted(self: pdf.Printer, html: str) -> bytes:
        asked.append(html)
        return real(self, html)

    monkeypatch.setattr(pdf.Printer, "pdf", counted)
    reporting.write_cities(workspace, published, "zh", [first, second])
    assert len(asked) == 1
    assert (made.folder / "zh" / "city" / f"{first}.pdf").read_bytes() == before
