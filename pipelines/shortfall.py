"""A source that brought less than its minimum: its asset fails, and the month goes on without it.

What did arrive is kept and counts; leaves that lack values are imputed or not assessed, and say so.
"""

from collections.abc import Iterable, Sequence

import dagster as dg

from pipelines.steps.collecting import Collected
from scrapers.declaration import Source, monthly

_MARK = "brings_less_than_its_minimum"


def failure(source: Source, brought: Sequence[Collected]) -> dg.Failure:
    """Why the asset of a source fails, and what to do; names every month that is short."""
    lines = []
    for month in brought:
        if not month.short:
            continue
        minimum = source.expected(month.period)
        wrong = "".join(f"; {problem.message}" for problem in month.problems)
        if month.refused_files:
            wrong += f"; {month.refused_files} of {month.files} files were refused as a whole"
        lines.append(
            f"{month.period}: {month.cities} cities and {month.records} records of {source.id}, expected "
            f"{minimum.cities.min} and {minimum.records.min} or more{wrong}. Ask {source.publisher_en} "
            f"for what is missing, or put it into inbox/{source.id}/{month.period}/, and run the month "
            f"again; until then its leaves are imputed or not assessed"
        )
    return dg.Failure("; ".join(lines), metadata={_MARK: True}, allow_retries=False)


def excess(source: Source, month: Collected) -> list[str]:
    """What lies above the declared maximum, in words."""
    return [
        f"{month.period}: {count} {what}, expected at most {limits.max}"
        for what, count, limits in (
            ("cities", month.cities, source.expect.cities),
            ("records", month.records, source.expect.records),
        )
        if count > limits.max
    ]


def every_source_ended(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether a collection came to the end of every source; not if its process died on the way."""
    ended = {
        step.step_key
        for step in instance.get_run_step_stats(run_id)
        if step.status and step.status.name in ("SUCCESS", "FAILURE")
    }
    return ended >= {records_key(source) for source in monthly()}


def records_key(source: Source) -> str:
    """Name of the asset that holds a source's records."""
    return f"landing_{source.id}__records"


def all_of(failures: Iterable[dg.DagsterEvent]) -> bool:
    """Whether steps failed for nothing but a source that fell short, so that the month can go on."""
    told = [event.step_failure_data.user_failure_data for event in failures]
    return bool(told) and all(data is not None and _MARK in data.metadata for data in told)
