"""Groups that cities are compared by: city clusters and bands of size, and the index of each group."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import Any

import polars as pl

FILE = Path(__file__).with_name("groups.toml")


@dataclass(frozen=True)
class Cluster:
    """A city cluster: the plan that names it, and the codes of its upper cities."""

    id: str
    zh: str
    en: str
    basis: str
    source_zh: str
    source_en: str
    cities: frozenset[str]


@dataclass(frozen=True)
class Band:
    """A band of size: `least` is its lowest number, in the unit of the measure."""

    least: float
    zh: str
    en: str


@dataclass(frozen=True)
class Bands:
    """Bands of size by one measure, the smallest first."""

    measure: str
    basis: str
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Reached:
    """What a group of cities reached: how many they are, and their lowest, mean and highest index."""

    cities: int
    lowest: float
    mean: float
    highest: float


@cache
def clusters() -> tuple[Cluster, ...]:
    """All clusters, in the order of the file."""
    return tuple(
        Cluster(id=id_, **raw | {"cities": frozenset(raw["cities"])})
        for id_, raw in _declared()["cluster"].items()
    )


@cache
def bands() -> tuple[Bands, ...]:
    """The bands of size, by measure; only of measures that are declared."""
    return tuple(
        Bands(raw["measure"], raw["basis"], tuple(Band(**band) for band in raw["band"]))
        for name, raw in _declared().items()
        if name != "cluster"
    )


@cache
def _declared() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def in_cluster(cluster: Cluster, cities: pl.DataFrame) -> set[str]:
    """Codes of a cluster's cities, those at county level by the division that they lie in.

    Args:
        cluster: the cluster.
        cities: city_code, parent_code (null or empty for upper cities).
    """
    return {
        code
        for code, parent in cities.select("city_code", "parent_code").iter_rows()
        if code in cluster.cities or parent in cluster.cities
    }


def in_band(bands: Bands, observations: pl.DataFrame) -> dict[str, int]:
    """The band of every city that has the measure, as its place in `bands.bands`.

    Args:
        bands: the bands.
        observations: city_code, measure, value.
    """
    values = observations.filter(measure=bands.measure).select("city_code", "value").iter_rows()
    return {
        code: max(place for place, band in enumerate(bands.bands) if value >= band.least)
        for code, value in values
    }


def reached(
    index: pl.DataFrame, group_of: Mapping[str, object]
) -> dict[tuple[object, str], Reached]:
    """What each group reached, class by class.

    Args:
        index: city_code, city_class, index (0 to 100); cities without an index do not count.
        group_of: the group of every city that has one.

    Returns:
        By group and class, where it has a city.
    """
    found: dict[tuple[object, str], list[float]] = defaultdict(list)
    rows = index.filter(pl.col("index").is_not_null()).select("city_code", "city_class", "index")
    for code, city_class, value in rows.iter_rows():
        if code in group_of:
            found[group_of[code], city_class].append(value)
    return {
        key: Reached(len(values), min(values), fmean(values), max(values))
        for key, values in found.items()
    }
