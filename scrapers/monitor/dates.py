"""Days as Chinese pages write them, and which of those on a page is the day of its publication."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

EARLIEST: Final = date(1990, 1, 1)
"""No page is older."""
_CHINA = timezone(timedelta(hours=8))

_PLAIN = str.maketrans(
    "０１２３４５６７８９／－．：，（）　\xa0\u2002\u2003〇○零Ｏ", "0123456789/-.:,()    〇〇〇〇"
)
_NUMERALS = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")}

_MONTH_DAY = r"\s{0,3}(?:[-/.·_]|年)\s{0,3}(\d{1,2})\s{0,3}(?:[-/.·_]|月)\s{0,3}(\d{1,2})(?!\d)"
_LONG = rf"(?<![\d.])((?:19|20)\d\d){_MONTH_DAY}"
_COMPACT = r"(?<![\d.])((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d)"
_NUMERAL = r"\s?([一二三四五六七八九十廿]{1,3})\s?"
_SPELT = rf"([一二三四五六七八九〇]{{4}})\s?年{_NUMERAL}月{_NUMERAL}日"
_DAY = re.compile("|".join((_LONG, _SPELT, _COMPACT)))
_OF_CENTURY = re.compile(rf"(?<![\d.])'?(\d\d){_MONTH_DAY}")
_NO_YEAR = re.compile(r"(?<![\d/.年-])(\d{1,2})(?:[-/]|月)(\d{1,2})(?:日|(?![\d/.-]))")
# Nothing that a sentence goes on from: "昨天还在推销" is none.
_AGO = re.compile(
    r"(?:(\d{1,3})\s?天前|(?<![\u4e00-\u9fff])(?:(昨天|昨日)|(前天)|(今天|刚刚))"
    r"|(\d{1,2}\s?(?:小时|分钟|秒)前))(?:(?![\u4e00-\u9fff])|(?=发[布表]|更新|来源))"
)

_FILLING = r"[\s\]】)|:>]{0,8}"
_PUBLISHED = re.compile(
    r"(?:发布|发表|发文|刊发|刊登|公开|公布|公示|上网|上传|录入|添加|创建|推送|信息|稿件|文章|新闻)\s?"
    rf"(?:时\s{{0,4}}间|日\s{{0,4}}期|于)(?:是|为)?{_FILLING}"
    rf"|(?<![\u4e00-\u9fff])(?:时\s{{0,4}}间|日\s{{0,4}}期){_FILLING}"
    rf"|(?i:\b(?:publish(?:ed)?|pubdate|posted|date)\b(?: on| at| time| date)?){_FILLING}"
)
_ANSWERED = re.compile(rf"(?:答复|回复|办复|反馈)\s?(?:时间|日期|于){_FILLING}")
_UPDATED = re.compile(rf"更新\s?(?:时间|日期|于){_FILLING}")
_SIGNED = re.compile(rf"(?:成文|生成|制发|签发|印发|签署|落款|制作)\s?(?:时间|日期|日){_FILLING}")
# What a day in the line under a title is labelled with where it is not that of publication.
_OTHERWISE = re.compile(
    r"(?:更新|修改|编辑|截止|截至|有效|失效|废止|施行|实施|生效|执行|访问|当前|现在|打印|下载|处罚|判决|裁判|开庭|立案|会议|活动|报名|来信|写信|提问|留言|咨询|投诉|受理|反映|成文|生成)"
    rf"[\u4e00-\u9fff]{{0,4}}{_FILLING}$"
)
_TODAY = re.compile(r"今天是|今日[是:]|现在是|现在时间|当前[时日]|北京时间|系统时间|欢迎")
_WEEKDAY = re.compile(r"星期[一二三四五六日天]|[晴阴雨雪]$")
_KEYED_DAY = re.compile(r"(?:时间|日期|日)[:：]?\t[^\t]*$")
_SIGNATURE_END = re.compile(r"[\s)日]{0,6}(?:印发|发布|发)?[\s)]*$")
_IN_URL = (
    re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_]?([01]\d)[-/_]?([0-3]\d)(?!\d)"),
    re.compile(r"/((?:19|20)\d\d)[-/_](\d{1,2})[-/_](\d{1,2})/"),
)


@dataclass(frozen=True)
class Shown:
    """Where a page shows days; texts may be as they stand in it.

    Attributes:
        metadata: what its head, machine-readable statements and `datetime` attributes say.
        lines: short texts beside the main text: info tables, source lines, mastheads.
        under_title: those of them that stand around the title.
        mastheads: those of them that stand above it.
        body: paragraphs of the main text.
    """

    url: str
    metadata: Sequence[str] = ()
    lines: Sequence[str] = ()
    under_title: Sequence[str] = ()
    mastheads: Sequence[str] = ()
    body: Sequence[str] = ()


def plain(text: str) -> str:
    """The text with full-width digits, marks and spaces made narrow, and one writing of nought."""
    return text.translate(_PLAIN)


def days(text: str) -> Iterator[date]:
    """The days that a text names, years included, in its order; impossible ones are left out."""
    for match in _DAY.finditer(plain(text)):
        if day := _day(match):
            yield day


def retrieval_day(retrieved: str) -> date:
    """The day in China at an ISO 8601 time; the last day there is where it is no such time."""
    try:
        return datetime.fromisoformat(retrieved).astimezone(_CHINA).date()
    except (ValueError, OverflowError):
        return date.max


def published(shown: Shown, latest: date) -> date | None:
    """The day of publication; where only a day of signature is shown, that.

    What the page shows as the day of publication comes first (of a letter, when it was answered), then
    what its metadata say, then a day without a label around the title. Failing these: the day of a
    masthead that the address confirms, that of an update, the signature, another masthead (unless it may
    be today's date), and last the address.

    Args:
        shown: the places where the page shows days.
        latest: the day of retrieval; later days cannot be meant.
    """

    def first(found: Iterator[date | None]) -> date | None:
        return next((day for day in found if day and EARLIEST <= day <= latest), None)

    lines = [plain(text) for text in shown.lines]
    under_title = [plain(text) for text in shown.under_title]
    mastheads = [plain(text) for text in shown.mastheads]
    in_address = first(_in_address(shown.url))
    mast = first(_all_days(text for text in mastheads if not _TODAY.search(text)))
    return (
        first(_labelled(_PUBLISHED, lines))
        or first(_labelled(_ANSWERED, lines))
        or first(_all_days(shown.metadata))
        or first(_unlabelled(under_title, latest))
        or first(_without_year(under_title, latest))
        or (mast if mast == in_address else None)
        or first(_labelled(_UPDATED, lines))
        or first(_labelled(_SIGNED, lines))
        or first(_signatures(shown.body))
        or (mast if mast != latest else None)
        or in_address
    )


def _labelled(label: re.Pattern[str], texts: Sequence[str]) -> Iterator[date | None]:
    for text in texts:
        for match in label.finditer(text):
            if day := _DAY.match(text, match.end()) or _OF_CENTURY.match(text, match.end()):
                yield _day(day)


def _all_days(texts: Iterator[str] | Sequence[str]) -> Iterator[date]:
    for text in texts:
        yield from days(text)


def _unlabelled(texts: Sequence[str], latest: date) -> Iterator[date | None]:
    for pattern in (_DAY, _OF_CENTURY):
        for text in texts:
            if _TODAY.search(text):
                continue
            for match in pattern.finditer(text):
                day = _day(match)
                is_today = day == latest and _WEEKDAY.search(text)
                if not is_today and not _OTHERWISE.search(
                    text, max(match.start() - 16, 0), match.start()
                ):
                    yield day


def _without_year(texts: Sequence[str], latest: date) -> Iterator[date | None]:
    for text in texts:
        if _TODAY.search(text):
            continue
        for match in _AGO.finditer(text):
            ago = int(match[1]) if match[1] else 1 if match[2] else 2 if match[3] else 0
            yield latest - timedelta(days=ago)
        for match in _NO_YEAR.finditer(text):
            for year in (latest.year, latest.year - 1):
                yield _possible(year, int(match[1]), int(match[2]))


def _signatures(body: Sequence[str]) -> Iterator[date]:
    """Days at the end of the last paragraphs, and in a bracket under the title."""
    for paragraph in reversed(body[-6:]):
        if paragraph.count("\t") > 1 and not _KEYED_DAY.search(paragraph):  # a row of data
            continue
        text = plain(paragraph)[-60:]
        found = list(_DAY.finditer(text))
        if found and _SIGNATURE_END.match(text, found[-1].end()) and (day := _day(found[-1])):
            yield day


def _in_address(url: str) -> Iterator[date | None]:
    for pattern in _IN_URL:
        for match in pattern.finditer(url[:2000]):
            yield _day(match)


def _day(match: re.Match[str]) -> date | None:
    year, month, day = (_number(g) for g in match.groups() if g)
    return _possible(year if year > 99 else year + (1900 if year >= 90 else 2000), month, day)


def _possible(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.replace("廿", "二十").partition("十")
    if not ten:
        return int("".join(_NUMERALS[c] for c in text))
    return 10 * (_number(tens) if tens else 1) + (_number(ones) if ones else 0)
