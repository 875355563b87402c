"""Scoring 700 cities × 61 leaves × 120 months, against reading and grouping the same observations."""

import json
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from bench.alone import alone
from indicators import edition
from indicators.score import score
from pipelines.periods import batched, between

CODES = [f"{100000 + n}" for n in range(700)]
CLASSES = ["provincial"] * 36 + ["prefecture"] * 261 + ["county"] * 403
MONTHS = between("2016-01", "2025-12")


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "observations.parquet"
        alone(partial(_make, file))
        base, _ = alone(partial(_group, file))
        long, memory = alone(partial(_score, file, MONTHS))
        half, _ = alone(partial(_score, file, MONTHS[:60]))
    grouped = f"read and group {base:.2f} s"
    rows = [
        ("score 700 × 61 × 120", f"{long:.2f} s", grouped, f"{long / base:.2f}", "3"),
        ("120 months", f"{long:.2f} s", f"60 months {half:.2f} s", f"{long / half:.2f}", "about 2"),
        ("memory of scoring 120 months", f"{memory:.2f} GB", "", "", "2 GB"),
    ]
    sys.stdout.write(json.dumps(rows) + "\n")


def _make(file: Path) -> None:
    """Observations of every measure, in random whole numbers, by month."""
    measures = edition.load("cci-2019").measures
    keys = (
        pl.DataFrame({"period": MONTHS})
        .join(pl.DataFrame({"city_code": CODES}), how="cross")
        .join(pl.DataFrame({"measure": measures}), how="cross")
    )
    values = np.random.default_rng(2019).integers(0, 1000, len(keys)).astype(float)
    keys.with_columns(value=pl.Series(values)).write_parquet(
        file, row_group_size=len(keys) // len(MONTHS)
    )


def _group(file: Path) -> None:
    grouped = pl.scan_parquet(file).group_by("period", "city_code", "measure")
    grouped.agg(pl.col("value").sum()).collect()


def _score(file: Path, months: list[str]) -> None:
    """All levels and ranks, two years at a time; bounds and ranks are a month's own."""
    criteria = edition.load("cci-2019")
    for some in batched(months, 24):
        in_year = pl.col("period").is_between(pl.lit(some[0]), pl.lit(some[-1]))
        cities = pl.DataFrame({"period": some}).join(
            pl.DataFrame({"city_code": CODES, "city_class": CLASSES}), how="cross"
        )
        score(criteria, pl.scan_parquet(file).filter(in_year).collect(), cities)


if __name__ == "__main__":
    main()
