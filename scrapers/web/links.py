"""What a list names: articles and the days printed beside them, and further lists."""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final
from urllib.parse import urljoin

from lxml import etree

from scrapers.monitor.markup import decode, tree
from scrapers.web.address import path_of, url_of
from scrapers.web.family import Family, Listing

MOST: Final = 20_000
"""Links that are taken of one page."""


class Unreadable(ValueError):  # noqa: N818 - the word of the field
    """A page is not what its kind says. The message holds nothing of it."""


@dataclass(frozen=True)
class Found:
    """What is on a page of a listing.

    Attributes:
        articles: paths, each with the day printed beside it, ISO, or None.
        lists: paths of further lists, each with a stamp that changes when the list does, or "".
        next: path of the page that follows, or None.
    """

    articles: tuple[tuple[str, str | None], ...]
    lists: tuple[tuple[str, str], ...] = ()
    next: str | None = None


@dataclass(frozen=True)
class Place:
    """Which page of which listing it is: its path, that where the listing began, its number from 1."""

    host: str
    path: str
    start: str
    number: int


def read_list(
    content: bytes, declared: str | None, listing: Listing, family: Family, at: Place, most: int
) -> Found:
    """What a page of a listing names.

    Args:
        content: as it came.
        declared: the charset that the server named.
        listing: of the family, as declared.
        family: of the site.
        at: which page it is.
        most: bytes that a packed site map may have when unpacked.

    Raises:
        Unreadable: it is no list of that kind.
    """
    reader = _Reader(family, listing, at)
    if listing.kind in ("sitemap", "feed"):
        return reader.xml(_unpacked(content, most))
    text = decode(content, declared)
    return reader.json(text) if listing.kind == "json" else reader.html(text)


class _Reader:
    def __init__(self, family: Family, listing: Listing, at: Place) -> None:
        self._family, self._listing, self._at = family, listing, at
        self._url = url_of(at.path, at.host, family)
        self._article = re.compile(family.article)
        self._date = re.compile(listing.date) if listing.date else None

    def html(self, text: str) -> Found:
        page = tree(text)
        articles: dict[str, str | None] = {}
        lists: dict[str, str] = {}
        for row in islice(page.css(self._listing.row), MOST):
            link = row.css_first("a[href]")
            path = self._path(link.attributes.get("href") or "") if link else None
            if path is None:
                continue
            if self._article.fullmatch(path):
                articles.setdefault(path, self._day(f"{row.text()} {path}"))
            elif self._listing.lists and re.fullmatch(self._listing.lists, path):
                lists.setdefault(path, "")
        following = None
        if self._listing.next:
            for link in page.css("a[href]"):
                if re.search(self._listing.next, link.text()):
                    following = self._path(link.attributes.get("href") or "")
                    break
        elif self._listing.pages and articles:
            pages = re.search(self._listing.pages, text)
            following = self._numbered(int(pages[1]) if pages else 0)
        return Found(tuple(articles.items()), tuple(lists.items()), following)

    def json(self, text: str) -> Found:
        try:
            items = _at(json.loads(text), self._listing.items)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Unreadable("no such JSON") from error
        if not isinstance(items, list):
            raise Unreadable("no list where one should be")
        articles = {}
        for item in islice(items, MOST):
            link = item.get(self._listing.address) if isinstance(item, dict) else None
            path = self._path(link) if isinstance(link, str) else None
            if path and self._article.fullmatch(path):
                articles[path] = _iso(item.get(self._listing.dated))
        return Found(tuple(articles.items()), next=self._numbered(None) if items else None)

    def xml(self, content: bytes) -> Found:
        # No entities, no network, nothing larger or deeper than libxml2 allows by itself.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(content, parser) if content.strip() else None
        if root is None:
            raise Unreadable("no XML")
        articles: dict[str, str | None] = {}
        lists: dict[str, str] = {}
        for entry in islice(root.iter("{*}url", "{*}sitemap", "{*}item", "{*}entry"), MOST):
            kind = etree.QName(entry).localname
            path = self._path(_link(entry))
            if path is None:
                continue
            if kind == "sitemap":
                lists.setdefault(path, (entry.findtext("{*}lastmod") or "").strip())
            elif self._article.fullmatch(path):
                articles.setdefault(path, None)
        return Found(tuple(articles.items()), tuple(lists.items()))

    def _path(self, link: str) -> str | None:
        return path_of(link, self._url, self._at.host, self._family) if link else None

    def _numbered(self, pages: int | None) -> str | None:
        """The path of the page that follows, where there is one; of how many is not always known."""
        if pages is not None and self._at.number >= pages:
            return None
        number = self._listing.second + self._at.number - 1
        start = url_of(self._at.start, self._at.host, self._family)
        link = urljoin(start, self._listing.page.replace("{number}", str(number)))
        return self._path(link)

    def _day(self, text: str) -> str | None:
        found = self._date.search(text) if self._date else None
        if found is None:
            return None
        return _iso("-".join(found[part].zfill(2) for part in ("year", "month", "day")))


def _link(entry: Any) -> str:
    """The address in an entry of a site map (`loc`), of RSS or of Atom (`link`)."""
    for text in (entry.findtext("{*}loc"), entry.findtext("{*}link")):
        if text and text.strip():
            return str(text.strip())
    links = entry.findall("{*}link[@href]")
    main = [link for link in links if link.get("rel", "alternate") == "alternate"]
    return str(main[0].get("href")) if main else ""


def _at(content: Any, path: str) -> Any:
    for name in path.split("."):
        content = content[name]
    return content


def _iso(text: object) -> str | None:
    try:
        return date.fromisoformat(str(text)[:10]).isoformat()
    except ValueError:
        return None


def _unpacked(content: bytes, most: int) -> bytes:
    """A site map may be packed."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(content, most)
    except zlib.error as error:
        raise Unreadable("broken packing") from error
    if unpacker.unconsumed_tail:
        raise Unreadable("too large when unpacked")
    return unpacked


def read_counters(
    content: bytes, declared: str | None, family: Family, address: str
) -> Iterator[tuple[str, str | None, float]]:
    """The counters of a family that a page prints: measure, city (None: the site's own), value.

    Args:
        content: as it came.
        declared: the charset that the server named.
        family: as declared.
        address: of the page, as the counters of the family name it.

    Raises:
        Unreadable: one of them is not there, or no number.
    """
    text = decode(content, declared)
    try:
        for counter in family.counter:
            if counter.address != address:
                continue
            if counter.css:
                node = tree(text).css_first(counter.css)
                yield counter.measure, None, _number(node.text() if node else "")
                continue
            told = json.loads(text)
            for item in _at(told, counter.each) if counter.each else [told]:
                city = item["city_code"] if counter.each else None
                if city is not None and not re.fullmatch(r"[1-9]\d{5}", str(city)):
                    raise Unreadable("no city code where one should be")
                value = sum(_number(_at(item, path)) for path in counter.add)
                yield counter.measure, city if city is None else str(city), value
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable("a counter is not as declared") from error


def _number(printed: object) -> float:
    """A count, thousands separated or not.

    Raises:
        ValueError: it is none.
    """
    plain = re.sub(r"[\s,，]", "", str(printed))
    if isinstance(printed, bool) or not re.fullmatch(r"\d{1,15}(\.0*)?", plain):
        raise ValueError
    return float(plain)
