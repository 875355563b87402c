"""The report on all cities that take part: the cohort, the gate, and both against monitoring ranks."""

from collections import Counter
from collections.abc import Iterator, Sequence

import polars as pl

from pipelines.pages import assessment, exports, numbers, published, standards, words
from pipelines.pages.assessed import Assessed
from templates.catalogue import text
from templates.cohort import context as page
from templates.layout import Download, Fact, Link
from warehouse.contracts.columns import CITY_CLASSES

DATA = ("standing", "gate", "criteria", "groups", "observations")


def report(assessed: Assessed, lang: str, pdfs: tuple[Link, ...] = ()) -> page.Context:
    """The report on an assessment as a whole.

    Args:
        assessed: the assessment.
        lang: language.
        pdfs: links to the report as PDF.
    """
    edition, month = assessed.edition, words.period(assessed.period, lang)
    heading = text("assessment.cohort_report", lang)
    chosen = [code for code, stood in assessed.standing.items() if stood.recommended]
    lines = {code: _line(assessed, code, lang) for code in assessed.standing}
    return page.Context(
        page=assessment.frame_of(
            assessed,
            lang,
            "index.html",
            f"{heading} · {month}",
            text("assessment.cohort_description", lang, period=month),
        ),
        heading=heading,
        period=month,
        edition=edition.title_zh if lang == "zh" else edition.title_en,
        draft=edition.status == "draft",
        pdfs=pdfs,
        facts=tuple(
            Fact(text(f"assessment.{name}", lang), str(n)) for name, n in counts(assessed).items()
        ),
        recommended=tuple(lines[code] for code in chosen),
        picked=text(standards.gated("assessment.picked", edition), lang, n=assessed.size),
        provinces=tuple(_provinces(assessed, chosen, lang)),
        classes=tuple(text(f"class_short.{name}", lang) for name in edition.classes),
        against=_against(assessed, chosen, lang),
        places=assessment.places(assessed, lang),
        failing=tuple(_failing(assessed, lang)),
        ranking=tuple(lines.values()),
        real=tuple(_real(assessed.rankings, assessed.cohorts, lang)),
        real_note=text("assessment.real_note", lang),
        basis=assessment.basis(assessed, lang),
        downloads=tuple(
            Download(
                text(f"assessment.data_{name}", lang),
                exports.links(f"../data/{name}"),
            )
            for name in DATA
        ),
        signatures=tuple(text(f"assessment.sign_{who}", lang) for who in assessment.SIGNATURES),
    )


def _line(assessed: Assessed, code: str, lang: str) -> page.Line:
    city, stood = assessed.cities[code], assessed.standing[code]
    gate = standards.verdict_of_gate(assessed.edition, stood.gate_passed)
    place = numbers.NONE
    if stood.place is not None:
        place = f"{stood.place} / {assessed.ranked[stood.city_class]}"
    return page.Line(
        rank=str(stood.rank),
        city=words.both_names(city, lang),
        href=f"city/{code}.html",
        province=words.province_of(city, lang),
        class_title=text(f"class_short.{stood.city_class}", lang),
        class_rank=str(stood.class_rank),
        total=numbers.fixed(stood.total),
        gate=gate,
        gate_words=text(f"assessment.{gate}", lang),
        place=place,
        recommended=stood.recommended,
    )


def counts(assessed: Assessed) -> dict[str, int]:
    """How many take part, stand how to the gate (if there is one), and are recommended."""
    standing = assessed.standing.values()
    verdicts = Counter(standards.verdict(stood.gate_passed) for stood in standing)
    judged = ("passed", "failed", "unproven") if assessed.edition.gate else ()
    return {
        "applicants": len(standing),
        **{name: verdicts[name] for name in judged},
        "size": assessed.size,
        "recommended": sum(stood.recommended for stood in standing),
    }


def _provinces(assessed: Assessed, chosen: Sequence[str], lang: str) -> Iterator[page.Province]:
    """The cohort by province, in the order of their codes."""
    by_province: dict[str, list[str]] = {}
    for code in sorted(chosen):
        by_province.setdefault(code[:2], []).append(code)
    for codes in by_province.values():
        city = assessed.cities[codes[0]]
        yield page.Province(
            name=words.province_of(city, lang),
            count=str(len(codes)),
            cities=tuple(
                text("site.join", lang).join(
                    words.name_of(assessed.cities[code], lang)
                    for code in codes
                    if assessed.standing[code].city_class == city_class
                )
                for city_class in assessed.edition.classes
            ),
        )


def _against(assessed: Assessed, chosen: Sequence[str], lang: str) -> str:
    """What the monitoring ranks of the cohort show, class by class."""
    said = []
    for city_class in assessed.edition.classes:
        stood = [assessed.standing[code] for code in chosen]
        ranks = sorted(s.place for s in stood if s.city_class == city_class and s.place is not None)
        if ranks:
            said.append(_passed_over("assessment.against_class", city_class, ranks, lang))
    return " ".join(said) or text("assessment.against_unknown", lang)


def _passed_over(key: str, city_class: str, ranks: Sequence[int], lang: str) -> str:
    """The ranks of those who were chosen, and how many stand before the last of them and were not."""
    return text(
        key,
        lang,
        city_class=text(f"class_short.{city_class}", lang),
        n=len(ranks),
        ranks=text("site.join", lang).join(map(str, ranks)),
        last=ranks[-1],
        others=ranks[-1] - len(ranks),
    )


def _failing(assessed: Assessed, lang: str) -> Iterator[page.Failing]:
    for condition in assessed.edition.gate:
        rows = {
            code: held[condition.id]
            for code, held in ((code, assessed.gate.get(code, {})) for code in assessed.standing)
            if condition.id in held
        }
        yield page.Failing(
            indicator=standards.indicator(assessed.edition, condition, lang),
            name=standards.name(condition, lang),
            standard=standards.standard(condition, lang),
            failed=str(sum(row.passed is False for row in rows.values())),
            unproven=str(sum(row.passed is None for row in rows.values())),
            cities=tuple(
                (
                    words.name_of(assessed.cities[code], lang),
                    f"city/{code}.html",
                    standards.value(condition, row.value, lang),
                )
                for code, row in rows.items()
                if row.passed is False and row.value is not None
            ),
        )


def _real(rankings: pl.DataFrame, cohorts: pl.DataFrame, lang: str) -> Iterator[page.RealList]:
    """Real model cities in published lists, of those named by the year of the list."""
    for issue in sorted(rankings["issue"].unique()):
        named = cohorts.filter(pl.col("cohort") <= issue[:4]).select(
            "cohort", "city_code", "publisher_zh", "publisher_en"
        )
        found = (
            rankings.filter(pl.col("issue") == issue)
            .join(named.select("cohort", "city_code").drop_nulls(), on="city_code")
            .sort("rank")
        )
        for city_class in CITY_CLASSES:
            rows = found.filter(pl.col("city_class") == city_class).to_dicts()
            if rows:
                yield page.RealList(
                    title=f"{published.issue_title(issue, lang)} · {text(f'class.{city_class}', lang)}",
                    said=_passed_over(
                        "assessment.real_said", city_class, [row["rank"] for row in rows], lang
                    ),
                    lines=tuple(
                        page.RealRank(
                            city=published.name_of(row, lang),
                            province=words.province_of(row, lang),
                            cohort=row["cohort"],
                            rank=str(row["rank"]),
                            score=row["score"] or numbers.NONE,
                        )
                        for row in rows
                    ),
                )
