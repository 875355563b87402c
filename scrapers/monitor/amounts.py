"""Numbers as Chinese pages write them: 1.2亿元, 一百二十万元, 3400余万元, 近千名, ８０家, 3亿2000万元."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_WIDE: Final[dict[int, int | str]] = {
    **{0xFF10 + digit: ord("0") + digit for digit in range(10)},
    **{0xFF21 + letter: ord("A") + letter for letter in range(26)},
    **{0xFF41 + letter: ord("a") + letter for letter in range(26)},
    **dict(zip(map(ord, "．％［］（）【】〇﹝﹞｛｝"), ".%[]()[]零〔〕{}", strict=True)),
    ord("\u3000"): " ",
    ord("\xa0"): " ",
}
_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "两": 2, "几": 3, "数": 3,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
"""几 and 数 stand for a few; three is the least that either means."""
_SCALES: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS: Final = {"万": 10**4, "亿": 10**8}
_COUNTERS: Final = (
    "人次|户次|家次|人|名|户|家|位|个|件|起|例|宗|批|只|台|条|张|份|箱|吨|套|间|所|辆|次|项|平方米|平方|亩|公斤|"
    "斤|公里|米|瓶|袋|盒|本|篇|场|天|日|年|月|小时|分钟|期|页|字|株|头|千瓦|度|倍|美元|欧元|港元|港币|日元|英镑"
)
_NUMBER: Final = re.compile(
    r"(?P<guard>不足|不到|未到|将近|接近|近|逾|超过|超|上|过|达|约|罚款?|罚没款?)?"
    r"(?P<run>(?:\d[\d,]*(?:\.\d+)?|[零一二两三四五六七八九十百千万亿几数壹贰叁肆伍陆柒捌玖拾佰仟])"
    r"[\d,.零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟余多来]*)"
    rf"(?P<unit>元|块钱|块|圆|人民币|{_COUNTERS})?"
)
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)([十百千万亿]*)")
_SHORT_OF: Final = frozenset({"不足", "不到", "未到", "将近", "接近", "近"})
_MONEY: Final = frozenset({"元", "块钱", "块", "圆", "人民币"})


@dataclass(frozen=True)
class Quantity:
    """A number with what is counted.

    Attributes:
        value: in single units: 1.2亿元 is 120,000,000. Of 近千名, just below what is named.
        unit: 元 for any way of writing yuan, else the measure word; "" where none follows.
        start, end: where it stands.
    """

    value: float
    unit: str
    start: int
    end: int


def plain(text: str) -> str:
    """The text with full-width digits, letters and brackets as ASCII; no character moves."""
    return text.translate(_WIDE)


def quantities(text: str) -> Iterator[Quantity]:
    """All numbers in a text that `plain` went over, in order."""
    for match in _NUMBER.finditer(text):
        guard, run, unit = match["guard"], match["run"], match["unit"] or ""
        if run[0] in "百千万亿" and not guard and not re.match(".[余多]", run):
            continue  # 百姓, 万元: a word, not a number
        value = number(run)
        if guard in _SHORT_OF:
            value *= 1 - 1e-6
        yield Quantity(value, "元" if unit in _MONEY else unit, match.start("run"), match.end())


def number(run: str) -> float:
    """The value of digits, Chinese numerals or both, 余 and 多 left aside.

    Args:
        run: such as "3400余万", "一百二十万", "1,204", "3亿2000万".
    """
    bare = re.sub("[余多来,]", "", run)
    parts = _PART.findall(bare)
    if not parts:
        return _chinese(bare)
    total = 0.0
    for figure, scales in parts:
        value = float(figure)
        for scale in scales:
            value *= _MYRIADS.get(scale) or _SCALES[scale]
        total += value
    return round(total, 2)


def _chinese(numerals: str) -> float:
    total, section, digit = 0, 0, 0
    for character in numerals:
        if character in _DIGITS:
            digit = digit * 10 + _DIGITS[character]  # 二零一八 is read digit by digit
        elif character in _SCALES:
            section += (digit or 1) * _SCALES[character]
            digit = 0
        elif character in _MYRIADS:
            total = (total + (section + digit or 1)) * _MYRIADS[character]
            section = digit = 0
    return float(total + section + digit)
