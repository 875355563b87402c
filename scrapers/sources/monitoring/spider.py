"""The prober: asks each city's sites once whether they answer, and gives lines of a probe log."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response

from scrapers.crawl import Limits
from scrapers.spider import BoundedSpider, Item

NAME = "scrapers.sources.monitoring.spider:Prober"


def limits(cities: int, sites: int) -> Limits:
    """What probing so many cities may take.

    Sites that are down are what it is there to find; but where nearly all are, or their names cannot be
    resolved, the fault is on this side, and no log is written.
    """
    return Limits(seconds=3600.0, pages=cities * sites, items=cities, missed=0.8, forbidden=0.5)


class Prober(BoundedSpider):
    """Probes sites once each.

    A site has answered if it has said in time, after redirects and one retry, that all is well: with a
    status from 200 to 399. What it says beyond that is not read. A site that forbids robots has no line.
    """

    name = "prober"

    def __init__(self, at: str, probes: Sequence[tuple[str, str, str]], **arguments: Any) -> None:
        """Probe.

        Args:
            at: the moment, `YYYY-MM-DDTHH:MM`, Asia/Shanghai: the same for all, as one round of probes.
            probes: city_code, site and URL of each.
            arguments: as any spider has them.
        """
        super().__init__(**arguments)
        self._at, self._probes = at, probes

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **arguments: Any) -> "Prober":
        """As any spider, but it reads no further than the head of an answer."""
        spider = super().from_crawler(crawler, *args, **arguments)
        crawler.signals.connect(spider.enough, signal=signals.headers_received)
        return spider

    def requests(self) -> Iterable[Request]:
        """One request for each probe."""
        for city_code, site, url in self._probes:
            yield self.ask(url, city_code=city_code, site=site)

    def enough(self, request: Request) -> None:
        """Stop reading an answer; robots.txt is read."""
        if "number" in request.meta:
            raise StopDownload(fail=False)

    def answered(self, response: Response, **told: Any) -> Iterator[Item]:  # noqa: ARG002
        """A line that says so."""
        yield self._line(1, **told)

    def missed(self, reason: str, **told: Any) -> Iterator[Item]:
        """A line that says so; a status in the three hundreds that leads nowhere is an answer."""
        if reason != "forbidden":
            yield self._line(int(reason.startswith("status_3")), **told)

    def _line(self, answered: int, **told: Any) -> Item:
        return {**told, "at": self._at, "answered": answered}
