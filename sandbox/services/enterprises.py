"""The invented country's enterprises: numbers within a city, each with a code that never changes."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sandbox import chance
from sandbox.chance import Keys
from scrapers.credit_code import CHARACTERS, LENGTH

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

_ALPHABET = np.frombuffer(CHARACTERS.encode(), np.uint8)
_BASE = len(CHARACTERS)
_OWN = range(10, 16)  # the characters that differ from one enterprise of a city to another
MOST = _BASE ** len(_OWN)
"""So many enterprises have codes in one city."""
_STEP = 321_911_713  # prime to MOST: numbers below it have codes of their own
_WEIGHTS = [pow(3, i, 31) for i in range(17)]

# The check character of the organisation code (GB 11714), whose alphabet has all letters.
_ORGANISATION = range(8, 16)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_VALUES = np.array([int(c, 36) for c in CHARACTERS])
_ORGANISATION_CHECKS = np.array([CHARACTERS.index(c) for c in "0X987654321"])


def keys(of_city: Keys, numbers: Numbers) -> Keys:
    """A key of each enterprise for draws, from the key of its city and its number there."""
    return of_city + numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def codes(
    city_codes: list[str],
    city: Numbers,
    numbers: Numbers,
    seed: int,
    *,
    misspelt: Mask | bool = False,
) -> pl.Series:
    """Unified social credit codes, right but for those that shall be misspelt.

    They are those of enterprises (91) registered in the city whose organisation code begins with MA, as
    those given out since 2015 do. So none can be mistaken for an identity number.

    Args:
        city_codes: cities.
        city: which of the cities each enterprise is in.
        numbers: each enterprise's number there, below MOST.
        seed: which invented country.
        misspelt: which shall have a wrong check character; none, if not given.
    """
    values = np.empty((LENGTH, len(numbers)), np.int64)
    values[0], values[1] = 9, 1
    for place, digits in enumerate(zip(*city_codes, strict=True), 2):
        values[place] = np.array(digits, np.int64)[city]
    values[8], values[9] = CHARACTERS.index("M"), CHARACTERS.index("A")
    first = chance.bits(chance.keys(city_codes), seed, "first code") % np.uint64(MOST)
    own = (numbers * _STEP + first.astype(np.int64)[city]) % MOST
    for place in _OWN:
        own, values[place] = np.divmod(own, _BASE)
    organisation = sum(
        w * _ORGANISATION_VALUES[values[place]]
        for w, place in zip(_ORGANISATION_WEIGHTS, _ORGANISATION, strict=True)
    )
    values[16] = _ORGANISATION_CHECKS[organisation % 11]
    total = sum(w * values[place] for place, w in enumerate(_WEIGHTS))
    values[17] = (misspelt - total) % _BASE
    characters = np.ascontiguousarray(_ALPHABET[values.T])
    return pl.Series(characters.view(f"S{LENGTH}").ravel(), dtype=pl.Binary).cast(pl.String)
