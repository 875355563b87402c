"""Consultation of the lowest cities of each class: who, why they stand there, and who rose from there."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import polars as pl

from indicators.edition import Leaf
from indicators.movers import movers

FILE = Path(__file__).with_name("consultation.toml")
Cause = Literal["not_submitted", "imputed", "discrepancy", "events", "own"]


@dataclass(frozen=True)
class Rules:
    """What is declared in `consultation.toml`; the comments there say what each number is."""

    basis: str
    comparable: int
    risen: int
    leaves: int
    risen_leaves: int
    lowest: Mapping[str, int]


@cache
def rules() -> Rules:
    """The declared numbers."""
    return Rules(**tomllib.loads(FILE.read_text(encoding="utf-8")))


def lowest(index: pl.DataFrame, numbers: Mapping[str, int]) -> list[str]:
    """Codes of the lowest ranked cities of each class, class by class, the lowest first.

    Args:
        index: city_code, city_class, rank (null for cities without one).
        numbers: how many of each class.
    """
    ranked = index.filter(pl.col("rank").is_not_null()).sort(
        ["rank", "city_code"], descending=[True, False]
    )
    return [
        code
        for city_class, number in numbers.items()
        for code in ranked.filter(city_class=city_class).head(number)["city_code"]
    ]


def cause(leaf: Leaf, reason: str, doubtful: Collection[str], told_of: Collection[str]) -> Cause:
    """Why points of a leaf were lost, the first that holds.

    Nothing was submitted, or it was imputed, or its sources differ, or it rests on breaches of trust;
    else the city's own value is low.

    Args:
        leaf: the leaf.
        reason: why its points are not the city's own, of the contract `Leaves`; empty where they are.
        doubtful: the city's measures whose two sources differ.
        told_of: measures that rest on credit events.
    """
    measures = leaf.expression.measures
    if reason == "not submitted":
        return "not_submitted"
    if reason:
        return "imputed"
    if any(measure in doubtful for measure in measures):
        return "discrepancy"
    return "events" if any(measure in told_of for measure in measures) else "own"


def comparable(code: str, before: pl.DataFrame, peers: Collection[str], number: int) -> list[str]:
    """Cities that a city can be compared with: its peers, else those of its class that stood nearest.

    Args:
        code: the city.
        before: city_code, city_class, index, rank of an earlier month.
        peers: the city's peers, the nearest first; empty where none are known.
        number: how many, at most.
    """
    if peers:
        return list(peers)[:number]
    own = before.filter(city_code=code)
    if own.is_empty() or own["index"][0] is None:
        return []
    return (
        before.filter(
            pl.col("city_class") == own["city_class"][0],
            pl.col("city_code") != code,
            pl.col("index").is_not_null(),
        )
        .sort((pl.col("index") - own["index"][0]).abs(), "city_code")
        .head(number)["city_code"]
        .to_list()
    )


def risen(
    codes: Collection[str], before: pl.DataFrame, after: pl.DataFrame, number: int
) -> pl.DataFrame:
    """Those of some cities that rose most, as `movers` has them, the highest rise first."""
    return (
        movers(before, after)
        .filter(pl.col("city_code").is_in(list(codes)), pl.col("index_change") > 0)
        .sort(["index_change", "city_code"], descending=[True, False])
        .head(number)
    )


def risen_leaves(before: pl.DataFrame, after: pl.DataFrame, number: int) -> pl.DataFrame:
    """The leaves by which each city rose most.

    Args:
        before: city_code, leaf, points of an earlier month.
        after: the same of a later one.
        number: how many leaves of each city.

    Returns:
        city_code, leaf, points_before, points, gain (points); the highest gain first, ties by leaf.
    """
    earlier = before.select("city_code", "leaf", points_before="points")
    return (
        after.select("city_code", "leaf", "points")
        .join(earlier, on=["city_code", "leaf"])
        .select(
            "city_code",
            "leaf",
            "points_before",
            "points",
            (pl.col("points") - pl.col("points_before")).alias("gain"),
        )
        .filter(pl.col("gain") > 0)
        .sort(["city_code", "gain", "leaf"], descending=[False, True, False])
        .group_by("city_code", maintain_order=True)
        .head(number)
    )
