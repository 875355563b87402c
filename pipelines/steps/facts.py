"""Tables that are packaged with the project: the registry of cities and what the state published."""

import hashlib
from collections.abc import Callable
from typing import Any

import polars as pl

from indicators.registry import cities_of, resolve
from pipelines.workspace import Workspace
from scrapers import landing, packaged
from scrapers.declaration import sources
from scrapers.sources.registry import feed as registry_feed
from warehouse.contracts.tables import TABLES

REGISTRY = "core_registry__city_spell"
PUBLISHED_RANKINGS = "core_published_rankings__issue_city"
MODEL_CITIES = "core_model_cities__cohort_city"
_ONCE = "once"
_MUNICIPALITY, _MUNICIPALITY_EN = "直辖市", "Municipality"


def registry() -> pl.DataFrame:
    """All spells of all cities, from the packaged table; needs no workspace."""
    return registry_feed.read(registry_feed.packaged())


def land(workspace: Workspace, source_id: str) -> tuple[bytes, str]:
    """Land a packaged source as it is; give its bytes and their hash. It has no time of delivery."""
    source = sources()[source_id]
    path = packaged.path(source)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    landing.land(
        workspace.landing,
        landing.Landed(
            source_id,
            _ONCE,
            path.name,
            source.address,
            "",
            digest,
            len(content),
            kept_sha256=digest,
        ),
        content,
    )
    return content, digest


def registry_input() -> dict[str, Any]:
    """The registry among the inputs of a month, as a receipt has them."""
    source = sources()["registry"]
    content = packaged.path(source).read_bytes()
    return {
        "source_id": source.id,
        "name": packaged.path(source).name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "delivered_at": "",
        "late": False,
        "taken": len(registry_feed.read(content)),
        "refused": 0,
    }


def write_registry(workspace: Workspace) -> pl.DataFrame:
    """Land the registry and write its table."""
    content, _ = land(workspace, "registry")
    frame = registry_feed.read(content)
    workspace.store.write(REGISTRY, frame)
    return frame


def write_published_rankings(workspace: Workspace, spells: pl.DataFrame) -> pl.DataFrame:
    """Land the published rankings, resolve their cities in the registry of their month, write them."""
    content, _ = land(workspace, "published_rankings")
    frame = published_rankings(content, spells)
    workspace.store.write(PUBLISHED_RANKINGS, frame)
    return frame


def published_rankings(content: bytes, spells: pl.DataFrame) -> pl.DataFrame:
    """The published rankings of a packaged file, as their contract has them."""
    frame = completed(
        packaged.rows(content), "published_rankings", spells, lambda row: str(row["month"])
    )
    return _in_order(frame.with_columns(pl.col("rank").cast(pl.Int64)), PUBLISHED_RANKINGS, content)


def write_model_cities(workspace: Workspace, spells: pl.DataFrame) -> pl.DataFrame:
    """Land the cohorts of model cities and write them. Districts, which are not ranked, have no code."""
    content, _ = land(workspace, "model_cities")
    frame = model_cities(content, spells)
    workspace.store.write(MODEL_CITIES, frame)
    return frame


def model_cities(content: bytes, spells: pl.DataFrame) -> pl.DataFrame:
    """The cohorts of model cities of a packaged file, as their contract has them."""
    frame = completed(
        packaged.rows(content), "model_cities", spells, lambda row: f"{row['cohort']}-12"
    )
    return _in_order(frame, MODEL_CITIES, content)


def completed(
    rows: pl.DataFrame,
    source_id: str,
    spells: pl.DataFrame,
    month: Callable[[dict[str, str]], str],
) -> pl.DataFrame:
    """Printed rows with what is not printed in them: code, English names and publisher.

    Args:
        rows: rows with `city` and `province` as printed.
        source_id: source whose declaration names the publisher.
        spells: the registry.
        month: gives the month of a row, whose registry its name belongs to.
    """
    printed = rows.to_dicts()
    cities = {period: cities_of(spells, period) for period in {month(row) for row in printed}}
    english = {
        period: dict(known.select("city_code", "name_en").iter_rows())
        for period, known in cities.items()
    }
    provinces = {name: _province_en(spells, name) for name in rows["province"].unique()}
    codes = [
        resolve(
            cities[month(row)],
            row["city"],
            None if row["province"] == _MUNICIPALITY else row["province"],
        )
        for row in printed
    ]
    names = [
        english[month(row)].get(code) if code else None
        for row, code in zip(printed, codes, strict=True)
    ]
    source = sources()[source_id]
    return rows.with_columns(
        city_code=pl.Series(codes, dtype=pl.String),
        city_en=pl.Series(names, dtype=pl.String),
        province_en=pl.Series([provinces[row["province"]] for row in printed], dtype=pl.String),
        publisher_zh=pl.lit(source.publisher_zh),
        publisher_en=pl.lit(source.publisher_en),
    )


def problems_of_published(frame: pl.DataFrame, spells: pl.DataFrame) -> list[str]:
    """What is wrong with published lists: unknown cities, wrong classes, ranks or scores."""
    found = [
        f"row {row['row']}: {row['city']} ({row['province']}) is no city of {row['month']}"
        for row in frame.filter(pl.col("city_code").is_null()).to_dicts()
    ]
    for (month,), rows in frame.filter(pl.col("city_code").is_not_null()).group_by("month"):
        classes = dict(cities_of(spells, str(month)).select("city_code", "city_class").iter_rows())
        found += [
            f"row {row['row']}: {row['city']} is {classes[row['city_code']]}, not {row['city_class']}"
            for row in rows.to_dicts()
            if classes[row["city_code"]] != row["city_class"]
        ]
    scored = frame.with_columns(pl.col("score").cast(pl.Float64, strict=False).alias("number"))
    bad = scored.filter(~pl.col("number").is_between(0, 100).fill_null(False))
    found += [f"row {row}: score is no number from 0 to 100" for row in bad["row"]]
    for (issue, city_class), rows in scored.group_by("issue", "city_class"):
        ordered = rows.sort("rank")
        if ordered["rank"].is_duplicated().any():
            found.append(f"{issue} {city_class}: a rank stands twice")
        if not ordered["number"].is_sorted(descending=True):
            found.append(f"{issue} {city_class}: scores do not fall with the rank")
    return sorted(found)


def _province_en(spells: pl.DataFrame, printed: str) -> str | None:
    """English name of a province by its short name as printed (浙江, 内蒙古)."""
    if printed == _MUNICIPALITY:
        return _MUNICIPALITY_EN
    found = spells.filter(pl.col("province").str.starts_with(printed))["province_en"].unique()
    return str(found.item()) if len(found) == 1 else None


def _in_order(frame: pl.DataFrame, table: str, content: bytes) -> pl.DataFrame:
    """With the hash of the file, and the columns in the order of the contract."""
    digest = hashlib.sha256(content).hexdigest()
    return frame.with_columns(sha256=pl.lit(digest)).select(TABLES[table].column_names())
