"""The commands of `make run`, in processes of their own, against importing Dagster."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CCI = str(Path(sys.executable).with_name("cci"))


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    base = _seconds([sys.executable, "-c", "import dagster"])
    with tempfile.TemporaryDirectory() as folder:
        cci = [CCI, "--data", folder]
        deliver = _seconds([*cci, "sandbox", "--from", "2018-06", "--to", "2019-06"])
        year = _seconds([*cci, "backfill", "--from", "2018-06", "--to", "2019-05"])
        month = _seconds([*cci, "run", "--period", "2019-06"])
        again = _seconds([*cci, "run", "--period", "2019-06"])
    whole = deliver + year + month
    rows = [
        (name, f"{spent:.1f} s", f"import dagster {base:.1f} s", f"{spent / base:.1f}", limit)
        for name, spent, limit in (
            ("a year's backfill of scores", year, "60 s"),
            ("one month with all pages", month, ""),
            ("the same month again, nothing new", again, ""),
            ("make run, set-up apart", whole, "90 s"),
        )
    ]
    sys.stdout.write(json.dumps(rows) + "\n")


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own commands
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
