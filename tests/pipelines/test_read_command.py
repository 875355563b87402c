"""`cci monitor read`: saved pages in, records out; held against pages that others labelled."""

import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipelines.commands.monitor import monitor

DATA = Path(__file__).parents[1] / "data" / "monitoring"
FIELDS = [
    "url", "kind", "city_code", "event_id", "subject", "affair", "field", "polarity", "severity",
    "published", "count", "national_document", "rule_fields", "confidence", "why",
]  # fmt: skip
Line = dict[str, Any]


def read(pages: Path, out: Path) -> Result:
    """Run the command on a file of pages."""
    sites = str(DATA / "sites.csv")
    return CliRunner().invoke(monitor, ["read", "--sites", sites, str(pages), "--out", str(out)])


def lines(path: Path) -> list[Line]:
    """The objects of a file of lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Line]:
    """What was read of all labelled pages, by address."""
    out = tmp_path_factory.mktemp("read") / "records.jsonl"
    assert read(DATA / "pages.jsonl", out).exit_code == 0
    return {record["url"]: record for record in lines(out)}


def test_there_is_a_line_a_page_in_the_order_of_the_pages(records: dict[str, Line]) -> None:
    assert list(records) == [page["url"] for page in lines(DATA / "pages.jsonl")]
    assert all(list(record) == FIELDS for record in records.values())


def share(records: dict[str, Line], field: str, among: Callable[[Line], bool]) -> float:
    """The share of labelled pages of which a field was read rightly."""
    labels = [label for label in lines(DATA / "labels.jsonl") if among(label)]
    right = [records[label["url"]][field] == label[field] for label in labels]
    return right.count(True) / len(right)


@pytest.mark.parametrize(
    ("field", "among", "at_least"),
    [
        ("kind", lambda _: True, 0.90),
        ("city_code", lambda label: label["kind"] != "other", 0.95),
        ("published", lambda _: True, 0.98),
        ("field", lambda label: label["kind"] == "event", 0.85),
        ("polarity", lambda label: label["kind"] == "event", 0.93),
        ("severity", lambda label: label["severity"], 0.80),
        ("count", lambda label: label["count"] is not None, 0.85),
        ("national_document", lambda label: label["kind"] == "rule", 0.85),
    ],
)
def test_what_is_read_is_what_others_labelled(
    records: dict[str, Line], field: str, among: Callable[[Line], bool], at_least: float
) -> None:
    assert share(records, field, among) >= at_least


def pairs(grouped: dict[str, str | None]) -> set[tuple[str, str]]:
    """Pages that are of one event."""
    return {
        (a, b)
        for a, b in combinations(sorted(grouped), 2)
        if grouped[a] is not None and grouped[a] == grouped[b]
    }


def test_pages_of_one_event_are_brought_together_and_others_are_not(
    records: dict[str, Line],
) -> None:
    true = pairs({label["url"]: label["event_group"] for label in lines(DATA / "labels.jsonl")})
    found = pairs({url: record["event_id"] for url, record in records.items()})
    assert 2 * len(true & found) / (len(true) + len(found)) >= 0.90


def test_nothing_about_people_is_in_the_records(records: dict[str, Line]) -> None:
    written = json.dumps(list(records.values()), ensure_ascii=False)
    about = [text for label in lines(DATA / "labels.jsonl") for text in label["pii"]]
    assert len(about) > 100
    assert [text for text in about if text in written] == []


def test_bad_lines_are_named_and_the_others_are_read(tmp_path: Path) -> None:
    first, second, *_ = (DATA / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    pages = tmp_path / "pages.jsonl"
    pages.write_text(f"{first}\n{{\n{second}\n", encoding="utf-8")
    done = read(pages, tmp_path / "records.jsonl")
    assert done.exit_code == 1
    assert "pages.jsonl: line 2: expected a JSON object" in done.output
    assert len(lines(tmp_path / "records.jsonl")) == 2
