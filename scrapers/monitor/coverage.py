"""Which fields a regulatory document covers."""

import re
from collections.abc import Mapping
from typing import Final

from scrapers.monitor.lexicon import lexicon
from scrapers.monitor.shapes import FIELDS
from scrapers.monitor.zones import Zones

_GENERAL: Final = "trust_system"
_GOVERNMENT: Final = re.compile("政务诚信|政府诚信|政务失信|政府失信")
_SCOPE: Final = re.compile(
    r"[^。;；\n]*(?:领域|适用|所称|对象|范围|从事|包括|涵盖|纳入)[^。;；\n]*"
    r"|(?:^|[。;；\n])[(]?[一二三四五六七八九十]+[、)][^。;；\n]{2,30}"
)
"""Sentences that say whom a rule is for, and headings of its provisions."""
_NAMED: Final = 2
"""Words of breaches of a field, among the provisions, by which a rule covers that field too."""


def rule_fields(read: Zones) -> tuple[tuple[str, ...], str]:
    """The fields that a rule covers, in alphabetical order, and the words that say so.

    They are those of its title and those whose breaches its provisions name, else those of its scope; a
    rule that names none is about the credit system itself.
    """
    if _GOVERNMENT.search(read.title):
        return tuple(sorted(FIELDS["government"])), "政务诚信"
    title = _words(read.title, "scope")
    scope = _words("\n".join(_SCOPE.findall(read.text)), "scope")
    breaches = _words(read.text, "decisive")
    found = {field: words for field, words in title.items() if field != _GENERAL}
    if found:
        found |= {
            field: words
            for field, words in breaches.items()
            if field not in found | {_GENERAL: []} and len([*words, *scope.get(field, ())]) > _NAMED
        }
    else:
        found = {field: words for field, words in scope.items() if field != _GENERAL}
    if not found or (len(found) == 1 and _GENERAL in title and not title.keys() - {_GENERAL}):
        found = {_GENERAL: title.get(_GENERAL, ["信用"])}
    why = "; ".join(f"{field}: {'、'.join(words[:3])}" for field, words in sorted(found.items()))
    return tuple(sorted(found)), why


def _words(text: str, cue: str) -> Mapping[str, list[str]]:
    """Words of a cue by field; one inside a longer one of any field (保险 in 社会保险) is left out."""
    by_field = {
        name.removesuffix(f".{cue}"): list(words)
        for name, words in lexicon().find(text).items()
        if name.endswith(f".{cue}")
    }
    every = {word for words in by_field.values() for word in words}
    inside = {word for word in every if any(word != other and word in other for other in every)}
    return {
        field: kept
        for field, words in by_field.items()
        if (kept := [word for word in words if word not in inside])
    }
