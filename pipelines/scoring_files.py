"""`cci score`: observations in a file, scores out, without a warehouse."""

from pathlib import Path

import polars as pl

from indicators.edition import Edition
from indicators.measures import catalogue
from indicators.reconcile import reconcile
from indicators.registry import cities_of
from indicators.score import score
from indicators.screen import screen
from pipelines import refusals
from pipelines.periods import this_month
from pipelines.steps import facts
from scrapers.formats import measures
from scrapers.reading import FileRefused
from warehouse.contracts.columns import PERIOD_PATTERN
from warehouse.store import write_aside

LEAVES = (
    "period", "city_code", "leaf", "value", "points", "points_possible", "reason", "lo", "hi",
)  # fmt: skip
NODES = ("period", "city_code", "level", "node", "points", "points_possible")
INDEX = (
    "period", "city_code", "city_class", "points", "points_possible", "index", "rank", "coverage",
)  # fmt: skip


class Refused(ValueError):  # noqa: N818 - what is raised is a list of refusals
    """A file with rows that cannot be taken; the message has a line for each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def score_file(edition: Edition, file: Path, period: str | None, out: Path) -> pl.DataFrame:
    """Score the observations of a file and write leaves.csv, nodes.csv and index.csv.

    Every city that the registry monitors in a month of the file is scored.

    Args:
        edition: the edition to score by.
        file: CSV or Parquet with period, city_code, measure, value and optionally source.
        period: the one month to score; None for every month in the file.
        out: folder for the three files.

    Returns:
        The index, as written.

    Raises:
        Refused: some rows cannot be taken; nothing is written.
        ValueError: the edition is not valid in a month, or the file does not hold the one asked for.
    """
    try:
        rows = measures.read(file.read_bytes())
    except FileRefused as refusal:
        raise Refused([refusals.line(file.name, **refusal.details())]) from refusal
    periods = sorted(set(rows["period"].str.strip_chars().drop_nulls()))
    months = [p for p in periods if pl.Series([p]).str.contains(PERIOD_PATTERN).item()]
    registry = facts.registry()
    cities = pl.concat(
        [cities_of(registry, month).with_columns(period=pl.lit(month)) for month in months]
        or [registry.clear().select("city_code", "city_class", period="valid_from")]
    )
    screened = screen(rows, cities, catalogue(), last_period=this_month(), awards=edition.awards)
    if not screened.refused.is_empty():
        raise Refused(refusals.lines(file.name, screened.refused))
    if period is not None:
        if period not in months:
            raise ValueError(
                f"{file.name} has no rows for {period}; it has {', '.join(months) or 'none'}"
            )
        cities = cities.filter(pl.col("period") == period)
    if cities.is_empty():
        raise ValueError(f"{file.name} has no rows; expected some observations")
    for month in cities["period"].unique().sort():
        edition.refuse_period(month)
    scores = score(edition, reconcile(screened.good, catalogue()), cities)
    order = ["period", "city_code"]
    position = {leaf.id: n for n, leaf in enumerate(edition.leaves)}
    leaves = (
        scores.leaves.with_columns(pl.col("leaf").cast(pl.String), pl.col("reason").cast(pl.String))
        .sort(*order, pl.col("leaf").replace_strict(position, return_dtype=pl.Int64))
        .select(LEAVES)
    )
    nodes = scores.nodes.sort(*order, "level", maintain_order=True).select(NODES)
    index = scores.index.sort("period", "city_class", "rank", "city_code").select(INDEX)
    # All three or none: each is complete before the first takes its name.
    write_aside(
        {
            out / name: frame.write_csv
            for name, frame in (("leaves.csv", leaves), ("nodes.csv", nodes), ("index.csv", index))
        }
    )
    return index
