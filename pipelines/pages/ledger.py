"""A city's ledger: its events of twelve months, and the other pages that count for its index."""

from collections.abc import Callable, Sequence
from functools import cached_property

from indicators.edition import Leaf
from indicators.measures import catalogue
from pipelines.pages import addresses, events, exports, frame, numbers, told, trace, words
from pipelines.pages.monitored import COUNTED, KIND_OF, Event, Found, Monitored
from pipelines.pages.narrowing import Marks, filters
from pipelines.pages.reading import Facts, months_to
from scrapers.monitor.ledger import WINDOW
from scrapers.monitor.shapes import AFFAIR_OF, SEVERITIES
from templates.catalogue import text
from templates.layout import Fact, Link
from templates.ledger.context import Context, Item, Section, Value
from templates.ledger.context import Event as Line

MOST_PAGES = 200
"""Pages of a kind that are listed."""
_EVENTS = "events"
_KINDS = tuple(dict.fromkeys(KIND_OF.values()))
"""Sections of the page besides that of events, by the kind of page that each lists."""


def _measures(section: str) -> list[str]:
    """The measures that rest on what a section lists."""
    return [*COUNTED] if section == _EVENTS else [m for m in KIND_OF if KIND_OF[m] == section]


def _subjects(pages: Sequence[Found]) -> int:
    return sum(1 if page.subjects is None else page.subjects for page in pages)


_MOST_OF: dict[str, Callable[[Sequence[Found]], int]] = {
    "trust_exemplars_12m": _subjects,
    "pledged_entities": _subjects,
    "repair_commitments": _subjects,
    "risk_warnings_12m": len,
    "propaganda_items_12m": len,
    "national_rules_implemented": lambda pages: len({p.national_document for p in pages} - {None}),
    "outline_fields_covered": lambda pages: len(
        {field for page in pages for field in page.rule_fields.split(",") if field}
    ),
    "innovative_rules": lambda pages: sum(page.national_document is None for page in pages),
}
"""The most that pages of the measure's section can stand for."""
_EXACT = ("events_12m", "events_disclosed_12m", "breaches_12m", "breaches_answered_12m")
"""Measures that count the events that they rest on."""


def section_of(leaf: Leaf) -> str | None:
    """The section of the page that lists what a leaf rests on; None for leaves that rest on no pages."""
    for measure in leaf.expression.measures:
        if measure in COUNTED:
            return _EVENTS
        if measure in KIND_OF:
            return KIND_OF[measure]
    return None


