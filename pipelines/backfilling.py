"""Past months, collected and scored where they are missing or out of date; nothing is published.

Collecting goes through Dagster's jobs. Scoring does not: a Dagster run writes some ten events a month
into its database, each in transactions of its own, which together take as long as scoring the month.
So months are scored by the same call as the asset's, and Dagster is told of them meanwhile, from another
thread: what it shows is what it would have done, and the bytes are the same.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import dagster as dg
import polars as pl

from indicators import audit, edition
from pipelines import running
from pipelines.defs.scoring import ASSETS, INDEX
from pipelines.partitions import key
from pipelines.periods import batched, successive
from pipelines.steps import observing, publishing, scoring, staleness
from pipelines.steps.collecting import QUALITY
from pipelines.steps.staleness import Month, Reason
from pipelines.workspace import Workspace

COLLECTED_AT_ONCE = 3
"""Months to a Dagster run: fewer would spend more on starting runs, more would be lost to a kill."""
SCORED_AT_ONCE = 12
"""Months to a call of `score`; more are hardly faster, and take more memory."""

_NO_RUN = ""
"""Id of the run that Dagster puts events of no run under."""

Advance = Callable[[str, Sequence[str]], None]
"""Told of what was done: collecting, or the edition, and the months."""


@dataclass(frozen=True)
class Plan:
    """What a backfill would do, and why: months with reasons, none where there is nothing to do.

    `score` says of each edition what is known before anything is collected. `empty` are months of which
    no source had anything.
    """

    collect: dict[str, tuple[Reason, ...]]
    score: dict[str, dict[str, tuple[Reason, ...]]]
    empty: frozenset[str]

    @property
    def to_collect(self) -> list[str]:
        """Months to collect."""
        return [period for period, reasons in self.collect.items() if reasons]

    @property
    def to_score(self) -> int:
        """How many months are to be scored, over all editions."""
        return sum(bool(why) for of_edition in self.score.values() for why in of_edition.values())


@dataclass(frozen=True)
class Standing:
    """How a scored month stands: mean coverage of each class, and what follows for publishing."""

    coverage: dict[str, float]
    computed_only: bool
    """Coverage is too low for the month to be published."""
    proposed: bool
    """It is published, with other numbers: these are a proposed revision."""


def plan(workspace: Workspace, wanted: Mapping[str, Sequence[str]]) -> Plan:
    """What is to be done so that months are scored under editions by what there is now.

    Args:
        workspace: the installation; nothing in it is changed.
        wanted: the months of each edition.
    """
    periods = sorted({period for of_edition in wanted.values() for period in of_edition})
    months = staleness.months(workspace, periods)
    return Plan(
        collect={month.period: month.why_collect for month in months},
        score={
            edition_id: {
                month.period: month.why_score(edition.load(edition_id))
                for month in months
                if month.period in set(of_edition)
            }
            for edition_id, of_edition in wanted.items()
        },
        empty=frozenset(month.period for month in months if month.observations is None),
    )


def collect(
    workspace: Workspace, periods: Sequence[str], instance: dg.DagsterInstance, advance: Advance
) -> list[str]:
    """Collect months and make observations of what came; a month of which nothing came has none.

    Returns:
        Checks that do not hold and only warn.

    Raises:
        pipelines.running.RunFailed: a step failed, but for sources that brought too little.
    """
    doubtful = []
    months = {month.period: month for month in staleness.months(workspace, periods)}
    for job, of_job in groupby(periods, lambda period: _job(months[period])):
        for stretch in successive(of_job):
            for some in batched(stretch, COLLECTED_AT_ONCE):
                doubtful += _collect(workspace, job, some, instance)
                advance("collect", some)
    return doubtful


def _collect(
    workspace: Workspace, job: str, periods: list[str], instance: dg.DagsterInstance
) -> list[str]:
    """Collect successive months and make their observations; give the checks that warn."""
    timing = running.Timing()
    outcome = running.run(job, periods, None, instance, timing, level="WARNING")
    observed = [period for period in periods if observing.has_records(workspace, period)]
    for stretch in successive(observed):
        running.run("observation", stretch, None, instance, timing, level="WARNING")
    for period in sorted({*periods} - {*observed}):
        observing.is_observed(workspace, period)
    return outcome.doubtful


def _job(month: Month) -> str:
    """How a month is collected: watched sites that were asked and answered are not asked again."""
    return "reading" if month.was_crawled else "collection"


def score(
    workspace: Workspace,
    plan: Plan,
    instance: dg.DagsterInstance,
    advance: Advance,
) -> None:
    """Score what a plan says is to be scored, and see to it that Dagster knows of all that is scored.

    Raises:
        indicators.audit.WrongNumbersError: a check does not hold, but for that of coverage.
    """
    known = instance.get_materialized_partitions(dg.AssetKey(INDEX))
    with ThreadPoolExecutor(1) as reporting:
        reports = []
        for edition_id, reasons in plan.score.items():
            stale = [period for period, why in reasons.items() if why]
            # What a killed run scored but did not report.
            untold = [
                period
                for period, why in reasons.items()
                if not why and period not in plan.empty and key(period, edition_id) not in known
            ]
            reports.append(reporting.submit(_report, workspace, instance, edition_id, untold))
            for some in batched(stale, SCORED_AT_ONCE):
                found = scoring.score_months(workspace, edition_id, some)
                _refuse_wrong(edition_id, found)
                reports.append(reporting.submit(_report, workspace, instance, edition_id, some))
                advance(edition_id, some)
        for report in reports:
            report.result()


def _refuse_wrong(edition_id: str, found: Mapping[str, list[audit.Finding]]) -> None:
    wrong = [
        f"{edition_id} {period}: {finding.statement}: {finding.detail}"
        for period, of_month in found.items()
        for finding in audit.wrong(of_month)
    ]
    if wrong:
        raise audit.WrongNumbersError("\n".join(wrong))


def _report(
    workspace: Workspace, instance: dg.DagsterInstance, edition_id: str, periods: Iterable[str]
) -> None:
    """Tell Dagster that the assets of these partitions were made."""
    with _held_open(workspace.dagster_home):
        for period in periods:
            for asset in ASSETS:
                instance.report_runless_asset_event(
                    dg.AssetMaterialization(asset, partition=key(period, edition_id))
                )


@contextmanager
def _held_open(home: Path) -> Iterator[None]:
    """Keep Dagster's databases open meanwhile.

    Dagster opens and closes them for every event. Whoever closes a SQLite database last has to tidy it
    up, and waits for the disk several times; while it is open elsewhere, that is put off. It makes
    reporting four times as fast. Where they lie elsewhere, or are not there yet, nothing is gained.
    """
    with ExitStack() as stack:
        for name in ("index.db", f"{_NO_RUN}.db"):
            with suppress(sqlite3.OperationalError):
                file = f"file:{home / 'history' / 'runs' / name}?mode=ro"
                open_ = stack.enter_context(closing(sqlite3.connect(file, uri=True)))
                open_.execute("SELECT 1 FROM event_logs LIMIT 1").fetchone()
        yield


def standing(workspace: Workspace, edition_id: str, period: str) -> Standing | None:
    """How a month stands under an edition; None where it has no scores."""
    index = scoring.TABLES["index"]
    if not workspace.store.has(index, edition=edition_id, period=period):
        return None
    frame = workspace.store.read(index, edition=edition_id, period=period)
    coverage = audit.coverage_by_class(frame)
    return Standing(
        coverage=coverage,
        computed_only=min(coverage.values()) < audit.MINIMUM_COVERAGE,
        proposed=publishing.differs(workspace, edition_id, period),
    )


def shortfalls(
    workspace: Workspace, periods: Iterable[str]
) -> Iterator[tuple[str, bool, list[str]]]:
    """Sources that brought less than expected: id, whether it was nothing at all, and the months."""
    quality = pl.concat(observing.of_all_sources(workspace, QUALITY, period) for period in periods)
    short = quality.filter("short").with_columns(nothing=pl.col("files") == 0)
    for (source_id, nothing), rows in short.group_by("source_id", "nothing", maintain_order=True):
        yield str(source_id), bool(nothing), sorted(rows["period"])
