"""The archive of articles: Parquet parts by shard, written once each and never altered."""

import json
from pathlib import Path
from typing import Any, Final

import polars as pl

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
hash."""
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


def articles(folder: Path) -> pl.LazyFrame:
    """All archived articles, with the columns of `SCHEMA`, in no order."""
    parts = sorted(folder.glob("shard-*/*.parquet"))
    return pl.scan_parquet(parts, schema=SCHEMA) if parts else pl.LazyFrame(schema=SCHEMA)


def _frame(articles: list[dict[str, Any]]) -> pl.DataFrame:
    rows = [row | json.loads(row["content"]) | {"url": row["url"]} for row in articles]
    strings = pl.Schema({**SCHEMA, "published": pl.String()})
    frame = pl.DataFrame(
        [{column: row[column] for column in SCHEMA} for row in rows], schema=strings
    )
    return frame.with_columns(pl.col("published").str.to_date("%Y-%m-%d"))
