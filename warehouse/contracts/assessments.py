"""Assessments of model cities: the gate and how applicants stand, a month under an edition."""

import dataframely as dy
import polars as pl

from warehouse.contracts import columns as c


class Gate(dy.Schema):
    """`score_gate__city_period_edition`: one row for each city and basic indicator that it must meet."""

    edition = c.edition()
    period = c.period()
    city_code = c.city_code()
    condition = dy.String(primary_key=True, description="Basic indicator of the edition's gate")
    value = dy.Float64(nullable=True, description="The city's number, where it is known")
    passed = dy.Bool(nullable=True, description="The number meets the standard; none: not shown")
    missing = dy.String(
        description="Measures without a value, joined by |; `rank` where the place is not known"
    )

    @dy.rule()
    def what_has_no_number_is_not_decided(cls) -> pl.Expr:
        """A condition is passed or failed by its number only."""
        return cls.passed.col.is_null() == cls.value.col.is_null()


class Assessment(dy.Schema):
    """`out_assessment__city_period_edition`: how every city that takes part stands."""

    edition = c.edition()
    period = c.period()
    city_code = c.city_code()
    city_class = c.city_class()
    total = c.points("Points and bonus")
    rank = dy.Int64(min=1, description="Rank among all that take part, 1 the highest; ties share")
    class_rank = dy.Int64(min=1, description="Rank among those of its class; ties share")
    gate_passed = dy.Bool(
        nullable=True, description="All basic indicators are met; none: some are not shown"
    )
    recommended = dy.Bool(description="Belongs to the recommended cohort")
    place = dy.Int64(
        nullable=True, min=1, description="Rank in its class in the month's monitoring index"
    )
    simulated = c.simulated()

    @dy.rule()
    def only_who_passed_the_gate_is_recommended(cls) -> pl.Expr:
        """No city gets round the gate."""
        return ~cls.recommended.col | cls.gate_passed.col.fill_null(False)
