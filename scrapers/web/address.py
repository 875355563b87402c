"""One address for each page, however many a site gives it.

Session ids, campaigns, fragments and the order of parameters make no other page. A page of a site is
known by its path and the parameters that its family says count.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from scrapers.web.family import Family

LONGEST: Final = 500
"""Characters of an address; what is longer is a trap."""
_UNSAFE = re.compile(r"[^A-Za-z0-9/._~!$&'()*+,=:@%-]")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_DOTS = re.compile(r"/\.{1,2}(?:/|$)")


def path_of(link: str, page: str, host: str, family: Family) -> str | None:
    """Path and query of a link, as the site is asked for it and as it is remembered.

    Args:
        link: as a page has it.
        page: URL of the page that it is on.
        host: of the site.
        family: of the site.

    Returns:
        None where the link leads to another host, to no page, or is endless.
    """
    try:
        parts = urlsplit(urljoin(page, link.strip()))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.username is not None:
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    netloc = (parts.hostname or "") + (f":{port}" if port not in (None, usual) else "")
    if netloc != host:
        return None
    path = "/".join(segment.partition(";")[0] for segment in (parts.path or "/").split("/"))
    path = _UNSAFE.sub(lambda found: quote(found[0]), path)
    path = _ESCAPE.sub(_plain, path)
    if _DOTS.search(path):
        return None
    if told := sorted(_told(parts.query, family)):
        path += "?" + urlencode(told, encoding="latin-1")
    return path if len(path) <= LONGEST else None


def _told(query: str, family: Family) -> Iterator[tuple[str, str]]:
    """Parameters that count; percent signs keep whatever encoding they have."""
    for pair in query.split("&") if family.query else ():
        for key, value in parse_qsl(pair, keep_blank_values=True, encoding="latin-1"):
            if key in family.query:
                yield key, value


def _plain(escape: re.Match[str]) -> str:
    """An escape in its one form: none where the character needs none."""
    return quote(unquote(escape[0], "latin-1"), safe="", encoding="latin-1")


def url_of(path: str, host: str, family: Family) -> str:
    """The URL of a path of a site."""
    return f"{family.scheme}://{host}{path}"
