"""The list of all bulletins and reports in the site, which stays at one address."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from pipelines.pages import addresses, frame, report_list, words
from templates.all_reports.context import Context, Line
from templates.catalogue import text
from templates.layout import Link

_KINDS = ("annual", "consultation", "ranking", "city")
"""In the order of the list, within a month or year."""
_ANNUAL = _KINDS[0]


def context(reports: Sequence[Mapping[str, Any]], lang: str) -> Context:
    """The list, the newest year, month and revision first.

    Args:
        reports: what each says of itself.
        lang: language.
    """
    ordered = sorted(reports, key=_place)
    # The annual report before the months of its year, then the newest month and revision.
    ordered.sort(key=lambda about: (about["period"], about["revision"]), reverse=True)
    ordered.sort(key=lambda about: about["kind"] != _ANNUAL)
    ordered.sort(key=lambda about: about["period"][:4], reverse=True)
    return Context(
        page=frame.page(
            addresses.REPORTS,
            lang,
            title=text("report.list", lang),
            description=text("report.list_note", lang),
            simulated=any(about["simulated"] for about in reports),
            origin="computed" if reports else "reference",
            crumbs=((text("site.home", lang), addresses.HOME),),
        ),
        years=tuple(
            (year, tuple(_line(about, lang) for about in of_year))
            for year, of_year in groupby(ordered, key=lambda about: about["period"][:4])
        ),
    )


def _place(about: Mapping[str, Any]) -> tuple[str, int]:
    return about["edition"], _KINDS.index(about["kind"])


def _line(about: Mapping[str, Any], lang: str) -> Line:
    here = addresses.folder(addresses.in_language(lang, addresses.REPORTS))
    year, annual = about["period"][:4], about["kind"] == _ANNUAL
    return Line(
        period=text("report.year", lang, year=year)
        if annual
        else words.period(about["period"], lang),
        report=Link(
            text(f"report.{about['kind']}", lang, year=year),
            addresses.link(here, f"{report_list.address(about)}/{lang}/index.html"),
        ),
        edition=frame.title_of(about["edition"], lang),
        revision="" if annual else frame.revision(about["revision"], lang),
        simulated=about["simulated"],
    )
