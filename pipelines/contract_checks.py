"""Checks made from the contracts, so that the UI shows which tables are held to one.

The store checks every row as it writes a table, and a breach stops the asset with the rules and the
number of rows that broke them. So a result is given only for what was written.
"""

import dagster as dg

from warehouse.contracts.tables import TABLES

NAME = "keeps_its_contract"


def spec(asset: str, table: str) -> dg.AssetCheckSpec:
    """The check of an asset that writes a table."""
    contract = TABLES[table]
    columns = ", ".join(contract.column_names())
    return dg.AssetCheckSpec(
        NAME, asset=asset, blocking=True, description=f"{contract.__doc__} Columns: {columns}."
    )


def kept(asset: str) -> dg.AssetCheckResult:
    """The result of an asset that has written its table."""
    return dg.AssetCheckResult(check_name=NAME, asset_key=asset, passed=True)
