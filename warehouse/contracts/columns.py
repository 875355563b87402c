"""Columns that many contracts share, so that a code, a month or a hash is the same thing everywhere."""

import dataframely as dy

PERIOD_PATTERN = r"^\d{4}-(0[1-9]|1[0-2])$"
CITY_CODE_PATTERN = r"^\d{6}$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"
CITY_CLASSES = ("provincial", "prefecture", "county")


def unit(name: str) -> dict[str, str]:
    """Metadata that says a column's unit; it becomes part of the column's comment."""
    return {"unit": name}


def period(*, primary_key: bool = True) -> dy.String:
    """The month, `YYYY-MM`."""
    return dy.String(primary_key=primary_key, regex=PERIOD_PATTERN, description="Month, YYYY-MM")


def edition() -> dy.String:
    """The edition of the criteria, such as `cci-2019`."""
    return dy.String(primary_key=True, description="Edition of the criteria")


def city_code(*, primary_key: bool = True, nullable: bool = False) -> dy.String:
    """Six-digit GB/T 2260 code, text."""
    return dy.String(
        primary_key=primary_key,
        nullable=nullable,
        regex=CITY_CODE_PATTERN,
        description="GB/T 2260 code of the city, text",
    )


def city_class(*, primary_key: bool = False) -> dy.String:
    """Class that the city is ranked in."""
    return dy.String(
        primary_key=primary_key,
        check=lambda col: col.is_in(CITY_CLASSES),
        description="Class that the city is ranked in: provincial, prefecture or county",
    )


def sha256(*, primary_key: bool = False, nullable: bool = False) -> dy.String:
    """Hash of the delivered file that a row came from."""
    return dy.String(
        primary_key=primary_key,
        nullable=nullable,
        regex=SHA256_PATTERN,
        description="SHA-256 of the delivered file",
    )


def source_id(*, primary_key: bool = False) -> dy.String:
    """Source, an id of the declarations."""
    return dy.String(primary_key=primary_key, description="Source, by the id of its declaration")


def part() -> dy.String:
    """Voice within a source."""
    return dy.String(
        primary_key=True,
        description="Voice within the source: provider, day of a probe, edition of an award; else empty",
    )


def row() -> dy.Int64:
    """Row of a delivered file."""
    return dy.Int64(
        nullable=True,
        min=1,
        description="Row in that file, the header being row 1; empty where several rows were rolled up",
    )


def place() -> dy.String:
    """Cell of a workbook."""
    return dy.String(description="Sheet and cell, where the row alone does not name the cell")


def evidence() -> dy.String:
    """Reference that goes with a value."""
    return dy.String(
        nullable=True, description="Evidence: number of a document, or an official address"
    )


def delivered_at(*, primary_key: bool = False) -> dy.String:
    """Time of a delivery."""
    return dy.String(
        primary_key=primary_key, description="When it was delivered, ISO 8601 with offset"
    )


def behind() -> dy.Int64:
    """How much a value rests on."""
    return dy.Int64(
        min=0, description="Records that the value was made from", metadata=unit("records")
    )


def corrected() -> dy.Bool:
    """Whether the value replaced another."""
    return dy.Bool(description="A later delivery put it in the place of an earlier value")


def late() -> dy.Bool:
    """Whether the value came late."""
    return dy.Bool(description="Delivered after the source's due date for the month")


def sha256_of(what: str) -> dy.String:
    """Hash of something else."""
    return dy.String(regex=SHA256_PATTERN, description=f"SHA-256 of {what}")


def points(description: str) -> dy.Float64:
    """Points of the tree, never negative."""
    return dy.Float64(min=0, description=description, metadata=unit("points"))


def simulated() -> dy.Bool:
    """Whether invented data went into the row."""
    return dy.Bool(description="True where invented (sandbox) data went into the row")
