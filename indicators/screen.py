"""Screening: which reported rows can be taken, and why the others cannot.

Rows come as text, as a file holds them; nothing is repaired and nothing is guessed. What was found is
repeated in a refusal only where it cannot be about a person.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from indicators.measures import Measure
from warehouse.contracts.columns import CITY_CODE_PATTERN, PERIOD_PATTERN

KEY = ("period", "city_code", "measure", "source")
FIRST_PERIOD = "2016-01"
"""The month in which the monitoring of cities began; no earlier month is scored."""

# A found text is repeated only if it is a short number, which can name nobody; otherwise its length.
# A length may stand there already: readers withhold what they do not keep.
_HARMLESS = r"^([0-9.,%eE+-]{1,7}|[+-]?(NaN|nan|inf)|\([0-9]{1,9}\))$"


@dataclass(frozen=True)
class Screened:
    """What can be taken of a file, and what cannot.

    `good`: period, city_code, measure, value (Float64), source, row. `gaps`: the same of rows that say
    there is no value. `refused`: row, field, reason, found, expected; `reason` is a key of the text
    catalogue. All carry the rows' other columns along.
    """

    good: pl.DataFrame
    gaps: pl.DataFrame
    refused: pl.DataFrame


def screen(
    rows: pl.DataFrame,
    cities: pl.DataFrame,
    catalogue: dict[str, Measure],
    *,
    last_period: str,
    first_period: str = FIRST_PERIOD,
    sources: Sequence[str] | None = None,
    largest: float | None = None,
    awards: dict[str, float] | None = None,
    apart: Sequence[str] = (),
) -> Screened:
    """Part rows into those that can be taken and those that are refused.

    Args:
        rows: text columns period, city_code, measure, value and source (null if not given), and row
            (Int64), the row in the file. A row without a value reports a gap: it is checked, not taken.
        cities: period and city_code of every city monitored in each month of the rows.
        catalogue: the measures by id.
        last_period: last month that can be reported on.
        first_period: first month that can be reported on.
        sources: kinds of source that may stand in the rows; any, if not given.
        largest: the largest value that any measure may have; no limit, if not given.
        awards: for assessor criteria, the most points that each may be awarded.
        apart: columns that tell files apart, or voices within one; only within them is a second row for
            a key a duplicate.
    """
    carried = [name for name in rows.columns if name not in (*KEY, "value", "row")]
    kinds = pl.DataFrame(
        {
            "measure": list(catalogue),
            "maximum": [m.maximum for m in catalogue.values()],
            "whole": [m.whole for m in catalogue.values()],
            "joined": [len(m.sources) > 1 for m in catalogue.values()],
            "award": [(awards or {}).get(m.id) for m in catalogue.values()],
            "known": [True] * len(catalogue),
        },
        schema={
            "measure": pl.String,
            "maximum": pl.Float64,
            "whole": pl.Boolean,
            "joined": pl.Boolean,
            "award": pl.Float64,
            "known": pl.Boolean,
        },
    )
    number = pl.col("value").cast(pl.Float64, strict=False)
    rows = (
        rows.with_columns(pl.col(*KEY, "value").str.strip_chars().replace("", None))
        .filter(~pl.all_horizontal(pl.col(*KEY, "value").is_null()))
        .with_row_index("nth")
        .join(kinds, on="measure", how="left", maintain_order="left")
        .join(
            cities.select("period", "city_code", monitored=True),
            on=["period", "city_code"],
            how="left",
            maintain_order="left",
        )
        .with_columns(number=number)
    )
    # Two sources of one measure are compared later; any other second row for a key is a duplicate.
    same = ["period", "city_code", "measure", pl.when("joined").then("source"), *apart]
    given = pl.col("value").is_not_null()
    rows = rows.with_columns(times=given.sum().over(same))
    period_known = pl.col("period").is_between(pl.lit(first_period), pl.lit(last_period))
    well_formed = pl.col("period").str.contains(PERIOD_PATTERN)
    checks: list[tuple[str, str, pl.Expr, pl.Expr | str]] = [
        ("period", "period_malformed", well_formed, "YYYY-MM"),
        ("period", "period_unknown", ~well_formed | period_known, f"{first_period}..{last_period}"),
        (
            "city_code",
            "city_malformed",
            pl.col("city_code").str.contains(CITY_CODE_PATTERN),
            "NNNNNN",
        ),
        (
            "city_code",
            "city_unknown",
            pl.col("monitored").is_not_null()
            | ~well_formed
            | ~period_known
            | ~pl.col("city_code").str.contains(CITY_CODE_PATTERN),
            "",
        ),
        ("measure", "measure_unknown", pl.col("known").is_not_null(), _nearest(rows, catalogue)),
        *(
            []
            if sources is None
            else [("source", "source_unknown", pl.col("source").is_in(sources), ", ".join(sources))]
        ),
        ("value", "not_a_number", ~given | pl.col("number").is_not_null(), ""),
        ("value", "not_finite", pl.col("number").is_finite(), ""),
        ("value", "negative", pl.col("number") >= 0, "≥ 0"),
        *(
            []  # Polars cannot filter many rows by a literal.
            if largest is None
            else [("value", "implausible", pl.col("number") < largest, f"< {largest:,.0f}")]
        ),
        ("value", "not_a_flag", ~pl.col("whole") | pl.col("number").is_in([0.0, 1.0]), "0, 1"),
        (
            "value",
            "above_maximum",
            pl.col("whole") | (pl.col("number") <= pl.col("maximum")),
            pl.format("0..{}", pl.col("maximum").cast(pl.Int64)),
        ),
        (
            "value",
            "award_above_points",
            pl.col("number") <= pl.col("award"),
            pl.format("0..{}", pl.col("award")),
        ),
        ("measure", "duplicate", ~given | (pl.col("times") == 1), "1"),
    ]
    refused = pl.concat(
        [
            rows.filter(~passes.fill_null(reason not in _NULL_FAILS)).select(
                "nth",
                "row",
                *carried,
                field=pl.lit(field),
                reason=pl.lit(reason),
                found=_harmless(pl.col("times" if reason == "duplicate" else field)),
                expected=pl.lit(expected)
                if isinstance(expected, str)
                else expected.cast(pl.String),
            )
            for field, reason, passes, expected in checks
        ]
    )
    # A number that is not finite fails other limits too; one reason for each field is enough.
    refused = refused.unique(["nth", "field"], keep="first", maintain_order=True).sort(
        "nth", maintain_order=True
    )
    passed = rows.join(refused, on="nth", how="anti", maintain_order="left").select(
        *("period", "city_code", "measure"),
        pl.col("number").alias("value"),
        "source",
        "row",
        *carried,
    )
    return Screened(
        good=passed.filter(pl.col("value").is_not_null()),
        gaps=passed.filter(pl.col("value").is_null()),
        refused=refused.drop("nth"),
    )


# Checks in which nothing at all is a failure; in the others a null means that they do not apply.
_NULL_FAILS = {"period_malformed", "city_malformed", "measure_unknown", "not_a_number"}


def _harmless(text: pl.Expr) -> pl.Expr:
    text = text.cast(pl.String)
    return (
        pl.when(text.is_null())
        .then(pl.lit(""))
        .when(text.str.contains(_HARMLESS))
        .then(text)
        .otherwise(pl.format("({})", text.str.len_chars()))
    )


def _nearest(rows: pl.DataFrame, catalogue: dict[str, Measure]) -> pl.Expr:
    """For each unknown measure the known one that is spelt most like it."""
    unknown = rows.filter(pl.col("known").is_null())["measure"].drop_nulls().unique()
    near = {name: "".join(difflib.get_close_matches(name, catalogue, n=1)) for name in unknown}
    return pl.col("measure").replace_strict(near, default="", return_dtype=pl.String)
