"""`cci explain` says what each value was made of, down to voices, cells and evidence."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from pipelines import explaining
from pipelines.steps import facts
from pipelines.workspace import Workspace
from templates.catalogue import LANGS, text
from tests.templates import invented

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
