"""Chance without state: numbers that depend on their names only, never on what was drawn before.

A draw is a hash of the seed and of names (measure, city, month). So a month alone is the same month
within a year, and the same on every machine.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Numbers = NDArray[np.float64]

_MASK = 2**64 - 1


def key(*names: object) -> int:
    """A 64-bit number for a name of several parts."""
    text = "\x1f".join(map(str, names)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def keys(names: list[str]) -> Keys:
    """One key for each name."""
    return np.array([key(name) for name in names], dtype=np.uint64)


def bits(who: Keys, *what: object) -> Keys:
    """64 bits for each of `who`, drawn for `what` (splitmix64)."""
    x = who + np.array((key(*what) * 0x9E3779B97F4A7C15) & _MASK, dtype=np.uint64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def uniform(who: Keys, *what: object) -> Numbers:
    """Between 0 and 1, 1 excluded."""
    return (bits(who, *what) >> np.uint64(11)).astype(np.float64) / 2.0**53


def normal(who: Keys, *what: object) -> Numbers:
    """Mean 0, variance 1, never beyond ±3.5: the sum of four uniform numbers."""
    drawn = bits(who, *what)
    parts = [(drawn >> np.uint64(shift)) & np.uint64(0xFFFF) for shift in (0, 16, 32, 48)]
    total = sum((part.astype(np.float64) for part in parts), np.zeros(len(who)))
    return np.asarray((total / 65535.0 - 2.0) * np.sqrt(3.0), dtype=np.float64)


def once(*what: object) -> float:
    """One number between 0 and 1, 1 excluded."""
    return float(uniform(np.zeros(1, dtype=np.uint64), *what)[0])


def pick(n: int, *what: object) -> int:
    """One of 0 to n − 1."""
    return int(once(*what) * n)
