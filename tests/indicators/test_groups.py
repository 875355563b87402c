"""City clusters, bands of size, and what groups of cities reached."""

import polars as pl
import pytest

from indicators import groups
from indicators.registry import cities_of
from pipelines.steps import facts

INDEX = pl.DataFrame(
    {
        "city_code": ["310000", "320500", "320583", "330100", "999999"],
        "city_class": ["provincial", "prefecture", "county", "provincial", "county"],
        "index": [80.0, 70.0, 60.0, 90.5, None],
    }
)


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
    ("residents", "band"),
    [(0, 0), (499_999, 0), (500_000, 1), (2_999_999, 2), (3_000_000, 3), (31_000_000, 5)],
)
def test_a_band_ends_where_the_next_begins(residents: float, band: int) -> None:
    (bands,) = groups.bands()
    observed = pl.DataFrame(
        {
            "city_code": ["310000"] * 2,
            "measure": ["population", "x"],
            "value": [float(residents), 1.0],
        }
    )
    assert groups.in_band(bands, observed) == {"310000": band}


def test_groups_reach_a_lowest_mean_and_highest_index_in_each_class() -> None:
    reached = groups.reached(INDEX, dict.fromkeys(["310000", "330100", "320583", "999999"], "east"))
    assert reached == {
        ("east", "provincial"): groups.Reached(2, 80.0, 85.25, 90.5),
        ("east", "county"): groups.Reached(1, 60.0, 60.0, 60.0),
    }
