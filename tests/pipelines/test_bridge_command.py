"""`cci bridge`: what is published, what is stored, and what is neither."""

import json
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from pipelines.commands.bridge import bridge
from pipelines.steps import facts, observing, scoring
from pipelines.workspace import Workspace
from tests.templates import invented

pytestmark = pytest.mark.month

BEFORE, MONTH, UNPUBLISHED = "2019-05", "2019-06", "2019-07"
BOTH = ("--edition", "cci-2019", "--with", "model-2019")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two months published under one edition, one under another, and a month of observations alone."""
    made = Workspace(tmp_path_factory.mktemp("data"))
    for period in (BEFORE, MONTH):
        publication = invented.publish_invented(made.published, period=period)
    invented.publish_invented(made.published, period=MONTH, edition_id="model-2019")
    facts.write_registry(made)
    observations = publication.frame("observations").with_columns(period=pl.lit(UNPUBLISHED))
    made.store.write(observing.OBSERVATIONS, observations, period=UNPUBLISHED)
    return made


def run(workspace: Workspace, *arguments: str) -> Result:
    """Run the command on a terminal that is wide enough."""
    return CliRunner().invoke(bridge, arguments, obj=workspace, env={"COLUMNS": "160"})


def told(workspace: Workspace, *arguments: str) -> dict[str, Any]:
    """What the command says as JSON."""
    result = run(workspace, *arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    content: dict[str, Any] = json.loads(result.stdout)
    return content


def assert_adds_up(content: dict[str, Any]) -> None:
    """The parts of a bridge lead from its first total to its last, exactly."""
    start, *_, end = (Fraction(standing["total"]) for standing in content["standings"])
    assert sum(Fraction(part["amount"]) for part in content["parts"]) == end - start


def test_a_citys_parts_lead_from_one_total_to_the_other(workspace: Workspace) -> None:
    content = told(workspace, "330100", "--period", MONTH, *BOTH)
    assert_adds_up(content)
    assert {part["step"] for part in content["parts"]} == {"edition"}
    assert [month["stands"] for month in content["months"]] == ["published", "published"]
    assert content["simulated"]


def test_since_an_earlier_month_the_citys_own_changes_come_first(workspace: Workspace) -> None:
    content = told(workspace, "330100", "--period", MONTH, "--since", BEFORE, *BOTH)
    assert_adds_up(content)
    assert [standing["period"] for standing in content["standings"]] == [BEFORE, MONTH, MONTH]
    middle = [Fraction(standing["total"]) for standing in content["standings"]]
    city = [Fraction(p["amount"]) for p in content["parts"] if p["step"] == "city"]
    assert sum(city) == middle[1] - middle[0]


def test_a_month_that_was_not_scored_is_computed_and_not_stored(workspace: Workspace) -> None:
    content = told(workspace, "330100", "--period", UNPUBLISHED, *BOTH)
    assert_adds_up(content)
    assert [month["stands"] for month in content["months"]] == ["computed", "computed"]
    assert not workspace.store.has(
        scoring.TABLES["index"], edition="model-2019", period=UNPUBLISHED
    )


def test_a_class_shows_its_movers_and_the_bridge_of_its_mean(workspace: Workspace) -> None:
    content = told(workspace, "--class", "prefecture", "--period", MONTH, *BOTH)
    assert_adds_up(content["mean"])
    assert content["compared"] == content["of"] == len(content["cities"]) == 4
    moved = [abs(city["moved"]) for city in content["cities"]]
    assert moved == sorted(moved, reverse=True)
    assert -1 <= content["spearman"] <= 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("about", [("330100", "--since", BEFORE), ("--class", "county")])
def test_tables_are_printed_in_both_languages(
    workspace: Workspace, about: tuple[str, ...], lang: str
) -> None:
    result = run(workspace, *about, "--period", MONTH, *BOTH, "--lang", lang)
    assert result.exit_code == 0, result.output
    assert ("模拟" if lang == "zh" else "Simulated") in result.output
    assert ("合计" if lang == "zh" else "Total") in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--period", MONTH), "either the code of a city or --class"),
        (("330100", "--class", "county", "--period", MONTH), "either the code of a city or"),
        (("--class", "county", "--period", MONTH, "--since", BEFORE), "--since is about one city"),
        (("999999", "--period", MONTH), "999999 is not scored in 2019-06 under cci-2019"),
        (("330100", "--period", "2018-01"), "2018-01"),
        (("330100", "--period", "2010-01"), "not valid in 2010-01"),
    ],
)
def test_what_cannot_be_bridged_is_said(
    workspace: Workspace, arguments: tuple[str, ...], message: str
) -> None:
    result = run(workspace, *arguments, *BOTH)
    assert result.exit_code != 0
    assert message in result.output
