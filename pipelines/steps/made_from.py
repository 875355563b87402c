"""What stored tables were made from: hashes of their inputs, kept beside them.

A note is taken away before its tables are written and put back after them. So what a killed run left
half done has none, and whoever compares notes with the inputs of today (`staleness`) makes it again.
"""

import hashlib
from collections.abc import Iterable

import polars as pl

from indicators.edition import Edition
from pipelines import code
from pipelines.steps import crawling
from pipelines.steps.collecting import RECEIPTS
from pipelines.workspace import Workspace
from scrapers import landing
from scrapers.declaration import monthly

OBSERVED = "core_observed_from__period"
SCORED = "score_scored_from__period_edition"

READS = (
    "scrapers",
    "indicators/measures.py",
    "indicators/measures.toml",
    "indicators/providers.py",
    "indicators/reconcile.py",
    "indicators/registry.py",
    "indicators/screen.py",
    "indicators/voices.py",
    "pipelines/asked.py",
    "pipelines/steps/arriving.py",
    "pipelines/steps/collecting.py",
    "pipelines/steps/ledger.py",
    "pipelines/steps/observing.py",
    "pipelines/steps/reading.py",
    "pipelines/steps/reviewing.py",
    "warehouse/contracts/landing.py",
    "warehouse/contracts/ledger.py",
    "warehouse/contracts/observations.py",
)
"""Code that makes observations of deliveries."""
SCORES = (
    "indicators/criteria.py",
    "indicators/edition.py",
    "indicators/edition_checks.py",
    "indicators/expression.py",
    "indicators/measures.py",
    "indicators/rules.py",
    "indicators/score.py",
    "indicators/subjects.py",
    "pipelines/steps/observing.py",
    "pipelines/steps/scoring.py",
    "warehouse/contracts/columns.py",
    "warehouse/contracts/scores.py",
)
"""Code that makes scores of observations: `indicators.score`, all that it imports, and what calls it."""


def observed_from(
    workspace: Workspace, period: str, deliveries: str, cities: str
) -> dict[str, str]:
    """The hashes of `ObservedFrom`, given those of deliveries (`read`, `landed`) and `of_cities`."""
    return {
        "deliveries_sha256": deliveries,
        "cities_sha256": cities,
        "corrections_sha256": _corrections(workspace, period),
        "code_sha256": code.digest(*READS),
    }


def scored_from(criteria: Edition, observations: str, cities: str) -> dict[str, str]:
    """The hashes of `ScoredFrom`, given those of the stored observations and `of_cities`."""
    return {
        "observations_sha256": observations,
        "cities_sha256": cities,
        "edition_sha256": criteria.substance,
        "code_sha256": code.digest(*SCORES),
    }


def of_cities(cities: pl.DataFrame) -> str:
    """Hash of the registry's cities of a month."""
    return hashlib.sha256(cities.drop("period", strict=False).write_csv().encode()).hexdigest()


def read(workspace: Workspace, period: str) -> str:
    """Hash of the list of all deliveries that the records of a month were read from."""
    receipts = (
        (source.id, receipt)
        for source in monthly()
        if workspace.store.has(RECEIPTS, source_id=source.id, period=period)
        for receipt in workspace.store.read(RECEIPTS, source_id=source.id, period=period)
        .select("sha256", "delivered_at")
        .iter_rows()
    )
    return _listed(
        f"{source_id}/{landing.receipt(workspace.landing, source_id, period, *receipt).name}"
        for source_id, receipt in receipts
    )


def landed(workspace: Workspace, period: str) -> str:
    """Hash of the list of all deliveries that are landed for a month."""
    return _listed(
        f"{source.id}/{path.name}"
        for source in monthly()
        for path in (workspace.landing / source.id / period).glob(f"*{landing.RECEIPT}")
    )


def _listed(names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def _corrections(workspace: Workspace, period: str) -> str:
    """Hash of operators' corrections where sites were watched; else of nothing."""
    watched = workspace.store.has(crawling.SITES, period=period) and not (
        workspace.store.read(crawling.SITES, period=period).is_empty()
    )
    if watched and workspace.corrections.exists():
        return landing.digest(workspace.corrections)
    return hashlib.sha256().hexdigest()


def note(workspace: Workspace, table: str, hashes: dict[str, str], **partition: str) -> None:
    """Put a note beside what was written."""
    workspace.store.write(table, pl.DataFrame(partition | hashes), **partition)


def forget(workspace: Workspace, table: str, **partition: str) -> None:
    """Take a note away, before what it is about is written anew."""
    workspace.store.path(table, **partition).unlink(missing_ok=True)
