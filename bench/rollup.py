"""Rolling 50 million records of lists up, against the same query by hand in DuckDB's SQL."""

import json
import math
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import duckdb
import polars as pl

from bench.alone import alone
from scrapers.engines import DuckDBEngine
from scrapers.record_kinds import RECORD_KINDS
from scrapers.rollup import Extract, roll_up

RECORDS = 50_000_000
PROVINCES = [f"{11 + n}0000" for n in range(31)]
CITIES_EACH = 23  # 713 in all
# What the national platform had reached when the index was made.
ENTERPRISES = 180_000_000
PLATFORM = 80_700_000_000
NIGHT = 8.0  # hours

# Three entries to five of a province's entities, in three and a half years, three tenths of them ended.
_MAKE = """
    SELECT getvariable('province') AS file, getvariable('province') AS province_code, 'lists' AS kind,
        i + 2 AS "row", city AS city_code,
        '91' || city || 'MA' || lpad(entity::VARCHAR, 8, '0') AS code,
        ['black', 'focused_watch', 'red'][(1 + h % 3)::BIGINT] AS list,
        DATE '2016-01-01' + (h // 3 % 1280)::INT AS listed,
        CASE WHEN h // 4096 % 10 < 3 THEN listed + (h // 65536 % 700)::INT END AS delisted,
        (h // 1048576 % 9)::BIGINT AS violations
    FROM (
        SELECT range AS i, hash(range, 1) AS h,
            (hash(range, 2) % (getvariable('records') * 3 // 5))::BIGINT AS entity,
            (getvariable('province')::BIGINT + entity % getvariable('cities'))::VARCHAR AS city
        FROM range(getvariable('records'))
    )
"""
_BY_HAND = """
    SELECT file, city_code,
        count(*) FILTER (entities > 0) AS listed_entities, sum(entities) AS entity_records,
        count(*) FILTER (added > 0) AS listed_added, sum(added) AS added_records,
        count(*) FILTER (removed > 0) AS listed_removed, sum(removed) AS removed_records,
        sum(violations) AS listed_violations,
        count(*) FILTER (red > 0) AS redlisted_entities, sum(red) AS red_records
    FROM (
        SELECT file, city_code, code,
            count(*) FILTER (against AND alive) AS entities,
            count(*) FILTER (against AND begun) AS added,
            count(*) FILTER (against AND ended) AS removed,
            sum(violations) FILTER (against AND alive) AS violations,
            count(*) FILTER (list = 'red' AND alive) AS red
        FROM (
            SELECT file, city_code, code, list, violations,
                list IN ('black', 'focused_watch') AS against,
                listed <= DATE '2019-06-30'
                    AND (delisted IS NULL OR delisted > DATE '2019-06-30') AS alive,
                listed BETWEEN DATE '2019-06-01' AND DATE '2019-06-30' AS begun,
                delisted BETWEEN DATE '2019-06-01' AND DATE '2019-06-30' AS ended
            FROM records
        )
        WHERE (against AND (alive OR begun OR ended)) OR (list = 'red' AND alive)
        GROUP BY ALL
    )
    GROUP BY ALL
"""


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        whole, half = Path(folder) / "whole", Path(folder) / "half"
        alone(partial(_make, whole, RECORDS), times=1)
        alone(partial(_make, half, RECORDS // 2), times=1)
        alone(partial(_agree, half), times=1)
        at_once, _ = alone(partial(_by_hand, whole), times=2)
        by_file, _ = alone(partial(_by_hand_by_file, whole), times=2)
        ours, memory = alone(partial(_roll_up, whole), times=2)
        ours_half, _ = alone(partial(_roll_up, half), times=2)
    rate = RECORDS / ours
    hours = PLATFORM / rate / 3600
    million = f"{RECORDS / 1e6:.0f} million"
    rows = [
        (
            f"roll {million} records up",
            f"{ours:.1f} s",
            f"by hand, all files at once {at_once:.1f} s",
            f"{ours / at_once:.2f}",
            "1.3",
        ),
        (
            "",
            f"{ours:.1f} s",
            f"by hand, file by file on each core {by_file:.1f} s",
            f"{ours / by_file:.2f}",
            "1.3",
        ),
        (
            "time per record",
            f"{ours / RECORDS * 1e9:.0f} ns",
            f"of half as many {ours_half / (RECORDS // 2) * 1e9:.0f} ns",
            f"{ours / ours_half / 2:.2f}",
            "about 1",
        ),
        (f"memory of rolling {million} up", f"{memory:.2f} GB", "", "", "4 GB"),
        ("records rolled up a second", f"{rate / 1e6:.1f} million", "", "", ""),
        ("180 million enterprises, a record each", f"{ENTERPRISES / rate:.0f} s", "", "", ""),
        ("the platform's 80.7 billion records", f"{hours:.1f} h", "", "", ""),
        (
            f"machines like this for a night of {NIGHT:.0f} h",
            f"{math.ceil(hours / NIGHT)}",
            "",
            "",
            "",
        ),
    ]
    sys.stdout.write(json.dumps(rows) + "\n")


def _make(folder: Path, records: int) -> None:
    """A file for each province."""
    folder.mkdir()

    def make(province: str) -> None:
        with duckdb.connect(config={"threads": 1}) as db:
            values = {
                "province": province,
                "records": records // len(PROVINCES),
                "cities": CITIES_EACH,
            }
            for name, value in values.items():
                db.execute(f"SET VARIABLE {name} = ?", [value])
            db.sql(_MAKE).write_parquet(str(folder / province), compression="zstd")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(make, PROVINCES))


def _roll_up(folder: Path) -> pl.DataFrame:
    extracts = [Extract(folder / code, code, "lists", code) for code in PROVINCES]
    cities = pl.DataFrame(
        [(f"{int(code) + n}", code) for code in PROVINCES for n in range(CITIES_EACH)],
        schema=["city_code", "province_code"],
        orient="row",
    )
    return roll_up(extracts, "2019-06", cities, DuckDBEngine())


def _by_hand(folder: Path) -> pl.DataFrame:
    return _query([folder / code for code in PROVINCES])


def _by_hand_by_file(folder: Path) -> pl.DataFrame:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return pl.concat(pool.map(lambda code: _query([folder / code], threads=1), PROVINCES))


def _query(files: list[Path], threads: int | None = None) -> pl.DataFrame:
    with duckdb.connect(config={"threads": threads} if threads else {}) as db:
        db.read_parquet([str(file) for file in files]).create_view("records")
        made: pl.DataFrame = db.sql(_BY_HAND).pl()
        return made


def _agree(folder: Path) -> None:
    """Both ways give the same numbers."""
    by_hand = _by_hand(folder)
    values = by_hand.unpivot(
        RECORD_KINDS["lists"].measures, index=["file", "city_code"], variable_name="measure"
    ).with_columns(pl.col("value").cast(pl.Float64))
    assert _roll_up(folder).drop("records").equals(values.sort("file", "city_code", "measure"))


if __name__ == "__main__":
    main()
