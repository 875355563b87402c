"""The commands, as a person calls them."""

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from indicators import edition
from pipelines.cli import main
from pipelines.steps import scoring
from pipelines.workspace import Workspace
from tests.pipelines.conftest import MONTH

pytestmark = pytest.mark.month

HEAD = "period,city_code,measure,value,source\n"
GOOD = "2019-06,330100,credit_website_uptime,0.9,\n2019-06,110000,credit_website_uptime,1,\n"


def cci(*arguments: str | Path) -> Result:
    """Call the command."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def score(tmp_path: Path, rows: str, *more: str) -> Result:
    """Score a file of rows into `out`."""
    file = tmp_path / "observations.csv"
    file.write_text(HEAD + rows, encoding="utf-8")
    return cci("score", "--observations", file, "--out", tmp_path / "out", *more)


def test_cities_prints_csv_that_begins_with_the_code() -> None:
    result = cci("cities", "--period", MONTH, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.output)))
    assert list(rows[0])[:5] == ["city_code", "name", "name_en", "province", "city_class"]
    assert len(rows) == 36 + 261 + 375
    assert {"city_code": "330100", "name": "杭州市", "name_en": "Hangzhou"}.items() <= next(
        row for row in rows if row["city_code"] == "330100"
    ).items()


def test_cities_prints_a_table() -> None:
    assert "杭州市" in cci("cities", "--period", MONTH).output


@pytest.mark.parametrize("period", ["2019-13", "2019", "201906", "2019-06-01", "june"])
def test_a_period_that_is_no_month_is_a_usage_error(period: str) -> None:
    result = cci("cities", "--period", period)
    assert result.exit_code == 2
    assert "expected YYYY-MM, such as 2019-06" in result.output


def test_score_writes_the_three_files_with_their_columns(tmp_path: Path) -> None:
    result = score(tmp_path, GOOD)
    assert result.exit_code == 0, result.output
    columns = {
        name: pl.read_csv(tmp_path / "out" / name, infer_schema=False).columns
        for name in ("leaves.csv", "nodes.csv", "index.csv")
    }
    assert columns["leaves.csv"] == (
        ["period", "city_code", "leaf", "value", "points", "points_possible", "reason", "lo", "hi"]
    )
    assert columns["nodes.csv"] == [
        "period",
        "city_code",
        "level",
        "node",
        "points",
        "points_possible",
    ]
    assert columns["index.csv"] == (
        [
            "period",
            "city_code",
            "city_class",
            "points",
            "points_possible",
            "index",
            "rank",
            "coverage",
        ]
    )


def test_score_scores_every_monitored_city_and_every_leaf(tmp_path: Path) -> None:
    score(tmp_path, GOOD)
    index = pl.read_csv(tmp_path / "out" / "index.csv", schema_overrides={"city_code": pl.String})
    leaves = pl.read_csv(tmp_path / "out" / "leaves.csv", schema_overrides={"city_code": pl.String})
    assert len(index) == 672
    assert len(leaves) == 672 * 61
    own = leaves.filter(pl.col("leaf") == "credit_website", pl.col("city_code") == "330100")
    assert own.select("value", "points", "points_possible").rows() == [(0.9, 0.9, 1.0)]
    other = leaves.filter(pl.col("leaf") == "credit_website", pl.col("city_code") == "310000")
    assert other.select("points", "reason").rows() == [(0.95, "imputed")]
    assert index.filter(pl.col("city_class") == "county")["rank"].unique().to_list() == [1]


@pytest.mark.parametrize("edition_id", edition.ids())
def test_score_knows_every_edition(tmp_path: Path, edition_id: str) -> None:
    measure = edition.load(edition_id).measures[0]
    result = score(tmp_path, f"2019-06,330100,{measure},1,\n", "--edition", edition_id)
    assert result.exit_code == 0, result.output
    index = pl.read_csv(tmp_path / "out" / "index.csv")
    if edition.load(edition_id).kind == "model_city":
        possible = 120 if edition_id == "model-2016" else 110
        assert index["points_possible"].unique().to_list() == [possible]
        assert index.select((pl.col("index") == pl.col("points")).all()).item()


WRONG = {
    "2019-06,999999,units,1,": "city_code",
    "2019-06,371200,units,1,": "city_code",
    "2019-06,330100,unit,1,": "measure",
    "2019-13,330100,units,1,": "period",
    "2015-12,330100,units,1,": "period",
    "2099-01,330100,units,1,": "period",
    "2019-06,330100,units,many,": "value",
    "2019-06,330100,units,-1,": "value",
    "2019-06,330100,units,NaN,": "value",
    "2019-06,330100,units,inf,": "value",
    "2019-06,330100,service_platform_uptime,1.01,": "value",
    "2019-06,330100,sharing_platform,2,": "value",
}


@pytest.mark.parametrize("row", WRONG)
def test_score_refuses_a_wrong_row_by_file_row_and_field_and_writes_nothing(
    tmp_path: Path, row: str
) -> None:
    result = score(tmp_path, GOOD + row + "\n")
    assert result.exit_code == 1
    assert f"observations.csv: 第 4 行 (row 4): {WRONG[row]}: " in result.output
    assert not (tmp_path / "out").exists()


def test_score_lists_every_problem_at_once(tmp_path: Path) -> None:
    result = score(tmp_path, GOOD + "\n".join(WRONG) + "\n" + GOOD)
    lines = [line for line in result.output.splitlines() if line.startswith("observations.csv")]
    duplicates = [line for line in lines if "more than once" in line]
    units = sum(row.startswith("2019-06,330100,units") for row in WRONG)
    assert (
        len(duplicates) == 4 + units
    )  # the good rows, which stand twice, and one key of wrong ones
    assert len(lines) == len(WRONG) + len(duplicates)
    assert f"{len(lines)} problems, nothing was scored" in result.output


def test_a_joined_measure_may_come_from_two_sources_and_the_less_favourable_counts(
    tmp_path: Path,
) -> None:
    rows = "".join(
        f"2019-06,330100,{measure},{value},{source}\n"
        for measure, value, source in (
            ("codes_mapped", 90, "city"),
            ("codes_mapped", 80, "code_centre"),
            ("codes", 100, "code_centre"),
        )
    )
    assert score(tmp_path, rows).exit_code == 0
    leaves = pl.read_csv(
        tmp_path / "out" / "leaves.csv",
        schema_overrides={"city_code": pl.String, "value": pl.Float64},
    )
    own = leaves.filter(pl.col("leaf") == "code_mapping", pl.col("city_code") == "330100")
    assert own["value"].to_list() == [0.8]


def test_score_takes_one_month_of_several(tmp_path: Path) -> None:
    rows = GOOD + "2018-12,371200,credit_website_uptime,0.5,\n"
    assert score(tmp_path, rows, "--period", "2018-12").exit_code == 0
    index = pl.read_csv(tmp_path / "out" / "index.csv", schema_overrides={"city_code": pl.String})
    assert index["period"].unique().to_list() == ["2018-12"]
    assert "371200" in index["city_code"]  # Laiwu, which became part of Jinan in 2019


def test_a_month_that_the_file_does_not_have_is_named(tmp_path: Path) -> None:
    result = score(tmp_path, GOOD, "--period", "2018-12")
    assert result.exit_code == 1
    assert "has no rows for 2018-12; it has 2019-06" in result.output


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "observations.csv"
    file.write_bytes(b"\x00\xff\xfe\x00")
    result = cci("score", "--observations", file, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "observations.csv" in result.output
    assert "Traceback" not in result.output


def test_explain_follows_a_leaf_to_file_row_and_hash(scored: Workspace) -> None:
    result = cci(
        "--data", scored.root, "explain", "330100", "--period", MONTH,
        "--leaf", "listed_national_share", "--lang", "en",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "Simulated data" in result.output
    assert "nation(listed_entities)" in result.output
    assert "ncisp-2019-06" in result.output
    assert "landed bytes:" in result.output


def test_explain_as_json_adds_up(scored: Workspace) -> None:
    result = cci("--data", scored.root, "explain", "330100", "--period", MONTH, "--format", "json")
    explanation = json.loads(result.output)
    points = sum(leaf["points"] for leaf in explanation["leaves"])
    assert points == pytest.approx(explanation["index"]["points"], abs=1e-9)
    assert explanation["index"]["index"] == pytest.approx(
        100 * points / explanation["index"]["points_possible"], abs=1e-9
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("999999", "--period", MONTH), "999999 is not scored in 2019-06"),
        (("330100", "--period", "2017-01"), "run that month first"),
        (("330100", "--period", MONTH, "--leaf", "luck"), "has no leaf 'luck'"),
    ],
)
def test_explain_says_what_is_not_there(
    scored: Workspace, arguments: tuple[str, ...], message: str
) -> None:
    result = cci("--data", scored.root, "explain", *arguments)
    assert result.exit_code == 1
    assert message in result.output


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("run --period 2015-12", "not valid in 2015-12"),
        ("run --period 2099-01", "is not over"),
        ("backfill --from 2015-12 --to 2016-02", "lies before 2016-01"),
        ("backfill --from 2019-02 --to 2019-01", "lies after"),
        ("backfill --from 2019-01 --to 2099-01", "is not over"),
        ("sandbox --from 2015-12 --to 2016-02", "lies before 2016-01"),
        ("sandbox --from 2019-02 --to 2019-01", "lies after"),
    ],
)
def test_a_month_that_cannot_be_worked_on_is_refused_at_once(
    tmp_path: Path, command: str, message: str
) -> None:
    result = cci("--data", tmp_path, *command.split())
    assert result.exit_code != 0
    assert message in result.output
    assert list(tmp_path.iterdir()) == []


def test_explain_shows_cities_with_every_reason(scored: Workspace) -> None:
    leaves = scoring.read_scores(scored, "cci-2019", MONTH).leaves
    reasons = leaves.filter(pl.col("reason") != "").unique("reason").sort("reason")
    assert set(reasons["reason"]) >= {"imputed", "not submitted"}
    for code in reasons["city_code"]:
        result = cci("--data", scored.root, "explain", code, "--period", MONTH)
        assert result.exit_code == 0, result.output


def test_explain_names_what_a_city_was_before(scored: Workspace) -> None:
    result = cci("--data", scored.root, "explain", "370100", "--period", MONTH)
    assert "莱芜市 371200" in result.output


def test_nothing_is_served_before_something_is_published(tmp_path: Path) -> None:
    result = cci("--data", tmp_path, "serve")
    assert result.exit_code == 1
    assert "run `cci run` first" in result.output


def test_a_full_disk_is_told_in_a_sentence_whoever_noticed_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: object) -> None:
        raise RuntimeError("(sqlite3.OperationalError) database or disk is full")

    monkeypatch.setattr("pipelines.cli.cities_of", no_space)
    arguments = ["--data", str(tmp_path), "cities", "--period", "2019-06"]
    assert isinstance(CliRunner().invoke(main, arguments).exception, RuntimeError)
    monkeypatch.setattr("pipelines.cli._disk_is_full", lambda _: True)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "磁盘已满" in result.output
    assert "the disk is full; free some space and run again" in result.output
