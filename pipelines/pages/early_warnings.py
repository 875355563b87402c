"""The early warnings of a month: cities by rule, and grave events that it first saw."""

from collections.abc import Sequence

from indicators.warnings import rules
from pipelines.pages import addresses, events, exports, frame, numbers, told, warned, words
from pipelines.pages.monitored import Event, Monitored
from pipelines.pages.narrowing import Marks, filters
from pipelines.pages.reading import Facts, WarningRow
from scrapers.monitor.shapes import AFFAIR_OF
from templates.catalogue import text
from templates.early_warnings.context import ByRule, City, Class, Context, Rule, Warned
from templates.layout import Link

MOST = 400
"""Events of a class of city that are listed."""
MOST_CITIES = 1000
"""Warnings by rule that are listed."""


def context(facts: Facts, found: Monitored, lang: str) -> Context:
    """Everything on the page.

    Args:
        facts: of the publication.
        found: what monitoring found of all its cities.
        lang: language.
    """
    folder = addresses.publication(facts.edition.id, facts.period, facts.revision)
    month = words.period(facts.period, lang)
    heading = text("warnings.title", lang, period=month)
    new = [
        event
        for of_city in found.events.values()
        for event in of_city
        if event.grave and event.first_seen.isoformat()[:7] == facts.period
    ]
    new.sort(
        key=lambda event: (
            event.answered is not None,
            -events.gravity(event),
            event.city_code,
            event.first_seen,
            event.event_id,
        )
    )
    return Context(
        page=frame.below_ranking(
            facts,
            addresses.early_warnings(folder),
            lang,
            title=heading,
            description=text("warnings.description", lang, period=month),
        ),
        heading=heading,
        revision=frame.revision(facts.revision, lang),
        month=Link(frame.ranking_title(facts.period, lang), "index.html"),
        by_rule=_by_rule(facts, lang),
        watched=facts.watched,
        classes=tuple(
            _class(
                facts,
                name,
                [e for e in new if facts.cities[e.city_code]["city_class"] == name],
                lang,
            )
            for name in facts.edition.classes
        ),
        downloads=exports.downloads(
            addresses.in_language(lang, folder), f"{folder}/data", lang, ("warnings", "events")
        ),
    )


def _by_rule(facts: Facts, lang: str) -> ByRule | None:
    if facts.warnings is None:
        return None
    every = [
        (code, row)
        for code in sorted(facts.warnings)
        for row in warned.in_order(facts.warnings[code])
    ]
    shown = every[:MOST_CITIES]
    more = len(every) - len(shown)
    spoken = {(code, row.rule) for code, row in every}
    cities = [_city(facts, code, row, lang) for code, row in shown]
    names = {id_: warned.rule_name(rule, lang) for id_, rule in rules().items()}
    known = {
        "rule": (text("warned.rule", lang), names),
        "class": (
            text("scorecard.class", lang),
            {name: text(f"class.{name}", lang) for name in facts.edition.classes},
        ),
        "province": (
            text("ranking.province", lang),
            _provinces(facts, [c for c, _ in shown], lang),
        ),
    }
    return ByRule(
        rules=tuple(
            Rule(
                name=names[rule.id],
                threshold=warned.threshold(rule, rule.threshold, lang),
                reason=warned.reason(rule, lang),
                cities=numbers.plain(sum(id_ == rule.id for _, id_ in spoken)),
            )
            for rule in rules().values()
        ),
        summary=text(
            "warned.cities_summary",
            lang,
            n=numbers.plain(len(every)),
            cities=numbers.plain(len(facts.warnings)),
        ),
        filters=filters([dict(city.marks) for city in cities], known),
        cities=tuple(cities),
        more=text("warned.cities_more", lang, n=numbers.plain(more)) if more else "",
    )


def _city(facts: Facts, code: str, row: WarningRow, lang: str) -> City:
    city = facts.cities[code]
    marks = {"rule": row.rule, "class": city["city_class"], "province": code[:2]}
    return City(
        marks=tuple(marks.items()),
        name=words.both_names(city, lang),
        scorecard=f"city/{code}.html#warnings",
        province=words.province_of(facts.cities[code], lang),
        class_title=text(f"class_short.{city['city_class']}", lang),
        rule=warned.name(row, lang),
        found=warned.found(row, lang),
        value=str(row.value),
        threshold=warned.threshold(rules()[row.rule], row.threshold, lang),
    )


def _class(facts: Facts, city_class: str, warned: Sequence[Event], lang: str) -> Class:
    shown = warned[:MOST]
    more = len(warned) - len(shown)
    marks = [_marks(event) for event in shown]
    return Class(
        id=city_class,
        title=text(f"class.{city_class}", lang),
        summary=text(
            "warnings.summary",
            lang,
            n=numbers.plain(len(warned)),
            open=numbers.plain(sum(event.answered is None for event in warned)),
        ),
        filters=filters(marks, _known(facts, shown, lang)),
        events=tuple(_line(facts, e, mark, lang) for e, mark in zip(shown, marks, strict=True)),
        more=text("warnings.more", lang, n=numbers.plain(more)) if more else "",
    )


def _marks(event: Event) -> Marks:
    return {
        "province": event.city_code[:2],
        "severity": str(event.severity),
        "field": event.field,
        "answered": "yes" if event.answered else "no",
    }


def _known(
    facts: Facts, shown: Sequence[Event], lang: str
) -> dict[str, tuple[str, dict[str, str]]]:
    """Filters of a list: label, and values in words."""
    return {
        "province": (
            text("ranking.province", lang),
            _provinces(facts, [event.city_code for event in shown], lang),
        ),
        "severity": (
            text("event.severity", lang),
            {name: text(f"severity.{name}", lang) for name in ("major", "serious")},
        ),
        "field": (
            text("event.field", lang),
            {name: text(f"field.{name}", lang) for name in AFFAIR_OF},
        ),
        "answered": (
            text("event.answered", lang),
            {"no": events.yes_no(False, lang), "yes": events.yes_no(True, lang)},
        ),
    }


def _provinces(facts: Facts, codes: Sequence[str], lang: str) -> dict[str, str]:
    return {code[:2]: words.province_of(facts.cities[code], lang) for code in sorted(codes)}


def _line(facts: Facts, event: Event, marks: Marks, lang: str) -> Warned:
    city, code = facts.cities[event.city_code], event.city_code
    kind, severity = events.severity(event, lang)
    return Warned(
        marks=tuple(marks.items()),
        city=words.both_names(city, lang),
        ledger=f"ledger/{code}.html#events",
        province=words.province_of(facts.cities[code], lang),
        title=Link(told.title(event.title), f"event/{event.event_id}.html"),
        field=text(f"field.{event.field}", lang),
        severity=severity,
        kind=kind,
        gravity=events.gravity(event),
        seen=event.first_seen.isoformat(),
        answered=events.answered(event, lang),
        open=event.answered is None,
    )
