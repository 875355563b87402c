"""Probe logs: whether a city's site answered when it was asked. JSON Lines, one probe a line.

A line is `{"city_code", "site", "at", "answered"}`: the site is the measure's name without `_uptime`,
`at` the day or moment of the probe (`YYYY-MM-DD` or `YYYY-MM-DDThh:mm`), answered 1 or 0. Whatever else a
line holds is dropped.
"""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from scrapers.reading import REFUSED, ROWS, Ask, FileRefused, Reading, harmless

SITES: Final = ("credit_website", "service_platform")
_AT = re.compile(r"([0-9]{4}-[0-9]{2})-[0-9]{2}(T[0-9]{2}:[0-9]{2})?")
_CODE = re.compile(r"[0-9]{6}")
_LISTED = 1000
"""Refusals that are listed one by one."""
_LARGEST: Final = 1 << 26
"""Bytes; all sites are probed several times a day in a tenth of it."""
_LONGEST: Final = 10_000
"""Bytes of a line; a probe has a hundred."""


def looks_like_one(path: Path) -> bool:
    """Whether a file is of JSON Lines, as no other file of a source of measures is."""
    with path.open("rb") as file:
        return _parsed(file.readline(_LONGEST + 1)) is not None


def take(path: Path, name: str, ask: Ask) -> Reading:  # noqa: ARG001 - as all readers have it
    """Read a probe log: 1 or 0 for each probe, whose moment is the part of the source that speaks.

    Raises:
        FileRefused: it is no probe log, or larger than any.
    """
    if not looks_like_one(path):
        raise FileRefused("not_a_probe_log", '{"city_code", "site", "at", "answered"}')
    if path.stat().st_size > _LARGEST:
        raise FileRefused("too_large", f"≤ {_LARGEST} B")
    kept: list[tuple[Any, ...]] = []
    refused: list[tuple[int, str, str, str, str]] = []
    more_refused = 0
    with path.open("rb") as file:
        for row, line in enumerate(file, start=1):
            probe = _parsed(line)
            if problem := _problem(probe, ask.period):
                if len(refused) < _LISTED:
                    refused.append((row, *problem))
                else:
                    more_refused += 1
            elif probe:
                said = (probe["city_code"], f"{probe['site']}_uptime", str(probe["answered"]))
                kept.append((ask.period, *said, ask.kind, probe["at"], "", row, None))
    return Reading(
        pl.DataFrame(kept, schema=ROWS, orient="row"),
        pl.DataFrame(refused, schema=REFUSED, orient="row"),
        more_refused=more_refused,
    )


def _parsed(line: bytes) -> dict[str, Any] | None:
    if len(line) > _LONGEST:
        return None
    try:
        probe = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return probe if isinstance(probe, dict) else None


def _problem(probe: dict[str, Any] | None, period: str) -> tuple[str, str, str, str] | None:
    """What is wrong with a probe: field, reason, found, expected."""
    if probe is None:
        return "", "not_a_probe", "", '{"city_code", …}'
    code, site, at, answered = map(probe.get, ("city_code", "site", "at", "answered"))
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        return "city_code", "city_malformed", _shown(code), "NNNNNN"
    if not isinstance(site, str) or site not in SITES:
        return "site", "site_unknown", _shown(site), ", ".join(SITES)
    if not isinstance(at, str) or _month(at) != period:
        return "at", "period_unknown", _shown(at), period
    if type(answered) is not int or answered not in (0, 1):
        return "answered", "not_a_flag", _shown(answered), "0, 1"
    return None


def _month(at: str) -> str:
    """The month of a day or moment; empty where there is none such."""
    told = _AT.fullmatch(at)
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return ""
    return told[1] if told else ""


def _shown(value: object) -> str:
    return "" if value is None else harmless(str(value))
