"""The watched sites: one line each of a CSV."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scrapers.declaration import SOURCES, DeclarationError
from scrapers.monitor import site_tables
from scrapers.monitor.shapes import Site

SITES: Final = SOURCES / "monitoring" / "sites.csv"
_ID = re.compile(r"[a-z0-9_]+")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?")


@dataclass(frozen=True)
class Watched:
    """A site, and the name of the family that it is of."""

    site: Site
    family: str


def watched(families: Collection[str], path: Path = SITES) -> tuple[Watched, ...]:
    """The sites of a list.

    Args:
        families: names of those that are declared.
        path: a table of sites (`scrapers.monitor.site_tables`) with their `family`; ids are lower-case
            letters, digits and underscores, and no two sites are at one host.

    Raises:
        DeclarationError: a line is not as it should be; the message names it.
    """
    found: list[Watched] = []
    hosts: set[str] = set()
    try:
        for where, site, cells in site_tables.read(path):
            family = cells.get("family", "")
            for column, fine, expected in (
                ("site_id", _ID.fullmatch(site.site_id), "lower-case letters, digits, underscores"),
                ("name", site.name, "a name"),
                ("host", _HOST.fullmatch(site.host), "a host, with its port or without"),
                ("host", site.host not in hosts, "one that was not there before"),
                ("family", family in families, "a declared family"),
            ):
                if not fine:
                    raise DeclarationError(f"{where}: {column}: expected {expected}")
            hosts.add(site.host)
            found.append(Watched(site, family))
    except site_tables.LineRefused as refused:
        raise DeclarationError(str(refused)) from None
    return tuple(found)
