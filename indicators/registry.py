"""Which cities there are in a month, what they were before, and which one a name means."""

import re

import polars as pl

from warehouse.contracts.columns import PERIOD_PATTERN

OF_A_MONTH = [
    "city_code",
    "name",
    "name_en",
    "pinyin",
    "province_code",
    "province",
    "province_en",
    "city_class",
    "region",
    "parent_code",
    "valid_from",
    "valid_to",
]


def cities_of(registry: pl.DataFrame, period: str) -> pl.DataFrame:
    """The cities that existed and were monitored in a month.

    Before 2016, when the monitoring began, these are the cities that existed.

    Args:
        registry: spells of cities, as `warehouse.contracts.cities.CityRegistry` describes them.
        period: month, `YYYY-MM`.

    Returns:
        One row a city by `city_code`, with the columns of `OF_A_MONTH`.

    Raises:
        ValueError: if the period is no month.
    """
    if not re.fullmatch(PERIOD_PATTERN, period):
        raise ValueError(f"a period is a month such as 2019-06, not {period!r}")
    first = pl.coalesce("monitored_from", "valid_from")
    last = pl.coalesce("monitored_to", "valid_to")
    # A month is text that sorts by time; where there is none, the spell has no bound on that side.
    begun, lasting = (first <= period).fill_null(True), (last >= period).fill_null(True)
    return registry.filter(begun, lasting).select(OF_A_MONTH).sort("city_code")


def lineage(registry: pl.DataFrame, city_code: str) -> pl.DataFrame:
    """All spells of a city and of those that it followed or took in, oldest first.

    Predecessors that were no cities (counties, areas) are told in the column `predecessors` only.

    Args:
        registry: spells of cities, as `warehouse.contracts.cities.CityRegistry` describes them.
        city_code: GB/T 2260 code of any spell.

    Returns:
        Rows of the registry, those that began before the table first; none for an unknown code.
    """
    links = (
        registry.select("city_code", pl.col("predecessors").str.split("|"))
        .explode("predecessors", empty_as_null=True, keep_nulls=False)
        .select("city_code", predecessor=pl.col("predecessors").str.head(6))
    )
    codes: set[str] = set()
    found = {city_code}
    while found - codes:
        codes |= found
        found = set(links.filter(pl.col("city_code").is_in(codes))["predecessor"])
    return registry.filter(pl.col("city_code").is_in(codes)).sort(
        "valid_from", "valid_to", "city_code", nulls_last=[False, True, False]
    )


def resolve(cities: pl.DataFrame, name: str, province: str | None) -> str | None:
    """The code of the city that a Chinese name means.

    Args:
        cities: the cities of one month, from `cities_of`.
        name: exact Chinese name, with or without the 市 at its end.
        province: Chinese name of the province, full or as it is said (内蒙古), or None.

    Returns:
        The six-digit code, or None where no city or more than one has the name.
    """
    found = cities.filter(pl.col("name").is_in([name, f"{name}市"]))
    if province is not None:
        found = found.filter(pl.col("province").str.starts_with(province))
    return str(found["city_code"].item()) if len(found) == 1 else None
