"""Tables of sites: a CSV with a site a line, whoever wrote it."""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from scrapers.monitor.shapes import SITE_KINDS, Site

COLUMNS: Final = ("site_id", "name", "kind", "city_code", "official", "host")
_CITY: Final = re.compile("[1-9][0-9]{5}")


class LineRefused(ValueError):  # noqa: N818 - it is a refusal, as rows have them
    """A line that cannot be taken: file, line, field and what was expected; nothing of what it says."""


def read(path: Path) -> Iterator[tuple[str, Site, Mapping[str, str]]]:
    """The sites of a table with `COLUMNS` (`official` is 1 or 0), and perhaps others.

    Yields:
        File and line, the site, and what the line says by column.

    Raises:
        LineRefused: a column is missing, or a line is not as it should be.
    """
    known: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            lines = csv.DictReader(text, strict=True)
            if not {*COLUMNS} <= {*(lines.fieldnames or ())}:
                raise LineRefused(f"{path.name}: line 1: expected the columns {', '.join(COLUMNS)}")
            for row in lines:
                where = f"{path.name}: line {lines.line_num}"
                if None in row:
                    raise LineRefused(f"{where}: expected no more fields than columns")
                cells = {name: (row[name] or "").strip() for name in lines.fieldnames or ()}
                site = _site(cells, where)
                if site.site_id in known:
                    raise LineRefused(f"{where}: site_id: expected one that was not there before")
                known.add(site.site_id)
                yield where, site, cells
    except (UnicodeDecodeError, csv.Error) as error:
        raise LineRefused(f"{path.name}: expected CSV in UTF-8 ({type(error).__name__})") from None


def _site(cells: Mapping[str, str], where: str) -> Site:
    site_id, name, kind, city_code, official, host = (cells[column] for column in COLUMNS)
    for column, fine, expected in (
        ("site_id", site_id and site_id.isprintable(), "a name"),
        ("name", name.isprintable(), "text in one line"),
        ("kind", kind in SITE_KINDS, ", ".join(SITE_KINDS)),
        ("city_code", not city_code or _CITY.fullmatch(city_code), "six digits or nothing"),
        ("official", official in ("0", "1"), "0 or 1"),
        ("host", host.isprintable(), "text in one line"),
    ):
        if not fine:
            raise LineRefused(f"{where}: {column}: expected {expected}")
    return Site(site_id, name, kind, city_code or None, official == "1", host)
