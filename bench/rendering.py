"""Scorecards per second on one core, against writing the same bytes."""

import json
import sys
import tempfile
import time
from pathlib import Path

from indicators.registry import cities_of
from pipelines import pages
from pipelines.steps import facts
from tests.templates.invented import publish_invented


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    of = cities_of(facts.registry(), "2019-06")
    with tempfile.TemporaryDirectory() as folder:
        publication = publish_invented(Path(folder) / "published", of=of)
        out = Path(folder) / "out"
        begun = time.perf_counter()
        pages.render_publication(publication, out, workers=1)
        spent = time.perf_counter() - begun
        files = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        begun = time.perf_counter()
        for path, content in files.items():
            path.write_bytes(content)
        base = time.perf_counter() - begun
    cards = [p for p in files if p.parent.name == "city" and p.suffix == ".html"]
    largest = max(len(files[path]) for path in cards) / 1000
    wrote = f"write {len(files)} files {base:.2f} s"
    rows = [
        ("pages and exports, 1 core", f"{spent:.1f} s", wrote, f"{spent / base:.0f}", ""),
        ("scorecards/s/core, with exports", f"{len(cards) / spent:.0f}", "", "", "100"),
        ("largest scorecard", f"{largest:.0f} kB", "", "", "150 kB"),
    ]
    sys.stdout.write(json.dumps(rows) + "\n")


if __name__ == "__main__":
    main()
