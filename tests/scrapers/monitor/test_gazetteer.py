"""The gazetteer: what names mean, and which city answers for a place in a month."""

import pytest

from scrapers.monitor.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return Gazetteer()


def named(places: Gazetteer, text: str) -> list[str]:
    return [found.name for found in places.find(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("浙江省金华市义乌市佛堂镇", ["浙江省", "金华市", "义乌市"]),
        ("河南通报，湖南通过，济南通告", ["河南", "湖南", "济南"]),
        ("长阳县与恩施州都是自治的", ["长阳县", "恩施州"]),
        ("两江新区和雄安新区", ["两江新区", "雄安新区"]),
        ("杭城、鹭岛与申城", ["杭城", "鹭岛", "申城"]),
    ],
)
def test_the_longest_name_wins_and_names_do_not_overlap(
    places: Gazetteer, text: str, names: list[str]
) -> None:
    assert named(places, text) == names


@pytest.mark.parametrize(
    "text",
    [
        "信息公开平台",
        "诚信阳光工程",
        "重大安全隐患",
        "四平方米",
        "十大连锁超市",
        "权益阳光公示",
        "特大庆典",
        "公安机关会同有关部门",
        "人力资源与合作社",
        "行政和政务信息",
        "推广安全用药",
        "水平度和高密度",
    ],
)
def test_what_only_looks_like_a_name_is_none(places: Gazetteer, text: str) -> None:
    assert named(places, text) == []


@pytest.mark.parametrize(
    ("code", "month", "city"),
    [
        ("330110", "2018-06", "330100"),  # a district
        ("330726", "2018-06", "330700"),  # an ordinary county
        ("330782", "2018-06", "330782"),  # a county-level city
        ("110105", "2018-06", "110000"),  # a district of a municipality
        ("500235", "2018-06", "500000"),  # a county of one
        ("429004", "2018-06", "429004"),  # a city directly under its province
        ("420821", "2017-06", "420800"),  # 京山县, a city since 2018
        ("420882", "2019-06", "420882"),
        ("371200", "2018-12", "371200"),  # 莱芜, part of 济南 since 2019
        ("371200", "2019-01", "370100"),
        ("371202", "2019-06", "370100"),
        ("422823", "2018-06", "422800"),  # 巴东县 lies in no city
        ("469021", "2018-06", "469021"),  # 定安县, directly under its province, no city
    ],
)
def test_a_place_belongs_to_the_city_that_answers_for_it_in_the_month(
    places: Gazetteer, code: str, month: str, city: str
) -> None:
    assert places.belongs_to(code, month) == city


def test_only_cities_of_the_month_are_cities(places: Gazetteer) -> None:
    assert places.is_city("371200", "2018-12")
    assert not places.is_city("371200", "2019-01")
    assert not places.is_city("422800", "2019-01")
    assert places.is_city("371200", None)


def test_a_name_has_all_places_that_have_or_had_it(places: Gazetteer) -> None:
    (found,) = places.find("鼓楼区")
    assert {place.code for place in found.places} == {"320106", "320302", "350102", "410204"}
    (found,) = places.find("朝阳")
    assert {"211300", "110105", "220104"} <= {place.code for place in found.places}


def test_a_division_is_known_by_its_code(places: Gazetteer) -> None:
    division = places.at("330110")
    assert division is not None
    assert division.name == "余杭区"
    assert places.at("330199") is None


@pytest.mark.parametrize(
    ("outer", "inner", "holds"),
    [
        ("330000", "330782", True),
        ("411000", "411024", True),
        ("411000", "411122", False),
        ("330782", "330726", False),
        ("500000", "500112", True),
    ],
)
def test_a_place_holds_what_lies_in_it(
    places: Gazetteer, outer: str, inner: str, holds: bool
) -> None:
    one, other = places.at(outer), places.at(inner)
    assert one is not None
    assert other is not None
    assert one.holds(other) is holds
