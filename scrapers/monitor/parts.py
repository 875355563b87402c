"""Which blocks of a page are its title, its main text, and lines about its publication."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scrapers.monitor import dates
from scrapers.monitor.head import LONGEST, Head
from scrapers.monitor.layout import Block, Element, wording

LONGEST_LINE: Final = 200
"""Characters of a line that says where and when a text was published."""

_LONGEST_SITE = 16  # characters of a site's name
_SENTENCE = re.compile("[，。；！？：,]")
_LINE_WORDS = re.compile("来源|作者|浏览|点击|阅读|(?<!文)字[体号][:：]")
_BULLETS = re.compile(r"^[\s【\[(（◆◇■●·>»★・▼《]+")
_ATTACHMENT = re.compile(r"^附件?\s*\d{0,2}[:：.、]|\.(?:docx?|xlsx?|pdf|zip|rar|wps|et)$")


def bare(text: str) -> str:
    """The text without spaces."""
    return "".join(text.split())


def begins(block: Block, words: str) -> bool:
    """Whether a block begins with one of the words of a list of `layout.toml`."""
    return wording()["words"][words].match(_BULLETS.sub("", block.text)) is not None


def is_named(block: Block, names: str) -> bool:
    """Whether a block's elements are named as a list of `layout.toml` has it."""
    return wording()["names"][names].search(block.names) is not None


def is_keyed(block: Block) -> bool:
    """Whether a block begins with a key of the tables that stand before official documents."""
    text = _BULLETS.sub("", block.text)
    key = wording()["words"]["keys"].match(text)
    return key is not None and text[key.end() : key.end() + 1] in tuple(" \t\u3000]】:：")


_TODAY = re.compile(
    r"(?:今天是)?(?:19|20)\d\d[-年/.]\d{1,2}[-月/.]\d{1,2}日?|[星礼]期[一二三四五六日天]"
)


def is_site(text: str, site_name: str) -> bool:
    """Whether a text names the site (a masthead has the day too), not what the page is about."""
    plain, site = bare(_TODAY.sub("", text)), bare(site_name)
    slogan = plain.removeprefix(site) if site else plain
    if plain in site or (len(slogan) < len(plain) and ("·" in slogan or len(slogan) <= 4)):
        return True
    endings = wording()["words"]["site"].pattern
    return len(plain) <= _LONGEST_SITE and re.search(f"{endings}$", plain) is not None


@dataclass(frozen=True)
class Titled:
    """The title, and the number of its block, or None where it stands in no block."""

    text: str
    at: int | None


_PARTS = re.compile(
    r"\s*[_|｜│]\s*|--+|\s+[-–—－·]+\s+|[-–—]{1,2}(?=[^-]{2,16}$)|(?<=报)-|\u3000|\s*»\s*"
)
_HEADINGS = {"h1": 3.0, "h2": 2.0, "h3": 2.0, "h4": 1.0}
_SIGN = 2.0  # of a title: how it is named, set or followed
_CERTAIN = 3.0  # from which on a block is the title rather than what the page's head has
_SHORTEST = 4  # characters of most titles
_LATEST = 300  # number of the last block that may be a title


def title_parts(title: str) -> list[str]:
    """What a page's `title` element is put together from."""
    return [part for part in _PARTS.split(title) if part]


def title_of(blocks: Sequence[Block], head: Head, site_name: str) -> Titled:
    """The title: what the page's head and a block agree on, else what looks most like one."""
    stated = head.article_title
    heads_title = head.title.startswith(stated) and len(head.title) > len(stated)
    if is_site(stated, site_name) and not heads_title:
        stated = ""
    # The site's name alone tells no title: masthead and footer have it too.
    whole = bare(stated or ("" if is_site(head.title, site_name) else head.title))
    best, at = 0.0, None
    for i, block in enumerate(blocks[:_LATEST]):
        if not 2 <= len(block.text) <= LONGEST or block.is_link or block.text.count("。") > 1:
            continue
        likely = _likely(block, blocks[i + 1 : i + 2], whole)
        if likely > best + i / 100 and not is_site(block.text, site_name) and not _is_beside(block):
            best, at = likely - i / 100, i
    if stated:
        return Titled(stated, at)
    cleaned = max(
        (p for p in title_parts(head.title) if not is_site(p, site_name)), key=len, default=""
    )
    if at is not None and (best >= _CERTAIN or not cleaned):
        return Titled(blocks[at].text.replace("\t", " "), at)
    return Titled(cleaned or head.title, None)


