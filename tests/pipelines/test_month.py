"""A whole month in one process: from delivered files to pages, a correction, and a second revision."""

import csv
import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipelines import explaining, pages
from pipelines.pages import exports
from pipelines.steps import facts, publishing, scoring
from pipelines.workspace import Workspace
from sandbox.deliver import deliver
from scrapers.declaration import CLOCK
from tests.pipelines.conftest import BEFORE, EDITION, MONTH, run
from warehouse import publication

pytestmark = pytest.mark.month

HANGZHOU = "330100"
CORRECTED = "joint_departments"


@pytest.fixture(scope="module", autouse=True)
def few_pages() -> Iterator[None]:
    """Of the pages of all cities, those of one: what hostile sources sent is rendered whole."""
    render, write_cities = pages.render_publication, pages._write_cities

    def few(revision: publication.Publication, out: Path) -> None:
        render(revision, out, workers=1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "render_publication", few)
        patch.setattr(pages, "_write_cities", lambda of, out, _: write_cities(of, out, [HANGZHOU]))
        patch.setattr(pages, "_write_matrix", lambda *_: None)
        patch.setattr(exports, "WORKBOOKS", {})
        yield


@pytest.fixture(scope="module")
def walked(
    scored: Workspace,
    tmp_path_factory: pytest.TempPathFactory,
    instance: dg.DagsterInstance,
) -> Workspace:
    """The month published, then one observation corrected and the month run again."""
    workspace = Workspace(tmp_path_factory.mktemp("walked") / "data")
    shutil.copytree(scored.root, workspace.root)
    run(workspace, "publication", [MONTH], instance)
    correct(workspace, CORRECTED, "3")
    run(workspace, "collection", [MONTH], instance)
    run(workspace, "publication", [MONTH], instance)
    return workspace


def correct(workspace: Workspace, measure: str, value: str) -> Path:
    """Deliver one corrected value of Hangzhou, later than everything else."""
    file = workspace.inbox / "city" / MONTH / "city-2019-06-correction-hangzhou.csv"
    file.write_text(f"period,city_code,measure,value\n{MONTH},{HANGZHOU},{measure},{value}\n")
    when = datetime(2019, 7, 20, 9, tzinfo=CLOCK).timestamp()
    os.utime(file, (when, when))
    return file


@pytest.fixture(scope="module")
def site(walked: Workspace) -> Path:
    """The released site."""
    return walked.public / "site"


def revision(workspace: Workspace, number: int) -> publication.Publication:
    """One revision of the month."""
    return publication.revisions(workspace.published, EDITION, MONTH)[number - 1]


def test_one_corrected_observation_makes_revision_2_that_says_what_changed(
    walked: Workspace,
) -> None:
    changes = revision(walked, 2).frame("changes")
    observations = changes.filter(pl.col("kind") == "observation")
    assert observations.select("city_code", "item", "after", "name").rows() == [
        (HANGZHOU, CORRECTED, 3.0, "city-2019-06-correction-hangzhou.csv")
    ]
    leaves = changes.filter(pl.col("kind") == "leaf")
    assert leaves.select("city_code", "item").rows() == [(HANGZHOU, "joint_departments")]
    assert changes.filter(pl.col("kind") == "index")["city_code"].to_list() == [HANGZHOU]


def test_revision_1_stays_as_it_was(walked: Workspace) -> None:
    first, second = (
        revision(walked, n).frame("index").filter(pl.col("city_code") == HANGZHOU)["index"].item()
        for n in (1, 2)
    )
    assert first > second
    page = walked.public / "site" / EDITION / MONTH / "r1" / "city" / f"{HANGZHOU}.html"
    assert f"{first:.2f}" in page.read_text(encoding="utf-8")


def test_the_months_page_lists_both_revisions(site: Path) -> None:
    page = (site / EDITION / MONTH / "index.html").read_text(encoding="utf-8")
    assert 'href="r2/index.html"' in page
    assert 'href="r1/index.html"' in page


def test_running_again_without_new_input_publishes_nothing(
    walked: Workspace, instance: dg.DagsterInstance
) -> None:
    before = sorted(path for path in walked.published.rglob("*"))
    run(walked, "collection", [MONTH], instance)
    run(walked, "publication", [MONTH], instance)
    assert sorted(path for path in walked.published.rglob("*")) == before


