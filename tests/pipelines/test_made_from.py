"""What is hashed as code is all of the code that counts, and what is the same has the same bytes."""

import grimp
import polars as pl
import pytest

from pipelines import code
from pipelines.periods import successive
from pipelines.steps import made_from


def imported_by(module: str) -> set[str]:
    """Files of all of the project's modules that a module imports, itself included."""
    graph = grimp.build_graph("scrapers", "warehouse", "indicators", "pipelines", "templates")
    return {
        f"{name.replace('.', '/')}.py" for name in {module, *graph.find_upstream_modules(module)}
    }


def test_all_that_scores_is_hashed_as_the_code_that_scores() -> None:
    assert imported_by("indicators.score") <= set(made_from.SCORES)


@pytest.mark.parametrize("path", [*made_from.READS, *made_from.SCORES])
def test_what_is_hashed_as_code_is_there(path: str) -> None:
    assert (code.PROJECT / path).exists()
    assert code.digest(path) != code.digest("README.md")


def test_the_months_own_column_does_not_tell_cities_apart() -> None:
    cities = pl.DataFrame({"city_code": ["330100"], "city_class": ["provincial"]})
    dated = cities.with_columns(period=pl.lit("2019-06"))
    other = cities.with_columns(city_class=pl.lit("prefecture"))
    assert made_from.of_cities(dated) == made_from.of_cities(cities)
    assert made_from.of_cities(other) != made_from.of_cities(cities)


@pytest.mark.parametrize(
    ("months", "runs"),
    [
        ([], []),
        (["2019-01"], [["2019-01"]]),
        (["2019-01", "2018-12", "2019-03"], [["2018-12", "2019-01"], ["2019-03"]]),
    ],
)
def test_months_fall_into_runs_without_a_gap(months: list[str], runs: list[list[str]]) -> None:
    assert successive(months) == runs
