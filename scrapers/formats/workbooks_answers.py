"""What may stand in a cell that a sender fills in: a number, or a reference; nothing about a person."""

import re
import unicodedata

from scrapers.formats.xlsx import Cell
from scrapers.reading import LARGEST

DIVISIBLE = frozenset(
    {"share", "0..100", "weighted events", "working days", "hundred million yuan", "points"}
)
"""Units in which a value need not be whole; in all others it counts something."""
REFERENCES = "杭信用办〔2019〕12号, https://…"
"""What a reference looks like."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,17})?")
# What belongs to a person and shows by its form: numbers of identity (18 or 15 digits), of mobile and of
# fixed telephones, addresses of mail. Searched for in half-width characters, with no gaps between digits.
_PERSONAL = re.compile(
    r"(?<!\d)("
    r"\d{6}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    r"|\d{8}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}"
    r"|(86)?1[3-9]\d{9}"
    r"|0\d{2,3}\)?[1-9]\d{6,7}"
    r")(?!\d)|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.\w"
)
_SHORTEST_PERSONAL, _LONGEST_TEXT = 5, 32_767
"""A shorter text holds nothing of the kind; a longer one than spreadsheets write is not searched."""
_GAP = re.compile(r"(?<=[\d)])[\s-](?=\d)")
# The number of an official document: who issued it, in which year, as which. Those who issue are named by
# a body or a kind of document, never by nothing but the name of somebody.
_DOCUMENT = re.compile(
    r"(?=[^〔\[(（［]*[发办函政委府厅局规改信令字通])[\u4e00-\u9fff]{2,12}"
    r"[〔\[(（［](19|20)[0-9]{2}[〕\])）］](第)?[0-9]{1,5}号"
)
# No user, port, query, fragment or escaped characters; nothing that could name somebody in Chinese.
_ADDRESS = re.compile(
    r"https?://([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(/[A-Za-z0-9._/-]{0,200})?"
)


def not_a_value(cell: Cell, unit: str) -> tuple[str, str] | None:
    """Why a cell holds no value in that unit (a key of the text catalogue), and what was expected.

    None where it holds one. Whether it is a possible one is for screening to say.
    """
    whole = unit not in DIVISIBLE
    expected = "0, 1" if unit == "0 or 1" else "0, 1, 2 …" if whole else "0, 0.85, 1 …"
    if cell.formula:
        return "formula", ""
    if cell.kind == "error":
        return "error_value", ""
    text = cell.text.strip()
    if cell.kind not in ("number", "text") or not _NUMBER.fullmatch(text):
        return "not_a_number", expected
    if abs(float(text)) >= LARGEST:
        return "implausible", f"< {LARGEST:,.0f}"
    if whole and not float(text).is_integer():
        return "not_whole", expected
    return None


def not_a_reference(cell: Cell) -> tuple[str, str] | None:
    """Why a cell holds no reference that cannot be about a person, and what was expected."""
    if cell.formula:
        return "formula", ""
    return None if is_reference(cell.text.strip()) else ("evidence_malformed", REFERENCES)


def is_reference(text: str) -> bool:
    """Whether a text is the number of a document or an address, and cannot be about a person."""
    named = _DOCUMENT.fullmatch(text) or _ADDRESS.fullmatch(text)
    return bool(named) and not about_a_person(text)


def about_a_person(text: str) -> bool:
    """Whether a text may hold what belongs to a person; the decimals of a number do not."""
    if not _SHORTEST_PERSONAL <= len(text) <= _LONGEST_TEXT:
        return len(text) > _LONGEST_TEXT
    plain = _GAP.sub("", unicodedata.normalize("NFKC", text))
    if _NUMBER.fullmatch(plain):
        return bool(_PERSONAL.fullmatch(plain))
    return bool(_PERSONAL.search(plain))
