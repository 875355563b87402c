"""Loading CSV extracts of 10 million records with all checks, against DuckDB's bare read of them."""

import json
import sys
import tempfile
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from bench.alone import alone
from sandbox.services import enterprises
from scrapers.formats.extracts import take
from scrapers.reading import Ask
from scrapers.record_kinds import LISTS

RECORDS = 10_000_000
AT_ONCE = 500_000
PERIOD = "2019-06"
CITIES = [f"3301{n:02}" for n in range(11)]


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("lists", "entities"):
            file = Path(folder) / f"{kind}-330000-{PERIOD}.csv"
            _make(file, kind)
            bare, _ = alone(partial(_bare, file))
            ours, memory = alone(partial(_take, file))
            read = f"DuckDB's bare read {bare:.2f} s"
            name = f"load {RECORDS / 1e6:.0f} million records of {kind}"
            rows += [
                (name, f"{ours:.2f} s", read, f"{ours / bare:.2f}", "2"),
                ("memory of that", f"{memory:.2f} GB", "", "", "6 GB"),
            ]
            file.unlink()
    sys.stdout.write(json.dumps(rows) + "\n")


def _make(file: Path, kind: str) -> None:
    """Three tenths of the records are over; all dates are within seven and a half years."""
    random = np.random.default_rng(2019)
    days = pl.date_range(pl.date(2012, 1, 1), pl.date(2019, 6, 30), eager=True).cast(pl.String)
    with file.open("wb") as output:
        for begin in range(0, RECORDS, AT_ONCE):
            numbers = np.arange(begin, begin + AT_ONCE)
            city = random.integers(0, len(CITIES), AT_ONCE)
            begun = random.integers(0, len(days), AT_ONCE)
            over = np.minimum(begun + random.integers(0, 700, AT_ONCE), len(days) - 1)
            ended = pl.Series(random.random(AT_ONCE) < 0.3)
            never = pl.Series([None], dtype=pl.String).new_from_index(0, AT_ONCE)
            span = (days.gather(begun), days.gather(over).zip_with(ended, never))
            about = {
                "code": enterprises.codes(CITIES, city, numbers, 2019),
                "city_code": pl.Series(CITIES).gather(city),
            }
            columns = (
                {"registered": span[0], "cancelled": span[1]}
                if kind == "entities"
                else {
                    "list": pl.Series(LISTS).gather(random.integers(0, 3, AT_ONCE)),
                    "listed": span[0],
                    "delisted": span[1],
                    "violations": random.integers(0, 9, AT_ONCE),
                }
            )
            pl.DataFrame(about | columns).write_csv(output, include_header=not begin)


def _bare(file: Path) -> None:
    with duckdb.connect() as db:
        db.execute("SET enable_progress_bar = false")
        db.execute(f"CREATE TABLE records AS SELECT * FROM read_csv('{file}')")  # noqa: S608


def _take(file: Path) -> None:
    cities = pl.DataFrame({"city_code": CITIES, "province_code": ["330000"] * len(CITIES)})
    reading = take(file, file.name, Ask("ncisp", "ncisp", PERIOD, cities, {}))
    assert reading.kept.height == RECORDS
    assert reading.refused.is_empty()


if __name__ == "__main__":
    main()
