"""The reader of providers' answers: as declared or not at all, and nothing that is not declared."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scrapers.formats.indexes import take
from scrapers.reading import REFUSED, ROWS, Ask, FileRefused, Reading
from scrapers.sources.provider.providers import providers

MONTH = "2019-06"
ASK = Ask("provider", "provider", MONTH, pl.DataFrame(), {})
ISSUED = "2019-07-03T09:00:00+08:00"
Item = dict[str, Any]


def jia(items: list[Item], page: int = 1, pages: object = 1, **other: object) -> dict[str, Any]:
    """A page of the first provider, whose pages have numbers."""
    told = {"month": MONTH, "issued": ISSUED, "pages": pages, "list": items} | other
    return {
        "provider": "jia",
        "query": {"month": MONTH, "size": "100", "page": str(page)},
        "body": json.dumps({"data": told, "contact": "欧阳测试员 13900001234"}),
    }


def city(code: object, index: object) -> Item:
    """A city as the first provider gives it."""
    return {"city_code": code, "credit_index": index, "mayor": "欧阳测试员"}


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Reading]:
    """What is read of a file of answers."""

    def of(*lines: object) -> Reading:
        path = tmp_path / "1"
        path.write_bytes(
            b"\n".join(
                line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines
            )
        )
        return take(path, "欧阳测试员.jsonl", ASK)

    return of


Read = Callable[..., Reading]


def values(reading: Reading) -> dict[str, str | None]:
    """Values by city."""
    return dict(reading.kept.select("city_code", "value").iter_rows())


def test_items_of_all_pages_become_rows(read: Read) -> None:
    reading = read(
        jia([city("330100", 81.23), city("330200", 80)], 1, 2), jia([city("330300", 0)], 2, 2)
    )
    assert dict(reading.kept.schema) == ROWS
    assert dict(reading.refused.schema) == REFUSED
    assert reading.sender == "jia"
    assert reading.kept.rows()[0] == (
        MONTH, "330100", "provider_index", "81.23", "provider", "jia", "", 1, None,
    )  # fmt: skip
    assert values(reading) == {"330100": "81.23", "330200": "80", "330300": "0"}
    assert reading.kept["row"].to_list() == [1, 2, 3]
    assert reading.refused.is_empty()


def test_what_nobody_declared_is_dropped(read: Read) -> None:
    kept = read(jia([city("330100", 81.23)])).kept
    assert "欧阳" not in kept.write_csv()
    assert "139" not in kept.write_csv()


@pytest.mark.parametrize(
    ("provider_id", "given", "exact"),
    [
        ("jia", "100", "100"),
        ("jia", "0.10", "0.1"),
        ("jia", "81.230000000000004", "81.230000000000004"),
        ("jia", "8.123e1", "81.23"),
        ("jia", "-0.0", "0"),
        ("yi", "812.3", "81.23"),
        ("yi", "1000", "100"),
        ("bing", "0.8123", "81.23"),
        ("bing", "1", "100"),
        ("bing", "1e-7", "0.00001"),
    ],
)
def test_indexes_come_on_one_scale_exactly(
    read: Read, provider_id: str, given: str, exact: str
) -> None:
    provider = providers()[provider_id]
    where = provider.answer
    content: dict[str, Any] = {}
    more = {"page": 1, "offset": 1, "cursor": None}[provider.style]
    items = [{where.code: "330100", where.index: "X"}]
    for place, value in {
        where.month: MONTH,
        where.issued: ISSUED,
        where.more: more,
        where.items: items,
    }.items():
        *folders, name = place.split(".")
        inner = content
        for folder in folders:
            inner = inner.setdefault(folder, {})
        inner[name] = value
    body = json.dumps(content).replace('"X"', given)
    line = {"provider": provider_id, "query": provider.first(MONTH), "body": body}
    assert values(read(line)) == {"330100": exact}


def test_a_city_without_an_index_reports_a_gap(read: Read) -> None:
    assert values(read(jia([city("330100", None)]))) == {"330100": None}


def test_a_city_twice_counts_once_if_alike_and_not_at_all_if_not(read: Read) -> None:
    items = [
        city("330100", 80),
        city("330200", 81),
        city("330100", 80.0),
        city("330200", 82),
        city("330300", 83),
    ]
    reading = read(jia(items))
    assert values(reading) == {"330100": "80", "330300": "83"}
    assert reading.refused.select("row", "reason", "found").rows() == [
        (2, "duplicate", "2"),
        (4, "duplicate", "2"),
    ]


@pytest.mark.parametrize(
    ("item", "reason", "found"),
    [
        (city("330100", 100.01), "out_of_scale", "100.01"),
        (city("330100", -1), "out_of_scale", "-1"),
        (city("330100", 13900001234), "out_of_scale", "(11)"),
        (city("330100", 10**40), "not_a_number", ""),
        (city("3301", 80), "city_malformed", "3301"),
        (city("杭州市", 80), "city_malformed", "(3)"),
        (city("欧阳测试员 13900001234", 80), "city_malformed", "(17)"),
        (city("", 80), "city_malformed", ""),
        (city("33010\n", 80), "city_malformed", "(6)"),
        (city("３３０１００", 80), "city_malformed", "(6)"),
    ],
)
def test_an_item_that_cannot_be_right_is_refused_and_the_others_are_kept(
    read: Read, item: Item, reason: str, found: str
) -> None:
    reading = read(jia([city("330200", 80), item]))
    assert values(reading) == {"330200": "80"}
    (row,) = reading.refused.to_dicts()
    assert (row["row"], row["reason"], row["found"]) == (2, reason, found)


def test_refusals_beyond_a_thousand_are_counted(read: Read) -> None:
    reading = read(jia([city("330100", 101)] * 1003))
    assert (len(reading.refused), reading.more_refused) == (1000, 3)


@pytest.mark.parametrize("number", ["1e999999999", "1E-999999999", "0." + "1" * 500])
def test_a_number_that_would_fill_the_memory_is_refused(read: Read, number: str) -> None:
    line = jia([city("330100", "X")])
    line["body"] = line["body"].replace('"X"', number)
    assert read(line).refused["reason"].to_list() == ["not_a_number"]


@pytest.mark.parametrize(
    ("line", "field", "found", "expected", "row"),
    [
        (jia([{"city_code": "330100", "score": 80}]), "credit_index", "missing", "number", 1),
        (jia([city("330100", "80")]), "credit_index", "string", "number", 1),
        (jia([city("330100", True)]), "credit_index", "boolean", "number", 1),
        (jia([city("330100", {"v": 80})]), "credit_index", "object", "number", 1),
        (jia([city("330200", 1), city(330100, 80)]), "city_code", "number", "string", 2),
        (jia([city(None, 80)]), "city_code", "null", "string", 1),
        (jia(["330100"]), "city_code", "missing", "string", 1),  # type: ignore[list-item]
        (jia([], list={}), "1: data.list", "object", "array", 0),
        (jia([], pages="1"), "1: data.pages", "string", "number", 0),
        (jia([], pages=1.5), "1: data.pages", "number", "0, 1, 2, …", 0),
        (jia([], issued=None), "1: data.issued", "null", "string", 0),
        (jia([], issued="soon"), "1: data.issued", "string", "ISO 8601 +08:00", 0),
        (jia([], issued=ISSUED[:19]), "1: data.issued", "string", "ISO 8601 +08:00", 0),
        (jia([], month=201906), "1: data.month", "number", "string", 0),
        (jia([]) | {"body": '{"list": []}'}, "1: data.pages", "missing", "number", 0),
        (jia([]) | {"body": "[]"}, "1: data.pages", "missing", "number", 0),
    ],
)
def test_drift_refuses_the_file_and_names_field_type_and_what_was_expected(
    read: Read, line: object, field: str, found: str, expected: str, row: int
) -> None:
    with pytest.raises(FileRefused) as refused:
        read(line)
    told = refused.value
    assert (told.reason, told.field, told.found, told.expected, told.row) == (
        "drift", field, found, expected, row,
    )  # fmt: skip


ITEM = [city("330100", 80)]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "empty"),
        ([b"\xff\xfe"], "not_answers"),
        ([b"[" * 100_000], "not_answers"),
        ([[]], "not_answers"),
        ([{"provider": "jia", "query": {}}], "not_answers"),
        ([jia(ITEM) | {"provider": "nobody"}], "provider_unknown"),
        ([jia(ITEM) | {"body": "<html>"}], "not_json"),
        ([jia(ITEM) | {"body": json.dumps("中文")[:4]}], "not_json"),
        ([jia(ITEM) | {"body": '"\udcff"'}], "not_json"),
        ([jia(ITEM) | {"body": "[NaN]"}], "not_json"),
        ([jia(ITEM) | {"body": "[" * 100_000}], "not_json"),
        ([jia(ITEM) | {"body": "[1e99999999999999999999]"}], "not_json"),
        ([jia(ITEM, month="2019-05")], "other_month"),
        ([jia(ITEM, 1, 3), jia(ITEM, 3, 3)], "pages_missing"),
        ([jia(ITEM, 1, 2)], "pages_missing"),
        ([jia(ITEM, 2, 2)], "pages_missing"),
        ([jia(ITEM, 1, 1), jia(ITEM, 2, 1)], "pages_missing"),
        ([jia(ITEM, 1, 2), jia(ITEM, 1, 2)], "pages_missing"),
        ([jia([], 1, 2), jia(ITEM, 2, 2)], "pages_missing"),
        ([jia(ITEM, 1, 2), jia(ITEM, 2, 2) | {"provider": "yi"}], "pages_missing"),
        ([jia(ITEM, 1, 2), jia(ITEM, 2, 2, issued="2019-07-04T09:00:00+08:00")], "pages_disagree"),
        ([jia(ITEM, 1, 3), jia(ITEM, 2, 2)], "pages_disagree"),
    ],
)
def test_a_file_that_is_not_a_whole_answer_is_refused(
    read: Read, lines: list[object], reason: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        read(*lines)
    assert refused.value.reason == reason
    assert "欧阳" not in repr(refused.value)


def test_a_provider_without_cities_is_read(read: Read) -> None:
    assert read(jia([], 1, 0)).kept.is_empty()
