"""The watched sites: one line each of a CSV."""

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scrapers.declaration import SOURCES, DeclarationError
from scrapers.monitor.shapes import SITE_KINDS, Site

SITES: Final = SOURCES / "monitoring" / "sites.csv"
_COLUMNS: Final = ["site_id", "name", "kind", "city_code", "official", "host", "family"]
_ID = re.compile(r"[a-z0-9_]+")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?")
_CITY = re.compile(r"[1-9]\d{5}")


@dataclass(frozen=True)
class Watched:
    """A site, and the name of the family that it is of."""

    site: Site
    family: str


def watched(families: Collection[str], path: Path = SITES) -> tuple[Watched, ...]:
    """The sites of a list.

    Args:
        families: names of those that are declared.
        path: CSV with the columns site_id, name, kind, city_code, official (1 or 0), host, family.

    Raises:
        DeclarationError: a line is not as it should be; the message names it.
    """
    found: dict[str, Watched] = {}
    hosts: set[str] = set()
    with path.open(encoding="utf-8", newline="") as text:
        lines = csv.reader(text, strict=True)
        if next(lines, []) != _COLUMNS:
            raise DeclarationError(f"{path.name}: expected the columns {', '.join(_COLUMNS)}")
        for line in lines:
            where = f"{path.name}: line {lines.line_num}"
            one = _site(line, where)
            if one.family not in families:
                raise DeclarationError(f"{where}: there is no family {one.family!r}")
            if one.site.site_id in found or one.site.host in hosts:
                raise DeclarationError(f"{where}: its site_id or host was there before")
            found[one.site.site_id] = one
            hosts.add(one.site.host)
    return tuple(found.values())


def _site(line: list[str], where: str) -> Watched:
    if len(line) != len(_COLUMNS):
        raise DeclarationError(f"{where}: it has {len(line)} fields, expected {len(_COLUMNS)}")
    site_id, name, kind, city_code, official, host, family = line
    for column, fine in (
        ("site_id", _ID.fullmatch(site_id)),
        ("name", name.strip() == name != ""),
        ("kind", kind in SITE_KINDS),
        ("city_code", not city_code or _CITY.fullmatch(city_code)),
        ("official", official in ("0", "1")),
        ("host", _HOST.fullmatch(host)),
    ):
        if not fine:
            raise DeclarationError(f"{where}: {column} is not as it should be")
    return Watched(Site(site_id, name, kind, city_code or None, official == "1", host), family)
