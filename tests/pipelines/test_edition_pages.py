"""The page of editions side by side, and what methodology says of drafts, gates and subjects."""

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indicators import edition as editions
from indicators.edition_text import draft
from pipelines.pages import addresses, edition_weights, methodology
from templates.catalogue import text
from templates.environment import render

LANGS = ("zh", "en")


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a draft of its own."""
    folder = tmp_path / "editions"
    folder.mkdir()
    written = editions.file_of("cci-2019").read_text(encoding="utf-8")
    (folder / "cci-2031.toml").write_text(draft(written, "cci-2031"), encoding="utf-8")
    editions.search(folder)
    yield tmp_path
    editions.search()


def rows(lang: str, anchor: str) -> dict[str, list[str]]:
    """Points in the lines of a table, by the name of the line."""
    (table,) = (t for t in edition_weights.context(lang).tables if t.anchor == anchor)
    return {row.name: [cell.points for cell in row.cells] for row in table.rows}


@pytest.mark.parametrize("lang", LANGS)
def test_figure_8_comes_out_of_the_edition_files(lang: str) -> None:
    found = rows(lang, "subjects-model")
    information = "信用信息共建共享" if lang == "zh" else "Information sharing"
    supervision = "信用监管" if lang == "zh" else "Credit supervision"
    assert found[information] == ["55", "15", "17", "25"]
    assert found[supervision] == ["20", "10", "22", "25"]
    assert found[text("editions.general_sum", lang)] == ["–", "32", "24", "6"]
    assert found[text("editions.total", lang)] == ["100 + 20", *["100 + 10"] * 3]


def test_figures_9_and_13_have_the_criteria_of_three_editions() -> None:
    sharing = rows("en", "information_sharing")
    assert sharing["Unified social credit code coverage"] == ["2", "1", "–"]
    assert sharing["Departments sharing information"] == ["2", "4", "7"]
    assert sharing["Data security"] == ["–", "–", "2"]
    assert sharing["Total"] == ["15", "17", "25"]
    supervision = rows("en", "supervision")
    assert supervision["Credit reports"] == ["–", "5", "–"]
    assert supervision["Total"] == ["10", "22", "25"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_chart_says_in_words_what_it_draws(lang: str) -> None:
    chart = edition_weights.context(lang).chart
    (words,) = re.findall(r'aria-label="([^"]*)"', chart.svg)
    for moved in ("2017 15, 2019 17, 2021 25", "2017 10, 2019 22, 2021 25"):
        assert moved in words
    assert [row[1:] for row in chart.rows] == [
        ("15", "17", "25"),
        ("10", "22", "25"),
        ("32", "24", "6"),
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_monitoring_editions_stand_side_by_side_with_their_shares(lang: str) -> None:
    found = rows(lang, "subjects-monitoring")
    assert found["信用监管" if lang == "zh" else "Credit supervision"] == ["61", "37"]
    assert found[text("editions.total", lang)] == ["140", "100"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_names_every_public_edition_and_no_draft_of_an_installation(
    lang: str, local: Path
) -> None:
    assert local
    page = render("editions", edition_weights.context(lang), lang)
    for edition_id in editions.public_ids():
        assert f'href="{edition_id}/methodology.html"' in page
    assert "cci-2031" not in page
    assert text("edition.draft", lang) in page


def test_the_same_is_to_be_had_as_data() -> None:
    told = json.loads(edition_weights.as_data())
    points = {one["edition"]: one["points_by_subject"] for one in told["editions"]}
    moved = [points[f"model-{y}"]["information_sharing"] for y in (2017, 2019, 2021)]
    assert moved == [15, 17, 25]
    assert {one["edition"]: one["status"] for one in told["editions"]}["cci-2020"] == "draft"


@pytest.mark.parametrize("lang", LANGS)
def test_methodology_shows_every_condition_of_a_gate(lang: str) -> None:
    page = html.unescape(render("methodology", methodology.context("model-2019", lang), lang))
    found = editions.load("model-2019")
    for condition in found.gate:
        assert f'id="gate-{condition.id}"' in page
        assert (condition.reason_zh if lang == "zh" else condition.reason_en) in page
    assert "< 0.01%" in page
    assert "government_breaches_corrected" in page
    assert addresses.EDITIONS in page


@pytest.mark.parametrize("lang", LANGS)
def test_methodology_says_that_an_edition_is_a_draft_and_what_is_reconstructed(lang: str) -> None:
    page = html.unescape(render("methodology", methodology.context("cci-2020", lang), lang))
    assert text("methodology.draft_note", lang) in page
    assert text("methodology.reading_cci-2020", lang) in page
    assert text("methodology.assumptions_note_cci-2020", lang) in page
    assert "140" not in re.sub(r"<[^>]*>", "", page)
    final = render("methodology", methodology.context("cci-2019", lang), lang)
    assert text("methodology.draft_note", lang) not in final


def test_methodology_as_data_has_status_subjects_and_gate() -> None:
    told = json.loads(methodology.as_data("model-2019"))
    assert told["status"] == "final"
    assert len(told["basic_indicators"]) == 10
    assert {one["condition"] for one in told["gate"]} == {
        condition.id for condition in editions.load("model-2019").gate
    }
    assert {leaf["subject"] for leaf in told["leaves"]} <= set(
        editions.load("model-2019").points_by_subject
    )


@pytest.mark.process
def test_dagster_has_partitions_of_the_drafts_of_an_installation(local: Path) -> None:
    asked = (
        "from pipelines.definitions import defs\n"
        "graph = defs().resolve_asset_graph()\n"
        "from pipelines.partitions import months_by_edition\n"
        "print(months_by_edition.has_partition_key('cci-2031|2019-06'))"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "CCI_DATA": str(local)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines()[-1] == "True"
