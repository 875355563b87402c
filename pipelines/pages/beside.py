"""Published lists beside the ranks that were computed for their month, never mixed."""

import posixpath
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import polars as pl

from indicators.agreement import FEWEST, Agreement, agreement
from indicators.edition import CURRENT, Edition
from pipelines.pages import addresses, exports, frame, numbers, published, reading, words
from pipelines.pages.bridge import change
from scrapers import packaged
from scrapers.declaration import sources
from templates.beside import context as page
from templates.catalogue import text
from templates.layout import Download, Fact, Link
from templates.published.context import Beside
from warehouse.contracts.columns import CITY_CLASSES
from warehouse.contracts.exported import BesidePublished
from warehouse.publication import Publication


class Pair(NamedTuple):
    """An issue of a published list and the publication that it stands beside."""

    issue: str
    publication: Publication


def month_of(of_issue: pl.DataFrame) -> str:
    """The month that a list belongs to: the last of its window, else the one its issue is named after.

    It is the month whose registry the names of the list were read by, so that codes are the same.
    """
    return str(of_issue["month"].max())


def pairs(rankings: pl.DataFrame, newest: Iterable[Publication]) -> Iterator[Pair]:
    """Every issue with each monitoring edition that its month was published under.

    Args:
        rankings: `core_published_rankings__issue_city`.
        newest: the revision that stands of every month and edition.
    """
    by_month: dict[str, list[Publication]] = {}
    for publication in newest:
        if reading.edition_of(publication).kind == "monitoring":
            by_month.setdefault(publication.period, []).append(publication)
    for issue in published.issues(rankings):
        month = month_of(rankings.filter(pl.col("issue") == issue))
        for publication in by_month.get(month, []):
            yield Pair(issue, publication)


def context(pair: Pair, rankings: pl.DataFrame, lang: str) -> page.Context:
    """Everything on the page of an issue beside a publication."""
    issue, publication = pair
    of_issue = rankings.filter(pl.col("issue") == issue).sort("city_class", "rank", "city")
    edition, period = publication.edition, publication.period
    address = addresses.beside(edition, period, issue)
    here = addresses.folder(addresses.in_language(lang, address))
    month = words.period(period, lang)
    title = published.issue_title(issue, lang)
    heading = text("beside.title", lang, issue=title)
    revision = f"r{publication.revision}"
    return page.Context(
        page=frame.page(
            address,
            lang,
            title=heading,
            description=text(
                "beside.description",
                lang,
                issue=title,
                edition=frame.title_of(edition, lang),
                period=month,
            ),
            simulated=publication.simulated,
            origin="computed",
            crumbs=(
                (text("site.home", lang), addresses.HOME),
                (frame.ranking_title(period, lang), addresses.month(edition, period)),
            ),
            edition=edition,
        ),
        heading=heading,
        publisher=published.published_by(of_issue, lang),
        sources=tuple(published.cited(each) for each in of_issue["citation"].unique().sort()),
        computed_as=text(
            "beside.computed_as",
            lang,
            edition=frame.title_of(edition, lang),
            period=month,
            revision=publication.revision,
        ),
        which=_which(of_issue, month, lang),
        inputs=_inputs(publication, lang),
        links=(
            Link(
                text("beside.see_issue", lang),
                addresses.link(here, addresses.in_language(lang, addresses.issue(issue))),
            ),
            Link(text("beside.see_ranking", lang), f"{revision}/index.html"),
            Link(text("beside.see_quality", lang), addresses.quality(revision)),
        ),
        classes=_sections(of_issue, publication, lang),
        method=text("beside.method", lang, fewest=FEWEST),
        downloads=(
            Download(
                text("downloads.beside_published", lang),
                exports.links(addresses.link(here, address.removesuffix(".html"))),
            ),
        ),
    )


def table(pair: Pair, rankings: pl.DataFrame) -> pl.DataFrame:
    """Every line of the list beside the computed ranks, of the contract `BesidePublished`."""
    listed = rankings.filter(pl.col("issue") == pair.issue).sort("city_class", "rank", "city")
    found = agreement(listed, pair.publication.frame("index"))
    columns = BesidePublished.column_names()
    rows = [
        each.rows.with_columns(city_class=pl.lit(each.city_class)).select(columns) for each in found
    ]
    return pl.concat([BesidePublished.create_empty(), *rows], how="vertical_relaxed")


