"""Why an index changed: leaf by leaf as a waterfall with a table, or cause by cause; both add up."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from indicators.bridge_sheet import PLACES, apportioned
from indicators.movement import UNITS_PER_INDEX, WHOLE
from pipelines.pages import charts, numbers, words
from pipelines.pages.answers import Moved
from pipelines.pages.reading import Facts
from templates import causes
from templates.catalogue import text
from templates.scorecard.moved import Part, Share, Since
from warehouse.contracts.movement import CAUSES

MOST = 6
"""Leaves that are shown one by one; the others are shown together."""
_MOST_OF_CAUSE = 3
"""Leaves that are named of a cause."""
_OTHERS = "others"
_PRINTED: int = UNITS_PER_INDEX // 10**PLACES


def moved(facts: Facts, code: str, names: Mapping[str, str], lang: str) -> tuple[Since, ...]:
    """What changed a city's index since each month that is known.

    Args:
        facts: of the publication.
        code: the city.
        names: name of each leaf.
        lang: language.
    """
    return tuple(
        _since(facts, code, since, parts, names, lang)
        for since, parts in facts.answers.movement.get(code, {}).items()
    )


def by_cause(
    facts: Facts, code: str, names: Mapping[str, str], lang: str
) -> tuple[causes.Since, ...]:
    """What each cause did to a city's index since each month that is known.

    Args:
        facts: of the publication.
        code: the city.
        names: name of each leaf.
        lang: language.
    """
    return tuple(
        _causes_since(facts, code, since, parts, names, lang)
        for since, parts in facts.answers.movement.get(code, {}).items()
    )


def _causes_since(
    facts: Facts, code: str, month: str, parts: list[Moved], names: Mapping[str, str], lang: str
) -> causes.Since:
    before, now = _ends(facts, code, month)
    of_cause: dict[str, list[Moved]] = defaultdict(list)
    for part in sorted(parts, key=lambda part: CAUSES.index(part.cause)):
        of_cause[part.cause].append(part)
    exact = [
        Fraction(sum(part.units for part in own), UNITS_PER_INDEX) for own in of_cause.values()
    ]
    amounts = apportioned(exact, now - before)
    return causes.Since(
        caption=_caption(month, before, now, lang),
        causes=tuple(
            causes.Cause(
                text(f"cause.{cause}", lang),
                _signed(amount),
                "up" if amount > 0 else "down",
                _leaves(own, names, lang),
            )
            for (cause, own), amount in zip(of_cause.items(), amounts, strict=True)
            if amount
        ),
        total=_signed(now - before),
    )


def _leaves(parts: list[Moved], names: Mapping[str, str], lang: str) -> str:
    """The leaves that a cause moved most, with how much."""
    most = sorted((part for part in parts if part.leaf), key=lambda part: -abs(part.units))
    return text("site.join", lang).join(
        text(
            "consultation.name_and_points",
            lang,
            name=names.get(part.leaf, part.leaf),
            points=numbers.signed(part.units / UNITS_PER_INDEX, PLACES),
        )
        for part in most[:_MOST_OF_CAUSE]
    )


def _ends(facts: Facts, code: str, month: str) -> tuple[int, int]:
    """A city's index in an earlier month and now, as printed."""
    return (
        _printed(facts.history[code][month][0] or 0.0),
        _printed(facts.index[code]["index"]),
    )


def _caption(month: str, before: int, now: int, lang: str) -> str:
    return text(
        "moved.caption",
        lang,
        month=words.period(month, lang),
        before=_fixed(before),
        now=_fixed(now),
        change=_signed(now - before),
    )


def _since(
    facts: Facts, code: str, month: str, parts: list[Moved], names: Mapping[str, str], lang: str
) -> Since:
    before, now = _ends(facts, code, month)
    shown = _shown(parts)
    amounts = apportioned([Fraction(units, UNITS_PER_INDEX) for _, _, units in shown], now - before)
    others = len({part.leaf for part in parts if part.leaf} - {item for item, _, _ in shown})
    labels = {
        _OTHERS: text("moved.others", lang, n=others),
        WHOLE: text("moved.whole", lang),
    }
    rows: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for (item, cause, _), amount in zip(shown, amounts, strict=True):
        if amount:
            rows[item].append((cause, amount))
    bars = {item: sum(amount for _, amount in shares) for item, shares in rows.items()}
    # A leaf that the edition has no more goes by its id.
    called = {item: names.get(item) or labels.get(item, item) for item in rows}
    caption = _caption(month, before, now, lang)
    return Since(
        caption=caption,
        svg=charts.waterfall(
            (words.period(month, lang), before / 10**PLACES, _fixed(before)),
            [
                (called[item], amount / 10**PLACES, _signed(amount))
                for item, amount in bars.items()
                if amount
            ],
            (words.period(facts.period, lang), now / 10**PLACES, _fixed(now)),
            caption,
        ),
        parts=tuple(
            Part(
                name=called[item],
                anchor=item if item in names else "",
                shares=tuple(
                    Share(
                        text(f"cause.{cause}", lang),
                        _signed(amount),
                        "up" if amount > 0 else "down",
                    )
                    for cause, amount in shares
                ),
            )
            for item, shares in rows.items()
        ),
        total=_signed(now - before),
    )


def _shown(parts: list[Moved]) -> list[tuple[str, str, int]]:
    """The leaves that moved most, the others together, and what belongs to no leaf; by cause."""
    of_leaf: dict[str, int] = defaultdict(int)
    for leaf, _, units in parts:
        of_leaf[leaf] += units
    largest = sorted((leaf for leaf in of_leaf if leaf), key=lambda leaf: -abs(of_leaf[leaf]))
    place = {leaf: at for at, leaf in enumerate([*largest[:MOST], _OTHERS, WHOLE])}
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for leaf, cause, units in parts:
        # What rounding left is too little to be told apart.
        item = leaf if leaf in place and cause != "rounding" else _OTHERS
        sums[item, cause] += units
    return [
        (item, cause, units)
        for (item, cause), units in sorted(
            sums.items(), key=lambda found: (place[found[0][0]], CAUSES.index(found[0][1]))
        )
    ]


def _printed(index: float) -> int:
    """An index in whole units of the last decimal that is printed, halves up."""
    units: int = round(index * UNITS_PER_INDEX)
    return (units + _PRINTED // 2) // _PRINTED


def _fixed(amount: int) -> str:
    return numbers.fixed(amount / 10**PLACES, PLACES)


def _signed(amount: int) -> str:
    return numbers.signed(amount / 10**PLACES, PLACES)
