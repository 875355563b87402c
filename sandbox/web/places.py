"""The cities as their pages name them: full and short names, province, districts and towns."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from scrapers.sources.registry import feed

_DIVISIONS: Final = Path(feed.__file__).with_name("divisions.csv")
_MUNICIPALITIES: Final = ("11", "12", "31", "50")
_TOWNS: Final = (
    "城关镇", "河东镇", "石桥镇", "柳林镇", "新集镇", "双溪街道", "东风街道", "古塘镇", "青峰镇",
    "白杨街道", "龙潭镇", "西岭乡", "太平镇", "湖滨街道", "杨庄镇", "红旗街道",
)  # fmt: skip
_ZONES: Final = ("经济开发区", "高新区")


@dataclass(frozen=True)
class Place:
    """A city.

    Attributes:
        name, short: 义乌市, 义乌.
        province: short, 浙江.
        parent: code of the prefecture-level city that a county-level city is under, if it is.
        areas: districts and counties, or towns of a county-level city.
        city_class: `provincial`, `prefecture` or `county`.
    """

    code: str
    name: str
    short: str
    province: str
    province_code: str
    parent: str | None
    areas: tuple[str, ...]
    city_class: str

    @property
    def is_county(self) -> bool:
        """Whether it is a county-level city."""
        return self.city_class == "county"


def places(cities: pl.DataFrame) -> dict[str, Place]:
    """The cities of a month, as `indicators.registry.cities_of` gives them, by code."""
    columns = ("city_code", "name", "province", "province_code", "parent_code", "city_class")
    rows = cities.select(columns).iter_rows(named=True)
    own = set(cities["city_code"])
    return {row["city_code"]: _place(row, own) for row in rows}


def _place(row: Mapping[str, str], own: set[str]) -> Place:
    code = row["city_code"]
    under = code[:2] if code[:2] in _MUNICIPALITIES else code[:4]
    areas = tuple(
        name for below, name in _divisions().get(under, ()) if below != code and below not in own
    )
    if row["city_class"] == "county" or not areas:
        areas = _TOWNS
    return Place(
        code=code,
        name=row["name"],
        short=row["name"].removesuffix("市"),
        province=_short(row["province"]),
        province_code=row["province_code"],
        parent=row["parent_code"],
        areas=(*areas, *_ZONES),
        city_class=row["city_class"],
    )


def _short(province: str) -> str:
    for tail in ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市"):
        province = province.removesuffix(tail)
    return province


@cache
def _divisions() -> dict[str, list[tuple[str, str]]]:
    """Districts and counties that last, by the first digits of the city's code."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with _DIVISIONS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            code, name = row["code"], row["name"]
            if (
                row["valid_to"]
                or row["valid_from"] > "2016"
                or code.endswith("00")
                or name == "市辖区"
            ):
                continue
            under = code[:2] if code[:2] in _MUNICIPALITIES else code[:4]
            found[under].append((code, name))
    return found
