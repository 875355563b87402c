"""What reading a delivered file gives, whatever its format: rows of measures, and what was refused.

Readers are functions `take(path, name, ask)`: a file and what is asked of the source in, a `Reading` out.
What they give is all that is ever kept of a file, so nothing about a natural person may be in it.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

LARGEST = 10**10
"""No measure of a city is as large; telephone and identity numbers are, so they are not taken for one."""
ROWS = {
    "period": pl.String,
    "city_code": pl.String,
    "measure": pl.String,
    "value": pl.String,
    "source": pl.String,
    "part": pl.String,
    "place": pl.String,
    "row": pl.Int64,
    "evidence": pl.String,
}
"""Rows of measures as text, before screening.

`part` is the voice within the source (a provider's id, the edition of an award), else empty; `place` is
sheet and cell or column where `row` alone does not name the cell, else empty; `evidence` is a reference
(a document number, an official address) or null.
"""
REFUSED = {
    "row": pl.Int64,
    "field": pl.String,
    "reason": pl.String,
    "found": pl.String,
    "expected": pl.String,
}
"""Refusals: `row` 0 is the whole file, `field` a column or sheet and cell, `reason` a key of the text
catalogue, `found` what was found, or `(n)` for n characters that might be about a person."""


@dataclass(frozen=True)
class AskedMeasure:
    """A measure that a source is asked for: unit, names, and the largest value that can be right."""

    id: str
    unit: str
    zh: str
    en: str
    maximum: float | None = None
    whole: bool = False


@dataclass(frozen=True)
class Ask:
    """What is asked of a source for a month.

    `cities`: city_code, name, name_en, province, province_code, city_class, valid for the month.
    """

    source_id: str
    kind: str
    period: str
    cities: pl.DataFrame
    measures: Mapping[str, AskedMeasure]


@dataclass
class FileRefused(Exception):  # noqa: N818 - it is a refusal, as rows have them
    """A file that cannot be read as a whole.

    `reason` is a key of the text catalogue; `row` is the first one that is wrong, 0 where none can be
    named.
    """

    reason: str
    expected: str
    row: int = 0
    field: str = ""
    found: str = ""

    def details(self) -> dict[str, Any]:
        """Row, field, reason, found and expected, as refusals of rows have them."""
        return asdict(self)

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}: {self.field} {self.found}; expected {self.expected}"


@dataclass(frozen=True)
class Reading:
    """What is kept of a file: `kept` (for most formats with the columns ROWS), and `refused` (REFUSED).

    `persons` counts records about natural persons, which were dropped; `sender` is the code of the city
    or province, or the id of the provider, that the file says it comes from; `kind` is the kind of record
    of an extract, empty for rows of measures. `more_refused` counts refusals beyond those listed.
    """

    kept: pl.DataFrame
    refused: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REFUSED))
    persons: int = 0
    sender: str = ""
    kind: str = ""
    more_refused: int = 0

    @classmethod
    def nothing(cls, refusal: FileRefused) -> "Reading":
        """What a file gives that cannot be read as a whole."""
        return cls(pl.DataFrame(schema=ROWS), pl.DataFrame([refusal.details()], schema=REFUSED))


_SHORT_NUMBER = re.compile(r"[0-9.,%eE+-]{1,7}|[+-]?(NaN|nan|inf)")


def harmless(found: str) -> str:
    """What may be repeated of a text: a number too short for a telephone, else only its length."""
    return found if not found or _SHORT_NUMBER.fullmatch(found) else f"({len(found)})"
