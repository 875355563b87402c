"""Faults that a run must survive, and wrong numbers that it must not publish."""

import os
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from indicators import audit, edition
from indicators.score import Scores, score
from pipelines import running
from pipelines.steps import collecting, facts, observing, publishing, scoring
from pipelines.workspace import Workspace
from sandbox.deliver import deliver
from scrapers.declaration import CLOCK, sources
from tests.pipelines.conftest import EDITION, MONTH, run
from warehouse import publication

pytestmark = pytest.mark.month


def inbox_file(workspace: Workspace, source_id: str, name: str, content: bytes) -> None:
    """Deliver a file now, after all others."""
    (workspace.inbox / source_id / MONTH / name).write_bytes(content)


def records_of(workspace: Workspace, source_id: str) -> pl.DataFrame:
    """A source's records of the month."""
    return workspace.store.read(collecting.RECORDS, source_id=source_id, period=MONTH)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"PAR1 and no more", "not_parquet"),
        (b"a,b\n1,2\n", "columns_missing"),
        (
            "period,city_code,measure,value\n2019-06,杭州,departments,40\n".encode("gb18030"),
            "not_utf8",
        ),
        (b'period,city_code,measure,value\n2019-06,"330100,departments,40\n', "broken_quotes"),
        (b"period,city_code,measure,value\n2019-06,330100,departments,4,0\n", "too_many_fields"),
    ],
)
def test_a_broken_file_is_refused_and_the_others_are_kept(
    workspace: Workspace, content: bytes, reason: str
) -> None:
    before = records_of(workspace, "monitoring")
    inbox_file(workspace, "monitoring", "broken.csv", content)
    collecting.collect(workspace, sources()["monitoring"], MONTH)
    assert records_of(workspace, "monitoring").equals(before)
    refusals = workspace.store.read(collecting.REFUSALS, source_id="monitoring", period=MONTH)
    assert refusals.filter(pl.col("name") == "broken.csv")["reason"].to_list() == [reason]


def test_the_same_file_delivered_twice_counts_once(workspace: Workspace, tmp_path: Path) -> None:
    before = records_of(workspace, "ncisp")
    deliver(tmp_path, facts.registry(), [MONTH])
    for name, seconds in (("again.csv", 0), ("and-again.csv", 3600)):
        sent = tmp_path / "ncisp" / MONTH / f"ncisp-{MONTH}.csv"
        copy = shutil.copy2(sent, workspace.inbox / "ncisp" / MONTH / name)
        at = sent.stat().st_mtime + seconds
        os.utime(copy, (at, at))
    collected = collecting.collect(workspace, sources()["ncisp"], MONTH)
    # What has bytes and time of a delivery is that delivery; at another time it is a duplicate.
    assert collected.duplicate_files == 1
    assert records_of(workspace, "ncisp").equals(before)


@pytest.mark.parametrize(
    ("values", "stands", "corrected"),
    [
        ((40, 41), 41.0, True),
        ((40, 41, 40), 40.0, True),
        ((40, 40), 40.0, False),
    ],
    ids=["a correction", "a correction taken back", "sent again"],
)
def test_the_last_delivery_of_a_value_stands(
    workspace: Workspace, values: tuple[int, ...], stands: float, corrected: bool
) -> None:
    folder = workspace.inbox / "city" / MONTH
    shutil.rmtree(workspace.landing / "city" / MONTH)
    for day, value in enumerate(values, start=1):
        file = folder / f"delivery-{day}.csv"
        file.write_text(f"period,city_code,measure,value\n{MONTH},330100,departments,{value}\n")
        when = datetime(2019, 7, day, 9, tzinfo=CLOCK).timestamp()
        os.utime(file, (when, when))
    collecting.collect(workspace, sources()["city"], MONTH)
    (row,) = records_of(workspace, "city").iter_rows(named=True)
    assert (row["value"], row["corrected"]) == (stands, corrected)
    if not corrected:
        assert row["name"] == "delivery-1.csv"  # what is only sent again keeps its origin


def test_of_the_same_moment_a_correction_comes_after_what_it_corrects(workspace: Workspace) -> None:
    folder = workspace.inbox / "city" / MONTH
    head = "period,city_code,measure,value\n"
    for name, value in (("late.csv", 40), ("late-correction-1.csv", 41)):
        file = folder / name
        file.write_text(f"{head}{MONTH},330100,departments,{value}\n")
        when = datetime(2019, 7, 20, 9, tzinfo=CLOCK).timestamp()
        os.utime(file, (when, when))
    collecting.collect(workspace, sources()["city"], MONTH)
    records = records_of(workspace, "city")
    own = records.filter(pl.col("city_code") == "330100", pl.col("measure") == "departments")
    assert own["value"].to_list() == [41.0]


@pytest.mark.parametrize("name", ["张三提交.csv", "13812345678.csv", "note.json"])
def test_a_name_of_a_file_that_could_be_a_persons_is_not_kept(
    workspace: Workspace, name: str
) -> None:
    inbox_file(workspace, "city", name, b"period,city_code,measure,value\n")
    collecting.collect(workspace, sources()["city"], MONTH)
    names = workspace.store.read(collecting.RECEIPTS, source_id="city", period=MONTH)["name"]
    assert (name in names.to_list()) is (name == "note.json")


