"""What tells one occurrence from another in a text: names, numbers, days, documents, places.

All reports are read at once: patterns run over the column, and each distinct string found is read once.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

from scrapers.monitor.amounts import number
from scrapers.monitor.gazetteer import Gazetteer

SCHEMA: Final = {"report": pl.UInt32, "kind": pl.String, "clue": pl.String, "weight": pl.Float32}
"""A clue of a report. `kind` says what two reports that have none in common may be held to differ by."""

NAMES: Final = ("full", "firm", "name")
"""Kinds of clue that say of whom a report tells."""

Clue = tuple[str, str, float]
"""Kind, clue, weight: how much two reports of a city with this in common have in common."""

_WORDS: Final = tomllib.loads(
    files("scrapers.monitor").joinpath("clues.toml").read_text(encoding="utf-8")
)
_COMMON: Final = frozenset(_WORDS["common"]) | frozenset(_WORDS["trades"])


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_NAME: Final = rf"[\p{{Han}}A-Za-z0-9()·]{{2,24}}?(?:{_any_of(_WORDS['endings'])})"
_QUOTED: Final = r"[“「『][^”」』“，。；！？、：\s]{2,12}[”」』]|《[^》]{2,20}》"
_DIGITS: Final = r"(?:\d[\d,]*(?:\.\d+)?|[零一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]+)"
_MONEY: Final = rf"{_DIGITS}[余多几]?[百千万亿]*[余多]?(?:美|欧|港)?元"
_VISITS: Final = r"(?:浏览|阅读|点击|访问)"
_COUNT: Final = (
    rf"(?:{_VISITS}[^\d，。；]{{0,4}})?{_DIGITS}[余多]?[万亿]?[余多]?"
    r"(?:名|人|户|家|件|箱|只|台|份|吨|套|辆|瓶|袋|盒|公斤|克|张|批|处|间|亩|平方米|立方米|公里|米|头|羽|株|块|把|"
    rf"双|起|次|篇|笔|个|位|期|部|毫克|倍|%)(?:已?{_VISITS})?"
)
_FINE: Final = (
    rf"(?:罚款|罚金|罚没|罚|处以|没收违法所得)[^，。；、\d]{{0,8}}?(?:，?[合共]?计)?{_MONEY}"
    rf"|{_MONEY}的?(?:罚款|罚金|罚单|罚没)"
)
_DAY: Final = r"(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:[^内前\d]|$)"
_HARMED: Final = (
    r"(?:\d+|[一二两三四五六七八九十]+)(?:人|名[\p{Han}]{0,6}?)?(?:当场|抢救无效)?"
    r"(?:不幸)?(?:死亡|遇难|身亡|死|重伤|轻伤|受伤|伤|住院|中毒)"
)
_DOCUMENT: Final = (
    r"\p{Han}{1,8}(?:字|罚|处|决|案|监|执法)\p{Han}{0,4}[〔\[(]\d{4}[〕\])](?:第)?[A-Za-z]?\d{1,7}(?:-\d+)?号"
    r"|[〔\[(]\d{4}[〕\])]\p{Han}{1,3}\d{0,6}\p{Han}{1,3}\d+号"
)
# Unified social credit codes of market entities, numbers of tenders and models; never an identity number.
CREDIT_CODE: Final = r"9[123]\d{6}[0-9A-Z]{10}"
_CODE: Final = rf"{CREDIT_CODE}|[A-Z]{{2,8}}[A-Z0-9]*-?\d[A-Z0-9-]{{2,24}}"
_PLACE: Final = (
    r"\p{Han}{2}(?:镇|乡|街道|村|社区|县|区|小区|工业园|开发区|大厦|广场|花园|大桥|水库|"
    r"高速|隧道|大道|路)"
)

_BEFORE: Final = re.compile(f"^.*(?:{_any_of(_WORDS['before'])})")
_ENDING: Final = re.compile(f"(?:{_any_of(_WORDS['endings'])})$")
_TRADES: Final = re.compile(f"(?:{_any_of(_WORDS['trades'])})+$")
_LAW: Final = re.compile(
    "(?:法|条例|办法|规定|通知|意见|方案|公告|决定|标准|细则|解释|目录|通报|准则|报告|合同|协议|许可证|证书|书)》$"
)
_NUMBER: Final = re.compile(
    r"[\d,.零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟余多几]+"
)
_DATE: Final = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日")
_NO_NAME: Final = re.compile("[的这那年月日镇乡村了着]|园区|工业园|^[一第]")
_NUMBERED: Final = re.compile("第[一二三四五六七八九十]+(?:中学|小学|医院)?")


def clues(reports: pl.DataFrame) -> pl.DataFrame:
    """The clues of reports, each clue of a report once.

    Args:
        reports: `report` (UInt32), `city_code`, `published` (Date or null), `text` that
            `amounts.plain` went over.

    Returns:
        `SCHEMA`. Kinds: `full` (an enterprise's name without place and ending), `firm` (what of it is its
        own, wherever a report of the city has it), `name` (what stands in quotation marks, likewise),
        `phrase` (the same, but more like words that were said), `money`, `count`, `fine`, `day`, `dead`,
        `hurt`, `document`, `code`, `place`.
    """
    own = [
        _read(reports, _NAME, _enterprise),
        _read(reports, _QUOTED, _quoted),
    ]
    found = [
        *own,
        _mentions(reports, pl.concat(own)),
        _read(reports, _MONEY, _money),
        _read(reports, _COUNT, _count),
        _read(reports, _FINE, _fine),
        _read(reports, _HARMED, _harmed),
        _read(reports, _DOCUMENT, _document),
        _read(reports, _CODE, _code),
        _read(reports, _PLACE, _place),
        _days(reports),
    ]
    return (
        pl.concat(found)
        .group_by("report", "kind", "clue")
        .agg(pl.col("weight").max())
        .sort("report", "kind", "clue")
    )


def _read(
    reports: pl.DataFrame, pattern: str, reading: Callable[[str], list[Clue]]
) -> pl.DataFrame:
    """What a pattern finds, each distinct string read once."""
    found = (
        reports.lazy()
        .select("report", raw=pl.col("text").str.extract_all(pattern))
        .filter(pl.col("raw").list.len() > 0)
        .explode("raw")
        .unique()
        .collect()
    )
    return _joined(found, "raw", ((raw, reading(raw)) for raw in found["raw"].unique()))


def _joined(found: pl.DataFrame, key: str, read: Iterable[tuple[str, list[Clue]]]) -> pl.DataFrame:
    rows = [(raw, *clue) for raw, clues in read for clue in clues]
    meant = pl.DataFrame(
        rows,
        schema={key: pl.String, "kind": pl.String, "clue": pl.String, "weight": pl.Float32},
        orient="row",
    )
    return found.join(meant, on=key).select(*SCHEMA)


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()


def _enterprise(raw: str) -> list[Clue]:
    stem = _BEFORE.sub("", _ENDING.sub("", raw))
    rest = _without_place(stem)
    anchored = rest != stem
    rest = rest.strip("()·")
    if len(rest) < 2 or rest in _COMMON or _TRADES.fullmatch(rest) or _NO_NAME.search(rest):
        return []
    brand = _TRADES.sub("", rest).strip("()·")
    brand = brand if len(brand) > 1 else rest[:3]
    if not anchored and (len(rest) > 10 or not raw.endswith(("公司", "集团"))):
        return []
    clues = [("full", rest, 5.0 if anchored else 3.5)]
    if anchored and brand not in _COMMON and not _NUMBERED.fullmatch(brand):
        clues.append(("firm", brand, 5.0 if len(brand) > 2 else 4.5))
        if len(brand) > 3:
            clues.append(("firm", brand[:2], 3.0))
    return clues


def _without_place(stem: str) -> str:
    """What follows the first place in a name and those right after it."""
    end = 0
    for named in _gazetteer().find(stem):
        if end and named.start != end:
            break
        if len(stem) - named.end < 2 or (named.form == "word" and named.start):
            break
        end = named.end
        while end < len(stem) - 2 and stem[end] in "省市县区":
            end += 1
    return stem[end:]


def _quoted(raw: str) -> list[Clue]:
    name = raw[1:-1]
    if "某" in name or name in _COMMON or (raw[0] == "《" and (_LAW.search(raw) or len(name) > 12)):
        return []
    if re.search(r"[，。,.!?的了吗是不我你没有]", name):
        return [("phrase", name, min(3.0, 0.5 * len(name)))]
    return [("name", name, (2.5, 4.0, 5.0)[min(len(name), 4) - 2])]


def nameless(reports: pl.DataFrame, known: pl.DataFrame) -> pl.Series:
    """The texts without the names among their clues: what is told, not of whom."""
    names = (
        known.filter(pl.col("kind").is_in(NAMES))
        .join(reports.select("report", "city_code"), on="report")
        .group_by("city_code")
        .agg(pl.col("clue").unique().sort())
    )
    patterns = dict(names.iter_rows())
    parts = [
        of_city.select(
            "report",
            pl.col("text").str.replace_many(patterns[city], [" "], leftmost=True)
            if city in patterns
            else "text",
        )
        for (city,), of_city in reports.group_by("city_code")
    ]
    return pl.concat(parts).sort("report")["text"] if parts else reports["text"]


def _mentions(reports: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Names of a city's reports wherever its reports have them: 佳邻惠超市 of 佳邻惠商贸有限公司."""
    names = (
        own.filter(pl.col("kind").is_in(["firm", "name"]))
        .join(reports.select("report", "city_code"), on="report")
        .filter(pl.col("city_code").is_not_null())
        .sort("weight", "kind")
        .group_by("city_code", "clue")
        .agg(pl.col("kind", "weight").last())
    )
    patterns = dict(names.group_by("city_code").agg("clue").iter_rows())
    parts = [
        of_city.select(
            "report",
            "city_code",
            clue=pl.col("text").str.extract_many(patterns[city], overlapping=True),
        )
        .explode("clue")
        .drop_nulls("clue")
        .unique()
        for (city,), of_city in reports.group_by("city_code")
        if city in patterns
    ]
    if not parts:
        return pl.DataFrame(schema=SCHEMA)
    return (
        pl.concat(parts)
        .join(names, on=["city_code", "clue"])
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    )


