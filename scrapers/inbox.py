"""The inbox: a folder for each source and month, into which files are put by hand or by a mail robot.

It is a mailbox, not an archive: what was landed is taken out of it.
"""

import errno
import fcntl
import os
import re
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from scrapers.arrival import Arrival, Problem
from scrapers.declaration import CLOCK, Source

_UNDER_WAY = re.compile(r"^~\$|\.(part|partial|filepart|crdownload|tmp|swp)$", re.IGNORECASE)
"""Names under which programs write a file, or mark one as open."""
_QUIET = 60.0
"""Seconds without a change after which a file counts as whole where the kernel cannot tell."""


def arrivals(inbox: Path, source: Source, period: str, spool: Path) -> Iterator[Arrival | Problem]:
    """Whole files that lie there for a source and month, by name; a file's own time is its delivery's.

    Names that begin with a dot or are those of a file under way (`.part`, `.tmp`, `~$…`), and files that
    some process has open for writing, are still being written; they are left for the next time. Once
    whoever takes an arrival asks for the next one, the file is taken out of the inbox, unless another one
    has come under its name meanwhile.

    Args:
        inbox: the folder of all sources.
        source: whose files are wanted.
        period: month, `YYYY-MM`.
        spool: a private folder on the same disk; a file is read from there, so that it stays the same.
    """
    address = f"inbox/{source.id}/{period}"
    for at, path in enumerate(sorted((inbox / source.id / period).glob("[!.]*"))):
        held = spool / f"inbox-{at}"
        try:
            if not path.is_file() or _UNDER_WAY.search(path.name) or being_written(path):
                continue
            _hold(path, held)
            delivered = datetime.fromtimestamp(held.stat().st_mtime, tz=CLOCK)
        except (PermissionError, FileNotFoundError):  # whose text has the name, perhaps a person's
            yield Problem(
                "", "not_readable", f"{address}: file {at + 1} cannot be read; see who may read it"
            )
            continue
        yield Arrival(path.name, address, delivered, held)
        if path.exists() and path.samefile(held):
            path.unlink()
        held.unlink()


def has_files(inbox: Path, source: Source, period: str) -> bool:
    """Whether files lie there for a source and month that are not, by their names, under way."""
    found = (inbox / source.id / period).glob("[!.]*")
    return any(path.is_file() and not _UNDER_WAY.search(path.name) for path in found)


def _hold(path: Path, held: Path) -> None:
    """Keep hold of a file, whatever becomes of its name."""
    with path.open("rb"):  # a link needs no right to read
        os.link(path, held)


def being_written(path: Path) -> bool:
    """Whether a process has the file open for writing.

    The kernel refuses a read lease on such a file. Where it grants none at all (another's file, network
    disks) a file is whole when nothing has changed it for a minute.
    """
    with path.open("rb") as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return True
            return time.time() - os.fstat(file.fileno()).st_mtime < _QUIET
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False
