"""Rounds of applications for the title of model city: who applies, what they tell, what is awarded."""

from functools import cache

import numpy as np
import polars as pl
import pytest

from indicators import edition
from indicators.forms import PARTS
from indicators.measures import catalogue
from indicators.score import score
from sandbox import assessors, rounds
from sandbox.country import Country
from sandbox.landing_place import files
from sandbox.offices import IN_ROUNDS, Statement, measures_of, statements
from sandbox.world import Month, Rate, base_rates, months_since_2016
from scrapers.formats.workbooks_answers import is_reference

ROUND, BETWEEN = "2019-06", "2019-05"
ROUNDS = [f"{year}-{month}" for year in range(2016, 2027) for month in ("06", "12")]
MODEL = [id_ for id_ in edition.ids() if id_.startswith("model-")]
COUNTRY = Country.found(BETWEEN, ROUND)
APPLIED = [rate for rate in base_rates().values() if rate.applied]


@cache
def month(period: str) -> Month:
    return Month(COUNTRY.cities(period), months_since_2016(period), COUNTRY.seed)


@cache
def applicants(period: str) -> frozenset[str]:
    there = month(period)
    return frozenset(np.array(there.codes)[rounds.applicants(there)])


@cache
def awards() -> pl.DataFrame:
    return assessors.awards(month(ROUND))


@cache
def told() -> pl.DataFrame:
    """What is true of the applicants, one row a city and one column a measure."""
    true = COUNTRY.truth(ROUND).filter(pl.col("city_code").is_in(list(applicants(ROUND))))
    return true.pivot(on="measure", index="city_code", values="value")


@cache
def totals(edition_id: str) -> pl.DataFrame:
    """city_code and index of all applicants, best first."""
    own = awards().filter(edition=edition_id).select("city_code", "measure", "value")
    said = pl.concat([COUNTRY.truth(ROUND).drop("period"), own]).with_columns(period=pl.lit(ROUND))
    cities = COUNTRY.cities(ROUND).with_columns(period=pl.lit(ROUND))
    index = score(edition.load(edition_id), said, cities).index
    return (
        index.filter(pl.col("city_code").is_in(list(applicants(ROUND))))
        .select("city_code", "index")
        .sort("index", descending=True)
    )


@cache
def failed() -> dict[str, int]:
    """How many of the measured conditions of 2019's gate each applicant fails, by city."""
    classes = COUNTRY.cities(ROUND).select("city_code", "city_class")
    wide = told().join(classes, on="city_code")
    fails = pl.lit(0)
    for condition in edition.load("model-2019").gate:
        if condition.expression is None:
            continue
        value = condition.expression.value(condition.empty)
        met = {
            "at least": value >= condition.threshold,
            "at most": value <= condition.threshold,
            "below": value < condition.threshold,
        }[condition.comparison]
        fails = fails + (pl.col("city_class").is_in(condition.classes) & ~met).cast(pl.Int64)
    return dict(wide.select("city_code", fails.alias("failed")).iter_rows())


def said(source_id: str, period: str = ROUND, *, everyday: bool = False) -> list[Statement]:
    return statements(source_id, COUNTRY.cities(period), period, COUNTRY.seed, everyday=everyday)


def test_rounds_are_held_in_june_and_december_from_2016_on() -> None:
    held = [t for t in range(months_since_2016("2017-07")) if rounds.is_round(t)]
    assert held == [months_since_2016(p) for p in ("2016-06", "2016-12", "2017-06")]


@pytest.mark.parametrize("source_id", IN_ROUNDS)
def test_between_rounds_nobody_says_anything(source_id: str) -> None:
    assert said(source_id, BETWEEN, everyday=True) == []
    assert files(Country.found(BETWEEN, BETWEEN, faults=("everyday",)), source_id, BETWEEN) == []
    assert not applicants(BETWEEN)
    assert set(COUNTRY.truth(BETWEEN)["measure"]).isdisjoint(measures_of("applications"))


@pytest.mark.parametrize("period", ROUNDS)
def test_of_each_class_about_as_many_cities_apply_in_every_round(period: str) -> None:
    classes = COUNTRY.cities(period).filter(pl.col("city_code").is_in(list(applicants(period))))
    counts = dict(classes.group_by("city_class").len().iter_rows())
    assert 22 <= counts["provincial"] <= 26
    assert 95 <= counts["prefecture"] <= 105
    assert 57 <= counts["county"] <= 63


def test_who_applied_tends_to_apply_again_and_the_named_do_not() -> None:
    before, after = applicants("2018-12"), applicants(ROUND)
    assert 0.75 < len(before & after) / len(before) < 1
    no_longer = applicants("2016-06") - applicants("2016-12")
    ready = dict(zip(month("2016-06").codes, month("2016-06").readiness(), strict=True))
    assert max(applicants("2016-06"), key=ready.__getitem__) in no_longer


def test_the_readier_ones_apply() -> None:
    there = month(ROUND)
    applying, ready = rounds.applicants(there), there.readiness()
    for nth, more in enumerate((0.0, 0.4, 0.4)):  # the readiest provincial ones have the title
        of_class = there.city_class == nth
        assert ready[of_class & applying].mean() > ready[of_class & ~applying].mean() + more


@pytest.mark.parametrize("edition_id", MODEL)
def test_applicants_tell_all_that_an_edition_and_its_gate_ask_of_a_city(edition_id: str) -> None:
    criteria = edition.load(edition_id)
    asked = {
        measure
        for measure in (*criteria.measures, *criteria.gate_measures)
        if catalogue()[measure].kind != "award"
    }
    assert asked <= set(told().columns)
    assert told().select(pl.col(list(asked)).is_null().any()).row(0) == (False,) * len(asked)


