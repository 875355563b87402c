"""An article as the decisions read it."""

import re
from dataclasses import dataclass
from typing import Final

from scrapers.monitor.amounts import plain
from scrapers.monitor.shapes import Article

_TEXT: Final = 4000
"""Characters of the text that are read; what a page is about stands at its beginning."""
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Zones:
    """An article's zones as the decisions read them: digits and brackets plain, spaces gone.

    Attributes:
        title, way, text: title; crumbs and source; the paragraphs, a line each.
    """

    title: str
    way: str
    text: str

    @property
    def whole(self) -> str:
        """Title and text."""
        return f"{self.title}\n{self.text}"


def zones(article: Article) -> Zones:
    """The zones of an article, each without spaces, the text cut at some thousand characters."""
    text, room = [], _TEXT
    for paragraph in article.paragraphs:
        line = _SPACE.sub("", plain(paragraph[:room]))
        room -= len(line)
        text.append(line)
        if room <= 0:
            break
    return Zones(
        _SPACE.sub("", plain(article.title[:200])),
        _SPACE.sub("", plain(">".join(article.crumbs)[:200])),
        "\n".join(text),
    )
