"""A family of sites: what sites of one layout have in common, declared in one file of TOML.

How their lists, articles and counters are found, how politely and within which bounds they are asked,
and what a crawl must bring so that it counts as good.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args

from scrapers.declaration import SOURCES, DeclarationError

FAMILIES: Final = SOURCES / "monitoring" / "families"
Kind = Literal["numbered", "next", "lists", "json", "sitemap", "feed"]
_NEEDS: Final[Mapping[str, frozenset[str]]] = {
    "numbered": frozenset({"row", "page", "pages"}),
    "next": frozenset({"row", "next"}),
    "lists": frozenset({"row", "lists"}),
    "json": frozenset({"items", "address", "page"}),
    "sitemap": frozenset(),
    "feed": frozenset(),
}
"""Fields that a listing of each kind must have."""
_PATTERNS: Final = ("date", "pages", "next", "lists")
_MEASURE: Final = re.compile(r"[a-z0-9_]+")
_Declared = TypeVar("_Declared")


@dataclass(frozen=True)
class Listing:
    """Where a site names its articles, the newest first.

    Attributes:
        kind: `numbered` lists (HTML, the number of pages printed on them), lists joined by a link to the
            `next` one, `lists` of lists, `json`, `sitemap` (an index of them, or one), `feed` (RSS or
            Atom).
        start: addresses without host, where it begins.
        row: CSS of what holds a link to one article, and its date.
        date: pattern with the groups `year`, `month`, `day`, of the date in a row's text or address.
        page: address of further pages, `{number}` in it, relative to the start.
        second: number of the second page.
        pages: pattern of how many pages there are, in one group.
        next: pattern of the text of the link to the next page.
        lists: pattern of addresses of further lists.
        items, address, dated: of JSON, the path of the list (`a.b`), and the names of address and date.
    """

    kind: Kind
    start: tuple[str, ...]
    row: str = ""
    date: str = ""
    page: str = ""
    second: int = 2
    pages: str = ""
    next: str = ""
    lists: str = ""
    items: str = ""
    address: str = ""
    dated: str = ""


@dataclass(frozen=True)
class Counter:
    """A number that a site prints of itself.

    Attributes:
        measure: id in the catalogue of measures.
        address: of the page, without host.
        css: of the element that prints it (HTML), or
        add: paths of the numbers that make it up (JSON, `a.b`), added.
        each: path of a list of items, each with its own `city_code`, for counters of many cities.
    """

    measure: str
    address: str
    css: str = ""
    add: tuple[str, ...] = ()
    each: str = ""


@dataclass(frozen=True)
class Polite:
    """How often a host is asked.

    Attributes:
        delay: fewest seconds between two pages; a slow host is left longer.
        longest_delay: most seconds between two pages that a robots.txt may ask for.
        concurrency: pages at a time.
        hours: from when until when it may be asked, `HH:MM`, Asia/Shanghai; None: always.
    """

    delay: float = 2.0
    longest_delay: float = 30.0
    concurrency: int = 1
    hours: tuple[str, str] | None = ("20:00", "08:00")

    def welcome(self, now: time) -> bool:
        """Whether a host may be asked at a time of day, Asia/Shanghai."""
        if self.hours is None:
            return True
        begin, end = map(time.fromisoformat, self.hours)
        return begin <= now < end if begin <= end else now >= begin or now < end


@dataclass(frozen=True)
class Bounds:
    """What a host may cost.

    Attributes:
        depth: lists that lead from one to the next.
        pages: pages in one crawl; what remains is for the next one.
        bytes: of a page, unpacked.
        seconds: one crawl of the site.
        wait: seconds for one page, from the first byte asked to the last received.
        redirects: one after another.
    """

    depth: int = 500
    pages: int = 5000
    bytes: int = 5_000_000
    seconds: float = 20_000.0
    wait: float = 30.0
    redirects: int = 3


@dataclass(frozen=True)
class Again:
    """When articles are asked for again, which may have been corrected, or taken back.

    In the crawl of each day until they are some days old; after that whenever they are twice as old as
    when they were asked for last. Their age counts from the day that they show, or that they were had.

    Attributes:
        daily: days until which they are asked for every day.
        longest: days after which they are not asked for any more.
        most: of a site in one crawl, the youngest first.
    """

    daily: int = 3
    longest: int = 366
    most: int = 200


@dataclass(frozen=True)
class Expect:
    """What makes a crawl good.

    Attributes:
        pages: fewest that are had, besides articles: front page, lists, counters.
        articles: fewest that are known of the site, of this crawl and of all before it.
        title, date, text: fewest of the new articles that have one, as shares.
        missed: most of what is asked for that may not be had, as a share.
        nothing_new_days: days without a new article after which that is odd; 0: never.
    """

    pages: int = 1
    articles: int = 0
    title: float = 0.0
    date: float = 0.0
    text: float = 0.0
    missed: float = 0.1
    nothing_new_days: int = 0


@dataclass(frozen=True)
class Family:
    """Sites of one layout.

    Attributes:
        scheme: `http` or `https`.
        article: pattern of an article's whole path; "" where there are none.
        query: parameters that make an address another one; all others (of sessions, of campaigns) are
            dropped.
        encoding: what pages are in where neither they nor the server say so.
        private: whether hosts may be at private or loopback addresses.
    """

    name: str
    title_zh: str
    title_en: str
    scheme: Literal["http", "https"] = "http"
    article: str = ""
    query: tuple[str, ...] = ()
    encoding: str = ""
    private: bool = False
    listing: tuple[Listing, ...] = ()
    counter: tuple[Counter, ...] = ()
    polite: Polite = field(default_factory=Polite)
    bounds: Bounds = field(default_factory=Bounds)
    again: Again = field(default_factory=Again)
    expect: Expect = field(default_factory=Expect)


def families(folder: Path = FAMILIES) -> dict[str, Family]:
    """All declared families by name.

    Raises:
        DeclarationError: one is not as it should be; the message names file and field.
    """
    return dict(_families(folder))


@cache
def _families(folder: Path) -> Mapping[str, Family]:
    found = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DeclarationError(f"{path.name}: {error}") from error
        found[path.stem] = parse(path.stem, raw)
    return found


def parse(name: str, raw: Mapping[str, Any]) -> Family:
    """A family from what its file says, or from `dataclasses.asdict` of it.

    Raises:
        DeclarationError: it is not as it should be.
    """
    parts: dict[str, Any] = {}
    for key, one in (
        ("polite", Polite), ("bounds", Bounds), ("again", Again), ("expect", Expect),
    ):  # fmt: skip
        if key in raw:
            parts[key] = _make(one, raw[key], f"{name}: {key}")
    for key, each in (("listing", Listing), ("counter", Counter)):
        parts[key] = tuple(
            _make(each, item, f"{name}: {key} {number}")
            for number, item in enumerate(raw.get(key, ()), start=1)
        )
    family = _make(Family, {**raw, **parts, "name": name}, name)
    _check(family)
    return family


def _make(of: type[_Declared], raw: Mapping[str, Any], where: str) -> _Declared:
    unknown = set(raw) - {one.name for one in fields(of)}  # type: ignore[arg-type]
    if unknown:
        raise DeclarationError(f"{where}: there is no {', '.join(sorted(unknown))}")
    try:
        return of(
            **{
                key: tuple(value) if isinstance(value, list) else value
                for key, value in raw.items()
            }
        )
    except TypeError as error:
        raise DeclarationError(f"{where}: {error}") from error


def _check(family: Family) -> None:
    where = family.name
    if family.scheme not in ("http", "https"):
        raise DeclarationError(f"{where}: scheme is {family.scheme!r}; expected http or https")
    if bool(family.article) != bool(family.listing):
        raise DeclarationError(f"{where}: article and listing are there together, or not at all")
    if not family.listing and not family.counter:
        raise DeclarationError(f"{where}: there is neither a listing nor a counter")
    _compile(family.article, f"{where}: article")
    for number, listing in enumerate(family.listing, start=1):
        here = f"{where}: listing {number}"
        if listing.kind not in get_args(Kind):
            raise DeclarationError(
                f"{here}: kind is {listing.kind!r}; expected one of {', '.join(get_args(Kind))}"
            )
        if missing := {key for key in _NEEDS[listing.kind] if not getattr(listing, key)}:
            raise DeclarationError(f"{here}: {listing.kind} needs {', '.join(sorted(missing))}")
        _addresses(listing.start, f"{here}: start")
        for key in _PATTERNS:
            _compile(getattr(listing, key), f"{here}: {key}")
        if listing.page and "{number}" not in listing.page:
            raise DeclarationError(f"{here}: page has no {{number}}")
    for number, counter in enumerate(family.counter, start=1):
        here = f"{where}: counter {number}"
        _addresses((counter.address,), f"{here}: address")
        if not _MEASURE.fullmatch(counter.measure):
            raise DeclarationError(f"{here}: measure is {counter.measure!r}")
        if bool(counter.css) == bool(counter.add):
            raise DeclarationError(f"{here}: it has either css or add")
    try:
        family.polite.welcome(time())
    except ValueError as error:
        raise DeclarationError(f"{where}: polite: hours: {error}") from error


def _addresses(given: tuple[str, ...], where: str) -> None:
    if not given or not all(address.startswith("/") for address in given):
        raise DeclarationError(f"{where}: expected addresses without host, each beginning with /")


def _compile(pattern: str, where: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise DeclarationError(f"{where}: {error}") from error
