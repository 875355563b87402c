"""Taking in what arrives: from the inbox and from where a source serves it, into the landing place."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from itertools import chain
from pathlib import Path

import polars as pl
from filelock import FileLock

from indicators.registry import cities_of
from pipelines.asked import asked_of
from pipelines.periods import shift, this_month
from pipelines.steps.facts import REGISTRY
from pipelines.workspace import Workspace
from scrapers import inbox, landing, landing_place
from scrapers.arrival import Arrival, Known, Problem
from scrapers.declaration import CLOCK, SOURCES, Source
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
    known = _known(workspace, source, period)
    problems = []
    with _spool(workspace, source) as spool:
        for arrival in chain(
            inbox.arrivals(workspace.inbox, source, period, spool),
            _fetched(source, period, known, spool),
        ):
            if isinstance(arrival, Problem):
                problems.append(arrival)
                continue
            sha256 = landing.digest(arrival.path)
            # What a killed run has landed but not yet taken out of the inbox is not read again.
            if not known(sha256, arrival.delivered_at):
                land(workspace, source, asked, arrival, sha256)
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
            for m in asked_of(source).values()
        },
    )


def land(workspace: Workspace, source: Source, asked: Ask, arrival: Arrival, sha256: str) -> Landed:
    """Read a delivery and land what was read of it, or why nothing was; give its receipt.

    `sha256` is the hash of the file, which whoever asks has looked it up by.
    Nothing is delivered later than now, whatever its sender's clock says: else nothing could correct it.
    """
    file = Landed(
        source_id=source.id,
        period=asked.period,
        name=landing.shown_name(arrival.name, sha256),
        address=arrival.address,
        delivered_at=min(arrival.delivered_at, datetime.now(tz=CLOCK)).isoformat(),
        sha256=sha256,
        size=arrival.path.stat().st_size,
        kept_sha256="",
        simulated=source.simulated,
    )
    try:
        reading = _reader(source, arrival.path)(arrival.path, arrival.name, asked)
    except FileRefused as refusal:
        reading = Reading.nothing(refusal)
    except OSError:
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        # A mistake of ours. Its text may repeat what stands in the file, so it goes no further, and one
        # such file does not keep the others from being read.
        reading = Reading.nothing(FileRefused("reader_failed", type(error).__name__))
    return landing.land_reading(workspace.landing, file, reading)


def _reader(source: Source, path: Path) -> Take:
    """The reader of a file: of its source's own format, or of measure files, which any may send."""
    if measures.looks_like_one(path):
        return measures.take
    if source.format == "measures" and probes.looks_like_one(path):
        return probes.take
    return _TAKE[source.format]


def _fetched(source: Source, period: str, known: Known, spool: Path) -> Iterator[Arrival | Problem]:
    """What the source serves for the month and is not landed yet."""
    past = period < shift(this_month(), -1)
    if source.address.startswith("inbox:") or (past and not source.history):
        return
    if (SOURCES / source.id / "feed.py").exists():
        feed = import_module(f"scrapers.sources.{source.id}.feed")
        fetched: Iterator[Arrival | Problem] = feed.collect(source, period, spool)
    else:
        fetched = landing_place.deliveries(source.address, period, known, spool)
    for arrival in fetched:
        yield arrival
        if isinstance(arrival, Arrival):
            arrival.path.unlink()


def _known(workspace: Workspace, source: Source, period: str) -> Known:
    def known(sha256: str, delivered_at: datetime) -> bool:
        if delivered_at > datetime.now(tz=CLOCK):  # it was landed under another time, if it was
            return landing.find(workspace.landing, source.id, period, sha256) is not None
        return landing.is_landed(
            workspace.landing, source.id, period, sha256, delivered_at.isoformat()
        )

    return known


@contextmanager
def _spool(workspace: Workspace, source: Source) -> Iterator[Path]:
    """A private folder for bytes on their way, one run at a time; what a killed one left is removed."""
    workspace.arriving.mkdir(parents=True, exist_ok=True)
    folder = workspace.arriving / source.id
    with FileLock(workspace.arriving / f"{source.id}.lock"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
