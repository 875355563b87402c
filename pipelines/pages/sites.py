"""The page of watched sites: totals by family, and the sites whose crawl was not good, with reasons."""

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from pipelines.pages import addresses, exports, frame, numbers, told, words
from pipelines.pages.reading import Facts
from scrapers.web.family import families
from templates import catalogue
from templates.catalogue import text
from templates.layout import Link
from templates.sites.context import Context, Family, Watched

MOST = 400
"""Sites that are listed one by one."""
_VERDICTS = ("good", "suspect", "failed")


def context(facts: Facts, sites: pl.DataFrame, codes: Collection[str], lang: str) -> Context:
    """Everything on the page.

    Args:
        facts: of the publication.
        sites: `landing_sites__period`.
        codes: cities that have a ledger.
        lang: language.
    """
    folder = addresses.publication(facts.edition.id, facts.period, facts.revision)
    here = addresses.in_language(lang, folder)
    month = words.period(facts.period, lang)
    heading = text("sites.title", lang, period=month)
    rows = sites.to_dicts()
    odd = [row for row in rows if row["verdict"] != "good"]
    odd.sort(key=lambda row: (-_VERDICTS.index(row["verdict"]), row["family"], row["site_id"]))
    more = len(odd) - MOST
    return Context(
        page=frame.page(
            addresses.sites(folder),
            lang,
            title=heading,
            description=text("sites.description", lang, period=month),
            simulated=facts.simulated,
            origin="computed",
            crumbs=(
                (text("site.home", lang), addresses.HOME),
                (frame.ranking_title(facts.period, lang), f"{folder}/index.html"),
                (text("quality.short_title", lang), addresses.quality(folder)),
            ),
            edition=facts.edition.id,
            publication=folder,
            tables=True,
        ),
        heading=heading,
        revision=frame.revision(facts.revision, lang),
        quality=Link(text("quality.short_title", lang), "quality.html"),
        summary=summary(sites, lang),
        families=tuple(_families(rows, lang)),
        sites=tuple(_site(facts, row, codes, lang) for row in odd[:MOST]),
        more=text("sites.more", lang, n=numbers.plain(more)) if more > 0 else "",
        downloads=exports.downloads(here, f"{folder}/data", lang, ("sites",)),
    )


def summary(sites: pl.DataFrame, lang: str) -> str:
    """How many sites were watched and how their crawls went, in words."""
    if sites.is_empty():
        return text("sites.not_watched", lang)
    counts = {name: numbers.plain((sites["verdict"] == name).sum()) for name in _VERDICTS}
    return text("sites.summary", lang, n=numbers.plain(len(sites)), **counts)


def _families(rows: Sequence[dict[str, Any]], lang: str) -> list[Family]:
    """Totals by family, and of all."""
    if not rows:
        return []
    names = sorted({row["family"] for row in rows})
    groups = [(_title(name, lang), [r for r in rows if r["family"] == name]) for name in names]
    return [
        Family(
            title=title,
            sites=numbers.plain(len(group)),
            **{
                verdict: numbers.plain(sum(row["verdict"] == verdict for row in group))
                for verdict in _VERDICTS
            },
            asked=numbers.plain(sum(row["asked"] for row in group)),
            articles=numbers.plain(sum(row["articles"] for row in group)),
        )
        for title, group in (*groups, (text("sites.all", lang), rows))
    ]


def _title(name: str, lang: str) -> str:
    """A family's declared title; its name where it is declared no more."""
    family = families().get(name)
    if family is None:
        return name
    return family.title_zh if lang == "zh" else family.title_en


def _site(facts: Facts, row: dict[str, Any], codes: Collection[str], lang: str) -> Watched:
    code, city = row["city_code"], None
    if code in codes:
        city = Link(words.name_of(facts.cities[code], lang), f"ledger/{code}.html")
    return Watched(
        name=told.title(row["site_name"]),
        city=city,
        family=_title(row["family"], lang),
        kind=row["verdict"],
        verdict=text(f"verdict.{row['verdict']}", lang),
        gravity=_VERDICTS.index(row["verdict"]),
        reasons=text("site.semicolon", lang).join(
            _reason(key, lang) for key in row["reasons"].split(",") if key
        ),
        asked=numbers.plain(row["asked"]),
        articles=numbers.plain(row["articles"]),
    )


def _reason(key: str, lang: str) -> str:
    """Why a crawl was not good; the key of a reason that is known no more."""
    key = key.strip()
    return text(f"site_reason.{key}", lang) if catalogue.has(f"site_reason.{key}") else key