def test_nothing_is_told_twice_by_a_city() -> None:
    assert set(measures_of("applications")).isdisjoint(measures_of("city"))


@pytest.mark.parametrize("everyday", [False, True])
def test_a_part_is_never_larger_than_its_whole(everyday: bool) -> None:
    first, *_ = said("applications", everyday=everyday)
    plausible = first.said.filter(pl.col("value") >= 0)
    told_now = plausible.pivot(on="measure", index="city_code", values="value")
    wide = told_now.join(
        told().drop([m for m in told_now.columns if m in told().columns and m != "city_code"]),
        on="city_code",
    )
    wholes: dict[str, tuple[str, ...]] = {part: (whole,) for part, whole in PARTS.items()}
    wholes |= {rate.id: rate.of for rate in APPLIED if rate.shape == "part" and rate.of}
    wholes |= {"code_defects": ("codes_issued",), "data_errors": ("data_records",)}
    wholes |= {"enterprises": ("market_entities",), "poor_rated_entities": ("legal_entities",)}
    for part, of in wholes.items():
        if part in told_now.columns:
            both = wide.drop_nulls([part, *of])  # now and then something is left out
            assert len(both) > 0.9 * len(wide)
            assert both.select((pl.col(part) <= pl.sum_horizontal(of)).all()).item(), part


@pytest.mark.parametrize("rate", APPLIED, ids=[rate.id for rate in APPLIED])
def test_values_are_what_their_units_allow_and_differ_between_cities(rate: Rate) -> None:
    values, known = told()[rate.id], catalogue()[rate.id]
    assert known.sources == ("city",)
    assert values.is_finite().all()
    assert (values >= 0).all()
    if known.maximum is not None:
        assert (values <= known.maximum).all()
    if known.unit != "share":
        assert (values == values.round()).all()
    assert values.n_unique() > 1


@pytest.mark.parametrize("edition_id", MODEL)
def test_totals_of_applicants_are_spread_as_in_life(edition_id: str) -> None:
    index = totals(edition_id)["index"]
    low, middle, high = np.quantile(index, (0.05, 0.5, 0.95))
    assert 48 < low < 65
    assert 70 < middle < 90
    assert 85 < high < 106


def test_strong_applicants_pass_the_gate_of_2019_and_many_fail_at_one_or_two_conditions() -> None:
    counts = list(failed().values())
    assert 10 < counts.count(0) < 60
    assert 30 < counts.count(1) + counts.count(2) < 110
    third = len(counts) // 3
    order = totals("model-2019")["city_code"].to_list()
    best, worst = ([failed()[code] for code in part] for part in (order[:third], order[-third:]))
    assert best.count(0) > 10
    assert worst.count(0) == 0


def test_every_applicant_is_awarded_points_for_every_criterion_under_every_edition() -> None:
    for edition_id in MODEL:
        own = awards().filter(edition=edition_id)
        points = {id_: float(most) for id_, most in edition.load(edition_id).awards.items()}
        assert len(own) == len(points) * len(applicants(ROUND))
        assert set(own["city_code"]) == applicants(ROUND)
        most = pl.col("measure").replace_strict(points, return_dtype=pl.Float64)
        assert own.select(pl.col("value").is_between(0, most).all()).item()
        assert own["value"].n_unique() > 1
    assert (awards()["value"] * 2 == (awards()["value"] * 2).round()).all()
    assert set(awards().filter(measure="basic_indicators")["value"]) == {0.0, 1.0}


@pytest.mark.parametrize("source_id", IN_ROUNDS)
def test_references_are_such_as_forms_take(source_id: str) -> None:
    evidence = pl.concat(statement.said for statement in said(source_id, everyday=True))["evidence"]
    assert all(map(is_reference, evidence.unique().drop_nulls()))
    assert evidence.str.contains("模拟").all()


def test_assessors_correct_what_slipped() -> None:
    first, *later = said("assessor", everyday=True)
    key = ["city_code", "measure", "edition"]
    wrong = awards().join(first.said, on=[*key, "value", "evidence"], how="anti", nulls_equal=True)
    assert (
        wrong.select(key).sort(key).equals(pl.concat(s.said for s in later).select(key).sort(key))
    )
    assert len(wrong) == 1
    assert all(first.delivered_at < statement.delivered_at for statement in later)


def test_a_few_applicants_leave_something_out_or_are_late() -> None:
    main, *later = said("applications", everyday=True)
    late = [statement for statement in later if statement.suffix == "-late-1"]
    assert len(late) == 1
    there = pl.concat([main.said, late[0].said])
    assert applicants(ROUND) <= set(there["city_code"])
    counts = there.group_by("city_code").len()["len"]
    assert 0 < (counts < len(measures_of("applications"))).sum() < 30


def test_a_round_alone_is_the_round_within_years() -> None:
    alone = Month(COUNTRY.cities(ROUND), months_since_2016(ROUND), COUNTRY.seed)
    within = month("2021-12").at(months_since_2016(ROUND))
    assert (alone.readiness() == alone.at(alone.t).readiness()).all()
    assert len(within.readiness()) == len(month("2021-12").codes)
    assert assessors.awards(alone).equals(awards())
    other = Country.found(ROUND, ROUND, seed=7)
    assert not other.truth(ROUND).equals(COUNTRY.truth(ROUND))
