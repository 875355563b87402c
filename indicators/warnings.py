"""Early warnings: cities that a month's numbers speak of, by the rules of `warnings.toml`.

A rule looks on one thing, where it finds values of cities (and measures); a city whose value is beyond
the rule's threshold is warned of. Only monitoring editions warn: under model-city criteria applicants
change from month to month, and totals have no common full mark.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from indicators.edition import Edition
from warehouse.contracts.ledger import SEVERITIES, Events
from warehouse.contracts.warnings import Warnings

FILE = Path(__file__).with_name("warnings.toml")
FRAMES = ("ranking", "history", "leaves", "observations", "events")
"""Frames of a publication that warnings are made from."""

Frames = Mapping[str, pl.DataFrame]
_BEYOND: dict[str, Callable[[pl.Expr, float], pl.Expr]] = {
    "below": lambda value, threshold: value < threshold,
    "above": lambda value, threshold: value > threshold,
    "at_least": lambda value, threshold: value >= threshold,
}
_DIGITS = 9  # a fall of 3 points is one of 3 points, whatever binary fractions say


@dataclass(frozen=True)
class Rule:
    """One rule of the list.

    Attributes:
        id: its id, never used again for another rule.
        zh: name in Chinese.
        en: name in English.
        on: what it looks on.
        beyond: `below`, `above` or `at_least`.
        threshold: beyond which a city is warned of, in the unit.
        unit: points (of the index), rank, share, events, leaves or values.
        reason_zh: why one should know, in Chinese.
        reason_en: the same in English.
        months: successive months that a fall lasts.
    """

    id: str
    zh: str
    en: str
    on: str
    beyond: str
    threshold: float
    unit: str
    reason_zh: str
    reason_en: str
    months: int = 1


@cache
def rules() -> dict[str, Rule]:
    """All rules by id, in the order of the list.

    Raises:
        ValueError: a rule has no threshold or several, or looks on something unknown.
    """
    lines = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {id_: _rule(id_, line) for id_, line in lines.items()}


def _rule(id_: str, line: Mapping[str, Any]) -> Rule:
    beyond = [name for name in _BEYOND if name in line]
    if len(beyond) != 1:
        raise ValueError(f"{FILE.name}: {id_}: has {beyond}; expected one of {[*_BEYOND]}")
    if line["on"] not in _ON:
        raise ValueError(f"{FILE.name}: {id_}: on = {line['on']!r}; expected one of {[*_ON]}")
    others = {name: said for name, said in line.items() if name not in _BEYOND}
    return Rule(id=id_, beyond=beyond[0], threshold=float(line[beyond[0]]), **others)


def warnings(edition: Edition, period: str, frames: Frames) -> pl.DataFrame:
    """What a month warns of.

    Args:
        edition: the edition that it was scored by.
        period: the month, `YYYY-MM`.
        frames: those of `FRAMES`, of the month under the edition, as their contracts have them; without
            `events` where no site was watched.

    Returns:
        Rows of the contract `Warnings`, by city, rule and item.
    """
    said = [_warned(rule, period, frames) for rule in rules().values()]
    if edition.kind != "monitoring":
        said = []
    rows = pl.concat([Warnings.create_empty().drop("period", "edition"), *said])
    return rows.sort("city_code", "rule", "item").select(
        pl.lit(period).alias("period"), pl.lit(edition.id).alias("edition"), pl.all()
    )


def _warned(rule: Rule, period: str, frames: Frames) -> pl.DataFrame:
    """The cities that a rule warns of."""
    found = _ON[rule.on](frames, rule, period).select(
        "city_code",
        pl.lit(rule.id).alias("rule"),
        "item",
        pl.col("value").cast(pl.Float64).round(_DIGITS),
        pl.lit(rule.threshold).alias("threshold"),
    )
    return found.filter(_BEYOND[rule.beyond](pl.col("value"), rule.threshold))


def _index(frames: Frames, *_: object) -> pl.DataFrame:
    return frames["ranking"].select("city_code", _NO_ITEM, value="index")


def _fall(frames: Frames, rule: Rule, period: str) -> pl.DataFrame:
    """Points lost over so many months, each of which was known and lower than the one before."""
    month = pl.col("period").str.to_date("%Y-%m", strict=True)
    now = pl.lit(period).str.to_date("%Y-%m")
    back = (now.dt.year() - month.dt.year()) * 12 + now.dt.month() - month.dt.month()
    lately = frames["history"].filter(
        back.is_between(0, rule.months), pl.col("index").is_not_null()
    )
    index = pl.col("index").sort_by("period")
    return (
        lately.group_by("city_code")
        .agg(
            value=index.first() - index.last(),
            falls=(index.diff() < 0).sum(),
        )
        .filter(pl.col("falls") == rule.months)
        .select("city_code", _NO_ITEM, "value")
    )


def _left_top(frames: Frames, rule: Rule, _: str) -> pl.DataFrame:
    """Ranks of those that were not beyond the threshold in the month before."""
    before = frames["ranking"].filter(pl.col("rank_before") <= rule.threshold)
    return before.select("city_code", _NO_ITEM, value="rank")


def _entered_lowest(frames: Frames, rule: Rule, _: str) -> pl.DataFrame:
    """Share of the class down to a city's rank, of those that were not so low in the month before."""
    ranked = frames["ranking"].select(
        "city_code",
        _NO_ITEM,
        value=pl.col("rank") / pl.len().over("city_class"),
        before=pl.col("rank_before") / pl.col("rank_before").count().over("city_class"),
    )
    return ranked.filter(pl.col("before") <= rule.threshold)


def _new_serious_events(frames: Frames, _: Rule, period: str) -> pl.DataFrame:
    events = frames.get("events", Events.create_empty()).filter(
        pl.col("severity").is_in(SEVERITIES[1:]),
        pl.col("first_seen").dt.strftime("%Y-%m") == period,
    )
    return _count(events)


def _not_submitted(frames: Frames, *_: object) -> pl.DataFrame:
    return _count(frames["leaves"].filter(pl.col("reason") == "not submitted"))


def _late(frames: Frames, *_: object) -> pl.DataFrame:
    return _count(frames["observations"].filter("late", pl.col("source").is_in(_SUBMITTED)))


def _discrepancy(frames: Frames, *_: object) -> pl.DataFrame:
    """By how much of the larger value two sources differ, measure by measure."""
    larger = pl.max_horizontal("value", "other_value")
    return (
        frames["observations"]
        .filter("discrepancy")
        .select(
            "city_code",
            item="measure",
            value=(pl.col("value") - pl.col("other_value")).abs() / larger,
        )
    )


_NO_ITEM = pl.lit("").alias("item")
_SUBMITTED = ("city", "province")
_ON: dict[str, Callable[[Frames, Rule, str], pl.DataFrame]] = {
    "index": _index,
    "fall": _fall,
    "left_top": _left_top,
    "entered_lowest": _entered_lowest,
    "new_serious_events": _new_serious_events,
    "not_submitted": _not_submitted,
    "late": _late,
    "discrepancy": _discrepancy,
}


def _count(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("city_code").agg(_NO_ITEM.first(), value=pl.len())
