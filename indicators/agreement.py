"""How far two rankings of the same cities agree: a published list beside what was computed."""

from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

FEWEST = 3
"""Cities below which a rank correlation says nothing: of two, it is always 1 or −1."""


class Correlation(NamedTuple):
    """Spearman's rho and Kendall's tau-b over so many cities; None where they are not defined."""

    cities: int
    spearman: float | None
    kendall: float | None


@dataclass(frozen=True)
class Agreement:
    """One class of a published list beside a computed ranking of its month.

    Attributes:
        city_class: the class.
        rows: a row a printed line, as printed: the columns of `published` and `computed` (rank in the
            whole class), `published_place` and `computed_place` (ranks among the cities that both name),
            `apart` (published place − computed place, positive where the computed one is the better);
            null where only the list names the city.
        correlation: over the cities that both name.
    """

    city_class: str
    rows: pl.DataFrame
    correlation: Correlation


def correlation(one: pl.Series, other: pl.Series) -> Correlation:
    """Rank correlations of two rankings of the same cities, in the same order.

    None where there are fewer than `FEWEST` cities, or where one ranking holds all of them equal.
    """
    if len(one) < FEWEST or one.n_unique() < 2 or other.n_unique() < 2:
        return Correlation(len(one), None, None)
    from scipy import stats  # Loading it takes a second, which every process of pages would spend.

    a, b = one.to_numpy(), other.to_numpy()
    return Correlation(
        len(one),
        float(stats.spearmanr(a, b).statistic),
        float(stats.kendalltau(a, b, variant="b").statistic),
    )


def among(rank: str) -> pl.Expr:
    """Ranks among the rows at hand; ties share a rank and the next is skipped, as in a class."""
    return pl.col(rank).rank("min").cast(pl.Int64)


def agreement(published: pl.DataFrame, computed: pl.DataFrame) -> list[Agreement]:
    """Compare a published list with a computed ranking, class by class, in the order of the list.

    Cities are the same by their code in the registry, never by their name. A city that the list has in
    another class than the registry of the month is not compared.

    Args:
        published: lines of one issue, of the contract `PublishedRankings`.
        computed: frame of the contract `Index` of the list's month.
    """
    ranked = computed.filter(pl.col("rank").is_not_null()).select(
        "city_code", "city_class", computed="rank"
    )
    found = []
    for (city_class,), lines in published.group_by("city_class", maintain_order=True):
        rows = lines.sort("rank", "city").join(
            ranked, on=["city_code", "city_class"], how="left", maintain_order="left"
        )
        # A name that is no city of the month has no code, and no place in either column.
        both = rows.filter(pl.col("computed").is_not_null()).with_columns(
            published_place=among("rank"), computed_place=among("computed")
        )
        places = both.select(
            "city_code",
            "published_place",
            "computed_place",
            apart=pl.col("published_place") - pl.col("computed_place"),
        )
        found.append(
            Agreement(
                str(city_class),
                rows.join(places, on="city_code", how="left", maintain_order="left"),
                correlation(both["published_place"], both["computed_place"]),
            )
        )
    return found
