"""What is known of earlier months when one is published: as published, else as computed, else nothing."""

import polars as pl

from indicators import audit, edition
from indicators.edition import Edition
from indicators.movement import SCHEMA, Month, movement
from indicators.score import Scores
from pipelines.periods import shift
from pipelines.steps import observing, scoring
from pipelines.steps.scoring import TABLES
from pipelines.workspace import Workspace
from warehouse import publication

MONTHS = 12
"""How far back a publication looks."""


def index_of(workspace: Workspace, edition_id: str, period: str) -> pl.DataFrame | None:
    """Index of another month: as published, else as computed if it could be published, else none."""
    published = publication.latest(workspace.published, edition_id, period)
    if published:
        return published.frame("index")
    scores = _computed(workspace, edition_id, period)
    return scores.index if scores else None


def history(
    workspace: Workspace, edition_id: str, period: str, latest: list[pl.DataFrame | None]
) -> pl.DataFrame:
    """Index and rank of every city in the month and the twelve before it, where they are known.

    `latest` are the indexes that are at hand: the month's, the one before it, and so on.
    """
    months = [
        *latest,
        *(
            index_of(workspace, edition_id, shift(period, -back))
            for back in range(len(latest), MONTHS + 1)
        ),
    ]
    return (
        pl.concat(month for month in months if month is not None)
        .select("period", "city_code", "index", "rank")
        .sort("city_code", "period")
    )


def movements(workspace: Workspace, criteria: Edition, period: str, now: Month) -> pl.DataFrame:
    """What changed every index since the month before and since the same month a year before.

    Nothing of a month that is not known.
    """
    found = [
        movement(criteria, now, then)
        for back in (1, MONTHS)
        if (then := _month_of(workspace, criteria.id, shift(period, -back)))
    ]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *found])


def _month_of(workspace: Workspace, edition_id: str, period: str) -> Month | None:
    """The month whose index `index_of` gives, whole."""
    published = publication.latest(workspace.published, edition_id, period)
    if published:
        leaves, observations = (published.frame(name) for name in ("leaves", "observations"))
        return Month(leaves, published.frame("index"), observations)
    scores = _computed(workspace, edition_id, period)
    if scores is None:
        return None
    observations = workspace.store.read(observing.OBSERVATIONS, period=period)
    return Month(scores.leaves, scores.index, observing.of_edition(observations, edition_id))


def _computed(workspace: Workspace, edition_id: str, period: str) -> Scores | None:
    """The stored scores of a month, if it could be published."""
    if not workspace.store.has(TABLES["index"], edition=edition_id, period=period):
        return None
    scores = scoring.read_scores(workspace, edition_id, period)
    cities = scoring.cities_of_month(workspace, period)
    found = audit.findings(edition.load(edition_id), cities, scores)
    return scores if all(finding.holds for finding in found) else None
