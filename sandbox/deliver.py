"""Deliver what offices say as measure files: `<inbox>/<source_id>/<period>/<source_id>-<period>.csv`.

So came the months before collection began. Later ones are to be had from the country's servers.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import polars as pl

from indicators.registry import cities_of
from sandbox.offices import KINDS, statements
from sandbox.services import measure_files
from warehouse.store import write_aside


def deliver(
    inbox: Path,
    registry: pl.DataFrame,
    periods: Sequence[str],
    seed: int = 2019,
    *,
    everyday: bool = True,
) -> list[Path]:
    """Write all files on the given months; again gives the same bytes and times.

    Args:
        inbox: folder that the files are dropped into; made if it is not there.
        registry: spells of cities, as `warehouse.contracts.cities.CityRegistry` describes them.
        periods: months from 2016-01 on, `YYYY-MM`.
        seed: which invented country; the same seed is the same country.
        everyday: with what is amiss with offices every day; without, all that is said is true.

    Returns:
        The files, by source and month. The time of a file is when it was delivered.

    Raises:
        ValueError: if a period is no month, or before 2016-01.
    """
    return sorted(
        path
        for period in periods
        for source_id in KINDS
        for path in _drop(inbox, registry, source_id, period, seed, everyday)
    )


def _drop(
    inbox: Path, registry: pl.DataFrame, source_id: str, period: str, seed: int, everyday: bool
) -> Iterator[Path]:
    """A reader sees all of a file or nothing: names that begin with a dot are not looked at."""
    cities = cities_of(registry, period)
    for statement in statements(source_id, cities, period, seed, everyday=everyday):
        for document in measure_files.documents(
            source_id, period, statement.said, cities, seed, statement.suffix
        ):
            path = inbox / source_id / period / document.name
            write_aside({path: partial(_write, document.content(), statement.delivered_at)})
            yield path


def _write(content: bytes, delivered_at: datetime, path: Path) -> None:
    path.write_bytes(content)
    os.utime(path, (delivered_at.timestamp(),) * 2)
