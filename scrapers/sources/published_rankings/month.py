"""The month whose ranking a page prints, as the page names it."""

import re

_YEAR = r"((?:19|20)\d\d)"
_MONTH = r"(1[0-2]|0?[1-9])"
_TO = r"\s*(?:至|到|\.\.|[-—–~])+\s*"
_LONGEST_TITLE = 60
_TITLE = re.compile("排名|排行|榜|名单|监测")

# 2017年4月至2018年3月; 2017年1-12月; 2017-04..2018-03: the window ends with its month.
_WINDOWS = [
    re.compile(rf"{_YEAR}\s*年\s*{_MONTH}\s*月?{_TO}(?:{_YEAR}\s*年\s*)?{_MONTH}\s*月"),
    re.compile(rf"{_YEAR}[-./]{_MONTH}{_TO}{_YEAR}[-./]{_MONTH}(?!\d)"),
]
_MONTH_OF_YEAR = re.compile(rf"{_YEAR}\s*年\s*{_MONTH}\s*月(?!\s*\d+\s*日)")
_ISSUE = re.compile(rf"{_YEAR}\s*年?[\s,]*第?\s*{_MONTH}\s*期")
_WHOLE_YEAR = re.compile(rf"{_YEAR}\s*年\s*(?:度|全年|年度)")
_DATE = re.compile(rf"{_YEAR}\s*(?:年|[-./])\s*{_MONTH}(?!\d)")


def named(text: str) -> str:
    """The month that a page names, `YYYY-MM`, or empty.

    In this order: the end of the window that was monitored, a month in a title, the issue of the
    magazine, any month, December of a year that is ranked as a whole, the date of the page.

    Args:
        text: plain characters, a line for each block of the page.
    """
    for pattern in _WINDOWS:
        if match := pattern.search(text):
            first, _, last, month = match.groups()
            return f"{last or first}-{int(month):02}"
    titles = [line for line in text.split("\n") if len(line) <= _LONGEST_TITLE]
    told = "\n".join(line for line in titles if _TITLE.search(line))
    for pattern, where in ((_MONTH_OF_YEAR, told), (_ISSUE, text), (_MONTH_OF_YEAR, text)):
        if match := pattern.search(where):
            return f"{match[1]}-{int(match[2]):02}"
    if match := _WHOLE_YEAR.search(text):
        return f"{match[1]}-12"
    match = _DATE.search(text)
    return f"{match[1]}-{int(match[2]):02}" if match else ""
