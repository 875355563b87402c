"""Observations in a file: screened, refused or taken, and for `cci score` scored without a warehouse."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from indicators.edition import Edition
from indicators.measures import catalogue
from indicators.reconcile import reconcile
from indicators.registry import OF_A_MONTH, cities_of
from indicators.score import score
from indicators.screen import screen
from pipelines import refusals
from pipelines.periods import this_month
from pipelines.steps import facts
from scrapers.formats import measures
from scrapers.formats.workbooks_answers import REFERENCES, is_reference
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


@dataclass(frozen=True)
class Taken:
    """What was taken of a file.

    `observations` are what `indicators.reconcile` gives, of all months of the file; `cities` those that
    the registry monitors in the months that were asked for, with the month.
    """

    observations: pl.DataFrame
    cities: pl.DataFrame


def take(edition: Edition, file: Path, period: str | None) -> Taken:
    """Read and screen a file of observations.

    Args:
        edition: the edition that they are for; its awards bound what an assessor may have given.
        file: CSV or Parquet with period, city_code, measure, value and optionally source, edition (of an
            award) and evidence.
        period: the one month that is wanted; None for every month in the file.

    Raises:
        Refused: some rows cannot be taken.
        ValueError: the edition is not valid in a month, or the file does not hold the one asked for.
    """
    try:
        rows = measures.read(file.read_bytes())
    except FileRefused as refusal:
        raise Refused([refusals.line(file.name, **refusal.details())]) from refusal
    # What says that it was awarded under another edition is none of this one's business.
    under = pl.col("edition").str.strip_chars().replace("", None).fill_null(edition.id)
    rows = rows.filter(under == edition.id).drop("edition")
    periods = sorted(set(rows["period"].str.strip_chars().drop_nulls()))
    months = [p for p in periods if pl.Series([p]).str.contains(PERIOD_PATTERN).item()]
    registry = facts.registry()
    cities = pl.concat(
        [cities_of(registry, month).with_columns(period=pl.lit(month)) for month in months]
        or [registry.clear().select(*OF_A_MONTH, period=pl.lit(None, pl.String))]
    )
    screened = screen(rows, cities, catalogue(), last_period=this_month(), awards=edition.awards)
    refused = [*refusals.lines(file.name, screened.refused), *_no_references(file.name, rows)]
    if refused:
        raise Refused(refused)
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
    return Taken(reconcile(screened.good, catalogue()), cities)


def _no_references(file: str, rows: pl.DataFrame) -> list[str]:
    """A line for each evidence that is no reference; it might be about a person, and is not repeated."""
    given = rows.select("row", pl.col("evidence").str.strip_chars()).drop_nulls()
    return [
        refusals.line(file, row, "evidence", "evidence_malformed", f"({len(text)})", REFERENCES)
        for row, text in given.iter_rows()
        if text and not is_reference(text)
    ]


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
        ValueError: as `take`.
    """
    taken = take(edition, file, period)
    scores = score(edition, taken.observations, taken.cities)
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
