"""Reading what was archived: each part of the archive once by each version of the reader."""

import hashlib
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import polars as pl

from pipelines.workspace import Workspace
from scrapers import monitor
from scrapers.monitor import reader
from scrapers.monitor.gazetteer import Gazetteer
from scrapers.monitor.shapes import Article, Site
from scrapers.sources.registry import feed as registry
from scrapers.web import archive
from scrapers.web.family import families
from scrapers.web.sites import watched
from warehouse.store import write_parquet

READ: Final = pl.Schema(
    {
        **reader.REPORTS,
        "site_name": pl.String(),
        "retrieved": pl.String(),
        "sha256": pl.String(),
        "gone": pl.Date(),
    }
)
"""What is read of a page, with when it was fetched, the hash of what was fetched, and since when it is
known to be there no more."""
_PART: Final = [column for column in READ if column != "gone"]
_CODE = (Path(monitor.__file__).parent, Path(registry.__file__).parent)


def read_archive(workspace: Workspace) -> int:
    """Read the parts of the archive that this version of the reader has not read yet, on all cores.

    Returns:
        How many parts were read.
    """
    target = workspace.readings / version()
    for old in workspace.readings.glob("*"):
        if old != target:
            shutil.rmtree(old)
    parts = {
        part: target / part.relative_to(workspace.archive)
        for part in archive.parts(workspace.archive)
    }
    due = [(part, out) for part, out in parts.items() if not out.exists()]
    if due:
        # Polars does not survive a fork.
        with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
            list(pool.map(_read_part, *zip(*due, strict=True), chunksize=4))
    return len(due)


def readings(workspace: Workspace) -> pl.DataFrame:
    """Everything that was read of the archive, with the columns of `READ`, sorted by address.

    Of a page that was changed it is what it says now; but it was published when it was first had, since
    many sites put the day of a change in the place of that of publication.
    """
    parts = archive.parts(workspace.readings / version())
    if not parts:
        return pl.DataFrame(schema=READ)
    versions = pl.scan_parquet(parts)
    first = versions.group_by("url").agg(pl.col("published").drop_nulls().first())
    return (
        archive.last(versions.drop("published"))
        .join(first, on="url", how="left")
        .join(archive.gone(workspace.archive), on="url", how="left")
        .select(*READ)
        .sort("url")
        .collect()
    )


@cache
def version() -> str:
    """Which reader this is: a hash of its code, words, weights and places."""
    digest = hashlib.sha256()
    for folder in _CODE:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in {".py", ".toml", ".csv", ".npz", ".json"}:
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _read_part(part: Path, out: Path) -> None:
    rows = pl.read_parquet(part).filter(pl.col("title").is_not_null()).to_dicts()
    done = []
    for row in rows:
        site = _sites()[row["site_id"]]
        article = _article(row)
        done.append((article, site, reader.read(article, site, _places())))
    frame = reader.reports(done).with_columns(
        pl.Series("site_name", [site.name for _, site, _ in done], pl.String),
        pl.Series("retrieved", [row["retrieved"] for row in rows], pl.String),
        pl.Series("sha256", [row["raw_sha256"] for row in rows], pl.String),
    )
    write_parquet(frame.select(_PART), out)


def _article(row: Mapping[str, Any]) -> Article:
    return Article(
        url=row["url"],
        title=row["title"],
        crumbs=tuple(row["crumbs"]),
        source=row["source"],
        published=row["published"],
        paragraphs=tuple(row["paragraphs"]),
        persons=row["persons"],
    )


@cache
def _sites() -> dict[str, Site]:
    return {one.site.site_id: one.site for one in watched(families())}


@cache
def _places() -> Gazetteer:
    return Gazetteer()
