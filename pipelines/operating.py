"""What a run of a month did, for its operator: noted, shown on the operator's page, and told.

It is read from Dagster's own record, so that it is the same of `cci run` and of a scheduled run.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import dagster as dg

from pipelines import noted, notifying, running, shortfall
from pipelines.noted import Came, Note, Step
from pipelines.pages import operator
from pipelines.steps import collecting
from pipelines.workspace import Workspace
from scrapers.declaration import CLOCK, monthly
from warehouse import publication

_log = logging.getLogger(__name__)
_TOLD = {
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.ASSET_CHECK_EVALUATION,
    dg.DagsterEventType.ASSET_MATERIALIZATION,
}


@contextmanager
def told(
    workspace: Workspace,
    instance: dg.DagsterInstance,
    edition_id: str,
    period: str,
    timing: running.Timing,
) -> Iterator[None]:
    """Tell the operator of the runs that `timing` counts meanwhile, however they end."""
    try:
        yield
    finally:
        if timing.runs:
            tell(workspace, instance, edition_id, period, timing.runs)


def tell(
    workspace: Workspace,
    instance: dg.DagsterInstance,
    edition_id: str,
    period: str,
    run_ids: Sequence[str],
) -> None:
    """Note what runs did, make the operator's page, send messages. What fails in it is only logged."""
    try:
        note = note_of(workspace, instance, edition_id, period, run_ids)
        noted.keep(workspace, note)
        operator.write(noted.read(workspace), workspace.operator)
        problems = notifying.tell(workspace.root / notifying.SETTINGS, note)
    except Exception:
        _log.exception("the operator could not be told of %s %s", edition_id, period)
        return
    for problem in problems:
        _log.warning("%s", problem)


def note_of(
    workspace: Workspace,
    instance: dg.DagsterInstance,
    edition_id: str,
    period: str,
    run_ids: Sequence[str],
) -> Note:
    """What runs of a month did, of which the last is to publish it.

    Args:
        workspace: the data folder.
        instance: has the record of the runs.
        edition_id: the edition that the month is published under.
        period: the month.
        run_ids: the runs, in their order.
    """
    events = [
        entry.dagster_event
        for run_id in run_ids
        for entry in instance.all_logs(run_id, of_type=_TOLD)
        if entry.dagster_event
    ]
    failed = [event for event in events if event.is_step_failure]
    short = [event for event in failed if shortfall.all_of([event])]
    checks = [
        event.asset_check_evaluation_data
        for event in events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
    ]
    wrong = [check for check in checks if not check.passed]
    blocking = [running.unmet(check) for check in wrong if check.blocking]
    # A check that does not hold fails the step that it is of: that is said once.
    stopped = [running.reason(event) for event in failed if event not in short]
    stands = publication.latest(workspace.published, edition_id, period)
    new = any(event.step_key == "publish_month" and _is_new(event) for event in events)
    records = [instance.get_run_record_by_id(run_id) for run_id in run_ids]
    times = [(r.start_time, r.end_time or r.start_time) for r in records if r and r.start_time]
    begun = min((start for start, _ in times), default=0.0)
    return Note(
        period=period,
        edition=edition_id,
        status="failed" if stopped or blocking else "published" if new else "unchanged",
        began=datetime.fromtimestamp(begun, CLOCK).isoformat(timespec="seconds"),
        seconds=round(max((end for _, end in times), default=begun) - begun, 1),
        revision=stands.revision if stands else None,
        changes=stands.manifest["rows"]["changes"] if stands and new else 0,
        simulated=stands.simulated if stands else False,
        came=tuple(_came(workspace, period)),
        failures=tuple(blocking or stopped),
        short=tuple(running.reason(event) for event in short),
        doubtful=tuple(running.unmet(check) for check in wrong if not check.blocking),
        steps=tuple(step for run_id in run_ids for step in _steps(instance, run_id)),
        waiting=(*collecting.strangers(workspace), *collecting.waiting(workspace, period)),
    )


def _is_new(event: dg.DagsterEvent) -> bool:
    """Whether a materialization says that a revision is new."""
    if not event.is_step_materialization:
        return False
    said = event.step_materialization_data.materialization.metadata.get("new")
    return bool(said and said.value)


def _came(workspace: Workspace, period: str) -> Iterator[Came]:
    for source in monthly():
        if not workspace.store.has(collecting.QUALITY, source_id=source.id, period=period):
            continue
        frame = workspace.store.read(collecting.QUALITY, source_id=source.id, period=period)
        for row in frame.iter_rows(named=True):
            yield Came(
                source_id=source.id,
                files=row["files"],
                records=row["records"],
                refused=row["refused"],
                late=row["late_files"],
                short=row["short"],
            )


def _steps(instance: dg.DagsterInstance, run_id: str) -> Iterator[Step]:
    ended = [s for s in instance.get_run_step_stats(run_id) if s.start_time and s.end_time]
    for step in sorted(ended, key=lambda s: (s.start_time, s.step_key)):
        assert step.start_time is not None  # noqa: S101 - for the types
        assert step.end_time is not None  # noqa: S101 - for the types
        failed = step.status is not None and step.status.name == "FAILURE"
        yield Step(step.step_key, round(step.end_time - step.start_time, 1), failed)
