"""Numbers as they are printed: rounded for the eye only, halves up."""

from decimal import Decimal
from functools import lru_cache

from indicators.ranking import rounded

NONE = "–"
MINUS = "−"
LEAST = 0.005
"""Less prints as 0.00."""
_SIGNIFICANT = 3


@lru_cache(maxsize=65536)
def fixed(value: float | None, places: int = 2) -> str:
    """So many decimals, thousands separated: 1,234.50."""
    if value is None:
        return NONE
    number = _rounded(value, places)
    return f"{number:,f}".replace("-", MINUS)


@lru_cache(maxsize=65536)
def plain(value: float | None) -> str:
    """A value of any size: whole numbers whole, small ones with three significant digits."""
    if value is None:
        return NONE
    if value == int(value):
        return f"{int(value):,d}".replace("-", MINUS)
    size = abs(Decimal(repr(value)))
    places = 2 if size >= 1 else _SIGNIFICANT - 1 - size.adjusted()
    text = f"{_rounded(value, places):,f}"
    return text.rstrip("0").rstrip(".").replace("-", MINUS)


def percent(share: float | None, places: int = 1) -> str:
    """A share from 0 to 1 as a percentage."""
    return NONE if share is None else f"{fixed(float(Decimal(repr(share)) * 100), places)}%"


def signed(value: float | None, places: int = 2) -> str:
    """A difference with its sign; no sign where it rounds to none."""
    if value is None:
        return NONE
    text = fixed(value, places)
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


def width(part: float, whole: float) -> str:
    """Length of a bar as a percentage, for style sheets."""
    return f"{100 * min(1.0, max(0.0, part / whole)):.1f}" if whole else "0"


def _rounded(value: float, places: int) -> Decimal:
    number = Decimal(rounded(value, places))
    return number if number else abs(number)  # no minus before nothing
