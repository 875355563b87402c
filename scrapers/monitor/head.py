"""What the head of a page, and statements made for machines, say of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from scrapers.monitor.layout import seen

LONGEST: Final = 200
"""Characters of a title that are kept."""

_TITLE = ("articletitle", "og:title", "twitter:title", "headline")
_CHANNEL = ("columnname", "article:section", "channel", "columntype")
_SOURCE = ("contentsource", "source")
_DAY = (
    "pubdate", "publishdate", "article:published_time", "og:published_time", "datepublished",
    "publishtime", "publish_time", "firstpublishedtime", "pubtime", "releasedate", "og:release_date",
    "publication_date", "weibo:article:create_at", "bytedance:published_time", "apub:time", "dc.date",
    "dc.date.issued", "date",
)  # fmt: skip


@dataclass(frozen=True)
class Head:
    """What is said of a page; "" where nothing is.

    Attributes:
        title: the `title` element, with the site's name and whatever else.
        article_title: of the article alone.
        days: what is said to be the day of publication, as written.
    """

    title: str
    article_title: str
    channel: str
    source: str
    days: tuple[str, ...]


def head_of(page: LexborHTMLParser) -> Head:
    """Reads what is said of a page."""
    said: dict[str, str] = {}
    for meta in page.css("meta"):
        attributes = meta.attributes
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        if name and (content := attributes.get("content")):
            said.setdefault(name.lower().strip(), seen(content))
    title = page.css_first("title")
    return Head(
        title=seen(title.text())[:LONGEST] if title else "",
        article_title=_first(said, _TITLE)[:LONGEST],
        channel=_first(said, _CHANNEL)[:LONGEST],
        source=_first(said, _SOURCE)[:LONGEST],
        days=(*(said[name] for name in _DAY if name in said), *_stated(page)),
    )


def _first(said: Mapping[str, str], names: Sequence[str]) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _stated(page: LexborHTMLParser) -> Iterator[str]:
    for script in page.css('script[type="application/ld+json"]'):
        try:
            stated = json.loads(script.text())
        except (ValueError, RecursionError):
            continue
        for thing in stated if isinstance(stated, list) else [stated]:
            if isinstance(thing, dict) and isinstance(day := thing.get("datePublished"), str):
                yield day
    for element in page.css("time[datetime], [itemprop=datePublished]"):
        attributes = element.attributes
        yield attributes.get("datetime") or attributes.get("content") or ""
