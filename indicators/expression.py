"""Expressions over measures, such as `listed_entities / nation(listed_entities)`.

sqlglot parses them and Polars' own SQL evaluates them; there is no parser and no `eval` here. A
division by zero has no value (source: rules of scoring).
"""

from dataclasses import dataclass
from functools import cached_property

import polars as pl
import sqlglot
from sqlglot import exp

NATION = "nation"
_ALLOWED = (exp.Column, exp.Identifier, exp.Literal, exp.Paren, exp.Anonymous)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div)


class ExpressionError(ValueError):
    """An expression that is not arithmetic over measures."""


@dataclass(frozen=True)
class Expression:
    """One expression. Frames that evaluate it hold a Float64 column for each of its inputs."""

    text: str

    def __post_init__(self) -> None:
        for node in self._tree.walk():
            text = isinstance(node, exp.Literal) and node.is_string
            if text or not isinstance(node, (*_ALLOWED, *_ARITHMETIC)):
                raise ExpressionError(
                    f"{self.text!r}: {node.sql()!r} is not allowed; "
                    f"expected measures, numbers, + - * / and {NATION}(measure)"
                )
        for column in self._tree.find_all(exp.Column):
            if column.table:
                raise ExpressionError(f"{self.text!r}: {column.sql()!r} is not a measure")
        for call in self._tree.find_all(exp.Anonymous):
            arguments = call.expressions
            if (
                call.name.lower() != NATION
                or len(arguments) != 1
                or not isinstance(arguments[0], exp.Column)
            ):
                raise ExpressionError(f"{self.text!r}: {call.sql()!r} is not {NATION}(measure)")
        if not self.measures:
            raise ExpressionError(f"{self.text!r} names no measure")

    @cached_property
    def _tree(self) -> exp.Expr:
        try:
            return sqlglot.parse_one(self.text)
        except sqlglot.errors.SqlglotError as error:
            raise ExpressionError(f"{self.text!r} does not parse as arithmetic") from error

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Measures that must have a value, in the order in which the expression names them."""
        return tuple(
            dict.fromkeys(column.name for column in self._tree.find_all(exp.Column, bfs=False))
        )

    @cached_property
    def national(self) -> tuple[str, ...]:
        """Measures whose sum over the nation the expression needs."""
        calls = self._tree.find_all(exp.Anonymous, bfs=False)
        return tuple(dict.fromkeys(call.expressions[0].name for call in calls))

    def value(self, empty: float | None = None) -> pl.Expr:
        """Polars expression of the value: Float64, null where a measure is missing.

        Args:
            empty: value of a division by zero when all measures are there; null if not given.
        """
        value = self._quotient if empty is None else self._quotient.fill_null(empty)
        complete = pl.all_horizontal(pl.col(measure).is_not_null() for measure in self.measures)
        return pl.when(complete).then(value).otherwise(None)

    @cached_property
    def _quotient(self) -> pl.Expr:
        """The arithmetic alone, null where it divides by zero."""

        def guarded(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Anonymous):
                return exp.column(national_column(node.expressions[0].name), quoted=True)
            if isinstance(node, exp.Div):
                node.set("expression", exp.func("NULLIF", node.expression, exp.Literal.number(0)))
            return node

        return pl.sql_expr(self._tree.transform(guarded).sql()).cast(pl.Float64)


def national_column(measure: str) -> str:
    """Name of the column that holds a measure's sum over the nation."""
    return f"{NATION}({measure})"
