"""`make bench`: run every benchmark in a process of its own and print what it found."""

import json
import subprocess
import sys

from rich.console import Console
from rich.table import Table

BENCHMARKS = (
    "scoring", "backfill", "rendering", "site", "month", "extracts", "rollup", "submissions", "grouping",
    "crawling", "reading", "monitoring",
)  # fmt: skip


def main() -> None:
    """Run the benchmarks named on the command line, or all of them."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("benchmark", "measured", "baseline", "ratio", "limit"):
        table.add_column(column, justify="left" if column == "benchmark" else "right")
    for name in sys.argv[1:] or BENCHMARKS:
        done = subprocess.run(  # noqa: S603 - our own modules, by name
            [sys.executable, "-m", f"bench.{name}"], check=True, stdout=subprocess.PIPE, text=True
        )
        for row in json.loads(done.stdout.splitlines()[-1]):
            table.add_row(*(str(cell) for cell in row))
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
