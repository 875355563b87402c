"""What the columns of downloads hold, from the contracts: JSON Schemas, and lines for workbooks.

A schema asks only for columns that can not be empty. Contracts gain columns, which are then empty in what
was published before, so a file stays true to every later schema.
"""

from typing import Any

import dataframely as dy

from warehouse.contracts.dictionary import EditionLeaves
from warehouse.contracts.exported import (
    Averages,
    BesidePublished,
    MeanMoves,
    RankMoves,
    Standing,
)
from warehouse.contracts.published import ModelCities, PublishedRankings
from warehouse.contracts.reference import (
    DeclaredSources,
    EditionSubjects,
    IndexProviders,
    SourceMeasures,
    SourceRecords,
)
from warehouse.contracts.tables import TABLES
from warehouse.publication import TABLE_OF

CONTRACTS: dict[str, type[dy.Schema]] = {
    **{name: TABLES[table] for name, table in TABLE_OF.items()},
    "averages": Averages,
    "tree": EditionLeaves,
    "published-rankings": PublishedRankings,
    "model-cities": ModelCities,
    "rank-moves": RankMoves,
    "mean-moves": MeanMoves,
    "beside-published": BesidePublished,
    "sources": DeclaredSources,
    "source-measures": SourceMeasures,
    "source-records": SourceRecords,
    "providers": IndexProviders,
    "edition-subjects": EditionSubjects,
    "standing": Standing,
    "gate": TABLES["score_gate__city_period_edition"],
    "criteria": TABLES["score_leaves__city_period_edition"],
    "groups": TABLES["score_nodes__city_period_edition"],
}
"""Contracts of tables to download, by the names of their files."""
SIMULATED = "simulated"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {dy.String: "string", dy.Date: "string", dy.Bool: "boolean", dy.Int64: "integer"}
_SIMULATED = {"type": "boolean", "description": "True where invented (sandbox) data went into it"}


def schema(table: str) -> dict[str, Any]:
    """JSON Schema of the JSON download of a table of `CONTRACTS`: what it is, then its rows."""
    contract = CONTRACTS[table]
    columns = {name: _column(column) for name, column in contract.columns().items()}
    needed = [name for name, column in contract.columns().items() if not column.nullable]
    return {
        "$schema": _DIALECT,
        "title": table,
        "description": _about(contract),
        "type": "object",
        "required": ["table", SIMULATED, "rows"],
        "properties": {
            "table": {"const": table},
            SIMULATED: _SIMULATED,
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": [*dict.fromkeys([*needed, SIMULATED])],
                    "properties": {**columns, SIMULATED: _SIMULATED},
                    "additionalProperties": False,
                },
            },
        },
    }


def lines(table: str) -> list[tuple[str, str, str, str]]:
    """Each column of a table of `CONTRACTS`: table, name, unit, what it holds."""
    return [
        (table, name, _unit(column), column.description or "")
        for name, column in CONTRACTS[table].columns().items()
    ]


def _about(contract: type[dy.Schema]) -> str:
    return " ".join((contract.__doc__ or "").split(": ", 1)[-1].split())


def _unit(column: dy.Column) -> str:
    return str((column.metadata or {}).get("unit", ""))


def _column(column: dy.Column) -> dict[str, Any]:
    kind = _TYPES.get(type(column), "number")
    unit = _unit(column)
    said: dict[str, Any] = {
        "type": [kind, "null"] if column.nullable else kind,
        "description": (column.description or "") + (f" [{unit}]" if unit else ""),
    }
    if isinstance(column, dy.Date):
        said["format"] = "date"
    if isinstance(column, dy.String) and column.regex:
        said["pattern"] = column.regex
    if isinstance(column, dy.Int64 | dy.Float64):
        bounds = {"minimum": column.min, "maximum": column.max}
        said |= {name: bound for name, bound in bounds.items() if bound is not None}
    return said
