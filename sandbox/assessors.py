"""Assessors of the title of model city: what they award each applicant of a round, on what evidence.

An award is a judgement, not a truth: it follows how ready a city is and what is peculiar to the
criterion. All four editions of the criteria are applied to all applicants, whatever the year.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
import polars as pl

from indicators import edition as editions
from indicators.edition import Edition
from sandbox import chance
from sandbox.chance import Numbers
from sandbox.rounds import applicants
from sandbox.world import Month

SCHEMA = {
    "city_code": pl.String,
    "measure": pl.String,
    "value": pl.Float64,
    "edition": pl.String,
    "evidence": pl.String,
}

_TYPICAL, _TYPICAL_BONUS, _TYPICAL_FINDING = 0.72, 0.22, 0.48
"""Share of the points that a city of no particular readiness is awarded; of a bonus it is less."""
_READY, _OWN, _ROUND = 0.8, 0.4, 0.15
_STEP = 0.5
"""Assessors award halves of a point."""
_OPINIONS = 900
"""Written opinions of a year are numbered up to this."""


def awards(month: Month) -> pl.DataFrame:
    """What the applicants of a month are awarded, edition by edition: SCHEMA; nothing outside a round."""
    applying = applicants(month)
    if not applying.any():
        return pl.DataFrame(schema=SCHEMA)
    codes = pl.Series(month.codes, dtype=pl.String).filter(pl.Series(applying))
    year = 2016 + month.t // 12
    given = []
    for criteria in _editions():
        opinion = chance.uniform(month.who, month.seed, "opinion", criteria.id, month.t)[applying]
        numbers = pl.Series((opinion * _OPINIONS).astype(np.int64) + 1)
        evidence = pl.select(pl.format("模拟评审办〔{}〕{}号", pl.lit(year), numbers)).to_series()
        for measure, points in _awarded(month, criteria):
            given.append(
                pl.DataFrame(
                    {"city_code": codes, "value": points[applying], "evidence": evidence}
                ).select(
                    "city_code",
                    measure=pl.lit(measure),
                    value="value",
                    edition=pl.lit(criteria.id),
                    evidence="evidence",
                )
            )
    return pl.concat(given).sort("city_code", "edition", maintain_order=True)


def _awarded(month: Month, criteria: Edition) -> Iterator[tuple[str, Numbers]]:
    """For each criterion of an edition the points of every city."""
    bonus = {leaf.expression.text for leaf in criteria.leaves if leaf.under[0] in _bonus(criteria)}
    for measure, points in criteria.awards.items():
        quality = (
            _READY * month.readiness()
            + _OWN * chance.normal(month.who, month.seed, "criterion", measure)
            + _ROUND * chance.normal(month.who, month.seed, "judged", criteria.id, measure, month.t)
        )
        if measure in criteria.gate_measures:  # a finding, not points
            yield measure, (_share(_TYPICAL_FINDING, quality) > 0.5).astype(np.float64)
            continue
        share = _share(_TYPICAL_BONUS if measure in bonus else _TYPICAL, quality)
        yield measure, np.minimum(np.floor(share * points / _STEP + 0.5) * _STEP, points)


def _share(typical: float, quality: Numbers) -> Numbers:
    odds = typical / (1.0 - typical) * np.exp(quality)
    return np.asarray(odds / (1.0 + odds), dtype=np.float64)


def _bonus(criteria: Edition) -> set[str]:
    return {node.no for node in criteria.nodes if node.bonus}


@cache
def _editions() -> tuple[Edition, ...]:
    """The editions of the criteria that come with the project; drafts are not the country's."""
    packaged = (editions.read(path) for path in sorted(editions.FOLDER.glob("*.toml")))
    return tuple(e for e in packaged if e.kind == "model_city" and e.status == "final")
