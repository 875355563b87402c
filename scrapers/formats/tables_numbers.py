"""Numbers and units as office tables write them, converted exactly: no value passes through a float."""

import re
from dataclasses import dataclass
from decimal import Decimal

from scrapers.formats.xlsx import Cell
from scrapers.places import plain
from scrapers.reading import LARGEST

GAPS = frozenset(
    {"", "-", "--", "—", "——", "–", "―", "/", "…", "……", "...", "......", "空"},
)
"""What stands where there is no value."""

_DIGITS = 17
"""Most digits of a number; identity numbers have 18."""
_POWERS = {"": 0, "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8}
_SHARES = {"%": -2, "百分比": -2, "‰": -3, "千分比": -3}
# Digits alone, or in groups of three that commas or blanks part, and perhaps a unit.
_NUMBER = re.compile(
    r"([+-]?)([1-9][0-9]{0,2}(?:[, ][0-9]{3})+|0|[1-9][0-9]*)((?:\.[0-9]+)?)(?![0-9])(.*)"
)
# Only full-width forms: normalising would turn the mark of a footnote into a digit (35① into 351).
_ORDINARY = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(other): ordinary for other, ordinary in zip("\u3000\xa0\u2009−﹣﹪", "   --%", strict=True)
}
# A number format that shows a unit (`0.0"万"`) or thousands (`0.0,`): what is meant, shown or stored?
_SHOWS_ANOTHER = re.compile("[十百千万亿‰]|[0#?],+(?![0#?,])")


class NotTaken(Exception):  # noqa: N818 - it is a refusal, as rows have them
    """A cell or a header that gives nothing; `reason` is a key of the text catalogue."""

    def __init__(self, reason: str, expected: str = "") -> None:
        super().__init__(reason)
        self.reason, self.expected = reason, expected


@dataclass(frozen=True)
class Units:
    """The units that a measure may have: what it is counted in, or nothing for a share."""

    counted_in: tuple[str, ...]

    def power(self, unit: str) -> int | None:
        """The power of ten that turns this unit into the measure's own; None for a unit it cannot have.

        A count may be in 个, 万 or 万个, a share in % or ‰.
        """
        unit = plain(unit)
        if not self.counted_in:
            return _SHARES.get(unit)
        counted = next((word for word in self.counted_in if unit.endswith(word)), "")
        return _POWERS.get(unit.removesuffix(counted)) if unit else None

    def __str__(self) -> str:
        return "、".join([*self.counted_in, "万"] if self.counted_in else ["%", "‰"])


def value(cell: Cell, units: Units, power: int | None) -> Decimal | None:
    """The value of a cell in the measure's own unit; None where the cell says that there is none.

    A share without any unit is a number up to 1; a cell that is formatted as a percentage holds one.

    Args:
        cell: what stands there.
        units: the units that the measure may have.
        power: of ten, of the unit in the header; None where there is none.

    Raises:
        NotTaken: it is a formula, an error, a date or no number; it has a unit that the measure cannot
            have or that is not the header's, or a number format that shows another number; it is no
            whole number where things are counted, too large, or has too many digits.
    """
    for wrong, reason in (
        (cell.formula, "formula"),
        (cell.kind == "error", "error_value"),
        (cell.kind == "date", "date_for_number"),
        (cell.kind == "bool", "not_a_number"),
    ):
        if wrong:
            raise NotTaken(reason)
    text = cell.text.translate(_ORDINARY).strip()
    if text in GAPS:
        return None
    match = _NUMBER.fullmatch(text)
    if match is None or any(character.isdigit() for character in match[4]):
        raise NotTaken("not_a_number")
    sign, whole, fraction, unit = match.groups()
    whole = whole.replace(",", "").replace(" ", "")
    if len(whole) + len(fraction) > _DIGITS:
        raise NotTaken("implausible", f"< {LARGEST:,}")
    number = Decimal(f"{sign}{whole}{fraction}").scaleb(_power(cell, units, unit, power))
    if abs(number) >= LARGEST:
        raise NotTaken("implausible", f"< {LARGEST:,}")
    if units.counted_in and number != number.to_integral_value():
        raise NotTaken("not_whole")
    return number


def as_text(number: Decimal) -> str:
    """The shortest decimal digits of a number."""
    return format(number.normalize(), "f")


def _power(cell: Cell, units: Units, unit: str, header: int | None) -> int:
    """The one power of ten that header and cell agree on."""
    if cell.kind == "number" and cell.percent:
        # What is stored is the share itself; it is shown in per cent.
        if units.counted_in or header not in (None, -2):
            raise NotTaken("unit_conflict", str(units))
        return 0
    if cell.kind == "number" and ("%" in cell.format or _SHOWS_ANOTHER.search(cell.format)):
        raise NotTaken("number_format")
    own = units.power(unit) if unit.strip() else header
    if own is None and unit.strip():
        raise NotTaken("unit_unknown", str(units))
    if own != header and header is not None:
        raise NotTaken("unit_conflict", str(units))
    return own or 0
