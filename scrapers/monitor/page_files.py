"""Pages that are read without a crawl: a table of sites, and pages a line each."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from scrapers.monitor import site_tables
from scrapers.monitor.shapes import Page, Site
from scrapers.monitor.site_tables import LineRefused

_LONGEST: Final = 2_000
"""Characters of an address."""
_PAGE: Final = ("url", "site_id", "retrieved", "html")


def sites(path: Path) -> dict[str, Site]:
    """The sites of a table (`scrapers.monitor.site_tables`).

    Raises:
        LineRefused: a column is missing, or a line is not as it should be.
    """
    return {site.site_id: site for _, site, _ in site_tables.read(path)}


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
