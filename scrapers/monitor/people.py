"""Leaves people out of what is kept of a page: names, numbers that are theirs, and home addresses."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from scrapers.credit_code import Verdict, judge
from scrapers.monitor import names
from scrapers.monitor.dates import plain
from scrapers.monitor.names import Span

SOMEBODY: Final = "某某"
"""Stands for a name."""
LEFT_OUT: Final = "〔略〕"
"""Stands for a number or an address; an address keeps the names of its city and district."""


def leave_out(texts: Sequence[str]) -> tuple[list[str], int]:
    """The texts of one page without what they say of people, and how many strings were left out.

    A name that any of the texts tells as a name is left out of all of them. Cells of a table's row are
    parted by tabs.
    """
    text = "\n".join(line.replace("\n", " ") for line in texts)
    found = [
        (start, end, LEFT_OUT) for start, end in names.merged([*_numbers(text), *_homes(text)])
    ]
    rest = "".join(_replaced(text, found))
    people = [(start, end, SOMEBODY) for start, end in names.find(rest)]
    return "".join(_replaced(rest, people)).split("\n"), len(found) + len(people)


def _replaced(text: str, spans: Sequence[tuple[int, int, str]]) -> Iterator[str]:
    place = 0
    for start, end, instead in spans:
        yield text[place:start]
        yield instead
        place = end
    yield text[place:]


_IDENTITY = re.compile(r"(?<![\dA-Za-z])[1-8]\d{14}(?:\d{2}[\dXx])?(?![\dA-Za-z])")
_BIRTHDAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_OTHER_NUMBERS = (
    # partly hidden
    re.compile(r"(?<![\dA-Za-z])\d{2,14}[*＊●×]{2,14}[\dXx]{0,8}(?![\dA-Za-z*＊])"),
    re.compile(r"(?<![\dA-Za-z])\d{3,14}[xX]{3,14}\d{0,4}(?![\dA-Za-z])"),
    # mobile telephones
    re.compile(r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"),
    # number plates
    re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]"
        r"[·. ]?[A-HJ-NP-Z\d]{4,5}[A-HJ-NP-Z\d学警挂](?![A-Za-z\d])"),
)  # fmt: skip
_LABELLED_NUMBER = re.compile(
    r"(?:身份证明?|公民身份|证件|护照|驾驶证|银行卡|社保卡)(?:及|和)?(?:证?件?号码?|编号|卡号|号)?"
    r"[\s:,为是(]{0,4}([\dA-Z*＊xX×]{6,20})"
)


def _numbers(text: str) -> Iterator[Span]:
    narrow = plain(text)
    for match in _IDENTITY.finditer(narrow):
        if _is_identity(match[0].upper()):
            yield match.span()
    for match in _LABELLED_NUMBER.finditer(narrow):
        yield match.span(1)
    for pattern in _OTHER_NUMBERS:
        for match in pattern.finditer(narrow):
            yield match.span()


def _is_identity(number: str) -> bool:
    """Whether it is an identity number, or would be one but for a wrong digit."""
    verdict = judge(number)
    if verdict is Verdict.PERSON:
        return True
    born = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    return verdict is not Verdict.VALID and _BIRTHDAY.fullmatch(born) is not None


_HOME = re.compile(
    r"(?:(?:家庭|户籍|居住|常住|暂住|通讯|送达)(?:住?地?址|所在地|地)|户口所在地|现?住\s?址)"
    r"[\s　:：为是在于]{0,4}"
    r"|(?:(?<!国)家住|(?<![出发实体表])现住|[借租暂居]?住[在于]|(?<=[，,；;。、])住)"
    r"(?![房宅院建宿户持])[\s　:：在于]{0,4}"
)
_ADDRESS = re.compile(r"[^\s　，,。；;、（）()|的“”]{2,50}")
# What only a home's address goes down to, or a village.
_DETAIL = re.compile(
    r"(?:[\dA-Za-z一二三四五六七八九十]+(?:号楼|号院|[号栋幢座弄室组户层巷队]|单元)|小区|新村|家园|花园|公寓|[村屯苑])"
    r"[\dA-Za-z一二三四五六七八九十号楼栋幢座单元层室户房组#-]*"
)
_UNIT = re.compile(
    r"\d{1,4}(?:-\d{1,4}){1,2}室|(?:\d{1,5}|[A-Za-z一二三四五六七八九十]{1,3})(?:号楼|号院|[号栋幢座弄#])"
    r"[\dA-Za-z一二三四五六七八九十号楼栋幢座单元层室户房#-]{0,20}(?:单元|[室户房栋幢])[\dA-Za-z号楼层室户房#-]{0,10}"
)
_STREET = re.compile("[区县镇乡路街巷弄村苑园里庭城府邸居寓墅坊湾号]")
_OFFICE = re.compile(
    r"大厦|大楼|广场|中心|写字楼|[科产工创]\w{0,2}园|工业区|商[务城]|市场|园区|开发区|基地|国际|住所"
    r"|(?:注册|经营|办公|企业|单位|公司|生产|营业|联系|报名|邮寄|受理)[^，。；\s]{0,4}(?:地址|场所|地点)"
)
_START = re.compile(
    r"[\s　，,。；;：:、（）()“”‘’|的址]|位于|坐落于?|地址[为是]|家住|现住"
    r"|(?<=[住居设])[在于]|(?<=[，,；;。、])住|(?<=〔略〕)"
)
_REACH = 45  # characters that an address has before its number, at most


def _homes(text: str) -> Iterator[Span]:
    for label in _HOME.finditer(text):
        address = _ADDRESS.match(text, label.end())
        if address and (details := list(_DETAIL.finditer(address[0]))):
            yield _below_city(text, address.start(), address.start() + details[-1].end())
    for unit in _UNIT.finditer(text):
        earliest = max(unit.start() - _REACH, 0)
        start = max(
            (m.end() for m in _START.finditer(text, earliest, unit.start())), default=earliest
        )
        lead = text[max(start - 12, 0) : unit.start()]
        if _STREET.search(lead) and not _OFFICE.search(lead):
            yield _below_city(text, start, unit.end())
    yield from _home_columns(text)


def _below_city(text: str, start: int, end: int) -> Span:
    """The address without the names of city and district that it begins with."""
    for place in names.places().find(text[start:end]):
        if place.start != 0 or place.form != "full":
            break
        start += place.end
        return _below_city(text, start, end)
    return start, end


_HOME_HEADING = re.compile(r"住\s?址|户籍地|^(?:家庭|户籍|现)?(?:住所|地址|所在地)$")
_PERSON_HEADING = re.compile(r"姓\s?名|证件|身份证|性别|出生")


def _home_columns(text: str) -> Iterator[Span]:
    """Cells under a heading that names a home, in a table of people."""
    place = 0
    columns: frozenset[int] = frozenset()
    width = 0
    for line in text.split("\n"):
        cells = line.split("\t")
        homes = frozenset(i for i, cell in enumerate(cells) if _HOME_HEADING.search(cell))
        if len(cells) > 2 and homes and any(map(_PERSON_HEADING.search, cells)):
            columns, width = homes, len(cells)
        elif len(cells) == width:
            at = place
            for i, cell in enumerate(cells):
                if i in columns and cell.strip():
                    yield _below_city(text, at, at + len(cell))
                at += len(cell) + 1
        else:
            width = 0
        place += len(line) + 1
