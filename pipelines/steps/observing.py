"""From the records of all sources to one observation for each city, month and measure."""

import polars as pl

from indicators import edition
from indicators.measures import catalogue
from indicators.reconcile import reconcile
from indicators.registry import cities_of
from indicators.voices import unite
from pipelines.steps import made_from
from pipelines.steps.collecting import QUALITY, RECEIPTS, RECORDS, REFUSALS
from pipelines.steps.facts import REGISTRY
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
    made_from.forget(workspace, made_from.OBSERVED, period=period)
    workspace.store.write(
        CONTRIBUTIONS,
        unison.contributions.select(workspace.store.columns(CONTRIBUTIONS)),
        period=period,
    )
    workspace.store.write(OBSERVATIONS, observations, period=period)
    is_observed(workspace, period)
    return observations


def is_observed(workspace: Workspace, period: str) -> None:
    """Note what the observations of a month were made from; also where no source had anything of it."""
    cities = made_from.of_cities(cities_of(workspace.store.read(REGISTRY), period))
    deliveries = made_from.read(workspace, period)
    hashes = made_from.observed_from(workspace, period, deliveries, cities)
    made_from.note(workspace, made_from.OBSERVED, hashes, period=period)


def has_records(workspace: Workspace, period: str) -> bool:
    """Whether any source had something of a month that was collected."""
    return not of_all_sources(workspace, RECORDS, period).is_empty()


def of_edition(observations: pl.DataFrame, edition_id: str) -> pl.DataFrame:
    """What an edition can see: no awards under others, and of what came in rounds what it asks."""
    criteria = edition.load(edition_id)
    rounds = [source.id for source in monthly() if source.frequency == "half-yearly"]
    return observations.filter(
        pl.col("awarded_under").is_in(["", edition_id]),
        pl.col("measure").is_in([*criteria.measures, *criteria.gate_measures])
        | ~pl.col("source_id").is_in(rounds),
    )


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
