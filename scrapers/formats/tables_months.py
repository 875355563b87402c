"""Which months a title, the name of a sheet or the name of a file speaks of."""

import calendar
import re

from scrapers.places import plain

_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR_IN_NUMERALS = re.compile("二[〇○零][〇○零一二三四五六七八九]{2}(?=年)")
_MONTH_IN_NUMERALS = re.compile("(?:十[一二]?|[一二三四五六七八九])(?=月)")
_MONTH = "(1[0-2]|0?[1-9])"
# A time that ends with a month, in the month's own words: 上半年 is until 6月, 1-6月 too.
_ENDS_WITH = (
    (re.compile("上半年"), "6月"),
    (re.compile("前三季度"), "9月"),
    (re.compile("下半年|全年"), "12月"),
    (re.compile("(?<![近上每])(?:第?[一1]|首)季度"), "3月"),
    (re.compile("(?<![近上每])第?[二2]季度"), "6月"),
    (re.compile("(?<![近上每])第?[三3]季度"), "9月"),
    (re.compile("(?<![近上每])第?[四4]季度"), "12月"),
    (re.compile(f"(?<!\\d){_MONTH}月?[-—–~至到]+(?={_MONTH}月)"), ""),
    (re.compile(f"(?<!\\d)20\\d\\d年{_MONTH}月份?[-—–~至到]+(?=20\\d\\d年)"), ""),
)
# 2019年6月, 2019年6月30日; 2019-06, 2019.6.30; 201906, 20190630.
_NAMED = (
    re.compile(rf"(?<!\d)(20\d\d)年{_MONTH}月(?:(\d\d?)日)?"),
    re.compile(rf"(?<!\d)(20\d\d)[-./]{_MONTH}(?:[-./](\d\d?))?(?!\d)"),
    re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(\d\d)?(?!\d)"),
)
_WITHOUT_YEAR = re.compile(rf"(?<![\d年]){_MONTH}月(?!\d\d?日)")
_WHOLE_YEAR = re.compile(r"(?<!\d)(20\d\d)年度")


def months(text: str, period: str) -> set[str]:
    """The months, `YYYY-MM`, that a text speaks of.

    Of a time with several months it is the last. The day that a table was made on names no month, the
    last day of a month does. A month without a year is one of the year of the period.
    """
    text = _YEAR_IN_NUMERALS.sub(lambda year: year[0].translate(_NUMERALS), plain(text))
    text = _MONTH_IN_NUMERALS.sub(_month_number, text)
    for words, month in _ENDS_WITH:
        text = words.sub(month, text)
    named = {
        f"{year}-{int(month):02}"
        for pattern in _NAMED
        for year, month, day in pattern.findall(text)
        if not day or int(day) == calendar.monthrange(int(year), int(month))[1]
    }
    return (
        named
        or {f"{period[:4]}-{int(month):02}" for month in _WITHOUT_YEAR.findall(text)}
        or {f"{year}-12" for year in _WHOLE_YEAR.findall(text)}
    )


def _month_number(numerals: re.Match[str]) -> str:
    _tens, ten, ones = numerals[0].rpartition("十")
    return f"{'1' if ten else ''}{ones.translate(_NUMERALS) if ones else '0'}"
