"""From the records of all sources to one observation for each city, month and measure."""

import polars as pl

from indicators.measures import catalogue
from indicators.reconcile import reconcile
from pipelines.steps.collecting import RECEIPTS, RECORDS, REFUSALS
from pipelines.workspace import Workspace
from scrapers.declaration import monthly

OBSERVATIONS = "core_observations__city_period_measure"


def observe(workspace: Workspace, period: str) -> pl.DataFrame:
    """Compare sources, write the month's observations and give them.

    Raises:
        ValueError: there is nothing to observe.
    """
    records = of_all_sources(workspace, RECORDS, period)
    if records.is_empty():
        raise ValueError(
            f"no source delivered anything for {period}; "
            f"put files into inbox/<source_id>/{period}/ and run the month again"
        )
    observations = reconcile(records, catalogue()).select(workspace.store.columns(OBSERVATIONS))
    workspace.store.write(OBSERVATIONS, observations, period=period)
    return observations


def inputs(workspace: Workspace, period: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Receipts and refusals of a month, of all sources."""
    return (
        of_all_sources(workspace, RECEIPTS, period),
        of_all_sources(workspace, REFUSALS, period),
    )


def of_all_sources(workspace: Workspace, table: str, period: str) -> pl.DataFrame:
    """A landing table of one month, the sources one after the other."""
    return pl.concat(
        workspace.store.read(table, source_id=source.id, period=period) for source in monthly()
    )
