"""`cci.duckdb`: everything published, in one file that any DuckDB client opens.

Tables hold every revision; the views `current_…` hold the revision of each month that stands. Tables,
views and columns have comments, with units.
"""

from pathlib import Path

import dataframely as dy
import duckdb
import polars as pl

from warehouse.contracts.publications import Publications
from warehouse.contracts.tables import TABLES
from warehouse.publication import TABLE_OF, Publication

_PUBLICATIONS = "out_publications__revision"
# Columns that say which publication a row belongs to, where its contract does not have them.
_OF_PUBLICATION = {
    "edition": "Edition of the criteria",
    "period": "Month, YYYY-MM",
    "revision": "Revision of the publication, 1 the first",
    "simulated": "True where invented (sandbox) data went into the publication",
}


def build(path: Path, publications: list[Publication], facts: dict[str, pl.DataFrame]) -> None:
    """Write the database anew.

    Args:
        path: file to write; it must not exist.
        publications: all of them, every revision.
        facts: further tables by name, such as the registry and the published lists.
    """
    with duckdb.connect(str(path)) as db:
        for name, table in TABLE_OF.items():
            _fill(db, table, name, publications)
        tables = {**facts, _PUBLICATIONS: _revisions(publications)}
        for table, frame in tables.items():
            _create(db, table, frame)
        for table in (*TABLE_OF.values(), *tables):
            _comment(db, table, TABLES[table])
        for table in TABLE_OF.values():
            _current_view(db, table)


def _fill(
    db: duckdb.DuckDBPyConnection, table: str, frame: str, publications: list[Publication]
) -> None:
    """One table of all publications' frames of a kind, each row with the publication it is in."""
    there = TABLES[table].column_names()
    _create(db, table, TABLES[table].create_empty())
    for name in (name for name in _OF_PUBLICATION if name not in there):
        kind = {"revision": "INTEGER", "simulated": "BOOLEAN"}.get(name, "VARCHAR")
        db.execute(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {kind}')
    for p in publications:
        file = p.file(frame)
        if file is None:
            continue
        values = {
            "edition": p.edition,
            "period": p.period,
            "revision": p.revision,
            "simulated": p.simulated,
        }
        added = {name: value for name, value in values.items() if name not in there}
        columns = ", ".join([*(f'? AS "{name}"' for name in added), "*"])
        db.execute(
            f'INSERT INTO "{table}" BY NAME SELECT {columns} FROM read_parquet(?)',
            [*added.values(), str(file)],
        )


def _create(db: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    db.register("frame", TABLES[table].validate(frame, cast=True).to_arrow())
    db.execute(f'CREATE TABLE "{table}" AS SELECT * FROM frame')
    db.unregister("frame")


def _revisions(publications: list[Publication]) -> pl.DataFrame:
    last = {(p.edition, p.period): p.revision for p in publications}
    rows = [
        {
            "edition": p.edition,
            "period": p.period,
            "revision": p.revision,
            "current": last[p.edition, p.period] == p.revision,
            "simulated": p.simulated,
            **{name: p.manifest[name] for name in ("numbers_sha256", "edition_sha256", "code")},
        }
        for p in publications
    ]
    return pl.DataFrame(rows, schema=Publications.create_empty().schema)


def _comment(db: duckdb.DuckDBPyConnection, table: str, contract: type[dy.Schema]) -> None:
    _say(db, f'TABLE "{table}"', (contract.__doc__ or "").split(": ", 1)[-1].strip())
    for name, comment in _comments(db, table, contract).items():
        _say(db, f'COLUMN "{table}"."{name}"', comment)


def _comments(
    db: duckdb.DuckDBPyConnection, table: str, contract: type[dy.Schema]
) -> dict[str, str]:
    """What each column of a table holds, with its unit."""
    comments = {}
    for name, column in contract.columns().items():
        unit = (column.metadata or {}).get("unit")
        comments[name] = (column.description or name) + (f" [{unit}]" if unit else "")
    there = [row[0] for row in db.execute(f'DESCRIBE "{table}"').fetchall()]
    return {name: comments.get(name) or _OF_PUBLICATION[name] for name in there}


def _current_view(db: duckdb.DuckDBPyConnection, table: str) -> None:
    view = "current_" + table.split("_", 1)[1].split("__")[0]
    db.execute(
        f'CREATE VIEW "{view}" AS SELECT t.* FROM "{table}" t JOIN "{_PUBLICATIONS}" p '
        'USING (edition, period, revision) WHERE p."current"'
    )
    _say(db, f'VIEW "{view}"', f"Rows of {table} in the revision of each month that stands")
    for name, comment in _comments(db, table, TABLES[table]).items():
        _say(db, f'COLUMN "{view}"."{name}"', comment)


def _say(db: duckdb.DuckDBPyConnection, what: str, comment: str) -> None:
    quoted = comment.replace("'", "''")
    db.execute(f"COMMENT ON {what} IS '{quoted}'")
