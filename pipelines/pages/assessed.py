"""An assessment's frames as plain rows by city, read once and looked up report by report."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from indicators.assessment import Reached, reached
from indicators.edition import LEAF_LEVEL, Edition
from indicators.score import Scores
from pipelines.pages.reading import Contribution, LeafRow, Observation


class GateRow(NamedTuple):
    """How a city stands to one condition; see the contract `Gate`."""

    value: float | None
    passed: bool | None
    missing: str


class Standing(NamedTuple):
    """How a city stands; see the contract `Assessment`."""

    city_class: str
    total: float
    rank: int
    class_rank: int
    gate_passed: bool | None
    recommended: bool
    place: int | None


COHORT = "cohort"
"""The group of the recommended, beside those of the classes."""


@dataclass(frozen=True)
class Assessed:
    """Everything that the reports of an assessment show.

    Attributes:
        edition: the criteria.
        period: the month.
        simulated: whether invented data went into it.
        size: how many were to be recommended.
        code: version of the software.
        file: name and hash of the file that the observations came from; None: from the installation.
        places: origin (`published`, `computed` or `unknown`) and revision of the monitoring ranks.
        ranked: how many cities the monitoring ranks of each class comprise.
        cities: rows of the registry.
        standing: by city, those that take part, the highest total first.
        gate: by city and condition.
        leaves: by city and criterion.
        nodes: points and points possible by city and node above the criteria.
        observations: by city and measure.
        contributions: what the voices of a source said, by city and measure.
        groups: what the cohort and each class reached, by group and node or criterion.
        rankings: ranking lists that the state published.
        cohorts: model cities that the state named.
    """

    edition: Edition
    period: str
    simulated: bool
    size: int
    code: str
    file: tuple[str, str] | None
    places: tuple[str, int]
    ranked: dict[str, int]
    cities: dict[str, dict[str, Any]]
    standing: dict[str, Standing]
    gate: dict[str, dict[str, GateRow]]
    leaves: dict[str, dict[str, LeafRow]]
    nodes: dict[str, dict[str, tuple[float, float]]]
    observations: dict[str, dict[str, Observation]]
    contributions: dict[str, dict[str, list[Contribution]]]
    groups: dict[str, dict[str, Reached]]
    rankings: pl.DataFrame
    cohorts: pl.DataFrame


def read(
    *,
    edition: Edition,
    cities: pl.DataFrame,
    standing: pl.DataFrame,
    gate: pl.DataFrame,
    scores: Scores,
    observations: pl.DataFrame,
    contributions: pl.DataFrame,
    **about: Any,
) -> Assessed:
    """The rows of those who take part; `about` are the other fields of `Assessed`, as they are."""
    stood = {code: Standing(*rest) for code, *rest in _rows(standing, Standing)}
    codes = list(stood)
    mine = pl.col("city_code").is_in(codes)
    leaves = _by_city(
        (code, leaf, LeafRow(*rest))
        for code, leaf, *rest in _rows(scores.leaves.filter(mine), LeafRow, "leaf")
    )
    above = scores.nodes.filter(mine, pl.col("level") < LEAF_LEVEL)
    nodes = _by_city(
        (code, node, (won, possible))
        for code, node, won, possible in above.select(
            "city_code", "node", "points", "points_possible"
        ).iter_rows()
    )
    points = {
        code: {node: won for node, (won, _) in nodes[code].items()}
        | {leaf: row.points for leaf, row in leaves[code].items()}
        for code in codes
    }
    members = {COHORT: [code for code in codes if stood[code].recommended]}
    for code in codes:
        members.setdefault(stood[code].city_class, []).append(code)
    needed = pl.col("measure").is_in([*edition.measures, *edition.gate_measures])
    voices: dict[str, dict[str, list[Contribution]]] = defaultdict(lambda: defaultdict(list))
    heard = contributions.filter(mine, needed)
    for code, measure, *rest in _rows(heard, Contribution, "measure"):
        voices[code][measure].append(Contribution(*rest))
    return Assessed(
        edition=edition,
        cities={row["city_code"]: row for row in cities.iter_rows(named=True)},
        standing=stood,
        gate=_by_city(
            (code, condition, GateRow(*rest))
            for code, condition, *rest in _rows(gate.filter(mine), GateRow, "condition")
        ),
        leaves=leaves,
        nodes=nodes,
        observations=_by_city(
            (code, measure, Observation(*rest))
            for code, measure, *rest in _rows(
                observations.filter(mine, needed), Observation, "measure"
            )
        ),
        contributions={code: dict(of_city) for code, of_city in voices.items()},
        groups={name: reached(points, codes) for name, codes in members.items()},
        **about,
    )


def _rows(frame: pl.DataFrame, row: Any, *keys: str) -> Iterable[tuple[Any, ...]]:
    return frame.select("city_code", *keys, *row._fields).iter_rows()


def _by_city(rows: Iterable[tuple[str, str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for code, key, content in rows:
        found[code][key] = content
    return dict(found)
