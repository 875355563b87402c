"""The draft of 2020: what is public of it holds, and it scores as data alone."""

import random

import polars as pl
import pytest

from indicators import audit, edition
from indicators.measures import catalogue
from indicators.score import score

DRAFT = edition.load("cci-2020")
SECOND = {
    "1": ("信用制度和基础建设", 20, [5, 7, 6, 2]),
    "2": ("营商环境", 21, [13, 2, 3, 3]),
    "3": ("信用监管", 43, [8, 4, 31]),
    "4": ("权益保护", 16, [4, 4, 4, 4]),
}
MONTHS = ("2020-01", "2020-02")


def test_it_has_4_15_25_and_40_indicators_and_100_points() -> None:
    levels = [sum(node.level == level for node in DRAFT.nodes) for level in (1, 2, 3)]
    assert [*levels, len(DRAFT.leaves)] == [4, 15, 25, 40]
    assert DRAFT.points_possible == sum(leaf.points for leaf in DRAFT.leaves) == 100


@pytest.mark.parametrize("no", SECOND)
def test_points_that_are_public_are_those_of_its_first_and_second_level(no: str) -> None:
    title, points, seconds = SECOND[no]
    (first,) = (node for node in DRAFT.nodes if node.no == no)
    assert (first.zh, first.points) == (title, points)
    below = [n for n in DRAFT.nodes if n.level == 2 and n.no.startswith(f"{no}.")]
    assert [node.points for node in below] == seconds
    for node in below:
        scored = [leaf.points for leaf in DRAFT.leaves if f"{leaf.node}.".startswith(f"{node.no}.")]
        assert sum(scored) == node.points


def test_it_says_that_it_is_a_draft_and_what_is_reconstructed() -> None:
    assert DRAFT.status == "draft"
    assert {leaf.basis for leaf in DRAFT.leaves} == {"assumed"}
    for leaf in DRAFT.leaves:
        assert "本项目的重建" in DRAFT.reason(leaf, "zh")
        assert "this project's reconstruction" in DRAFT.reason(leaf, "en")
    assert "this project's reconstruction" in DRAFT.citation


def test_a_leaf_of_2019_keeps_its_id_definition_and_subject() -> None:
    current = edition.load("cci-2019")
    for leaf in DRAFT.leaves:
        same = current.leaf(leaf.id)
        assert (leaf.expression, leaf.rule, leaf.parameters, leaf.sources) == (
            same.expression,
            same.rule,
            same.parameters,
            same.sources,
        )
        assert DRAFT.subject_of(leaf) == current.subject_of(same)


def test_a_country_scores_under_it_and_all_checks_hold() -> None:
    dice = random.Random(2020)
    cities = pl.DataFrame(
        [
            (month, f"{number:06}", city_class)
            for month in MONTHS
            for number, city_class in enumerate(
                ["provincial"] * 6 + ["prefecture"] * 20 + ["county"] * 20, start=110000
            )
        ],
        schema=["period", "city_code", "city_class"],
        orient="row",
    )
    observations = pl.DataFrame(
        [
            (month, city, name, value)
            for month, city, _ in cities.rows()
            for name in DRAFT.measures
            if (value := dice.choice([None, *[_value(name, dice)] * 9])) is not None
        ],
        schema={
            "period": pl.String,
            "city_code": pl.String,
            "measure": pl.String,
            "value": pl.Float64,
        },
        orient="row",
    )
    for month in MONTHS:
        of_month = cities.filter(pl.col("period") == month)
        scores = score(DRAFT, observations.filter(pl.col("period") == month), of_month)
        found = audit.findings(DRAFT, of_month, scores)
        assert [finding.detail for finding in found if not finding.holds] == []
        index = scores.index
        assert index["points_possible"].unique().to_list() == [100]
        assert index["index"].is_between(0, 100).all()
        assert index["index"].n_unique() == len(of_month)


def _value(measure: str, dice: random.Random) -> float:
    known = catalogue()[measure]
    if known.whole:
        return float(dice.random() < 0.7)
    if known.maximum is not None:
        return dice.random() * known.maximum
    return float(dice.randrange(1, 1000))
