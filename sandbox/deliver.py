"""Deliver the reports as files: `<inbox>/<source_id>/<period>/<source_id>-<period>.csv`."""

import os
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from sandbox.offices import Report, reports


def deliver(
    inbox: Path, registry: pl.DataFrame, periods: Sequence[str], seed: int = 2019
) -> list[Path]:
    """Write all files on the given months; again gives the same bytes and times.

    Args:
        inbox: folder that the files are dropped into; made if it is not there.
        registry: spells of cities, as `warehouse.contracts.cities.CityRegistry` describes them.
        periods: months from 2016-01 on, `YYYY-MM`.
        seed: which invented country; the same seed is the same country.

    Returns:
        The files, by source and month. The time of a file is when it was delivered.

    Raises:
        ValueError: if a period is no month, or before 2016-01.
    """
    return sorted(
        _drop(inbox, report) for period in periods for report in reports(registry, period, seed)
    )


def _drop(inbox: Path, report: Report) -> Path:
    """A reader sees all of a file or nothing: names that begin with a dot are not looked at."""
    path = inbox / report.source_id / report.period / report.name
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        report.rows.write_csv(aside, line_terminator="\n")
        delivered = report.delivered_at.timestamp()
        os.utime(aside, (delivered, delivered))
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path
