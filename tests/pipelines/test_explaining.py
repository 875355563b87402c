"""`cci explain` says what each value was made of, down to voices, cells and evidence."""

import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from pipelines import explaining
from pipelines.steps import facts
from pipelines.workspace import Workspace
from templates.catalogue import LANGS, text
from tests.templates import invented
from warehouse.publication import latest

EDITION, MONTH, CITY = "cci-2019", "2019-06", "320500"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A data folder with one invented publication."""
    made = Workspace(tmp_path_factory.mktemp("data"))
    made.store.write(facts.REGISTRY, facts.registry())
    invented.publish_invented(made.published, file="a-file.csv")
    return made


def _shown(workspace: Workspace, leaf: str, lang: str) -> str:
    explanation = explaining.explain(workspace, EDITION, MONTH, CITY, leaf)
    console = Console(file=io.StringIO(), width=200)
    criteria = explaining.criteria_of(workspace, EDITION, MONTH)
    explaining.show(explanation, criteria, lang, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("lang", LANGS)
def test_a_mean_of_providers_names_every_provider_and_who_was_left_out(
    workspace: Workspace, lang: str
) -> None:
    shown = _shown(workspace, "provider_index", lang)
    assert text("trace.providers", lang, n=9, of=10) in shown
    assert shown.count("a-file.csv:") == 10
    assert shown.count(text("why.outlier", lang)) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_probes_are_summed_up_in_one_line(workspace: Workspace, lang: str) -> None:
    shown = _shown(workspace, "credit_website", lang)
    assert text("trace.probes", lang, n="{}", of=30).split("{}")[-1] in shown
    assert "a-file.csv:" not in shown


def test_records_rolled_up_are_counted(workspace: Workspace) -> None:
    shown = _shown(workspace, "listed_entity_share", "en")
    assert "rolled up from" in shown
    assert "records of a-file.csv" in shown


def test_a_cell_and_its_evidence_are_named(workspace: Workspace) -> None:
    observed = [
        row
        for row in explaining.explain(workspace, EDITION, MONTH, CITY, None).operands
        if row["evidence"]
    ]
    row = observed[0]
    leaf = next(
        leaf.id
        for leaf in explaining.criteria_of(workspace, EDITION, MONTH).leaves
        if row["measure"] in leaf.expression.measures
    )
    shown = _shown(workspace, leaf, "zh")
    assert f"a-file.csv {row['place']}" in shown
    assert f"{text('trace.evidence', 'zh')}{row['evidence']}" in shown


def test_json_has_everything_and_says_where_nothing_is_landed(workspace: Workspace) -> None:
    explanation = explaining.explain(workspace, EDITION, MONTH, CITY, "provider_index")
    content = json.loads(explaining.as_json(explanation))
    (operand,) = content["operands"]
    assert (operand["name"], operand["row"], operand["landed"]) == (None, None, None)
    assert (operand["records"], operand["left_out"]) == (10, 1)
    assert len(content["contributions"]) == 10
    assert {"part", "value", "counted", "why", "landed"} <= set(content["contributions"][0])


def test_the_file_of_each_voice_is_found_where_it_was_landed(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value of several voices has no file of its own; theirs are named, each once."""
    there = tmp_path / "kept"

    class Found:
        address = "sandbox:/provider/jia"

        def path(self, _: Path) -> Path:
            return there

    monkeypatch.setattr("scrapers.landing.find", lambda *_: Found())
    shown = _shown(workspace, "provider_index", "en")
    assert shown.count(str(there)) == 1


def _found(workspace: Workspace, leaf: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    content = json.loads(
        explaining.as_json(explaining.explain(workspace, EDITION, MONTH, CITY, leaf))
    )
    return content["events"], content["pages"]


def test_a_measure_of_monitoring_goes_on_to_the_events_that_it_rests_on(
    workspace: Workspace,
) -> None:
    publication = latest(workspace.published, EDITION, MONTH)
    assert publication is not None
    frame = publication.frame("events").filter(city_code=CITY)
    grave = frame.filter(
        pl.col("severity").is_in(["serious", "major"]), pl.col("affair") != "judicial"
    )
    events, pages = _found(workspace, "breach_feedback")
    assert {event["event_id"] for event in events} == set(grave["event_id"])
    assert pages == []
    days = [event["first_seen"] for event in events]
    assert days == sorted(days, reverse=True)
    for event in events:
        assert {"field", "severity", "subject", "answered", "title"} <= set(event)
        assert len(event["sources"]) == event["reports"] + (event["answered"] is not None)
        assert all(source["url"].startswith("http") for source in event["sources"])
    every, _ = _found(workspace, "event_disclosure")
    assert len(every) == frame.height


def test_a_measure_of_other_pages_goes_on_to_these(workspace: Workspace) -> None:
    events, pages = _found(workspace, "credit_pledges")
    assert events == []
    assert {page["kind"] for page in pages} == {"pledge"}


def test_what_rests_on_no_page_has_none(workspace: Workspace) -> None:
    assert _found(workspace, "provider_index") == ([], [])


@pytest.mark.parametrize("lang", LANGS)
def test_events_and_addresses_are_printed_and_nothing_that_turns_a_line(
    workspace: Workspace, lang: str
) -> None:
    events, _ = _found(workspace, "event_disclosure")
    shown = _shown(workspace, "event_disclosure", lang)
    assert text("cli.found_events", lang, n=len(events)) in shown
    for event in events:
        assert event["event_id"] in shown
        assert all(source["url"] in shown for source in event["sources"])
    assert text("event.gone_briefly", lang, day=events[0]["sources"][0]["gone"]) in shown
    assert "\u202e" not in shown


def test_no_more_is_printed_than_can_be_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    events, _ = _found(workspace, "event_disclosure")
    monkeypatch.setattr(explaining, "_MOST", 2)
    shown = _shown(workspace, "event_disclosure", "en")
    assert text("cli.found_more", "en", n=len(events) - 2) in shown
    assert sum(event["event_id"] in shown for event in events) == 2
