"""What monitoring found, as plain rows by city and by event, read once and looked up page by page."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

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

    @property
    def scored(self) -> bool:
        """Whether it is a breach that counts for the index; judicial ones give no points."""
        return self.grave and self.affair != "judicial"


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
    gone: date | None
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


COUNTED: Final[Mapping[str, Callable[[Event], bool]]] = {
    "serious_breach_burden": lambda event: event.scored,
    "breaches_12m": lambda event: event.scored,
    "breaches_answered_12m": lambda event: event.scored and event.answered is not None,
    "events_12m": lambda _: True,
    "events_disclosed_12m": lambda event: event.disclosed,
    "focused_governance_projects": lambda event: event.polarity == "bad",
}
"""Measures of events, and which events of the city they rest on."""
KIND_OF: Final[Mapping[str, str]] = {
    "trust_exemplars_12m": "exemplar",
    "national_rules_implemented": "rule",
    "outline_fields_covered": "rule",
    "innovative_rules": "rule",
    "risk_warnings_12m": "risk_warning",
    "pledged_entities": "pledge",
    "repair_commitments": "pledge",
    "propaganda_items_12m": "propaganda",
}
"""Measures of other pages, and the kind of page that they rest on."""


def read(publication: Publication, codes: Collection[str]) -> Monitored:
    """Read what a publication holds of some cities."""
    return of(publication.frame("events"), publication.frame("pages"), codes)


def of(told: pl.DataFrame, found: pl.DataFrame, codes: Collection[str]) -> Monitored:
    """What some cities have of the events and pages of a month, as their contracts have them."""
    wanted = pl.col("city_code").is_in(list(codes))
    told = told.filter(wanted)
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
