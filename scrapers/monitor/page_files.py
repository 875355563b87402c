"""Pages that are read without a crawl: a table of sites, and pages a line each."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from scrapers.monitor.shapes import SITE_KINDS, Page, Site

_SITE: Final = ("site_id", "name", "kind", "city_code", "official", "host")
_CITY: Final = re.compile("[1-9][0-9]{5}")
_LONGEST: Final = 2_000
"""Characters of an address."""
_PAGE: Final = ("url", "site_id", "retrieved", "html")


class LineRefused(ValueError):  # noqa: N818 - it is a refusal, as rows have them
    """A line that cannot be taken: file, line, field and what was expected; nothing of what it says."""


def sites(path: Path) -> dict[str, Site]:
    """The sites of a CSV with the columns site_id, name, kind, city_code, official (1 or 0), host.

    Raises:
        LineRefused: a column is missing, or a line is not as it should be.
    """
    found: dict[str, Site] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            lines = csv.DictReader(text, strict=True)
            missing = [name for name in _SITE if name not in (lines.fieldnames or ())]
            if missing:
                raise LineRefused(f"{path.name}: line 1: expected the columns {', '.join(_SITE)}")
            for row in lines:
                where = f"{path.name}: line {lines.line_num}"
                one = _site(row, where)
                if one.site_id in found:
                    raise LineRefused(f"{where}: site_id was there before")
                found[one.site_id] = one
    except (UnicodeDecodeError, csv.Error) as error:
        raise LineRefused(f"{path.name}: expected CSV in UTF-8 ({type(error).__name__})") from None
    return found


def _site(row: Mapping[str, str | None], where: str) -> Site:
    site_id, name, kind, code, official, host = (
        (row.get(column) or "").strip() for column in _SITE
    )
    for field, fine, expected in (
        ("site_id", site_id, "a name"),
        ("kind", kind in SITE_KINDS, ", ".join(SITE_KINDS)),
        ("city_code", not code or _CITY.fullmatch(code), "six digits or nothing"),
        ("official", official in ("0", "1"), "0 or 1"),
    ):
        if not fine:
            raise LineRefused(f"{where}: {field}: expected {expected}")
    return Site(site_id, name, kind, code or None, official == "1", host)


def pages(path: Path, known: Mapping[str, Site]) -> Iterator[Page | LineRefused]:
    """The pages of a file: a JSON object a line, with url, site_id, retrieved and html."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _page(line, known, f"{path.name}: line {number}")


def _page(line: bytes, known: Mapping[str, Site], where: str) -> Page | LineRefused:
    try:
        said: Any = json.loads(line)
    except (ValueError, RecursionError):
        return LineRefused(f"{where}: expected a JSON object")
    if not isinstance(said, dict):
        return LineRefused(f"{where}: expected a JSON object")
    for field in _PAGE:
        if not isinstance(said.get(field), str):
            return LineRefused(f"{where}: {field}: expected text")
    url = said["url"]
    if not (url.startswith(("http://", "https://")) and url.isprintable() and len(url) <= _LONGEST):
        return LineRefused(f"{where}: url: expected http or https, {_LONGEST} characters at most")
    if said["site_id"] not in known:
        return LineRefused(f"{where}: site_id: expected one of the table of sites")
    return Page(url, known[said["site_id"]], said["retrieved"], said["html"])
