"""Tables as Parquet partitions: written aside and renamed, so that nobody sees half of one."""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import dataframely as dy
import polars as pl

from warehouse.contracts.tables import TABLES


def write_aside(files: Mapping[Path, Callable[[Path], object]]) -> None:
    """Write files under temporary names, flush them to the disk, and rename them when all are whole.

    Args:
        files: for each path, what writes it. Parents are made; a full disk leaves what was there.
    """
    aside = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in files}
    try:
        for path, write in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write(aside[path])
            with aside[path].open("rb") as written:
                os.fsync(written.fileno())
        for path, part in aside.items():
            part.replace(path)
    finally:
        for part in aside.values():
            part.unlink(missing_ok=True)


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame aside and rename it. The same rows give the same bytes, however put together."""
    whole = frame.rechunk()
    write_aside({path: partial(whole.write_parquet, compression="zstd", statistics=True)})


@dataclass(frozen=True)
class Store:
    """The tables below one folder: `<table>/<key>=<value>/…/part.parquet`."""

    root: Path

    def path(self, table: str, **partition: str) -> Path:
        """File of one partition."""
        folder = self.root / table
        for key, value in partition.items():
            folder /= f"{key}={value}"
        return folder / "part.parquet"

    def write(self, table: str, frame: pl.DataFrame, **partition: str) -> None:
        """Check a frame against its table's contract and put it in the place of the partition.

        Raises:
            dataframely.exc.ValidationError: with the number of rows that break each rule.
        """
        contract = _contract(table)
        write_parquet(contract.validate(frame, cast=True), self.path(table, **partition))

    def read(self, table: str, **partition: str) -> pl.DataFrame:
        """One partition; FileNotFoundError says which one is missing."""
        # By its path Polars opens a file twice; in between another run may rename a new one over it.
        with self._written(table, partition).open("rb") as file:
            return pl.read_parquet(file)

    def digest(self, table: str, **partition: str) -> str:
        """SHA-256 of a partition as it is stored; FileNotFoundError says which one is missing."""
        with self._written(table, partition).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def columns(self, table: str) -> list[str]:
        """Columns of a table, in the order of its contract."""
        return _contract(table).column_names()

    def has(self, table: str, **partition: str) -> bool:
        """Whether the partition was written."""
        return self.path(table, **partition).exists()

    def _written(self, table: str, partition: Mapping[str, str]) -> Path:
        path = self.path(table, **partition)
        if not path.exists():
            wanted = ", ".join(f"{key} {value}" for key, value in partition.items())
            raise FileNotFoundError(f"{table} has no {wanted or 'rows'} yet; run that month first")
        return path


def _contract(table: str) -> type[dy.Schema]:
    try:
        return TABLES[table]
    except KeyError:
        raise KeyError(f"no table {table!r}; expected one of {', '.join(TABLES)}") from None