def _likely(block: Block, following: Sequence[Block], whole: str) -> float:
    text = bare(block.text)
    likely = (
        _HEADINGS.get(block.heading, 0.0)
        + _SIGN * is_named(block, "title")
        + _SIGN * block.large
        + _SIGN * any(is_line(b) and not b.is_link for b in following)
        - _SIGN * (is_named(block, "beside") or is_named(block, "site"))
        - _SIGN * (block.text[-1] in "，。；：,:")
        - _SIGN * (len(text) < _SHORTEST)
    )
    cut = whole.rstrip(".…")
    if text in whole or (len(cut) >= 8 and text.startswith(cut)):
        likely += _CERTAIN + min(len(text), 20) / 5
    return likely


def _is_beside(block: Block) -> bool:
    if is_keyed(block):
        return True
    return bool(wording()["words"]["way"].search(block.text)) or leads_elsewhere(block)


def leads_elsewhere(block: Block) -> bool:
    """Whether it is the heading of a list of other articles."""
    text = _BULLETS.sub("", block.text).rstrip("】]:：>»》▼ ")
    return (
        len(text) <= 16
        and wording()["words"]["elsewhere"].fullmatch(text.removesuffix("更多")) is not None
    )


def is_line(block: Block) -> bool:
    """Whether a block says where and when the text was published, not what it says."""
    text = block.text
    if len(text) > 120 or "。" in text:
        return False
    if is_named(block, "line") or re.search(
        rf"(?:{wording()['words']['source'].pattern})\s*[:：]", text
    ):
        return True
    if "，" not in text and any(dates.days(text)):
        return True
    labels = list(wording()["words"]["in_line"].finditer(text))
    return bool(labels) and len(text) <= 16 * len(labels)


@dataclass(frozen=True)
class Parts:
    """The page, parted.

    Attributes:
        text: the main text, in its order; tables of keys before it.
        beside: lines of the rest, but for those that lead to other articles.
        under_title: those of them that stand around the title, those below it first.
        mastheads: those of them that stand above it.
    """

    text: tuple[Block, ...]
    beside: tuple[Block, ...]
    under_title: tuple[Block, ...]
    mastheads: tuple[Block, ...]


def parts_of(blocks: Sequence[Block], titled: Titled) -> Parts:
    """Parts the page."""
    main = _with_lead(_main(blocks), blocks)
    elsewhere = _elsewhere(blocks)
    at = -1 if titled.at is None else titled.at
    opening = next(
        (
            i
            for i, b in enumerate(blocks)
            if i > at and _is_sentence(b) and b.element.is_within(main)
        ),
        len(blocks),
    )
    title = bare(titled.text)
    keys: list[Block] = []
    text: list[Block] = []
    beside: list[Block] = []
    for i, block in enumerate(blocks):
        if i == titled.at or bare(block.text) == title:
            continue
        if (
            is_keyed(block)
            and len(block.text) < LONGEST_LINE
            and not _LINE_WORDS.search(block.text)
        ):
            beside.append(block)
            (text or keys).append(block)
        elif _is_linked(block) and not (
            block.element.is_within(main) and (_ATTACHMENT.search(block.text) or not block.is_link)
        ):
            continue
        elif (
            i < at
            or i in elsewhere
            or not block.element.is_within(main)
            or _is_furniture(block)
            or (i < opening and is_line(block) and not _is_datum(blocks, i))
        ):
            beside.append(block)
        else:
            text.append(block)
    return _parts(blocks, at, opening, (*keys, *text), beside)


def _parts(
    blocks: Sequence[Block], at: int, opening: int, text: tuple[Block, ...], beside: Sequence[Block]
) -> Parts:
    lines = {id(b) for b in beside if len(b.text) < LONGEST_LINE}

    def among(begin: int, end: int) -> list[Block]:
        return [b for b in blocks[max(begin, 0) : max(end, 0)] if id(b) in lines]

    below = among(at + 1, max(at + 5, opening))
    above = among(at - 3, at)
    named = [b for b in among(at + 1, len(blocks)) if is_named(b, "line")]
    return Parts(
        text=text,
        beside=tuple(b for b in beside if id(b) in lines),
        under_title=(*below, *reversed(above), *named),
        mastheads=tuple(b for b in among(0, at if at > 0 else 12) if len(b.text) < 60),
    )


def _is_sentence(block: Block) -> bool:
    return len(block.text) >= 20 and bool(_SENTENCE.search(block.text)) and not is_line(block)


