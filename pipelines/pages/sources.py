"""The page of all declared sources: what each is, what hangs on it, and what it brought."""

from collections.abc import Mapping, Sequence
from typing import Any

from indicators.edition import CURRENT, load
from indicators.measures import catalogue
from pipelines.asked import asked_of
from pipelines.pages import addresses, frame, numbers, reference, words
from scrapers.declaration import Source, sources
from scrapers.record_kinds import RECORD_KINDS
from scrapers.sources.monitoring.sites import sites
from scrapers.sources.provider.providers import providers
from templates.catalogue import text
from templates.layout import Fact, Link
from templates.sources import context as page
from warehouse.publication import Publication

MONTHS = 12
_LAST_DAY = 31
Brought = Mapping[str, Mapping[str, tuple[Publication, dict[str, Any]]]]
"""By source and month: the revision that stands, and its row of the contract `Quality`."""


def context(publications: Sequence[Publication], lang: str) -> page.Context:
    """Everything on the page.

    Args:
        publications: all publications, by edition, month and revision.
        lang: language of the page.
    """
    brought = _brought(publications)
    ordered = sorted(sources().values(), key=lambda source: source.frequency == "once")
    return page.Context(
        page=frame.page(
            addresses.SOURCES,
            lang,
            title=text("sources.title", lang),
            description=text("sources.description", lang),
            simulated=any(publication.simulated for publication in publications),
            origin="reference",
            crumbs=((text("site.home", lang), addresses.HOME),),
        ),
        sources=tuple(_source(source, brought, lang) for source in ordered),
        downloads=reference.downloads(addresses.SOURCES, reference.SOURCES, lang),
    )


def _brought(publications: Sequence[Publication]) -> Brought:
    """What is known of the newest months, from the current edition where it was published."""
    stand = {(p.edition != CURRENT, p.edition, p.period): p for p in publications}
    by_month: dict[str, Publication] = {}
    for (_, _, period), publication in sorted(stand.items(), key=lambda item: item[0]):
        by_month.setdefault(period, publication)
    found: dict[str, dict[str, tuple[Publication, dict[str, Any]]]] = {}
    for period in sorted(by_month, reverse=True)[:MONTHS]:
        for row in by_month[period].frame("quality").iter_rows(named=True):
            found.setdefault(row["source_id"], {})[period] = (by_month[period], row)
    return found


def _source(source: Source, brought: Brought, lang: str) -> page.Source:
    address, link = address_in_words(source.address, lang)
    measures = _measures(source, lang)
    return page.Source(
        id=source.id,
        title=words.source_title(source.id, lang),
        simulated=source.simulated,
        facts=tuple(
            Fact(text(f"sources.{label}", lang), value) for label, value in _facts(source, lang)
        ),
        address=address,
        link=link,
        access=source.access_zh if lang == "zh" else source.access_en,
        persons=text(f"sources.persons_{'yes' if source.personal_data else 'no'}", lang),
        measures_title=text("sources.measures", lang, n=len(measures)),
        measures=tuple(measures),
        record_kinds=tuple(_record_kinds(source, lang)),
        providers=tuple(
            page.Provider(
                name=words.provider_name(provider.id, lang),
                address=address_in_words(provider.address, lang)[0],
                scale=numbers.plain(provider.scale),
                per_second=numbers.plain(provider.per_second),
            )
            for provider in (providers().values() if source.format == "indexes" else ())
        ),
        sites=tuple(
            page.Site(
                name=text(f"monitoring.{site}", lang), address=address_in_words(pattern, lang)[0]
            )
            for site, pattern in (sites().items() if source.id == "monitoring" else ())
        ),
        months=tuple(
            _month(publication, row, lang)
            for publication, row in brought.get(source.id, {}).values()
        ),
    )


def _facts(source: Source, lang: str) -> list[tuple[str, str]]:
    if source.frequency in ("once", "half-yearly"):
        frequency = text(f"sources.{source.frequency}", lang)
    elif source.due_day == _LAST_DAY:
        frequency = text("sources.monthly_no_day", lang)
    else:
        frequency = text("sources.monthly", lang, day=source.due_day)
    limits = [
        (
            f"expected_{name}",
            text(
                "sources.expected_range",
                lang,
                least=numbers.plain(limit.min),
                most=numbers.plain(limit.max),
            ),
        )
        for name, limit in (("cities", source.expect.cities), ("records", source.expect.records))
    ]
    return [
        ("publisher", source.publisher_zh if lang == "zh" else source.publisher_en),
        ("kind", text(f"source.{source.kind}", lang)),
        ("format", text(f"format.{source.format}", lang)),
        ("frequency", frequency),
        ("history", text(f"sources.history_{'yes' if source.history else 'no'}", lang)),
        *limits,
        ("simulated", text("simulated.label" if source.simulated else "sources.real", lang)),
    ]


def address_in_words(address: str, lang: str) -> tuple[str, str]:
    """An address in words, and as a link where it is one."""
    scheme, _, rest = address.partition(":")
    if scheme in ("http", "https"):
        return address, address
    key = {"sandbox": "in_sandbox", "inbox": "by_hand", "packaged": "with_project"}[scheme]
    return " ".join(part for part in (text(f"sources.{key}", lang), rest) if part), ""


def _measures(source: Source, lang: str) -> list[page.Measure]:
    """What a source brings month by month, and the leaves of the current edition that need it."""
    if source.frequency == "once":
        return []
    edition = load(CURRENT)
    method = addresses.methodology(edition.id)
    made = []
    for measure in asked_of(source).values():
        made.append(
            page.Measure(
                name=words.measure_name(measure, lang),
                id=measure.id,
                unit=words.unit(measure.unit, None, lang).strip() or numbers.NONE,
                leaves=tuple(
                    Link(words.LeafWords(leaf, lang).name, f"{method}#{leaf.id}")
                    for leaf in edition.leaves
                    if measure.id in leaf.expression.measures
                ),
            )
        )
    return made


def _record_kinds(source: Source, lang: str) -> list[page.RecordKind]:
    return [
        page.RecordKind(
            name=text(f"record_kind.{kind.id}", lang),
            columns=("city_code", *kind.columns),
            measures=tuple(words.measure_name(catalogue()[m], lang) for m in kind.measures),
        )
        for kind in RECORD_KINDS.values()
        if kind.source_id == source.id
    ]


def _month(publication: Publication, row: Mapping[str, Any], lang: str) -> page.Month:
    folder = addresses.publication(publication.edition, publication.period, publication.revision)
    return page.Month(
        period=Link(words.period(publication.period, lang), addresses.quality(folder)),
        short=row["short"],
        files=numbers.plain(row["files"]),
        late=numbers.plain(row["late_files"]),
        cities=numbers.plain(row["cities"]),
        values=numbers.plain(row["records"]),
        refused=numbers.plain(row["refused"]),
    )
