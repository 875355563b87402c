"""What a city's index rests on: leaves counted, what is doubtful, and how far that could move it."""

from collections.abc import Mapping

from pipelines.pages import numbers, quality, words
from pipelines.pages.distribution import Distribution
from pipelines.pages.reading import Facts
from templates.catalogue import text
from templates.layout import Fact
from templates.scorecard.basis import Basis, Doubted

MOST_REFUSED = 10


def basis(
    facts: Facts, code: str, names: Mapping[str, str], distribution: Distribution, lang: str
) -> Basis:
    """What the index of a city rests on.

    Args:
        facts: of the publication.
        code: the city.
        names: name of each leaf.
        distribution: the indexes of the city's class.
        lang: language.
    """
    scored, found = facts.leaves[code], facts.answers.doubts.get(code, [])
    band = facts.answers.bands.get(code)
    refused = facts.answers.refused.get(code, [])
    more = len(refused) - MOST_REFUSED
    reach, chart = text("basis.certain", lang), None
    if band:
        low, high = numbers.fixed(band.low), numbers.fixed(band.high)
        reach = text(
            "basis.reach",
            lang,
            low=low,
            rank_low=band.rank_low,
            high=high,
            rank_high=band.rank_high,
        )
        city_class = facts.cities[code]["city_class"]
        index = facts.index[code]["index"]
        chart = distribution.chart(
            text(f"class.{city_class}", lang),
            (index, text("basis.now", lang, index=numbers.fixed(index))),
            (band.low, band.high, text("basis.band", lang, low=low, high=high)),
        )
    return Basis(
        counts=_counts(facts, code, lang),
        reach=reach,
        chart=chart,
        doubts=tuple(
            Doubted(
                anchor=doubt.leaf,
                name=names[doubt.leaf],
                kind=words.reason_id(doubt.doubt),
                label=words.badge(doubt.doubt, lang)[1],
                points=numbers.fixed(scored[doubt.leaf].points),
                worst=numbers.fixed(doubt.worst),
                best=numbers.fixed(doubt.best),
            )
            for doubt in found
        ),
        refused=tuple(quality.refusal(row, lang) for row in refused[:MOST_REFUSED]),
        refused_more=text("quality.refusals_more", lang, n=more) if more > 0 else "",
    )


def _counts(facts: Facts, code: str, lang: str) -> tuple[Fact, ...]:
    """Leaves by what their points rest on; what does not occur is left out."""
    scored = facts.leaves[code].values()
    doubts = [doubt.doubt for doubt in facts.answers.doubts.get(code, [])]
    counts = {
        "own": sum(not row.reason for row in scored),
        "imputed": doubts.count("imputed"),
        "not_submitted": doubts.count("not submitted"),
        "not_assessed": sum(row.reason == "not assessed" for row in scored),
        "discrepancy": doubts.count("discrepancy"),
        "late": doubts.count("late"),
        "corrected": _corrected(facts, code),
        "refused": len(facts.answers.refused.get(code, [])),
    }
    return tuple(
        Fact(text(f"basis.{kind}", lang), numbers.plain(number))
        for kind, number in counts.items()
        if number or kind == "own"
    )


def _corrected(facts: Facts, code: str) -> int:
    """Leaves with a measure that was corrected."""
    known = facts.observations.get(code, {})
    corrected = {measure for measure, seen in known.items() if seen.corrected}
    return sum(not corrected.isdisjoint(leaf.expression.measures) for leaf in facts.edition.leaves)
