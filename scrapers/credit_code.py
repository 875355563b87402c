"""Unified social credit codes of entities (GB 32100-2015), and identity numbers of people (GB 11643).

Both have 18 characters, and one code in some hundred thousand passes as either. It counts as a person's
then: losing a record is better than keeping somebody's number.

The organisation code inside a unified code (characters 9 to 17) has a check character of its own, by
GB 11714. It is not looked at: codes that registering authorities gave to entities without an organisation
code do not all keep to it, and the last character of the whole covers these nine too.
"""

import re
from datetime import date
from enum import IntEnum
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""What a unified code is written with, by value: no I, O, S, V or Z."""
LENGTH = 18

_FORM = re.compile(rf"[{CHARACTERS}]{{2}}[0-9]{{6}}[{CHARACTERS}]{{10}}")
# The last weight, of the check character itself, makes the sum of a right code a multiple of 31.
_WEIGHTS = (*(pow(3, i, 31) for i in range(LENGTH - 1)), 1)

_IDENTITY = re.compile(r"[0-9]{6}((?:18|19|20)[0-9]{6})[0-9]{3}[0-9X]")
_OLD_IDENTITY = re.compile(r"[0-9]{6}([0-9]{6})[0-9]{3}")
_IDENTITY_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(18))


class Verdict(IntEnum):
    """What a text is that should be a code."""

    MALFORMED = 0
    """Not 18 characters of the right kind."""
    WRONG_CHECK = 1
    """Written as a code is, but not issued so: the check character is another."""
    VALID = 2
    PERSON = 3
    """An identity number of 18 or, as until 1999, 15 digits."""


def check_character(first: str) -> str:
    """The last character of the code that begins with these 17; ValueError where one is no code's."""
    total = sum(CHARACTERS.index(c) * w for c, w in zip(first, _WEIGHTS[:-1], strict=True))
    return CHARACTERS[-total % 31]


def judge(text: str) -> Verdict:
    """What a text is, as it stands: letters are capitals, nothing is around it."""
    if _OLD_IDENTITY.fullmatch(text):
        return Verdict.PERSON if _is_date(f"19{text[6:12]}") else Verdict.MALFORMED
    if not _FORM.fullmatch(text):
        return Verdict.MALFORMED
    valid = check_character(text[:-1]) == text[-1]
    # A number that is neither a right code nor a right identity number may be somebody's, misspelt.
    if (found := _IDENTITY.fullmatch(text)) and _is_date(found[1]):
        digits = [10 if c == "X" else int(c) for c in text]
        total = sum(d * w for d, w in zip(digits, _IDENTITY_WEIGHTS, strict=True))
        if total % 11 == 1 or not valid:
            return Verdict.PERSON
    return Verdict.VALID if valid else Verdict.WRONG_CHECK


def judge_all(texts: pl.Series) -> pl.Series:
    """What each text is, as `judge` has it: verdicts as UInt8, nulls malformed. For millions of texts."""
    lengths = texts.str.len_bytes().fill_null(0)
    right = lengths == LENGTH
    if right.all():
        return pl.Series(_judged(texts), dtype=pl.UInt8)
    verdicts = np.zeros(len(texts), np.uint8)
    verdicts[right.to_numpy()] = _judged(texts.filter(right))
    old = lengths == 15
    verdicts[old.to_numpy()] = _is_old_identity(texts.filter(old)).to_numpy() * Verdict.PERSON
    return pl.Series(verdicts, dtype=pl.UInt8)


_BLOCK = 1 << 15  # codes at a time, so that all that is made of them stays in the processor's cache
# A text of 18 bytes is looked at as nine pairs. Each is looked up in a table of its own, and the sum of
# what the nine tables say tells, by one more table, what the text is.
_PAIRS = LENGTH // 2
_IN_CENTURY = (
    0x0200  # above nine weighted pairs: where an identity number has the year, it could be one
)
_BAD = 0x1000  # above these: a pair that no code has
_SUSPECT = 4  # beside a verdict: could be an identity number


