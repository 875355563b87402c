"""The spider that fetches pages which print rankings, and reads them. Pages themselves are not kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from scrapy import Request
from scrapy.http import Response
from w3lib.encoding import http_content_type_encoding

from scrapers.crawl import Limits
from scrapers.sources.published_rankings.lists import NotARanking
from scrapers.sources.published_rankings.page import Page, read
from scrapers.spider import BoundedSpider, Item

NAME = "scrapers.sources.published_rankings.spider:Reader"


def limits(pages: int) -> Limits:
    """What so many pages may take. All of them must be had: each was asked for by its address."""
    return Limits(seconds=60.0 + 40.0 * pages, pages=pages, items=pages, forbidden=0.0)


class Reader(BoundedSpider):
    """Reads pages.

    Items: for each page its `number` from 0, `rows` (with the columns `PRINTED`), the `month` named on
    it, and `notes` on what is odd; no rows where it prints no ranking.
    """

    name = "published_rankings"

    def __init__(self, addresses: Sequence[str], **arguments: Any) -> None:
        """Addresses of the pages."""
        super().__init__(**arguments)
        self._addresses = addresses

    def requests(self) -> Iterable[Request]:
        """One request for each page."""
        for number, address in enumerate(self._addresses):
            yield self.ask(address, number=number)

    def answered(self, response: Response, **told: Any) -> Iterator[Item]:
        """What a page prints."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        charset = http_content_type_encoding(content_type) or ""
        try:
            page = read(response.body, charset)
        except NotARanking:
            page = Page.blank()
        yield {
            "number": told["number"],
            "rows": page.rows.to_dicts(),
            "month": page.month,
            "notes": [asdict(note) for note in page.notes],
        }
