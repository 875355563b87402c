"""A published month that comes out otherwise is proposed, looked at, and published by hand only."""

import json
import shutil
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from click.testing import CliRunner, Result

from pipelines import proposing
from pipelines.cli import main
from pipelines.steps import made_from, observing, publishing, scoring
from pipelines.workspace import Workspace
from tests.pipelines.conftest import EDITION, MONTH, run
from warehouse import publication

pytestmark = pytest.mark.month

SUZHOU = "320500"
FILE = "late-correction.csv"


def cci(workspace: Workspace, command: str, *arguments: str, lang: str = "en") -> Result:
    """Call a command on a data folder."""
    return CliRunner().invoke(
        main,
        ["--data", str(workspace.root), command, "--lang", lang, *arguments],
        env={"COLUMNS": "100"},
    )


def diff(workspace: Workspace) -> dict[str, Any]:
    """What `cci diff --format json` says of the month."""
    result = cci(workspace, "diff", "--period", MONTH, "--format", "json")
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.output)
    return told


@pytest.fixture(scope="module")
def published(
    scored: Workspace,
    tmp_path_factory: pytest.TempPathFactory,
) -> Workspace:
    """The month published, then corrected by a file that a backfill has taken in."""
    workspace = Workspace(tmp_path_factory.mktemp("published") / "data")
    shutil.copytree(scored.root, workspace.root)
    publishing.publish_month(workspace, EDITION, MONTH)
    rows = f"period,city_code,measure,value\n{MONTH},{SUZHOU},joint_departments,3\n"
    (workspace.inbox / "city" / MONTH / FILE).write_text(rows)
    return workspace


@pytest.fixture(scope="module")
def said(published: Workspace) -> str:
    """What the backfill said."""
    result = cci(published, "backfill", "--from", MONTH, "--to", MONTH)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def proposed(published: Workspace, said: str, tmp_path: Path) -> Workspace:
    """A copy of it that a test may change."""
    assert said
    copy = Workspace(tmp_path / "data")
    shutil.copytree(published.root, copy.root)
    return copy


def test_a_backfill_names_what_would_change_and_publishes_nothing(
    published: Workspace, said: str
) -> None:
    assert f"{EDITION} {MONTH}: other numbers than are published, a proposed revision" in said
    assert f"cci diff --edition {EDITION} --period {MONTH}" in " ".join(said.split())
    assert "Nothing was published." in said
    stands = publication.latest(published.published, EDITION, MONTH)
    assert stands is not None
    assert stands.revision == 1
    assert not published.public.exists()


def test_a_diff_leads_from_the_city_to_the_leaf_and_the_file(proposed: Workspace) -> None:
    told = diff(proposed)
    assert (told["published"], told["revision"], told["is_new"]) == (1, 2, True)
    (first, *others) = told["cities"]
    assert first["city_code"] == SUZHOU
    assert first["index"] < first["index_before"]
    assert first["rank"] > first["rank_before"]
    assert [shift["leaf"] for shift in first["leaves"]] == [told["leaves"][0]["leaf"]]
    assert told["observations"] == [
        {"measure": "joint_departments", "source": "city", "name": FILE, "values": 1}
    ]
    moved = [abs(city["rank"] - city["rank_before"]) for city in [first, *others]]
    assert moved == sorted(moved, reverse=True)
    stands = publication.latest(proposed.published, EDITION, MONTH)
    assert stands is not None
    ranks = dict(stands.frame("index").select("city_code", "rank").iter_rows())
    assert all(ranks[city["city_code"]] == city["rank_before"] for city in told["cities"])


@pytest.mark.parametrize(("lang", "word"), [("zh", "位次"), ("en", "Rank")])
def test_a_diff_is_printed_for_a_terminal_of_100_columns(
    proposed: Workspace, lang: str, word: str
) -> None:
    result = cci(proposed, "diff", "--period", MONTH, lang=lang)
    assert result.exit_code == 0
    assert word in result.output
    assert SUZHOU in result.output
    assert FILE in result.output
    assert f"cci publish --edition {EDITION} --period {MONTH}" in result.output
    assert max(map(len, result.output.splitlines())) <= 100


def test_a_diff_changes_nothing(proposed: Workspace) -> None:
    before = {p: p.stat().st_mtime_ns for p in proposed.root.rglob("*") if p.is_file()}
    diff(proposed)
    assert {p: p.stat().st_mtime_ns for p in proposed.root.rglob("*") if p.is_file()} == before


