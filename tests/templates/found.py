"""What monitoring found of some cities in twelve months, invented: events, pages and watched sites."""

import json
import random
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from scrapers.monitor.shapes import AFFAIR_OF, SEVERITIES, SUBJECTS
from scrapers.web.verdict import WEIGHTS
from warehouse.contracts.ledger import Events, Pages, Sites

HOSTILE = "<script>alert('标题')</script>"
TURNED = "=cmd|' /C calc'!A0 \u202e卡充值\u202c 跑路"
ENDLESS = "某企业" + "失信" * 5000
TITLES = (
    HOSTILE, TURNED, ENDLESS,
    "某健身会所关门停业，两千余名会员储值卡无法退款", "城东食品厂以次充好，被处罚款一百二十万元",
    "市住建局通报三起转包、违法分包案件", "区政府兑现招商承诺，拨付拖欠民营企业账款",
    "物流公司伪造动态监控记录被吊销道路运输许可", "一旅行社以不合理低价组织旅游活动",
)  # fmt: skip
UNSAFE = "javascript:alert(1)"
WHY = {
    "kind": "model 0.77: cue text.kind.penalty、cue title.kind.penalty、pattern text.fine、site media",
    "city_code": "title 城东; lead 城东区 ×2; site 城东区人民政府",
    "field": "model 0.61: cue text.finance.decisive、cue text.finance.scope、骗",
    "severity": "criminal case: 以涉嫌集资诈骗对该公司立案",
}
OTHERS = ("exemplar", "rule", "risk_warning", "pledge", "propaganda")
FAMILIES = ("portal_static", "portal_jcms", "credit_json", "media_feed")


def event_id(code: str, number: int) -> str:
    """Id of an event of a city."""
    return f"e{code}{number:04d}"


def frames(period: str, codes: Sequence[str], *, events: int = 6) -> dict[str, pl.DataFrame]:
    """The three frames of a month.

    Args:
        period: the month.
        codes: cities; the last one has no events and no pages.
        events: events of each city; the first is new, major and not answered.
    """
    dice = random.Random(period)
    told, pages = [], []
    for code in codes[:-1]:
        for number in range(events):
            event = _event(dice, period, code, number)
            told.append(event)
            pages += _sources(dice, event)
        pages += [_other(dice, period, code, kind) for kind in OTHERS]
    sites = [
        {
            "period": period,
            "site_id": f"site_{number}",
            "site_name": HOSTILE if number == 0 else f"第{number}网站",
            "family": FAMILIES[number % len(FAMILIES)],
            "city_code": codes[number % len(codes)] if number % 3 else None,
            "verdict": verdict,
            "reasons": reasons,
            "details": json.dumps(
                {"nothing_new": ["400"], "layout_changed": ["/xwzx/index.html", "text"]}
            ),
            "complete": date.fromisoformat(f"{period}-28") if number % 2 else None,
            "asked": 1200 + number,
            "articles": 90 * number,
            "simulated": True,
        }
        for number, (verdict, reasons) in enumerate(
            [(verdict, f"{reason},nothing_new") for reason, verdict in WEIGHTS.items()]
            + [("good", "")] * 9
        )
    ]
    return {
        "events": pl.DataFrame(told, schema=Events.create_empty().schema),
        "pages": pl.DataFrame(pages, schema=Pages.create_empty().schema),
        "sites": pl.DataFrame(sites, schema=Sites.create_empty().schema),
    }


def _event(dice: random.Random, period: str, code: str, number: int) -> dict[str, object]:
    last = date.fromisoformat(f"{period}-28")
    bad = number == 0 or dice.random() < 0.8
    field = dice.choice([*AFFAIR_OF])
    seen = last - timedelta(days=dice.randrange(20 if number < 2 else 330))
    return {
        "period": period,
        "event_id": event_id(code, number),
        "city_code": code,
        "subject": dice.choice(SUBJECTS),
        "affair": AFFAIR_OF[field],
        "field": field,
        "polarity": "bad" if bad else "good",
        "severity": ("major" if number == 0 else dice.choice(SEVERITIES)) if bad else None,
        "first_seen": seen,
        "answered": seen + timedelta(days=9) if number and dice.random() < 0.5 else None,
        "disclosed": dice.random() < 0.5,
        "reports": dice.randrange(1, 4),
        "title": TITLES[number % len(TITLES)],
        "simulated": True,
    }


def _sources(dice: random.Random, event: dict[str, object]) -> list[dict[str, object]]:
    """Reports of an event, and its response."""
    seen = event["first_seen"]
    assert isinstance(seen, date)
    reports = int(str(event["reports"]))
    made = []
    for number in range(reports + (event["answered"] is not None)):
        response = number == reports
        city = event["city_code"]
        first = number == 0
        made.append(
            _page(str(event["period"]), f"http://www.site{number}.example/{event['event_id']}.html")
            | {
                "kind": "response" if response else "event",
                "official": response or dice.random() < 0.4,
                "city_code": city,
                "published": event["answered"] if response else seen + timedelta(days=number),
                "title": event["title"],
                "confidence": dice.random(),
                "why": json.dumps(WHY, ensure_ascii=False),
                "gone": None if number else seen + timedelta(days=40),
                "joined": None if first else "firm 城东食品厂; fine 120万; text 0.83",
                "corrected": dice.random() < 0.1,
            }
            | {
                name: event[name]
                for name in ("event_id", "subject", "field", "polarity", "severity")
            }
        )
    return made


def _other(dice: random.Random, period: str, code: str, kind: str) -> dict[str, object]:
    rule, counted = kind == "rule", kind in ("exemplar", "pledge")
    return _page(period, f"http://credit.site.example/{code}/{kind}.html") | {
        "kind": kind,
        "city_code": code,
        "published": date.fromisoformat(f"{period}-10"),
        "title": dice.choice(TITLES),
        "count": dice.randrange(1, 90) if counted else None,
        "national_document": "国办发〔2016〕33号" if rule else None,
        "rule_fields": "trust_system,finance" if rule else "",
    }


def _page(period: str, url: str) -> dict[str, object]:
    return {
        "period": period,
        "url": url,
        "site_id": "site_1",
        "site_name": "城东区人民政府",
        "official": True,
        "retrieved": f"{period}-28T03:04:05+08:00",
        "sha256": "0123456789abcdef" * 4,
        "rule_fields": "",
        "confidence": 0.8,
        "why": "{}",
        "corrected": False,
        "simulated": True,
    }
