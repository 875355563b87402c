"""`cci monitor review`: the list of what is not sure, its corrections, and what becomes of them."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len

from pipelines.commands.monitor import monitor
from pipelines.steps import reading, reviewing
from pipelines.workspace import Workspace
from scrapers.declaration import CLOCK
from scrapers.monitor import review
from warehouse.store import write_parquet

HOST = "http://www.hangzhou-330100.gov.example"
DOUBT, WORST, SURE, UNDATED, MAY = (f"{HOST}/{n}.html" for n in (1, 2, 3, 4, 5))
LONG = (
    "杭州市市场监督管理局关于某某网络科技有限公司虚假宣传等违法行为行政处罚案件有关情况的通报" * 3
)
PAGE: dict[str, Any] = {
    "url": DOUBT,
    "site_id": "portal_330100",
    "official": True,
    "site_city": "330100",
    "kind": "event",
    "city_code": "330100",
    "subject": "enterprise",
    "affair": "commercial",
    "field": "advertising",
    "polarity": "bad",
    "severity": "ordinary",
    "published": date(2019, 6, 3),
    "count": None,
    "national_document": None,
    "rule_fields": [],
    "title": LONG,
    "text": LONG,
    "confidence": 0.41,
    "why": json.dumps({"kind": "cue 处罚", "city_code": "title 杭州市", "field": "虚假宣传 " * 30}),
    "site_name": "杭州市人民政府",
    "retrieved": "2019-06-04T02:00:00+08:00",
    "sha256": "0" * 64,
}
OTHER = dict.fromkeys(("city_code", "subject", "affair", "field", "polarity", "severity")) | {
    "kind": "other"
}
PAGES = (
    PAGE,
    PAGE | {"url": WORST, "confidence": 0.1, "title": '=HYPERLINK("http://x")\x1b[2J\u202e'},
    PAGE | {"url": SURE, "confidence": 0.99},
    PAGE | OTHER | {"url": UNDATED, "confidence": 0.3, "published": None},
    PAGE | {"url": MAY, "published": date(2019, 5, 31)},
)


def have_read(workspace: Workspace, *pages: dict[str, Any]) -> None:
    """Put pages where this version of the reader puts what it has read."""
    part = workspace.readings / reading.version() / "shard-00" / "000000.parquet"
    write_parquet(pl.DataFrame(list(pages), schema=pl.Schema(reading.READ)), part)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "data")
    have_read(made, *PAGES)
    return made


def run(workspace: Workspace, *words: str | Path) -> Result:
    return CliRunner().invoke(
        monitor, ["review", *map(str, words)], obj=workspace, env={"COLUMNS": "100"}
    )


def done(workspace: Workspace, *words: str | Path) -> str:
    result = run(workspace, *words)
    assert result.exit_code == 0, result.output
    return result.output


def kept(workspace: Workspace) -> list[dict[str, Any]]:
    return [json.loads(line) for line in workspace.corrections.read_text("utf-8").splitlines()]


def listed(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def filled_in(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_the_list_is_of_the_last_month_and_begins_with_the_least_certain(
    workspace: Workspace,
) -> None:
    said = done(workspace)
    assert "2019-06" in said.splitlines()[0]
    assert said.index(WORST) < said.index(UNDATED) < said.index(DOUBT)
    assert SURE not in said
    assert MAY not in said
    assert MAY in done(workspace, "--period", "2019-05")


def test_a_page_is_shown_with_all_that_was_decided_and_why(workspace: Workspace) -> None:
    said = done(workspace, DOUBT)
    for words in (
        "0.41", DOUBT, "杭州市市场监督管理局", "kind=event", "city_code=330100 杭州市",
        "field=advertising", "severity=ordinary", "city_code: title 杭州市",
    ):  # fmt: skip
        assert words in said


def test_the_list_fits_a_hundred_columns(workspace: Workspace) -> None:
    pages = done(workspace).splitlines()
    assert pages
    assert max(map(cell_len, pages)) <= 100


def test_a_terminal_and_a_spreadsheet_run_nothing_of_a_title(
    workspace: Workspace, tmp_path: Path
) -> None:
    done(workspace, "--out", tmp_path / "list.csv")
    shown, [row] = (
        done(workspace, WORST),
        [row for row in listed(tmp_path / "list.csv") if row["url"] == WORST],
    )
    for text in (shown, row["title"]):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert row["title"].startswith("'=HYPERLINK")


def test_a_correction_is_written_down_apart_and_settles_the_page(workspace: Workspace) -> None:
    said = done(workspace, DOUBT, "--set", "severity=serious", "--set", "city_code=330200")
    assert "city_code=330200 宁波市" in said
    assert [(line["url"], line["field"], line["value"]) for line in kept(workspace)] == [
        (DOUBT, "severity", "serious"),
        (DOUBT, "city_code", "330200"),
    ]
    assert all(set(line) == {"url", "field", "value", "when"} for line in kept(workspace))
    assert all(line["when"].endswith("+08:00") for line in kept(workspace))
    assert DOUBT not in done(workspace)
    read = reading.readings(workspace)
    assert read.filter(pl.col("url") == DOUBT)["severity"].item() == "ordinary"
    laid = review.apply(read, reviewing.standing(workspace))
    assert laid.filter("corrected")["severity"].to_list() == ["serious"]


def test_corrections_stand_when_another_version_has_read_the_page_otherwise(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(workspace, DOUBT, "--set", "severity=serious")
    monkeypatch.setattr(reading, "version", lambda: "another")
    have_read(workspace, PAGE | {"severity": "major", "field": "pricing", "confidence": 0.2})
    laid = review.apply(reading.readings(workspace), reviewing.standing(workspace))
    assert laid.select("severity", "field", "confidence").rows() == [("serious", "pricing", 1.0)]
    assert DOUBT not in done(workspace)


def test_a_page_that_was_read_right_is_confirmed(workspace: Workspace) -> None:
    done(workspace, DOUBT, "--set", "kind=event")
    assert DOUBT not in done(workspace)


def test_corrections_are_taken_back(workspace: Workspace) -> None:
    done(workspace, DOUBT, "--set", "severity=serious")
    assert "severity=ordinary" in done(workspace, DOUBT, "--undo")
    assert DOUBT in done(workspace)
    assert reviewing.standing(workspace) == {}
    assert [line["value"] for line in kept(workspace)] == ["serious", None]


def test_events_are_joined_and_parted(workspace: Workspace) -> None:
    done(workspace, DOUBT, "--same-event-as", SURE)
    assert reviewing.standing(workspace) == {DOUBT: {"same_event_as": SURE}}
    done(workspace, DOUBT, "--own-event")
    assert reviewing.standing(workspace) == {DOUBT: {"own_event": "yes"}}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([DOUBT, "--set", "severity=grave"], "ordinary, serious, major"),
        ([DOUBT, "--set", "severity"], "DECISION=VALUE"),
        ([DOUBT, "--set", "affair=societal"], "kind, city_code"),
        ([DOUBT, "--set", "city_code=999999"], "没有这个代码"),
        ([DOUBT, "--set", "count=3"], "pages of this kind"),
        ([DOUBT, "--same-event-as", f"{HOST}/gone.html"], "tells of an event"),
        ([DOUBT, "--same-event-as", UNDATED], "tells of an event"),
        ([DOUBT, "--same-event-as", DOUBT], "tells of an event"),
        ([f"{HOST}/gone\x1b[2J.html", "--undo"], "no page was read"),
        ([f"{HOST}/gone.html"], "no page was read"),
        (["--set", "severity=serious"], "URL"),
        ([DOUBT, "--undo", "--own-event"], "--undo"),
        ([DOUBT, "--period", "2019-06"], "--period"),
    ],
)
def test_what_cannot_be_corrected_is_refused_with_what_was_expected(
    workspace: Workspace, words: list[str], expected: str
) -> None:
    result = run(workspace, *words)
    assert result.exit_code != 0
    assert expected in result.output
    assert "\x1b" not in result.output
    assert not workspace.corrections.exists()


def test_where_nothing_was_read_it_says_what_to_do(tmp_path: Path) -> None:
    result = run(Workspace(tmp_path / "data"))
    assert result.exit_code == 1
    assert "cci run" in result.output


def test_a_list_that_was_filled_in_is_taken_in(workspace: Workspace, tmp_path: Path) -> None:
    done(workspace, "--out", tmp_path / "list.csv")
    rows = listed(tmp_path / "list.csv")
    assert [row["url"] for row in rows] == [WORST, UNDATED, DOUBT]
    assert (rows[2]["kind"], rows[2]["city"], rows[2]["set_kind"]) == ("event", "杭州市", "")
    rows[0]["set_severity"] = "serious"
    rows[2] |= {"set_kind": "exemplar", "set_count": "12"}
    said = done(workspace, "--take", filled_in(tmp_path / "list.csv", rows))
    assert "pages corrected: 2" in said
    assert reviewing.standing(workspace) == {
        WORST: {"severity": "serious"},
        DOUBT: {"kind": "exemplar", "count": "12"},
    }
    done(workspace, "--take", tmp_path / "list.csv")
    assert len(kept(workspace)) == 3, "what stands is not written down again"


def test_every_bad_cell_is_named_and_the_good_rows_are_kept(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = [
        {"url": DOUBT, "set_severity": "serious", "set_count": "", "set_published": ""},
        {"url": WORST, "set_severity": "grave", "set_count": "", "set_published": "2019-13-45"},
        {"url": f"{HOST}/gone.html", "set_severity": "major", "set_count": "", "set_published": ""},
        {"url": SURE, "set_severity": "major", "set_count": "7", "set_published": ""},
        {"url": MAY, "set_severity": "", "set_count": "", "set_published": ""},
    ]
    result = run(workspace, "--take", filled_in(tmp_path / "list.csv", rows, "gb18030"))
    assert result.exit_code == 1
    problems = [line for line in result.output.splitlines() if line.startswith("list.csv")]
    assert [(line.split(": ")[1].split(" (")[0], line.split(": ")[2]) for line in problems] == [
        ("第 3 行", "set_severity"),
        ("第 3 行", "set_published"),
        ("第 4 行", "url"),
        ("第 5 行", "set_count"),
    ]
    assert "expected ordinary, serious, major" in problems[0]
    assert "grave" not in result.output
    assert reviewing.standing(workspace) == {DOUBT: {"severity": "serious"}}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"title\nsomething\n", "url, set_"),
        (b"url,set_colour\n", "set_colour"),
        (b"url,set_kind,set_kind\n", "twice"),
        (b'url,set_kind\n"http', "quotation mark"),
        (b"\xff\xff\xff\xff", "UTF-8"),
    ],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(
    workspace: Workspace, tmp_path: Path, content: bytes, expected: str
) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    result = run(workspace, "--take", tmp_path / "list.csv")
    assert result.exit_code == 1
    assert expected in result.output
    assert not workspace.corrections.exists()


def test_a_list_that_may_have_been_filled_in_is_not_overwritten(
    workspace: Workspace, tmp_path: Path
) -> None:
    done(workspace, "--out", tmp_path / "list.csv")
    result = run(workspace, "--out", tmp_path / "list.csv")
    assert result.exit_code == 1
    assert "may have been filled in" in result.output


def test_a_line_that_broke_off_costs_no_other(workspace: Workspace) -> None:
    done(workspace, DOUBT, "--set", "severity=serious")
    with workspace.corrections.open("ab") as file:
        file.write('{"url": "http://www.杭'.encode()[:-1])
    assert reviewing.standing(workspace) == {DOUBT: {"severity": "serious"}}
    done(workspace, WORST, "--set", "severity=major")
    assert reviewing.standing(workspace) == {
        DOUBT: {"severity": "serious"},
        WORST: {"severity": "major"},
    }


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        "[1]",
        "not json",
        '{"url": "u", "field": "severity", "value": "grave", "when": "2019-07-01T00:00:00+08:00"}',
        '{"url": "u", "field": "severity", "value": "major", "when": "yesterday"}',
        '{"url": 1, "field": "severity", "value": "major", "when": "2019-07-01T00:00:00+08:00"}',
        '{"url": "u", "field": "severity", "value": 1, "when": "2019-07-01T00:00:00+08:00"}',
    ],
)
def test_a_line_that_somebody_spoilt_is_named(workspace: Workspace, line: str) -> None:
    done(workspace, DOUBT, "--set", "severity=serious")
    with workspace.corrections.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    result = run(workspace)
    assert result.exit_code == 1
    assert "corrections.jsonl: line 2: " in result.output


def test_several_operators_correct_at_a_time_and_nothing_is_lost(workspace: Workspace) -> None:
    desk = reviewing.Desk.of(workspace)
    now = datetime(2019, 7, 1, 9, tzinfo=CLOCK)
    urls = [page["url"] for page in PAGES if page["kind"] == "event"] * 5
    with ThreadPoolExecutor(4) as operators:
        made = list(operators.map(lambda url: desk.correct(url, {"severity": "major"}, now), urls))
    assert sum(made) == len(kept(workspace)) == 4
    assert {line["when"] for line in kept(workspace)} == {"2019-07-01T09:00:00+08:00"}
