"""What changed an index since an earlier month, cause by cause: a part of bulletins and papers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """What one cause did.

    Attributes:
        name: the cause, in words.
        amount: index points, with a sign.
        direction: `up` or `down`.
        leaves: the leaves on which it did most, with their amounts, in words.
    """

    name: str
    amount: str
    direction: str
    leaves: str


@dataclass(frozen=True, slots=True)
class Since:
    """The change since one earlier month.

    Attributes:
        caption: the month, the two indexes and the difference, in words.
        causes: as printed they add up to the difference.
        total: the difference, as printed.
    """

    caption: str
    causes: tuple[Cause, ...]
    total: str
