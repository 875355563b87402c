"""What offices say at what time: the truth, unless something is amiss with them."""

from functools import cache

import polars as pl
import pytest

from sandbox.country import Country
from sandbox.offices import KINDS, Statement, measures_of, statements

MONTH = "2019-06"
KEY = ["city_code", "measure"]
COUNTRY = Country.found(MONTH, MONTH)


@cache
def said(source_id: str, *, everyday: bool = False, corrects: bool = False) -> list[Statement]:
    cities = COUNTRY.cities(MONTH)
    return statements(source_id, cities, MONTH, COUNTRY.seed, everyday=everyday, corrects=corrects)


@cache
def truth(source_id: str) -> pl.DataFrame:
    reported = measures_of(source_id)
    return COUNTRY.truth(MONTH).filter(pl.col("measure").is_in(reported)).select(*KEY, "value")


OFFICES = [source_id for source_id in KINDS if source_id != "assessor"]
"""Those that tell what is true; what assessors award is a judgement."""


@pytest.mark.parametrize("source_id", OFFICES)
def test_by_themselves_offices_say_once_what_is_true(source_id: str) -> None:
    (statement,) = said(source_id)
    assert statement.said.select(*KEY, "value").sort(KEY).equals(truth(source_id).sort(KEY))
    assert statement.said["text"].is_null().all()


@pytest.mark.parametrize("source_id", OFFICES)
def test_a_correction_puts_right_what_was_wrong_and_nothing_else(source_id: str) -> None:
    if source_id == "provider":
        return  # has no counts
    first, correction = said(source_id, corrects=True)
    wrong = first.said.join(truth(source_id), on=KEY, suffix="_true").filter(
        pl.col("value") != pl.col("value_true")
    )
    right = correction.said.join(truth(source_id), on=[*KEY, "value"])
    assert len(wrong) == len(correction.said) == len(right) > 0
    assert right.join(wrong, on=KEY).height == len(wrong)
    assert first.delivered_at < correction.delivered_at


@pytest.mark.parametrize(
    ("source_id", "part", "whole"),
    [
        ("ncisp", "listed_entities", "listed_violations"),
        ("ncisp", "listed_added", "listed_entities"),
        ("ncisp", "listed_entities", "legal_entities"),
        ("ncisp", "a_class_taxpayers", "taxpayers"),
        ("ncisp", "aeo_advanced_enterprises", "customs_enterprises"),
        ("ncisp", "platform_disclosures_in_time_12m", "platform_disclosures_12m"),
        ("code_centre", "code_errors_corrected", "code_errors"),
        ("code_centre", "codes_mapped", "codes"),
        ("ndrc", "ecommerce_cases_resolved", "ecommerce_cases"),
    ],
)
@pytest.mark.parametrize("period", ["2018-07", "2019-06"])
def test_a_slip_makes_no_part_larger_than_its_whole(
    source_id: str, part: str, whole: str, period: str
) -> None:
    country = Country.found(period, period)
    for everyday in (False, True):
        first, *_ = statements(
            source_id, country.cities(period), period, 2019, everyday=everyday, corrects=True
        )
        wide = first.said.pivot(on="measure", index="city_code", values="value")
        assert wide.select((pl.col(part) <= pl.col(whole)).all()).item()


@pytest.mark.parametrize("source_id", ["ncisp", "code_centre"])
def test_of_what_is_counted_from_records_nothing_is_missing(source_id: str) -> None:
    first, *_ = said(source_id, everyday=True)
    assert first.said.select(KEY).sort(KEY).equals(truth(source_id).select(KEY).sort(KEY))
