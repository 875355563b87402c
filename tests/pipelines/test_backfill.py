"""Past months are collected and scored where they are missing or out of date, and nowhere else."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from click.testing import CliRunner, Result

from indicators import audit, edition
from pipelines import backfilling, running
from pipelines.cli import main
from pipelines.defs.scoring import ASSETS, INDEX
from pipelines.partitions import key
from pipelines.steps import collecting, crawling, facts, made_from, observing, publishing, scoring
from pipelines.steps.staleness import Reason
from pipelines.workspace import Workspace
from sandbox.deliver import deliver
from tests.pipelines.conftest import BEFORE, EDITION, MONTH, run

pytestmark = pytest.mark.month

MODEL = "model-2019"
MONTHS = [BEFORE, MONTH]
NOTHING = "2019-04"
"""A month that nobody delivered anything of."""
EVERY = (BEFORE, MONTH, "--edition", EDITION, "--edition", MODEL)


def cci(workspace: Workspace, command: str, *arguments: str, lang: str = "en") -> Result:
    """Call a command on a data folder."""
    return CliRunner().invoke(
        main, ["--data", str(workspace.root), command, "--lang", lang, *arguments]
    )


def backfill(workspace: Workspace, first: str, last: str, *more: str) -> str:
    """Backfill; what it says."""
    result = cci(workspace, "backfill", "--from", first, "--to", last, *more)
    assert result.exit_code == 0, result.output
    return result.output


def plan(workspace: Workspace, edition_id: str = EDITION) -> backfilling.Plan:
    """What a backfill of both months would do."""
    return backfilling.plan(workspace, {edition_id: MONTHS})


def hashes(workspace: Workspace) -> dict[str, str]:
    """Hash of every partition of every table."""
    tables = workspace.root / "tables"
    return {
        path.relative_to(tables).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in tables.rglob("*.parquet")
    }


def times(workspace: Workspace) -> dict[Path, int]:
    """When every file of the data folder was written."""
    return {path: path.stat().st_mtime_ns for path in workspace.root.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two months backfilled under two editions, in an installation that was fed what `scored` was."""
    workspace = Workspace(tmp_path_factory.mktemp("backfilled"))
    deliver(workspace.inbox, facts.registry(), MONTHS)
    backfill(workspace, *EVERY)
    return workspace


@pytest.fixture
def backfilled(both: Workspace, tmp_path: Path) -> Workspace:
    """A copy of it that a test may change."""
    copy = Workspace(tmp_path / "backfilled")
    shutil.copytree(both.root, copy.root)
    return copy


