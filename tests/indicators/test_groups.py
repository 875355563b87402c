"""City clusters, bands of size, and what groups of cities reached."""

from itertools import pairwise

import polars as pl
import pytest

from indicators import groups
from indicators.measures import catalogue
from indicators.registry import cities_of
from pipelines.steps import facts

INDEX = pl.DataFrame(
    {
        "city_code": ["310000", "320500", "320583", "330100", "999999"],
        "city_class": ["provincial", "prefecture", "county", "provincial", "county"],
        "index": [80.0, 70.0, 60.0, 90.5, None],
    }
)
BANDS = {bands.measure: bands for bands in groups.bands()}


def test_clusters_name_upper_cities_that_there_are_and_none_twice() -> None:
    known = set(cities_of(facts.registry(), "2019-06")["city_code"])
    for cluster in groups.clusters():
        assert cluster.cities <= known, cluster.id
        assert all(code.endswith("00") for code in cluster.cities)
        assert cluster.basis == "assumed"
    every = [code for cluster in groups.clusters() for code in cluster.cities]
    assert len(every) == len(set(every))


def test_county_level_cities_lie_in_the_cluster_of_their_prefecture() -> None:
    cities = pl.DataFrame(
        {"city_code": ["320500", "320583", "659004"], "parent_code": [None, "320500", None]}
    )
    delta = next(cluster for cluster in groups.clusters() if cluster.id == "yangtze_delta")
    assert groups.in_cluster(delta, cities) == {"320500", "320583"}


@pytest.mark.parametrize(
    ("measure", "size", "band"),
    [
        ("population", 0, 0),
        ("population", 499_999, 0),
        ("population", 500_000, 1),
        ("population", 2_999_999, 2),
        ("population", 3_000_000, 3),
        ("population", 31_000_000, 5),
        ("gdp", 999_999, 0),
        ("gdp", 1_000_000, 1),
        ("gdp", 330_000_000, 6),
    ],
)
def test_a_band_ends_where_the_next_begins(measure: str, size: float, band: int) -> None:
    observed = pl.DataFrame(
        {"city_code": ["310000"] * 2, "measure": [measure, "x"], "value": [float(size), 1.0]}
    )
    assert groups.in_band(BANDS[measure], observed) == {"310000": band}


@pytest.mark.parametrize(
    ("measure", "least", "most"),
    # As printed of Lingbao in 2019: 0.5 to 1 million residents, 30 to 50 billion yuan.
    [("population", 500_000, 1_000_000), ("gdp", 3_000_000, 5_000_000)],
)
def test_the_bands_that_the_official_portal_used_are_among_them(
    measure: str, least: float, most: float
) -> None:
    bounds = [band.least for band in BANDS[measure].bands]
    assert (least, most) in pairwise(bounds)
    assert bounds[0] == 0
    assert bounds == sorted(bounds)
    assert measure in catalogue()


def test_cities_without_the_measure_are_in_no_band() -> None:
    observed = pl.DataFrame({"city_code": ["310000"], "measure": ["population"], "value": [9e6]})
    assert groups.in_band(BANDS["gdp"], observed) == {}


def test_groups_reach_a_lowest_mean_and_highest_index_in_each_class() -> None:
    reached = groups.reached(INDEX, dict.fromkeys(["310000", "330100", "320583", "999999"], "east"))
    assert reached == {
        ("east", "provincial"): groups.Reached(2, 80.0, 85.25, 90.5),
        ("east", "county"): groups.Reached(1, 60.0, 60.0, 60.0),
    }
