"""How severe a bad event is, by what it did to people, how much money it is about, and what followed.

Each amount is read with the words around it: a fine of 20,000 yuan of a company with a capital of 200
million is a fine of 20,000. What did not happen (无人伤亡, 将被列入) and what only may does not count.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from scrapers.monitor.amounts import Quantity, plain, quantities

MANY_VICTIMS: Final = 1000
MUCH_MONEY: Final = 100_000_000
LARGE_FINE: Final = 1_000_000

_TEXTS: Final = tomllib.loads(
    (files("scrapers.monitor") / "severity.toml").read_text(encoding="utf-8")
)
_SENTENCE_END: Final = re.compile("[。;；!！?？\n]")
_PEOPLE_UNITS: Final = frozenset({"人", "名", "户", "位", "个", "家", "人次"})
_GAP: Final = r"[^。;；,，\d]"


def _any(fragments: Sequence[str]) -> str:
    return "(?:" + "|".join(fragments) + ")"


def _pattern(section: str, key: str, form: str = "{}") -> re.Pattern[str]:
    """The alternatives of a section of `severity.toml`, put into a form."""
    filled = _any(_TEXTS[section][key]).format(
        any="[^。;；,，]",
        number=r"(?:\d+|[一二两三四五六七八九十百数多]+)[余多]?",
        list=_any(_TEXTS["list"]["names"]),
        authority=_any(_TEXTS["authority"]["names"]).format()
        + _TEXTS["authority"]["local"].format(),
    )
    return re.compile(form.replace("{}", filled))


_KILLED: Final = _pattern("killed", "says")
_NOT_KILLED: Final = _pattern("killed", "unless")
_HOSPITAL: Final = _pattern("hospital", "says")
_NOT_HOSPITAL: Final = _pattern("hospital", "unless")
_NAMED: Final = _pattern("authority", "says")
_AFTER_GROUND: Final = _pattern("authority", "after", "{}$")
_LISTED: Final = _pattern("list", "says")
_LISTED_IN_TITLE: Final = _pattern("list", "title")
_OTHER_LIST: Final = _pattern("list", "unless")
_NOT_YET_LISTED: Final = _pattern("list", "after", "{}$")
_REVOKED: Final = _pattern("revoked", "says")
_OTHER_PAPER: Final = _pattern("revoked", "unless")
_NOT_YET_REVOKED: Final = _pattern("revoked", "after", "{}$")
_CRIMINAL: Final = _pattern("criminal", "says")
_NOT_YET_CRIMINAL: Final = _pattern("criminal", "after", "{}$")
_FINE_BEFORE: Final = _pattern("fine", "before", "{}$")
_FINE_AFTER: Final = _pattern("fine", "after", "^{}")
_SIZE_BEFORE: Final = _pattern("money", "size_before", f"{{}}{_GAP}{{0,10}}$")
_SIZE_AFTER: Final = _pattern("money", "size_after", "^{}")
_STAKE_BEFORE: Final = _pattern("money", "stake_before", f"{{}}{_GAP}{{0,12}}$")
_BARE_BEFORE: Final = _pattern("money", "bare_before", f"{{}}{_GAP}{{0,6}}$")
_VICTIMS_ARE: Final = _pattern("victims", "who", "^[余多]?{}")
_VICTIMS_AFTER: Final = _pattern("victims", "who", "^[余多]?[\u4e00-\u9fff]{0,6}?{}")
_VICTIMS_BEFORE: Final = _pattern("victims", "before", r"{}[^。;；\d]{0,16}$")
_NOT_VICTIMS_BEFORE: Final = _pattern("victims", "unless_before", f"{{}}{_GAP}{{0,8}}$")
_NOT_VICTIMS_AFTER: Final = _pattern("victims", "unless_after", "^{}")
_JUDGMENT_UNMET: Final = _pattern("judgment", "unmet")
_PROMISE_BROKEN: Final = _pattern("promise", "broken")
_PROMISE_UNMET: Final = _pattern("promise", "unmet")
_WRITTEN: Final = _pattern("promise", "written")


@dataclass(frozen=True)
class Finding:
    """What decided the severity.

    Attributes:
        severity: ordinary, serious or major.
        why: the rule and the words that it went by.
    """

    severity: str
    why: str


def severity(text: str, subject: str, field: str) -> Finding:
    """The severity of a bad event.

    Args:
        text: title and text, a line each.
        subject: as one of `shapes.SUBJECTS`.
        field: as one of `shapes.AFFAIR_OF`.
    """
    line = plain(text)
    for name, found in (
        ("killed", _unless(_KILLED, line, _NOT_KILLED)),
        ("in hospital", _unless(_HOSPITAL, line, _NOT_HOSPITAL)),
        ("named by a national authority", _not_after(_NAMED, line, _AFTER_GROUND)),
        ("100 million yuan", _much_money(line)),
        ("1,000 victims", _many_victims(line)),
    ):
        if found:
            return Finding("major", f"{name}: {found}")
    for name, found in (
        ("serious list", _listed(line)),
        ("licence revoked", _not_after(_REVOKED, line, _NOT_YET_REVOKED, _OTHER_PAPER)),
        ("criminal case", _not_after(_CRIMINAL, line, _NOT_YET_CRIMINAL)),
        ("fine of 1 million yuan", _large_fine(line)),
        ("judgment or promise unmet", _unmet(line, field) if subject == "government" else None),
    ):
        if found:
            return Finding("serious", f"{name}: {found}")
    return Finding("ordinary", "nothing graver found")


def _unless(pattern: re.Pattern[str], text: str, unless: re.Pattern[str]) -> str | None:
    """The first match that no denial overlaps."""
    denied = [match.span() for match in unless.finditer(text)]
    for match in pattern.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in denied):
            return match[0]
    return None


def _not_after(
    pattern: re.Pattern[str],
    text: str,
    unreal: re.Pattern[str],
    other: re.Pattern[str] | None = None,
) -> str | None:
    """The first match that is of no other thing, and that its sentence does not make unreal."""
    for match in pattern.finditer(text):
        if not (
            unreal.search(_before(text, match.start(), 40)) or (other and other.search(match[0]))
        ):
            return match[0]
    return None


def _before(text: str, at: int, reach: int = 24) -> str:
    """What stands before a place in the same sentence."""
    return _SENTENCE_END.split(text[max(0, at - reach) : at])[-1]


def _after(text: str, at: int, reach: int = 14) -> str:
    """What stands after a place in the same sentence."""
    return _SENTENCE_END.split(text[at : at + reach])[0]


def _money(text: str) -> Iterator[tuple[Quantity, str, str]]:
    """Amounts of yuan with what stands before and after each in its sentence."""
    for amount in quantities(text):
        before = _before(text, amount.start)
        bare = not amount.unit and amount.value >= 10_000 and _BARE_BEFORE.search(before)
        if amount.unit == "元" or bare:
            yield amount, before, _after(text, amount.end)


def _much_money(text: str) -> str | None:
    for amount, before, after in _money(text):
        size = _SIZE_BEFORE.search(before) or _SIZE_AFTER.search(after)
        if amount.value >= MUCH_MONEY and (not size or _STAKE_BEFORE.search(before)):
            return f"{before[-8:]}{text[amount.start : amount.end]}"
    return None


def _large_fine(text: str) -> str | None:
    for amount, before, after in _money(text):
        fine = _FINE_BEFORE.search(before) or _FINE_AFTER.search(after)
        if amount.value >= LARGE_FINE and fine:
            return f"{before[-8:]}{text[amount.start : amount.end]}"
    return None


def _many_victims(text: str) -> str | None:
    for number in quantities(text):
        if number.value < MANY_VICTIMS:
            continue
        before, after = _before(text, number.start), _after(text, number.end)
        if _NOT_VICTIMS_BEFORE.search(before) or _NOT_VICTIMS_AFTER.search(after):
            continue
        people = number.unit in _PEOPLE_UNITS and (
            _VICTIMS_AFTER.search(after) or _VICTIMS_BEFORE.search(before)
        )
        if people or (not number.unit and _VICTIMS_ARE.search(after)):
            return text[number.start : number.end] + after[:4]
    return None


def _listed(text: str) -> str | None:
    title = text.split("\n", 1)[0]
    in_title = _LISTED_IN_TITLE.search(title)
    return in_title[0] if in_title else _not_after(_LISTED, text, _NOT_YET_LISTED, _OTHER_LIST)


def _unmet(text: str, field: str) -> str | None:
    """A judgment or a written promise that a public body left unfulfilled.

    In the field of promises the two may stand apart.
    """
    broken = _JUDGMENT_UNMET.search(text) or _PROMISE_BROKEN.search(text)
    if broken:
        return broken[0]
    unmet, written = _PROMISE_UNMET.search(text), _WRITTEN.search(text)
    return f"{written[0]}, {unmet[0]}" if field == "promise_keeping" and unmet and written else None
