"""The nearest cities of a class, by hand."""

import polars as pl
import pytest

from indicators.peers import NUMBER, peers

PERIOD = "2019-06"


def _frames(
    profiles: dict[str, tuple[float | None, float | None]], county: set[str] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    cities = pl.DataFrame(
        [(PERIOD, code, "county" if code in (county or ()) else "prefecture") for code in profiles],
        ["period", "city_code", "city_class"],
        orient="row",
    )
    observations = pl.DataFrame(
        [
            (PERIOD, code, measure, value)
            for code, values in profiles.items()
            for measure, value in zip(("population", "gdp"), values, strict=True)
            if value is not None
        ],
        ["period", "city_code", "measure", "value"],
        orient="row",
    )
    return cities, observations


def _of(found: pl.DataFrame, code: str) -> list[str]:
    return found.filter(city_code=code).sort("place")["peer"].to_list()


def test_ratios_count_not_differences() -> None:
    found = peers(*_frames({"a": (100, 100), "b": (200, 100), "c": (30, 100)}))
    assert _of(found, "a") == ["b", "c"]
    far = found.filter(city_code="a", peer="b")
    assert far["distance"].item() == pytest.approx(0.693147181, abs=1e-9)
    assert far["basis"].item() == "population|gdp"


def test_only_cities_of_the_class_are_peers() -> None:
    found = peers(*_frames({"a": (1, 1), "b": (1, 1), "c": (9, 9)}, county={"b"}))
    assert _of(found, "a") == ["c"]
    assert _of(found, "b") == []


def test_who_has_both_measures_comes_before_who_has_one() -> None:
    found = peers(*_frames({"a": (1, 1), "b": (1, None), "c": (9, 9), "d": (None, None)}))
    assert _of(found, "a") == ["c", "b"]
    assert found.filter(city_code="a", peer="b")["basis"].item() == "population"
    assert _of(found, "d") == []


def test_a_month_of_before_gdp_was_collected_has_peers_by_population() -> None:
    found = peers(*_frames({"a": (100, None), "b": (150, None), "c": (120, None)}))
    assert _of(found, "a") == ["c", "b"]
    assert set(found["basis"]) == {"population"}


def test_a_size_of_nothing_is_no_size() -> None:
    assert peers(*_frames({"a": (0, 0), "b": (1, 1)})).is_empty()


def test_there_are_ten_at_most_and_ties_are_told_apart_by_the_code() -> None:
    found = peers(*_frames({f"{code:02}": (5, 5) for code in range(15)}))
    assert _of(found, "03") == [f"{code:02}" for code in range(11) if code != 3]
    assert found["place"].max() == NUMBER
