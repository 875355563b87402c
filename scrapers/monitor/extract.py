"""From a page to its article: title, way, source, day and main text, people left out."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from scrapers.monitor import dates, layout, markup, parts
from scrapers.monitor.head import Head, head_of
from scrapers.monitor.layout import Block, wording
from scrapers.monitor.people import leave_out
from scrapers.monitor.shapes import Article, Page

LONGEST: Final = 100_000
"""Characters of main text that are kept."""


def extract(page: Page) -> Article:
    """What a page says, in its own words but for people; an empty article where nothing can be read.

    Nothing that a page holds makes it fail, and whatever it holds is text, never an instruction. Of a
    page the first `markup.LIMIT` characters and `layout.MOST` blocks are read. Traditional characters
    become simplified ones.
    """
    tree = markup.tree(markup.simplified(page.html))
    head = head_of(tree)
    blocks = layout.blocks_of(tree)
    titled = parts.title_of(blocks, head, page.site.name)
    parted = parts.parts_of(blocks, titled)
    text = tuple(_kept(parted.text))
    source = head.source or _source(parted.beside)
    crumbs = tuple(_crumbs(blocks, head, (titled.text, page.site.name)))
    day = dates.published(
        dates.Shown(
            url=page.url
            if any("，" in paragraph or "。" in paragraph for paragraph in text)
            else "",
            metadata=head.days,
            lines=[block.text for block in parted.beside],
            under_title=[block.text for block in parted.under_title],
            mastheads=[block.text for block in parted.mastheads],
            body=text,
        ),
        latest=dates.retrieval_day(page.retrieved),
    )
    kept, persons = leave_out((titled.text, source, *crumbs, *text))
    return Article(
        url=page.url,
        title=kept[0],
        crumbs=tuple(kept[2 : 2 + len(crumbs)]),
        source=kept[1],
        published=day,
        paragraphs=tuple(kept[2 + len(crumbs) :]),
        persons=persons,
    )


def _kept(blocks: Sequence[Block]) -> Iterator[str]:
    room = LONGEST
    for block in blocks:
        if room <= 0:
            return
        yield block.text[:room]
        room -= len(block.text)


_STEP = re.compile(r"\s*(?:[>＞»→》›/\\|\t]|-{1,2}>?|::|(?<=\s)[:：](?=\s)|—+)+\s*")
_EDITION = re.compile(r"^第?\s*[A-Z0-9０-９]{1,5}\s*版\s*[:：]\s*(\S{2,12})$")
_LONGEST_STEP = 30  # characters
_LONGEST_WAY = 200


def _crumbs(blocks: Sequence[Block], head: Head, no_channels: Sequence[str]) -> Iterator[str]:
    """Channels that the way to the page, a paper's edition and the head name, each once."""
    steps = [*_way(blocks)]
    steps += [edition[1] for block in blocks[:80] if (edition := _EDITION.match(block.text))]
    steps += parts.title_parts(head.title)[1:-1]
    steps.append(head.channel)
    known = {parts.bare(name) for name in no_channels}
    for step in steps:
        name = step.strip(" \u3000:：[]【】·")
        if (
            0 < len(name) <= _LONGEST_STEP
            and parts.bare(name) not in known
            and not wording()["words"]["no_step"].fullmatch(name)
            and not re.search(r"\d{4}", name)
        ):
            known.add(parts.bare(name))
            yield name


def _way(blocks: Sequence[Block]) -> list[str]:
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        if len(block.text) <= _LONGEST_WAY and (
            match := wording()["words"]["way"].search(block.text)
        ):
            way = block.text[match.end() :] or (following.text if following else "")
            return _STEP.split(way[:_LONGEST_WAY])
    return []


_BEFORE_DAY = re.compile(r"^([\u4e00-\u9fff]{2,20})[\s\u3000]*(?:发布|发表|刊发)于")
_NEXT_LABEL = re.compile(
    r"发布(?:时间|日期|于)|时间[:：]|日期[:：]|浏览|点击|阅读|访问|字体|字号|打印|作者|编辑"
)


def _source(lines: Sequence[Block]) -> str:
    labels = wording()["words"]["source"].pattern
    labelled = re.compile(
        rf"(?:{labels})[\s\]】]*[:：｜|\t][\s\u3000]*([^\s\u3000】\]│｜|)）]{{1,40}})"
    )
    for pattern in (labelled, _BEFORE_DAY):
        for line in lines:
            if match := pattern.search(line.text):
                return _NEXT_LABEL.split(match[1])[0].strip("：: ")
    return ""
