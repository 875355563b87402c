"""Checks that keep a wrong number from being published: statements about a month's scores."""

from dataclasses import dataclass

import polars as pl

from indicators.edition import Edition
from indicators.score import Scores

MINIMUM_COVERAGE = 0.6
"""Mean coverage of a class below which a month is computed but not published (source: rules)."""
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Finding:
    """Whether a statement holds, and if not, what contradicts it."""

    statement: str
    holds: bool
    detail: str


class WrongNumbersError(RuntimeError):
    """A month that must not be published; the message lists what is wrong."""


def findings(edition: Edition, cities: pl.DataFrame, scores: Scores) -> list[Finding]:
    """All checks of one month under one edition.

    Args:
        edition: the edition that was scored by.
        cities: the registry's cities of the month.
        scores: what `indicators.score.score` gave for that month alone.
    """
    return [
        every_city_is_scored(edition, cities, scores),
        points_sum_to_the_tree(edition, scores),
        ranks_are_complete(scores),
        coverage_is_sufficient(scores),
    ]


STATEMENTS = (
    "every_city_is_scored",
    "points_sum_to_the_tree",
    "ranks_are_complete",
    "coverage_is_sufficient",
)
COMPUTED_ONLY = ("coverage_is_sufficient",)
"""Of these, those without which a month is computed all the same, but not published."""


def wrong(found: list[Finding]) -> list[Finding]:
    """Those of the findings that say that a number is wrong, not only that a month is thin."""
    return [f for f in found if not f.holds and f.statement not in COMPUTED_ONLY]


def refuse_wrong_numbers(found: list[Finding]) -> None:
    """Raise WrongNumbersError where some statement does not hold."""
    broken = [finding for finding in found if not finding.holds]
    if broken:
        raise WrongNumbersError("; ".join(f"{f.statement}: {f.detail}" for f in broken))


def every_city_is_scored(edition: Edition, cities: pl.DataFrame, scores: Scores) -> Finding:
    """The registry's cities of the month, and no others, have an index and a row for every leaf."""
    expected = set(cities["city_code"])
    scored = scores.index.filter(pl.col("index").is_not_null() & pl.col("index").is_finite())
    missing = sorted(expected - set(scored["city_code"]))
    foreign = sorted(set(scores.index["city_code"]) - expected)
    rows = scores.leaves.group_by("city_code").len().filter(pl.col("len") != len(edition.leaves))
    ok = not missing and not foreign and rows.is_empty() and len(scored) == len(expected)
    return Finding(
        "every_city_is_scored",
        ok,
        f"{len(expected)} cities"
        if ok
        else f"without index {missing[:5]}, not of the month {foreign[:5]}, "
        f"with leaves missing {rows['city_code'].to_list()[:5]}",
    )


def points_sum_to_the_tree(edition: Edition, scores: Scores) -> Finding:
    """Leaves add up to every node above them and to the index, and the tree has all its points."""
    membership = pl.DataFrame(
        [
            {"leaf": leaf.id, "level": level, "node": name}
            for level, name, leaves in edition.scored_nodes
            for leaf in leaves
        ]
    )
    key = ["city_code", "level", "node"]
    sums = (
        scores.leaves.select(
            "city_code", pl.col("leaf").cast(pl.String), "points", "points_possible"
        )
        .join(membership, on="leaf")
        .group_by(key)
        .agg(won=pl.col("points").sum(), possible=pl.col("points_possible").sum())
    )
    nodes = scores.nodes.join(sums, on=key, how="full", coalesce=True)
    agrees = ((pl.col("points") - pl.col("won")).abs() <= _TOLERANCE) & (
        (pl.col("points_possible") - pl.col("possible")).abs() <= _TOLERANCE
    )
    wrong = nodes.filter(~agrees.fill_null(False)).select(*key, "points", "won")
    whole = scores.nodes.filter(pl.col("level") == 0).join(scores.index, on="city_code")
    off = whole.filter((pl.col("points") - pl.col("points_right")).abs() > _TOLERANCE)
    too_much = whole.filter(pl.col("points_possible") > edition.points_possible + _TOLERANCE)
    ok = wrong.is_empty() and off.is_empty() and too_much.is_empty()
    return Finding(
        "points_sum_to_the_tree",
        ok,
        f"{len(nodes)} sums"
        if ok
        else f"{len(wrong)} sums differ, first {wrong.head(1).to_dicts()}; "
        f"{len(off)} indexes differ; {len(too_much)} have more than {edition.points_possible:g}",
    )


def ranks_are_complete(scores: Scores) -> Finding:
    """In every class ranks begin at 1, follow the index, and leave out just what ties take."""
    index, rank = pl.col("index"), pl.col("rank")
    higher = (
        index.rank("max").over("city_class").cast(pl.Int64)  # cities with an index as low or lower
    )
    size = pl.len().over("city_class").cast(pl.Int64)
    wrong = scores.index.filter((rank != size - higher + 1).fill_null(True))
    return Finding(
        "ranks_are_complete",
        wrong.is_empty(),
        f"{len(scores.index)} ranks"
        if wrong.is_empty()
        else f"{len(wrong)} ranks are wrong, first {wrong.head(1).to_dicts()}",
    )


def coverage_is_sufficient(scores: Scores) -> Finding:
    """Every class has a mean coverage of at least 0.6."""
    means = coverage_by_class(scores.index)
    thin = {name: mean for name, mean in means.items() if mean < MINIMUM_COVERAGE}
    shown = ", ".join(f"{name} {mean:.3f}" for name, mean in means.items())
    hint = f"; expected {MINIMUM_COVERAGE:g}: too few of the edition's measures were collected"
    return Finding("coverage_is_sufficient", not thin, shown + (hint if thin else ""))


def coverage_by_class(index: pl.DataFrame) -> dict[str, float]:
    """Mean coverage of each class."""
    means = index.group_by("city_class").agg(pl.col("coverage").mean()).sort("city_class")
    return dict(means.iter_rows())
