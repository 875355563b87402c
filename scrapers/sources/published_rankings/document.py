"""A page as its text and its tables, in the order in which they stand."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scrapy.selector import Selector

from scrapers.sources.published_rankings.characters import plain
from scrapers.sources.published_rankings.lists import NotARanking

_SILENT = {"script", "style", "noscript", "template", "head", "select", "textarea", "sup", "svg"}
_INLINE = {
    "a", "abbr", "b", "big", "bdi", "code", "em", "font", "i", "ins", "label", "mark", "nobr", "q", "s",
    "small", "span", "strong", "sub", "u", "wbr",
}  # fmt: skip
_WIDEST = 60
"""Columns that a merged cell may take up; no list of cities needs more."""
_MOST_CELLS = 200_000


@dataclass(frozen=True)
class Cell:
    """A place in a table: its text, and the row and column where the cell that covers it begins."""

    text: str
    origin: tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """A table, merged cells repeated in all the places that they cover; None where there is no cell."""

    rows: list[list[Cell | None]]


@dataclass
class _Flow:
    """Text as it is gathered; a line for each block of the page."""

    pieces: list[str] = field(default_factory=list)

    def take(self) -> str:
        lines = (plain(line).strip() for line in "".join(self.pieces).split("\n"))
        self.pieces.clear()
        return "\n".join(line for line in lines if line)


def read(html: str) -> tuple[str, Iterator[str | Grid]]:
    """The title of a page, and its text and its tables in the order of the page.

    Tables that hold tables lay out a page; what is in them is read as if they were not there.

    Raises:
        NotARanking: a table is larger than one of cities can be.
    """
    page = Selector(text=html.replace("\0", ""))
    return plain(page.xpath("string(//title)").get("")).strip(), _parts(page.root)


def _parts(root: Any) -> Iterator[str | Grid]:
    layout = {table for inner in root.iter("table") for table in inner.iterancestors("table")}
    flow = _Flow()
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            flow.pieces.append(node)
        elif node.tag == "table" and node not in layout:
            for caption in node.iter("caption"):
                flow.pieces += ["\n", *map(_text, caption.itertext())]
            if text := flow.take():
                yield text
            yield Grid(_grid(node))
        else:
            waiting.extend(reversed(_inside(node)))
    if text := flow.take():
        yield text


def _inside(node: Any) -> list[Any]:
    """What a node puts into the flow: text, line breaks, and the nodes in it."""
    if not isinstance(node.tag, str) or node.tag in _SILENT:  # comments have no name
        return []
    found: list[Any] = [] if node.tag in _INLINE else ["\n"]
    found.append(_text(node.text))
    for child in node:
        found += [child, _text(child.tail)]
    if node.tag not in _INLINE:
        found.append("\n")
    return found


def _text(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def _content(cell: Any) -> str:
    """The text of a cell."""
    flow, waiting = _Flow(), [cell]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            flow.pieces.append(node)
        else:
            waiting.extend(reversed(_inside(node)))
    return flow.take()


def _grid(table: Any) -> list[list[Cell | None]]:
    rows: defaultdict[int, dict[int, Cell]] = defaultdict(dict)
    lines = list(table.iter("tr"))
    count = 0
    for y, line in enumerate(lines):
        x = 0
        for cell in line.iter("td", "th"):
            while x in rows[y]:
                x += 1
            made = Cell(_content(cell), (y, x))
            wide = min(_span(cell, "colspan"), _WIDEST)
            high = min(_span(cell, "rowspan"), len(lines) - y)
            count += wide * high
            if count > _MOST_CELLS:
                raise NotARanking(f"{_MOST_CELLS} cells")
            for down in range(high):
                for right in range(wide):
                    rows[y + down].setdefault(x + right, made)
            x += wide
    return [
        [rows[y].get(x) for x in range(max(rows[y], default=-1) + 1)] for y in range(len(lines))
    ]


def _span(cell: Any, name: str) -> int:
    text = cell.get(name, "").strip()
    return max(1, int(text)) if text.isdecimal() and len(text) < 9 else 1
