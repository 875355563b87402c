"""Crawling: the watched sites are asked for what is new, and every site gets a verdict."""

import calendar
import json
import os
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import chain
from typing import Any

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
_NAMED = 3
"""Sites that a message names of those that failed alike."""
_DETAILS = 2
"""Lists, parts and numbers that it names of a site."""
_LINES = 8
"""Such groups of sites that it names."""


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
    """Sites whose crawl was not good, and why, for the operator: by family, the most failures first."""
    families = table.group_by("family").agg(of=pl.len())
    bad = (
        table.filter(pl.col("verdict") != "good")
        .group_by("family", "verdict", "reasons")
        .agg(
            count=pl.len(),
            said=pl.struct("site_id", "details").sort_by("site_id").head(_NAMED),
        )
        .join(families, on="family")
        # Failed before suspect.
        .sort("verdict", "count", "family", "reasons", descending=[False, True, False, False])
    )
    return [_said(row) for row in bad.iter_rows(named=True)]


def _said(row: dict[str, Any]) -> str:
    """Sites of a family that failed alike, in a line."""
    sites = []
    for site in row["said"]:
        about = list(chain(*json.loads(site["details"] or "{}").values()))
        cut = ["…"] * (len(about) > _DETAILS)
        sites.append(" ".join((site["site_id"], *about[:_DETAILS], *cut)))
    more = ", …" if row["count"] > len(sites) else ""
    reasons = row["reasons"].replace(",", ", ")
    return (
        f"{row['count']} of {row['of']} {row['family']} {row['verdict']}: {reasons} "
        f"({', '.join(sites)}{more})"
    )


def named(doubtful: list[str]) -> str:
    """What is said of sites that are not good, shortened; empty where all are good."""
    few = [*doubtful[:_LINES], *(["…"] if len(doubtful) > _LINES else [])]
    return f"{'; '.join(few)}; all of them on the page of sites" if few else ""


def _crawl(
    workspace: Workspace, kinds: dict[str, Family], part: Iterable[Watched], day: date
) -> list[SiteOutcome]:
    return crawl_sites(part, kinds, workspace.crawl, workspace.archive, day)


def _table(sites: Iterable[Watched], outcomes: Iterable[SiteOutcome], period: str) -> pl.DataFrame:
    of = {one.site.site_id: one for one in sites}
    rows = [_row(of[outcome.site_id], outcome, period) for outcome in outcomes]
    return pl.DataFrame(rows, schema=Sites.create_empty().schema).sort("site_id")


def _row(one: Watched, outcome: SiteOutcome, period: str) -> dict[str, Any]:
    counts = outcome.counts
    details: defaultdict[str, list[str]] = defaultdict(list)
    for reason in outcome.reasons:
        if reason.detail:
            details[reason.kind].append(reason.detail)
    return {
        "period": period,
        "site_id": one.site.site_id,
        "site_name": one.site.name,
        "family": one.family,
        "city_code": one.site.city_code,
        "verdict": outcome.verdict,
        "reasons": ",".join(dict.fromkeys(reason.kind for reason in outcome.reasons)),
        "details": json.dumps(details) if details else None,
        "complete": outcome.complete,
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
