"""Downloads: CSV, JSON and a workbook of everything that pages show, marked where simulated.

The same frames give the same bytes: no clock and no random order goes into a file.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from indicators.edition import Edition
from indicators.measures import catalogue
from pipelines.pages import addresses, words
from templates.catalogue import LANGS, text
from templates.layout import Download, Link

NAMES = (
    "ranking", "averages", "leaves", "classes", "nodes", "observations", "contributions", "history",
    "changes", "events", "pages", "sites", "quality", "receipts", "refusals", "tree",
)  # fmt: skip
WORKBOOKS = {
    "observations": ("observations",),
    "publication": (
        "ranking", "averages", "nodes", "leaves", "classes", "tree", "history", "changes",
        "quality", "receipts", "refusals",
    ),
}  # fmt: skip
"""Workbooks and their sheets; observations, by far the most rows, have one of their own."""
_FORMULA = r"^[=+\-@\t\r]"
_CREATED = datetime(2016, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_WIDE = {"name": 14, "name_en": 18, "zh": 44, "en": 60, "sha256": 24, "expression": 40, "leaf": 26}


def downloads(
    here: str, data: str, lang: str, names: Sequence[str] = NAMES
) -> tuple[Download, ...]:
    """Links from a page in folder `here` to the downloads of a publication in folder `data`."""

    def to(label: str, name: str) -> Link:
        return Link(label, addresses.link(here, f"{data}/{name}"))

    return (
        Download(text("downloads.workbook", lang), (to("XLSX", "publication.xlsx"),)),
        *(
            Download(
                text(f"downloads.{name}", lang),
                (
                    to("CSV", f"{name}.csv"),
                    *([to("XLSX", f"{name}.xlsx")] if name in WORKBOOKS else []),
                    to("JSON", f"{name}.json"),
                ),
            )
            for name in names
        ),
    )


def averages(ranking: pl.DataFrame) -> pl.DataFrame:
    """Index of each class as a whole, by region and by province: a row a group.

    `of` is `class`, `region` or `province`, `name` its name; means and bounds are of the index.
    """
    index = pl.col("index")
    groups = (("class", "city_class"), ("region", "region"), ("province", "province"))
    return pl.concat(
        ranking.group_by("city_class", pl.col(column).alias("name"))
        .agg(
            cities=pl.len().cast(pl.Int64),
            mean=index.mean(),
            median=index.median(),
            lowest=index.min(),
            highest=index.max(),
        )
        .select("city_class", pl.lit(of).alias("of"), pl.exclude("city_class"))
        .sort("city_class", "name")
        for of, column in groups
    )


def tree(edition: Edition) -> pl.DataFrame:
    """The edition's leaves as a table."""
    return pl.DataFrame(
        [
            {
                "leaf": leaf.id,
                "node": leaf.node,
                "zh": leaf.zh,
                "en": leaf.en,
                "points": float(leaf.points),
                "expression": leaf.expression.text,
                "rule": leaf.rule,
                "parameters": json.dumps(leaf.parameters, ensure_ascii=False),
                "sources": "|".join(leaf.sources),
                "basis": leaf.basis,
                "reason_zh": edition.reason(leaf, "zh"),
                "reason_en": edition.reason(leaf, "en"),
            }
            for leaf in edition.leaves
        ]
    )


def marked(frame: pl.DataFrame, simulated: bool) -> pl.DataFrame:
    """The frame with plain text columns and a column `simulated`."""
    frame = frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    if "simulated" in frame.columns:
        return frame
    return frame.with_columns(simulated=pl.lit(simulated))


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """CSV in UTF-8 with a byte order mark; text that a spreadsheet would run starts with `'`."""
    harmless = frame.with_columns(
        pl.when(pl.col(pl.String).str.contains(_FORMULA))
        .then("'" + pl.col(pl.String))
        .otherwise(pl.col(pl.String))
        .name.keep()
    )
    harmless.write_csv(path, include_bom=True)


def write_json(frame: pl.DataFrame, path: Path, about: Mapping[str, Any]) -> None:
    """JSON: what the rows are, then the rows."""
    head = json.dumps(about, ensure_ascii=False, sort_keys=True)
    path.write_text(f'{head[:-1]}, "rows": {frame.write_json()}}}\n', encoding="utf-8")