def test_a_correction_changes_its_month_and_no_other(walked: Workspace, scored: Workspace) -> None:
    for table in scoring.TABLES.values():
        ours, theirs = (
            w.store.read(table, edition=EDITION, period=BEFORE) for w in (walked, scored)
        )
        assert ours.equals(theirs)


def test_every_page_and_export_says_that_it_is_simulated(site: Path) -> None:
    published = site / EDITION / MONTH / "r2"
    for page in (published / "index.html", published / "city" / f"{HANGZHOU}.html"):
        assert "模拟数据" in page.read_text(encoding="utf-8")
    for file in (published / "data").glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            assert "simulated" in next(csv.reader(lines)), file.name
    for file in (published / "data").glob("*.json"):
        assert json.loads(file.read_bytes())["simulated"] is True, file.name


def test_the_database_holds_what_the_pages_show(walked: Workspace) -> None:
    with duckdb.connect(str(walked.public / "cci.duckdb"), read_only=True) as db:
        rows = db.execute(
            "SELECT index FROM current_index WHERE city_code = ? AND period = ?", [HANGZHOU, MONTH]
        ).fetchall()
        revisions = db.execute(
            'SELECT revision, "current" FROM out_publications__revision ORDER BY 1'
        ).fetchall()
    index = revision(walked, 2).frame("index").filter(pl.col("city_code") == HANGZHOU)
    assert rows == [(index["index"].item(),)]
    assert revisions == [(1, False), (2, True)]


def test_every_number_is_followed_back_to_the_landed_bytes(walked: Workspace) -> None:
    explanation = explaining.explain(walked, EDITION, MONTH, HANGZHOU, "joint_departments")
    (leaf,) = explanation.leaves
    assert sum(n["points"] for n in explanation.nodes if n["level"] == 0) == pytest.approx(
        explanation.index["points"]
    )
    operands = {row["measure"]: row for row in explanation.operands}
    assert (
        leaf["value"] == operands["joint_departments"]["value"] / operands["departments"]["value"]
    )
    for row in operands.values():
        landed = pl.read_parquet(row["landed"]).filter(pl.col("row") == row["row"])
        assert landed.select("period", "city_code", "measure").row(0) == (
            MONTH, HANGZHOU, row["measure"],
        )  # fmt: skip
        assert float(landed["value"].item()) == row["value"]


def test_points_are_explained_by_the_rule_alone(walked: Workspace) -> None:
    """Points of every own value follow from value, bounds and rule as the scorecard shows them."""
    p = revision(walked, 2)
    leaves = p.frame("leaves").filter(
        (pl.col("leaf") == "listed_entity_share") & (pl.col("reason") == "")
    )
    won = 3 * ((pl.col("hi") - pl.col("value")) / (pl.col("hi") - pl.col("lo"))).clip(0, 1)
    assert leaves.filter((pl.col("points") - won).abs() > 1e-12).is_empty()


def test_another_installation_fed_the_same_files_publishes_the_same_numbers(
    walked: Workspace, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    """Twice in another folder: everything but what the pages are made of has the same bytes."""
    other = Workspace(tmp_path / "other")
    deliver(other.inbox, facts.registry(), [BEFORE, MONTH])
    run(other, "collection", [BEFORE, MONTH], instance)
    run(other, "scores", [BEFORE, MONTH], instance)
    published, _ = publishing.publish_month(other, EDITION, MONTH)
    first = revision(walked, 1)
    for path in first.folder.iterdir():
        assert (published.folder / path.name).read_bytes() == path.read_bytes(), path.name


def test_published_lists_are_never_mixed_with_computed_ones(site: Path) -> None:
    page = (site / "published" / "index.html").read_text(encoding="utf-8")
    assert "2022-08" in page
    published = facts.PUBLISHED_RANKINGS
    assert published not in scoring.TABLES.values()
    for issue in (site / "published").glob("*.html"):
        assert "模拟数据" not in issue.read_text(encoding="utf-8"), issue.name
