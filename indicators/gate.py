"""The gate: basic indicators that a city has to meet, whatever its points.

A condition without a number is neither passed nor failed but not shown, and what is missing is named.
"""

import polars as pl

from indicators.edition import Condition, Edition

PLACE = "rank"
"""What is missing where a city's place in the monitoring index is not known."""
_LAST_BIT = (
    1e-12  # a number this close to the standard is the standard, whatever binary fractions say
)


def gate(
    edition: Edition, observations: pl.DataFrame, cities: pl.DataFrame, places: pl.DataFrame
) -> pl.DataFrame:
    """Hold every city against the conditions of its class.

    Args:
        edition: the edition whose gate it is; one without a gate gives no rows.
        observations: period, city_code, measure, value of one month; one row for each key.
        cities: period, city_code, city_class of those to be judged.
        places: city_code, rank (in the class, in the month's monitoring index) where it is known.

    Returns:
        A frame of the contract `Gate`, by city and in the order of the conditions.
    """
    wide = _wide(edition, observations, cities).join(
        places.select("city_code", pl.col("rank").cast(pl.Float64).alias(PLACE)),
        on="city_code",
        how="left",
        maintain_order="left",
    )
    nothing = pl.DataFrame(
        schema={
            "edition": pl.String,
            "period": pl.String,
            "city_code": pl.String,
            "condition": pl.String,
            "value": pl.Float64,
            "passed": pl.Boolean,
            "missing": pl.String,
            "order": pl.Int64,
        }
    )
    held = (
        wide.filter(pl.col("city_class").is_in(condition.classes)).select(
            edition=pl.lit(edition.id),
            period="period",
            city_code="city_code",
            condition=pl.lit(condition.id),
            value=_value(condition),
            passed=_met(condition),
            missing=pl.concat_list(
                pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in inputs(condition)
            )
            .list.drop_nulls()
            .list.join("|"),
            order=pl.lit(order, pl.Int64),
        )
        for order, condition in enumerate(edition.gate)
    )
    return pl.concat([nothing, *held]).sort("period", "city_code", "order").drop("order")


def inputs(condition: Condition) -> tuple[str, ...]:
    """What a condition needs to be known: measures, or the place in the monitoring index."""
    return condition.expression.measures if condition.expression else (PLACE,)


def verdicts(gate: pl.DataFrame) -> pl.DataFrame:
    """city_code and gate_passed: false where a condition failed, else null where one is not shown."""
    failed, unknown = (~pl.col("passed")).any(), pl.col("passed").is_null().any()
    return gate.group_by("city_code").agg(
        gate_passed=pl.when(failed).then(False).when(unknown).then(None).otherwise(True)
    )


def _value(condition: Condition) -> pl.Expr:
    if condition.expression is None:
        return pl.col(PLACE)
    value = condition.expression.value(condition.empty)
    return pl.when(value.is_finite()).then(value)


def _met(condition: Condition) -> pl.Expr:
    value, standard = _value(condition), condition.threshold
    near = _LAST_BIT * max(1.0, abs(standard))
    match condition.comparison:
        case "at least":
            return value >= standard - near
        case "at most":
            return value <= standard + near
        case "below":
            return value < standard - near


def _wide(edition: Edition, observations: pl.DataFrame, cities: pl.DataFrame) -> pl.DataFrame:
    """A column for each measure of the gate, a row for each city; null where nothing was observed."""
    measures = list(dict.fromkeys(m for c in edition.gate if c.expression for m in inputs(c)))
    wide = observations.filter(pl.col("measure").is_in(measures)).pivot(
        on="measure", on_columns=measures, index=["period", "city_code"], values="value",
        aggregate_function="first",
    )  # fmt: skip
    return cities.select("period", "city_code", "city_class").join(
        wide, on=["period", "city_code"], how="left", maintain_order="left"
    )
