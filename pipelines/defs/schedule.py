"""What runs by itself: on the 10th the month before is collected, then scored and published."""

import dagster as dg

from indicators.edition import CURRENT
from pipelines.partitions import TIME_ZONE, key
from pipelines.periods import shift

collection = dg.define_asset_job(
    "collection",
    selection=dg.AssetSelection.groups("facts", "landing", "observations"),
    description="Collect a month: facts, landed inputs, observations.",
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


@dg.schedule(
    job=collection,
    cron_schedule="0 3 10 * *",
    execution_timezone=TIME_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def monthly_collection(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """The month before, on the 10th at 03:00 Shanghai time."""
    period = shift(context.scheduled_execution_time.strftime("%Y-%m"), -1)
    return dg.RunRequest(
        run_key=f"collect-{period}", partition_key=period, tags={"cci/publish": CURRENT}
    )


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[collection],
    request_job=publication,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def publish_what_was_collected(
    context: dg.RunStatusSensorContext,
) -> dg.RunRequest | dg.SkipReason:
    """Publish a scheduled collection under the current edition; leave other collections alone."""
    tags = context.dagster_run.tags
    if "cci/publish" not in tags:
        return dg.SkipReason("a collection that was not scheduled publishes nothing")
    period = tags["dagster/partition"]
    return dg.RunRequest(
        run_key=f"publish-{context.dagster_run.run_id}",
        partition_key=key(period, tags["cci/publish"]),
    )
