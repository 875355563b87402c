"""Probe logs: whether a city's site answered when it was asked. JSON Lines, one probe a line.

A line is `{"city_code", "site", "at", "answered"}`: the site is the measure's name without `_uptime`,
`at` the day or moment of the probe, answered 1 or 0. Whatever else a line holds is dropped.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

import polars as pl

from scrapers.reading import REFUSED, ROWS, Ask, FileRefused, Reading, harmless

SITES: Final = ("credit_website", "service_platform")
_AT = re.compile(r"(\d{4}-\d{2})-\d{2}(T\d{2}:\d{2})?")
_CODE = re.compile(r"\d{6}")
_LISTED = 1000


def looks_like_one(path: Path) -> bool:
    """Whether the first line of a file is a probe."""
    with path.open("rb") as file:
        probe = _parsed(file.readline(10_000))
    return probe is not None and {"city_code", "site", "answered"} <= set(probe)


def take(path: Path, name: str, ask: Ask) -> Reading:  # noqa: ARG001 - as all readers have it
    """Read a probe log: 1 or 0 for each probe, whose moment is the part of the source that speaks.

    Raises:
        FileRefused: it is no probe log.
    """
    if not looks_like_one(path):
        raise FileRefused("not_a_probe_log", '{"city_code", "site", "at", "answered"}')
    kept: list[tuple[Any, ...]] = []
    refused: list[tuple[int, str, str, str, str]] = []
    with path.open("rb") as file:
        for row, line in enumerate(file, start=1):
            probe = _parsed(line)
            if probe is None:
                refused.append((row, "", "not_a_probe", "", '{"city_code", …}'))
            elif problem := _problem(probe, ask.period):
                refused.append((row, *problem))
            else:
                said = (probe["city_code"], f"{probe['site']}_uptime", str(probe["answered"]))
                kept.append((ask.period, *said, ask.kind, probe["at"], "", row, None))
    return Reading(
        pl.DataFrame(kept, schema=ROWS, orient="row"),
        pl.DataFrame(refused[:_LISTED], schema=REFUSED, orient="row"),
        more_refused=max(0, len(refused) - _LISTED),
    )


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        probe = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return probe if isinstance(probe, dict) else None


def _problem(probe: dict[str, Any], period: str) -> tuple[str, str, str, str] | None:
    """What is wrong with a probe: field, reason, found, expected."""
    code, site, at = (str(probe.get(name, "")) for name in ("city_code", "site", "at"))
    answered = probe.get("answered")
    if not _CODE.fullmatch(code):
        return "city_code", "city_malformed", harmless(code), "NNNNNN"
    if site not in SITES:
        return "site", "site_unknown", harmless(site), ", ".join(SITES)
    told = _AT.fullmatch(at)
    if told is None or told[1] != period:
        return "at", "period_unknown", harmless(at), period
    if type(answered) is not int or answered not in (0, 1):
        return "answered", "not_a_flag", harmless(str(answered)), "0, 1"
    return None
