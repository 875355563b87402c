"""`cci edition`: an analyst writes an edition as data alone, as a person calls it."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from indicators import edition as editions
from pipelines.cli import main
from pipelines.commands.edition import edition
from pipelines.workspace import Workspace

ID = "cci-2020-draft"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    yield Workspace(tmp_path / "data")
    editions.search()


def call(workspace: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(edition, arguments, obj=workspace)


def new(workspace: Workspace, edition_id: str = ID, old: str = "cci-2019") -> Path:
    """Write a draft, and give its file."""
    result = call(workspace, "new", "--from", old, "--id", edition_id)
    assert result.exit_code == 0, result.output
    return workspace.editions / f"{edition_id}.toml"


def change(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, other in changes:
        assert old in text, old
        text = text.replace(old, other, 1)
    path.write_text(text, encoding="utf-8")


def test_new_copies_an_edition_with_its_comments_and_says_what_comes_next(
    workspace: Workspace,
) -> None:
    result = call(workspace, "new", "--from", "cci-2019", "--id", ID, "--lang", "en")
    assert result.exit_code == 0
    assert f"cci edition check {ID}" in result.output
    assert "never published" in result.output
    written = (workspace.editions / f"{ID}.toml").read_text(encoding="utf-8")
    assert "# One row of points over three third-level indicators." in written
    found = editions.load(ID)
    assert (found.id, found.revision, found.status) == (ID, 1, "draft")
    assert ID in found.title_zh
    assert ID in found.title_en


@pytest.mark.parametrize(
    ("old", "edition_id", "message"),
    [
        ("cci-2018", ID, "expected one of cci-2019"),
        ("cci-2019", "model-2021", "there is an edition model-2021 already"),
        ("cci-2019", "Draft", "'Draft' is no id of an edition"),
        ("cci-2019", "../cci-2020-x", "is no id of an edition"),
    ],
)
def test_new_refuses(workspace: Workspace, old: str, edition_id: str, message: str) -> None:
    result = call(workspace, "new", "--from", old, "--id", edition_id)
    assert result.exit_code != 0
    assert message in result.output
    assert not workspace.editions.exists()


def test_new_leaves_a_draft_alone_that_is_there(workspace: Workspace) -> None:
    path = new(workspace)
    change(path, ("penalty = 0.5", "penalty = 0.25"))
    before = path.read_bytes()
    assert call(workspace, "new", "--from", "cci-2019", "--id", ID).exit_code != 0
    assert path.read_bytes() == before


def test_check_tells_all_that_is_wrong_with_file_and_entry(workspace: Workspace) -> None:
    path = new(workspace)
    change(
        path,
        ("legal_entities", "legal_entitys"),
        ("penalty = 0.5", "penalties = 0.5"),
        ('subject = "trust_culture"', 'subject = "culture"'),
    )
    result = call(workspace, "check", ID)
    assert result.exit_code == 1
    for told in (
        f"{ID}.toml: leaf listed_entity_share: measure 'legal_entitys' is not in the catalogue",
        f"{ID}.toml: leaf government_defaulters: rule deduct has no parameter penalties",
        f"{ID}.toml: node 1.1: subject 'culture' is not one of",
    ):
        assert told in result.stderr


def test_check_sums_up_what_is_in_an_edition(workspace: Workspace) -> None:
    result = call(workspace, "check", "model-2019", "--lang", "en")
    assert result.exit_code == 0
    assert "model-2019, revision 1, final, 110 points" in result.stdout
    assert "10 basic indicators, 15 conditions" in result.stdout
    assert "By deduction" in result.stdout


def test_check_takes_a_file_anywhere(workspace: Workspace, tmp_path: Path) -> None:
    path = new(workspace).rename(tmp_path / f"{ID}.toml")
    assert call(workspace, "check", str(path)).exit_code == 0
    assert call(workspace, "check", str(tmp_path / "cci-2031.toml")).exit_code == 1


def test_check_alone_looks_at_every_edition_there_is(workspace: Workspace) -> None:
    new(workspace)
    (workspace.editions / "Notes on 2020.toml").write_text("id = 1", encoding="utf-8")
    result = call(workspace, "check")
    assert result.exit_code == 1
    assert result.stdout.count("没有问题") == 1 + len(editions.ids()) - 1
    assert "Notes on 2020.toml: " in result.stderr


def test_diff_shows_rows_that_were_added_dropped_and_reweighted(workspace: Workspace) -> None:
    result = call(workspace, "diff", "model-2017", "model-2019", "--lang", "en")
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["Information", "sharing", "15", "17"] in lines
    assert ["Credit", "supervision", "10", "22"] in lines
    assert ["repair_training", "–", "10:", "2", "added"] in lines
    assert "tolerance=1" in result.stdout


def test_diff_is_data_too(workspace: Workspace) -> None:
    path = new(workspace)
    change(path, ("penalty = 0.5", "penalty = 0.25"))
    told = json.loads(call(workspace, "diff", "cci-2019", ID, "--format", "json").stdout)
    (changed,) = told["changes"]
    assert (changed["leaf"], changed["kinds"]) == ("government_defaulters", ["rule"])
    assert changed["before"]["parameters"]["penalty"] == 0.5
    assert changed["after"]["parameters"]["penalty"] == 0.25
    assert sum(each["after"] for each in told["points"]) == 140


def test_a_copy_has_the_same_rows(workspace: Workspace) -> None:
    new(workspace)
    result = call(workspace, "diff", "cci-2019", ID, "--lang", "en")
    assert f"cci-2019 and {ID} have the same rows" in result.stdout


def test_freezing_makes_a_draft_final_and_keeps_its_comments(workspace: Workspace) -> None:
    path = new(workspace)
    before = path.read_text(encoding="utf-8").splitlines()
    result = call(workspace, "freeze", ID, "--lang", "en")
    assert result.exit_code == 0
    assert f"cci backfill --edition {ID}" in result.stdout
    assert "set revision = 2" in result.stdout
    after = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in before if line not in after] == ['status = "draft"']
    assert editions.load(ID).status == "final"
    again = call(workspace, "freeze", ID, "--lang", "en")
    assert "was final already" in again.stdout
    assert path.read_text(encoding="utf-8").splitlines() == after


def test_what_is_frozen_and_changed_is_refused_wherever_it_is_named(workspace: Workspace) -> None:
    path = new(workspace)
    call(workspace, "freeze", ID)
    change(path, ("penalty = 0.5", "penalty = 0.25"))
    for arguments in (["freeze", ID], ["check", ID], ["diff", "cci-2019", ID]):
        result = call(workspace, *arguments)
        assert result.exit_code != 0
        assert f"{ID}.toml: was frozen as revision 1 and has been changed" in result.output
        assert "set revision = 2" in result.output


def test_a_new_revision_is_frozen_anew(workspace: Workspace) -> None:
    path = new(workspace)
    call(workspace, "freeze", ID)
    change(
        path,
        ("penalty = 0.5", "penalty = 0.25"),
        ("revision = 1", "revision = 2"),
        ('status = "final"', 'status = "draft"'),
    )
    assert call(workspace, "freeze", ID).exit_code == 0
    found = editions.load(ID)
    assert found.frozen
    assert (found.status, found.frozen.revision) == ("final", 2)


def test_a_wrong_draft_is_not_frozen(workspace: Workspace) -> None:
    path = new(workspace)
    change(path, ("points = 88", "points = 87"))
    before = path.read_bytes()
    result = call(workspace, "freeze", ID)
    assert result.exit_code != 0
    assert "node 1: its leaves have 88 points; printed are 87" in result.output
    assert path.read_bytes() == before


def test_a_country_scores_under_a_draft_that_was_just_written(
    workspace: Workspace, tmp_path: Path
) -> None:
    """No line of code knows of the draft."""
    path = new(workspace)
    change(
        path,
        ('rule = "deduct"\nparameters = { step = 1, penalty = 0.5 }', 'rule = "flag"'),
    )
    observations = tmp_path / "observations.csv"
    observations.write_text(
        "period,city_code,measure,value\n2020-06,330100,government_defaulters,1\n", encoding="utf-8"
    )
    out = tmp_path / "out"
    arguments = ["--data", str(workspace.root), "score", "--edition", ID]
    result = CliRunner().invoke(
        main, [*arguments, "--observations", str(observations), "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    leaves = pl.read_csv(out / "leaves.csv", schema_overrides={"city_code": pl.String})
    won = leaves.filter(pl.col("leaf") == "government_defaulters", pl.col("city_code") == "330100")
    assert won["points"].to_list() == [2]
    assert leaves["city_code"].n_unique() > 600


def test_a_draft_is_known_by_the_command_alone_that_was_told_of_its_folder(
    workspace: Workspace, tmp_path: Path
) -> None:
    new(workspace)
    arguments = ["--data", str(tmp_path / "other"), "score", "--edition", ID]
    result = CliRunner().invoke(
        main, [*arguments, "--observations", str(workspace.editions / f"{ID}.toml"), "--out", "x"]
    )
    assert result.exit_code == 2
    assert f"no edition '{ID}'; expected one of cci-2019" in result.output


def test_cities_can_be_asked_for_what_a_draft_needs(workspace: Workspace, tmp_path: Path) -> None:
    new(workspace)
    form = tmp_path / "form.xlsx"
    told = ["--city", "330100", "--period", "2019-06", "--edition", ID, "--out", str(form)]
    data = ["--data", str(workspace.root), "submission"]
    made = CliRunner().invoke(main, [*data, "template", *told])
    assert made.exit_code == 0, made.output
    checked = CliRunner().invoke(main, [*data, "check", str(form)])
    assert checked.exit_code == 0, checked.output
