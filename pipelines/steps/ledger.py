"""The ledger of a month: what monitoring read, as events, pages and measures.

Measures go the way of all deliveries: they are landed with a receipt, as if the monitoring body had
sent them.
"""

import hashlib
from dataclasses import dataclass

import polars as pl

from indicators.registry import cities_of
from pipelines.periods import shift
from pipelines.steps import arriving, crawling, reading, reviewing
from pipelines.steps.facts import REGISTRY
from pipelines.workspace import Workspace
from scrapers import landing
from scrapers.declaration import Source, sources
from scrapers.landing import Landed
from scrapers.monitor import ledger, occurrences, review
from scrapers.reading import ROWS, Reading
from scrapers.web.family import families
from warehouse.contracts.ledger import Events, Pages

EVENTS = "core_events__period_event"
PAGES = "core_pages__period_url"
_WEB = "web:"
"""Where the measures of a ledger come from, as receipts name it."""
_MONTHS = 24
"""Months of which reports are grouped: an event may have been seen first before the window."""


@dataclass(frozen=True)
class Kept:
    """The ledger of a month; see the contracts `Events` and `Pages`.

    `values` counts those of measures, `covered` the cities that have them, None if nothing was crawled.
    """

    events: pl.DataFrame
    pages: pl.DataFrame
    values: int
    covered: int | None

    def __str__(self) -> str:
        return f"{len(self.events)} events, {len(self.pages)} pages, {self.values} values"


def came_as_files(workspace: Workspace, period: str) -> bool:
    """Whether monitoring's measures of a month came as measure files: kept before sites were watched."""
    source = _source()
    arriving.take_in(workspace, source, period)
    files = landing.landed(workspace.landing, source.id, period)
    return any(
        file.address != _WEB
        and not file.kept(workspace.landing)
        .filter(pl.col("measure").is_in(ledger.MEASURES))
        .is_empty()
        for file in files
    )


def keep(workspace: Workspace, period: str) -> Kept:
    """Make a month's ledger of everything that was read up to its end, write it, and land its measures.

    A ledger that says what the last one said is not landed again. A city one of whose own sites was not
    crawled up to the end of the month has no values; a month not crawled for has an empty ledger.
    """
    sites = workspace.store.read(crawling.SITES, period=period)
    counters = workspace.store.read(crawling.COUNTERS, period=period)
    cities = cities_of(workspace.store.read(REGISTRY), period)
    covered = _covered(sites, period).join(cities, on="city_code", how="semi")
    stands = reviewing.standing(workspace)
    read = _up_to(review.apply(reading.readings(workspace), stands), period)
    if sites.is_empty():  # nothing was looked for
        read = read.clear()
    recent = read.filter(pl.col("published") >= _month(shift(period, -_MONTHS)))
    told = review.regroup(occurrences.group(recent), recent, stands)
    pages = read.join(told.rename({"why": "joined"}), on="url", how="left").with_columns(
        period=pl.lit(period), simulated=pl.lit(_source().simulated)
    )
    events = ledger.events(pages).filter(
        pl.col("first_seen") >= _month(shift(period, 1 - ledger.WINDOW))
    )
    values = pl.concat(
        [
            ledger.measures(events, pages, period, covered["city_code"]),
            counters.select("city_code", "measure", "value"),
        ]
    ).join(cities, on="city_code", how="semi")
    _land(workspace, period, values)
    kept_events = events.with_columns(
        period=pl.lit(period), simulated=pl.lit(_source().simulated)
    ).select(Events.column_names())
    kept_pages = (
        pages.filter(pl.col("kind") != "other")
        .filter(
            pl.col("event_id").is_null() | pl.col("event_id").is_in(events["event_id"].implode())
        )
        .with_columns(pl.col("rule_fields").list.join(","))
        .select(Pages.column_names())
        .sort("url")
    )
    workspace.store.write(EVENTS, kept_events, period=period)
    workspace.store.write(PAGES, kept_pages, period=period)
    return Kept(kept_events, kept_pages, len(values), None if sites.is_empty() else len(covered))


def lacking(kept: Kept, period: str) -> list[str]:
    """What keeps a ledger from being what is expected of the source, in words."""
    expected = _source().expect.cities.min
    if kept.covered is None or kept.covered >= expected:
        return []
    return [
        f"{period}: all own sites of {kept.covered} cities were had to the end of the month, expected "
        f"{expected} or more; see the page of sites for what kept the others, mend it and run the month "
        "again; until then their leaves are imputed or not assessed"
    ]


def _covered(sites: pl.DataFrame, period: str) -> pl.DataFrame:
    """Cities all of whose own sites that tell of something were had up to the end of a month.

    What the others lack cannot be told from what did not happen.
    """
    counts_only = [name for name, family in families().items() if not family.article]
    whole = (pl.col("complete") >= crawling.last_day(period)) & (pl.col("articles") > 0)
    return (
        sites.filter(pl.col("city_code").is_not_null() & ~pl.col("family").is_in(counts_only))
        .group_by("city_code")
        .agg(whole=whole.fill_null(value=False).all())
        .filter("whole")
        .select("city_code")
    )


def _source() -> Source:
    return sources()[crawling.SOURCE]


def _month(period: str) -> pl.Expr:
    """The first day of a month."""
    return pl.lit(f"{period}-01").str.to_date()


def _up_to(read: pl.DataFrame, period: str) -> pl.DataFrame:
    """What was published by the end of a month; of a page that shows no day, what was fetched by then."""
    day = pl.coalesce("published", pl.col("retrieved").str.head(10).str.to_date())
    return read.with_columns(published=day).filter(pl.col("published") <= crawling.last_day(period))


def _land(workspace: Workspace, period: str, values: pl.DataFrame) -> None:
    """Land the measures of a ledger, unless they are those that were landed last.

    The ledger speaks as of the end of its month; its number tells which of several came later.
    """
    if values.is_empty():
        return
    source = _source()
    rows = (
        values.sort("city_code", "measure")
        .with_row_index("row", 1)
        .select(
            period=pl.lit(period),
            city_code="city_code",
            measure="measure",
            value=pl.col("value").map_elements(repr, return_dtype=pl.String),
            source=pl.lit(""),
            part=pl.lit(""),
            place=pl.lit(""),
            row=pl.col("row").cast(pl.Int64),
            evidence=pl.lit(None, pl.String),
        )
        .select(*ROWS)
    )
    content = rows.write_csv().encode()
    sha256 = hashlib.sha256(content).hexdigest()
    before = [
        file
        for file in landing.landed(workspace.landing, source.id, period)
        if file.address == _WEB
    ]
    if before and before[-1].sha256 == sha256:
        return
    number = max((_number(file) for file in before), default=0) + 1
    file = Landed(
        source_id=source.id,
        period=period,
        name=f"ledger-{period}-{number:03}.csv",
        address=_WEB,
        delivered_at=f"{crawling.last_day(period)}T23:59:59+08:00",
        sha256=sha256,
        size=len(content),
        kept_sha256="",
        simulated=source.simulated,
    )
    landing.land_reading(workspace.landing, file, Reading(rows))


def _number(file: Landed) -> int:
    return int(file.name.removesuffix(".csv").rpartition("-")[2])
