"""What makes an article of a page where a test is about the crawl: what is marked up as such."""

import os
import re
import time
from datetime import date

from scrapers.monitor.markup import tree
from scrapers.monitor.shapes import Article, Page

_DAY = re.compile(r"发布时间：(\d{4}-\d\d-\d\d)")


def extract(page: Page) -> Article:
    """An article; a page may also make it break."""
    if "<break>" in page.html:
        os._exit(1)
    if "<hang>" in page.html:
        time.sleep(60)
    if "<raise>" in page.html:
        raise RecursionError
    there = tree(page.html)
    title = there.css_first("h1") or there.css_first("title")
    day = _DAY.search(page.html)
    return Article(
        url=page.url,
        title=title.text() if title else "",
        crumbs=(),
        source="",
        published=date.fromisoformat(day[1]) if day else None,
        paragraphs=tuple(node.text() for node in there.css("p")),
    )
