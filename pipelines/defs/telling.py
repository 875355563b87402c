"""Telling the operator what became of scheduled runs; `cci run` tells of its own by itself."""

import dagster as dg

from pipelines import operating, shortfall
from pipelines.defs.schedule import PUBLISH, collection, observation, publication
from pipelines.resources import Installation

_RUN_KEY = "dagster/run_key"


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitored_jobs=[publication],
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def tell_what_was_published(
    context: dg.RunStatusSensorContext, installation: Installation
) -> dg.SkipReason:
    """Tell of a scheduled month that came to its end."""
    return _tell(context.instance, context.dagster_run, installation)


@dg.run_failure_sensor(
    monitored_jobs=[collection, observation, publication],
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def tell_what_failed(
    context: dg.RunFailureSensorContext, installation: Installation
) -> dg.SkipReason:
    """Tell of a scheduled month that stopped; one that goes on without a source is told of at its end."""
    run = context.dagster_run
    failures = context.get_step_failure_events()
    if shortfall.every_source_ended(context.instance, run.run_id) and shortfall.all_of(failures):
        return dg.SkipReason("the month goes on without what is short")
    return _tell(context.instance, run, installation)


def _tell(
    instance: dg.DagsterInstance, run: dg.DagsterRun, installation: Installation
) -> dg.SkipReason:
    edition_id = run.tags.get(PUBLISH)
    if edition_id is None:
        return dg.SkipReason("a run that was not scheduled is told of by who started it")
    period = run.tags["dagster/partition"].rpartition("|")[2]
    runs = [each.run_id for each in _chain(instance, run)]
    operating.tell(installation.workspace, instance, edition_id, period, runs)
    return dg.SkipReason(f"told of {edition_id} {period}")


def _chain(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[dg.DagsterRun]:
    """The runs of a scheduled month, each of which has the id of the one before in its key."""
    before = instance.get_run_by_id(run.tags.get(_RUN_KEY, "").partition("-")[2])
    return [*(_chain(instance, before) if before else []), run]