def test_publishing_makes_the_proposal_stand_and_releases_the_site(
    proposed: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = []

    def release(workspace: Workspace) -> Path:
        released.append(workspace)
        return workspace.root

    monkeypatch.setattr(publishing, "release_site", release)
    told = diff(proposed)
    result = cci(proposed, "publish", "--period", MONTH)
    assert result.exit_code == 0, result.output
    assert f"{MONTH} is published as revision 2" in result.output
    assert len(released) == 1
    stands = publication.latest(proposed.published, EDITION, MONTH)
    assert stands is not None
    ranks = dict(stands.frame("index").select("city_code", "rank").iter_rows())
    assert all(ranks[city["city_code"]] == city["rank"] for city in told["cities"])
    result = cci(proposed, "diff", "--period", MONTH)
    assert "there is nothing to publish" in result.output
    result = cci(proposed, "publish", "--period", MONTH)
    assert f"{MONTH} gives the numbers of revision 2, which stands" in result.output
    assert not publishing.differs(proposed, EDITION, MONTH)


def test_the_first_publication_of_a_month_is_proposed_too(scored: Workspace) -> None:
    told = diff(scored)
    assert (told["published"], told["revision"], told["cities"]) == (None, 1, [])
    result = cci(scored, "diff", "--period", MONTH)
    assert "is not published; this would be revision 1" in result.output


def test_a_diff_says_what_keeps_a_month_from_being_published(workspace: Workspace) -> None:
    frame = workspace.store.read(observing.OBSERVATIONS, period=MONTH)
    workspace.store.write(observing.OBSERVATIONS, frame.head(1000), period=MONTH)
    assert list(diff(workspace)["refused"]) == ["coverage_is_sufficient"]
    result = cci(workspace, "diff", "--period", MONTH)
    assert "It cannot be published: coverage_is_sufficient" in result.output
    assert "cci publish" not in result.output
    result = cci(workspace, "publish", "--period", MONTH)
    assert result.exit_code == 1
    assert "coverage_is_sufficient does not hold" in result.output
    assert publication.latest(workspace.published, EDITION, MONTH) is None


@pytest.mark.parametrize("command", ["diff", "publish"])
def test_a_month_that_was_not_computed_is_to_be_backfilled_first(
    scored: Workspace, command: str
) -> None:
    result = cci(scored, command, "--period", "2018-01")
    assert result.exit_code == 1
    assert f"`cci backfill --edition {EDITION} --from 2018-01 --to 2018-01`" in result.output


def test_what_only_came_by_another_file_is_no_other_number(workspace: Workspace) -> None:
    publishing.publish_month(workspace, EDITION, MONTH)
    frame = workspace.store.read(observing.OBSERVATIONS, period=MONTH)
    renamed = frame.with_columns(name=pl.lit("sent-again.csv"))
    workspace.store.write(observing.OBSERVATIONS, renamed, period=MONTH)
    assert not publishing.differs(workspace, EDITION, MONTH)
    assert not publishing.propose(workspace, EDITION, MONTH).is_new
    other = frame.with_columns(pl.col("value") + 1)
    workspace.store.write(observing.OBSERVATIONS, other, period=MONTH)
    assert publishing.differs(workspace, EDITION, MONTH)


def test_a_city_that_came_or_went_leads_those_that_moved(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishing.publish_month(workspace, EDITION, MONTH)
    of_month = scoring.cities_of_month

    def without_suzhou(of: Workspace, period: str) -> pl.DataFrame:
        return of_month(of, period).filter(pl.col("city_code") != SUZHOU)

    monkeypatch.setattr(scoring, "cities_of_month", without_suzhou)
    told = proposing.differences(publishing.propose(workspace, EDITION, MONTH))
    gone = told.cities[0]
    assert (gone.city_code, gone.rank, gone.index) == (SUZHOU, None, None)
    assert gone.name == "苏州市"


def test_dagsters_own_run_publishes_the_month_by_itself(
    proposed: Workspace, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "release_site", lambda workspace: workspace.root)
    run(proposed, "publication", [MONTH], instance)
    stands = publication.latest(proposed.published, EDITION, MONTH)
    assert stands is not None
    assert stands.revision == 2
    assert proposed.store.has(made_from.SCORED, edition=EDITION, period=MONTH)
