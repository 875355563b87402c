"""Names of people that are not made as Chinese ones are: in Latin letters, and names people go by."""

import re
from collections.abc import Iterator, Set
from typing import Final

Span = tuple[int, int]

_TITLE: Final = r"(?P<title>(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? ?)?"
_WORD: Final = r"(?!C[EFOT]O\b)[A-Z](?:[A-Z]+|[a-z]+)?(?:[-'’][A-Z]?[a-z]+)*"
_LATIN: Final = re.compile(
    rf"(?<![A-Za-z\d]){_TITLE}{_WORD}(?:(?:[ ·]{{1,2}}|, ){_WORD}){{0,3}}(?![A-Za-z\d])"
)
_FIRM: Final = re.compile(
    r".*\b(?:Inc|Ltd|Co|Corp|Group|LLC|Company|Limited)\b", re.DOTALL | re.IGNORECASE
)
_OF_A_THING: Final = re.compile(
    r"[ .,]{0,2}(?:公司|集团|股份|系统|软件|平台|品牌|手机|版|事务所|银行|Inc|Ltd|Co\b|Group)"
)
_OF_A_PERSON: Final = re.compile(
    r" ?(?:先生|女士|小姐|教授|博士|老师|[（(，,] ?[男女]|[（(][^（）()]{1,6}籍[）)])"
)
_BEFORE: Final = re.compile(r"[ 　:：]{0,3}$")
_AND: Final = re.compile(r" ?(?:[、和与及,，]|and) ?$")

_QUOTED: Final = r"[“\"‘「『]([^”\"’」』\n]{1,16})[”\"’」』]"
_BARE: Final = r"([\u4e00-\u9fff]{2,6}?)(?=[^\u4e00-\u9fff]|[的被和与在因]|$)"
_ON_THE_WEB: Final = "(?:网名|昵称|花名|艺名|笔名|(?:微信|抖音|快手|QQ)名)"
_AMONG_FRIENDS: Final = "(?:绰号|外号|诨号|小名|乳名)"
_IS: Final = "(?:叫做?|为|是|[:：])"
_GOES_BY: Final = re.compile(
    f"(?:(?:{_ON_THE_WEB}|{_AMONG_FRIENDS}){_IS}?|人称) ?{_QUOTED}"
    f"|(?:{_ON_THE_WEB}{_IS}|{_AMONG_FRIENDS}{_IS}?) ?{_BARE}"
)


def latin(text: str, roles: Set[int]) -> Iterator[Span]:
    """Names in Latin letters behind a role, before a title of people, or beside another such name.

    Args:
        text: of a page.
        roles: where words end that stand before names of people.
    """
    last = -1
    for match in _LATIN.finditer(text):
        start, end = match.span()
        word = match[0]
        if (
            _FIRM.match(word)
            or _OF_A_THING.match(text, end)
            or (word.isupper() and " " not in word)
        ):
            continue
        gap = _BEFORE.search(text, max(start - 3, 0), start)
        behind_role = gap is not None and gap.start() in roles
        joined = last >= 0 and _AND.fullmatch(text, last, start) is not None
        if match["title"] or behind_role or joined or _OF_A_PERSON.match(text, end):
            yield start, end
            last = end


def nicknames(text: str) -> Iterator[Span]:
    """Names that people go by on the web, on a stage or among their like."""
    for match in _GOES_BY.finditer(text):
        yield match.span(1) if match[1] is not None else match.span(2)
