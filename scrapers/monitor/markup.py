"""From bytes to text and from text to a tree, however the page was made: bounded, and never an error."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from opencc import OpenCC
from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

LIMIT: Final = 2_000_000
"""Bytes or characters of a page that are read; what follows is cut off."""
DEPTH: Final = 512
"""Elements one within another; what is nested deeper is read as if its tags were not there."""

# GB2312 and GBK are parts of GB18030, Big5 of its Hong Kong extension.
_CHINESE = ("utf-8", "gb18030", "big5hkscs")
_EVIDENCE = 16_384  # bytes that the encoding is judged by, from the first that is not ASCII
_NULLS = 0.05  # share of null bytes from which a page may be UTF-16


def decode(content: bytes, declared: str | None) -> str:
    """The text of a page in whatever encoding it really is.

    What the page's bytes say outweighs what its head and the server say of them: each encoding in use
    for Chinese is tried, and the one that gives the most ordinary text is taken.

    Args:
        content: as it came, unpacked; only the first `LIMIT` bytes are read.
        declared: the charset that the server named, in any writing, or None.
    """
    content = content[:LIMIT]
    marked, mark = read_bom(content)
    if marked is not None and mark is not None:
        return _text(content[len(mark) :], marked)
    if content.count(0) <= _NULLS * len(content) and _is_utf8(content):
        return _text(content, "utf-8")
    candidates = dict.fromkeys(_candidates(content, declared))
    evidence = _evidence(content)
    return _text(content, max(candidates, key=lambda encoding: _ordinary(evidence, encoding)))


def _candidates(content: bytes, declared: str | None) -> Iterator[str]:
    """The likeliest first: the first of equals is taken."""
    for name in (declared, html_body_declared_encoding(content)):
        if name and (codec := resolve_encoding(name)) in _CHINESE:
            yield codec
    yield from _CHINESE
    if content.count(0) > _NULLS * len(content):
        yield from ("utf-16-le", "utf-16-be")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return len(content) == LIMIT and error.start > LIMIT - 4  # cut within a character
    return True


def _evidence(content: bytes) -> bytes:
    first = re.search(rb"[\x80-\xff]", content)
    start = first.start() if first and not content.count(0) else 0
    return content[start : start + _EVIDENCE]


_ASCII = re.compile(r"[\0-\x7f]+")


def _ordinary(evidence: bytes, encoding: str) -> float:
    """Share of the characters beyond ASCII that are in everyday use."""
    beyond = _ASCII.sub("", _text(evidence, encoding))
    common = _common_traditional() if encoding == "big5hkscs" else _common_simplified()
    return sum(c in common for c in beyond) / max(len(beyond), 1)


@cache
def _common_simplified() -> frozenset[str]:
    """Punctuation and the 3,755 characters that GB 2312 has on its first level."""
    rows = (0xA1, 0xA3, *range(0xB0, 0xD8))
    return _characters("gb2312", rows, tuple(range(0xA1, 0xFF)))


@cache
def _common_traditional() -> frozenset[str]:
    """Punctuation and the 5,401 characters that Big5 has on its first level."""
    rows = (0xA1, *range(0xA4, 0xC7))
    return _characters("big5", rows, (*range(0x40, 0x7F), *range(0xA1, 0xFF)))


def _characters(encoding: str, rows: tuple[int, ...], cells: tuple[int, ...]) -> frozenset[str]:
    pairs = (bytes((row, cell)) for row in rows for cell in cells)
    return frozenset("".join(pair.decode(encoding, "ignore") for pair in pairs))


def _text(content: bytes, encoding: str) -> str:
    return content.decode(encoding, "replace").replace("\0", "").removeprefix("\ufeff")


# Written otherwise in simplified Chinese; hardly a page in traditional Chinese is without them.
_TRADITIONAL = re.compile(
    "[國發會時這與來個們說應實關學業開機電東務員長處產執場內獲罰責書報車貿區縣廳買賣質檢驗標權義證]"
)
_TELLING = 10  # of them, from which on a page is in traditional Chinese


def simplified(text: str) -> str:
    """The text in simplified characters, if it is written in traditional ones; as it is otherwise."""
    found = sum(
        1 for _, _ in zip(_TRADITIONAL.finditer(text[:LIMIT]), range(_TELLING), strict=False)
    )
    return str(_to_simplified().convert(text)) if found == _TELLING else text


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


_LARGE = 8_192  # characters from which a page could keep the parser busy for long
_LONG_TAG = 2_000  # characters of attributes from which a tag loses them
_VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    )
)
# Elements whose end tags may be missing: the next of them ends the one before.
_ENDED_BY_NEXT = frozenset(
    ("p", "li", "td", "th", "tr", "tbody", "thead", "tfoot", "dt", "dd", "option", "colgroup")
)
_FLAT = _VOID | _ENDED_BY_NEXT  # elements that do not nest for long
# Each alternative goes on to the end of the page where its own end is missing: one pass in any case.
_MARKUP = re.compile(
    r"""(?is)<!--.*?(?:-->|\Z)
    |<(?P<raw>script|style)\b.*?(?:</(?P=raw)|\Z)
    |<(?P<end>/?)(?P<name>[a-z][a-z0-9:-]*+)
        (?P<rest>(?:[^>"']++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+)(?:>|\Z)
    """,
    re.VERBOSE,
)


def tree(html: str) -> LexborHTMLParser:
    """The page as a tree, at most some `DEPTH` deep and of its first `LIMIT` characters."""
    html = html[:LIMIT].replace("\0", "")
    return LexborHTMLParser(_tamed(html) if len(html) > _LARGE else html)


def _tamed(html: str) -> str:
    """The page without what takes the parser time that grows with the square of its size."""
    if _is_tame(html):
        return html
    depth = 0

    def tag(match: re.Match[str]) -> str:
        nonlocal depth
        name = (match["name"] or "").lower()
        if name and name not in _FLAT:
            if match["end"]:
                depth = max(depth - 1, 0)
                if depth >= DEPTH:
                    return " "
            else:
                depth += 1
                if depth > DEPTH:
                    return " "
        return match[0] if len(match["rest"] or "") < _LONG_TAG else f"<{match['end']}{name}>"

    return _MARKUP.sub(tag, html)


def _is_tame(html: str) -> bool:
    """Whether nothing is to be left out: of nearly all pages, and looking is quicker than writing."""
    depth = 0
    for _, end, name, rest in _MARKUP.findall(html):
        if len(rest) >= _LONG_TAG:
            return False
        if name and name.lower() not in _FLAT:
            depth = max(depth - 1, 0) if end else depth + 1
            if depth > DEPTH:
                return False
    return True
