"""Two sources for one measure: which value counts, and when the difference is a discrepancy."""

from dataclasses import replace

import polars as pl
import pytest

from indicators.measures import Measure, catalogue
from indicators.reconcile import reconcile

HIGHER = "codes_mapped"
SCHEMA = {
    "period": pl.String,
    "city_code": pl.String,
    "measure": pl.String,
    "value": pl.Float64,
    "source": pl.String,
}
Row = tuple[str, str, str, float, str]


def reconciled(*rows: Row, measures: dict[str, Measure] | None = None) -> pl.DataFrame:
    """Reconcile rows by the catalogue."""
    return reconcile(pl.DataFrame(rows, schema=SCHEMA, orient="row"), measures or catalogue())


def pair(first: float, second: float, measure: str = HIGHER) -> tuple[Row, Row]:
    """One measure of one city from two sources."""
    return (
        ("2019-06", "110000", measure, first, "code_centre"),
        ("2019-06", "110000", measure, second, "city"),
    )


def lower_is_better() -> dict[str, Measure]:
    """A catalogue in which less of the joined measure is better."""
    return {**catalogue(), HIGHER: replace(catalogue()[HIGHER], better="lower")}


@pytest.mark.parametrize(("centre", "city"), [(80, 100), (100, 80), (0, 3), (3, 0), (0.5, 0.25)])
def test_where_higher_is_better_the_lower_value_counts(centre: float, city: float) -> None:
    (found,) = reconciled(*pair(centre, city)).rows(named=True)
    assert (found["value"], found["other_value"]) == (min(centre, city), max(centre, city))
    assert found["source"] == ("code_centre" if centre < city else "city")
    assert found["other_source"] == ("city" if centre < city else "code_centre")


@pytest.mark.parametrize(("centre", "city"), [(80, 100), (100, 80), (0, 3), (3, 0), (0.5, 0.25)])
def test_where_lower_is_better_the_higher_value_counts(centre: float, city: float) -> None:
    (found,) = reconciled(*pair(centre, city), measures=lower_is_better()).rows(named=True)
    assert (found["value"], found["other_value"]) == (max(centre, city), min(centre, city))
    assert found["source"] == ("code_centre" if centre > city else "city")


@pytest.mark.parametrize("both", [0, 7, 0.3])
def test_two_sources_that_agree_are_no_discrepancy(both: float) -> None:
    (found,) = reconciled(*pair(both, both)).rows(named=True)
    assert (found["value"], found["other_value"], found["discrepancy"]) == (both, both, False)
    assert {found["source"], found["other_source"]} == {"code_centre", "city"}


@pytest.mark.parametrize(
    ("one", "other", "discrepancy"),
    [
        (100, 81, False),
        (100, 80, False),
        (100, 79.999, True),
        (100, 79, True),
        (100, 0, True),
        (5, 4, False),
        (15, 12, False),
        (5_000_000, 4_000_000, False),
        (5_000_000, 3_999_999, True),
        (1, 0.8, False),
        (125, 100, False),
        (126, 100, True),
        (0, 0, False),
        (1, 0, True),
    ],
)
@pytest.mark.parametrize("better", ["higher", "lower"])
def test_more_than_20_per_cent_of_the_larger_is_a_discrepancy(
    better: str, one: float, other: float, discrepancy: bool
) -> None:
    measures = catalogue() if better == "higher" else lower_is_better()
    for values in ((one, other), (other, one)):
        (found,) = reconciled(*pair(*values), measures=measures).rows(named=True)
        assert found["discrepancy"] is discrepancy


def test_exactly_20_per_cent_of_a_count_is_no_discrepancy() -> None:
    rows = [
        (period, f"{k:06d}", HIGHER, float(value), period)
        for k in range(1, 3000)
        for period, value in (("city", 5 * k), ("code_centre", 4 * k))
    ]
    assert not reconciled(*(("2019-06", *row[1:]) for row in rows))["discrepancy"].any()


@pytest.mark.parametrize(("larger", "less"), [(500.5, 400.4), (5001.5, 4001.2)])
def test_exactly_20_per_cent_of_a_decimal_is_no_discrepancy(larger: float, less: float) -> None:
    assert not reconciled(*pair(larger, less))["discrepancy"].item()


@pytest.mark.parametrize("source", ["code_centre", "city"])
def test_one_source_alone_counts_without_another(source: str) -> None:
    (found,) = reconciled(("2019-06", "110000", HIGHER, 7.0, source)).rows(named=True)
    assert (found["value"], found["source"], found["discrepancy"]) == (7, source, False)
    assert found["other_value"] is None
    assert found["other_source"] is None


def test_a_measure_of_a_single_source_is_left_as_it_is() -> None:
    row: Row = ("2019-06", "110000", "population", 9.0, "registry")
    (found,) = reconciled(row).rows()
    assert found == (*row, None, None, False)


def test_cities_months_and_measures_are_not_mixed() -> None:
    rows: list[Row] = [
        ("2019-06", "110000", HIGHER, 10.0, "city"),
        ("2019-06", "120000", HIGHER, 1.0, "code_centre"),
        ("2019-05", "110000", HIGHER, 2.0, "code_centre"),
        ("2019-06", "110000", "disclosure_records_12m", 3.0, "monitoring"),
        ("2019-06", "110000", HIGHER, 9.0, "code_centre"),
    ]
    found = reconciled(*rows)
    keys = ["period", "city_code", "measure"]
    assert found.select(*keys, "value", "other_value").rows() == [
        ("2019-05", "110000", HIGHER, 2.0, None),
        ("2019-06", "110000", HIGHER, 9.0, 10.0),
        ("2019-06", "110000", "disclosure_records_12m", 3.0, None),
        ("2019-06", "120000", HIGHER, 1.0, None),
    ]
    assert found.equals(found.sort(keys))


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_the_order_of_rows_makes_no_difference(better: str) -> None:
    measures = catalogue() if better == "higher" else lower_is_better()
    for values in ((3, 4), (4, 3), (5, 5)):
        one, other = pair(*values)
        assert reconciled(one, other, measures=measures).equals(
            reconciled(other, one, measures=measures)
        )


def test_what_follows_the_value_is_that_of_the_value_that_counts() -> None:
    rows = pl.DataFrame(pair(8, 10), schema=SCHEMA, orient="row").with_columns(
        file=pl.Series(["centre.csv", "city.csv"])
    )
    assert reconcile(rows, catalogue())["file"].to_list() == ["centre.csv"]