def _figures(raw: str) -> tuple[str, float, int] | None:
    """A number cut to three figures: as it is written, its value, its figures less noughts at the end."""
    matched = _NUMBER.search(raw)
    value = number(matched[0]) if matched else 0.0
    if value <= 0:
        return None
    digits, exponent = f"{value:.12e}".split("e")
    kept = digits.replace(".", "")[:3]
    cut = int(kept) * 10.0 ** (int(exponent) - 2)
    scale, name = next(((s, n) for s, n in ((1e8, "亿"), (1e4, "万")) if cut >= s), (1, ""))
    return f"{cut / scale:.6g}{name}", cut, len(kept.rstrip("0"))


def _money(raw: str) -> list[Clue]:
    figures = _figures(raw)
    return [("money", figures[0], (0.8, 2.0, 3.2)[figures[2] - 1])] if figures else []


def _count(raw: str) -> list[Clue]:
    if re.search(_VISITS, raw):  # of the page, not of what it tells
        return []
    figures = _figures(raw)
    if figures is None or figures[1] < 10:
        return []
    return [("count", figures[0], (0.4, 1.4, 2.6)[figures[2] - 1])]


def _fine(raw: str) -> list[Clue]:
    amount = re.search(_MONEY, raw)
    figures = _figures(amount[0]) if amount else None
    return [("fine", figures[0], 0.8)] if figures else []


