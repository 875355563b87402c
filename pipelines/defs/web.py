"""From watched sites to the ledger of a month; and the daily crawl, which machines can share."""

from datetime import datetime

import dagster as dg

from pipelines import contract_checks
from pipelines.partitions import TIME_ZONE, crawl_parts, months, several_months
from pipelines.resources import Installation
from pipelines.steps import crawling, facts, ledger, reading
from scrapers.declaration import CLOCK

_CRAWL = "landing_web__crawl"
_GOOD = "every_site_answers_as_declared"

_COVERED = "enough_cities_are_covered"
_DOUBTFUL = "No site failed, changed or fell silent"


@dg.asset(
    name=_CRAWL,
    partitions_def=crawl_parts,
    group_name="web",
    check_specs=[dg.AssetCheckSpec(_GOOD, asset=_CRAWL, description=_DOUBTFUL)],
)
def crawl(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult:
    """What is new on the sites of one partition, today."""
    today = datetime.now(tz=CLOCK).date()
    parts = len(crawl_parts.get_partition_keys())
    table = crawling.crawl_part(installation.workspace, int(context.partition_key), parts, today)
    doubtful = crawling.doubtful(table)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": len(table), "doubtful": len(doubtful)},
        check_results=[_verdict(_CRAWL, doubtful)],
    )


@dg.asset(
    name=crawling.SITES,
    deps=[facts.REGISTRY],
    partitions_def=months,
    backfill_policy=several_months,
    group_name="web",
    check_specs=[
        contract_checks.spec(crawling.SITES, crawling.SITES),
        dg.AssetCheckSpec(_GOOD, asset=crawling.SITES, description=_DOUBTFUL),
    ],
)
def sites(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult:
    """Articles of the watched sites up to the month, and how the crawl of each went."""
    doubtful: list[str] = []
    rows = 0
    for period in context.partition_keys:
        # What was kept as files before sites were watched is not looked for on the web.
        step = (
            crawling.leave
            if ledger.came_as_files(installation.workspace, period)
            else crawling.crawl
        )
        if step is crawling.crawl:
            context.log.info(
                f"{period}: asking the watched sites for what is new; the first time takes minutes"
            )
        table = step(installation.workspace, period)
        rows += len(table)
        doubtful += crawling.doubtful(table)
        articles = table["articles"].sum()
        context.log.info(f"{period}: {len(table)} sites, {articles} articles")
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows},
        check_results=[contract_checks.kept(crawling.SITES), _verdict(crawling.SITES, doubtful)],
    )


@dg.asset(
    name=ledger.EVENTS,
    deps=[crawling.SITES],
    partitions_def=months,
    backfill_policy=several_months,
    group_name="web",
    check_specs=[
        contract_checks.spec(ledger.EVENTS, ledger.EVENTS),
        dg.AssetCheckSpec(
            _COVERED, asset=ledger.EVENTS, description="As the source's declaration expects"
        ),
    ],
)
def events(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult:
    """Pages read, reports of one occurrence made one event, and the month's measures landed."""
    parts = reading.read_archive(installation.workspace)
    context.log.info(f"{parts} parts of the archive read")
    rows = 0
    lacking = []
    for period in context.partition_keys:
        kept = ledger.keep(installation.workspace, period)
        rows += len(kept.events)
        lacking += ledger.lacking(kept, period)
        context.log.info(f"{period}: {kept}")
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows},
        check_results=[
            contract_checks.kept(ledger.EVENTS),
            dg.AssetCheckResult(
                check_name=_COVERED,
                asset_key=ledger.EVENTS,
                passed=not lacking,
                severity=dg.AssetCheckSeverity.WARN,
                description="; ".join(lacking),
            ),
        ],
    )


def _verdict(asset: str, doubtful: list[str]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=_GOOD,
        asset_key=asset,
        passed=not doubtful,
        severity=dg.AssetCheckSeverity.WARN,
        description=crawling.named(doubtful) or "all are good",
    )


# It asks other people's sites, so it runs only where somebody has turned it on.
web_crawl = dg.define_asset_job(
    "web_crawl",
    selection=["landing_web__crawl"],
    description="Crawl one partition of the watched sites.",
)


@dg.schedule(
    job=web_crawl,
    cron_schedule="0 2 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.STOPPED,
)
def daily_crawl(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest]:
    """Every night at 02:00 Shanghai time: all partitions, each a run of its own."""
    day = context.scheduled_execution_time.strftime("%Y-%m-%d")
    return [
        dg.RunRequest(run_key=f"crawl-{day}-{part}", partition_key=part)
        for part in crawl_parts.get_partition_keys()
    ]
