"""Months as text."""

from collections.abc import Iterable
from datetime import datetime

from scrapers.declaration import CLOCK


def shift(period: str, months: int) -> str:
    """The month so many months later (or earlier, if negative)."""
    year, month = map(int, period.split("-"))
    years, index = divmod(year * 12 + month - 1 + months, 12)
    return f"{years:04d}-{index + 1:02d}"


def between(first: str, last: str) -> list[str]:
    """All months from the first to the last, both included."""
    periods = []
    while first <= last:
        periods.append(first)
        first = shift(first, 1)
    return periods


def batched(periods: list[str], size: int) -> list[list[str]]:
    """The months in runs of at most so many."""
    return [periods[start : start + size] for start in range(0, len(periods), size)]


def successive(periods: Iterable[str]) -> list[list[str]]:
    """The months, in order, in runs without a gap."""
    runs: list[list[str]] = []
    for period in sorted(periods):
        if runs and shift(runs[-1][-1], 1) == period:
            runs[-1].append(period)
        else:
            runs.append([period])
    return runs


def this_month() -> str:
    """The month that it is in Shanghai; used to refuse the future, never written anywhere."""
    return datetime.now(tz=CLOCK).strftime("%Y-%m")
