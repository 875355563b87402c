"""The list of the reports of single cities."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

from pipelines.pages import addresses, frame, numbers, papers, words
from pipelines.pages.reading import Facts
from templates.catalogue import text
from templates.layout import Link
from templates.report_list.context import Context, Line, OfClass


def context(
    facts: Facts, codes: Collection[str], lang: str, *, heading: str, description: str, note: str
) -> Context:
    """The list of the reports on some cities of a publication.

    Args:
        facts: of the publication.
        codes: the cities.
        lang: language of the page.
        heading: what the reports are called.
        description: one sentence on them.
        note: which cities they are on.
    """
    ranked = facts.ranked
    order = {name: place for place, name in enumerate(facts.edition.classes)}

    def place(code: str) -> tuple[int, float, str]:
        rank = ranked[code]["rank"] if code in ranked else float("inf")
        return order[facts.cities[code]["city_class"]], rank, code

    lines = [(facts.cities[code]["city_class"], code) for code in sorted(codes, key=place)]
    return Context(
        page=papers.frame_of(
            lang,
            "index.html",
            title=heading,
            description=description,
            simulated=facts.simulated,
            whole=heading,
        ),
        heading=heading,
        note=note,
        edition=frame.title_of(facts.edition.id, lang),
        revision=frame.revision(facts.revision, lang),
        classes=tuple(
            OfClass(
                text(f"class.{name}", lang),
                tuple(_line(facts, ranked.get(code), code, lang) for _, code in group),
            )
            for name, group in groupby(lines, key=lambda line: line[0])
        ),
    )


def _line(facts: Facts, ranked: dict[str, object] | None, code: str, lang: str) -> Line:
    city = facts.cities[code]
    return Line(
        rank=str(ranked["rank"]) if ranked else numbers.NONE,
        city=words.both_names(city, lang),
        href=f"city/{code}.html",
        province=words.province_of(city, lang),
        index=str(ranked["index_printed"]) if ranked else numbers.NONE,
    )


def address(about: Mapping[str, Any]) -> str:
    """Folder of reports, in the site as in the installation.

    Args:
        about: what they say of themselves: kind, edition, period (the year of annual ones), revision.
    """
    revision = "" if about["kind"] == "annual" else f"/r{about['revision']}"
    return f"reports/{about['edition']}/{about['period']}{revision}/{about['kind']}"


def of_month(
    reports: Sequence[Mapping[str, Any]], edition: str, period: str, lang: str
) -> tuple[Link, ...]:
    """Links from a month's page to its bulletins and papers, and to the annual report of its year.

    Args:
        reports: what all reports in the site say of themselves.
        edition: edition of the month.
        period: the month.
        lang: language of the page.
    """
    here = addresses.folder(addresses.in_language(lang, addresses.month(edition, period)))
    made = []
    for about in reports:
        if about["edition"] != edition or about["period"] not in (period, period[:4]):
            continue
        title = text(f"report.{about['kind']}", lang, year=period[:4])
        if about["kind"] != "annual":
            said = frame.revision(about["revision"], lang)
            title = text("report.of_revision", lang, title=title, revision=said)
        made.append(Link(title, addresses.link(here, f"{address(about)}/{lang}/index.html")))
    return tuple(made)
