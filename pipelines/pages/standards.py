"""Conditions of the gate in words: names, standards, and numbers that never round onto a standard."""

from decimal import Decimal

from indicators.edition import Condition, Edition
from indicators.ranking import rounded
from pipelines.pages import numbers
from templates.catalogue import text

_PLACES, _MOST_PLACES = 2, 12


def verdict(passed: bool | None) -> str:
    """`passed`, `failed`, or `unproven` where there is no number."""
    return {True: "passed", False: "failed", None: "unproven"}[passed]


def verdict_of_gate(edition: Edition, passed: bool | None) -> str:
    """How a city stands to the whole gate; `none_asked` where the edition has none."""
    return verdict(passed) if edition.gate else "none_asked"


def gated(key: str, edition: Edition) -> str:
    """The key of a text that speaks of the gate, or of its variant where the edition has none."""
    return key if edition.gate else f"{key}_ungated"


def indicator(edition: Edition, condition: Condition, lang: str) -> str:
    """Number and name of the basic indicator that a condition belongs to."""
    found = next(basic for basic in edition.basic if basic.no == condition.indicator)
    return f"{found.no} {found.zh if lang == 'zh' else found.en}"


def name(condition: Condition, lang: str) -> str:
    """What has to be met."""
    return condition.zh if lang == "zh" else condition.en


def standard(condition: Condition, lang: str) -> str:
    """The number that it takes."""
    if condition.unit == "0 or 1":
        return text("yes_no.yes", lang)
    exact = _in_unit(condition.threshold, condition.unit)
    if condition.unit == "place":
        return text("assessment.standard_place", lang, n=_plain(exact))
    sign = {"at least": "≥", "at most": "≤", "below": "<"}[condition.comparison]
    return f"{sign} {_plain(exact)}{_sign(condition.unit)}"


def value(condition: Condition, number: float, lang: str) -> str:
    """A city's number, with as many decimals as tell it from the standard, and from nothing."""
    if condition.unit == "0 or 1":
        return text("yes_no.yes" if number == 1 else "yes_no.no", lang)
    exact, mark = _in_unit(number, condition.unit), _in_unit(condition.threshold, condition.unit)
    if exact == exact.to_integral_value():
        return _plain(exact) + _sign(condition.unit)
    places = _PLACES
    while places < _MOST_PLACES and Decimal(rounded(float(exact), places)) in (mark, 0):
        places += 1
    return numbers.fixed(float(exact), places) + _sign(condition.unit)


def _in_unit(number: float, unit: str) -> Decimal:
    return Decimal(repr(number)) * (100 if unit == "share" else 1)


def _plain(exact: Decimal) -> str:
    return f"{exact.normalize():,f}"


def _sign(unit: str) -> str:
    return "%" if unit == "share" else ""
