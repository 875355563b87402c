"""The page of watched sites: totals by family, and the sites whose crawl was not good, with reasons."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from indicators.measures import catalogue as measures
from pipelines.pages import addresses, exports, frame, numbers, told, words
from pipelines.pages.reading import Facts
from scrapers.web.family import families
from templates import catalogue
from templates.catalogue import text
from templates.layout import Link
from templates.sites.context import Context, Family, Watched

MOST = 400
"""Sites that are listed one by one."""
_SHOWN = 3
"""Lists, parts and the like that are named with a reason."""
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
        page=frame.below_ranking(
            facts,
            addresses.sites(folder),
            lang,
            title=heading,
            description=text("sites.description", lang, period=month),
            above=((text("quality.short_title", lang), addresses.quality(folder)),),
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
        reasons=reasons(row, lang),
        complete=row["complete"].isoformat() if row["complete"] else text("sites.never", lang),
        asked=numbers.plain(row["asked"]),
        articles=numbers.plain(row["articles"]),
    )


def reasons(row: Mapping[str, Any], lang: str) -> str:
    """Why the crawl of a site was not good, in words, the gravest reason first."""
    details: Mapping[str, list[str]] = json.loads(row["details"] or "{}")
    return text("site.semicolon", lang).join(
        _reason(key, details.get(key, []), lang)
        for key in map(str.strip, row["reasons"].split(","))
        if key
    )


def _reason(key: str, details: Sequence[str], lang: str) -> str:
    """A reason and what it is about; the key of a reason that is known no more."""
    said = text(f"site_reason.{key}", lang) if catalogue.has(f"site_reason.{key}") else key
    if not details:
        return said
    of_days = key == "nothing_new"
    about = [
        text("site_detail.days", lang, n=one) if of_days else _detail(one, lang)
        for one in details[:_SHOWN]
    ] + ["…"] * (len(details) > _SHOWN)
    return text("site_detail.with", lang, said=said, about=text("site.join", lang).join(about))


def _detail(detail: str, lang: str) -> str:
    """What a reason is about: a part, a measure or a way to fail in words, an address as it is."""
    if detail.startswith("status_"):
        return text("site_detail.status", lang, n=detail.removeprefix("status_"))
    if detail in measures():
        return words.measure_name(measures()[detail], lang)
    key = f"site_detail.{detail}"
    return text(key, lang) if catalogue.has(key) else told.harmless(detail)