def _judged(texts: pl.Series) -> NDArray[np.uint8]:
    """Verdicts on texts of 18 bytes."""
    verdicts = np.empty(len(texts), np.uint8)
    for begin in range(0, len(texts), _BLOCK):
        block = texts.slice(begin, _BLOCK)
        total = np.zeros(len(block), np.uint16)
        for pair, table in zip(_bytes(block).view("<u2").T, _of_pairs(), strict=True):
            total += table[pair]
        found = _of_totals()[total]
        if (suspects := np.flatnonzero(found & _SUSPECT)).size:
            verdict = found[suspects] - _SUSPECT
            of_people = _is_identity(block.gather(suspects), verdict == Verdict.VALID)
            found[suspects] = np.where(of_people, np.uint8(Verdict.PERSON), verdict)
        verdicts[begin : begin + len(block)] = found
    return verdicts


@cache
def _of_pairs() -> NDArray[np.uint16]:
    """What each of the pairs of bytes, read as a number, adds to the total; (9, 65536)."""
    value = np.full(256, -1)
    value[[ord(c) for c in CHARACTERS]] = np.arange(len(CHARACTERS))
    tables = np.empty((_PAIRS, 256, 256), np.uint16)
    for i, table in enumerate(tables):
        # The registering authority's region, characters 3 to 8, is written in digits.
        known = np.where(value < 10, value, -1) if 1 <= i <= 3 else value
        first, second = known[None, :], known[:, None]  # the first byte is the lower
        total = (first * _WEIGHTS[2 * i] + second * _WEIGHTS[2 * i + 1]) % 31
        table[:] = np.where((first < 0) | (second < 0), _BAD, total)
    for century in (b"18", b"19", b"20"):
        tables[3, century[1], century[0]] += _IN_CENTURY
    return tables.reshape(_PAIRS, 1 << 16)


@cache
def _of_totals() -> NDArray[np.uint8]:
    """The verdict that each total means, with _SUSPECT where it has to be looked at again."""
    total = np.arange(1 << 16)
    right = (total % _IN_CENTURY) % 31 == 0
    found = np.where(right, Verdict.VALID, Verdict.WRONG_CHECK)
    found += np.where(total & _IN_CENTURY, _SUSPECT, 0)
    return np.where(total < _BAD, found, Verdict.MALFORMED).astype(np.uint8)


def _is_identity(texts: pl.Series, valid: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether texts of 18 characters are identity numbers; `valid` says which are right codes."""
    born = texts.str.slice(6, 8).str.to_date("%Y%m%d", strict=False).is_not_null()
    formed = (texts.str.contains(f"^{_IDENTITY.pattern}$") & born).to_numpy()
    digits = _bytes(texts).astype(np.int64) - ord("0")
    digits[digits[:, -1] == ord("X") - ord("0"), -1] = 10
    return np.asarray(formed & ((digits @ np.array(_IDENTITY_WEIGHTS) % 11 == 1) | ~valid))


def _is_old_identity(texts: pl.Series) -> pl.Series:
    """Whether texts of 15 bytes are identity numbers as they were until 1999."""
    digits = texts.str.contains(f"^{_OLD_IDENTITY.pattern}$")
    born = ("19" + texts.str.slice(6, 6)).str.to_date("%Y%m%d", strict=False).is_not_null()
    return digits & born


def _bytes(texts: pl.Series) -> NDArray[np.uint8]:
    """The bytes of texts of 18 bytes each: (texts, 18)."""
    arrow = texts.to_arrow()
    offsets = np.frombuffer(arrow.buffers()[1], np.int64)
    begin = int(offsets[arrow.offset])
    data = np.frombuffer(arrow.buffers()[2], np.uint8, len(texts) * LENGTH, begin)
    return data.reshape(-1, LENGTH)


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
