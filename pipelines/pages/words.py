"""Rules, values, needs and sources in words, from the text catalogue."""

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from indicators.edition import Leaf
from indicators.explain import Need, need_for_full_points
from indicators.expression import Expression
from indicators.measures import Measure, catalogue
from indicators.rules import equal
from pipelines.pages import numbers
from scrapers.declaration import sources
from scrapers.sources.provider.providers import providers
from templates.catalogue import text
from templates.layout import Name

_QUOTIENT = re.compile(r"(\w+) / (\w+)")
_SIMPLE = re.compile(r"(\w+)(?: / (\w+))?")
_WORD = re.compile(r"nation\((\w+)\)|\b([a-z]\w*)\b")
_SCALES = {"persons": 10_000, "entities": 10_000}
_WITHHELD = re.compile(r"\((\d+)\)")
_PRECISE = 1e-9
_DIVISIBLE = ("weighted events", "working days", "share", "0..100", "hundred million yuan")


@lru_cache(maxsize=65536)
def measure_value(measure: str, value: float | None, lang: str) -> str:
    """The value of a measure with its unit."""
    if value is None:
        return numbers.NONE
    measured = catalogue()[measure].unit
    if measured == "0 or 1":
        return text("yes_no.yes" if value == 1 else "yes_no.no", lang)
    if measured == "share":
        return f"{numbers.plain(_times(value, 100))}%"
    return numbers.plain(value) + unit(measured, value, lang)


def unit(name: str, value: float | None, lang: str) -> str:
    """A unit as it stands after a number: ` cases`, and ` case` after 1."""
    many, _, one = text(f"unit.{name}", lang).partition("|")
    return one if one and value == 1 else many


