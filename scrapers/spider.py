"""What all crawls have in common: manners towards hosts, bounds against them, and a record of misses.

robots.txt is obeyed, and the spider says who it is. A host is asked for one page at a time, and not
again at once. What a host sends is bounded in time, size and redirects; none of it gets into a log.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from importlib.metadata import version
from typing import Any, Final

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    CloseSpider,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from scrapers.crawl import MOST_PAGES
from scrapers.robots import Robots, RobotsDown

Item = dict[str, Any]
ASKED: Final = "crawl/asked"
ANSWERED: Final = "crawl/answered"
MISSED: Final = "crawl/missed"
"""Keys of the statistics: numbers of pages, and for each missed one its number and the reason."""

_NAME = f"city-credit-index/{version('city-credit-index')}"
_AT_HOME = {"concurrency": 16, "delay": 0.0}
"""This machine itself is asked without manners."""
MANNERS: Final[dict[Any, Any]] = {
    "USER_AGENT": f"{_NAME} (research on city governments; obeys robots.txt)",
    "ROBOTSTXT_OBEY": True,
    "DOWNLOADER_MIDDLEWARES": {RobotsTxtMiddleware: None, Robots: 100},
    "ROBOTSTXT_USER_AGENT": "city-credit-index",
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 1.0,
    "DOWNLOAD_SLOTS": {"127.0.0.1": _AT_HOME, "localhost": _AT_HOME},
    "DOWNLOAD_TIMEOUT": 15,
    "DOWNLOAD_MAXSIZE": 5_000_000,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "RETRY_TIMES": 1,
    "REDIRECT_MAX_TIMES": 5,
    "METAREFRESH_ENABLED": False,
    "DEPTH_LIMIT": 1,
    # It looks at the most that this process ever had, and a child begins with what its parent had;
    # what a crawl holds is bounded by the sizes above.
    "MEMUSAGE_ENABLED": False,
    # A redirect or an address leads to the web and nowhere else.
    "DOWNLOAD_HANDLERS": {"data": None, "file": None, "ftp": None, "s3": None},
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    # Tracebacks and warnings hold addresses and pieces of pages; statistics say what went wrong.
    "LOG_ENABLED": False,
}
"""Settings of Scrapy that every crawl begins with."""


class BoundedSpider(Spider):
    """A spider that asks for the pages it was told of, and gives items of those that answer."""

    custom_settings = MANNERS

    def requests(self) -> Iterable[Request]:
        """The pages to ask for, each made with `ask`."""
        raise NotImplementedError

    def answered(self, response: Response, **told: Any) -> Iterator[Item]:
        """Items of a page; `told` is what `ask` was told of it."""
        raise NotImplementedError

    def missed(self, reason: str, **told: Any) -> Iterator[Item]:  # noqa: ARG002 - for those who need it
        """Items of a page that could not be had: nothing, unless that says something.

        Args:
            reason: `forbidden` (by robots.txt), `robots_down` (that fails), `timed_out`, `not_found` (no
                such host), `status_404` …, `bounded` (too large, redirected too often), `host_down`.
            told: what `ask` was told of the page.
        """
        return iter(())

    async def start(self) -> AsyncIterator[Any]:
        """Ask for all pages."""
        for request in self.requests():
            yield request

    def ask(self, url: str, **told: Any) -> Request:
        """A request for a page.

        Raises:
            CloseSpider: that would be more pages than are allowed.
        """
        number = self._count(ASKED)
        if number > self.settings.getint(MOST_PAGES):
            raise CloseSpider("too_many_pages")
        return Request(
            url,
            self._answered,
            meta={"number": number},
            cb_kwargs=told,
            errback=self._missed,
            dont_filter=True,
        )

    def _answered(self, response: Response, **told: Any) -> Iterator[Item]:
        self._count(ANSWERED)
        yield from self.answered(response, **told)

    def _missed(self, failure: Failure) -> Iterator[Item]:
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        reason = reason_of(failure.value)
        self._stats.setdefault(MISSED, []).append([request.meta["number"], reason])
        yield from self.missed(reason, **request.cb_kwargs)

    @property
    def _stats(self) -> dict[str, Any]:
        stats = self.crawler.stats
        assert stats is not None  # noqa: S101 - there are always statistics while it crawls
        return stats.get_stats()

    def _count(self, key: str) -> int:
        self._stats[key] = self._stats.get(key, 0) + 1
        return int(self._stats[key])


def reason_of(error: BaseException | None) -> str:
    """Why a page could not be had, in the words that `BoundedSpider.missed` is told."""
    match error:
        case HttpError():
            return f"status_{error.response.status}"
        case RobotsDown():
            return "robots_down"
        case IgnoreRequest():
            return "forbidden" if "robots.txt" in str(error) else "bounded"
        case DownloadTimeoutError():
            return "timed_out"
        case CannotResolveHostError():
            return "not_found"
    # Scrapy cancels a download that is too large.
    return "bounded" if "Cancelled" in type(error).__name__ else "host_down"
