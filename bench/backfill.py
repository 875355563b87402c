"""Ten years of months × five editions × all cities, backfilled from stored observations.

The baseline is what cannot be saved: the same partitions read, scored and written by plain calls in one
process, an edition and a month at a time. Everything else is bookkeeping: starting the command, Dagster,
the plan, what each partition was made from, the checks, the summary.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from bench.alone import alone
from indicators import edition
from indicators.measures import catalogue
from indicators.registry import cities_of
from indicators.score import score
from pipelines.periods import between
from pipelines.steps import facts, observing, scoring
from pipelines.workspace import Workspace

CCI = str(Path(sys.executable).with_name("cci"))
EDITIONS = ("cci-2019", "model-2016", "model-2017", "model-2019", "model-2021")
MONTHS = between("2016-01", "2025-12")


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "data")
        _observe(workspace)
        plain, _ = alone(_Plain(workspace.root, Path(folder) / "plain"), times=1)
        whole = _seconds(_backfill(workspace, MONTHS[0], MONTHS[-1]))
        one = _seconds(_backfill(workspace, MONTHS[-1], MONTHS[-1]))
        again = _seconds(_backfill(workspace, MONTHS[0], MONTHS[-1]))
        same = _same(workspace.root, Path(folder) / "plain")
    assert same, "the backfill wrote other bytes than plain calls"
    skip = (again - one) / (len(MONTHS) - 1) * 1000
    base = f"score and write {plain:.1f} s"
    rows = [
        (
            "backfill 120 months × 5 editions",
            f"{whole:.1f} s",
            base,
            f"{whole / plain:.2f}",
            "1.25",
        ),
        ("the same, in all", f"{whole:.1f} s", "", "", "300 s"),
        ("skip a month of 5 editions", f"{skip:.1f} ms", "", "", "50 ms"),
    ]
    sys.stdout.write(json.dumps(rows) + "\n")


def _observe(workspace: Workspace) -> None:
    """Observations of every measure and every city of each month, in random whole numbers."""
    random = np.random.default_rng(2019)
    registry = facts.write_registry(workspace)
    asked = pl.DataFrame(
        [
            ("", m)
            for m in dict.fromkeys(m for i in EDITIONS for m in edition.load(i).measures)
            if catalogue()[m].kind != "award"
        ]
        + [(i, m) for i in EDITIONS for m in edition.load(i).awards],
        schema=["awarded_under", "measure"],
        orient="row",
    )
    most = {(i, m): points for i in EDITIONS for m, points in edition.load(i).awards.items()}
    largest = [most.get(key, catalogue()[key[1]].maximum or 1000.0) for key in asked.iter_rows()]
    asked = asked.with_columns(largest=pl.Series(largest, dtype=pl.Float64))
    for period in MONTHS:
        rows = cities_of(registry, period).select("city_code").join(asked, how="cross")
        share = pl.Series(random.integers(0, 1001, len(rows)) / 1000)
        whole = rows.with_columns(
            value=pl.when(pl.col("largest") > 1)
            .then((share * pl.col("largest")).round())
            .otherwise(share * pl.col("largest")),
            period=pl.lit(period),
            source=pl.lit("city"),
            source_id=pl.lit("city"),
            records=pl.lit(1, pl.Int64),
            left_out=pl.lit(0, pl.Int64),
            sha256=pl.lit("0" * 64),
            name=pl.lit("invented.csv"),
            place=pl.lit(""),
            delivered_at=pl.lit(f"{period}-28T00:00:00+08:00"),
            discrepancy=pl.lit(False),
            corrected=pl.lit(False),
            late=pl.lit(False),
            simulated=pl.lit(True),
        )
        columns = workspace.store.columns(observing.OBSERVATIONS)
        nothing = [pl.lit(None).alias(name) for name in columns if name not in whole.columns]
        frame = whole.with_columns(nothing).select(columns)
        workspace.store.write(observing.OBSERVATIONS, frame, period=period)
        observing.is_observed(workspace, period)


class _Plain:
    """Read, score and write every partition by plain calls."""

    def __init__(self, root: Path, out: Path) -> None:
        self.root, self.out = root, out

    def __call__(self) -> None:
        workspace, out = Workspace(self.root), Workspace(self.out).store
        for edition_id in EDITIONS:
            criteria = edition.load(edition_id)
            for period in MONTHS:
                observations = workspace.store.read(observing.OBSERVATIONS, period=period)
                scores = score(
                    criteria,
                    observing.of_edition(observations, edition_id),
                    scoring.cities_of_month(workspace, period),
                )
                for name, table in scoring.TABLES.items():
                    out.write(table, getattr(scores, name), edition=edition_id, period=period)


def _same(root: Path, out: Path) -> bool:
    """Whether the backfill wrote the bytes of the plain calls."""
    files = sorted((out / "tables").rglob("*.parquet"))
    return bool(files) and all(
        file.read_bytes() == (root / file.relative_to(out)).read_bytes() for file in files
    )


def _backfill(workspace: Workspace, first: str, last: str) -> list[str]:
    named = [word for edition_id in EDITIONS for word in ("--edition", edition_id)]
    data = ["--data", str(workspace.root)]
    return [CCI, *data, "backfill", *named, "--from", first, "--to", last]


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
