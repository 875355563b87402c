"""The reader of one page that prints city credit rankings.

What a page prints is taken as the magazine printed it, and what mirrors did to it is undone: digits of
full width, blanks inside of numbers and names, traditional characters. Figures keep their zeros; nothing
is corrected, and a rank that got lost is given only where its neighbours leave no other.
"""

from dataclasses import astuple, dataclass

import polars as pl

from scrapers.sources.published_rankings import document, month, run_together, tables
from scrapers.sources.published_rankings.characters import decode
from scrapers.sources.published_rankings.document import Grid
from scrapers.sources.published_rankings.lists import (
    MOST_ROWS,
    Heading,
    NotARanking,
    Note,
    Row,
    oddities,
    rankings,
)

MOST_BYTES = 5_000_000
PRINTED = {
    "part": pl.Int64,
    "row": pl.Int64,
    "city_class": pl.String,
    "rank": pl.Int64,
    "city": pl.String,
    "province": pl.String,
    "index": pl.String,
}
"""Rows as printed, list by list.

`part` and `row` say where on the page a row stands; `city_class` is empty where neither the row nor a
heading states it, `province` where none is printed; `rank` is null where it is lost.
"""


@dataclass(frozen=True)
class Page:
    """What a page prints: rows with the columns PRINTED, the month named on it or empty, and notes."""

    rows: pl.DataFrame
    month: str
    notes: list[Note]

    @classmethod
    def blank(cls) -> "Page":
        """A page that prints no ranking."""
        return cls(pl.DataFrame(schema=PRINTED), "", [])


def read(content: bytes, charset: str = "") -> Page:
    """Read a page.

    Args:
        content: bytes of the page, HTML.
        charset: encoding that the transport declared, or empty.

    Returns:
        The page; without rows where it prints no ranking.

    Raises:
        NotARanking: the page is larger than one can be.
    """
    if len(content) > MOST_BYTES:
        raise NotARanking(f"{MOST_BYTES} bytes")
    title, parts = document.read(decode(content, charset))
    rows: list[Row] = []
    notes: list[Note] = []
    texts = [title]
    heading: Heading | None = None
    for number, part in enumerate(parts, start=1):
        found: list[Row] = []
        if isinstance(part, Grid):
            found, unread = tables.rows(part, number, heading)
        texts.append(part if isinstance(part, str) else tables.text(part))
        if not found:
            found, unread, heading = run_together.rows(texts[-1], number, heading)
        rows += found
        notes += unread
        if len(rows) > MOST_ROWS:
            raise NotARanking(f"{MOST_ROWS} rows")
    lists = [one for one in rankings(rows) if any(row.rank for row in one.rows)]
    printed = [
        (*astuple(row.place), row.stated_class, row.rank, row.city, row.province, row.index)
        for one in lists
        for row in one.rows
    ]
    return Page(
        rows=pl.DataFrame(printed, schema=PRINTED, orient="row"),
        month=month.named("\n".join(texts)),
        notes=[*notes, *(note for one in lists for note in oddities(one))],
    )
