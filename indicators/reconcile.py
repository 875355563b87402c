"""Where two sources report one measure: the value less favourable to the city counts."""

import polars as pl

from indicators.measures import Measure

TOLERATED_DIFFERENCE = 0.2
"""Share of the larger value by which two sources may differ before it is a discrepancy."""

_LAST_BIT = 1 + 1e-12  # 500.5 and 400.4 differ by just 20 per cent, whatever binary fractions say


def reconcile(rows: pl.DataFrame, catalogue: dict[str, Measure]) -> pl.DataFrame:
    """One row for each city, month and measure, from rows of one or more sources.

    Args:
        rows: period, city_code, measure, value, source and whatever else follows the value that
            counts; unique in period, city_code, measure and source.
        catalogue: the measures by id; those with two sources say which value favours the city.

    Returns:
        The same columns plus other_source, other_value and discrepancy, sorted by key.
    """
    key = ["period", "city_code", "measure"]
    better = {m.id: m.better == "higher" for m in catalogue.values() if m.better}
    # Least favourable first: ascending where higher is better. Equal values: the source named first.
    favour = pl.when(
        pl.col("measure").replace_strict(better, default=True, return_dtype=pl.Boolean)
    )
    ordered = rows.sort(*key, favour.then(pl.col("value")).otherwise(-pl.col("value")), "source")
    nth = pl.int_range(pl.len()).over(key)
    first = ordered.filter(nth == 0)
    second = ordered.filter(nth == 1).select(*key, other_source="source", other_value="value")
    larger = pl.max_horizontal("value", "other_value")
    return first.join(second, on=key, how="left", maintain_order="left").with_columns(
        discrepancy=(
            (pl.col("value") - pl.col("other_value")).abs()
            > TOLERATED_DIFFERENCE * larger * _LAST_BIT
        ).fill_null(False)
    )
