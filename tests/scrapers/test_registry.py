"""The registry of cities against published counts and well-known changes."""

import csv
from functools import cache
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest

from indicators.registry import OF_A_MONTH, cities_of, lineage, resolve
from scrapers.sources.registry import feed
from warehouse.contracts.cities import CityRegistry

PUBLISHED = Path(__file__).parents[1] / "data" / "facts" / "city_counts.csv"
MONTHS = [f"{year}-{month:02}" for year in range(2016, 2027) for month in range(1, 13)][:-2]

Counts = tuple[int, int, int]
"""Provincial, prefecture, county."""

# For each row of city_counts.csv: the period it is compared with, what the registry gives for it,
# and why the two differ, where they do.
AS_LAUNCHED = "prints the totals of the list as it was when monitoring began: see the row of 656"
COMPARED: dict[str, tuple[str, Counts, str | None]] = {
    "2016 report / 2017-07-18": ("2017-07", (36, 261, 362), None),
    "2017-07-18": ("2017-07", (36, 261, 362), None),
    "2016 start (Knight 2025)": ("2016-01", (36, 259, 361), None),
    "2017-12-31": ("2017-12", (36, 261, 363), None),
    "2018-03-31 (issue 2018-04)": ("2018-03", (36, 261, 363), AS_LAUNCHED),
    "2018-05-08": (
        "2018-05",
        (36, 261, 363),
        "one county-level city of the standard was not counted; nothing says which",
    ),
    "2018 annual report (book)": (
        "2017-12",
        (36, 261, 363),
        "two county-level cities of the standard were not counted; nothing says which",
    ),
    "2017 data, 2018 annual report ch.2": ("2017-12", (36, 261, 363), None),
    "2018-12 data, 2019 annual report": ("2018-12", (36, 262, 375), None),
    "2019-05-31": ("2019-05", (36, 261, 375), None),
    "2020-02-28 (article)": ("2020-02", (36, 261, 375), None),
    "2020-10": ("2020-10", (36, 261, 388), None),
    "2021-08": ("2021-08", (36, 261, 394), None),
    "issue 2022-08": ("2022-08", (36, 261, 394), None),
    "page posted 2024-01-18": ("2024-01", (36, 261, 397), None),
    "2023 (Knight 2025)": (
        "2023-12",
        (36, 261, 397),
        "GB/T 2260 has 694 cities; over 700 must take in places that are no cities by it",
    ),
}
UPPER_ONLY = "2017 data, 2018 annual report ch.2"


@cache
def registry() -> dy.DataFrame[CityRegistry]:
    return feed.read(feed.packaged())


def counts(period: str) -> Counts:
    found = dict(cities_of(registry(), period)["city_class"].value_counts().iter_rows())
    return found["provincial"], found["prefecture"], found["county"]


def published() -> list[dict[str, str]]:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def code(name: str, period: str) -> str | None:
    return resolve(cities_of(registry(), period), name, None)


def test_every_published_count_is_compared() -> None:
    assert [row["as_of"] for row in published()] == list(COMPARED)


@pytest.mark.parametrize("row", published(), ids=lambda row: row["as_of"])
def test_the_registry_gives_the_published_count_or_a_reason(row: dict[str, str]) -> None:
    period, expected, reason = COMPARED[row["as_of"]]
    found = counts(period)
    assert found == expected

    total = sum(found[:2]) if row["as_of"] == UPPER_ONLY else sum(found)
    ours = dict(zip(("total", "provincial", "prefecture", "county"), (total, *found), strict=True))
    differing = {
        column
        for column, count in ours.items()
        if row[column] and not (count > 700 if row[column] == ">700" else count == int(row[column]))
    }
    assert bool(differing) == (reason is not None), differing


def test_the_issue_of_2018_04_printed_the_totals_of_the_launch() -> None:
    row = next(row for row in published() if row["as_of"] == "2018-03-31 (issue 2018-04)")
    assert (sum(counts("2016-01")), *counts("2016-01")[:2]) == (
        int(row["total"]),
        int(row["provincial"]),
        int(row["prefecture"]),
    )


def test_regions_of_2017_are_as_published() -> None:
    upper = cities_of(registry(), "2017-12").filter(pl.col("city_class") != "county")
    assert dict(upper["region"].value_counts().iter_rows()) == {
        "East": 89,
        "Central": 80,
        "West": 94,
        "Northeast": 34,
    }


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2005-01", (36, 251, 374)),
        ("2010-12", (36, 251, 370)),
        ("2015-12", (36, 259, 361)),
        ("2016-12", (36, 261, 360)),
        ("2018-11", (36, 262, 375)),
        ("2019-01", (36, 261, 375)),
        ("2019-06", (36, 261, 375)),
        ("2020-03", (36, 261, 387)),
        ("2021-12", (36, 261, 394)),
        ("2024-12", (36, 261, 397)),
        ("2026-10", (36, 261, 398)),
    ],
)
def test_classes_of_a_month_count_as_the_standard_and_the_monitoring_say(
    period: str, expected: Counts
) -> None:
    assert counts(period) == expected


