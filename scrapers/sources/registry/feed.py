"""Read the registry of cities, which is packaged beside this module."""

from pathlib import Path

import dataframely as dy
import polars as pl

from warehouse.contracts.cities import CityRegistry


def read(content: bytes) -> dy.DataFrame[CityRegistry]:
    """Read the registry's CSV.

    Args:
        content: UTF-8 text with a header, one row a spell of a city; an empty field has no value.

    Returns:
        The rows in the file's order, checked against `CityRegistry`.

    Raises:
        polars.exceptions.ComputeError: if it is no CSV.
        dataframely.exc.SchemaError: if a column is missing.
        dataframely.exc.ValidationError: if a row breaks a rule of the contract.
    """
    return CityRegistry.validate(pl.read_csv(content, infer_schema=False))


def packaged() -> bytes:
    """The bytes of the committed cities.csv."""
    return (Path(__file__).parent / "cities.csv").read_bytes()
