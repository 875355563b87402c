"""From observations to scores of months under an edition, with the checks that guard them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from indicators import audit, edition
from indicators.registry import cities_of
from indicators.score import Scores, score
from pipelines.steps import made_from
from pipelines.steps.facts import REGISTRY
from pipelines.steps.observing import OBSERVATIONS, of_edition
from pipelines.workspace import Workspace
from warehouse.publication import TABLE_OF

TABLES = {name: TABLE_OF[name] for name in ("leaves", "classes", "nodes", "index")}
_AT_ONCE = 2
"""Months that are written at the same time."""
_NEEDED = ("period", "city_code", "measure", "value")


def score_months(
    workspace: Workspace, edition_id: str, periods: Sequence[str]
) -> dict[str, list[audit.Finding]]:
    """Score months, write the tables of each, and give what the checks found of each.

    Bounds, medians and ranks are a month's own. So months come out the same to the byte however many are
    scored at once, and many at once take a quarter of the time.

    Raises:
        ValueError: the edition is not valid in one of the months.
        FileNotFoundError: one of the months has no observations.
    """
    criteria = edition.load(edition_id)
    periods = sorted(periods)
    for period in periods:
        criteria.refuse_period(period)
    cities = {period: cities_of_month(workspace, period) for period in periods}
    # Hashed before they are read: what another run puts there in between is found out of date.
    hashes = {
        period: made_from.scored_from(
            criteria,
            workspace.store.digest(OBSERVATIONS, period=period),
            made_from.of_cities(cities[period]),
        )
        for period in periods
    }
    observations = pl.concat(
        of_edition(workspace.store.read(OBSERVATIONS, period=period), edition_id).select(_NEEDED)
        for period in periods
    )
    months = _by_month(score(criteria, observations, pl.concat(cities.values())))

    def keep(month: tuple[str, Scores]) -> list[audit.Finding]:
        period, scores = month
        at = {"edition": edition_id, "period": period}
        made_from.forget(workspace, made_from.SCORED, **at)
        for name, table in TABLES.items():
            workspace.store.write(table, getattr(scores, name), **at)
        found = audit.findings(criteria, cities[period], scores)
        if not audit.wrong(found):  # else it is scored again, and found wrong again
            made_from.note(workspace, made_from.SCORED, hashes[period], **at)
        return found

    # Half of this is waiting for the disk.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(periods, pool.map(keep, months), strict=True))


def _by_month(scores: Scores) -> list[tuple[str, Scores]]:
    """Months and the scores of each by themselves, the oldest first."""
    frames = {
        name: getattr(scores, name).partition_by("period", as_dict=True, maintain_order=True)
        for name in TABLES
    }
    months = sorted(frames["index"])
    return [
        (period, Scores(**{name: of[(period,)] for name, of in frames.items()}))
        for (period,) in months
    ]


def cities_of_month(workspace: Workspace, period: str) -> pl.DataFrame:
    """The registry's cities of a month, with the month."""
    return cities_of(workspace.store.read(REGISTRY), period).with_columns(period=pl.lit(period))


def read_scores(workspace: Workspace, edition_id: str, period: str) -> Scores:
    """The stored scores of a month."""
    return Scores(
        **{
            name: workspace.store.read(table, edition=edition_id, period=period)
            for name, table in TABLES.items()
        }
    )
