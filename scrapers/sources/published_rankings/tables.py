"""Lists that stand in a table: one, or several side by side."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from scrapers.sources.published_rankings import names
from scrapers.sources.published_rankings.document import Cell, Grid
from scrapers.sources.published_rankings.lists import Heading, Note, Place, Row

Role = Literal["rank", "class", "city", "province", "index"]
Columns = dict[Role, int]
"""The columns of one list, by what they hold."""
Line = list[Cell | None]

_ELSE = re.compile("上期|上月|上年|变化|变动|升降|同比|环比|较")
_HEADERS: dict[Role, re.Pattern[str]] = {  # in the order in which they are tried
    "rank": re.compile("(排名|名次|位次|排位|排序|序号)$|^(no\\.?|#)$", re.IGNORECASE),
    "index": re.compile("指数|得分|分数|分值|评分|总分|成绩"),
    "class": re.compile("属性|类别|类型"),
    "city": re.compile("城市|级市$|^(市|地区|名称)$"),
    "province": re.compile("省份|省区|省市|^(所[在属])?省"),
}
_RANK = re.compile(r"\(?(?:第|no\.?|top|#)?(\d{1,4})(?:名|位)?[.、:)]*", re.IGNORECASE)
_INDEX = re.compile(r"(\d{1,2}(?:\.\d{1,4})?|100(?:\.0{1,4})?)分?[^\d.]{0,2}")
_BRACKET = re.compile(r"[(\[【]([^()\[\]【】]{0,40})[)\]】]")
_NAME = re.compile(r"(?:\d{1,4}[.、])?([\u3400-\u9fff]{2,16})[*#†‡△▲\d]{0,3}")
_WORDS = re.compile("[\u3400-\u9fff]+")
_MOSTLY = 0.6


def rows(grid: Grid, number: int, heading: Heading | None) -> tuple[list[Row], list[Note]]:
    """The rows of all lists in a table, list by list, and what could not be read.

    Args:
        grid: the table.
        number: which part of the page it is.
        heading: the heading that stands over it.
    """
    headed = any(map(_header, grid.rows))
    lists = [] if headed else _by_content(grid)
    headings: dict[int, Heading] = {}
    found: list[list[Row]] = []
    notes: list[Note] = []
    for y, line in enumerate(grid.rows):
        place = Place(number, y + 1)
        header = _header(line)
        lists = header or lists
        read = [] if header else [_row(line, columns, place) for columns in lists]
        if not any(read):
            headings |= _headings(line, place)
        for side, row in enumerate(read):
            if isinstance(row, Note):
                notes.append(row)
            elif row:
                first = min(lists[side].values())
                found += [[] for _ in range(side + 1 - len(found))]
                found[side].append(_under(row, headings.get(first, heading)))
    return [row for side in found for row in side], notes


def text(grid: Grid) -> str:
    """The text of a table, a line for each of its rows."""
    return "\n".join(" ".join(cell.text for _, cell in _cells(line)) for line in grid.rows)


def _under(row: Row, heading: Heading | None) -> Row:
    return Row(row.rank, row.city_class, row.city, row.province, row.index, row.place, heading)


def _header(line: Line) -> list[Columns]:
    """The lists whose columns a line names; none where it names no city with a rank or an index."""
    lists: list[Columns] = [{}]
    for x, cell in _cells(line):
        role = _role(_closed(cell))
        if role in lists[-1]:
            lists.append({})
        if role:
            lists[-1][role] = x
    return [columns for columns in lists if {"city", "index"} <= set(columns)]


def _role(text: str) -> Role | None:
    if _ELSE.search(text) or len(text) > 20:
        return None
    text = _BRACKET.sub("", text)
    return next((role for role, words in _HEADERS.items() if words.search(text)), None)


def _by_content(grid: Grid) -> list[Columns]:
    """The lists of a table without a header, by what most cells of a column look like."""
    roles: dict[int, Counter[Role | None]] = {}
    for line in grid.rows:
        for x, cell in _cells(line):
            if text := _closed(cell):
                roles.setdefault(x, Counter())[_looks_like(text)] += 1
    lists: list[Columns] = [{}]
    for x in sorted(roles):
        role, count = roles[x].most_common(1)[0]
        if role is None or count < _MOSTLY * roles[x].total():
            continue
        if role in lists[-1]:
            lists.append({})
        lists[-1][role] = x
    return [columns for columns in lists if {"city", "index"} <= set(columns)]


def _looks_like(text: str) -> Role | None:
    if _RANK.fullmatch(text):
        return "rank"
    if _INDEX.fullmatch(text):
        return "index"
    if text == names.MUNICIPALITY or (names.province_of(text) and not text.endswith("市")):
        return "province"
    if re.fullmatch(names.CLASS, text):
        return "class"
    return "city" if names.is_city(_BRACKET.sub("", text)) or names.named(text) else None


def _headings(line: Line, place: Place) -> dict[int, Heading]:
    """For the columns under a title the class of city that it speaks of."""
    return {
        x: Heading(city_class, place)
        for x, cell in enumerate(line)
        if cell and (city_class := names.class_of(_closed(cell)))
    }


def _row(line: Line, columns: Columns, place: Place) -> Row | Note | None:
    """A row of one list, a note that it cannot be read, or None where none is meant."""
    cells = {role: line[x] for role, x in columns.items() if x < len(line)}
    if len({cell.origin for cell in cells.values() if cell}) < 2:
        return None
    text = {role: _closed(cell) if cell else "" for role, cell in cells.items()}
    inside = " ".join(_BRACKET.findall(text.get("city", "")))
    name = _NAME.fullmatch(_BRACKET.sub("", text.get("city", "")))
    index = _INDEX.fullmatch(_BRACKET.sub("", text.get("index", "")))
    city = names.named(name[1]) if name else None
    known = city is not None and not city.before
    if not index or not name:
        return Note("row_unreadable", place) if index or known else None
    rank = _RANK.match(text["city"]) if "rank" not in text else _RANK.fullmatch(text["rank"])
    province = "".join(_WORDS.findall(text.get("province", "")))
    if not province:
        province = inside if names.province_of(inside) else city.province if city else ""
    if not (known or province or name[1].endswith("市")):
        return Note("row_unreadable", place)
    return Row(
        rank=int(rank[1]) if rank else None,
        city_class=names.class_of(text.get("class", "")),
        city=city.city if city and known else name[1],
        province=province,
        index=index[1],
        place=place,
    )


def _cells(line: Line) -> Iterable[tuple[int, Cell]]:
    """The cells of a line, each where it begins."""
    return ((x, cell) for x, cell in enumerate(line) if cell and cell.origin[1] == x)


def _closed(cell: Cell) -> str:
    """The text of a cell without blanks: 80.68 for `8 0.6 8`."""
    return "".join(cell.text.split())