def test_a_file_that_is_still_being_written_is_left_alone(workspace: Workspace) -> None:
    before = records_of(workspace, "city")
    inbox_file(workspace, "city", ".city.csv.part", b"period,city_code,measure,value\n2019-06,33")
    collecting.collect(workspace, sources()["city"], MONTH)
    assert records_of(workspace, "city").equals(before)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2019-05,330100,departments,40", "period_unknown"),
        ("2019-06,330100,listed_entities,40", "measure_unknown"),
        ("2019-06,371200,departments,40", "city_unknown"),
        ("2019-06,330100,departments,约40", "not_a_number"),
    ],
    ids=["another month", "another source's measure", "Laiwu, which is no more", "text"],
)
def test_a_row_that_a_city_cannot_report_is_refused_with_file_and_row(
    workspace: Workspace, row: str, reason: str
) -> None:
    before = records_of(workspace, "city")
    inbox_file(workspace, "city", "x.csv", f"period,city_code,measure,value\n{row}\n".encode())
    collecting.collect(workspace, sources()["city"], MONTH)
    refusals = workspace.store.read(collecting.REFUSALS, source_id="city", period=MONTH)
    assert refusals.filter(pl.col("name") == "x.csv").select("row", "reason").rows() == [
        (2, reason)
    ]
    assert records_of(workspace, "city").equals(before)


def test_landed_bytes_that_were_tampered_with_stop_the_run(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    file = next(p for p in (workspace.landing / "city" / MONTH).iterdir() if not p.suffix)
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(running.RunFailed, match="is not what was landed; restore it"):
        run(workspace, "collection", [MONTH], instance)


def test_a_source_that_brings_nothing_fails_its_asset_and_the_month_goes_on(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    shutil.rmtree(workspace.landing / "ncisp" / MONTH)
    (warning,) = run(workspace, "collection", [MONTH], instance)
    assert warning.startswith("landing_ncisp__records: 2019-06: 0 cities and 0 records of ncisp")
    assert "put it into inbox/ncisp/2019-06/, and run the month again" in warning
    (newest,) = instance.get_runs(dg.RunsFilter(job_name="collection"), limit=1)
    assert newest.status == dg.DagsterRunStatus.FAILURE
    quality = workspace.store.read(collecting.QUALITY, source_id="ncisp", period=MONTH)
    assert quality["short"].to_list() == [True]
    run(workspace, "scores", [MONTH], instance)
    leaves = scoring.read_scores(workspace, EDITION, MONTH).leaves
    reasons = leaves.filter(pl.col("leaf") == "low_rated_share")["reason"].unique().to_list()
    assert reasons == ["not assessed"]


def test_a_month_with_too_little_coverage_is_computed_but_not_published(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    path = workspace.store.path(observing.OBSERVATIONS, period=MONTH)
    thin = pl.read_parquet(path).filter(pl.col("source").is_in(["city", "registry"]))
    workspace.store.write(observing.OBSERVATIONS, thin, period=MONTH)
    with pytest.raises(running.RunFailed, match="coverage_is_sufficient does not hold"):
        run(workspace, "publication", [MONTH], instance)
    assert len(scoring.read_scores(workspace, EDITION, MONTH).index) > 600
    assert publication.latest(workspace.published, EDITION, MONTH) is None
    assert not workspace.public.exists()


@pytest.mark.parametrize(
    ("table", "wrong", "statement"),
    [
        ("leaves", pl.col("points") * 0.5, "points_sum_to_the_tree"),
        ("nodes", pl.col("points") * 0.5, "points_sum_to_the_tree"),
        ("nodes", pl.col("points_possible") * 2, "points_sum_to_the_tree"),
        ("index", pl.lit(1, pl.Int64).alias("rank"), "ranks_are_complete"),
        ("index", pl.lit(None, pl.Float64).alias("index"), "every_city_is_scored"),
    ],
)
def test_a_wrong_number_is_not_published_whoever_asks(
    workspace: Workspace,
    table: str,
    wrong: pl.Expr,
    statement: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def miscalculated(*arguments: Any) -> Scores:
        right = score(*arguments)
        return replace(right, **{table: getattr(right, table).with_columns(wrong)})

    monkeypatch.setattr(publishing, "score", miscalculated)
    with pytest.raises(audit.WrongNumbersError, match=statement):
        publishing.publish_month(workspace, EDITION, MONTH)
    assert publication.latest(workspace.published, EDITION, MONTH) is None


def test_tables_that_were_tampered_with_do_not_reach_a_publication(workspace: Workspace) -> None:
    name = scoring.TABLES["index"]
    frame = workspace.store.read(name, edition=EDITION, period=MONTH)
    doubled = frame.with_columns(pl.col("index") * 2)
    workspace.store.write(name, doubled, edition=EDITION, period=MONTH)
    published, _ = publishing.publish_month(workspace, EDITION, MONTH)
    assert published.frame("index").equals(frame)


def test_observations_of_another_collection_are_not_published(workspace: Workspace) -> None:
    other = workspace.store.read(observing.OBSERVATIONS, period=MONTH).with_columns(
        sha256=pl.lit("0" * 64)
    )
    workspace.store.write(observing.OBSERVATIONS, other, period=MONTH)
    with pytest.raises(publishing.InputsChangedError, match="run the month again"):
        publishing.publish_month(workspace, EDITION, MONTH)


def test_a_city_that_is_missing_from_the_scores_is_noticed(workspace: Workspace) -> None:
    scores = scoring.read_scores(workspace, EDITION, MONTH)
    cities = scoring.cities_of_month(workspace, MONTH)
    fewer = replace(scores, index=scores.index.filter(pl.col("city_code") != "330100"))
    finding = audit.every_city_is_scored(edition.load(EDITION), cities, fewer)
    assert not finding.holds
    assert "330100" in finding.detail


@pytest.mark.parametrize(
    ("edition_id", "period", "message"),
    [
        ("cci-2019", "2015-12", "not valid in 2015-12; expected 2016-01 to now"),
        ("model-2021", "2099-01", "is not over"),
    ],
)
def test_a_pair_of_month_and_edition_that_is_not_valid_is_refused(
    edition_id: str, period: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        running.refuse(edition_id, period)
