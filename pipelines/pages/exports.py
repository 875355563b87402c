"""Downloads: CSV, XLSX, JSON and Parquet of every table that pages show, marked where simulated.

The same frames give the same bytes: no clock and no random order goes into a file.
"""

import hashlib
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
from pipelines.pages import addresses, schemas, words
from templates.catalogue import LANGS, text
from templates.layout import Download, Link
from warehouse.store import write_parquet

NAMES = (
    "ranking", "averages", "cities", "warnings", "movement", "leaves", "classes", "nodes",
    "observations", "contributions", "history", "peers", "published_ranks", "changes", "events",
    "pages", "sites", "quality", "receipts", "refusals", "tree",
)  # fmt: skip
WORKBOOKS = {
    "observations": ("observations",),
    "contributions": ("contributions",),
    "publication": (
        "ranking", "averages", "cities", "warnings", "nodes", "leaves", "classes", "tree", "history",
        "peers", "published_ranks",
        "changes", "quality", "receipts", "refusals",
    ),
    "monitoring": ("events", "pages", "sites"),
    "movement": ("movement",),
}  # fmt: skip
"""Workbooks and their sheets; the tables with by far the most rows have one of their own."""
FORMATS = ("csv", "json", "parquet")
"""Formats in which a table is a file of its own."""
LISTING = "files.json"
"""The list of all downloads of a publication, with their hashes."""
# What spreadsheets take for a formula, also behind blanks and marks that nobody sees, or in full width.
_FORMULA = r"^[\s\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]"
_WORKBOOK_OF = {name: book for book, names in WORKBOOKS.items() for name in names}
_LONGEST = 32_767 // 2
"""Characters of a cell of a workbook, which holds twice as many halves of them; CSV and JSON have all."""
_CREATED = datetime(2016, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_WIDE = {
    "description": 90,
    "name": 14,
    "name_en": 18,
    "zh": 44,
    "en": 60,
    "sha256": 24,
    "expression": 40,
    "leaf": 26,
}


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
                    to("XLSX", f"{_WORKBOOK_OF[name]}.xlsx"),
                    to("JSON", f"{name}.json"),
                    to("Parquet", f"{name}.parquet"),
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
                "edition": edition.id,
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
    """Each frame as CSV, JSON and Parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames.items():
        ready = marked(frame, simulated)
        write_csv(ready, folder / f"{name}.csv")
        said = {"table": name, **about, "simulated": simulated}
        write_json(ready, folder / f"{name}.json", said)
        write_parquet(ready, folder / f"{name}.parquet")


def write_each(
    frames: Mapping[str, pl.DataFrame],
    folder: Path,
    about: Mapping[str, Any],
    simulated: bool,
    table: str = "",
) -> None:
    """As `write_all`, and each frame as a workbook of its own.

    Args:
        frames: by the names of their files.
        folder: where to write them.
        about: what the files say of themselves.
        simulated: whether invented data went into them.
        table: table of `schemas.CONTRACTS` that the frames are of; by default those of their names.
    """
    write_all(frames, folder, {**about, "table": table} if table else about, simulated)
    for name, frame in frames.items():
        said = {**about, "table": table or name, "simulated": str(simulated).lower()}
        lines = [(key, str(value)) for key, value in said.items()]
        write_workbook(folder / f"{name}.xlsx", lines, {table or name: frame}, simulated)


def links(stem: str) -> tuple[Link, ...]:
    """Links to the files of `write_each`, whose address is a stem and the format."""
    return tuple(
        Link(label, f"{stem}.{label.lower()}") for label in ("CSV", "XLSX", "JSON", "Parquet")
    )


def write_listing(folder: Path, simulated: bool) -> None:
    """List the downloads in a folder, beside them."""
    listed = json.dumps({"simulated": simulated, "files": _listed(folder)}, indent=1)
    (folder / LISTING).write_text(listed + "\n", encoding="utf-8")


def listing(folder: Path) -> list[dict[str, Any]]:
    """Name, bytes and hash of each download in a folder; made now where it was not written with them."""
    path = folder / LISTING
    return json.loads(path.read_bytes())["files"] if path.exists() else _listed(folder)


def _listed(folder: Path) -> list[dict[str, Any]]:
    return [
        {
            "name": path.name,
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.glob("*"))
        if path.is_file() and path.name != LISTING
    ]


def write_workbook(
    path: Path,
    about: Iterable[tuple[str, str]],
    frames: Mapping[str, pl.DataFrame],
    simulated: bool,
) -> None:
    """A workbook: a sheet `about`, a typed sheet a frame with a frozen header, what columns hold."""
    # Text is never read as a formula, a link or a number.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
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
        said = [
            line for name in frames if name in schemas.CONTRACTS for line in schemas.lines(name)
        ]
        columns = pl.DataFrame(
            said, schema=["table", "column", "unit", "description"], orient="row"
        )
        _sheet(book.add_worksheet("columns"), columns, heading)


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
    if kind == pl.Date:
        return sheet.write_datetime
    if kind.is_numeric():
        return sheet.write_number
    return lambda line, column, said: sheet.write_string(line, column, said[:_LONGEST])


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
        ("columns", "unit and meaning of every column: the last sheet"),
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
