"""A month collected from the stand-in country: what came out is what went in."""

import shutil
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines.outside import outside
from pipelines.steps import collecting, observing, publishing
from pipelines.workspace import Workspace
from sandbox.country import Country
from scrapers.credit_code import check_character
from scrapers.declaration import sources
from scrapers.landing import digest
from tests.pipelines.conftest import EDITION, MONTH, run

pytestmark = pytest.mark.month


def collected(
    root: Path, instance: dg.DagsterInstance, *faults: str
) -> tuple[Workspace, Country, list[str]]:
    """A data folder whose month came from a country, the country, and the warnings."""
    workspace = Workspace(root)
    country = Country.found(MONTH, MONTH, faults=faults)
    country.save(workspace.sandbox)
    with outside(workspace):
        warnings = run(workspace, "collection", [MONTH], instance)
    return workspace, country, warnings


@pytest.fixture(scope="module")
def faultless(
    tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance
) -> tuple[Workspace, Country, list[str]]:
    """A month of a country in which nothing is amiss."""
    return collected(tmp_path_factory.mktemp("faultless"), instance)


def test_without_faults_every_measure_of_every_city_agrees_exactly(
    faultless: tuple[Workspace, Country, list[str]],
) -> None:
    workspace, country, warnings = faultless
    assert warnings == []
    key = ["period", "city_code", "measure"]
    found = workspace.store.read(observing.OBSERVATIONS, period=MONTH).select(*key, "value")
    truth = country.truth(MONTH).select(*key, "value")
    assert found.sort(key).equals(truth.sort(key))


def test_without_faults_nothing_is_refused_late_corrected_or_in_discrepancy(
    faultless: tuple[Workspace, Country, list[str]],
) -> None:
    workspace, _, _ = faultless
    observations = workspace.store.read(observing.OBSERVATIONS, period=MONTH)
    assert not observations.select("late", "corrected", "discrepancy").to_numpy().any()
    assert observations["left_out"].sum() == 0
    inputs = observing.inputs(workspace, MONTH)
    assert inputs["refusals"].is_empty()
    assert not inputs["quality"]["short"].any()
    assert set(inputs["quality"]["problems"]) == {""}


def test_every_value_names_a_receipt_or_the_voices_behind_it(
    faultless: tuple[Workspace, Country, list[str]],
) -> None:
    workspace, _, _ = faultless
    observations = workspace.store.read(observing.OBSERVATIONS, period=MONTH)
    contributions = workspace.store.read(observing.CONTRIBUTIONS, period=MONTH)
    receipts = set(observing.inputs(workspace, MONTH)["receipts"]["sha256"])
    assert set(observations["sha256"].drop_nulls()) | set(contributions["sha256"]) <= receipts
    several = observations.filter(pl.col("sha256").is_null())
    key = ["city_code", "measure"]
    assert several.join(contributions, on=key, how="anti").is_empty()
    assert contributions.join(several, on=key, how="anti").is_empty()


def test_collecting_again_lands_nothing_twice_and_changes_nothing(
    faultless: tuple[Workspace, Country, list[str]], tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    workspace = Workspace(tmp_path / "data")
    shutil.copytree(faultless[0].root, workspace.root)
    tables = sorted(workspace.store.root.rglob("*.parquet"))
    before = {path: digest(path) for path in tables}
    with outside(workspace):
        run(workspace, "collection", [MONTH], instance)
    assert sorted(workspace.store.root.rglob("*.parquet")) == tables
    assert [path for path in tables if digest(path) != before[path]] == []


def test_a_source_that_is_down_fails_its_asset_and_its_leaves_are_imputed(
    faultless: tuple[Workspace, Country, list[str]], tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    workspace = Workspace(tmp_path / "data")
    shutil.copytree(faultless[0].root, workspace.root)
    shutil.rmtree(workspace.landing / "ndrc" / MONTH)
    Country.found(MONTH, MONTH, faults=("down:ndrc",)).save(workspace.sandbox)
    with outside(workspace):
        (warning,) = run(workspace, "collection", [MONTH], instance)
    assert warning.startswith("landing_ndrc__records: 2019-06: 0 cities and 0 records of ndrc")
    assert "the host failed (503)" in warning
    assert "put it into inbox/ndrc/2019-06/, and run the month again" in warning
    quality = workspace.store.read(collecting.QUALITY, source_id="ndrc", period=MONTH)
    assert quality.select("short", "cities").row(0) == (True, 0)
    published, _ = publishing.publish_month(workspace, EDITION, MONTH)
    reasons = published.frame("leaves").filter(pl.col("leaf") == "ecommerce_governance")["reason"]
    assert set(reasons) == {"not assessed"}


def test_a_city_whose_records_were_all_refused_has_no_value_and_not_none_of_them(
    faultless: tuple[Workspace, Country, list[str]], tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path / "data")
    shutil.copytree(faultless[0].root, workspace.root)
    folder = workspace.inbox / "ncisp" / MONTH
    folder.mkdir(parents=True, exist_ok=True)
    codes = [chr(ord("A") + n) for n in range(5)]
    good = [f"9133010{n}MA0000000{c}" for n, c in enumerate(codes)]
    rows = [f"{code_with_check(code)},330100,black,2018-01-01,,1" for code in good]
    head = "code,city_code,list,listed,delisted,violations"
    bad = f"{code_with_check(good[0])},33020O,black,2018-01-01,,1"  # a letter in Ningbo's code
    path = folder / f"lists-330000-{MONTH}.csv"
    path.write_text("\n".join([head, *rows, bad, ""]), encoding="utf-8")
    collecting.collect(workspace, sources()["ncisp"], MONTH)
    records = workspace.store.read(collecting.RECORDS, source_id="ncisp", period=MONTH)
    listed = records.filter(pl.col("measure") == "listed_entities")
    own = dict(listed.select("city_code", "name").iter_rows())
    assert own["330100"] == path.name
    assert own["330200"] != path.name  # what was known before stands; nothing says 0
    quality = workspace.store.read(collecting.QUALITY, source_id="ncisp", period=MONTH)
    assert quality["problems"].item().startswith("extract_shrank\t\t")


def code_with_check(code: str) -> str:
    """A credit code with the check character that it must have."""
    return code[:17] + check_character(code[:17])
