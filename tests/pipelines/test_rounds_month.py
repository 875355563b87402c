"""A round of applications on its way from delivered files to observations under each edition."""

from pathlib import Path

import polars as pl
import pytest

from indicators import edition
from pipelines.asked import asked_of
from pipelines.pages import sources as sources_page
from pipelines.steps import collecting, facts, observing
from pipelines.workspace import Workspace
from sandbox.deliver import deliver
from scrapers.declaration import sources

MONTH, BETWEEN = "2019-06", "2019-05"
IN_ROUNDS = ("applications", "assessor")
HEAD = "period,city_code,measure,value,edition,evidence"
DOCUMENT = "模拟评审办〔2019〕12号"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A round, and what cities submit every month, collected and observed; never changed by a test."""
    workspace = Workspace(tmp_path_factory.mktemp("round"))
    facts.write_registry(workspace)
    deliver(workspace.inbox, facts.registry(), [BETWEEN, MONTH])
    for source_id in (*IN_ROUNDS, "city", "population"):
        collecting.collect(workspace, sources()[source_id], MONTH)
    observing.observe(workspace, MONTH)
    return workspace


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    """An installation that nothing was delivered to."""
    workspace = Workspace(tmp_path)
    facts.write_registry(workspace)
    return workspace


def observations(workspace: Workspace) -> pl.DataFrame:
    return workspace.store.read(observing.OBSERVATIONS, period=MONTH)


def award(workspace: Workspace, *rows: str) -> pl.DataFrame:
    """Records of a table of awards that is delivered and collected."""
    folder = workspace.inbox / "assessor" / MONTH
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "awards.csv").write_text("\n".join([HEAD, *rows, ""]), encoding="utf-8")
    collecting.collect(workspace, sources()["assessor"], MONTH)
    return workspace.store.read(collecting.RECORDS, source_id="assessor", period=MONTH)


def refusals(workspace: Workspace) -> list[tuple[int, str, str]]:
    table = workspace.store.read(collecting.REFUSALS, source_id="assessor", period=MONTH)
    return table.select("row", "field", "reason").rows()


@pytest.mark.parametrize("source_id", IN_ROUNDS)
def test_a_round_brings_what_its_declaration_expects(collected: Workspace, source_id: str) -> None:
    quality = collected.store.read(collecting.QUALITY, source_id=source_id, period=MONTH)
    (row,) = quality.iter_rows(named=True)
    assert not row["short"]
    assert row["cities"] > 170
    assert 0 < row["refused"] < 6
    assert row["simulated"]
    assert row["expected_cities"] == sources()[source_id].expect.cities.min


@pytest.mark.parametrize("source_id", IN_ROUNDS)
def test_between_rounds_a_source_that_brings_nothing_does_not_fail(
    collected: Workspace, source_id: str
) -> None:
    brought = collecting.collect(collected, sources()[source_id], BETWEEN)
    assert (brought.files, brought.short, brought.expected_cities) == (0, False, 0)


@pytest.mark.parametrize("source_id", IN_ROUNDS)
def test_a_round_that_brings_nothing_does(empty: Workspace, source_id: str) -> None:
    assert collecting.collect(empty, sources()[source_id], MONTH).short


def test_awards_are_observed_under_the_edition_that_they_were_given_under(
    collected: Workspace,
) -> None:
    awards = observations(collected).filter(pl.col("source") == "assessor")
    assert set(awards["awarded_under"]) == {"model-2016", "model-2017", "model-2019", "model-2021"}
    assert awards["simulated"].all()
    assert awards["evidence"].str.contains("模拟评审办〔2019〕").all()
    seen = observing.of_edition(observations(collected), "model-2019")
    assert set(seen["awarded_under"]) == {"", "model-2019"}


def test_two_sources_of_one_kind_stand_side_by_side(collected: Workspace) -> None:
    of_cities = observations(collected).filter(pl.col("source") == "city")
    assert set(of_cities["source_id"]) == {"city", "applications"}
    assert not of_cities["discrepancy"].any()
    applied = of_cities.filter(pl.col("source_id") == "applications")
    assert applied["evidence"].is_not_null().any()
    assert set(applied["measure"]) == set(asked_of(sources()["applications"]))


def test_the_monthly_edition_does_not_see_what_only_applicants_tell(collected: Workspace) -> None:
    seen = observing.of_edition(observations(collected), edition.CURRENT)
    assert set(seen["source_id"]) == {"city", "population"}
    everything = observing.of_edition(observations(collected), "model-2019")
    criteria = edition.load("model-2019")
    applied = everything.filter(pl.col("source_id") == "applications")["measure"].unique()
    assert set(applied) <= {*criteria.measures, *criteria.gate_measures}
    assert {"data_errors", "government_breaches"} <= set(applied)


def test_what_is_asked_every_month_is_not_asked_again() -> None:
    asked = set(asked_of(sources()["applications"]))
    assert asked.isdisjoint(edition.load(edition.CURRENT).measures)
    assert asked < set(asked_of(sources()["city"]))


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        (f"{MONTH},330100,core_values,4.5,model-2019,{DOCUMENT}", (2, "value", "award_above_points")),
        (f"{MONTH},330100,core_values,-1,model-2019,{DOCUMENT}", (2, "value", "negative")),
        (f"{MONTH},330100,core_values,4,model-2018,{DOCUMENT}", (2, "edition", "edition_unknown")),
        (f"{MONTH},330100,core_values,4,,{DOCUMENT}", (2, "edition", "edition_unknown")),
        (f"{MONTH},330100,core_values,4,cci-2019,{DOCUMENT}", (2, "measure", "measure_unknown")),
        (f"{MONTH},330100,core_values,4,model-2021,{DOCUMENT}", (2, "measure", "measure_unknown")),
        (f"{MONTH},371200,core_values,4,model-2019,{DOCUMENT}", (2, "city_code", "city_unknown")),
        (f"{BETWEEN},330100,core_values,4,model-2019,{DOCUMENT}", (2, "period", "period_unknown")),
        (f"{MONTH},330100,core_values,4,model-2019,", (2, "evidence", "evidence_missing")),
        (f"{MONTH},330100,basic_indicators,2,model-2021,{DOCUMENT}", (2, "value", "award_above_points")),
    ],
)  # fmt: skip
def test_an_award_that_cannot_stand_is_refused_by_its_row_and_the_others_are_taken(
    empty: Workspace, row: str, refusal: tuple[int, str, str]
) -> None:
    good = f"{MONTH},330200,core_values,4,model-2019,{DOCUMENT}"
    records = award(empty, row, good)
    assert records.select("city_code", "value", "part").rows() == [("330200", 4.0, "model-2019")]
    assert refusals(empty) == [refusal]


def test_an_award_under_an_edition_that_is_not_valid_yet_is_refused(
    empty: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: edition.Edition, period: str) -> None:  # noqa: ARG001 - as the method has it
        raise ValueError

    monkeypatch.setattr(edition.Edition, "refuse_period", refuse)
    assert award(empty, f"{MONTH},330100,core_values,4,model-2019,{DOCUMENT}").is_empty()
    assert refusals(empty) == [(2, "edition", "edition_not_valid")]


def test_one_edition_s_award_is_no_duplicate_of_anothers(empty: Workspace) -> None:
    rows = [f"{MONTH},330100,core_values,3,model-{year},{DOCUMENT}" for year in (2017, 2019)]
    assert sorted(award(empty, *rows)["part"]) == ["model-2017", "model-2019"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_sources_tells_of_rounds(lang: str) -> None:
    page = sources_page.context([], lang)
    (applications,) = [source for source in page.sources if source.id == "applications"]
    told = [fact.value for fact in applications.facts]
    assert any(("6月" if lang == "zh" else "June") in value for value in told)
    assert applications.simulated
    assert "listed_violations" not in [measure.id for measure in applications.measures]
    assert "data_errors" in [measure.id for measure in applications.measures]
