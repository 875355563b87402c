"""Bridges between editions: exact, whatever the editions and the observations are."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import bridge as bridges
from indicators.bridge import Bridge, Side, bridge
from indicators.bridge_sheet import STEPS, apportioned, sheet, thousandths
from indicators.edition import Edition, Leaf, Node, load
from indicators.expression import Expression
from indicators.score import Scores, score

Kind = Literal["monitoring", "model_city"]
KINDS: tuple[Kind, ...] = ("monitoring", "model_city")
SUBJECTS = ("government", "supervision", "safeguards")
PERIODS = ("2019-05", "2019-06")
CITIES = [(f"33010{n}", "prefecture" if n < 4 else "county") for n in range(7)]
# What a criterion may be: id, expression, rules with their parameters for one point.
POOL: dict[str, tuple[str, list[tuple[str, dict[str, Any]]]]] = {
    "shared": ("codes / units", [("share", {}), ("multiple", {"times": 0.5})]),
    "counted": (
        "codes",
        [("per_unit", {"rate": 0.01, "county_scale": 5}), ("relative", {"better": "higher"})],
    ),
    "late": ("units / codes", [("relative", {"better": "lower"}), ("share", {"empty": 0})]),
    "national": ("codes / nation(codes)", [("relative", {"better": "higher"}), ("share", {})]),
    "awarded": ("innovation", [("assessor", {})]),
    "stepped": (
        "units",
        [
            ("deduct", {"step": 7, "penalty": 0.1}),
            ("step_up", {"start": 3, "base": 0.2, "step": 9, "gain": 0.1}),
        ],
    ),
}
MEASURES = ("codes", "units", "innovation")


def leaf_of(leaf_id: str, points: float, choice: int, source: str, subject: int) -> Leaf:
    """One criterion, hanging on the node of its subject; parameters that are points grow with them."""
    expression, rules = POOL[leaf_id]
    rule, parameters = rules[choice % len(rules)]
    grown = {
        name: value * points if name in ("rate", "times", "penalty", "base", "gain") else value
        for name, value in parameters.items()
    }
    return Leaf(
        leaf_id, (str(subject + 1),), leaf_id, leaf_id, points, (source,), Expression(expression),
        rule, "printed", grown,
    )  # fmt: skip


def edition_of(edition_id: str, kind: Kind, leaves: list[Leaf]) -> Edition:
    """An edition of these criteria."""
    return replace(
        load("model-2019"),
        id=edition_id,
        kind=kind,
        nodes=tuple(Node(str(n + 1), s, s, subject=s) for n, s in enumerate(SUBJECTS)),
        leaves=tuple(leaves),
        points=sum(leaf.points for leaf in leaves),
        bonus=0,
    )


@st.composite
def editions(draw: st.DrawFn, edition_id: str) -> Edition:
    """Some criteria of the pool, with points that are no round binary fractions."""
    chosen = draw(st.lists(st.sampled_from(list(POOL)), min_size=1, unique=True))
    leaves = [
        leaf_of(
            leaf_id,
            draw(st.sampled_from([0.7, 1.0, 2.5, 3.0, 18.0])),
            draw(st.integers(0, 1)),
            draw(st.sampled_from(["city", "ndrc"])),
            draw(st.integers(0, 2)),
        )
        for leaf_id in chosen
    ]
    return edition_of(edition_id, draw(st.sampled_from(KINDS)), leaves)


@st.composite
def observed(draw: st.DrawFn) -> pl.DataFrame:
    """Values of some cities and measures in two months."""
    value = st.one_of(st.none(), st.integers(0, 60), st.sampled_from([0.1, 1 / 3, 0.7]))
    rows = [
        (period, code, measure, float(found))
        for period in PERIODS
        for code, _ in CITIES
        for measure in MEASURES
        if (found := draw(value)) is not None
    ]
    schema = {"period": pl.String, "city_code": pl.String, "measure": pl.String}
    return pl.DataFrame(rows, {**schema, "value": pl.Float64}, orient="row")


def cities(period: str) -> pl.DataFrame:
    """The cities of a month."""
    return pl.DataFrame(
        [(period, *city) for city in CITIES], ["period", "city_code", "city_class"], orient="row"
    )


def scored(
    edition: Edition, observations: pl.DataFrame, period: str
) -> tuple[Scores, dict[str, Side]]:
    """Scores of a month and the sides made of them."""
    of_month = observations.filter(pl.col("period") == period)
    scores = score(edition, of_month, cities(period))
    subjects = bridges.subjects(edition, edition)
    codes = [code for code, _ in CITIES]
    made = bridges.sides(edition, subjects, scores.leaves, scores.index, of_month, codes)
    return scores, made


def assert_exact(found: Bridge) -> None:
    """Parts add up to the difference, step by step, subject by subject, exactly and as printed."""
    for at, step in enumerate(STEPS[len(found.standings)]):
        start, end = found.standings[at : at + 2]
        parts = [part for part in found.parts if part.step == step]
        assert sum((part.amount for part in parts), Fraction()) == end.total - start.total
        for subject in {*start.subjects, *end.subjects}:
            amount = sum((p.amount for p in parts if p.subject == subject), Fraction())
            before, after = (s.subjects.get(subject, Fraction()) for s in (start, end))
            assert amount == after - before
    for standing in found.standings:
        whole = sum(standing.subjects.values(), standing.assessed + standing.rounding)
        assert whole == standing.total
    printed = sheet(found)
    for at, total in enumerate(printed.totals):
        assert total == thousandths(found.standings[at].total)
        assert sum(line.ends[at] for line in printed.lines) == total
    for line in printed.lines:
        for at, step in enumerate(STEPS[len(found.standings)]):
            assert sum(line.by_kind(step).values()) == line.ends[at + 1] - line.ends[at]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(editions("a"), editions("b"), observed())
def test_the_parts_add_up_to_the_difference_exactly(
    one: Edition, other: Edition, observations: pl.DataFrame
) -> None:
    (before, starts), (scores, middles) = (scored(one, observations, p) for p in PERIODS)
    ends = scored(other, observations, PERIODS[1])[1]
    totals = dict(scores.index.select("city_code", "index").iter_rows())
    for code in middles.keys() & ends.keys():
        found = bridge(middles[code], ends[code])
        assert float(found.standings[0].total) == pytest.approx(totals[code], rel=1e-14)
        assert_exact(found)
        if code in starts:
            assert_exact(bridge(middles[code], ends[code], starts[code]))
    for city_class in ("prefecture", "county"):
        means = []
        for edition, scores_of in ((one, before), (one, scores)):
            index = scores_of.index.filter(
                pl.col("city_class") == city_class, pl.col("index").is_not_null()
            )
            if len(index):
                leaves = scores_of.leaves.join(index, on="city_code", how="semi")
                subjects = bridges.subjects(edition, edition)
                means.append(bridges.mean_side(edition, subjects, leaves, index))
                mean = sum(
                    (s.total for s in (starts if scores_of is before else middles).values()
                     if s.city_class == city_class), Fraction()
                ) / len(index)  # fmt: skip
                assert means[-1].total == mean
        if len(means) == 2:
            assert_exact(bridge(*means))


def one_leaf(
    points: float, subject: int = 0, source: str = "city", choice: int = 0, leaf: str = "shared"
) -> Edition:
    """An edition of one model-city criterion."""
    return edition_of("e", "model_city", [leaf_of(leaf, points, choice, source, subject)])


def kinds(start: Edition, end: Edition, *rows: tuple[str, str, float]) -> dict[str, Fraction]:
    """Parts of the first city by kind, where it has these values (period, measure, value)."""
    frame = pl.DataFrame(
        [(period, "330100", measure, value) for period, measure, value in rows],
        {"period": pl.String, "city_code": pl.String, "measure": pl.String, "value": pl.Float64},
        orient="row",
    )
    one, other = (scored(each, frame, PERIODS[1])[1]["330100"] for each in (start, end))
    amounts: Counter[str] = Counter()
    for part in bridge(one, other).parts:
        amounts[part.kind] += part.amount  # type: ignore[assignment]  # a Counter of fractions
    return dict(amounts)  # type: ignore[arg-type]  # of fractions, too


HALF = (("2019-06", "codes", 1.0), ("2019-06", "units", 2.0))


def test_a_criterion_of_other_points_is_reweighted_and_nothing_else() -> None:
    assert kinds(one_leaf(2.0), one_leaf(3.0), *HALF) == {"reweighted": Fraction(1, 2)}


def test_a_rule_whose_parameters_grow_with_its_points_is_not_redefined() -> None:
    editions_ = (one_leaf(2.0, leaf="stepped"), one_leaf(3.0, leaf="stepped"))
    assert set(kinds(*editions_, ("2019-06", "units", 9.0))) == {"reweighted"}


def test_what_only_one_edition_asks_is_dropped_or_added() -> None:
    start, end = one_leaf(2.0), one_leaf(4.0, leaf="late", choice=1)
    assert kinds(start, end, *HALF) == {"dropped": -1, "added": 4}


def test_another_rule_for_the_same_criterion_redefines_it() -> None:
    assert kinds(one_leaf(2.0), one_leaf(2.0, choice=1), *HALF) == {"redefined": Fraction(-1, 2)}


def test_a_criterion_under_another_subject_is_moved() -> None:
    assert kinds(one_leaf(2.0), one_leaf(2.0, subject=1), *HALF) == {"moved": 0}


def test_a_subject_that_an_old_file_does_not_name_is_todays() -> None:
    today = load("model-2019")
    old = replace(today, nodes=tuple(replace(node, subject="") for node in today.nodes))
    assert bridges.subjects(old, today) == bridges.subjects(today, today)
    assert set(bridges.subjects(old, old).values()) == {bridges.NO_SUBJECT}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"330100": 9.0}, {"own"}),
        ({"330101": 90.0}, {"others"}),
        ({"330100": None}, {"missing"}),
        ({}, set()),
    ],
)
def test_between_two_months_own_values_others_and_gaps_are_told_apart(
    after: dict[str, float | None], expected: set[str]
) -> None:
    first: dict[str, float | None] = {"330100": 4.0, "330101": 8.0, "330102": 1.0}
    months = zip(PERIODS, (first, first | after), strict=True)
    rows = [(p, c, "codes", v) for p, month in months for c, v in month.items() if v is not None]
    frame = pl.DataFrame(rows, ["period", "city_code", "measure", "value"], orient="row")
    edition = edition_of("e", "model_city", [leaf_of("counted", 3.0, 1, "ndrc", 0)])
    before, now = (scored(edition, frame, period)[1]["330100"] for period in PERIODS)
    assert {part.kind for part in bridge(now, now, before).parts if part.leaf} == expected


def test_the_nations_total_is_not_the_citys_own_doing() -> None:
    rows = [
        (period, code, "codes", value)
        for period, others in zip(PERIODS, (5.0, 50.0), strict=True)
        for code, value in (("330100", 5.0), ("330101", others))
    ]
    frame = pl.DataFrame(rows, ["period", "city_code", "measure", "value"], orient="row")
    edition = edition_of("e", "model_city", [leaf_of("national", 3.0, 1, "ndrc", 0)])
    before, now = (scored(edition, frame, period)[1]["330100"] for period in PERIODS)
    assert {part.kind for part in bridge(now, now, before).parts if part.leaf} == {"others"}


def test_months_under_different_revisions_are_not_bridged() -> None:
    schema = {"period": pl.String, "city_code": pl.String, "measure": pl.String}
    nothing = pl.DataFrame(schema={**schema, "value": pl.Float64})
    before = scored(one_leaf(1.0), nothing, PERIODS[0])[1]["330100"]
    start = scored(one_leaf(2.0), nothing, PERIODS[1])[1]["330100"]
    with pytest.raises(ValueError, match="other criteria in 2019-05"):
        bridge(start, start, before)


def test_a_mean_of_two_classes_is_refused() -> None:
    edition = one_leaf(2.0)
    scores = score(
        edition,
        pl.DataFrame(
            schema={
                "period": pl.String,
                "city_code": pl.String,
                "measure": pl.String,
                "value": pl.Float64,
            }
        ),
        cities(PERIODS[1]),
    )
    with pytest.raises(ValueError, match="one month, class"):
        bridges.mean_side(edition, bridges.subjects(edition, edition), scores.leaves, scores.index)


def test_what_is_nothing_is_printed_as_nothing() -> None:
    third = Fraction(1, 3)
    assert apportioned([third, Fraction(), third, third], 1000) == [334, 0, 333, 333]
    with pytest.raises(ValueError, match="cannot add up"):
        apportioned([Fraction()], 1)


def index_of(totals: dict[str, float]) -> pl.DataFrame:
    """An index of prefecture-level cities."""
    frame = pl.DataFrame({"city_code": list(totals), "index": list(totals.values())})
    return frame.with_columns(
        city_class=pl.lit("prefecture"),
        rank=pl.col("index").rank("min", descending=True).cast(pl.Int64),
    )


def test_ranks_are_compared_among_the_cities_that_take_part_in_both() -> None:
    one = index_of({"a": 9.0, "b": 8.0, "c": 7.0, "d": 6.0, "e": 6.0})
    other = index_of({"a": 1.0, "c": 2.0, "d": 3.0, "e": 3.0, "x": 9.0})
    found = bridges.moves(one, other, "prefecture", {"a", "c", "d", "e"})
    assert found.rows.select("city_code", "rank_a", "rank_b", "moved").rows() == [
        ("a", 1, 4, -3),
        ("d", 3, 1, 2),
        ("e", 3, 1, 2),
        ("c", 2, 3, -1),
    ]
    assert found.of == 5
    assert found.kept == {}
    assert found.correlation.spearman == pytest.approx(-1.0)


def test_tops_count_who_is_in_them_under_both() -> None:
    one = index_of({f"{n:03}": float(n) for n in range(60)})
    other = index_of({f"{n:03}": float((n + 10) % 60) for n in range(60)})
    found = bridges.moves(one, other, "prefecture", set(one["city_code"]))
    assert found.kept == {20: 10, 50: 40}
