"""From the records of all sources to one observation for each city, month and measure."""

import polars as pl

from indicators.measures import catalogue
from indicators.reconcile import reconcile
from indicators.voices import unite
from pipelines.steps.collecting import QUALITY, RECEIPTS, RECORDS, REFUSALS
from pipelines.workspace import Workspace
from scrapers.declaration import monthly
from warehouse.contracts.tables import TABLES

OBSERVATIONS = "core_observations__city_period_measure"
CONTRIBUTIONS = "core_contributions__city_period_measure_part"


def observe(workspace: Workspace, period: str) -> pl.DataFrame:
    """Unite voices, compare sources, write the month's observations and give them.

    Raises:
        ValueError: there is nothing to observe.
    """
    records = of_all_sources(workspace, RECORDS, period)
    if records.is_empty():
        raise ValueError(
            f"no source delivered anything for {period}; "
            f"put files into inbox/<source_id>/{period}/ and run the month again"
        )
    unison = unite(records, catalogue())
    awarded = pl.col("measure").is_in([m.id for m in catalogue().values() if m.kind == "award"])
    reported = reconcile(unison.rows.filter(~awarded), catalogue())
    awards = unison.rows.filter(awarded).with_columns(discrepancy=pl.lit(False))
    observations = pl.concat(
        [
            reported.with_columns(awarded_under=pl.lit("")),
            awards.with_columns(awarded_under="part"),
        ],
        how="diagonal",
    ).select(workspace.store.columns(OBSERVATIONS))
    workspace.store.write(
        CONTRIBUTIONS,
        unison.contributions.select(workspace.store.columns(CONTRIBUTIONS)),
        period=period,
    )
    workspace.store.write(OBSERVATIONS, observations, period=period)
    return observations


def of_edition(observations: pl.DataFrame, edition_id: str) -> pl.DataFrame:
    """What an edition can see: everything but the awards that were given under others."""
    return observations.filter(pl.col("awarded_under").is_in(["", edition_id]))


def inputs(workspace: Workspace, period: str) -> dict[str, pl.DataFrame]:
    """What is known of the month's deliveries: receipts, refusals, quality; of all sources."""
    return {
        "receipts": of_all_sources(workspace, RECEIPTS, period),
        "refusals": of_all_sources(workspace, REFUSALS, period),
        "quality": of_all_sources(workspace, QUALITY, period),
    }


def of_all_sources(workspace: Workspace, table: str, period: str) -> pl.DataFrame:
    """A landing table of one month, source after source; those not collected bring nothing."""
    return pl.concat(
        [
            TABLES[table].create_empty(),
            *(
                workspace.store.read(table, source_id=source.id, period=period)
                for source in monthly()
                if workspace.store.has(table, source_id=source.id, period=period)
            ),
        ]
    )
