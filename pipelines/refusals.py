"""Refusals as lines that a person can act on, in Chinese and English."""

import re

import polars as pl

from scrapers.reading import REFUSED
from templates.catalogue import text


def lines(file: str, refused: pl.DataFrame) -> list[str]:
    """One line for each refused field: file, row, field, reason, what was found and expected."""
    return [line(file, **row) for row in refused.select(*REFUSED).iter_rows(named=True)]


def line(file: str, row: int, field: str, reason: str, found: str, expected: str) -> str:
    """`file:row: field: 不是数字 / not a number; found …; expected …`."""
    says = "；".join(_details("zh", reason, found, expected))
    means = "; ".join(_details("en", reason, found, expected))
    where = file
    if row:  # 0 is the whole file
        where += f": {text('refusal.line', 'zh', row=row)} ({text('refusal.line', 'en', row=row)})"
    return ": ".join(part for part in (where, field, f"{says} / {means}") if part)


def _details(lang: str, reason: str, found: str, expected: str) -> list[str]:
    parts = [text(f"refusal.{reason}", lang)]
    if withheld := re.fullmatch(r"\((\d+)\)", found):
        found = text("refusal.characters", lang, count=withheld[1])
    if found:
        parts.append(text("refusal.found", lang, found=found))
    if expected:
        parts.append(text("refusal.expected", lang, expected=expected))
    return parts
