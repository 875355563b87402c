"""Taking in what arrives: from the inbox and from where a source serves it, into the landing place."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path

from indicators.measures import catalogue
from indicators.registry import cities_of
from pipelines.periods import shift, this_month
from pipelines.steps.facts import REGISTRY
from pipelines.workspace import Workspace
from scrapers import inbox, landing, landing_place
from scrapers.arrival import Arrival, Known, Problem
from scrapers.declaration import SOURCES, Source
from scrapers.formats import extracts, indexes, measures, probes, tables, workbooks
from scrapers.landing import Landed
from scrapers.reading import Ask, AskedMeasure, FileRefused, Reading

Take = Callable[[Path, str, Ask], Reading]
_TAKE: dict[str, Take] = {
    "measures": measures.take,
    "extracts": extracts.take,
    "tables": tables.take,
    "workbooks": workbooks.take,
    "indexes": indexes.take,
}


def take_in(workspace: Workspace, source: Source, period: str) -> list[Problem]:
    """Land everything new that a source has for a month.

    Returns:
        What went wrong on the way; what did arrive is landed all the same.
    """
    asked = ask(workspace, source, period)
    problems = []
    for arrival in inbox.arrivals(workspace.inbox, source, period):
        # What a killed run has landed but not yet taken out is not read again.
        if not _known(workspace, source, period)(
            landing.digest(arrival.path), arrival.delivered_at
        ):
            land(workspace, source, asked, arrival)
        arrival.path.unlink()
    with _spool(workspace) as spool:
        for fetched in _fetched(workspace, source, period, spool):
            if isinstance(fetched, Problem):
                problems.append(fetched)
            else:
                land(workspace, source, asked, fetched)
                fetched.path.unlink()
    return problems


def ask(workspace: Workspace, source: Source, period: str) -> Ask:
    """What is asked of a source for a month."""
    return Ask(
        source_id=source.id,
        kind=source.kind,
        period=period,
        cities=cities_of(workspace.store.read(REGISTRY), period),
        measures={
            m.id: AskedMeasure(m.id, m.unit, m.zh, m.en, m.maximum, m.whole)
            for m in catalogue().values()
            if source.kind in m.sources
        },
    )


def land(workspace: Workspace, source: Source, asked: Ask, arrival: Arrival) -> Landed:
    """Read a delivery and land what was read of it, or why nothing was; give its receipt."""
    digest = landing.digest(arrival.path)
    file = Landed(
        source_id=source.id,
        period=asked.period,
        name=landing.shown_name(arrival.name, digest),
        address=arrival.address,
        delivered_at=arrival.delivered_at.isoformat(),
        sha256=digest,
        size=arrival.path.stat().st_size,
        kept_sha256="",
    )
    try:
        reading = _reader(source, arrival.path)(arrival.path, arrival.name, asked)
    except FileRefused as refusal:
        reading = Reading.nothing(refusal)
    return landing.land_reading(workspace.landing, file, reading)


def _reader(source: Source, path: Path) -> Take:
    """The reader of what lies there: of the source's own format, or of those that any source may use."""
    if measures.looks_like_one(path):
        return measures.take
    if probes.looks_like_one(path):
        return probes.take
    return _TAKE[source.format]


def _fetched(
    workspace: Workspace, source: Source, period: str, spool: Path
) -> Iterator[Arrival | Problem]:
    """What the source serves for the month and is not landed yet."""
    past = period < shift(this_month(), -1)
    if source.address.startswith("inbox:") or (past and not source.history):
        return iter(())
    if (SOURCES / source.id / "feed.py").exists():
        feed = import_module(f"scrapers.sources.{source.id}.feed")
        arrivals: Iterator[Arrival | Problem] = feed.collect(source, period, spool)
        return arrivals
    known = _known(workspace, source, period)
    return landing_place.deliveries(source.address, period, known, spool)


def _known(workspace: Workspace, source: Source, period: str) -> Known:
    def known(sha256: str, delivered_at: datetime) -> bool:
        return landing.is_landed(
            workspace.landing, source.id, period, sha256, delivered_at.isoformat()
        )

    return known


@contextmanager
def _spool(workspace: Workspace) -> Iterator[Path]:
    """A private folder for bytes on their way; what a killed process left behind is removed."""
    workspace.arriving.mkdir(parents=True, exist_ok=True)
    for left in workspace.arriving.iterdir():
        if not Path(f"/proc/{left.name.partition('-')[0]}").exists():
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{os.getpid()}-", dir=workspace.arriving) as folder:
        yield Path(folder)