@dataclass(frozen=True)
class LeafWords:
    """One leaf in one language: its name, rule, and how its values are written."""

    leaf: Leaf
    lang: str

    @property
    def name(self) -> str:
        """Name of the leaf."""
        return self.leaf.zh if self.lang == "zh" else self.leaf.en

    @cached_property
    def letters(self) -> dict[str, str]:
        """A letter for each measure; none where the value is a single measure."""
        return letters(self.leaf.expression)

    @cached_property
    def formula(self) -> str:
        """The expression over letters, sums over the nation in capitals; empty for one measure."""
        return formula(self.leaf.expression)

    @cached_property
    def _kind(self) -> tuple[str, str, str]:
        """How values are written: `flag`, `percent`, `measure`, `per` or `plain`; measure; unit."""
        leaf, measures = self.leaf, catalogue()
        if leaf.expression.text in measures:
            measure = measures[leaf.expression.text]
            return "measure", measure.id, measure.unit
        if leaf.rule in ("share", "linear", "bands", "step_up"):
            return "percent", "", ""
        if quotient := _QUOTIENT.fullmatch(leaf.expression.text):
            over, under = (measures.get(name) for name in quotient.groups())
            if over and under and over.unit == under.unit:
                return "percent", "", ""
            if over and under and under.unit in _SCALES:
                return "per", over.unit, under.unit
        return "plain", "", ""

    def value(self, value: float | None) -> str:
        """A value of the leaf's expression."""
        return _leaf_value(self._kind, value, self.lang)

    @cached_property
    def entry(self) -> tuple[int, str]:
        """How a value is typed in: what it is multiplied by for it, and the unit that stands beside."""
        how, over, under = self._kind
        if how == "percent" or (how == "measure" and under == "share"):
            return 100, "%"
        if how == "measure":
            return 1, unit(under, None, self.lang).strip()
        if how == "per":
            scale = _SCALES[under]
            size = f"{scale:,d}" if self.lang == "en" else "万"
            of = unit(over, None, self.lang)
            return scale, text(f"per.{under}", self.lang, size=size, value="…", unit=of)
        return 1, ""

    @cached_property
    def rule(self) -> str:
        """The rule in words."""
        leaf, lang, p = self.leaf, self.lang, self.leaf.parameters
        points = numbers.plain(leaf.points)
        match leaf.rule:
            case "multiple":
                words = text("rule.multiple", lang, times=numbers.plain(p["times"]), points=points)
            case "per_unit" if "county_scale" in p:
                words = text(
                    "rule.per_unit_county", lang, rate=numbers.plain(p["rate"]), points=points,
                    scale=numbers.plain(p["county_scale"]),
                )  # fmt: skip
            case "per_unit":
                words = text("rule.per_unit", lang, rate=numbers.plain(p["rate"]), points=points)
            case "linear":
                words = text(
                    "rule.linear", lang,
                    low=self.value(p["low"]), high=self.value(p["high"]),
                )  # fmt: skip
            case "bands":
                each = [
                    text("rule.band", lang, bound=self.value(bound), points=numbers.plain(award))
                    for bound, award in sorted(p["bands"])
                ]
                words = text("rule.bands", lang, bands=text("site.semicolon", lang).join(each))
            case "step_up":
                words = text(
                    "rule.step_up", lang, points=points, start=self.value(p["start"]),
                    base=numbers.plain(p["base"]), step=self.value(p["step"]),
                    gain=numbers.plain(p["gain"]),
                )  # fmt: skip
            case "deduct":
                tolerance = p.get("tolerance", 0)
                words = text(
                    "rule.deduct_tolerance" if tolerance else "rule.deduct", lang, points=points,
                    step=self.value(p["step"]), penalty=numbers.plain(p["penalty"]),
                    tolerance=self.value(tolerance),
                )  # fmt: skip
            case "relative":
                words = text(f"rule.relative_{p['better']}", lang, points=points)
            case rule:
                words = text(f"rule.{rule}", lang, points=points)
        if "empty" in p:
            empty = text("rule.empty", lang, value=self.value(p["empty"]))
            words += empty if lang == "zh" else f" {empty}"
        return words

    @cached_property
    def missing(self) -> str:
        """What happens without a value."""
        if self.leaf.awarded:
            return text("missing.assessor", self.lang)
        return text("missing.submitted" if self.leaf.submitted else "missing.imputed", self.lang)

    @cached_property
    def sources(self) -> str:
        """Who reports, in words."""
        return text("site.join", self.lang).join(
            text(f"source.{source}", self.lang) for source in self.leaf.sources
        )

    def reason(self, reason: str) -> str:
        """Why the points are not the city's own; empty where they are."""
        return badge(reason, self.lang)[1] if reason else ""

    def operand(self, measure: str) -> str:
        """Name of a measure."""
        return measure_name(catalogue()[measure], self.lang)

    def need(self, lo: float | None, hi: float | None, city_class: str) -> tuple[str, Need | None]:
        """What full points would need, in words and as a number."""
        leaf, lang = self.leaf, self.lang
        if leaf.awarded:
            return text("need.assessor", lang), None
        need = need_for_full_points(leaf, lo, hi, city_class)
        if need is None:
            return text("need.unknown", lang), None
        if leaf.relative and lo is not None and hi is not None and equal(lo, hi):
            alike = "above_zero" if leaf.parameters["better"] == "higher" else "any"
            return text(f"need.{alike}", lang), None
        if self._kind[2] == "0 or 1":
            return text("need.flag", lang), None
        words = self.value(need.value)
        return text(f"need.{need.comparison.replace(' ', '_')}", lang, value=words), need

    def target(self, need: Need | None, values: dict[str, float]) -> str:
        """The need in terms of the counted measure, all else unchanged; empty where not plain."""
        simple = _SIMPLE.fullmatch(self.leaf.expression.text)
        if need is None or simple is None or simple[2] is None or simple[1] not in values:
            return ""
        measure = catalogue()[simple[1]]
        if simple[2].isdigit():
            divisor = float(simple[2])
        elif values.get(simple[2]):
            divisor = values[simple[2]]
        else:
            return ""
        # Rounded to the side that still gives full points.
        places = 2 if measure.unit in _DIVISIBLE else 0
        bound = need.value * divisor * 10**places
        if need.comparison == "at least":
            enough, key = -(-(bound - _PRECISE) // 1) / 10**places, "need.target_least"
        else:
            enough, key = (bound + _PRECISE) // 1 / 10**places, "need.target_most"
        return text(
            key,
            self.lang,
            measure=measure_name(measure, self.lang),
            value=measure_value(measure.id, enough, self.lang),
            now=measure_value(measure.id, values[measure.id], self.lang),
        )


def letters(expression: Expression) -> dict[str, str]:
    """A letter for each measure; none where the expression is a single measure."""
    measures = expression.measures
    if expression.text == measures[0]:
        return {measures[0]: ""}
    return dict(zip(measures, string.ascii_lowercase, strict=False))


def formula(expression: Expression) -> str:
    """The expression over letters, sums over the nation in capitals; empty for a single measure."""
    known = letters(expression)
    if expression.text in known:
        return ""

    def letter(match: re.Match[str]) -> str:
        nation, own = match.groups()
        return known[nation].upper() if nation else known[own]

    words = _WORD.sub(letter, expression.text)
    for sign, printed in (("/", "÷"), ("*", "×"), (" - ", " − ")):
        words = words.replace(sign, printed)
    return words


def measure_name(measure: Measure, lang: str) -> str:
    """Name of a measure."""
    return measure.zh if lang == "zh" else measure.en


def period(month: str, lang: str) -> str:
    """A month in words: 2019年6月, June 2019."""
    return text("period.month", lang, year=month[:4], month=text(f"period.{month[5:]}", lang))


def moment(iso: str) -> str:
    """A time of delivery to the minute; deliveries all have the time of Asia/Shanghai."""
    return iso[:16].replace("T", " ")


def source_title(source_id: str, lang: str) -> str:
    """A source's declared title; the id of one that is declared no more."""
    source = sources().get(source_id)
    if source is None:
        return source_id
    return source.title_zh if lang == "zh" else source.title_en


def source_kind(source_id: str) -> str:
    """A source's declared kind; the id of one that is declared no more."""
    source = sources().get(source_id)
    return source.kind if source else source_id


def provider_name(provider_id: str, lang: str) -> str:
    """A credit service provider's declared name; the id of one that is declared no more."""
    provider = providers().get(provider_id)
    if provider is None:
        return provider_id
    return provider.zh if lang == "zh" else provider.en


def found(found: str, lang: str) -> str:
    """What a refusal found; of what was withheld, its length."""
    withheld = _WITHHELD.fullmatch(found)
    return text("refusal.characters", lang, count=withheld[1]) if withheld else found


def name_of(city: Mapping[str, Any], lang: str) -> str:
    """Name of a city or, with the keys of one, of anything that has `name` and `name_en`."""
    return str(city["name"] if lang == "zh" else city["name_en"])


def reason_id(reason: str) -> str:
    """A reason as catalogues, style sheets and scripts name it; tables have it in words."""
    return reason.replace(" ", "_")


def badge(reason: str, lang: str) -> tuple[str, str]:
    """A reason as a mark on a page: its id and what it says."""
    named = reason_id(reason)
    return named, text(f"reason.{named}", lang)


def badges(reason: str, seen: Iterable[Any], lang: str) -> list[tuple[str, str]]:
    """Marks of a leaf: why its points are not the city's own, and what is said of its observations.

    Args:
        reason: as the leaf has it; empty where the points are the city's own.
        seen: the observations behind it.
        lang: language.
    """
    observed = list(seen)
    marks = ("discrepancy", "corrected", "late")
    of_seen = (mark for mark in marks if any(getattr(each, mark) for each in observed))
    return [badge(each, lang) for each in (reason, *of_seen) if each]


def both_names(city: Mapping[str, Any], lang: str) -> Name:
    """Name of a city as `name_of` has it, and on English pages the Chinese one beside it."""
    return Name(name_of(city, lang), "" if lang == "zh" else city["name"])


def province_of(row: Mapping[str, Any], lang: str) -> str:
    """Name of the province of anything that has `province` and `province_en`."""
    return str(row["province"] if lang == "zh" else row["province_en"])


def _times(value: float, scale: int) -> float:
    """A product without the noise of binary fractions: 0.07 × 100 is 7."""
    return float(f"{value * scale:.12g}")


@lru_cache(maxsize=65536)
def _leaf_value(kind: tuple[str, str, str], value: float | None, lang: str) -> str:
    how, over, under = kind
    if value is None:
        return numbers.NONE
    match how:
        case "measure":
            return measure_value(over, value, lang)
        case "percent":
            return text("per.percent", lang, value=numbers.plain(_times(value, 100)))
        case "per":
            scale = _SCALES[under]
            return text(
                f"per.{under}",
                lang,
                size=f"{scale:,d}" if lang == "en" else "万",
                value=numbers.plain(_times(value, scale)),
                unit=unit(over, _times(value, scale), lang),
            )
    return numbers.plain(value)
