"""Faults that a run must survive, and wrong numbers that it must not publish."""

import dagster as dg
import polars as pl
import pytest

from indicators import audit, edition
from pipelines import running
from pipelines.steps import collecting, observing, publishing, scoring
from pipelines.workspace import Workspace
from scrapers.declaration import sources
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
    before = records_of(workspace, "city")
    inbox_file(workspace, "city", "broken.csv", content)
    collecting.collect(workspace, sources()["city"], MONTH)
    assert records_of(workspace, "city").equals(before)
    refusals = workspace.store.read(collecting.REFUSALS, source_id="city", period=MONTH)
    assert refusals.filter(pl.col("name") == "broken.csv")["reason"].to_list() == [reason]


def test_the_same_file_delivered_twice_counts_once(workspace: Workspace) -> None:
    before = records_of(workspace, "ncisp")
    folder = workspace.inbox / "ncisp" / MONTH
    first = next(folder.glob(f"ncisp-{MONTH}.csv"))
    (folder / "again.csv").write_bytes(first.read_bytes())
    collecting.collect(workspace, sources()["ncisp"], MONTH)
    assert records_of(workspace, "ncisp").equals(before)


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
    file = next((workspace.landing / "city" / MONTH).glob("*.csv"))
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(running.RunFailed, match="is not what was landed; restore it"):
        run(workspace, "collection", [MONTH], instance)


def test_a_source_that_brings_nothing_fails_its_check_and_says_what_to_do(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    for path in (workspace.inbox / "ncisp" / MONTH).iterdir():
        path.unlink()
    for path in (workspace.landing / "ncisp" / MONTH).iterdir():
        path.unlink()
    run(workspace, "collection", [MONTH], instance)
    key = dg.AssetCheckKey(dg.AssetKey("landing_ncisp__records"), "brings_its_minimum")
    (record,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
    assert record.event is not None
    evaluation = record.event.asset_check_evaluation
    assert evaluation is not None
    assert not evaluation.passed
    assert "put it into inbox/ncisp/2019-06/ and run the month again" in (
        evaluation.description or ""
    )
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
        ("index", pl.lit(1, pl.Int64).alias("rank"), "ranks_are_complete"),
    ],
)
def test_a_wrong_number_in_the_tables_is_not_published_whoever_asks(
    workspace: Workspace, table: str, wrong: pl.Expr, statement: str
) -> None:
    name = scoring.TABLES[table]
    frame = workspace.store.read(name, edition=EDITION, period=MONTH).with_columns(wrong)
    workspace.store.write(name, frame, edition=EDITION, period=MONTH)
    publishing.rank_month(workspace, EDITION, MONTH)
    with pytest.raises(audit.WrongNumbersError, match=statement):
        publishing.publish_month(workspace, EDITION, MONTH)
    assert publication.latest(workspace.published, EDITION, MONTH) is None


def test_a_city_that_is_missing_from_the_scores_is_noticed(workspace: Workspace) -> None:
    scores = scoring.read_scores(workspace, EDITION, MONTH)
    cities = scoring.cities_of_month(workspace, MONTH)
    fewer = type(scores)(
        **{**vars(scores), "index": scores.index.filter(pl.col("city_code") != "330100")}
    )
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
