"""Which fields a regulatory document covers."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from scrapers.monitor.lexicon import breaches, scopes
from scrapers.monitor.shapes import FIELDS
from scrapers.monitor.zones import Zones

Words = Mapping[str, list[str]]
"""Words that were found, by field."""

_GENERAL: Final = "trust_system"
_GOVERNMENT: Final = re.compile("政务诚信|政府诚信|政务失信|政府失信")
_SCOPE: Final = re.compile(
    r"(?:^|(?<=[。;；\n]))(?![^。;；\n]*(?:指标|内容|材料)包括)"
    r"[^。;；\n]*(?:领域|适用|所称|对象|范围|从事|包括|涵盖|纳入)[^。;；\n]*"
    r"|(?:^|[。;；\n])[(]?[一二三四五六七八九十]+[、)]"
    r"(?![^。;；\n]*(?:应当|必须|须|不得|的[扣列评记降]))[^。;；\n]{2,30}"
)
"""Sentences that say whom a rule is for, and headings of its provisions."""
_BOUND: Final = re.compile(
    r"(?:^|(?<=[。;；:：\n]))(?:第[一二三四五六七八九十百]+条|[(]?[一二三四五六七八九十\d]+[、.)])?"
    r"([^。;；:：\n]{2,40}?)(?:应当?|必须|须|不得|禁止|负有|建立|实行|查询|对|将)"
)
"""Whom a provision binds: what stands before the first duty in its sentence."""
_TRADE: Final = re.compile(
    "(?:经营者|经营户|企业|公司|单位|机构|作坊|摊[点贩]|商户|商家|开办[方者]|[门药网]店|场[馆所]|平台|人员|协会)"
    "[^,，]{0,14}[,，]?$"
)
_OFFICE: Final = re.compile("部门|机关|金融机构|银行|采购人")
_ALL_OFFICES: Final = re.compile(r"[^。;；,，\n]{2,40}等(?:有关|相关|主管|职能)?(?:部门|单位)")
"""What is every office's duty says nothing of their fields."""
_FORBIDDEN: Final = re.compile(
    r"[^。\n]*(?:不得|禁止|严禁|打击|扣[^。\n]{0,6}分|[降评列]为|记入|列入|失信行为|下列行为|不良行为)[^。\n]*"
)
_FORBIDDEN_ENOUGH: Final = 2
_TOLD_ENOUGH: Final = 3
"""Breaches that a rule forbids, and words of its scope and breaches, by which it covers another field
than that of its title."""


def rule_fields(read: Zones) -> tuple[tuple[str, ...], str]:
    """The fields that a rule covers, in alphabetical order, and the words that say so.

    They are those that its title names, those of the trades that its provisions bind, and those of which
    it forbids several breaches. Where the title names none, they are those of its scope, of the trades,
    and those in which it gives offices duties; one such field alone does not make a rule on the credit
    system a rule of that field.
    """
    if _GOVERNMENT.search(read.title):
        return tuple(sorted(FIELDS["government"])), "政务诚信"
    text = _ALL_OFFICES.sub("", read.text)
    bound = _BOUND.findall(text)
    offices = [head for head in bound if _OFFICE.search(head)]
    trades = _named(head for head in bound if _TRADE.search(head) and head not in offices)
    title, scope = _named([read.title]), _named(_SCOPE.findall(text))
    if title:
        found = {**_forbidden(read.text, scope), **trades, **title}
    else:
        found = {**_named(offices), **trades, **scope}
        if not found or (len(found) == 1 and _GENERAL in scopes().find(read.title)):
            found = {_GENERAL: ["信用"]}
    why = "; ".join(f"{field}: {'、'.join(words[:3])}" for field, words in sorted(found.items()))
    return tuple(sorted(found)), why


def _named(texts: Iterable[str]) -> Words:
    """Fields that texts name, but for the credit system, of which all rules speak."""
    found = scopes().find("\n".join(texts))
    return {field: list(words) for field, words in found.items() if field != _GENERAL}


def _forbidden(text: str, scope: Words) -> Words:
    """Fields of which a rule forbids several breaches, or whose breaches and trades it names often."""
    told, forbidden = _breaches(text), _breaches("\n".join(_FORBIDDEN.findall(text)))
    words = {f: [*scope.get(f, ()), *told.get(f, ())] for f in {*scope, *told} - {_GENERAL}}
    return {
        field: found
        for field, found in words.items()
        if len(forbidden.get(field, ())) >= _FORBIDDEN_ENOUGH
        or (field in scope and len(found) >= _TOLD_ENOUGH)
    }


def _breaches(text: str) -> Words:
    """Words of breaches by field; one inside a longer one of any field (保险 in 社会保险) is left out."""
    by_field = breaches().find(text)
    every = {word for words in by_field.values() for word in words}
    inside = {word for word in every if any(word != other and word in other for other in every)}
    return {
        field: kept
        for field, words in by_field.items()
        if (kept := [word for word in words if word not in inside])
    }