@pytest.mark.parametrize("period", MONTHS)
def test_each_month_has_36_provincial_cities_and_each_code_once(period: str) -> None:
    cities = cities_of(registry(), period)
    assert counts(period)[0] == 36
    assert cities["city_code"].is_unique().all()
    assert cities["city_code"].is_sorted()
    assert cities.columns == OF_A_MONTH


@pytest.mark.parametrize(
    ("before", "after", "first_month"),
    [
        (("530800", "思茅市"), ("530800", "普洱市"), "2007-01"),
        (("420600", "襄樊市"), ("420600", "襄阳市"), "2010-12"),
        (("533103", "潞西市"), ("533103", "芒市"), "2010-10"),
        (("341400", "巢湖市"), ("340181", "巢湖市"), "2011-08"),
        (("522201", "铜仁市"), ("520600", "铜仁市"), "2011-10"),
        (("522401", "毕节市"), ("520500", "毕节市"), "2011-10"),
        (("542301", "日喀则市"), ("540200", "日喀则市"), "2014-10"),
        (("469003", "儋州市"), ("460400", "儋州市"), "2015-02"),
        (("652101", "吐鲁番市"), ("650400", "吐鲁番市"), "2015-03"),
        (("652201", "哈密市"), ("650500", "哈密市"), "2016-07"),
        (("512081", "简阳市"), ("510185", "简阳市"), "2016-05"),
        (("220381", "公主岭市"), ("220184", "公主岭市"), "2020-06"),
    ],
)
def test_a_renamed_moved_or_upgraded_city_keeps_its_history(
    before: tuple[str, str], after: tuple[str, str], first_month: str
) -> None:
    history = lineage(registry(), after[0]).select("city_code", "name", "valid_from", "valid_to")
    old, new = history.iter_rows()
    assert (old[:2], new[:2]) == (before, after)
    assert old[3] < new[2] == first_month
    assert code(before[1], old[3]) == before[0]
    assert code(after[1], first_month) == after[0]


@pytest.mark.parametrize(
    ("name", "city_code", "first_month", "predecessor"),
    [
        ("三沙市", "460300", "2012-07", None),
        ("海东市", "630200", "2013-08", "632100:海东地区"),
        ("昌都市", "540300", "2014-12", "542100:昌都地区"),
        ("林芝市", "540400", "2015-06", "542600:林芝地区"),
        ("山南市", "540500", "2016-05", "542200:山南地区"),
        ("神木市", "610881", "2017-05", "610821:神木县"),
        ("京山市", "420882", "2018-02", "420821:京山县"),
        ("荔浦市", "450381", "2018-08", "450331:荔浦县"),
        ("龙港市", "330383", "2019-09", None),
        ("胡杨河市", "659010", "2019-12", None),
        ("新星市", "659011", "2021-02", None),
        ("祁阳市", "431181", "2021-02", "431121:祁阳县"),
        ("白杨市", "659012", "2023-01", None),
    ],
)
def test_a_new_city_begins_in_its_month_and_names_what_it_was(
    name: str, city_code: str, first_month: str, predecessor: str | None
) -> None:
    (spell,) = registry().filter(pl.col("name") == name).to_dicts()
    assert spell["city_code"] == city_code
    assert spell["valid_from"] == first_month
    assert spell["predecessors"] == predecessor
    assert spell["note"].startswith(f"since {first_month}")


@pytest.mark.parametrize(
    ("name", "last_month", "next_month", "successor"),
    [
        ("江都市", "2011-09", "2011-10", "江都区 321012"),
        ("章丘市", "2016-11", "2016-12", "章丘区 370114"),
        ("即墨市", "2017-10", "2017-11", "即墨区 370215"),
        ("莱芜市", "2018-12", "2019-01", "济南市 370100"),
        ("海门市", "2020-06", "2020-07", "海门区 320614"),
    ],
)
def test_a_city_that_became_a_district_ends_and_names_what_it_became(
    name: str, last_month: str, next_month: str, successor: str
) -> None:
    assert code(name, last_month) is not None
    assert code(name, next_month) is None
    assert successor in registry().filter(pl.col("name") == name)["note"].item()


def test_the_history_of_jinan_takes_in_that_of_laiwu() -> None:
    assert lineage(registry(), "370100")["name"].to_list() == ["莱芜市", "济南市"]
    assert lineage(registry(), "999999").is_empty()


