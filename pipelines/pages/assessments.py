"""The list of assessments in the site."""

from collections.abc import Sequence
from typing import Any

from pipelines.pages import addresses, frame, words
from templates.assessments.context import Context, Line
from templates.catalogue import text
from templates.layout import Link


def context(assessments: Sequence[dict[str, Any]], lang: str) -> Context:
    """The list, by edition, the newest month first.

    Args:
        assessments: what each says of itself.
        lang: language.
    """
    here = addresses.folder(addresses.in_language(lang, addresses.ASSESSMENTS))
    newest_first = sorted(assessments, key=lambda about: about["period"], reverse=True)
    return Context(
        page=frame.page(
            addresses.ASSESSMENTS,
            lang,
            title=text("assessment.list", lang),
            description=text("assessment.list_note", lang),
            simulated=any(about["simulated"] for about in assessments),
            origin="computed" if assessments else "reference",
            crumbs=((text("site.home", lang), addresses.HOME),),
        ),
        lines=tuple(
            Line(
                period=Link(
                    words.period(about["period"], lang),
                    addresses.link(
                        here,
                        f"{addresses.assessment(about['edition'], about['period'])}/{lang}/index.html",
                    ),
                ),
                edition=frame.title_of(about["edition"], lang),
                applicants=str(about["applicants"]),
                recommended=str(about["recommended"]),
                simulated=about["simulated"],
            )
            for about in sorted(newest_first, key=lambda about: about["edition"])
        ),
    )
