"""A published list beside a computed ranking."""

import polars as pl
import pytest

from indicators.agreement import agreement, correlation

PUBLISHED = ("city_code", "city_class", "rank", "city")


def published(*rows: tuple[str | None, str, int]) -> pl.DataFrame:
    """Lines of a list, named after their codes."""
    return pl.DataFrame(
        [(code, city_class, rank, f"市{code}") for code, city_class, rank in rows],
        PUBLISHED,
        orient="row",
    )


def computed(*rows: tuple[str, str, int | None]) -> pl.DataFrame:
    """An index that holds no more than is compared."""
    schema = {"city_code": pl.String, "city_class": pl.String, "rank": pl.Int64}
    return pl.DataFrame(rows, schema, orient="row")


def test_both_are_ranked_anew_among_the_cities_that_both_name() -> None:
    lines = published(
        ("1", "prefecture", 35), ("2", "prefecture", 36), ("3", "prefecture", 40),
        ("4", "prefecture", 41),
    )  # fmt: skip
    index = computed(
        ("1", "prefecture", 200), ("2", "prefecture", 7), ("4", "prefecture", 9),
        ("9", "prefecture", 1),
    )  # fmt: skip
    (found,) = agreement(lines, index)
    assert found.rows.select("published_place", "computed_place", "apart").rows() == [
        (1, 3, -2),
        (2, 1, 1),
        (None, None, None),
        (3, 2, 1),
    ]
    assert found.rows["rank"].to_list() == [35, 36, 40, 41]
    assert found.rows["computed"].to_list() == [200, 7, None, 9]
    assert found.correlation.cities == 3
    assert found.correlation.spearman == pytest.approx(-0.5)
    assert found.correlation.kendall == pytest.approx(-1 / 3)


def test_cities_are_matched_by_code_and_class_and_never_by_name() -> None:
    lines = published((None, "county", 1), ("2", "county", 2), ("3", "county", 3))
    index = computed(("2", "prefecture", 1), ("3", "county", None))
    (found,) = agreement(lines, index)
    assert found.rows["computed"].to_list() == [None, None, None]
    assert found.correlation == (0, None, None)


def test_each_class_of_a_list_is_compared_by_itself() -> None:
    lines = published(("1", "county", 2), ("2", "county", 1), ("3", "provincial", 1))
    found = agreement(lines, computed(("1", "county", 1), ("2", "county", 2)))
    assert [(each.city_class, each.correlation.cities) for each in found] == [
        ("county", 2),
        ("provincial", 0),
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 2, 3], [1, 2, 3], (3, 1.0, 1.0)),
        ([1, 2, 3], [3, 2, 1], (3, -1.0, -1.0)),
        ([1, 2], [1, 2], (2, None, None)),
        ([1, 2, 3], [1, 1, 1], (3, None, None)),
        ([], [], (0, None, None)),
        # Tied ranks: tau-b, not tau-a, which would be 5/6.
        ([1, 2, 3, 4], [1, 1, 3, 4], (4, 0.948683298, 0.912870929)),
    ],
)
def test_correlations_are_those_of_ranks(
    one: list[int], other: list[int], expected: tuple[int, float | None, float | None]
) -> None:
    found = correlation(pl.Series(one, dtype=pl.Int64), pl.Series(other, dtype=pl.Int64))
    assert tuple(found) == pytest.approx(expected, nan_ok=False)
