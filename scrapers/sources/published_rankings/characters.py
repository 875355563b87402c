"""From the bytes of a page to plain characters: decoded, simplified, of normal width."""

import re
import tomllib
import unicodedata
from codecs import lookup
from functools import cache
from pathlib import Path

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# What a page may call an encoding, and the larger set that is meant.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "ascii": "utf-8"}
_EXPECTED = re.compile("城市|排名|名次|指[数數]|省份|[省市]")
_SPACE = re.compile("[\\s\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]+")
_ELLIPSIS_AND_NOTES = re.compile("[…⋯‥⁰¹²³⁴⁵⁶⁷⁸⁹]")
# Some mirrors put the reading of a character behind it: 級(jí).
_READING = re.compile("(?<=[\u4e00-\u9fff])\\([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]{1,6}\\)")


def decode(content: bytes, declared: str = "") -> str:
    """The text of a page.

    Of the encodings that the transport, a mark at its beginning and the page itself declare, and those
    that Chinese pages come in, it is the one in which the most words of a ranking are found; what cannot
    be decoded becomes U+FFFD.

    Args:
        content: bytes of the page.
        declared: name of the encoding that the transport declared, or empty.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    inside = _DECLARED.search(content, 0, 4096)
    named = [declared, inside[1].decode("ascii") if inside else "", "utf-8", "gb18030", "big5"]
    texts = [
        content.decode(encoding, errors="replace")
        for encoding in dict.fromkeys(filter(None, map(_known, named)))
    ]
    return max(texts, key=_likely)


def _likely(text: str) -> int:
    """How much a text looks like a ranking; the first of equals is taken."""
    return len(_EXPECTED.findall(text)) - text.count("\ufffd")


def _known(name: str) -> str:
    try:
        known = lookup(name).name
    except LookupError:
        return ""
    return _MEANT.get(known, known)


def plain(text: str) -> str:
    """A text in simplified characters and normal width, any white space one blank."""
    text = unicodedata.normalize("NFKC", _ELLIPSIS_AND_NOTES.sub(" ", _SPACE.sub(" ", text)))
    return _READING.sub("", text).translate(simplified())


@cache
def simplified() -> dict[int, str]:
    """For each traditional character of a city, a province or a heading its simplified one."""
    table = tomllib.loads(Path(__file__).with_name("traditional.toml").read_text(encoding="utf-8"))
    return {
        ord(traditional): group[0]
        for group in table["traditional"].split()
        for traditional in group[1:]
    }