def test_a_city_is_monitored_later_than_it_was_founded_only_for_a_stated_reason() -> None:
    later = registry().filter(pl.col("monitored_from").is_not_null())
    assert later.select(
        (
            pl.col("note").str.contains(pl.format("monitored from {}: ", "monitored_from"))
            & (pl.col("monitored_from") > pl.col("valid_from"))
        ).all()
    ).item()
    assert code("那曲市", "2018-05") is None
    assert code("那曲市", "2018-06") == "540600"


@pytest.mark.parametrize(
    ("name", "name_en", "pinyin"),
    [
        ("六安市", "Lu'an", "luan"),
        ("亳州市", "Bozhou", "bozhou"),
        ("台州市", "Taizhou", "taizhou"),
        ("丽水市", "Lishui", "lishui"),
        ("蚌埠市", "Bengbu", "bengbu"),
        ("重庆市", "Chongqing", "chongqing"),
        ("厦门市", "Xiamen", "xiamen"),
        ("都匀市", "Duyun", "duyun"),
        ("乐清市", "Yueqing", "yueqing"),
        ("乐山市", "Leshan", "leshan"),
        ("乐陵市", "Laoling", "laoling"),
        ("长治市", "Changzhi", "changzhi"),
        ("漯河市", "Luohe", "luohe"),
        ("西安市", "Xi'an", "xian"),
        ("呼和浩特市", "Hohhot", "huhehaote"),
        ("包头市", "Baotou", "baotou"),
        ("乌鲁木齐市", "Urumqi", "wulumuqi"),
        ("哈尔滨市", "Harbin", "haerbin"),
        ("拉萨市", "Lhasa", "lasa"),
        ("喀什市", "Kashgar", "kashi"),
        ("香格里拉市", "Shangri-La", "xianggelila"),
        ("芒市", "Mangshi", "mangshi"),
    ],
)
def test_polyphones_and_conventional_names_are_right(name: str, name_en: str, pinyin: str) -> None:
    (spell,) = registry().filter(pl.col("name") == name).iter_rows(named=True)
    assert (spell["name_en"], spell["pinyin"]) == (name_en, pinyin)


@pytest.mark.parametrize(
    ("name", "province", "expected"),
    [
        ("苏州市", None, "320500"),
        ("苏州", "江苏", "320500"),
        ("包头", "内蒙古", "150200"),
        ("苏州", "浙江省", None),
        ("津市", None, "430781"),
        ("芒市", None, "533103"),
        ("苏", None, None),
        ("莱芜市", None, None),
    ],
)
def test_a_name_means_one_city_of_the_month(
    name: str, province: str | None, expected: str | None
) -> None:
    assert resolve(cities_of(registry(), "2019-06"), name, province) == expected


def test_a_name_that_occurs_twice_means_none_without_its_province() -> None:
    twice = pl.DataFrame(
        {
            "city_code": ["340181", "419999"],
            "name": ["巢湖市"] * 2,
            "province": ["安徽省", "河南省"],
        }
    )
    assert resolve(twice, "巢湖", None) is None
    assert resolve(twice, "巢湖", "河南") == "419999"


@pytest.mark.parametrize("period", ["2019", "2019-6", "2019-13", "2019-06-01", "201906", "", "now"])
def test_what_is_no_month_is_refused(period: str) -> None:
    with pytest.raises(ValueError, match="a period is a month"):
        cities_of(registry(), period)


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("city_code", "37010", "city_code|regex"),
        ("region", "North", "region|check"),
        ("valid_to", "2006-12", "months_are_in_order"),
        ("parent_code", "530800", "upper_cities_have_no_parent"),
        ("city_class", "county", "class_agrees_with_the_code"),
        ("province_code", "520000", "codes_are_nested"),
    ],
)
def test_the_contract_refuses_a_wrong_row(column: str, value: str, rule: str) -> None:
    puer = registry().filter(pl.col("name") == "普洱市")
    broken = puer.with_columns(pl.lit(value).alias(column))
    assert rule in CityRegistry.filter(broken).failure.counts()


def test_the_contract_refuses_two_cities_under_one_code_in_one_month() -> None:
    puer = registry().filter(pl.col("city_code") == "530800")
    endless = puer.with_columns(valid_to=pl.lit(None, pl.String))
    assert "spells_of_a_code_do_not_overlap" in CityRegistry.filter(endless).failure.counts()


def test_every_column_is_described() -> None:
    assert all(column.description for column in CityRegistry.columns().values())


def test_the_packaged_table_is_sorted_and_plain() -> None:
    content = feed.packaged()
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    keys = registry().select("city_code", pl.col("valid_from").fill_null("")).rows()
    assert keys == sorted(keys)