def test_a_backfill_and_dagsters_own_give_the_same_bytes(
    both: Workspace, workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    """Dagster's own is the run of a range of partitions that its asset backfills launch."""
    run(workspace, "scores", MONTHS, instance, MODEL)
    assert hashes(both) == hashes(workspace)


@pytest.mark.parametrize("edition_id", [EDITION, MODEL])
def test_months_scored_one_at_a_time_have_the_same_bytes(
    backfilled: Workspace, edition_id: str
) -> None:
    before = hashes(backfilled)
    for period in reversed(MONTHS):
        scoring.score_months(backfilled, edition_id, [period])
    assert hashes(backfilled) == before


def test_dagster_knows_what_was_backfilled(both: Workspace) -> None:
    with running.home(both), dg.DagsterInstance.get() as its_own:
        for asset in ASSETS:
            known = its_own.get_materialized_partitions(dg.AssetKey(asset))
            assert known == {key(p, e) for p in MONTHS for e in (EDITION, MODEL)}


def test_what_a_killed_run_scored_without_telling_dagster_is_told_next_time(
    backfilled: Workspace,
) -> None:
    shutil.rmtree(backfilled.dagster_home)
    before = hashes(backfilled)
    backfill(backfilled, BEFORE, MONTH)
    assert hashes(backfilled) == before
    with running.home(backfilled), dg.DagsterInstance.get() as its_own:
        known = its_own.get_materialized_partitions(dg.AssetKey(INDEX))
    assert known == {key(period, EDITION) for period in MONTHS}


def test_what_is_up_to_date_is_left_alone(backfilled: Workspace) -> None:
    before = times(backfilled)
    said = backfill(backfilled, *EVERY)
    tables = backfilled.root / "tables"
    assert {path: at for path, at in times(backfilled).items() if tables in path.parents} == {
        path: at for path, at in before.items() if tables in path.parents
    }
    assert said.count("up to date") == 3
    assert f"{BEFORE}..{MONTH}" in said


def test_a_plan_says_why_and_writes_nothing(backfilled: Workspace) -> None:
    (backfilled.inbox / "city" / MONTH / "late.csv").write_text("a,b\n")
    shutil.rmtree(backfilled.store.path(INDEX, edition=MODEL, period=BEFORE).parent)
    before = times(backfilled)
    said = backfill(backfilled, *EVERY, "--plan")
    assert times(backfilled) == before
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert f"collect {BEFORE} 1 up to date" in lines
    assert f"collect {MONTH} 1 new files arrived" in lines
    assert f"score {MODEL} {BEFORE} 1 never scored" in lines
    assert f"score {MODEL} {MONTH} 1 if collecting changes its observations" in lines


def test_a_plan_is_told_in_chinese_first(both: Workspace) -> None:
    arguments = ("--from", BEFORE, "--to", MONTH, "--plan")
    result = CliRunner().invoke(main, ["--data", str(both.root), "backfill", *arguments])
    assert "已是最新" in result.output


def hashed(table: str, column: str, **more: str) -> Callable[[Workspace], None]:
    """Have a month's note say that it was made from something else."""

    def change(workspace: Workspace) -> None:
        at = {**more, "period": MONTH}
        other = workspace.store.read(table, **at).with_columns(pl.lit("0" * 64).alias(column))
        workspace.store.write(table, other, **at)

    return change


def sent_by_hand(workspace: Workspace) -> None:
    """A submission was accepted: it is landed without having been collected."""
    receipt = next((workspace.landing / "city" / MONTH).glob("*.receipt.json"))
    shutil.copyfile(receipt, receipt.with_name(f"0{receipt.name}"))


def judged(**of_source: object) -> Callable[[Workspace], None]:
    """Have the quality of a source say something else."""

    def change(workspace: Workspace) -> None:
        at = {"source_id": "ncisp", "period": MONTH}
        quality = workspace.store.read(collecting.QUALITY, **at)
        columns = {name: pl.lit(value) for name, value in of_source.items()}
        workspace.store.write(collecting.QUALITY, quality.with_columns(**columns), **at)

    return change


def no_note(workspace: Workspace) -> None:
    """The month was collected by a version that kept no notes."""
    made_from.forget(workspace, made_from.OBSERVED, period=MONTH)


def nothing_at_all(workspace: Workspace) -> None:
    """The month was never collected."""
    no_note(workspace)
    workspace.store.path(observing.OBSERVATIONS, period=MONTH).unlink()


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (lambda _: None, ()),
        (nothing_at_all, (Reason("never_collected"),)),
        (no_note, (Reason("code_changed"),)),
        (sent_by_hand, (Reason("new_files"),)),
        (hashed(made_from.OBSERVED, "cities_sha256"), (Reason("cities_changed"),)),
        (hashed(made_from.OBSERVED, "corrections_sha256"), (Reason("corrections_changed"),)),
        (hashed(made_from.OBSERVED, "code_sha256"), (Reason("code_changed"),)),
        (judged(short=True), (Reason("asked_again", "ncisp"),)),
        (judged(problems="not_found\t\tno answer"), (Reason("asked_again", "ncisp"),)),
        (judged(problems="extract_shrank\t\tsmaller"), ()),
        (judged(short=True, files=0), ()),
    ],
    ids=[
        "nothing happened",
        "never collected",
        "collected by an older version",
        "a submission",
        "the registry",
        "corrections",
        "the reader",
        "a source that fell short",
        "a source that did not answer",
        "a doubtful file",
        "a source that had nothing",
    ],
)
def test_a_month_is_collected_only_for_a_reason(
    backfilled: Workspace, change: Callable[[Workspace], None], reasons: tuple[Reason, ...]
) -> None:
    change(backfilled)
    assert plan(backfilled).collect == {BEFORE: (), MONTH: reasons}


def other_observations(workspace: Workspace) -> None:
    """One observation less."""
    frame = workspace.store.read(observing.OBSERVATIONS, period=MONTH)
    workspace.store.write(observing.OBSERVATIONS, frame.head(-1), period=MONTH)


def no_nodes(workspace: Workspace) -> None:
    """Somebody deleted a table."""
    workspace.store.path(scoring.TABLES["nodes"], edition=EDITION, period=MONTH).unlink()


@pytest.mark.parametrize(
    ("change", "key_"),
    [
        (lambda _: None, None),
        (no_nodes, "never_scored"),
        (other_observations, "observations_changed"),
        (hashed(made_from.SCORED, "cities_sha256", edition=EDITION), "cities_changed"),
        (hashed(made_from.SCORED, "edition_sha256", edition=EDITION), "edition_changed"),
        (hashed(made_from.SCORED, "code_sha256", edition=EDITION), "code_changed"),
    ],
    ids=["nothing happened", "a table", "observations", "the registry", "the edition", "the code"],
)
def test_a_month_is_scored_only_for_a_reason(
    backfilled: Workspace, change: Callable[[Workspace], None], key_: str | None
) -> None:
    change(backfilled)
    reasons = (Reason(key_),) if key_ else ()
    assert plan(backfilled).score == {EDITION: {BEFORE: (), MONTH: reasons}}
    assert plan(backfilled, MODEL).score[MODEL][BEFORE] == ()


