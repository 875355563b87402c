"""Crawling: the watched sites are asked for what is new, and every site gets a verdict."""

import calendar
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import polars as pl

from pipelines.workspace import Workspace
from scrapers.declaration import sources
from scrapers.web.family import Family, families
from scrapers.web.partition import partition
from scrapers.web.run import SiteOutcome, crawl_sites
from scrapers.web.sites import Watched, watched
from warehouse.contracts.ledger import Sites

SITES = "landing_sites__period"
COUNTERS = "landing_counters__period"
SOURCE = "monitoring"
_NAMED = 8
"""Sites that a message names."""


def last_day(period: str) -> date:
    """The last day of a month."""
    year, month = map(int, period.split("-"))
    return date(year, month, calendar.monthrange(year, month)[1])


def crawl(workspace: Workspace, period: str) -> pl.DataFrame:
    """Crawl all watched sites for a month, several at once, and write what came of it.

    New articles go into the archive, people left out. A site that fails harms no other.

    Returns:
        A row for each site, as the contract `Sites` has it.

    Raises:
        OSError: the archive cannot be written.
    """
    kinds = families()
    sites = watched(kinds)
    parts = partition(sites, os.cpu_count() or 1)
    with ThreadPoolExecutor(len(parts)) as pool:  # each part is a process that a thread waits for
        crawled = pool.map(lambda part: _crawl(workspace, kinds, part, last_day(period)), parts)
        outcomes = [outcome for part in crawled for outcome in part]
    table = _table(sites, outcomes, period)
    workspace.store.write(COUNTERS, _counters(outcomes, period), period=period)
    workspace.store.write(SITES, table, period=period)
    return table


def leave(workspace: Workspace, period: str) -> pl.DataFrame:
    """Crawl nothing for a month, and say so: its tables are empty."""
    table = Sites.create_empty()
    workspace.store.write(COUNTERS, _counters([], period), period=period)
    workspace.store.write(SITES, table, period=period)
    return table


def crawl_part(workspace: Workspace, number: int, parts: int, day: date) -> pl.DataFrame:
    """Crawl one part of the watched sites for a day; its articles go into the archive.

    Returns:
        A row for each site, as the contract `Sites` has it.

    Raises:
        OSError: the archive cannot be written.
    """
    kinds = families()
    part = partition(watched(kinds), parts)[number]
    return _table(part, _crawl(workspace, kinds, part, day), f"{day:%Y-%m}")


def doubtful(table: pl.DataFrame) -> list[str]:
    """Sites whose crawl was not good, and why, for the operator; those that failed first."""
    bad = table.filter(pl.col("verdict") != "good").sort(
        "verdict", "site_id"
    )  # failed before suspect
    of = bad.select("site_id", "verdict", "reasons")
    return [f"{site_id} {verdict}: {reasons}" for site_id, verdict, reasons in of.iter_rows()]


def named(doubtful: list[str]) -> str:
    """The first few of the sites that are not good, and how many there are; empty where all are."""
    if not doubtful:
        return ""
    few = "; ".join(doubtful[:_NAMED])
    return f"{len(doubtful)} of the sites, all of them on the page of sites: {few}"


def _crawl(
    workspace: Workspace, kinds: dict[str, Family], part: Iterable[Watched], day: date
) -> list[SiteOutcome]:
    return crawl_sites(part, kinds, workspace.crawl, workspace.archive, day)


def _table(sites: Iterable[Watched], outcomes: Iterable[SiteOutcome], period: str) -> pl.DataFrame:
    of = {one.site.site_id: one for one in sites}
    return pl.DataFrame([_row(of[o.site_id], o, period) for o in outcomes]).sort("site_id")


def _row(one: Watched, outcome: SiteOutcome, period: str) -> dict[str, object]:
    counts = outcome.counts
    return {
        "period": period,
        "site_id": one.site.site_id,
        "site_name": one.site.name,
        "family": one.family,
        "city_code": one.site.city_code,
        "verdict": outcome.verdict,
        "reasons": ",".join(dict.fromkeys(reason.kind for reason in outcome.reasons)),
        "asked": counts.asked if counts else 0,
        "articles": counts.known if counts else 0,
        "simulated": sources()[SOURCE].simulated,
    }


def _counters(outcomes: Iterable[SiteOutcome], period: str) -> pl.DataFrame:
    rows = [
        (
            period,
            said.site_id,
            said.city_code,
            said.measure,
            said.value,
            sources()[SOURCE].simulated,
        )
        for outcome in outcomes
        for said in outcome.counters
    ]
    columns = ["period", "site_id", "city_code", "measure", "value", "simulated"]
    types = [pl.String, pl.String, pl.String, pl.String, pl.Float64, pl.Boolean]
    return pl.DataFrame(rows, schema=dict(zip(columns, types, strict=True)), orient="row").sort(
        columns[:4]
    )
