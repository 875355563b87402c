"""How many subjects a page names: enterprises and people chosen as examples, entities that pledged."""

import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from scrapers.monitor.amounts import Quantity, plain, quantities

_WORDS: Final = tomllib.loads(
    (files("scrapers.monitor") / "counts.toml").read_text(encoding="utf-8")
)
_SUBJECTS: Final = frozenset({"家", "户", "名", "位", "人", "个", "所", "间", "条", "艘", "辆"})
_OBVIOUS: Final = frozenset({"户", "家", "人", "名", "位", "所"})
"""Measure words that count subjects whatever follows."""


def _pattern(key: str, form: str = "{}") -> re.Pattern[str]:
    """The alternatives of a list of `counts.toml`, put into a form."""
    return re.compile(form.replace("{}", "(?:" + "|".join(_WORDS[key]) + ")"))


_WHO: Final = _pattern("who", '^[\u4e00-\u9fffA-Z“”"《》()-]{0,16}?{}')
_TOTAL: Final = _pattern("total", r"{}[^。;，,\d]{0,12}$")
_GOAL: Final = _pattern("goal")
_NOT_BEFORE: Final = _pattern("not_before", r"{}[^。;，,\d]{0,8}$")
_NOT_AFTER: Final = _pattern("not_after", "^{}")
_NAME: Final = _pattern(
    "firm", "[\u4e00-\u9fff()A-Za-z0-9·]{3,30}?{}(?:[\u4e00-\u9fff]{2,8}分公司)?"
)
_LISTED: Final = _pattern("listed", "[\u4e00-\u9fff()A-Za-z0-9·]{3,40}{}")
_ITEM: Final = re.compile(r"^\(?[\d一二三四五六七八九十]+\)?[、.．:：\s|]+")
_OWN: Final = _pattern("own")
_ONE: Final = _pattern("one")
_CHOSEN_ONE: Final = _pattern("chosen_one")


def count_subjects(title: str, paragraphs: Sequence[str]) -> tuple[int | None, str]:
    """How many a page is about: the total that it states, else how many it lists.

    Returns:
        The number, None where none can be told, and the words that it went by.
    """
    heading = plain(title)
    if _ONE.search(heading):
        return 1, "one in the title"
    lines = [plain(p) for p in paragraphs]
    text = "\n".join(lines)
    stated = _stated(heading, in_title=True)
    if stated:
        return _exact(stated, text)
    names = _listed(lines)
    if len(names) <= 1 and _OWN.search(heading + text):
        return 1, "one pledges"
    stated = _stated(text, in_title=False)
    if stated and stated[0] >= len(names):
        return stated
    if names:
        return len(names), f"{len(names)} listed"
    one = _NAME.search(heading) or _CHOSEN_ONE.search(f"{heading}\n{text}")
    return (1, f"one: {one[0]}") if one else (None, "")


def _exact(stated: tuple[int, str], text: str) -> tuple[int, str]:
    """The exact number where the title rounds: 1.56万余户 of 15630户."""
    if stated[0] % 100:
        return stated
    for number in quantities(text):
        if number.unit in _SUBJECTS and 0 < number.value - stated[0] < stated[0] * 0.02:
            return round(number.value), text[number.start : number.end]
    return stated


def _stated(text: str, *, in_title: bool) -> tuple[int, str] | None:
    """The likeliest total; the earliest of those that are equally likely."""
    best: tuple[int, int, str] | None = None
    for number in quantities(text):
        points = _points(number, text, in_title=in_title)
        if points > 0 and (best is None or points > best[0]):
            best = (points, round(number.value), text[max(0, number.start - 4) : number.end + 6])
    return (best[1], best[2].replace("\n", " ")) if best else None


def _points(number: Quantity, text: str, *, in_title: bool) -> int:
    """How likely a number is the total; 0 where it is not one of subjects."""
    before = re.split("[。;；\n]", text[max(0, number.start - 16) : number.start])[-1]
    after = re.split("[。;；\n]", text[number.end : number.end + 40])[0]
    who = bool(_WHO.match(after))
    if (
        number.unit not in _SUBJECTS
        or number.value < 1
        or not number.value.is_integer()
        or not (who or number.unit in _OBVIOUS)
        or (number.unit == "个" and after.startswith("月"))
        or _NOT_BEFORE.search(before)
        or _NOT_AFTER.match(after)
    ):
        return 0
    total, goal = bool(_TOTAL.search(before)), bool(_GOAL.search(before + after))
    return 1 + 2 * total + 2 * goal + who + in_title


def _listed(paragraphs: Sequence[str]) -> set[str]:
    """Enterprises in a list: one a row, or a run of names between enumeration commas."""
    rows = {
        match[0]
        for line in paragraphs
        if len(line) < 120 and "。" not in line and (match := _NAME.search(_ITEM.sub("", line)))
    }
    runs = {name for line in paragraphs for name in _run(line)}
    return max(rows, runs, key=len)


def _run(line: str) -> set[str]:
    """Names of enterprises that stand between enumeration commas."""
    parts = (_ITEM.sub("", part).rstrip("。等") for part in re.split("[、,，;；。\\s:：]", line))
    names = {part for part in parts if _NAME.fullmatch(part) or _LISTED.fullmatch(part)}
    return names if len(names) > 1 else set()