def write_all(
    frames: Mapping[str, pl.DataFrame], folder: Path, about: Mapping[str, Any], simulated: bool
) -> None:
    """Each frame as CSV and JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        ready = marked(frame, simulated)
        write_csv(ready, folder / f"{name}.csv")
        write_json(ready, folder / f"{name}.json", {**about, "table": name, "simulated": simulated})


def write_workbook(
    path: Path,
    about: Iterable[tuple[str, str]],
    frames: Mapping[str, pl.DataFrame],
    simulated: bool,
) -> None:
    """A workbook: a sheet `about`, then one typed sheet a frame with a frozen header."""
    # Text is never read as a formula, a link or a number.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": "City Credit Index 城市信用指数", "created": _CREATED})
        heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EDF3"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        bold = book.add_format({"bold": True, "valign": "top"})
        sheet = book.add_worksheet("about")
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, 100)
        for line, (label, content) in enumerate(about):
            sheet.write_string(line, 0, label, bold)
            sheet.write_string(line, 1, content, wrapped)
        for name, frame in frames.items():
            _sheet(book.add_worksheet(name), marked(frame, simulated), heading)


def _sheet(sheet: Any, frame: pl.DataFrame, heading: Any) -> None:
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(frame.columns):
        sheet.set_column(column, column, _WIDE.get(name, max(11, len(name) + 2)))
        sheet.write_string(0, column, name, heading)
    if frame.height:
        sheet.autofilter(0, 0, frame.height, frame.width - 1)
    writers = [_writer(sheet, kind) for kind in frame.dtypes]
    for line, row in enumerate(frame.iter_rows(), 1):
        for column, content in enumerate(row):
            if content is not None and content != "":
                writers[column](line, column, content)


def _writer(sheet: Any, kind: pl.DataType) -> Any:
    if kind == pl.Boolean:
        return sheet.write_boolean
    return sheet.write_number if kind.is_numeric() else sheet.write_string


def about_publication(edition: Edition, manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a workbook says of itself: edition, month, revision, simulated, sources, units."""
    simulated = bool(manifest["simulated"])
    lines = [
        ("title", " · ".join(text("site.name", lang) for lang in LANGS)),
        ("edition", f"{edition.id}: {edition.title_zh} · {edition.title_en}"),
        ("citation", edition.citation),
        ("edition_revision", str(edition.revision)),
        ("edition_sha256", str(manifest["edition_sha256"])),
        ("period", str(manifest["period"])),
        ("revision", str(manifest["revision"])),
        ("simulated", "true" if simulated else "false"),
    ]
    if simulated:
        lines += [("simulated", text("simulated.banner", lang)) for lang in LANGS]
    lines += [("computed", text("site.footer_computed", lang)) for lang in LANGS]
    lines += [
        ("code", str(manifest["code"])),
        ("numbers_sha256", str(manifest["numbers_sha256"])),
        ("units", "points: 分 points; index: 0–100; coverage: 0–1; rank: 1 = highest"),
        ("nodes", "levels 0 to 3 of the tree; level 4 is the sheet leaves"),
        ("observations", "observations.xlsx: value, source, file and row of every measure"),
        ("receipts", "every file that arrived, with its hash: sheet receipts of publication.xlsx"),
    ]
    for measure in edition.measures:
        known = catalogue()[measure]
        names = " · ".join(words.measure_name(known, lang) for lang in LANGS)
        lines.append((f"measure {measure}", f"{names} [{known.unit}]"))
    for source in dict.fromkeys(s for leaf in edition.leaves for s in leaf.sources):
        names = " · ".join(text(f"source.{source}", lang) for lang in LANGS)
        lines.append((f"source {source}", names))
    files = Counter(file["source_id"] for file in manifest["inputs"])
    lines += [
        (
            f"files {source_id}",
            " · ".join([*(words.source_title(source_id, lang) for lang in LANGS), str(number)]),
        )
        for source_id, number in files.items()
    ]
    return lines