def _is_datum(blocks: Sequence[Block], at: int) -> bool:
    """Whether a block is a row of a table of data, which has others like it above or below."""
    block = blocks[at]
    cells = block.text.count("\t")
    if block.element.tag != "tr" or cells < 2 or re.search("[:：]", block.text):
        return False
    return any(
        b.element.parent is block.element.parent and b.text.count("\t") == cells
        for b in (*blocks[max(at - 1, 0) : at], *blocks[at + 1 : at + 2])
    )


def _is_furniture(block: Block) -> bool:
    """Whether a block belongs to the page rather than to its text: a button, a counter, a footer."""
    if len(block.text) >= LONGEST_LINE:
        return False
    words = wording()["words"]
    text = _BULLETS.sub("", block.text)
    button = words["button"].match(text)
    if button is not None and not re.match(r"\w", text[button.end() :]):
        return True
    if words["not_text"].match(text):
        return True
    return "。" not in text and words["footer"].search(text) is not None


def _is_linked(block: Block) -> bool:
    """Whether it leads to another article; its day is not this page's."""
    return block.is_link or (block.linked >= 4 and block.element.tag in ("li", "tr", "dd"))


_SHORT = 40  # characters of a title in a list, at most


def _elsewhere(blocks: Sequence[Block]) -> frozenset[int]:
    """Numbers of blocks that are, or stand under, the heading of a list of other articles."""
    found: set[int] = set()
    under: Element | None = None
    for i, block in enumerate(blocks):
        if leads_elsewhere(block):
            shared = i + 1 < len(blocks) and blocks[i + 1].element is block.element
            under = block.element if shared or block.element.tag == "td" else block.element.parent
            found.add(i)
        elif under is not None:
            is_short = len(block.text) < _SHORT or "，" not in block.text
            if is_short and block.element.is_within(under):
                found.add(i)
            else:
                under = None
    return frozenset(found)


_MOST = 0.7  # share of a part's running text from which on a part of it is looked into instead
_BESIDE = 0.1  # what text beside the main text counts
_LONG = 400  # characters of a block that count


def _main(blocks: Sequence[Block]) -> Element | None:
    """The part of the page that holds the main text: the innermost with most of the running text."""
    weights: defaultdict[Element, float] = defaultdict(float)
    lines: defaultdict[Element, int] = defaultdict(int)
    inner: defaultdict[Element, dict[Element, None]] = defaultdict(dict)
    beside = wording()["names"]["beside"]
    for block in blocks:
        lines[block.element] += 1
        if not (weight := _weight(block)):
            continue
        way = list(_way_up(block.element))
        for element in way:
            if element.tag in ("nav", "footer", "aside") or beside.search(element.names):
                weight *= _BESIDE
        for element, outer in zip(way, (*way[1:], None), strict=True):
            weights[element] += weight
            if outer is not None:
                inner[outer][element] = None
    if not weights:
        return None
    part = next(reversed(list(_way_up(next(iter(weights))))))
    while inner[part]:
        heaviest = max(inner[part], key=weights.__getitem__)
        is_paragraph = lines[heaviest] == 1 and not inner[heaviest]
        if is_paragraph or weights[heaviest] < _MOST * weights[part]:
            break
        part = heaviest
    return part


_BEFORE_TABLE = 3  # blocks between what leads to a table and its first row, at most


def _with_lead(part: Element | None, blocks: Sequence[Block]) -> Element | None:
    """The part, or where it is a table, what holds it and the sentence that leads to it."""
    first = next((i for i, b in enumerate(blocks) if b.element.is_within(part)), 0)
    if part is None or blocks[first].element.tag != "tr":
        return part
    for block in reversed(blocks[max(first - _BEFORE_TABLE, 0) : first]):
        if _SENTENCE.search(block.text) and _weight(block) and not is_line(block):
            return next((e for e in _way_up(part) if block.element.is_within(e)), part)
    return part


def _way_up(element: Element | None) -> Iterator[Element]:
    while element is not None:
        yield element
        element = element.parent


def _weight(block: Block) -> float:
    """How much running text a block is; rows of a table count half."""
    if block.is_link or _is_furniture(block):
        return 0.0
    marks = bool(_SENTENCE.search(block.text))
    if not marks and block.element.tag != "tr":
        return 0.0
    return min(len(block.text) - block.linked, _LONG) * (1.0 if marks else 0.5)
