"""The inbox: a folder for each source and month, into which files are put by hand or by a mail robot.

It is a mailbox, not an archive: what was landed is taken out of it.
"""

import errno
import fcntl
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from scrapers.arrival import Arrival
from scrapers.declaration import CLOCK, Source


def arrivals(inbox: Path, source: Source, period: str) -> Iterator[Arrival]:
    """Whole files that lie there for a source and month, by name; a file's own time is its delivery's.

    Names that begin with a dot, and files that some process has open for writing, are still being
    written; they are left for the next time.
    """
    for path in sorted((inbox / source.id / period).glob("[!.]*")):
        if path.is_file() and not being_written(path):
            yield Arrival(
                name=path.name,
                address=f"inbox/{source.id}/{period}",
                delivered_at=datetime.fromtimestamp(path.stat().st_mtime, tz=CLOCK),
                path=path,
            )


def being_written(path: Path) -> bool:
    """Whether a process has the file open for writing.

    The kernel refuses a read lease on such a file; where it knows no leases (other systems, network
    disks) nothing can be said, and the file counts as whole.
    """
    with path.open("rb") as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            return error.errno == errno.EAGAIN
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False
