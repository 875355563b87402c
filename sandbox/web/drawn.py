"""Draws for texts: which of several, by a hash of names, without numpy and hence fast for single ones."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """Draws that depend on the names given here and on those of each draw, on nothing else."""

    def __init__(self, *names: object) -> None:
        self._hash = blake2b("\x1f".join(map(str, names)).encode(), digest_size=8)

    def bits(self, *what: object) -> int:
        """64 bits."""
        drawn = self._hash.copy()
        drawn.update("\x1f".join(map(str, ("", *what))).encode())
        return int.from_bytes(drawn.digest(), "big")

    def of(self, options: Sequence[T], *what: object) -> T:
        """One of the options."""
        return options[self.bits(*what) % len(options)]

    def number(self, low: int, high: int, *what: object) -> int:
        """A whole number, both bounds included."""
        return low + self.bits(*what) % (high - low + 1)

    def chance(self, share: float, *what: object) -> bool:
        """True in such a share of draws."""
        return self.bits(*what) < share * 2.0**64
