"""The reader: from an article to its record."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from scrapers.monitor.city import locate
from scrapers.monitor.gazetteer import Gazetteer
from scrapers.monitor.judge import judge
from scrapers.monitor.shapes import Article, Record, Site

REPORTS: Final = pl.Schema(
    {
        "url": pl.String(),
        "site_id": pl.String(),
        "official": pl.Boolean(),
        "site_city": pl.String(),
        "kind": pl.String(),
        "city_code": pl.String(),
        "subject": pl.String(),
        "affair": pl.String(),
        "field": pl.String(),
        "polarity": pl.String(),
        "severity": pl.String(),
        "published": pl.Date(),
        "count": pl.Int64(),
        "national_document": pl.String(),
        "rule_fields": pl.List(pl.String()),
        "title": pl.String(),
        "text": pl.String(),
        "confidence": pl.Float64(),
        "why": pl.String(),
    }
)
"""A record with what grouping needs of its article and site; `site_city` is the city whose site it is,
`text` is title and paragraphs, `why` a JSON object of decisions and their reasons."""

_OF_EVENTS = ("subject", "affair", "field", "polarity", "severity")


def read(article: Article, site: Site, places: Gazetteer) -> Record:
    """What a page gives; nothing is guessed: a page that cannot be placed is `other`."""
    judged = judge(article, site)
    found = locate(article, site, places)
    other = judged.kind == "other"
    return Record(
        url=article.url,
        kind=judged.kind,
        city_code=None if other else found.city_code,
        subject=judged.subject,
        affair=judged.affair,
        field=judged.field,
        polarity=judged.polarity,
        severity=judged.severity,
        published=article.published.isoformat() if article.published else None,
        count=judged.count,
        national_document=judged.national_document,
        rule_fields=tuple(judged.rule_fields),
        confidence=judged.confidence if other else min(judged.confidence, found.confidence),
        why=dict(judged.why) if other else {**judged.why, "city_code": found.why},
    )


def line(record: Record, event_id: str | None) -> dict[str, Any]:
    """A record as `RECORDS.jsonl` has it: what an event is like stands with its reports alone."""
    event = record.kind == "event"
    said = {
        "url": record.url,
        "kind": record.kind,
        "city_code": record.city_code,
        "event_id": event_id,
        **{name: getattr(record, name) if event else None for name in _OF_EVENTS},
        "published": record.published,
        "count": record.count,
        "national_document": record.national_document,
        "rule_fields": list(record.rule_fields),
        "confidence": round(record.confidence, 4),
        "why": dict(record.why),
    }
    order = (
        "url",
        "kind",
        "city_code",
        "event_id",
        "subject",
        "affair",
        "field",
        "polarity",
        "severity",
    )
    return {name: said[name] for name in order} | said


def reports(read_pages: Sequence[tuple[Article, Site, Record]]) -> pl.DataFrame:
    """Records as a frame with the columns REPORTS."""

    def row(article: Article, site: Site, record: Record) -> Mapping[str, Any]:
        return {
            **{name: getattr(record, name, None) for name in REPORTS},
            "site_id": site.site_id,
            "official": site.official,
            "site_city": site.city_code,
            "rule_fields": list(record.rule_fields),
            "published": article.published,
            "title": article.title,
            "text": article.text,
            "why": json.dumps(dict(record.why), ensure_ascii=False, sort_keys=True),
        }

    return pl.DataFrame([row(*one) for one in read_pages], schema=REPORTS, orient="row")
