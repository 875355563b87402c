"""Folders that appear whole or not at all, in the place of those before."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ASIDE = re.compile(r"\.(?P<name>.+)\.(?P<pid>\d+)\.(?P<kind>part|before)")
"""Names of folders that are being written, or that were taken out of the way for them."""


@contextmanager
def replacing(out: Path, mark: str) -> Iterator[Path]:
    """Give a folder to write to, and put it in the place of another when all is written.

    Args:
        out: the folder to replace; it may hold what was written before, and nothing else.
        mark: file by which what was written before is known.

    Raises:
        FileExistsError: the folder holds something else.
    """
    if out.exists() and any(out.iterdir()) and not (out / mark).is_file():
        raise FileExistsError(
            f"{out} is not empty and holds no {mark}; name a new folder or an empty one"
        )
    aside = out.with_name(f".{out.name}.{os.getpid()}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        _swap(aside, out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def settle(root: Path) -> None:
    """Put back folders below a root that a process took out of their place before it was killed.

    What another one put there in the meantime stays, and what was begun and never finished goes.
    """
    for left in sorted(root.glob("**/.*.*.*")):
        aside = _ASIDE.fullmatch(left.name)
        if aside is None or _runs(int(aside["pid"])):
            continue
        out = left.with_name(aside["name"])
        if aside["kind"] == "before" and not out.exists():
            left.rename(out)
        else:
            shutil.rmtree(left)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True


def _swap(aside: Path, out: Path) -> None:
    """Put a folder in the place of another, which is put back if that fails."""
    before = out.with_name(f".{out.name}.{os.getpid()}.before")
    if not out.exists():
        aside.rename(out)
        return
    out.rename(before)
    try:
        aside.rename(out)
    except OSError:
        before.rename(out)
        raise
    shutil.rmtree(before)
