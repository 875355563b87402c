"""The ranking page of a publication."""

from collections import defaultdict
from statistics import fmean, median
from typing import Any

from pipelines.pages import addresses, beside, exports, frame, numbers, words
from pipelines.pages.distribution import Distribution
from pipelines.pages.reading import Facts
from pipelines.pages.scorecard import index_change, rank_change
from templates.catalogue import text
from templates.layout import Fact, Link, Name
from templates.ranking.context import Average, CityRow, ClassRanking, Context
from warehouse.contracts.cities import REGIONS

TOP = 50


def context(facts: Facts, lang: str) -> Context:
    """Everything on the ranking page of a publication."""
    edition, folder = (
        facts.edition,
        addresses.publication(facts.edition.id, facts.period, facts.revision),
    )
    here = addresses.in_language(lang, folder)
    month = words.period(facts.period, lang)
    heading = frame.ranking_title(facts.period, lang)
    rows = [row for city_class in edition.classes for row in facts.ranking[city_class]]
    province = "province" if lang == "zh" else "province_en"
    provinces = dict.fromkeys(
        row["province"] for row in sorted(rows, key=lambda row: str(row["city_code"])[:2])
    )
    english = {row["province"]: row["province_en"] for row in rows}
    return Context(
        page=frame.page(
            f"{folder}/index.html",
            lang,
            title=heading,
            description=text("ranking.description", lang, period=month),
            simulated=facts.simulated,
            origin="computed",
            crumbs=((text("site.home", lang), addresses.HOME),),
            edition=edition.id,
            publication=folder,
        ),
        heading=heading,
        edition=frame.title_of(edition.id, lang),
        revision=frame.revision(facts.revision, lang),
        revisions=Link(
            text("period.revisions", lang),
            addresses.link(
                here, addresses.in_language(lang, addresses.month(edition.id, facts.period))
            ),
        ),
        beside=beside.of_ranking(edition, facts.period, lang),
        index_label=frame.index_label(edition.kind, lang),
        classes=tuple(_class(facts, city_class, province, lang) for city_class in edition.classes),
        class_titles=tuple(text(f"class_short.{name}", lang) for name in edition.classes),
        regions=tuple(
            Average(
                Name(text(f"region.{region}", lang), ""), _averages(facts, "region", region, lang)
            )
            for region in REGIONS
        ),
        provinces=tuple(
            Average(
                Name(name if lang == "zh" else english[name], ""),
                _averages(facts, "province", name, lang),
            )
            for name in provinces
        ),
        downloads=exports.downloads(here, f"{folder}/data", lang),
    )


def _class(facts: Facts, city_class: str, province: str, lang: str) -> ClassRanking:
    rows = facts.ranking[city_class]
    lines = tuple(_line(facts, row, province, lang) for row in rows)
    # Cities that share the last place of the top all stand in it.
    top = sum(row["rank"] <= TOP for row in rows)
    indexes = [row["index"] for row in rows]
    shown: list[tuple[str, str]] = [("cities", numbers.plain(len(rows)))]
    if rows:
        shown += [
            ("highest", rows[0]["index_printed"]),
            ("mean", numbers.fixed(fmean(indexes))),
            ("median", numbers.fixed(median(indexes))),
            ("lowest", rows[-1]["index_printed"]),
            ("mean_coverage", numbers.percent(fmean(row["coverage"] for row in rows))),
        ]
    title = text(f"class.{city_class}", lang)
    rest = lines[top:]
    return ClassRanking(
        id=city_class,
        title=title,
        facts=tuple(Fact(text(f"ranking.{key}", lang), value) for key, value in shown),
        top=lines[:top],
        rest=rest,
        rest_title=text("ranking.rest", lang, n=len(rest), first=rows[top]["rank"]) if rest else "",
        chart=Distribution(indexes, lang).chart(title),
    )


def _line(facts: Facts, row: dict[str, Any], province: str, lang: str) -> CityRow:
    return CityRow(
        rank=str(row["rank"]),
        name=words.both_names(row, lang),
        href=f"city/{row['city_code']}.html",
        province=row[province],
        index=row["index_printed"],
        index_change=index_change(facts, row, lang),
        rank_change=rank_change(facts, row, lang),
        coverage=numbers.percent(row["coverage"]),
    )


def _averages(facts: Facts, column: str, value: str, lang: str) -> tuple[tuple[str, str], ...]:
    cells = []
    for city_class in facts.edition.classes:
        indexes: dict[str, list[float]] = defaultdict(list)
        for row in facts.ranking[city_class]:
            indexes[row[column]].append(row["index"])
        found = indexes.get(value)
        cells.append(
            (numbers.fixed(fmean(found)), text("ranking.n_cities", lang, n=len(found)))
            if found
            else ("", "")
        )
    return tuple(cells)
