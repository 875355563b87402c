"""The project's own code and tables, by hash: what was made by other code may be other."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parents[1]


@cache
def digest(*paths: str) -> str:
    """SHA-256 of files and of all that is in folders, named from the root of the project."""
    sha256 = hashlib.sha256()
    for path in paths:
        for file in _files(PROJECT / path):
            sha256.update(file.relative_to(PROJECT).as_posix().encode())
            sha256.update(file.read_bytes())
    return sha256.hexdigest()


def _files(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    found = (file for file in sorted(path.rglob("*")) if file.is_file())
    return (file for file in found if file.suffix not in {".pyc", ".md"})
