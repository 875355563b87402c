"""From observations to scores of a month under an edition, with the checks that guard them."""

import polars as pl

from indicators import audit, edition
from indicators.registry import cities_of
from indicators.score import Scores, score
from pipelines.steps.facts import REGISTRY
from pipelines.steps.observing import OBSERVATIONS, of_edition
from pipelines.workspace import Workspace
from warehouse.publication import TABLE_OF

TABLES = {name: TABLE_OF[name] for name in ("leaves", "classes", "nodes", "index")}


def score_month(workspace: Workspace, edition_id: str, period: str) -> list[audit.Finding]:
    """Score a month, write its tables, and give what the checks found.

    Raises:
        ValueError: the edition is not valid in that month.
    """
    criteria = edition.load(edition_id)
    criteria.refuse_period(period)
    cities = cities_of_month(workspace, period)
    observations = workspace.store.read(OBSERVATIONS, period=period)
    scores = score(criteria, of_edition(observations, edition_id), cities)
    for name, table in TABLES.items():
        workspace.store.write(table, getattr(scores, name), edition=edition_id, period=period)
    return audit.findings(criteria, cities, scores)


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
