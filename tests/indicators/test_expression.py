"""Expressions: what they evaluate to, and which texts are none."""

from collections.abc import Mapping

import polars as pl
import pytest

from indicators.expression import Expression, ExpressionError, national_column

VALUES = {"a": 12.0, "b": 4.0, "c": 2.0, "zero": 0.0}
NATION = {"a": 48.0, "b": 8.0, "zero": 0.0}


def value(
    text: str,
    own: Mapping[str, float | None] = VALUES,
    empty: float | None = None,
    nation: Mapping[str, float | None] = NATION,
) -> float | None:
    """The value of an expression for one city."""
    columns = {**own, **{national_column(name): total for name, total in nation.items()}}
    frame = pl.DataFrame([columns], schema=dict.fromkeys(columns, pl.Float64))
    found = frame.select(Expression(text).value(empty)).to_series()
    assert found.dtype == pl.Float64
    result: float | None = found.item()
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", 12),
        ("a + b * c", 20),
        ("(a + b) * c", 32),
        ("a - b - c", 6),
        ("a - (b - c)", 10),
        ("a / b / c", 1.5),
        ("a / (b / c)", 6),
        ("a / b * c", 6),
        ("a / (b * c)", 1.5),
        ("a * b / c", 24),
        ("a - b + c", 10),
        ("a - (b + c)", 6),
        ("(1 - b / a) * 100", 100 * (1 - 4 / 12)),
        ("a / 1000000", 0.000012),
        ("1 / 2 * a", 6),
        ("a / (1 / 2)", 24),
        ("a * 0.25", 3),
        ("a / nation(a)", 0.25),
        ("(a / nation(a)) / (b / nation(b))", 0.5),
        ("((a))", 12),
        ("zero / a", 0),
        ("a * zero", 0),
    ],
)
def test_operands_are_taken_in_the_order_of_arithmetic(text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        "a / zero",
        "zero / zero",
        "a / (b - b)",
        "a / (zero / b)",
        "a / b / zero",
        "b + a / zero",
        "zero * (a / zero)",
        "a / nation(zero)",
        "(a / zero) / b",
        "b / (a / zero)",
    ],
)
def test_a_division_by_zero_has_no_value_or_the_one_for_empty(text: str) -> None:
    assert value(text) is None
    assert value(text, empty=1) == 1
    assert value(text, empty=0) == 0


@pytest.mark.parametrize(
    "text", ["a / b", "b / a", "a + b", "a * zero + b", "zero / (a - a) + b", "b / nation(b) + a"]
)
@pytest.mark.parametrize("missing", ["a", "b"])
@pytest.mark.parametrize("empty", [None, 1.0])
def test_a_missing_measure_leaves_no_value_even_where_empty_is_given(
    text: str, missing: str, empty: float | None
) -> None:
    assert value(text, {**VALUES, missing: None}, empty) is None


@pytest.mark.parametrize(
    "empty",
    [
        None,
        1.0,
    ],
)
def test_a_measure_within_nation_must_have_a_value_of_the_city_too(empty: float | None) -> None:
    assert value("b / nation(a)", {**VALUES, "a": None}, empty) is None


def test_empty_does_not_replace_a_value() -> None:
    assert value("a / b", empty=1) == 3
    assert value("zero / b", empty=1) == 0


@pytest.mark.parametrize(
    ("text", "measures", "national"),
    [
        ("a", ("a",), ()),
        ("b / a", ("b", "a"), ()),
        ("a / b + a", ("a", "b"), ()),
        ("(a / nation(a)) / (b / nation(b))", ("a", "b"), ("a", "b")),
        ("a / nation(b)", ("a", "b"), ("b",)),
    ],
)
def test_measures_are_named_once_in_the_order_of_the_text(
    text: str, measures: tuple[str, ...], national: tuple[str, ...]
) -> None:
    assert Expression(text).measures == measures
    assert Expression(text).national == national


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "a +",
        "* a",
        "a b",
        "a, b",
        "a; b",
        "(a",
        "a)",
        "-a",
        "a + -1",
        "a % b",
        "a ^ b",
        "a ** b",
        "a > b",
        "a = b",
        "a AND b",
        "NOT a",
        "a || b",
        "a AS b",
        "a::int",
        "CAST(a AS int)",
        "CASE WHEN a THEN b END",
        "SUM(a)",
        "MAX(a, b)",
        "COALESCE(a, 0)",
        "NULLIF(a, 0)",
        "mean(a)",
        "nation()",
        "nation(a, b)",
        "nation(*)",
        "nation(DISTINCT a)",
        "x.nation(a)",
        "nation(a) OVER ()",
        "*",
        "SELECT a",
        "(SELECT a FROM b)",
        "DROP TABLE a",
        "NULL",
        "TRUE",
        "'a'",
        "a + 'b'",
        "a[1]",
        "@a",
        "?",
        "__import__('os')",
        "lambda: a",
        "a if b else c",
        "a / /b",
        "a.b",
        "nation(a + b)",
        "nation(1)",
        "nation(nation(a))",
    ],
)
def test_a_text_that_is_not_arithmetic_over_measures_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        Expression(text)
    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize("text", ["'a", '"a', "a /* b"])
def test_a_text_with_an_open_quote_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        Expression(text)


def test_a_refusal_says_what_is_not_allowed_and_what_is() -> None:
    with pytest.raises(ExpressionError, match=r"SUM\(a\).* is not allowed; expected measures"):
        Expression("b / SUM(a)")


def test_a_refused_expression_is_a_value_error() -> None:
    assert issubclass(ExpressionError, ValueError)
