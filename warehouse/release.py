"""Releases: what readers see. Each is built aside, then one link is swung from the last to the next.

A reader that opened a file of the release before keeps reading that file, whole; nobody waits.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

KEPT = 3
"""Releases kept on the disk, the current one included, so that slow readers can finish."""


def release(root: Path, public: Path, build: Callable[[Path], None]) -> Path:
    """Build the next release with `build(folder)` and make `public` point to it.

    If building fails or the process dies, `public` still points to the release before.

    Args:
        root: folder of all releases.
        public: the link that readers follow.
        build: fills an empty folder.
    """
    root.mkdir(parents=True, exist_ok=True)
    for leftover in root.glob(".*.part"):
        shutil.rmtree(leftover)
    number = 1 + max((int(path.name) for path in root.iterdir() if path.name.isdigit()), default=0)
    aside, target = root / f".{number:06d}.part", root / f"{number:06d}"
    aside.mkdir()
    build(aside)
    aside.rename(target)
    link = public.with_name(f".{public.name}.{os.getpid()}")
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(target, public.parent))
    link.replace(public)
    for old in sorted(path for path in root.iterdir() if path.name.isdigit())[:-KEPT]:
        shutil.rmtree(old)
    return target
