"""A month collected from the stand-in country: what came out is what went in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines import shortfall
from pipelines.outside import outside
from pipelines.steps import collecting, crawling, facts, ledger, observing
from pipelines.workspace import Workspace
from sandbox.assessors import awards
from sandbox.country import Country
from sandbox.world import Month, months_since_2016
from scrapers.credit_code import check_character
from scrapers.declaration import sources
from scrapers.fetch import SANDBOX, Client
from scrapers.landing import digest
from scrapers.monitor.ledger import MEASURES
from scrapers.web.archive import articles
from tests.pipelines.conftest import MONTH, READ_OFF, run, sites_of_zhejiang

pytestmark = pytest.mark.month


@pytest.fixture(scope="module", autouse=True)
def few_sites() -> Iterator[None]:
    """The web of one province is crawled, and of the others nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crawling, "watched", sites_of_zhejiang)
        yield


@pytest.fixture(scope="module")
def faultless(
    tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance
) -> Iterator[tuple[Workspace, Country, list[str]]]:
    """A month that came from a country in which nothing is amiss and that stays up, and warnings."""
    workspace = Workspace(tmp_path_factory.mktemp("faultless"))
    country = Country.found(MONTH, MONTH)
    country.save(workspace.sandbox)
    with outside(workspace):
        yield workspace, country, run(workspace, "collection", [MONTH], instance)


KEY = ["period", "city_code", "measure"]
IN_ZHEJIANG = pl.col("city_code").str.starts_with("33")


def test_without_faults_every_measure_of_every_city_agrees_exactly(
    faultless: tuple[Workspace, Country, list[str]],
) -> None:
    workspace, country, warnings = faultless
    # The web is never without a site that has snares; and only a part of it was crawled here.
    about_the_web = (f"{crawling.SITES}: every_site", f"{ledger.EVENTS}: enough_cities")
    assert [line for line in warnings if not line.startswith(about_the_web)] == []
    found = workspace.store.read(observing.OBSERVATIONS, period=MONTH)
    truth = country.truth(MONTH).select(*KEY, "value")
    two_sources = pl.col("measure").is_in(["disclosure_records_12m", "credit_website_clicks_12m"])
    exact = ~pl.col("measure").is_in(MEASURES) & (
        ~pl.col("measure").is_in(READ_OFF) | IN_ZHEJIANG | two_sources
    )
    reported = found.filter(pl.col("awarded_under") == "")
    agrees = reported.select(*KEY, "value").filter(exact).sort(KEY)
    assert agrees.equals(truth.filter(exact).sort(KEY))
    at = ["city_code", "awarded_under", "measure"]
    month = Month(country.cities(MONTH), months_since_2016(MONTH), country.seed)
    given = awards(month).rename({"edition": "awarded_under"}).select(*at, "value").sort(at)
    assert given.height > 0
    awarded = found.filter(pl.col("awarded_under") != "")
    assert awarded.select(*at, "value").sort(at).equals(given)


def test_what_is_read_of_pages_comes_near_to_what_happened(
    faultless: tuple[Workspace, Country, list[str]],
) -> None:
    workspace, country, _ = faultless
    found = workspace.store.read(observing.OBSERVATIONS, period=MONTH).filter(
        pl.col("measure").is_in(MEASURES)
    )
    assert found.filter(~IN_ZHEJIANG).is_empty()  # not covered, so no values: not 0
    truth = country.truth(MONTH).filter(IN_ZHEJIANG, pl.col("measure").is_in(MEASURES))
    both = truth.join(found, on=KEY, how="left", suffix="_found")
    assert both["value_found"].null_count() <= 2 * len(MEASURES)  # a site may be in a snare
    by_measure = (
        both.drop_nulls("value_found")
        .group_by("measure")
        .agg(off=(pl.col("value") - pl.col("value_found")).abs().sum() / pl.col("value").sum())
    )
    off = dict(by_measure.iter_rows())
    assert off["events_12m"] < 0.15
    assert off["breaches_12m"] < 0.35
    assert off["risk_warnings_12m"] < 0.1
    assert off["pledged_entities"] < 0.15
    assert off["national_rules_implemented"] < 0.15
    assert off["outline_fields"] == 0


def test_nothing_that_pages_tell_of_people_is_kept(
    faultless: tuple[Workspace, Country, list[str]],
) -> None:
    workspace, country, _ = faultless
    web = country.web()
    told = {
        f"http://{host}{layout.path(entry)}": web.persons(entry)
        for host, one in web.watched.items()
        if (layout := web.layout(host)) is not None
        for entry in web.archive.by_site.get(one.site.site_id, ())
    }
    kept = articles(workspace.archive).collect()
    assert len(kept) > 1000
    columns = ["title", "source", "crumbs", "paragraphs"]
    left = [
        (url, text)
        for url, *said in kept.select("url", *columns).iter_rows()
        for text in told.get(url, ())
        if text in str(said)
    ]
    assert left == []
    state = b"".join(path.read_bytes() for path in workspace.crawl.rglob("*") if path.is_file())
    # Names of two or three characters stand in any binary file; numbers and addresses do not.
    numbers = {text for texts in told.values() for text in texts if len(text) > 10}
    assert numbers
    assert not [text for text in numbers if text.encode() in state]
    pages = workspace.store.read(ledger.PAGES, period=MONTH)
    for url, *said in pages.select("url", "title", "why", "joined").iter_rows():
        assert not [text for text in told.get(url, ()) if text in str(said)], url


def test_a_leaf_leads_to_events_and_these_to_their_reports(
    faultless: tuple[Workspace, Country, list[str]],
) -> None:
    workspace, _, _ = faultless
    events = workspace.store.read(ledger.EVENTS, period=MONTH)
    pages = workspace.store.read(ledger.PAGES, period=MONTH)
    counted = pages.filter(kind="event").group_by("event_id").len("reports")
    both = events.join(counted, on="event_id", how="left", suffix="_there")
    assert both["reports"].equals(both["reports_there"].cast(pl.Int64))
    values = workspace.store.read(observing.OBSERVATIONS, period=MONTH).filter(measure="events_12m")
    per_city = events.group_by("city_code").len("events")
    joined = values.join(per_city, on="city_code", how="left").with_columns(
        pl.col("events").fill_null(0)
    )
    assert joined["value"].cast(pl.Int64).equals(joined["events"].cast(pl.Int64))


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
    run(workspace, "collection", [MONTH], instance)
    assert sorted(workspace.store.root.rglob("*.parquet")) == tables
    changed = [path for path in tables if digest(path) != before[path]]
    # How the crawls of sites went is of the last crawl; it asked for less.
    assert [path for path in changed if crawling.SITES not in path.parts] == []


def test_a_source_that_is_down_is_told_of_with_what_its_host_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SANDBOX, raising=False)  # the one that is up has nothing amiss
    monkeypatch.setattr(Client, "_backoff", lambda *_: 0.01)
    workspace, ndrc = Workspace(tmp_path), sources()["ndrc"]
    facts.write_registry(workspace)
    Country.found(MONTH, MONTH, faults=("down:ndrc",)).save(workspace.sandbox)
    with outside(workspace):
        collected = collecting.collect(workspace, ndrc, MONTH)
    assert (collected.short, collected.cities) == (True, 0)
    told = shortfall.failure(ndrc, [collected]).description or ""
    assert told.startswith("2019-06: 0 cities and 0 records of ndrc")
    assert "the host failed (503)" in told
    assert "put it into inbox/ndrc/2019-06/, and run the month again" in told


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
