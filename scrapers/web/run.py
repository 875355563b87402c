"""Crawling some sites: plan, a process of Scrapy's own, the archive, and a verdict on each site."""

import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Final

from filelock import FileLock

from scrapers.crawl import CrawlFailed, run
from scrapers.web.archive import archive
from scrapers.web.family import Family
from scrapers.web.looking import EXTRACT
from scrapers.web.partition import by_shard
from scrapers.web.plan import plan
from scrapers.web.seen import KILLED, Seen, memory_of
from scrapers.web.sites import Watched
from scrapers.web.tally import tally
from scrapers.web.verdict import Counts, Reason, Verdict, counts, judge

SPIDER: Final = "scrapers.web.spider:Monitor"
LONGEST: Final = 12 * 3600.0
"""Seconds that a crawl takes at most; the next one goes on where it was stopped."""
_TRIES = 2


@dataclass(frozen=True)
class Counted:
    """What a counter of a site says: the value of a measure of a city."""

    site_id: str
    measure: str
    city_code: str
    value: float


@dataclass(frozen=True)
class SiteOutcome:
    """What came of the crawl of a site.

    Attributes:
        verdict: `good`, `suspect` or `failed`.
        reasons: why it is not good, the gravest first.
        complete: the day up to which everything of it was had, by this crawl or an earlier one, or None.
        counts: None where it was not crawled.
        counters: what its counters say.
    """

    site_id: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    complete: date | None = None
    counts: Counts | None = None
    counters: tuple[Counted, ...] = ()


def crawl_sites(
    sites: Iterable[Watched],
    families: Mapping[str, Family],
    state_folder: Path,
    out_folder: Path,
    until: date,
    *,
    extract: str = EXTRACT,
    seconds: float = LONGEST,
) -> list[SiteOutcome]:
    """Crawl sites, archive their new and changed articles, and judge what came of each.

    What was killed or stopped before goes on: nothing is asked for twice but what was on its way. A
    crawl of a partition (`scrapers.web.partition`) never meets that of another one; two of the same one
    wait for each other.

    Args:
        sites: to crawl.
        families: by name, all that the sites are of.
        state_folder: what is remembered of sites between crawls; of all partitions the same.
        out_folder: the archive; of all partitions the same. See `scrapers.web.archive.articles`.
        until: the day that the crawl is for, the last of the period. Newer articles are archived too.
        extract: module and function that makes an article of a page, people left out.
        seconds: that it takes at most.

    Returns:
        An outcome for each site, in their order.

    Raises:
        CrawlFailed: it broke down before any site was had.
        OSError: state or archive cannot be written.
    """
    sites = tuple(sites)
    shards = by_shard(sites)
    planned = plan(sites, families)
    arguments = {
        "sites": [(asdict(one.site), one.family) for one in planned.sites],
        "families": {name: asdict(family) for name, family in families.items()},
        "state": str(state_folder),
        "until": until.isoformat(),
        "extract": extract,
    }
    state_folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        for number in shards:  # in order, so that no two wait for each other
            held.enter_context(FileLock(memory_of(state_folder, number).with_suffix(".lock")))
        end, finished = time.monotonic() + seconds, False
        for _ in range(_TRIES if planned.sites else 0):
            # Should its process break down it has lost nothing: it is begun again, and goes on.
            with suppress(CrawlFailed):
                left = max(end - time.monotonic(), 0.0)
                finished = run(SPIDER, arguments, planned.settings, left)[0].ended == "finished"
            if finished:
                break
        asked = {one.site.site_id for one in planned.sites}
        outcomes = {}
        for number, there in shards.items():
            seen = Seen(memory_of(state_folder, number))
            held.callback(seen.close)
            archive(seen, number, out_folder)
            if finished:
                seen.over()
            for one in there:
                outcomes[one.site.site_id] = _outcome(one, families[one.family], seen, asked, until)
    broken = {Reason("unfinished", KILLED), Reason("not_crawled")}
    if asked and all({*outcomes[site_id].reasons[:1]} & broken for site_id in asked):
        raise CrawlFailed(
            f"the crawl of {len(asked)} sites broke down before any of them was had; see that memory and "
            "disk are free, then run it again"
        )
    return [outcomes[one.site.site_id] for one in sites]


def _outcome(one: Watched, family: Family, seen: Seen, asked: set[str], until: date) -> SiteOutcome:
    site = one.site
    if site.site_id not in asked:
        return SiteOutcome(site.site_id, "failed", (Reason("stand_in_down"),))
    brought = tally(seen, site.site_id)
    if brought is None:
        return SiteOutcome(site.site_id, "failed", (Reason("not_crawled"),))
    verdict, reasons = judge(brought, family, until)
    counters = tuple(
        Counted(site.site_id, measure, city_code or site.city_code or "", value)
        for measure, city_code, value in brought.counted
    )
    complete = date.fromisoformat(brought.complete) if brought.complete else None
    return SiteOutcome(site.site_id, verdict, reasons, complete, counts(brought), counters)