def of_issue(issue: str, rankings: pl.DataFrame, found: Iterable[Pair], lang: str) -> Beside:
    """Where an issue stands beside computed ranks, or what would have to be run that it did."""
    here = addresses.folder(addresses.in_language(lang, addresses.issue(issue)))
    month = month_of(rankings.filter(pl.col("issue") == issue))
    links = tuple(
        Link(
            text(
                "beside.see",
                lang,
                edition=frame.title_of(publication.edition, lang),
                period=words.period(month, lang),
            ),
            addresses.link(
                here,
                addresses.in_language(lang, addresses.beside(publication.edition, month, issue)),
            ),
        )
        for name, publication in found
        if name == issue
    )
    if links:
        return Beside(links, "", ())
    return Beside(
        (),
        text("beside.none", lang, period=words.period(month, lang)),
        (
            f"cci backfill --edition {CURRENT} --from {month} --to {month}",
            f"cci publish --edition {CURRENT} --period {month}",
        ),
    )


def of_month(publication: Publication, found: Iterable[Pair], lang: str) -> tuple[Link, ...]:
    """Links from the page of a month to the lists it stands beside."""
    return tuple(
        Link(
            text("beside.see_published", lang, issue=published.issue_title(issue, lang)),
            posixpath.basename(addresses.beside(publication.edition, publication.period, issue)),
        )
        for issue, beside in found
        if (beside.edition, beside.period) == (publication.edition, publication.period)
    )


def of_ranking(edition: Edition, period: str, lang: str) -> tuple[Link, ...]:
    """Links from the ranking of a month to where it stands beside published lists.

    The lists are packaged, so a ranking can be linked to them before the site around it is made.
    """
    if edition.kind != "monitoring":
        return ()
    return tuple(
        Link(
            text("beside.see_published", lang, issue=published.issue_title(issue, lang)),
            f"../{posixpath.basename(addresses.beside(edition.id, period, issue))}",
        )
        for issue in published.issues(_packaged().filter(pl.col("month") == period))
    )


@cache
def _packaged() -> pl.DataFrame:
    """Issues and months of the lists that come with the project."""
    return packaged.rows(packaged.path(sources()["published_rankings"]).read_bytes())


def _which(of_issue: pl.DataFrame, month: str, lang: str) -> str:
    """Why the month belongs to the list."""
    if of_issue["window"].null_count() < len(of_issue):
        window = published.window_of(of_issue, lang)
        return text("beside.which_window", lang, window=window, period=month)
    return text("beside.which_issue", lang, period=month)


def _inputs(publication: Publication, lang: str) -> str:
    if publication.simulated:
        return text("beside.inputs_simulated", lang)
    files = numbers.plain(len(publication.manifest["inputs"]))
    return text("beside.inputs_real", lang, files=files)


def _sections(
    of_issue: pl.DataFrame, publication: Publication, lang: str
) -> tuple[page.ClassSection, ...]:
    ranking = publication.frame("ranking")
    found = {each.city_class: each for each in agreement(of_issue, publication.frame("index"))}
    indexes = dict(ranking.select("city_code", "index_printed").iter_rows())
    sizes = dict(ranking.group_by("city_class").len().iter_rows())
    return tuple(
        page.ClassSection(
            id=city_class,
            title=text(f"class.{city_class}", lang),
            facts=_facts(found[city_class], sizes.get(city_class, 0), lang),
            lines=tuple(
                _line(row, indexes, publication.revision, lang)
                for row in found[city_class].rows.iter_rows(named=True)
            ),
        )
        for city_class in CITY_CLASSES
        if city_class in found
    )


def _facts(found: Agreement, ranked: int, lang: str) -> tuple[Fact, ...]:
    return tuple(
        Fact(text(key, lang), value)
        for key, value in (
            ("beside.lines", str(len(found.rows))),
            ("beside.ranked", str(ranked)),
            ("beside.both", str(found.correlation.cities)),
            ("bridge.spearman", numbers.fixed(found.correlation.spearman, 3)),
            ("bridge.kendall", numbers.fixed(found.correlation.kendall, 3)),
        )
    )


def _line(row: dict[str, Any], indexes: dict[str, str], revision: int, lang: str) -> page.Line:
    computed = row["computed"] is not None
    return page.Line(
        city=published.name_of(row, lang),
        href=f"r{revision}/city/{row['city_code']}.html" if computed else "",
        published_rank=str(row["rank"]),
        published_score=row["score"] or numbers.NONE,
        published_place=numbers.plain(row["published_place"]),
        computed_rank=numbers.plain(row["computed"]),
        computed_index=indexes[row["city_code"]] if computed else numbers.NONE,
        computed_place=numbers.plain(row["computed_place"]),
        apart=change(row["apart"]),
    )
