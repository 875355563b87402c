"""The site's first page: editions, their months, and the published lists."""

from collections import defaultdict
from collections.abc import Sequence

import polars as pl

from indicators import edition as editions
from pipelines.pages import addresses, frame, methodology, numbers, published, words
from templates.catalogue import text
from templates.home.context import Context, Edition, Leader, Month
from templates.layout import Link
from warehouse.publication import Publication


def context(
    publications: Sequence[Publication], rankings: pl.DataFrame, cohorts: pl.DataFrame, lang: str
) -> Context:
    """Everything on the first page."""
    months: dict[str, dict[str, list[Publication]]] = defaultdict(lambda: defaultdict(list))
    for publication in publications:
        months[publication.edition][publication.period].append(publication)
    made = [_edition(edition_id, months[edition_id], lang) for edition_id in editions.public_ids()]
    current = next(each for each in made if each.id == editions.CURRENT)
    return Context(
        page=frame.page(
            addresses.HOME,
            lang,
            title=text("home.title", lang),
            description=text("home.description", lang),
            simulated=any(publication.simulated for publication in publications),
            origin="computed",
            searched=_searched(months[editions.CURRENT]),
        ),
        current=current,
        others=tuple(each for each in made if each is not current),
        assessments=Link(text("assessment.list", lang), addresses.ASSESSMENTS),
        reports=Link(text("report.list", lang), addresses.REPORTS),
        editions=Link(text("editions.short", lang), addresses.EDITIONS),
        sources=Link(text("sources.title", lang), addresses.SOURCES),
        published=published.overview(addresses.in_language(lang, ""), rankings, cohorts, lang),
        downloads=published.downloads(addresses.in_language(lang, "").rstrip("/"), lang),
    )


def _searched(months: dict[str, list[Publication]]) -> str | None:
    """Folder of the newest publication of an edition, whose cities are searched."""
    if not months:
        return None
    newest = months[max(months)][-1]
    return addresses.publication(newest.edition, newest.period, newest.revision)


def _edition(edition_id: str, months: dict[str, list[Publication]], lang: str) -> Edition:
    loaded = editions.load(edition_id)
    newest, leaders = None, []
    if months:
        period = max(months)
        publication = months[period][-1]
        folder = f"{edition_id}/{period}/r{publication.revision}"
        newest = Link(frame.ranking_title(period, lang), f"{folder}/index.html")
        first = publication.frame("ranking").filter(pl.col("rank") == 1).sort("city_code")
        for city_class in loaded.classes:
            for row in (
                first.filter(pl.col("city_class") == city_class).head(1).iter_rows(named=True)
            ):
                leaders.append(
                    Leader(
                        class_title=text(f"class.{city_class}", lang),
                        city=Link(
                            words.name_of(row, lang), f"{folder}/city/{row['city_code']}.html"
                        ),
                        province=words.province_of(row, lang),
                        index=row["index_printed"],
                    )
                )
    return Edition(
        id=edition_id,
        draft=loaded.status == "draft",
        title=frame.title_of(edition_id, lang),
        citation=loaded.citation,
        facts=methodology.counts(loaded, lang),
        methodology=Link(text("methodology.short", lang), addresses.methodology(edition_id)),
        newest=newest,
        leaders=tuple(leaders),
        months=tuple(
            Month(
                period=Link(
                    words.period(period, lang),
                    f"{edition_id}/{period}/r{revisions[-1].revision}/index.html",
                ),
                revisions=Link(
                    text("home.n_revisions", lang, n=len(revisions)),
                    addresses.month(edition_id, period),
                ),
                quality=Link(
                    text("home.see_quality", lang),
                    addresses.quality(
                        addresses.publication(edition_id, period, revisions[-1].revision)
                    ),
                ),
                cities=numbers.plain(revisions[-1].manifest["rows"]["ranking"]),
                simulated=revisions[-1].simulated,
            )
            for period, revisions in sorted(months.items(), reverse=True)
        ),
    )
