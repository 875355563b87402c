"""Reading 700 workbooks of cities, against a bare read of the same sheets by fastexcel."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import fastexcel
import polars as pl

from indicators.measures import catalogue
from indicators.registry import cities_of
from pipelines.steps import facts
from sandbox.services import submissions
from sandbox.world import world
from scrapers.formats import workbooks
from scrapers.reading import Ask, AskedMeasure

MONTH, SEED, WORKBOOKS = "2019-06", 2019, 700


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    registry = facts.registry()
    cities = cities_of(registry, MONTH)
    measures = {
        m.id: AskedMeasure(m.id, m.unit, m.zh, m.en, m.maximum, m.whole)
        for m in catalogue().values()
        if "city" in m.sources
    }
    ask = Ask("city", "city", MONTH, cities, measures)
    said = world(registry, [MONTH], SEED).filter(pl.col("measure").is_in(list(measures)))
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        paths = _write(Path(folder), said, cities)
        making = time.perf_counter() - begun
        bare = _seconds(
            paths,
            lambda path: (
                fastexcel.read_excel(path).load_sheet(workbooks.VALUES, header_row=None).to_arrow()
            ),
        )
        reading = _seconds(paths, lambda path: workbooks.take(path, path.name, ask))
    base = f"fastexcel, values only {bare:.1f} s"
    rows = [
        (f"read {len(paths)} workbooks", f"{reading:.1f} s", base, f"{reading / bare:.1f}", "60 s"),
        ("each", f"{1000 * reading / len(paths):.1f} ms", "", "", ""),
        (f"make {len(paths)} workbooks in the sandbox", f"{making:.1f} s", "", "", "5 s"),
    ]
    sys.stdout.write(json.dumps(rows) + "\n")


def _write(folder: Path, said: pl.DataFrame, cities: pl.DataFrame) -> list[Path]:
    """As many workbooks; some cities send theirs twice, since there are fewer of them."""
    documents = submissions.documents("city", MONTH, said, cities, SEED)
    again = submissions.documents("city", MONTH, said, cities, SEED, "-again")
    paths = []
    for document in (documents + again)[:WORKBOOKS]:
        paths.append(folder / document.name)
        paths[-1].write_bytes(document.content())
    return paths


def _seconds(paths: list[Path], read: Callable[[Path], object]) -> float:
    begun = time.perf_counter()
    for path in paths:
        read(path)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
