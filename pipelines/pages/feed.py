"""The Atom feed of publications (RFC 4287). Links are relative to the feed's own address.

Nothing in it comes from a clock: a publication is as old as the newest file that it rests on.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from pipelines.pages import addresses, words
from scrapers.declaration import CLOCK
from templates.catalogue import LANGS, text
from warehouse.publication import Publication

MOST = 100
"""Publications that are listed, the latest."""
_ATOM = "http://www.w3.org/2005/Atom"
_OURS = uuid.UUID(
    "7b3c3d1e-6f0b-5c58-9c0e-2f6a8c1d4e90"
)  # names of feed and entries are made below it
_NEVER = datetime(2016, 1, 1, tzinfo=UTC)
"""When a feed without entries was last changed."""


def write(out: Path, publications: Sequence[Publication]) -> None:
    """Write the feed into the site's root."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": "zh-CN"})
    latest = sorted(publications, key=lambda p: (updated(p), p.period, p.revision))[
        : -MOST - 1 : -1
    ]
    _add(root, "id", _id("feed"))
    _add(root, "title", " · ".join(text("feed.title", lang) for lang in LANGS))
    _add(root, "subtitle", " ".join(text("feed.subtitle", lang) for lang in LANGS))
    _add(root, "updated", max(map(updated, latest), default=_NEVER).isoformat())
    _add(_add(root, "author"), "name", " ".join(text("site.name", lang) for lang in LANGS))
    _link(root, "self", addresses.FEED, "application/atom+xml")
    _link(root, "alternate", addresses.HOME, "text/html", "zh-CN")
    _link(root, "alternate", addresses.in_language("en", addresses.HOME), "text/html", "en")
    for publication in latest:
        _entry(_add(root, "entry"), publication)
    ET.indent(root, "")
    written = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    (out / addresses.FEED).write_bytes(written + b"\n")


def updated(publication: Publication) -> datetime:
    """When the newest file of a publication was delivered; without any, the end of its month."""
    delivered = [file["delivered_at"] for file in publication.manifest["inputs"]]
    times = [datetime.fromisoformat(said) for said in delivered if said]
    return max(times, default=_end(publication.period))


def _end(period: str) -> datetime:
    first = datetime.fromisoformat(f"{period}-01").replace(tzinfo=CLOCK)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(seconds=1)


def _entry(entry: ET.Element, publication: Publication) -> None:
    edition, period, revision = publication.edition, publication.period, publication.revision
    place = f"{addresses.publication(edition, period, revision)}/index.html"
    said = {"edition": edition, "revision": revision}
    # The numbers are part of the name: two installations' months are not the same.
    _add(entry, "id", _id(f"{place}#{publication.manifest['numbers_sha256']}"))
    titles = (text("feed.entry", lang, period=words.period(period, lang), **said) for lang in LANGS)
    _add(entry, "title", " · ".join(titles))
    _add(entry, "updated", updated(publication).isoformat())
    _link(entry, "alternate", place, "text/html", "zh-CN")
    _link(entry, "alternate", addresses.in_language("en", place), "text/html", "en")
    _link(entry, "related", addresses.api_month(edition, period), "application/json")
    if publication.simulated:
        labels = " ".join(text("simulated.label", lang) for lang in LANGS)
        _add(entry, "category").attrib.update({"term": "simulated", "label": labels})
    manifest = publication.manifest
    counted = {"cities": manifest["rows"]["index"], "files": len(manifest["inputs"])}
    summary = [text("feed.summary", lang, **counted) for lang in LANGS]
    if publication.simulated:
        summary += [text("simulated.banner", lang) for lang in LANGS]
    _add(entry, "summary", " ".join(summary))


def _id(name: str) -> str:
    return uuid.uuid5(_OURS, name).urn


def _add(parent: ET.Element, tag: str, content: str = "") -> ET.Element:
    child = ET.SubElement(parent, f"{{{_ATOM}}}{tag}")
    child.text = content or None
    return child


def _link(parent: ET.Element, rel: str, href: str, kind: str, lang: str = "") -> None:
    said = {"rel": rel, "href": href, "type": kind} | ({"hreflang": lang} if lang else {})
    _add(parent, "link").attrib.update(said)
