"""Probe logs: which lines are taken, which refused, and that nothing else of a line is kept."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scrapers.formats import probes
from scrapers.reading import ROWS, Ask, FileRefused, Reading

GOOD = {"city_code": "330100", "site": "credit_website", "at": "2019-06-03", "answered": 1}


def take(tmp_path: Path, *lines: str | dict[str, Any]) -> Reading:
    path = tmp_path / "probes-2019-06-03.jsonl"
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("".join(f"{line}\n" for line in written), encoding="utf-8")
    ask = Ask("monitoring", "monitoring", "2019-06", pl.DataFrame({"city_code": ["330100"]}), {})
    return probes.take(path, path.name, ask)


def test_a_probe_becomes_a_one_or_a_nought_of_its_moment(tmp_path: Path) -> None:
    reading = take(tmp_path, GOOD, GOOD | {"at": "2019-06-03T11:00", "answered": 0})
    assert reading.refused.is_empty()
    assert reading.kept.schema == ROWS
    taken = reading.kept.select("city_code", "measure", "value", "part", "row", "source").rows()
    measure = "credit_website_uptime"
    assert taken == [
        ("330100", measure, "1", "2019-06-03", 1, "monitoring"),
        ("330100", measure, "0", "2019-06-03T11:00", 2, "monitoring"),
    ]


@pytest.mark.parametrize(
    ("line", "field", "reason", "found"),
    [
        ("{", "", "not_a_probe", ""),
        ("[" * 5000, "", "not_a_probe", ""),
        ("null", "", "not_a_probe", ""),
        (GOOD | {"city_code": "张三丰"}, "city_code", "city_malformed", "(3)"),
        (GOOD | {"site": "http://张三.cn"}, "site", "site_unknown", "(12)"),
        (GOOD | {"city_code": 330100}, "city_code", "city_malformed", "330100"),
        (GOOD | {"city_code": "３３０１００"}, "city_code", "city_malformed", "(6)"),
        (GOOD | {"city_code": None}, "city_code", "city_malformed", ""),
        (GOOD | {"site": ["credit_website"]}, "site", "site_unknown", "(18)"),
        (GOOD | {"at": "2019-07-01"}, "at", "period_unknown", "(10)"),
        (GOOD | {"at": "2019-06-31"}, "at", "period_unknown", "(10)"),
        (GOOD | {"at": "2019-06-０３"}, "at", "period_unknown", "(10)"),
        (GOOD | {"at": "2019-06-03T24:00"}, "at", "period_unknown", "(16)"),
        (GOOD | {"at": 20190603}, "at", "period_unknown", "(8)"),
        (json.dumps(GOOD | {"note": "x" * 10_000}), "", "not_a_probe", ""),
        (GOOD | {"at": "2019-06-03T11:00:00+08:00"}, "at", "period_unknown", "(25)"),
        (GOOD | {"answered": True}, "answered", "not_a_flag", "(4)"),
        (GOOD | {"answered": 2}, "answered", "not_a_flag", "2"),
    ],
)
def test_a_bad_line_is_refused_and_the_others_are_kept(
    tmp_path: Path, line: str | dict[str, Any], field: str, reason: str, found: str
) -> None:
    reading = take(tmp_path, GOOD, line, GOOD | {"at": "2019-06-04"})
    assert len(reading.kept) == 2
    refused = reading.refused.select("row", "field", "reason", "found").rows()
    assert refused == [(2, field, reason, found)]


def test_whatever_else_a_line_holds_is_dropped(tmp_path: Path) -> None:
    reading = take(tmp_path, GOOD | {"webmaster": "张三丰", "telephone": "13800000000"})
    assert "张三丰" not in str(reading.kept.rows())
    assert "13800000000" not in str(reading.kept.rows())


def test_a_file_that_is_no_probe_log_is_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="not_a_probe_log"):
        take(tmp_path, "period,city_code,measure,value")


def test_a_log_that_is_larger_than_any_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probes, "_LARGEST", 100)
    assert take(tmp_path, GOOD).kept.height == 1
    with pytest.raises(FileRefused, match="too_large"):
        take(tmp_path, GOOD, GOOD)


def test_refusals_beyond_those_listed_are_counted(tmp_path: Path) -> None:
    reading = take(tmp_path, GOOD, *["{"] * 1200)
    assert len(reading.refused) + reading.more_refused == 1200
