"""The page that lists all cities of a publication by province."""

from typing import Any

from pipelines.pages import addresses, frame, words
from pipelines.pages.reading import Facts
from templates.catalogue import text
from templates.cities.context import City, Context, Province
from templates.layout import Link


def context(facts: Facts, lang: str) -> Context:
    """Everything on the page."""
    edition = facts.edition
    folder = addresses.publication(edition.id, facts.period, facts.revision)
    month = words.period(facts.period, lang)
    heading = text("cities.title", lang)
    ranking = frame.ranking_title(facts.period, lang)
    provinces: dict[str, dict[str, list[dict[str, Any]]]] = {}
    rows = [row for city_class in edition.classes for row in facts.ranking[city_class]]
    for row in sorted(rows, key=lambda row: str(row["city_code"])):
        by_class = provinces.setdefault(
            row["city_code"][:2], {name: [] for name in edition.classes}
        )
        by_class[row["city_class"]].append(row)
    province = "province" if lang == "zh" else "province_en"
    return Context(
        page=frame.page(
            f"{folder}/cities.html",
            lang,
            title=f"{heading} · {month}",
            description=text("cities.description", lang, period=month),
            simulated=facts.simulated,
            origin="computed",
            crumbs=((text("site.home", lang), addresses.HOME), (ranking, f"{folder}/index.html")),
            edition=edition.id,
            publication=folder,
        ),
        heading=heading,
        edition=frame.title_of(edition.id, lang),
        month=Link(ranking, "index.html"),
        provinces=tuple(
            Province(
                anchor=f"p{code}",
                name=next(row[province] for found in groups.values() for row in found),
                groups=tuple(
                    (
                        text(f"class_short.{city_class}", lang),
                        tuple(_city(row, lang) for row in found),
                    )
                    for city_class, found in groups.items()
                    if found
                ),
            )
            for code, groups in provinces.items()
        ),
    )


def _city(row: dict[str, Any], lang: str) -> City:
    return City(
        name=words.both_names(row, lang),
        href=f"city/{row['city_code']}.html",
        standing=text("cities.standing", lang, rank=row["rank"], index=row["index_printed"]),
    )
