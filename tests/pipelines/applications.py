"""Invented applications of a few cities, as a file of observations."""

import csv
from collections.abc import Mapping
from pathlib import Path

from indicators import edition
from indicators.measures import catalogue

MONTH = "2019-06"
BEST, GOOD, FAILS, SILENT = "330100", "320100", "330200", "110000"
CITIES = (BEST, GOOD, FAILS, SILENT)
"""Of the provincial class, for which the gate asks no place: three that apply, one of them behind at the
gate, and one of which something is not known."""
EVIDENCE = "浙信用办〔2019〕7号"
FAILED_SHARE = 0.99997
"""What the one that fails reports; rounded it would be the standard."""


def write(path: Path, edition_id: str = "model-2019", *, changed: Mapping[str, float]) -> Path:
    """A CSV with everything that the edition asks of the cities.

    Args:
        path: where to write it.
        edition_id: edition that the awards are under.
        changed: values of `FAILS` that are to be others.
    """
    criteria = edition.load(edition_id)
    measures = dict.fromkeys([*criteria.measures, *criteria.gate_measures])
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("period", "city_code", "measure", "value", "source", "evidence"))
        for nth, code in enumerate(CITIES):
            for measure in measures:
                value = _value(criteria.awards, measure, nth)
                if code == FAILS:
                    value = changed.get(measure, value)
                if code == SILENT and measure in ("credit_reports", "innovation"):
                    continue
                awarded = measure in criteria.awards
                source = "assessor" if awarded else catalogue()[measure].sources[0]
                lines.writerow((MONTH, code, measure, value, source, EVIDENCE if awarded else ""))
    return path


FAILING = {"stock_codes": 100_000, "stock_codes_converted": round(100_000 * FAILED_SHARE)}
"""Changes by which `FAILS` fails."""


def _value(awards: dict[str, float], measure: str, nth: int) -> float:
    if measure in awards:
        return awards[measure] if awards[measure] == 1 else awards[measure] * (1 - nth / 10)
    match catalogue()[measure].unit:
        case "0 or 1" | "share":
            return 1
    # As many as there are; nothing wrong, nobody summoned.
    none = {"code_defects": 0, "summoned_12m": 0, "data_errors": 0, "poor_rated_entities": 0}
    return none.get(measure, 19 if measure == "approvals_substituted" else 1000)