def test_what_is_out_of_date_is_made_again(backfilled: Workspace) -> None:
    before = hashes(backfilled)
    hashed(made_from.SCORED, "code_sha256", edition=EDITION)(backfilled)
    no_nodes(backfilled)
    backfill(backfilled, BEFORE, MONTH)
    assert hashes(backfilled) == before


def test_what_was_scored_wrong_is_not_up_to_date(
    backfilled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = audit.Finding("ranks_are_complete", holds=False, detail="two cities are first")
    monkeypatch.setattr(audit, "findings", lambda *_: [wrong])
    hashed(made_from.SCORED, "code_sha256", edition=EDITION)(backfilled)
    for _ in range(2):
        result = cci(backfilled, "backfill", "--from", BEFORE, "--to", MONTH)
        assert result.exit_code == 1
        assert f"{EDITION} {MONTH}: ranks_are_complete: two cities are first" in result.output


def test_a_month_that_no_source_has_anything_of_is_told_and_not_asked_of_again(
    backfilled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawling, "crawl", crawling.leave)
    said = backfill(backfilled, NOTHING, MONTH)
    assert f"{EDITION} {NOTHING} – – – no source had anything" in " ".join(said.split())
    assert f"city had nothing of {NOTHING}" in said
    again = backfill(backfilled, NOTHING, MONTH, "--plan")
    assert f"collect {NOTHING}..{MONTH} 3 up to date" in " ".join(again.split())


def test_a_month_before_a_source_existed_is_scored_and_its_coverage_says_so(
    backfilled: Workspace,
) -> None:
    frame = backfilled.store.read(observing.OBSERVATIONS, period=BEFORE)
    few = frame.filter(pl.col("source").is_in(["city", "registry"]))
    backfilled.store.write(observing.OBSERVATIONS, few, period=BEFORE)
    said = [" ".join(line.split()) for line in backfill(backfilled, BEFORE, MONTH).splitlines()]
    thin, whole = (line for line in said if line.startswith(f"{EDITION} 2019-"))
    assert thin.startswith(f"{EDITION} {BEFORE} ")
    assert "computed only" in thin
    assert "computed only" not in whole


def test_too_little_coverage_does_not_stop_dagsters_own_backfill(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    frame = workspace.store.read(observing.OBSERVATIONS, period=BEFORE)
    workspace.store.write(observing.OBSERVATIONS, frame.head(100), period=BEFORE)
    (warning,) = run(workspace, "scores", MONTHS, instance)
    assert f"coverage_is_sufficient: {BEFORE}: " in warning


def test_every_edition_may_be_asked_for_at_once(both: Workspace) -> None:
    said = backfill(both, BEFORE, MONTH, "--edition", "all", "--plan")
    assert all(f"score {edition_id} " in said for edition_id in edition.ids())


@pytest.mark.process
def test_a_backfill_that_is_killed_goes_on_where_it_was(backfilled: Workspace) -> None:
    before = hashes(backfilled)
    for table in (*scoring.TABLES.values(), made_from.SCORED):
        shutil.rmtree(backfilled.root / "tables" / table)
    code = "from pipelines.cli import main; main()"
    command = [
        sys.executable,
        "-c",
        code,
        "--data",
        str(backfilled.root),
        "backfill",
        "--lang",
        "en",
    ]
    asked = ["--edition", EDITION, "--edition", MODEL, "--from", BEFORE, "--to", MONTH]
    with subprocess.Popen(
        [*command, *asked], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as running_:
        assert running_.stderr is not None
        for line in running_.stderr:
            if line.startswith(f"score {EDITION}"):
                os.kill(running_.pid, signal.SIGKILL)
                break
    done = {
        path: path.stat().st_mtime_ns
        for path in (backfilled.root / "tables").rglob(f"edition={EDITION}/**/*.parquet")
    }
    assert len(done) == len(MONTHS) * (len(scoring.TABLES) + 1)
    said = backfill(backfilled, *EVERY)
    assert f"score {EDITION} {BEFORE}..{MONTH} 2 up to date" in " ".join(said.split())
    assert {path: path.stat().st_mtime_ns for path in done} == done
    assert hashes(backfilled) == before


def test_a_draft_is_backfilled_but_neither_run_nor_published(backfilled: Workspace) -> None:
    draft = "cci-2020"
    backfill(backfilled, BEFORE, MONTH, "--edition", draft)
    assert plan(backfilled, draft).to_score == 0
    for command in ("run", "publish"):
        result = cci(backfilled, command, "--edition", draft, "--period", MONTH)
        assert result.exit_code == 1
        assert f"`cci edition freeze {draft}` makes it final" in result.output
    with pytest.raises(ValueError, match="drafts are never published"):
        publishing.publish_month(backfilled, draft, MONTH)
    assert not backfilled.published.exists()
    assert "is a draft" in cci(backfilled, "diff", "--edition", draft, "--period", MONTH).output
