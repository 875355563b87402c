"""The engines that roll-ups run on: DuckDB inside this process, or Spark.

A plan is written once, in PySpark's DataFrame API, and is handed the functions of the engine that it runs
on. What a plan makes of several files together must be what it makes of each of them alone, so that an
engine may take them a few at a time.

The environment says which engine:

- `CCI_ROLLUP_ENGINE`: `duckdb`, or `spark`. If not set, DuckDB.
- `CCI_SPARK_MASTER`: where Spark runs. If not set, `local[*]`. All else about Spark is set where Spark
  looks for it, in `spark-defaults.conf`; its workers must see the files under the same paths.
"""

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import duckdb
import polars as pl

Frame = Any
"""A DataFrame of PySpark's API, of either engine; the two have no type in common."""
Plan = Callable[[Frame, ModuleType], Frame]
"""From the records of files, and the module of functions, to what is wanted of them."""
Columns = Mapping[str, type[pl.DataType]]
"""Names of columns, and their types: text, whole number or date."""


class EngineError(ValueError):
    """An engine that is not known, or cannot start; the message says what to do."""


class Engine(Protocol):
    """What runs a plan."""

    def run(
        self, plan: Plan, columns: Columns, files: Sequence[Path], days: Mapping[str, date]
    ) -> pl.DataFrame:
        """What the plan makes of the files.

        Args:
            plan: what to do.
            columns: what the plan is given of the files.
            files: Parquet files, one or more, that have these columns.
            days: further columns that the plan is given, each with one day in all rows. So a plan can be
                the same for every month.
        """


@dataclass(frozen=True)
class DuckDBEngine:
    """DuckDB in this process, with connections of its own for each run.

    `memory` is in bytes, for all of a run; what does not fit is spilled into the system's temporary
    folder. `batch` is the number of records that are worth a query.
    """

    memory: int = 2_000_000_000
    batch: int = 1_000_000

    def run(
        self, plan: Plan, columns: Columns, files: Sequence[Path], days: Mapping[str, date]
    ) -> pl.DataFrame:
        """What the plan makes of the files, in batches of whole files, one batch to a core.

        Many small groupings that share nothing are faster than a large one that cores share.
        """
        query = _duckdb_sql(plan, (*columns.items(), *((name, pl.Date) for name in days)))
        batches = self._batches(files)
        cores = os.cpu_count() or 1
        workers = min(cores, len(batches))
        config: dict[str, Any] = {
            "memory_limit": f"{self.memory // workers}B",
            "threads": cores // workers,
            "preserve_insertion_order": False,
        }
        with ThreadPoolExecutor(workers) as pool:
            return pl.concat(pool.map(lambda batch: _query(query, batch, days, config), batches))

    def _batches(self, files: Sequence[Path]) -> list[list[Path]]:
        """The files in their order, batches being full once they have enough records."""
        batches: list[list[Path]] = []
        room = 0
        for file in files:
            if room <= 0:
                batches.append([])
                room = self.batch
            batches[-1].append(file)
            room -= pl.scan_parquet(file).select(pl.len()).collect().item()
        return batches


_RECORDS = "records"
_SQL_TYPES = {pl.String: "string", pl.Date: "date", pl.Int64: "bigint"}
# SQLFrame has one session in a process, and its functions look for it there.
_SQLFRAME = threading.Lock()


@cache
def _duckdb_sql(plan: Plan, columns: tuple[tuple[str, type[pl.DataType]], ...]) -> str:
    """The plan in DuckDB's SQL, over a table `records`.

    SQLFrame only writes it, which takes longer than running it on the records of a small province.
    """
    from sqlframe.duckdb import DuckDBSession, functions  # takes most of a second

    with _SQLFRAME:
        session = DuckDBSession()
        try:
            types = {name: _SQL_TYPES[kind] for name, kind in columns}
            session.catalog.add_table(_RECORDS, types)
            frame = plan(session.read.table(_RECORDS), functions)
            return str(frame.sql(dialect="duckdb", optimize=False))
        finally:
            session.stop()


def _query(
    query: str, files: Sequence[Path], days: Mapping[str, date], config: dict[str, Any]
) -> pl.DataFrame:
    constants = [duckdb.ConstantExpression(day).alias(name) for name, day in days.items()]
    with (
        tempfile.TemporaryDirectory(prefix="cci-rollup-") as spill,
        duckdb.connect(config={**config, "temp_directory": spill}) as db,
    ):
        records = db.read_parquet([str(file) for file in files])
        records.select(duckdb.StarExpression(), *constants).create_view(_RECORDS)
        made: pl.DataFrame = db.sql(query).pl()
        return made


@dataclass(frozen=True)
class SparkEngine:
    """Spark, in this process or on a cluster.

    `master` is Spark's address of it. The session is this process's; one that is already there is used,
    and none is stopped, since starting one takes some twenty seconds.
    """

    master: str = "local[*]"

    def run(
        self, plan: Plan, columns: Columns, files: Sequence[Path], days: Mapping[str, date]
    ) -> pl.DataFrame:
        """What the plan makes of the files, all at once; Spark divides them among its workers.

        Raises:
            EngineError: PySpark or a Java runtime is not installed.
        """
        try:
            from pyspark.sql import SparkSession, functions
        except ImportError as error:
            raise EngineError(
                f"{ENGINE}=spark needs PySpark: pip install -r requirements-spark.lock"
            ) from error
        if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
            raise EngineError(
                f"{ENGINE}=spark needs a Java runtime, 17 or later: install one (Debian: "
                "openjdk-17-jre-headless), or set JAVA_HOME"
            )
        session = SparkSession.builder.master(self.master).appName("cci-rollup").getOrCreate()
        # Without a scheme, Spark would look in the file system that the cluster has as its default.
        paths = [f"file://{file.absolute()}" for file in files]
        constants = [functions.lit(day).alias(name) for name, day in days.items()]
        records = session.read.parquet(*paths).select(*columns, *constants)
        return pl.DataFrame(plan(records, functions).toArrow())


ENGINE = "CCI_ROLLUP_ENGINE"
MASTER = "CCI_SPARK_MASTER"


def chosen(environment: Mapping[str, str] = os.environ) -> Engine:
    """The engine that the environment names. Raises EngineError where there is none of that name."""
    name = environment.get(ENGINE) or "duckdb"
    if name == "duckdb":
        return DuckDBEngine()
    if name == "spark":
        return SparkEngine(environment.get(MASTER) or SparkEngine.master)
    raise EngineError(f"{ENGINE} is {name!r}; expected duckdb or spark")
