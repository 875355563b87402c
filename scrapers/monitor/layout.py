"""A page as a row of blocks: what a reader sees as a line, a paragraph, a row of a table."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST: Final = 10_000
"""Blocks of a page that are looked at; what follows is cut off."""

_Attributes = Mapping[str, str | None]

_UNSEEN: Final = frozenset(
    (
        "head", "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math",
        "select", "option", "textarea", "button", "input", "audio", "video", "canvas", "map", "datalist",
        "dialog", "-comment",
    )
)  # fmt: skip
_INLINE: Final = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font",
        "i", "img", "ins", "kbd", "label", "mark", "nobr", "o:p", "q", "rp", "rt", "ruby", "s", "samp",
        "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
        "st1:chsdate", "founder-title",
    )
)  # fmt: skip
_BOLD: Final = frozenset(("b", "strong", "big", "founder-title"))
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NO_DATA_WITHIN: Final = _HEADINGS | {
    "table",
    "ul",
    "ol",
    "form",
    "dl",
    "article",
    "section",
    "nav",
}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_LARGE_STYLE = re.compile(
    r"font-size\s*:\s*(?:(?:1[89]|[2-9]\d)(?:\.\d+)?p[xt]|1[67](?:\.\d+)?pt"
    r"|(?:1\.[4-9]|[2-9])\d*r?em|x+-large|large)"
)
_LARGE_SIZE = frozenset(("4", "5", "6", "7", "+1", "+2", "+3", "+4"))
_SPACE = re.compile(r"[ \t\r\n\f\v\xa0\u2002\u2003]+")
# Controls, characters of no width and those that turn the direction of writing.
_NOT_SEEN = re.compile(
    r"[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_LINES_OF_CELL = 3  # a cell of more is a column of the page, unless it stands beside a label
_LABEL = 10  # characters of a label
# Characters of what may follow a label in a block of its own, by the element that the label stands in.
_VALUE = {"dt": 60, "div": 20}


@cache
def wording() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """How pages are built and worded, by what it tells (see `layout.toml`)."""
    text = (files(__package__) / "layout.toml").read_text("utf-8")
    lists: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(text)
    names = {key: f"[ _-](?:{'|'.join(each)})[ _-]" for key, each in lists["names"].items()}
    words = {key: "|".join(each) for key, each in lists["words"].items()}
    return {
        "names": {key: re.compile(pattern) for key, pattern in names.items()},
        "words": {key: re.compile(f"(?:{pattern})") for key, pattern in words.items()},
    }


def seen(text: str) -> str:
    """The text without characters that no reader sees, spaces made single; none around it."""
    if text.isprintable() and "  " not in text:  # the only space that is printable is " "
        return text.strip(" ")
    return _SPACE.sub(" ", _NOT_SEEN.sub("", text)).strip(" \u3000")


@dataclass(slots=True, eq=False)
class Element:
    """A part of the page that holds blocks.

    Attributes:
        names: its class, id and role, lower-case, with a space before and behind.
        row, cell: of a table, that it is in or is.
        is_data: of a row: nothing in it is laid out in a way that data are not.
        cells: of a row: how many it has.
    """

    tag: str
    parent: "Element | None"
    names: str = ""
    unseen: bool = False
    row: "Element | None" = None
    cell: "Element | None" = None
    is_data: bool = True
    cells: int = 0

    def is_within(self, outer: "Element | None") -> bool:
        """Whether it is the other, or a part of it."""
        part: Element | None = self
        while part is not None and part is not outer:
            part = part.parent
        return part is not None


@dataclass(slots=True, eq=False)
class Block:
    """A text that stands for itself.

    Attributes:
        linked: characters of it that are links.
        large: whether its letters are large or bold throughout.
        inner_names: names of the inline elements in it.
        heading: `h1` to `h6`, or "".
    """

    element: Element
    pieces: list[str] = field(default_factory=list)
    text: str = ""
    linked: int = 0
    large: bool = True
    inner_names: str = ""
    heading: str = ""

    @property
    def names(self) -> str:
        """Names of its element and of those in it."""
        return self.element.names + self.inner_names

    @property
    def is_link(self) -> bool:
        """Whether most of it leads elsewhere."""
        return 2 * self.linked > len(self.text)


@dataclass(slots=True, eq=False)
class _Style:
    """What an inline element makes of the text in it."""

    element: Element
    linked: bool = False
    large: bool = False
    names: str = ""


def blocks_of(page: LexborHTMLParser) -> list[Block]:
    """What the page shows, from its top to its end; cells of a row of data are parted by tabs."""
    styles: dict[int, _Style] = {}
    root = _Style(Element("", None))
    blocks: list[Block] = []
    current: Block | None = None
    for node in page.root.traverse(include_text=True) if page.root else ():
        parent = node.parent
        style = styles.get(parent.mem_id, root) if parent is not None else root
        element = style.element
        tag = node.tag or ""
        if tag == "-text":
            if element.unseen:
                continue
            text = node.text_content or ""
            for i, line in enumerate(text.split("\n") if element.tag == "pre" else (text,)):
                bare = line.strip()
                if i or current is None or current.element is not element:
                    current = None
                    if not bare:
                        continue
                    current = Block(element)
                    blocks.append(current)
                _write(current, line, len(bare), style)
            if len(blocks) > MOST:
                break
        elif tag in ("br", "hr"):
            current = None
        elif tag in _INLINE:
            styles[node.mem_id] = _inline(node, tag, style)
        else:
            attributes = node.attributes
            large = tag in _HEADINGS or _is_large(attributes)
            styles[node.mem_id] = _Style(_element(attributes, tag, element), large=large)
            current = None
    return _rows_joined(blocks)


def _write(block: Block, line: str, length: int, style: _Style) -> None:
    block.pieces.append(line)
    if style.linked:
        block.linked += length
    if length and not style.large:
        block.large = False
    if style.names and style.names not in block.inner_names:
        block.inner_names += style.names


def _inline(node: LexborNode, tag: str, outer: _Style) -> _Style:
    attributes = node.attributes
    if _is_hidden(attributes):
        return _Style(Element(tag, outer.element, unseen=True))
    large = outer.large or tag in _BOLD or _is_large(attributes)
    return _Style(
        outer.element, outer.linked or tag == "a", large, _names(attributes) or outer.names
    )


def _element(attributes: _Attributes, tag: str, outer: Element) -> Element:
    if outer.unseen or tag in _UNSEEN or _is_hidden(attributes):
        return Element(tag, outer, unseen=True)
    element = Element(tag, outer, _names(attributes), row=outer.row, cell=outer.cell)
    if tag in _NO_DATA_WITHIN:
        row = outer.row
        while row is not None and row.is_data:
            row.is_data = False
            row = row.parent.row if row.parent else None
    if tag == "table":
        element.row = element.cell = None
    elif tag == "tr":
        element.row, element.cell = element, None
    elif tag in ("td", "th"):
        element.cell = element
        if outer.row is not None:
            outer.row.cells += 1
    return element


def _is_hidden(attributes: _Attributes) -> bool:
    if not attributes:
        return False
    look = attributes.get("style")
    return "hidden" in attributes or bool(look and _HIDDEN_STYLE.search(look.lower()))


def _is_large(attributes: _Attributes) -> bool:
    if not attributes:
        return False
    look = attributes.get("style")
    return attributes.get("size") in _LARGE_SIZE or bool(look and _LARGE_STYLE.search(look.lower()))


def _names(attributes: _Attributes) -> str:
    if not attributes:
        return ""
    get = attributes.get
    named = " ".join(filter(None, (get("class"), get("id"), get("role"))))
    return f" {named[:200].lower()} " if named else ""


def _rows_joined(blocks: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        block.text = seen("".join(block.pieces))
        block.heading = block.element.tag if block.element.tag in _HEADINGS else ""
    written = [block for block in blocks if block.text]
    for row, group in groupby(written, key=lambda block: block.element.row):
        members = list(group)
        if row is None or not _is_data(row, members):
            joined += members
        else:
            joined.append(_row(row, members))
    return _labels_joined(joined)


def _is_data(row: Element, members: list[Block]) -> bool:
    """Whether a row holds data, not the page's columns."""
    if not row.is_data or row.cells < 2:
        return False
    lines = Counter(id(m.element.cell) for m in members)
    labelled = lines[id(members[0].element.cell)] == 1 and len(members[0].text) <= _LABEL
    return max(lines.values()) <= _LINES_OF_CELL or (labelled and row.cells == 2)


def _row(row: Element, members: list[Block]) -> Block:
    cells = groupby(members, key=lambda block: block.element.cell)
    return Block(
        row,
        text="\t".join(" ".join(m.text for m in cell) for _, cell in cells),
        linked=sum(m.linked for m in members),
        large=all(m.large for m in members),
        inner_names="".join(m.inner_names for m in members)[:1000],
    )


def _labels_joined(blocks: list[Block]) -> list[Block]:
    """The blocks, a label and a short value in a block of its own put together."""
    joined: list[Block] = []
    for block in blocks:
        label = joined[-1].text if joined else ""
        room = _VALUE.get(joined[-1].element.tag, 0) if label[-1:] in (":", "：") else 0
        if len(label) <= _LABEL and len(block.text) <= room and not block.is_link:
            joined[-1].text += block.text
        else:
            joined.append(block)
    return joined
