"""Numbers of documents, and which national document a city's rule carries out."""

import re
from dataclasses import dataclass
from typing import Final

from scrapers.monitor.amounts import plain

_NUMBER: Final = re.compile(
    r"(?P<office>[\u4e00-\u9fff]{2,14}) ?[〔\[(<「](?P<year>(?:19|20)\d\d)年?[〕\])>」] ?第? ?"
    r"(?P<number>\d{1,5}) ?号"
    r"|(?P<order>[\u4e00-\u9fff]{1,12}令) ?[〔\[(]?(?:\d{4}年?)?[〕\])]? ?第? ?"
    r"(?P<order_number>\d{1,4}) ?号"
)
_BEFORE_OFFICE: Final = re.compile(
    "^.*(?:按照?|根据|依据|依照|落实|贯彻|执行|参照|以及|文件|和|与|及|即|以|的|由|为|见|中华人民共和国)"
)
_NATIONAL: Final = re.compile(
    "国[发办函令市卫税土知资能粮海医药铁邮中信认科务]|中[发办宣网央]|厅字|全国|最高|文明办|发改|发展改革|信用联|人社|劳社|"
    "财[会库金税综建农社教预行资办监政法采]|银[发办保监]|保监|证监|汇发|建[市质房城办科法标村督安金建]|"
    "交[\u4e00-\u9fff]|环[发办监评水土大执境环规]|生态|税总|税务总局|工信|信部|工商|质检|食药监|药监|"
    "教[基高职师体人思学财督办发研民政]|民[发函办社]|文[旅市化产公物办]|旅[发办监游]|农[业办发市质经建]|水[建利办资监]|"
    "商[务办建服秩市信运商]|安监|应急|安委|医保|法[发释办]|高检|司[发办规法]|科[技发]|林[业办]|体[发规经办育]|广电|新广|"
    "海关|署[发企]|民航|知[发办]|公[通安交信]|整规|审计"
)
"""How numbers of central offices begin; those of a province or city begin with its name's character."""
_PURPOSE: Final = re.compile("贯彻|落实|根据|依据|依照|按照|遵照|转发")
_MERE: Final = re.compile("参照|参考|参见|详见|废止|失效|替代|取代|停止执行|不再执行")
_REPEALED: Final = re.compile("废止|失效|停止执行|不再执行")
_PREAMBLE = 600
"""A rule names its ground before its provisions; characters."""


@dataclass(frozen=True)
class Citation:
    """A document's number in a text.

    Attributes:
        number: in normal form, such as 国发〔2016〕33号 or 国务院令第722号.
        national: whether a central office gave the number.
        ground: whether the text says that it carries the document out.
        mere: whether it is only compared with, repealed, or named among the provisions.
    """

    number: str
    national: bool
    ground: bool
    mere: bool


def citations(text: str) -> list[Citation]:
    """The documents that a text names by number, in order, one entry a mention."""
    found = []
    line = plain(text)
    for match in _NUMBER.finditer(line):
        number, office = _normal(match)
        sentence = max(line.rfind(mark, 0, match.start()) for mark in "。;；\n") + 1
        before = line[sentence : match.start("office" if match["office"] else "order")] + (
            match["office"] or match["order"]
        )
        after = re.split("[。;；\n]", line[match.end() : match.end() + 40], maxsplit=1)[0]
        grounds = [m.start() for m in _PURPOSE.finditer(before)]
        mere = [m.start() for m in _MERE.finditer(before)]
        late = match.start() >= _PREAMBLE or bool(_REPEALED.search(after))
        ground = not late and bool(grounds) and max(mere, default=-1) < grounds[-1]
        found.append(
            Citation(number, _is_national(office), ground, late or (bool(mere) and not ground))
        )
    return found


def national_document(text: str) -> str | None:
    """The national document that a rule carries out: the first named as its ground, else at its head."""
    named = [c for c in citations(text) if c.national and not c.mere]
    return next((c.number for c in named if c.ground), named[0].number if named else None)


def _normal(match: re.Match[str]) -> tuple[str, str]:
    office = _BEFORE_OFFICE.sub("", match["office"] or match["order"])
    if match["order"]:
        return f"{office}第{match['order_number']}号", office
    return f"{office}〔{match['year']}〕{match['number']}号", office


def _is_national(office: str) -> bool:
    if office.endswith("令"):
        return bool(re.search("国务院|(部|总局|委员会|银行|总署)令$", office))
    return bool(_NATIONAL.match(office))
