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


_IDENTITY = re.compile(
    r"(?<![\dA-Za-z])[1-8](?:\d{14}(?:\d{2}[\dXx])?|(?:[- ]?\d){16}[- ]?[\dXx])(?![\dA-Za-z])"
)
_BIRTHDAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_DASHES = str.maketrans("—–‐－", "----")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_OTHER_NUMBERS = (
    # partly hidden
    re.compile(r"(?<![\dA-Za-z])\d{2,14}[*＊●×]{2,14}[\dXx]{0,8}(?![\dA-Za-z*＊])"),
    re.compile(r"(?<![\dA-Za-z])\d{3,14}[xX]{3,14}\d{0,4}(?![\dA-Za-z])"),
    # identity numbers with characters that they cannot have
    re.compile(
        r"(?<![\dA-Za-z])[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[\dXx]{3,5}(?![\dA-Za-z])"
    ),
    # mobile telephones, not amounts
    re.compile(
        r"(?<![\d.])(?:(?:\+?86|\(\+?86\))[- ]?|0)?1[3-9]\d(?:[-. ]{0,2}\d{4}){2}"
        r"(?!\d|\.\d|\s?[万亿]?[元吨])"
    ),
    # number plates
    re.compile(
        rf"[{_PROVINCES}] ?[A-Z][·. -]{{0,2}}[A-HJ-NP-Z\d]{{4,5}}[A-HJ-NP-Z\d学警挂](?![A-Za-z\d])"
    ),
    re.compile(
        r"[\w.+-]{2,40}@(?:qq|163|126|139|sina|sohu|yeah|foxmail|gmail|hotmail|outlook|aliyun)"
        r"\.(?:com|net|cn)",
        re.ASCII,
    ),
)
_LABELLED_NUMBERS = (
    re.compile(
        r"(?:身份证明?|公民身份|证件|护照|驾驶证|社保卡)(?:及|和)?(?:证?件?号码?|编号|卡号|号)?"
        r"[\s:,为是(]{0,4}([\dA-Z*＊xX×](?:[- ]?[\dA-Z*＊xX×]){5,20})"
    ),
    re.compile(r"(?:银行卡|卡号|[账帐][号户])号?码?[\s:为是(]{0,4}(\d(?:[- ]?\d){11,20})"),
    re.compile(r"微信(?:号码?\s?:?|\s?:)\s?([\w-]{5,20})", re.ASCII),
    re.compile(r"(?:QQ|qq)(?:号码?)?\s?:?\s?(\d{5,11})(?!\d)"),
)


def _numbers(text: str) -> Iterator[Span]:
    narrow = plain(text).translate(_DASHES)
    for match in _IDENTITY.finditer(narrow):
        if _is_identity(re.sub("[- ]", "", match[0]).upper()):
            yield match.span()
    for pattern in _LABELLED_NUMBERS:
        for match in pattern.finditer(narrow):
            if not _is_firm(match[1]):
                yield match.span(1)
    for pattern in _OTHER_NUMBERS:
        for match in pattern.finditer(narrow):
            yield match.span()


def _is_identity(number: str) -> bool:
    """Whether it is an identity number, or would be one but for a wrong digit."""
    born = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    return judge(number) is Verdict.PERSON or _BIRTHDAY.fullmatch(born) is not None


def _is_firm(number: str) -> bool:
    """Whether it is the social credit code of a firm: a column may hold these and people's numbers."""
    return number[:1] not in tuple("12345678") and judge(number) is Verdict.VALID


_HOME = re.compile(
    r"(?:(?:家庭|户籍|居住|常住|暂住|通讯|送达)(?:住?地?址|所在地|地)|户口所在地|现?住\s?址|籍贯|[祖原]籍|出生[地于在])"
    r"[\s　:：为是在于]{0,4}"
    r"|(?:(?<!国)家住|(?<![出发实体表])现住|[借租暂居]?住[在于]|(?<=[，,；;。、（(])住(?:所地?)?|(?<![^\n])住(?!所))"
    r"(?![房宅院建宿户持])[\s　:：在于]{0,4}"
)
_ADDRESS = re.compile(r"[^\s　，,。；;、（）()|的“”]{2,50}")
# What only a home's address goes down to, or a village.
_DETAIL = re.compile(
    r"(?:[\dA-Za-z一二三四五六七八九十]+(?:号楼|号院|[号栋幢座弄室组户层巷队]|单元)|小区|社区|新村|家园|花园|公寓|出租[屋房]|宿舍|[村屯苑])"
    r"[\dA-Za-z一二三四五六七八九十号楼栋幢座单元层室户房组#-]*|(?:[镇乡]|街道)$"
)
_UNIT = re.compile(
    r"\d{1,4}(?:-\d{1,4}){1,2}室|(?:\d{1,5}|[A-Za-z一二三四五六七八九十]{1,3})(?:号楼|号院|[号栋幢座弄#])"
    r"[\dA-Za-z一二三四五六七八九十号楼栋幢座单元层室户房#-]{0,20}(?:单元|[室户房栋幢])[\dA-Za-z号楼层室户房#-]{0,10}"
)
_STREET = re.compile("[区县镇乡路街巷弄村苑园里庭城府邸居寓墅坊湾号]")
_OFFICE = re.compile(
    r"大厦|大楼|广场|中心|写字楼|[科产工创]\w{0,2}园|工业区|商[务城]|市场|园区|开发区|基地|国际"
    r"|(?:注册|经营|办公|企业|单位|公司|生产|营业|联系|报名|邮寄|受理)[^，。；\s]{0,4}(?:地址|场所|地点|住所)"
)
# An address behind the word for that of a firm and of a person; what is near to that of a person.
_DWELLING = re.compile("单元|小区|花园|家园|公寓|新村")
_PERSON = re.compile(r"[，,（(][男女]|族[，,]|出生|身份|[年月日]生|\d岁|〔略〕")
# Where somebody is from: （男，42岁，平和县坂仔镇人）, 系云阳县凤鸣镇黎明村人
_NATIVE = re.compile(
    r"(?:(?P<is>[系是])|[，,、（(])(?P<place>[^\s，,。；;、（）()]{3,30}?(?:[镇乡村屯寨]|街道|社区|[\d一二三四五六七八九十]组))"
    r"人(?=[，,。；;、）)\s]|$)"
)
_START = re.compile(
    r"[\s　，,。；;：:、（）()“”‘’|的址]|位于|坐落于?|地址[为是]|家住|现住"
    r"|(?<=[住居设])[在于]|(?<=[，,；;。、])住(?!所)|住所地?|(?<=〔略〕)"
)
_REACH = 45  # characters that an address has before its number, at most


