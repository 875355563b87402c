"""Pages about what monitoring found: events, ledgers, early warnings, watched sites."""

import csv
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from indicators.measures import catalogue
from pipelines.pages import (
    early_warnings,
    events,
    ledger,
    monitored,
    quality,
    reading,
    render_publication,
    scorecard,
    sites,
    words,
)
from pipelines.pages.monitored import Event, Monitored
from pipelines.pages.reading import Facts
from scrapers.web.verdict import WEIGHTS
from templates.catalogue import LANGS, text
from templates.environment import render
from tests.templates import found, invented
from warehouse.publication import Publication

pytestmark = pytest.mark.month

CITY = "320500"
WITHOUT = invented.CITIES[-1][0]


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    return invented.publish_invented(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def unwatched(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    return invented.publish_invented(tmp_path_factory.mktemp("unwatched"), watched=False)


@pytest.fixture(scope="module")
def facts(publication: Publication) -> Facts:
    return reading.read(publication)


@pytest.fixture(scope="module")
def known(publication: Publication, facts: Facts) -> Monitored:
    return monitored.read(publication, list(facts.index))


def _first(known: Monitored, *, answered: bool) -> Event:
    return next(
        event
        for of_city in known.events.values()
        for event in of_city
        if bool(event.answered) is answered and event.severity
    )


@pytest.mark.parametrize("lang", LANGS)
def test_an_event_shows_what_it_is_and_every_source_with_its_reasons(
    facts: Facts, known: Monitored, lang: str
) -> None:
    event = _first(known, answered=True)
    page = events.Events(facts, known, lang).page(event)
    shown = {fact.label: fact.value for fact in page.facts}
    assert shown[text("event.first_seen", lang)] == event.first_seen.isoformat()
    assert shown[text("event.answered", lang)] == str(event.answered)
    assert shown[text("event.field", lang)] == text(f"field.{event.field}", lang)
    assert text("told.criminal case", lang) in page.why
    assert len(page.sources) == event.reports + 1
    assert page.sources[-1].kind == text("page_kind.response", lang)
    assert [source.published for source in page.sources] == sorted(
        source.published for source in page.sources
    )
    for source in page.sources:
        assert {label for label, _ in source.decisions} >= {
            text(f"decision.{name}", lang) for name in found.WHY
        }
        assert "0123456789abcdef" * 4 in [fact.value for fact in source.facts]
    joined = [dict(source.decisions).get(text("event.joined", lang)) for source in page.sources]
    assert joined[0] is None
    assert all(joined[1:])


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_that_is_there_no_more_is_named_as_such(
    facts: Facts, known: Monitored, lang: str
) -> None:
    event = _first(known, answered=True)
    since = known.sources[event.event_id][0].gone
    assert since is not None
    page = events.Events(facts, known, lang).page(event)
    said = text("event.gone", lang, day=since.isoformat())
    assert [source.gone for source in page.sources] == [said, *[""] * (len(page.sources) - 1)]
    assert said in render("event", page, lang)
    gone = {key: [p._replace(gone=since) for p in pages] for key, pages in known.pages.items()}
    written = render(
        "ledger",
        ledger.Ledgers(facts, Monitored(known.events, known.sources, gone), lang).page(CITY),
        lang,
    )
    assert text("event.gone_briefly", lang, day=since.isoformat()) in written


def test_links_to_the_web_are_harmless(facts: Facts, known: Monitored) -> None:
    event = _first(known, answered=True)
    first, *rest = known.sources[event.event_id]
    unsafe = first._replace(url=found.UNSAFE, title="")
    pages = Monitored(known.events, {event.event_id: [unsafe, *rest]}, known.pages)
    written = render("event", events.Events(facts, pages, "zh").page(event), "zh")
    written += render("ledger", ledger.Ledgers(facts, known, "zh").page(CITY), "zh")
    assert f'href="{found.UNSAFE}' not in written
    assert found.UNSAFE in written
    outside = re.findall(r"<a [^>]*href=\"http[^>]*>", written)
    assert outside
    assert all('rel="noopener noreferrer nofollow"' in link for link in outside)


@pytest.mark.parametrize("title", [found.HOSTILE, found.TURNED, found.ENDLESS])
def test_hostile_titles_do_nothing(facts: Facts, known: Monitored, title: str) -> None:
    event = _first(known, answered=False)._replace(title=title)
    sources = [
        page._replace(title=title, site_name=title) for page in known.sources[event.event_id]
    ]
    pages = Monitored({event.city_code: [event]}, {event.event_id: sources}, {})
    for page, context in (
        ("event", events.Events(facts, pages, "en").page(event)),
        ("ledger", ledger.Ledgers(facts, pages, "en").page(event.city_code)),
        ("early_warnings", early_warnings.context(facts, pages, "en")),
    ):
        written = render(page, context, "en")
        assert not re.search(r"<script\b[^>]*>(?!</script>)", written)
        assert "\u202e" not in written
        assert len(written) < 40_000


def test_an_event_told_by_many_pages_stays_light_and_keeps_its_responses(
    facts: Facts, known: Monitored
) -> None:
    event = _first(known, answered=True)
    *reports, response = known.sources[event.event_id]
    why = json.dumps(dict.fromkeys(found.WHY, "违法" * 4000), ensure_ascii=False)
    many = [
        reports[0]._replace(url=f"http://www.site.example/{n}", title=found.ENDLESS, why=why)
        for n in range(1000)
    ]
    pages = Monitored(known.events, {event.event_id: [*many, response]}, known.pages)
    page = events.Events(facts, pages, "zh").page(event)
    assert page.sources[-1].kind == text("page_kind.response", "zh")
    assert page.more == text("event.sources_more", "zh", n=1001 - len(page.sources))
    assert len(render("event", page, "zh").encode()) < 30_000


def test_what_an_operator_corrected_is_marked(facts: Facts, known: Monitored) -> None:
    event = _first(known, answered=False)
    for corrected in (True, False):
        sources = [p._replace(corrected=corrected) for p in known.sources[event.event_id]]
        pages = Monitored(known.events, {event.event_id: sources}, known.pages)
        page = events.Events(facts, pages, "zh").page(event)
        assert ("corrected" in dict(page.badges)) is corrected
        assert {source.corrected for source in page.sources} == {corrected}


def test_the_leaves_that_rest_on_pages_lead_to_their_section(facts: Facts) -> None:
    tree = scorecard.Cards(facts, "zh").card(CITY).tree
    links = {row.anchor: row.ledger.href for row in tree if row.ledger}
    assert {name: href.partition("#")[2] for name, href in links.items()} == {
        "trust_exemplars": "exemplar",
        "focused_governance": "events",
        "repair_commitments": "pledge",
        "serious_breaches": "events",
        "breach_feedback": "events",
        "event_disclosure": "events",
        "national_rules": "rule",
        "outline_coverage": "rule",
        "innovative_rules": "rule",
        "trust_propaganda": "propaganda",
        "credit_pledges": "pledge",
        "risk_warnings": "risk_warning",
    }
    assert {href.partition("#")[0] for href in links.values()} == {f"../ledger/{CITY}.html"}


def test_a_month_that_watched_no_site_has_no_ledgers_and_says_so(
    unwatched: Publication, tmp_path: Path
) -> None:
    render_publication(unwatched, tmp_path, workers=1)
    assert not [*(tmp_path / "zh" / "ledger").iterdir(), *(tmp_path / "zh" / "event").iterdir()]
    for page, key in (("warnings", "warnings"), ("sites", "sites"), ("quality", "sites")):
        written = (tmp_path / "zh" / f"{page}.html").read_text(encoding="utf-8")
        assert text(f"{key}.not_watched", "zh") in written
    card = (tmp_path / "zh" / "city" / f"{CITY}.html").read_text(encoding="utf-8")
    assert "../ledger/" not in card
    assert json.loads((tmp_path / "data" / "events.json").read_bytes())["rows"] == []


@pytest.mark.parametrize("lang", LANGS)
def test_a_ledger_lists_all_events_of_the_city_newest_first(
    facts: Facts, known: Monitored, lang: str
) -> None:
    page = ledger.Ledgers(facts, known, lang).page(CITY)
    told = known.events[CITY]
    assert [line.title.href for line in page.events] == [
        f"../event/{event.event_id}.html" for event in told
    ]
    assert [line.seen for line in page.events] == sorted(
        (e.seen for e in page.events), reverse=True
    )
    counts = {fact.label: fact.value for fact in page.facts}
    assert counts[text("ledger.events", lang)] == str(len(told))
    assert counts[text("ledger.grave", lang)] == str(sum(event.grave for event in told))
    marks = [dict(line.marks) for line in page.events]
    for filter_ in page.filters:
        values = {mark[filter_.name] for mark in marks} - {""}
        assert {value for value, _ in filter_.options} == values


def test_a_ledger_lists_the_other_pages_with_what_each_counts_for(
    facts: Facts, known: Monitored
) -> None:
    sections = {s.id: s for s in ledger.Ledgers(facts, known, "zh").page(CITY).sections}
    assert tuple(sections) == found.OTHERS
    for kind, section in sections.items():
        (item,) = section.items
        (page,) = known.pages[CITY, kind]
        assert item.title.href == page.url
        assert item.published == "2019-06-10"
        assert item.site == page.site_name
        if page.subjects:
            assert item.counts == str(page.subjects)
    assert sections["rule"].items[0].counts == "国办发〔2016〕33号；信用体系、金融"
    assert sections["propaganda"].counts == ""


def test_a_city_of_which_nothing_was_found_has_a_ledger_that_says_so(
    facts: Facts, known: Monitored
) -> None:
    written = render("ledger", ledger.Ledgers(facts, known, "zh").page(WITHOUT), "zh")
    assert text("ledger.no_events", "zh") in written
    assert written.count(text("ledger.no_pages", "zh")) == len(found.OTHERS)


@pytest.mark.parametrize("more", [0, 5])
def test_a_scored_value_that_is_not_what_is_listed_says_why(
    facts: Facts, known: Monitored, more: int
) -> None:
    scored = facts.observations[CITY]
    value = float(len(known.events[CITY]) + more)
    observed = {**scored, "events_12m": next(iter(scored.values()))._replace(value=value)}
    changed = replace(facts, observations={**facts.observations, CITY: observed})
    page = ledger.Ledgers(changed, known, "zh").page(CITY)
    name = text("ledger.differs", "zh", listed=f"{len(known.events[CITY])}件")
    shown = [v.differs for v in page.values if v.leaves[0].href.endswith("#event_disclosure")]
    assert shown[0] == (name if more else "")


@pytest.mark.parametrize(("value", "more"), [(0.0, False), (1.0, False), (2.0, True)])
def test_pages_may_stand_for_less_than_they_are_and_never_for_more(
    facts: Facts, known: Monitored, value: float, more: bool
) -> None:
    scored = facts.observations[CITY]
    observed = {
        **scored,
        **{
            measure: next(iter(scored.values()))._replace(value=value)
            for measure in ("risk_warnings_12m", "propaganda_items_12m", "innovative_rules")
        },
    }
    changed = replace(facts, observations={**facts.observations, CITY: observed})
    sections = {s.id: s for s in ledger.Ledgers(changed, known, "zh").page(CITY).sections}
    for kind in ("risk_warning", "propaganda"):
        (shown,) = sections[kind].values
        assert bool(shown.differs) is more
    # Its one rule carries out a national document.
    assert bool(sections["rule"].values[-1].differs) is (value > 0)


@pytest.mark.parametrize("lang", LANGS)
def test_early_warnings_are_the_grave_events_that_the_month_first_saw(
    facts: Facts, known: Monitored, lang: str
) -> None:
    page = early_warnings.context(facts, known, lang)
    wanted = {
        event.event_id
        for of_city in known.events.values()
        for event in of_city
        if event.severity in ("serious", "major") and f"{event.first_seen}"[:7] == "2019-06"
    }
    shown = [line for each in page.classes for line in each.events]
    assert {line.title.href for line in shown} == {f"event/{name}.html" for name in wanted}
    for each in page.classes:
        order = [(not line.open, -line.gravity) for line in each.events]
        assert order == sorted(order)
        said = text(
            "warnings.summary", lang, n=len(order), open=sum(not closed for closed, _ in order)
        )
        assert each.summary == said
    for line in shown:
        assert line.ledger.startswith("ledger/")
        assert date.fromisoformat(line.seen).month == 6


def test_many_early_warnings_are_cut_and_the_rest_is_in_the_data(
    facts: Facts, known: Monitored, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = early_warnings.context(facts, known, "zh").classes[0]
    monkeypatch.setattr(early_warnings, "MOST", 1)
    cut = early_warnings.context(facts, known, "zh").classes[0]
    assert cut.events == every.events[:1]
    assert cut.more == text("warnings.more", "zh", n=len(every.events) - 1)
    assert cut.summary == every.summary


@pytest.mark.parametrize("lang", LANGS)
def test_sites_that_failed_come_first_with_their_reasons_in_words(
    publication: Publication, facts: Facts, lang: str
) -> None:
    page = sites.context(facts, publication.frame("sites"), facts.index, lang)
    assert [site.kind for site in page.sites] == sorted(site.kind for site in page.sites)
    assert len(page.sites) == len(WEIGHTS)
    shown = " ".join(site.reasons for site in page.sites)
    for reason in WEIGHTS:
        assert text(f"site_reason.{reason}", lang) in shown
    *families, total = page.families
    verdicts = [*WEIGHTS.values()]
    assert (total.suspect, total.failed) == tuple(
        str(verdicts.count(verdict)) for verdict in ("suspect", "failed")
    )
    assert sum(int(family.sites) for family in families) == int(total.sites) == len(WEIGHTS) + 9
    assert page.summary == quality.context(publication, lang).sites_summary


@pytest.mark.parametrize(
    ("details", "said"),
    [
        (None, "nothing new for long"),
        ({"nothing_new": ["400"]}, "nothing new for long (400 days)"),
        ({"layout_changed": ["/col/a.html", "text"]}, "its layout changed (/col/a.html, text)"),
        ({"layout_changed": ["/a", "/b", "/c", "/d"]}, "its layout changed (/a, /b, /c, …)"),
        ({"robots_down": ["status_503"]}, "nothing may be asked for (status 503)"),
        ({"unfinished": ["off_hours"]}, "the next crawl goes on (outside its hours)"),
        ({"list_missed": ["<b>\u202e/a"]}, "something may be lacking (<b>/a)"),
    ],
)  # fmt: skip
def test_what_a_reason_is_about_is_said_with_it(
    details: dict[str, list[str]] | None, said: str
) -> None:
    reason = next(iter(details or {"nothing_new": []}))
    row = {"reasons": reason, "details": details and json.dumps(details)}
    assert sites.reasons(row, "en").endswith(said)


def test_a_measure_that_a_reason_is_about_is_named() -> None:
    row = {"reasons": "counter_missing", "details": '{"counter_missing": ["service_items"]}'}
    name = words.measure_name(catalogue()["service_items"], "zh")
    assert sites.reasons(row, "zh") == f"{text('site_reason.counter_missing', 'zh')}（{name}）"


def test_a_reason_or_family_that_is_known_no_more_is_shown_as_it_is(
    publication: Publication, facts: Facts
) -> None:
    rows = publication.frame("sites").head(1)
    odd = rows.with_columns(reasons=pl.lit("gone, duplicates"), family=pl.lit("old_family"))
    page = sites.context(facts, odd, facts.index, "en")
    assert page.sites[0].reasons == f"gone; {text('site_reason.duplicates', 'en')}"
    assert page.families[0].title == "old_family"


def test_downloads_hold_everything_and_run_nothing(
    publication: Publication, tmp_path: Path
) -> None:
    render_publication(publication, tmp_path, workers=1)
    for name in ("events", "pages", "sites"):
        frame = publication.frame(name)
        rows = json.loads((tmp_path / "data" / f"{name}.json").read_bytes())["rows"]
        assert len(rows) == len(frame)
        assert {row["simulated"] for row in rows} == {True}
    with (tmp_path / "data" / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = {row["title"] for row in csv.DictReader(file)}
    assert f"'{found.TURNED}" in titles
    assert not [title for title in titles if title.startswith("=")]
