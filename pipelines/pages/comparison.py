"""The page on which cities of a publication are put side by side."""

from pipelines.pages import addresses, exports, frame, words
from pipelines.pages.reading import Facts
from templates.catalogue import text
from templates.compare.context import Context
from templates.layout import Link
from warehouse.contracts.scores import REASONS

_DOWNLOADS = ("ranking", "nodes", "leaves")
"""What the comparison is made of."""


def context(facts: Facts, lang: str) -> Context:
    """Everything on the page."""
    folder = addresses.publication(facts.edition.id, facts.period, facts.revision)
    here = addresses.in_language(lang, folder)
    month = words.period(facts.period, lang)
    heading = text("compare.title", lang)
    return Context(
        page=frame.below_ranking(
            facts,
            addresses.comparison(folder),
            lang,
            title=f"{heading} · {month}",
            description=text("compare.description", lang, period=month),
            tables=False,
            scripts=frame.COMPARE,
        ),
        heading=heading,
        edition=frame.title_of(facts.edition.id, lang),
        month=Link(frame.ranking_title(facts.period, lang), "index.html"),
        chooser=frame.finder(folder, here, lang),
        table=Link(text("all.title", lang), "all.html"),
        reasons=tuple(words.badge(reason, lang) for reason in REASONS if reason),
        downloads=exports.downloads(here, f"{folder}/data", lang, _DOWNLOADS),
    )
