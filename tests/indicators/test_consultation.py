"""Who is consulted, why points were lost, and who rose from there; movers and shares of events."""

import polars as pl
import pytest

from indicators import consultation, edition, event_shares
from indicators.event_shares import ClassMean, OfField, Share
from indicators.movers import movers

BEFORE = pl.DataFrame(
    {
        "city_code": ["a", "b", "c", "d", "e"],
        "city_class": ["county"] * 4 + ["prefecture"],
        "index": [60.0, 61.0, 66.0, 64.0, 60.0],
        "rank": [4, 3, 1, 2, 1],
    }
)
AFTER = BEFORE.with_columns(
    index=pl.Series([59.0, 68.0, 66.5, 63.0, 70.0]), rank=pl.Series([4, 1, 2, 3, 1])
)
EVENTS = pl.DataFrame(
    {
        "city_code": ["a", "a", "a", "b"],
        "affair": ["commercial", "commercial", "societal", "commercial"],
        "field": ["pricing", "pricing", "health", "pricing"],
        "polarity": ["bad", "good", "bad", "good"],
        "severity": ["major", None, "ordinary", None],
    }
)


def test_the_lowest_of_each_class_are_consulted_the_lowest_first() -> None:
    assert consultation.lowest(AFTER, {"prefecture": 1, "county": 2}) == ["e", "a", "d"]


def test_every_declared_number_is_of_a_class_and_positive() -> None:
    rules = consultation.rules()
    assert set(rules.lowest) == set(edition.load("cci-2019").classes)
    assert min(*rules.lowest.values(), rules.comparable, rules.risen, rules.leaves) > 0
    assert rules.basis == "assumed"


@pytest.mark.parametrize(
    ("reason", "doubtful", "told_of", "cause"),
    [
        ("not submitted", [], [], "not_submitted"),
        ("imputed", ["x"], [], "imputed"),
        ("", ["own"], ["own"], "discrepancy"),
        ("", [], ["own"], "events"),
        ("", [], [], "own"),
    ],
)
def test_points_are_lost_by_the_first_cause_that_holds(
    reason: str, doubtful: list[str], told_of: list[str], cause: str
) -> None:
    lost = edition.load("cci-2019").leaves[0]
    named = {"own": lost.expression.measures[0]}
    found = consultation.cause(
        lost, reason, [named.get(m, m) for m in doubtful], [named.get(m, m) for m in told_of]
    )
    assert found == cause


def test_comparable_are_the_peers_or_those_of_the_class_that_stood_nearest() -> None:
    assert consultation.comparable("a", BEFORE, ["c", "d"], 1) == ["c"]
    assert consultation.comparable("a", BEFORE, [], 2) == ["b", "d"]
    assert consultation.comparable("new", BEFORE, [], 2) == []


def test_those_that_rose_are_ordered_by_their_rise_and_others_left_out() -> None:
    rose = consultation.risen(["b", "c", "d"], BEFORE, AFTER, 5)
    assert rose["city_code"].to_list() == ["b", "c"]
    moved = movers(BEFORE, AFTER)
    assert moved["city_code"].to_list() == ["b", "c", "a", "d", "e"]
    assert moved["places"].to_list() == [2, -1, 0, -1, 0]


def test_leaves_by_which_a_city_rose_are_those_that_gained_most() -> None:
    before = pl.DataFrame(
        {"city_code": ["b"] * 3, "leaf": ["x", "y", "z"], "points": [1.0, 2.0, 2.0]}
    )
    after = before.with_columns(points=pl.Series([4.0, 2.5, 1.0]))
    gained = consultation.risen_leaves(before, after, 5)
    assert gained.select("leaf", "gain").rows() == [("x", 3.0), ("y", 0.5)]


def test_events_are_counted_by_field_and_shares_by_affair_and_in_all() -> None:
    assert event_shares.by_field(EVENTS, ("serious", "major"))["a"] == {
        "pricing": OfField(1, 1, 1),
        "health": OfField(0, 1, 0),
    }
    shares = event_shares.shares(EVENTS)
    assert shares["a"] == {
        "": Share(3, 2),
        "commercial": Share(2, 1),
        "societal": Share(1, 1),
    }
    means = event_shares.class_means(shares, {"a": "county", "b": "county"})
    assert means["county", "commercial"] == ClassMean(2, 0.25)
    assert means["county", "societal"] == ClassMean(1, 1.0)