class Ledgers:
    """Makes the ledgers of one publication in one language."""

    def __init__(self, facts: Facts, found: Monitored, lang: str) -> None:
        self.facts = facts
        self.found = found
        self.lang = lang
        self.folder = addresses.publication(facts.edition.id, facts.period, facts.revision)
        self._here = addresses.folder(
            addresses.in_language(lang, addresses.ledger(self.folder, "x"))
        )

    def page(self, code: str) -> Context:
        """The ledger of a city."""
        lang, city = self.lang, self.facts.cities[code]
        name = words.name_of(city, lang)
        told_of = self.found.events.get(code, [])
        title = text("ledger.title", lang, city=name)
        marks = [self._marks(event) for event in told_of]
        return Context(
            page=frame.below_ranking(
                self.facts,
                addresses.ledger(self.folder, code),
                lang,
                title=f"{title} · {words.period(self.facts.period, lang)}",
                description=text("ledger.description", lang, city=name, window=self._window),
                above=(
                    (
                        text("scorecard.title", lang, city=name),
                        addresses.scorecard(self.folder, code),
                    ),
                ),
            ),
            city=words.both_names(city, lang),
            scorecard=Link(text("scorecard.title", lang, city=name), f"../city/{code}.html"),
            window=self._window,
            revision=frame.revision(self.facts.revision, lang),
            facts=self._facts(told_of),
            values=self._values(_EVENTS, code),
            filters=filters(marks, self._known) if told_of else (),
            events=tuple(
                self._line(event, mark) for event, mark in zip(told_of, marks, strict=True)
            ),
            sections=tuple(self._section(kind, code) for kind in _KINDS),
            downloads=exports.downloads(
                self._here, f"{self.folder}/data", lang, ("events", "pages")
            ),
        )

    @cached_property
    def _window(self) -> str:
        first, *_, last = (words.period(month, self.lang) for month in self._months)
        return text("ledger.window", self.lang, first=first, last=last)

    @cached_property
    def _months(self) -> list[str]:
        return months_to(self.facts.period, WINDOW)

    @cached_property
    def _known(self) -> dict[str, tuple[str, dict[str, str]]]:
        """Filters of the list of events: label, and values in words."""
        lang = self.lang

        def of(name: str, values: Sequence[str]) -> tuple[str, dict[str, str]]:
            said = {value: text(f"{name}.{value}", lang) for value in values}
            return text(f"event.{name}", lang), said

        yes_no = {"no": events.yes_no(False, lang), "yes": events.yes_no(True, lang)}
        months = {month: words.period(month, lang) for month in reversed(self._months)}
        return {
            "polarity": of("polarity", ("bad", "good")),
            "severity": of("severity", SEVERITIES[::-1]),
            "field": of("field", tuple(AFFAIR_OF)),
            "answered": (text("event.answered", lang), yes_no),
            "disclosed": (text("event.disclosed", lang), yes_no),
            "month": (text("event.month", lang), months),
        }

    def _marks(self, event: Event) -> Marks:
        return {
            "polarity": event.polarity,
            "severity": event.severity or "",
            "field": event.field,
            "answered": "yes" if event.answered else "no",
            "disclosed": "yes" if event.disclosed else "no",
            "month": event.first_seen.isoformat()[:7],
        }

    def _line(self, event: Event, marks: Marks) -> Line:
        lang = self.lang
        kind, severity = events.severity(event, lang)
        return Line(
            marks=tuple(marks.items()),
            title=Link(told.title(event.title), f"../event/{event.event_id}.html"),
            seen=event.first_seen.isoformat(),
            field=text(f"field.{event.field}", lang),
            severity=severity,
            kind=kind,
            gravity=events.gravity(event),
            answered=event.answered.isoformat() if event.answered else numbers.NONE,
            disclosed=events.yes_no(event.disclosed, lang),
            reports=numbers.plain(event.reports),
        )

    def _facts(self, told_of: Sequence[Event]) -> tuple[Fact, ...]:
        bad = [event for event in told_of if event.polarity == "bad"]
        grave = [event for event in bad if event.grave]
        counts = {
            "events": len(told_of),
            "bad": len(bad),
            "grave": len(grave),
            "answered": sum(event.answered is not None for event in grave),
            "disclosed": sum(event.disclosed for event in told_of),
        }
        return tuple(
            Fact(text(f"ledger.{name}", self.lang), numbers.plain(count))
            for name, count in counts.items()
        )

    def _values(self, section: str, code: str) -> tuple[Value, ...]:
        """Measures of a section that the edition asks for and that the city has a value of."""
        known = self.facts.observations.get(code, {})
        made = []
        for measure in _measures(section):
            observed = known.get(measure)
            if observed is None or measure not in self.facts.edition.measures:
                continue
            listed = self._listed(measure, code, observed.value)
            differs = ""
            if listed != observed.value:
                said = words.measure_value(measure, listed, self.lang)
                differs = text("ledger.differs", self.lang, listed=said)
            voices = self.facts.contributions.get(code, {}).get(measure, [])
            made.append(
                Value(
                    name=words.measure_name(catalogue()[measure], self.lang),
                    value=words.measure_value(measure, observed.value, self.lang),
                    note=trace.origin(measure, observed, voices, self.lang),
                    differs=differs,
                    leaves=tuple(
                        Link(
                            words.LeafWords(leaf, self.lang).name, f"../city/{code}.html#{leaf.id}"
                        )
                        for leaf in self.facts.edition.leaves
                        if measure in leaf.expression.measures
                    ),
                )
            )
        return tuple(made)

    def _listed(self, measure: str, code: str, value: float) -> float:
        """What the page lists for a measure; of what it cannot count, the value itself.

        Reprints are listed but not counted, so pages may stand for less than they are, never for more.
        """
        told_of = self.found.events.get(code, [])
        if measure in _EXACT:
            counted = filter(COUNTED[measure], told_of)
            if measure == "breaches_answered_12m":
                return sum(_answered(event, self.facts.period) for event in counted)
            return len(list(counted))
        if measure not in _MOST_OF:
            return value
        return min(value, _MOST_OF[measure](self.found.pages.get((code, KIND_OF[measure]), [])))

    def _section(self, kind: str, code: str) -> Section:
        pages = self.found.pages.get((code, kind), [])
        more = len(pages) - MOST_PAGES
        counts = {"exemplar": "subjects", "pledge": "subjects", "rule": "rule"}.get(kind)
        return Section(
            id=kind,
            title=text(f"ledger.{kind}", self.lang),
            values=self._values(kind, code),
            counts=text(f"ledger.counts_{counts}", self.lang) if counts else "",
            items=tuple(self._item(page) for page in pages[:MOST_PAGES]),
            more=text("ledger.more", self.lang, n=numbers.plain(more)) if more > 0 else "",
        )

    def _item(self, page: Found) -> Item:
        return Item(
            published=events.day(page, self.lang),
            title=Link(told.title(page.title) or told.title(page.url), told.address(page.url)),
            site=told.title(page.site_name),
            official=events.official(page, self.lang),
            gone=events.gone(page, self.lang, briefly=True),
            counts=self._counts(page),
        )

    def _counts(self, page: Found) -> str:
        """What a page counts for."""
        lang = self.lang
        if page.kind != "rule":
            return numbers.plain(page.subjects)
        document = page.national_document or text("ledger.no_document", lang)
        fields = text("site.join", lang).join(
            text(f"field.{name}", lang) for name in page.rule_fields.split(",") if name
        )
        return text("site.semicolon", lang).join(part for part in (document, fields) if part)


def _answered(event: Event, period: str) -> bool:
    """Whether it was answered by the end of a month."""
    return event.answered is not None and event.answered.isoformat()[:7] <= period
