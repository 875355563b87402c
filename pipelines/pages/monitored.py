"""What monitoring found, as plain rows by city and by event, read once and looked up page by page."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import polars as pl

from scrapers.monitor.shapes import SEVERITIES
from warehouse.publication import Publication

GRAVE = SEVERITIES[1:]
"""Severities that count as a serious breach of trust."""


class Event(NamedTuple):
    """A credit event; see the contract `Events`."""

    event_id: str
    city_code: str
    subject: str
    affair: str
    field: str
    polarity: str
    severity: str | None
    first_seen: date
    answered: date | None
    disclosed: bool
    reports: int
    title: str

    @property
    def grave(self) -> bool:
        """Whether it is a serious or major breach of trust."""
        return self.severity in GRAVE


class Found(NamedTuple):
    """A page; see the contract `Pages`."""

    url: str
    site_name: str
    official: bool
    kind: str
    city_code: str | None
    event_id: str | None
    severity: str | None
    published: date | None
    retrieved: str
    sha256: str
    title: str
    subjects: int | None
    national_document: str | None
    rule_fields: str
    confidence: float
    why: str
    joined: str | None
    corrected: bool


@dataclass(frozen=True)
class Monitored:
    """Events and pages of some cities.

    Attributes:
        events: of each city, the newest first.
        sources: of each event, reports and then responses, the earliest first.
        pages: of each city and kind, the newest first; without reports and responses.
    """

    events: dict[str, list[Event]]
    sources: dict[str, list[Found]]
    pages: dict[tuple[str, str], list[Found]]


def read(publication: Publication, codes: Collection[str]) -> Monitored:
    """Read what a publication holds of some cities."""
    wanted = pl.col("city_code").is_in(list(codes))
    told = publication.frame("events").filter(wanted)
    found = publication.frame("pages")
    of_event = pl.col("event_id").is_in(told["event_id"].to_list())
    by_day = ("published", "url")
    events: dict[str, list[Event]] = defaultdict(list)
    for row in (
        told.sort("first_seen", "event_id", descending=[True, False])
        .select(Event._fields)
        .iter_rows()
    ):
        event = Event(*row)
        events[event.city_code].append(event)
    sources: dict[str, list[Found]] = defaultdict(list)
    for page in _pages(found.filter(of_event).sort("kind", *by_day, nulls_last=True)):
        sources[str(page.event_id)].append(page)
    pages: dict[tuple[str, str], list[Found]] = defaultdict(list)
    others = found.filter(wanted, ~pl.col("kind").is_in(["event", "response"]))
    for page in _pages(others.sort(*by_day, descending=[True, False], nulls_last=True)):
        pages[str(page.city_code), page.kind].append(page)
    return Monitored(dict(events), dict(sources), dict(pages))


def _pages(frame: pl.DataFrame) -> list[Found]:
    rows = frame.rename({"count": "subjects"}).select(Found._fields)
    return [Found(*row) for row in rows.iter_rows()]
