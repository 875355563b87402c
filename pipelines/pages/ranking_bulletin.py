"""The ranking bulletin of a month: from a publication to the context of the printed lists."""

from collections.abc import Mapping, Sequence
from statistics import fmean, median
from typing import Any, Final

from pipelines.pages import frame, numbers, papers, words
from pipelines.pages.reading import Facts
from scrapers.sources.published_rankings.names import province_of
from templates.catalogue import text
from templates.ranking_bulletin.context import Context, Line, List

PRINTED: Final[Mapping[str, int]] = {"provincial": 20, "prefecture": 50, "county": 50}
"""How many of each class the magazine prints."""
_SHORT_HASH = 16


def context(facts: Facts, lang: str) -> Context:
    """The ranking bulletin of a publication."""
    month = words.period(facts.period, lang)
    heading = text("ranking_bulletin.heading", lang, period=month)
    classes = [name for name in facts.edition.classes if facts.ranking[name]]
    return Context(
        page=papers.frame_of(
            lang,
            "index.html",
            title=heading,
            description=text("ranking_bulletin.description", lang, period=month),
            simulated=facts.simulated,
            whole=text("report.ranking", lang),
        ),
        heading=heading,
        period=month,
        edition=frame.title_of(facts.edition.id, lang),
        revision=frame.revision(facts.revision, lang),
        pdfs=(),
        lead=_lead(facts, classes, lang),
        lists=tuple(_list(facts.ranking[name], name, lang) for name in classes),
        method=_method(facts, lang),
    )


def _lead(facts: Facts, classes: Sequence[str], lang: str) -> tuple[str, ...]:
    """What the month shows: the class as a whole, its first, and who won most places."""
    count = sum(len(facts.ranking[name]) for name in classes)
    said = [text("ranking_bulletin.lead_all", lang, n=count)]
    for name in classes:
        rows = facts.ranking[name]
        sentence = text(
            "ranking_bulletin.lead_class",
            lang,
            class_title=text(f"class.{name}", lang),
            n=len(rows),
            mean=numbers.fixed(fmean(row["index"] for row in rows)),
            first=words.name_of(rows[0], lang),
            index=rows[0]["index_printed"],
        )
        risen = [row for row in rows if (row["rank_before"] or 0) > row["rank"]]
        if risen:
            most = max(risen, key=lambda row: row["rank_before"] - row["rank"])
            riser = text(
                "ranking_bulletin.lead_riser",
                lang,
                city=words.name_of(most, lang),
                places=most["rank_before"] - most["rank"],
                rank=most["rank"],
            )
            sentence += riser if lang == "zh" else f" {riser}"
        said.append(sentence)
    return tuple(said)


def _list(rows: Sequence[dict[str, Any]], city_class: str, lang: str) -> List:
    title = text(f"class.{city_class}", lang)
    most = PRINTED.get(city_class, max(PRINTED.values()))
    # Cities that share the last printed rank are all printed.
    lines = [_line(row, lang) for row in rows if row["rank"] <= most]
    half = -(-len(lines) // 2)
    indexes = [row["index"] for row in rows]
    return List(
        id=city_class,
        title=text("ranking_bulletin.list_title", lang, class_title=title, n=min(most, len(rows))),
        said=text(
            "ranking_bulletin.list_said",
            lang,
            n=len(rows),
            mean=numbers.fixed(fmean(indexes)),
            median=numbers.fixed(median(indexes)),
            highest=rows[0]["index_printed"],
            lowest=rows[-1]["index_printed"],
        ),
        halves=tuple(
            (
                text(
                    "ranking_bulletin.half",
                    lang,
                    class_title=title,
                    first=part[0].rank,
                    last=part[-1].rank,
                ),
                tuple(part),
            )
            for part in (lines[:half], lines[half:])
            if part
        ),
    )


def _line(row: dict[str, Any], lang: str) -> Line:
    if row["province"] == row["name"]:
        province = text("ranking_bulletin.municipality", lang)
    else:
        province = province_of(row["province"]) if lang == "zh" else row["province_en"]
    return Line(
        rank=str(row["rank"]),
        city=words.both_names(row, lang),
        province=province,
        index=row["index_printed"],
    )


def _method(facts: Facts, lang: str) -> tuple[str, ...]:
    edition = facts.edition
    return (
        text(
            "ranking_bulletin.method_index",
            lang,
            edition=frame.title_of(edition.id, lang),
            leaves=len(edition.leaves),
            points=numbers.plain(edition.points),
        ),
        text("ranking_bulletin.method_window", lang),
        text(
            "ranking_bulletin.method_revision",
            lang,
            period=words.period(facts.period, lang),
            revision=frame.revision(facts.revision, lang),
            hash=facts.manifest["numbers_sha256"][:_SHORT_HASH],
        ),
        text("site.footer_computed", lang),
    )