# Spaces that set the parts of an address apart: 泉秀路 12 号
_GAP = re.compile(
    r"(?<=\d)[ 　](?=[号楼栋幢座弄室单户层组])|(?<=[路街道巷号楼栋幢座弄元层])[ 　](?=\d)"
)


def _homes(text: str) -> Iterator[Span]:
    gaps = {gap.start() for gap in _GAP.finditer(text)}
    if gaps:
        kept = [i for i in range(len(text)) if i not in gaps]
        for start, end in _addresses("".join(text[i] for i in kept)):
            yield kept[start], kept[end - 1] + 1
    else:
        yield from _addresses(text)
    yield from _columns(text)


def _addresses(text: str) -> Iterator[Span]:
    for label in _HOME.finditer(text):
        address = _ADDRESS.match(text, label.end())
        if address and (details := list(_DETAIL.finditer(address[0]))):
            yield _below_city(text, address.start(), address.start() + details[-1].end())
    for native in _NATIVE.finditer(text):
        start, end = native.span("place")
        below = _below_city(text, start, end)
        told = native["is"] or _PERSON.search(text, max(start - _REACH, 0), start)
        if told or below[0] > start:
            yield below
    for unit in _UNIT.finditer(text):
        earliest = max(unit.start() - _REACH, 0)
        start = max(
            (m.end() for m in _START.finditer(text, earliest, unit.start())), default=earliest
        )
        lead = text[max(start - 12, 0) : unit.start()]
        if _STREET.search(lead) and not _OFFICE.search(lead):
            may_be_firm = "住所" in lead and not _DWELLING.search(text, start, unit.end())
            if not may_be_firm or _PERSON.search(text, earliest, start):
                yield _below_city(text, start, unit.end())


def _below_city(text: str, start: int, end: int) -> Span:
    """The address without the names of city and district that it begins with."""
    for place in names.places().find(text[start:end]):
        if place.start != 0 or place.form != "full":
            break
        start += place.end
        return _below_city(text, start, end)
    return start, end


_HOME_HEADING = re.compile(r"住\s?址|户籍地|籍贯|出生地|^(?:家庭|户籍|现)?(?:住所|地址|所在地)$")
_NUMBER_HEADING = re.compile(
    r"身份证(?!明?[类种])|证件号|身份号|护照|[卡账帐]号|^(?:联系|手机)?(?:电话|方式|号码?)$"
)
_PERSON_HEADING = re.compile(r"姓\s?名|证件|身份|性别|出生")
_NUMBER = re.compile(r"[\dA-Za-z*＊×●./ -]{6,}")
_IDENTITY_CELL = re.compile(r"\d{14,17}[\dXx]")


def _columns(text: str) -> Iterator[Span]:
    """Cells under a heading that names a home or a number of people, in a table of people."""
    place = 0
    homes: frozenset[int] = frozenset()
    numbers: frozenset[int] = frozenset()
    width = 0
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) == 1:
            width = 0
        elif (headed := _headed(cells)) and any(map(_PERSON_HEADING.search, cells)):
            homes, numbers = headed
            width = len(cells)
        elif width:
            at = place
            for i, cell in enumerate(cells):
                number = plain(cell).strip()
                # Empty cells are not told: in a row of fewer, columns are not known by their place.
                if len(cells) == width and i in homes and number:
                    yield _below_city(text, at, at + len(cell))
                elif not _is_firm(number) and (
                    (i in numbers and _NUMBER.fullmatch(number))
                    if len(cells) == width
                    else (numbers and _IDENTITY_CELL.fullmatch(number))
                ):
                    yield at, at + len(cell)
                at += len(cell) + 1
        place += len(line) + 1


def _headed(cells: Sequence[str]) -> tuple[frozenset[int], frozenset[int]] | None:
    """Columns of homes and of numbers, where the row is one of headings."""
    homes = frozenset(i for i, cell in enumerate(cells) if _HOME_HEADING.search(cell))
    numbers = frozenset(i for i, cell in enumerate(cells) if _NUMBER_HEADING.search(cell))
    is_heading = len(cells) > 2 or not any(re.search(r"\d", cell) for cell in cells)
    return (homes, numbers) if is_heading and (homes or numbers) else None
