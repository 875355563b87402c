"""Probing: every city's sites are asked now, and the log is put where collecting takes it in."""

from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from indicators.registry import cities_of
from pipelines.outside import outside
from pipelines.steps import facts
from pipelines.workspace import Workspace
from scrapers.crawl import crawl
from scrapers.fetch import SANDBOX
from scrapers.formats.probes import SITES
from scrapers.sources.monitoring import sites, spider
from warehouse.store import write_aside


def probe(workspace: Workspace, now: datetime) -> tuple[Path, pl.DataFrame]:
    """Probe the sites of all cities of this month once.

    Args:
        workspace: whose inbox gets the log.
        now: the moment, aware, Asia/Shanghai; all probes bear it, so a round never spans two months.

    Returns:
        The log, `inbox/monitoring/<month>/probes-<moment>.jsonl`, and its lines: city_code, site, at,
        answered.

    Raises:
        CrawlFailed: hardly anything answered, or the crawl broke down; then there is no log.
        ConnectionError: the sites are in the stand-in country, and there is none.
    """
    at = now.strftime("%Y-%m-%dT%H:%M")
    codes = cities_of(facts.registry(), at[:7])["city_code"].sort()
    with outside(workspace):
        probes = [(code, site, _address(site, code)) for code in codes for site in SITES]
        arguments: dict[str, Any] = {"at": at, "probes": probes}
        lines = crawl(spider.NAME, arguments, spider.limits(len(codes), len(SITES)))
    log = (
        pl.DataFrame(lines).select("city_code", "site", "at", "answered").sort("city_code", "site")
    )
    name = f"probes-{at.replace(':', '')}.jsonl"
    path = workspace.inbox / "monitoring" / at[:7] / name
    write_aside({path: log.write_ndjson})
    return path, log


def _address(site: str, city_code: str) -> str:
    url = sites.address(site, city_code)
    if url is None:
        raise ConnectionError(
            "the sites are those of the stand-in country, and it is not up; found one with "
            f"`cci sandbox`, or set {SANDBOX}"
        )
    return url
