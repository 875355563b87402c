"""The archive of articles: Parquet parts by shard, written once each and never altered.

An article that was changed is archived again, and so is that one is gone; what is said of an address last
is what holds. All that is said of it is in one shard, in the order of parts and rows.
"""

import json
from pathlib import Path
from typing import Any, Final

import polars as pl

from scrapers.declaration import CLOCK
from scrapers.web.seen import Seen

SCHEMA: Final = pl.Schema(
    {
        "site_id": pl.String(),
        "url": pl.String(),
        "title": pl.String(),
        "crumbs": pl.List(pl.String()),
        "source": pl.String(),
        "published": pl.Date(),
        "paragraphs": pl.List(pl.String()),
        "persons": pl.Int64(),
        "retrieved": pl.String(),
        "status": pl.Int64(),
        "encoding": pl.String(),
        "raw_sha256": pl.String(),
    }
)
"""Fields of an article; when and how its page came (`encoding` is what the server named), and its
hash. Without a title, and all else of an article: that it was found to be there no more."""
_PART = 20_000


def archive(seen: Seen, shard: int, folder: Path) -> None:
    """Write a shard's articles that are not yet in the archive into parts of their own.

    Killed at any moment and called again, it leaves each article in one part.

    Raises:
        OSError: a part cannot be written.
    """
    while True:
        part, articles = seen.outbox(_PART)
        if not articles:
            return
        file = folder / f"shard-{shard:02}" / f"{part:06}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        whole = file.with_name(f".{file.name}")
        _frame(articles).write_parquet(whole, compression="zstd")
        whole.replace(file)
        seen.archived(part, articles[-1]["id"])


def parts(folder: Path) -> list[Path]:
    """The parts of the archive, those of a shard in the order in which they were written."""
    return sorted(folder.glob("shard-*/[!.]*.parquet"))


def articles(folder: Path) -> pl.LazyFrame:
    """The archived articles as they were read last, with the columns of `SCHEMA`, in no order."""
    return last(_rows(folder).filter(pl.col("title").is_not_null()))


def gone(folder: Path) -> pl.LazyFrame:
    """Articles that were there no more when they were asked for last: `url`, and `gone`, since when."""
    return (
        last(_rows(folder).select("url", "title", "retrieved"))
        .filter(pl.col("title").is_null())
        .select("url", gone=day_of(pl.col("retrieved")))
    )


def day_of(moment: pl.Expr) -> pl.Expr:
    """The day, Asia/Shanghai, of a moment in ISO 8601 with offset."""
    at = moment.str.to_datetime("%+", time_zone="UTC")
    return at.dt.convert_time_zone(str(CLOCK)).dt.date()


def last(rows: pl.LazyFrame) -> pl.LazyFrame:
    """What is said of each address last, in rows of the archive's order."""
    return rows.unique("url", keep="last", maintain_order=True)


def _rows(folder: Path) -> pl.LazyFrame:
    there = parts(folder)
    return pl.scan_parquet(there, schema=SCHEMA) if there else pl.LazyFrame(schema=SCHEMA)


def _frame(articles: list[dict[str, Any]]) -> pl.DataFrame:
    rows = [json.loads(row["content"]) | row for row in articles]
    strings = pl.Schema({**SCHEMA, "published": pl.String()})
    frame = pl.DataFrame(
        [{column: row.get(column) for column in SCHEMA} for row in rows], schema=strings
    )
    return frame.with_columns(pl.col("published").str.to_date("%Y-%m-%d"))
