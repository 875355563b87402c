"""Early warnings in words: of one city, for its scorecard, and by rule, for the page of the month."""

from collections.abc import Callable, Iterable

from indicators.measures import catalogue
from indicators.warnings import Rule, rules
from pipelines.pages import addresses, numbers, words
from pipelines.pages.reading import Facts, WarningRow
from templates.catalogue import text
from templates.layout import Link
from templates.scorecard.warned import CityWarning, Warned

_PAGE = addresses.early_warnings("..")
"""From a city's scorecard."""
_PRINTED: dict[str, Callable[[float], str]] = {"points": numbers.fixed, "share": numbers.percent}


def of_city(facts: Facts, code: str, lang: str) -> Warned | None:
    """The section of a scorecard; None where the month was published before there were warnings."""
    warnings = warnings_of(facts, code, lang)
    if warnings is None:
        return None
    return Warned(warnings, month=Link(text("warned.all", lang), f"{_PAGE}#cities"))


def warnings_of(facts: Facts, code: str, lang: str) -> tuple[CityWarning, ...] | None:
    """What a city is warned of; None where the month was published before there were warnings."""
    if facts.warnings is None:
        return None
    return tuple(
        CityWarning(
            name=name(row, lang),
            found=found(row, lang),
            threshold=threshold(rules()[row.rule], row.threshold, lang),
            reason=reason(rules()[row.rule], lang),
        )
        for row in in_order(facts.warnings.get(code, []))
    )


def in_order(rows: Iterable[WarningRow]) -> list[WarningRow]:
    """Warnings of a city in the order of the list of rules."""
    places = {id_: place for place, id_ in enumerate(rules())}
    return sorted(rows, key=lambda row: (places[row.rule], row.item))


def name(row: WarningRow, lang: str) -> str:
    """Name of the rule, and of the measure that it is about."""
    said = rule_name(rules()[row.rule], lang)
    if not row.item:
        return said
    measure = words.measure_name(catalogue()[row.item], lang)
    return text("warned.item", lang, rule=said, item=measure)


def rule_name(rule: Rule, lang: str) -> str:
    """Name of a rule."""
    return rule.zh if lang == "zh" else rule.en


def reason(rule: Rule, lang: str) -> str:
    """Why one should know."""
    return rule.reason_zh if lang == "zh" else rule.reason_en


def found(row: WarningRow, lang: str) -> str:
    """What a rule found, in its unit."""
    unit = rules()[row.rule].unit
    printed = _PRINTED.get(unit, numbers.plain)(row.value)
    return text(f"warned.found_{unit}", lang, value=printed)


def threshold(rule: Rule, value: float, lang: str) -> str:
    """Beyond what a rule warns, which may once have been another than it is now."""
    printed = numbers.percent(value, 0) if rule.unit == "share" else numbers.plain(value)
    return text(f"warned.{rule.beyond}_{rule.unit}", lang, value=printed)
