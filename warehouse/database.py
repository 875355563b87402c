"""`cci.duckdb`: everything published, in one file that any DuckDB client opens.

Tables hold every revision; the views `current_…` hold the revision of each month that stands. Tables,
views and columns have comments, with units.
"""

from pathlib import Path

import dataframely as dy
import duckdb
import polars as pl

from warehouse.contracts.tables import TABLES
from warehouse.publication import Publication

# Frames of a publication, and the tables they become.
_PUBLISHED = {
    "ranking": "out_ranking__period_edition",
    "index": "score_index__city_period_edition",
    "nodes": "score_nodes__city_period_edition",
    "leaves": "score_leaves__city_period_edition",
    "classes": "score_leaf_classes__period_edition",
    "observations": "core_observations__city_period_measure",
    "receipts": "landing_receipts__file",
    "refusals": "landing_refusals__row",
}
_CHANGES = "out_changes__revision"
_PUBLICATIONS = "out_publications__revision"
_REVISION = {
    "edition": "Edition of the criteria",
    "period": "Month, YYYY-MM",
    "revision": "Revision of the publication, 1 the first",
}
_COMMENTS = {
    _CHANGES: {
        **_REVISION,
        "city_code": "GB/T 2260 code of the city, text",
        "kind": "What changed: observation, leaf, index or rank",
        "item": "Measure or leaf that changed",
        "before": "Value in the revision before",
        "after": "Value in this revision",
        "source": "Kind of source of a changed observation",
        "name": "File that brought a changed observation",
    },
    _PUBLICATIONS: {
        **_REVISION,
        "current": "True for the revision that stands",
        "simulated": "True where invented (sandbox) data went into it",
        "numbers_sha256": "SHA-256 of all numbers of the publication",
        "edition_sha256": "SHA-256 of the edition file",
        "code": "Version of the code that scored it",
    },
}


def build(path: Path, publications: list[Publication], facts: dict[str, pl.DataFrame]) -> None:
    """Write the database anew.

    Args:
        path: file to write; it must not exist.
        publications: all of them, every revision.
        facts: further tables by name, such as the registry and the published lists.
    """
    with duckdb.connect(str(path)) as db:
        db.execute("SET enable_progress_bar = false")
        for name, table in _PUBLISHED.items():
            _fill(db, table, name, publications)
            _comment(db, table, TABLES[table])
        _fill(db, _CHANGES, "changes", publications)
        _publications(db, publications)
        for table, frame in facts.items():
            db.register("frame", frame.to_arrow())
            db.execute(f'CREATE TABLE "{table}" AS SELECT * FROM frame')
            db.unregister("frame")
            _comment(db, table, TABLES[table])
        for table, comments in _COMMENTS.items():
            for column, comment in comments.items():
                _say(db, f'COLUMN "{table}"."{column}"', comment)
        if publications:
            for table in (*_PUBLISHED.values(), _CHANGES):
                _current_view(db, table)


def _fill(
    db: duckdb.DuckDBPyConnection, table: str, frame: str, publications: list[Publication]
) -> None:
    contract = TABLES.get(table)
    for number, publication in enumerate(publications):
        file = str(publication.folder / f"{frame}.parquet")
        lead = f"{publication.revision}::INTEGER AS revision"
        if contract is None or "edition" not in contract.column_names():
            lead = f"'{publication.edition}' AS edition, {lead}"
        if contract is None or "period" not in contract.column_names():
            lead = f"'{publication.period}' AS period, {lead}"
        verb = f'INSERT INTO "{table}" BY NAME' if number else f'CREATE TABLE "{table}" AS'
        db.execute(f"{verb} SELECT {lead}, * FROM read_parquet(?)", [file])
    if not publications and contract is not None:
        db.register("frame", contract.create_empty().to_arrow())
        db.execute(f'CREATE TABLE "{table}" AS SELECT * FROM frame')
        db.unregister("frame")


def _publications(db: duckdb.DuckDBPyConnection, publications: list[Publication]) -> None:
    last = {(p.edition, p.period): p.revision for p in publications}
    db.execute(
        f'CREATE TABLE "{_PUBLICATIONS}" (edition VARCHAR, period VARCHAR, revision INTEGER, '
        '"current" BOOLEAN, simulated BOOLEAN, numbers_sha256 VARCHAR, edition_sha256 VARCHAR, '
        "code VARCHAR)"
    )
    for p in publications:
        m = p.manifest
        db.execute(
            f'INSERT INTO "{_PUBLICATIONS}" VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
            [
                p.edition,
                p.period,
                p.revision,
                last[p.edition, p.period] == p.revision,
                p.simulated,
                m["numbers_sha256"],
                m["edition_sha256"],
                m["code"],
            ],
        )


def _comment(db: duckdb.DuckDBPyConnection, table: str, contract: type[dy.Schema]) -> None:
    _say(db, f'TABLE "{table}"', (contract.__doc__ or "").split(": ", 1)[-1].strip())
    there = {row[0] for row in db.execute(f'DESCRIBE "{table}"').fetchall()}
    for name, column in contract.columns().items():
        unit = (column.metadata or {}).get("unit")
        text = (column.description or name) + (f" [{unit}]" if unit else "")
        _say(db, f'COLUMN "{table}"."{name}"', text)
    for name in there & _REVISION.keys() - contract.columns().keys():
        _say(db, f'COLUMN "{table}"."{name}"', _REVISION[name])


def _current_view(db: duckdb.DuckDBPyConnection, table: str) -> None:
    view = "current_" + table.split("_", 1)[1].split("__")[0]
    db.execute(
        f'CREATE VIEW "{view}" AS SELECT t.* FROM "{table}" t JOIN "{_PUBLICATIONS}" p '
        'USING (edition, period, revision) WHERE p."current"'
    )
    _say(db, f'VIEW "{view}"', f"Rows of {table} in the revision of each month that stands")


def _say(db: duckdb.DuckDBPyConnection, what: str, comment: str) -> None:
    quoted = comment.replace("'", "''")
    db.execute(f"COMMENT ON {what} IS '{quoted}'")
