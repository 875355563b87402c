"""The landing place: a folder on the web for each source and month, where offices put their files.

`GET <address>/<period>/index.json` lists what is there, `GET <address>/<period>/<name>` gives it. The
listing comes from outside: every entry is looked at before anything is fetched by it.
"""

import json
import re
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from scrapers.arrival import Arrival, Known, Problem
from scrapers.declaration import CLOCK
from scrapers.fetch import PATIENT, Client, Patience, Unreachable, resolve

_LARGEST: Final = 1 << 36
"""No file of a month is as large (64 GiB)."""
_LARGEST_LISTING: Final = 1 << 24
_MOST_FILES: Final = 20_000
_AT_ONCE: Final = 4
_AHEAD: Final = 16
"""So many files at most wait in the spool before the first of them is taken."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
# No folder, and no file that is still being written.
_NAME = re.compile(r"[^./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]{0,199}")


@dataclass(frozen=True)
class _Entry:
    """One file of the listing. `path` is its name as an address needs it."""

    at: int
    name: str
    path: str
    size: int
    sha256: str
    modified: datetime


def deliveries(
    address: str, period: str, known: Known, spool: Path, patience: Patience = PATIENT
) -> Iterator[Arrival | Problem]:
    """Fetch what a landing place has for a month and is not known yet, in the order of its listing.

    Nothing comes where there is no folder of that month, or where the address is in the stand-in
    country and that is not up. What cannot be fetched is a problem, and the others come all the same.

    Args:
        address: as declared, `https://…` or `sandbox:/…`.
        period: month, `YYYY-MM`.
        known: whether a delivery is landed already; such are not fetched.
        spool: folder to fetch into, where files are named by numbers; made if it is not there. A few
            files are fetched ahead of whoever takes and deletes them.
        patience: how long to wait for each file.

    Raises:
        OSError: the spool cannot be written.
    """
    url = resolve(address)
    if url is None:
        return
    place = f"{address}/{period}"
    with Client(f"{url}/{period}", patience) as client:
        try:
            listing = _listing(client.read("index.json", most=_LARGEST_LISTING))
        except Unreachable as problem:
            if problem.reason != "not_found":
                yield Problem("", problem.reason, f"{place}: {problem}")
            return
        except ValueError as error:
            yield Problem("", "listing_malformed", f"{place}: the listing {error}; {_TELL}")
            return
        spool.mkdir(parents=True, exist_ok=True)

        def fetched(entry: _Entry) -> Arrival | Problem:
            path = spool / str(entry.at)
            try:
                client.save(entry.path, path, size=entry.size, sha256=entry.sha256)
            except Unreachable as problem:
                return Problem("", problem.reason, f"{place}, file {entry.at}: {problem}")
            return Arrival(entry.name, place, entry.modified, path)

        # In the pool threads fetch; which files are wanted is seen here, one after the other.
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            ahead: deque[Future[Arrival | Problem]] = deque()
            for at, raw in enumerate(listing, 1):
                try:
                    entry = _entry(at, raw)
                except ValueError as error:
                    message = f"{place}, file {at}: the listing {error}; {_TELL}"
                    yield Problem("", "listing_malformed", message)
                    continue
                if known(entry.sha256, entry.modified):
                    continue
                ahead.append(pool.submit(fetched, entry))
                if len(ahead) == _AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()


_TELL = "tell the publisher"


def _listing(content: bytes) -> list[object]:
    """What a listing has in it, still unseen. Raises ValueError."""
    try:
        listing = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("is not JSON") from None
    if not isinstance(listing, list):
        raise ValueError("is no list")
    if len(listing) > _MOST_FILES:
        raise ValueError(f"has more than {_MOST_FILES} files")
    return listing


def _entry(at: int, raw: object) -> _Entry:
    """One entry of a listing. Raises ValueError, which repeats nothing of it."""
    match raw:
        case {"name": str(name), "size": int(size), "modified": str(when), "sha256": str(sha256)}:
            pass
        case _:
            raise ValueError("lacks name, size, modified or sha256, or has them in another type")
    if not _NAME.fullmatch(name):
        raise ValueError("names no file")
    if not 0 <= size <= _LARGEST:
        raise ValueError("gives a size that no file has")
    if not _SHA256.fullmatch(sha256):
        raise ValueError("gives no sha256")
    try:
        path = quote(name, safe="")
        modified = datetime.fromisoformat(when)
        if modified.tzinfo is None:
            raise ValueError
        modified = modified.astimezone(CLOCK)
    except (ValueError, OverflowError):
        raise ValueError("gives a name or a time that cannot be read") from None
    return _Entry(at, name, path, size, sha256, modified)
