"""Running the assets in this process, with Dagster's record of runs kept in the data folder."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import dagster as dg

from indicators import edition
from pipelines import shortfall
from pipelines.outside import outside, variables
from pipelines.partitions import key
from pipelines.periods import shift, this_month
from pipelines.workspace import Workspace

_SETTINGS = "telemetry:\n  enabled: false\n"


class RunFailed(RuntimeError):  # noqa: N818 - what the operator reads is the message
    """A run that stopped; the message says at which step, why, and what to do."""


@dataclass
class Timing:
    """Seconds that each step took, added up over the runs of one command, and their ids."""

    seconds: dict[str, float] = field(default_factory=dict)
    runs: list[str] = field(default_factory=list)

    def add(self, result: dg.ExecuteInProcessResult) -> None:
        """Take in the steps of one run."""
        self.runs.append(result.run_id)
        for event in result.all_events:
            if event.is_step_success and event.step_key:
                spent = event.step_success_data.duration_ms / 1000
                self.seconds[event.step_key] = self.seconds.get(event.step_key, 0.0) + spent


def refuse(edition_id: str, period: str) -> None:
    """Raise ValueError for a month and edition that cannot be run: not valid, or not over yet."""
    edition.load(edition_id).refuse_period(period)
    last = shift(this_month(), -1)
    if period > last:
        raise ValueError(f"{period} is not over; the last month that can be run is {last}")


@contextmanager
def environment(workspace: Workspace) -> Iterator[None]:
    """As `home`, with the outside world up meanwhile."""
    with home(workspace), outside(workspace):
        yield


@contextmanager
def home(workspace: Workspace) -> Iterator[None]:
    """Point Dagster and the assets to the data folder."""
    folder = workspace.dagster_home
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "dagster.yaml"
    if not settings.exists():
        settings.write_text(_SETTINGS, encoding="utf-8")
    ours = {"CCI_DATA": str(workspace.root.absolute()), "DAGSTER_HOME": str(folder.absolute())}
    with variables(ours):
        yield


def collect(periods: Sequence[str], instance: dg.DagsterInstance, timing: Timing) -> list[str]:
    """Collect successive months and make observations of what came; as `execute`."""
    warnings = execute("collection", periods, None, instance, timing)
    return warnings + execute("observation", periods, None, instance, timing)


def execute(
    job: str,
    periods: Sequence[str],
    edition_id: str | None,
    instance: dg.DagsterInstance,
    timing: Timing,
) -> list[str]:
    """Run a job as `run`; give all that does not keep a month from going on."""
    outcome = run(job, periods, edition_id, instance, timing)
    return [*outcome.short, *outcome.doubtful]


class Outcome(NamedTuple):
    """What does not keep a month from going on.

    `short` are sources that brought too little, `doubtful` checks that do not hold and only warn.
    """

    short: list[str]
    doubtful: list[str]


def run(
    job: str,
    periods: Sequence[str],
    edition_id: str | None,
    instance: dg.DagsterInstance,
    timing: Timing,
    *,
    level: str = "INFO",
) -> Outcome:
    """Run a job for successive months (under an edition), in one run; what its assets say is printed.

    Raises:
        RunFailed: a step failed for another reason, or a blocking check did not hold.
    """
    first, last = (key(p, edition_id) if edition_id else p for p in (periods[0], periods[-1]))
    result = _jobs(job).execute_in_process(
        tags={
            "dagster/asset_partition_range_start": first,
            "dagster/asset_partition_range_end": last,
        },
        instance=instance,
        run_config={"loggers": {"console": {"config": level}}},
        raise_on_error=False,
    )
    timing.add(result)
    failures = [event for event in result.all_events if event.is_step_failure]
    if not result.success and not shortfall.all_of(failures):
        raise RunFailed(_why(result, job, periods))
    return Outcome(
        [reason(event) for event in failures],
        [
            f"{check.asset_key.to_user_string()}: {check.check_name}: {check.description}"
            for check in result.get_asset_check_evaluations()
            if not check.passed
        ],
    )


@cache
def _jobs(job: str) -> dg.JobDefinition:
    from pipelines.definitions import defs  # Loading everything takes seconds; only runs need it.

    return defs().resolve_job_def(job)


def _why(result: dg.ExecuteInProcessResult, job: str, periods: Sequence[str]) -> str:
    months = periods[0] if len(periods) == 1 else f"{periods[0]}..{periods[-1]}"
    lines = [f"{job} of {months} stopped; what readers see is unchanged."]
    for evaluation in result.get_asset_check_evaluations():
        if not evaluation.passed and evaluation.blocking:
            lines.append(f"  {unmet(evaluation)}")
    if len(lines) == 1:  # a step that failed by itself, not by its check
        lines += [f"  {reason(event)}" for event in result.all_events if event.is_step_failure]
    lines.append(
        "Mend the cause and run the month again: what was done is kept, nothing counts twice."
    )
    return "\n".join(lines)


def unmet(check: dg.AssetCheckEvaluation) -> str:
    """The check that does not hold, and why."""
    asset = check.asset_key.to_user_string()
    return f"{asset}: {check.check_name} does not hold: {check.description}"


def reason(failure: dg.DagsterEvent) -> str:
    """The step that failed, and why."""
    told = failure.step_failure_data
    if told.user_failure_data and told.user_failure_data.description:
        return f"{failure.step_key}: {told.user_failure_data.description}"
    error = told.error
    return f"{failure.step_key}: {_plain((error.cause or error).message if error else '')}"


def _plain(message: str) -> str:
    """An error's message without the name of its class."""
    return re.sub(r"^([A-Za-z_]+\.)*[A-Za-z_]*(Error|Exception|Failure): ", "", message.strip())