def _harmed(raw: str) -> list[Clue]:
    people = _NUMBER.match(raw)
    if not people:
        return []
    kind = "dead" if re.search("死|遇难|身亡", raw) else "hurt"
    return [(kind, f"{number(people[0]):.0f}", 1.2)]


def _document(raw: str) -> list[Clue]:
    bare = re.sub(r"[〔\[()\]〕第号]", "|", raw)
    return [("document", re.sub(r"\|0*", "|", bare)[-16:], 6.0)]


def _code(raw: str) -> list[Clue]:
    return [("code", raw, 5.0 if len(raw) > 6 else 3.0)]


def _place(raw: str) -> list[Clue]:
    weight = 0.6 if raw[-1] in "区县路" else 1.5
    return [("place", raw, weight)]


def _days(reports: pl.DataFrame) -> pl.DataFrame:
    """Days that a text names, the year and month being those of publication or the ones before."""
    found = (
        reports.lazy()
        .filter(pl.col("published").is_not_null())
        .select("report", "published", raw=pl.col("text").str.extract_all(_DAY))
        .filter(pl.col("raw").list.len() > 0)
        .explode("raw")
        .unique()
        .with_columns(key=pl.col("raw") + pl.col("published").cast(pl.String))
        .collect()
    )
    distinct = found.unique("key").select("key", "raw", "published").iter_rows()
    return _joined(found, "key", ((key, _day(raw, published)) for key, raw, published in distinct))


def _day(raw: str, published: date) -> list[Clue]:
    matched = _DATE.match(raw)
    if matched is None:
        return []
    year, month, day = (int(part) if part else 0 for part in matched.groups())
    latest = (published.year * 12 + published.month - 1) * 31 + published.day + 3
    if month:
        month_number = (year or published.year) * 12 + month - 1
        if not year and month_number * 31 + day > latest:
            month_number -= 12
    else:
        month_number = published.year * 12 + published.month - 1
        if month_number * 31 + day > latest:
            month_number -= 1
    told = f"{month_number // 12}-{month_number % 12 + 1:02}-{day:02}"
    # The day of publication is as often that of the signature.
    return [("day", told, 0.6 if told == published.isoformat() else 1.2)]
