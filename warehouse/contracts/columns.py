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


def sha256(*, primary_key: bool = False) -> dy.String:
    """Hash of the landed bytes that a row came from."""
    return dy.String(
        primary_key=primary_key, regex=SHA256_PATTERN, description="SHA-256 of the landed file"
    )


def sha256_of(what: str) -> dy.String:
    """Hash of something else."""
    return dy.String(regex=SHA256_PATTERN, description=f"SHA-256 of {what}")


def points(description: str) -> dy.Float64:
    """Points of the tree, never negative."""
    return dy.Float64(min=0, description=description, metadata=unit("points"))


def simulated() -> dy.Bool:
    """Whether invented data went into the row."""
    return dy.Bool(description="True where invented (sandbox) data went into the row")
