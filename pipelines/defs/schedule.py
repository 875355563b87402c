"""What runs by itself: on the 10th the month before is collected, then observed, scored, published.

Besides, web sites can be probed every day.
"""

from collections.abc import Iterator
from datetime import datetime

import dagster as dg

from indicators.edition import CURRENT
from pipelines import shortfall
from pipelines.partitions import TIME_ZONE, key
from pipelines.periods import shift
from pipelines.resources import Installation
from pipelines.steps import crawling, ledger, probing
from scrapers.declaration import CLOCK

PUBLISH = "cci/publish"
"""Tag of scheduled runs: the edition that the month is published under in the end."""

collection = dg.define_asset_job(
    "collection",
    selection=dg.AssetSelection.groups("facts", "landing")
    | dg.AssetSelection.assets(crawling.SITES, ledger.EVENTS),
    description="Collect a month: facts, and what every source has.",
)
reading = dg.define_asset_job(
    "reading",
    selection=collection.selection - dg.AssetSelection.assets(crawling.SITES),
    description="Collect a month again, without asking the watched sites, which were asked before.",
)
observation = dg.define_asset_job(
    "observation",
    selection=dg.AssetSelection.groups("observations"),
    description="Make one value of what the sources say of each measure of a month.",
)
publication = dg.define_asset_job(
    "publication",
    selection=dg.AssetSelection.groups("scores", "publication"),
    description="Score a collected month under an edition and publish it.",
)
scores = dg.define_asset_job(
    "scores",
    selection=dg.AssetSelection.groups("scores"),
    description="Score a collected month under an edition, publishing nothing.",
)


@dg.op
def probe_sites(context: dg.OpExecutionContext, installation: Installation) -> None:
    """Ask every city's sites once; the log goes into the inbox."""
    _, log = probing.probe(installation.workspace, datetime.now(tz=CLOCK))
    context.log.info(f"{log['answered'].sum()} of {len(log)} sites answered")


@dg.job(description="Probe the credit website and the service platform of every city, once.")
def site_probes() -> None:
    """One round of probes."""
    probe_sites()


# It asks other people's sites, so it runs only where somebody has turned it on.
daily_probes = dg.ScheduleDefinition(
    name="daily_probes",
    job=site_probes,
    cron_schedule="0 11 * * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.STOPPED,
)


@dg.schedule(
    job=collection,
    cron_schedule="0 3 10 * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def monthly_collection(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
    """On the 10th at 03:00 Shanghai time: the month before, and the one before that.

    What comes late or corrected comes within a month of its due date; what it changes becomes a revision.
    """
    this_month = context.scheduled_execution_time.strftime("%Y-%m")
    for period in (shift(this_month, -2), shift(this_month, -1)):
        yield dg.RunRequest(
            run_key=f"collect-{this_month}-{period}",
            partition_key=period,
            tags={PUBLISH: CURRENT},
        )


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[collection],
    request_job=observation,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def observe_what_was_collected(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
    """Go on with a scheduled collection; leave other collections alone."""
    return _next("observe", context.dagster_run)


@dg.run_failure_sensor(
    monitored_jobs=[collection],
    request_job=observation,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def observe_without_what_is_short(
    context: dg.RunFailureSensorContext,
) -> dg.RunRequest | dg.SkipReason:
    """Go on with a scheduled collection in which sources brought too little; no other failure."""
    failures = context.get_step_failure_events()
    whole = shortfall.every_source_ended(context.instance, context.dagster_run.run_id)
    if not (whole and shortfall.all_of(failures)):
        return dg.SkipReason("a collection that failed is not gone on with")
    return _next("observe", context.dagster_run)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[observation],
    request_job=publication,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def publish_what_was_observed(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
    """Publish what a scheduled collection brought under the current edition."""
    return _next("publish", context.dagster_run)


def _next(step: str, run: dg.DagsterRun) -> dg.RunRequest | dg.SkipReason:
    """The run that follows a scheduled one; a run that somebody started by hand has none."""
    edition_id = run.tags.get(PUBLISH)
    if edition_id is None:
        return dg.SkipReason("a collection that was not scheduled publishes nothing")
    period = run.tags["dagster/partition"]
    return dg.RunRequest(
        run_key=f"{step}-{run.run_id}",
        partition_key=key(period, edition_id) if step == "publish" else period,
        tags={PUBLISH: edition_id},
    )
