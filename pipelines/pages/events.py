"""The pages of credit events: what happened, how severe and why, and every source."""

from collections.abc import Sequence

from pipelines.pages import addresses, frame, numbers, told, words
from pipelines.pages.monitored import Event, Found, Monitored
from pipelines.pages.reading import Facts
from scrapers.monitor.shapes import SEVERITIES
from templates.catalogue import text
from templates.event.context import Context, Source
from templates.layout import Fact, Link

MOST = {"event": 7, "response": 3}
"""Reports and responses that a page shows; it must stay light."""


class Events:
    """Makes the pages of the events of one publication in one language."""

    def __init__(self, facts: Facts, found: Monitored, lang: str) -> None:
        self.facts = facts
        self.found = found
        self.lang = lang
        self.folder = addresses.publication(facts.edition.id, facts.period, facts.revision)
        self._period = " · ".join(
            (words.period(facts.period, lang), frame.revision(facts.revision, lang))
        )

    def page(self, event: Event) -> Context:
        """The page of an event."""
        lang, city = self.lang, words.name_of(self.facts.cities[event.city_code], self.lang)
        heading = told.title(event.title)
        sources = self.found.sources.get(event.event_id, [])
        shown = [page for kind, most in MOST.items() for page in _of(kind, sources)[:most]]
        more = len(sources) - len(shown)
        return Context(
            page=frame.below_ranking(
                self.facts,
                addresses.event(self.folder, event.event_id),
                lang,
                title=heading,
                description=text("event.description", lang, city=city, title=heading),
                above=(
                    (
                        text("ledger.title", lang, city=city),
                        addresses.ledger(self.folder, event.city_code),
                    ),
                ),
                tables=False,
            ),
            heading=heading,
            period=self._period,
            city=Link(city, f"../ledger/{event.city_code}.html"),
            badges=tuple(self._badges(event, sources)),
            facts=tuple(
                Fact(text(f"event.{name}", lang), value)
                for name, value in (
                    ("field", text(f"field.{event.field}", lang)),
                    ("affair", text(f"affair.{event.affair}", lang)),
                    ("subject", text(f"subject.{event.subject}", lang)),
                    ("first_seen", event.first_seen.isoformat()),
                    ("answered", answered(event, lang)),
                    ("disclosed", yes_no(event.disclosed, lang)),
                    ("reports", numbers.plain(event.reports)),
                )
            ),
            why=self._why(event, sources),
            sources=tuple(self._source(page) for page in shown),
            more=text("event.sources_more", lang, n=numbers.plain(more)) if more else "",
        )

    def _badges(self, event: Event, sources: Sequence[Found]) -> list[tuple[str, str]]:
        badges = [severity(event, self.lang)]
        if any(page.corrected for page in sources):
            badges.append(("corrected", text("event.corrected", self.lang)))
        return badges

    def _why(self, event: Event, sources: Sequence[Found]) -> str:
        """What the earliest report that is as severe as the event was judged by."""
        for page in sources:
            if event.severity and page.severity == event.severity:
                label = text("decision.severity", self.lang)
                return dict(told.decisions(page.why, self.lang)).get(label, "")
        return ""

    def _source(self, page: Found) -> Source:
        lang = self.lang
        facts = [
            Fact(text("event.confidence", lang), numbers.percent(page.confidence, 0)),
            Fact(text("event.retrieved", lang), words.moment(page.retrieved)),
            Fact(text("event.hash", lang), page.sha256, code=True),
        ]
        decisions = told.decisions(page.why, lang)
        if page.joined:
            decisions.append((text("event.joined", lang), told.reason(page.joined, lang)))
        return Source(
            kind=text(f"page_kind.{page.kind}", lang),
            title=Link(told.title(page.title) or told.title(page.url), told.address(page.url)),
            site=told.title(page.site_name),
            official=official(page, lang),
            published=day(page, lang),
            facts=tuple(facts),
            gone=gone(page, lang),
            corrected=page.corrected,
            decisions=tuple(decisions),
        )


def _of(kind: str, sources: Sequence[Found]) -> list[Found]:
    return [page for page in sources if page.kind == kind]


def severity(event: Event, lang: str) -> tuple[str, str]:
    """How severe a breach is, or that the event is a good one: kind of badge, and words."""
    if event.severity is None:
        return event.polarity, text(f"polarity.{event.polarity}", lang)
    return event.severity, text(f"severity.{event.severity}", lang)


def gravity(event: Event) -> int:
    """A number to sort severities by: 0 of good events, 3 of major ones."""
    return SEVERITIES.index(event.severity) + 1 if event.severity else 0


def answered(event: Event, lang: str) -> str:
    """Day of the first response, or that there is none."""
    return event.answered.isoformat() if event.answered else text("event.no_answer", lang)


def yes_no(holds: bool, lang: str) -> str:
    """Yes or no, in words."""
    return text(f"yes_no.{'yes' if holds else 'no'}", lang)


def official(page: Found, lang: str) -> str:
    """Whether a public body runs the site, in words."""
    return text("event.official" if page.official else "event.media", lang)


def day(page: Found, lang: str) -> str:
    """Day of publication, or that the page shows none."""
    return page.published.isoformat() if page.published else text("event.no_day", lang)


def gone(page: Found, lang: str, *, briefly: bool = False) -> str:
    """Since when a page is there no more, in words; empty where it is there."""
    if page.gone is None:
        return ""
    return text("event.gone_briefly" if briefly else "event.gone", lang, day=page.gone.isoformat())
