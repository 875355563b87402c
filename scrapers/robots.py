"""Obeying robots.txt as RFC 9309 has it, where several pages of a host are asked for at once."""

import asyncio
from collections import defaultdict
from typing import Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler, load_object

LONGEST: Final = "longest_delay"
"""Setting of a download slot: seconds that robots.txt may ask for between two pages."""

_LONGEST = 30.0
"""The same where a slot does not say."""


class RobotsDown(IgnoreRequest):
    """A host fails where its robots.txt is; the message is the status."""


class Robots(RobotsTxtMiddleware):
    """Scrapy's own, but what cannot be known is forbidden, and `Crawl-delay` is kept.

    A robots.txt that is not there (4xx) forbids nothing. One that fails (5xx), or cannot be reached, is
    like one that forbids everything: each request for its host fails as it did, until the next crawl.

    Requests for a host whose robots.txt is on its way wait in turn. Scrapy 2.19 has them all wait for one
    Deferred. The first that waits takes its result, the others find none, and go where robots may not.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._said: dict[str, RobotParser | Exception | None] = {}
        self._make = load_object(crawler.settings["ROBOTSTXT_PARSER"])

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """What robots.txt of the request's host says; None where it leads elsewhere.

        Raises:
            RobotsDown: it was answered with 5xx.
            Exception: why it could not be reached, as any page of the host may fail.
        """
        host = urlparse_cached(request).netloc
        async with self._turns[host]:
            if host not in self._said:
                self._said[host] = await self._ask(request)
        said = self._said[host]
        if isinstance(said, Exception):
            raise said.with_traceback(None)
        return said

    async def _ask(self, request: Request) -> RobotParser | Exception | None:
        url = urlparse_cached(request)
        asked = Request(
            f"{url.scheme}://{url.netloc}/robots.txt",
            NO_CALLBACK,
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True},
        )
        assert self.crawler.engine is not None  # noqa: S101 - it is crawling
        try:
            answer = await self.crawler.engine.download_async(asked)
        except IgnoreRequest:
            return None
        except Exception as error:
            return error
        if answer.status >= 500:
            return RobotsDown(f"status_{answer.status}")
        body = b"" if answer.status >= 400 else answer.body
        rules: RobotParser = build_from_crawler(self._make, self.crawler, body)
        self._slow_down(asked, rules)
        return rules

    def _slow_down(self, asked: Request, rules: RobotParser) -> None:
        """Leave a host as long alone as it asks for, within a bound."""
        delay = rules.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"])
        if delay is None:
            return
        assert self.crawler.engine is not None  # noqa: S101 - it is crawling
        downloader = self.crawler.engine.downloader
        key = downloader.get_slot_key(asked)
        declared = downloader.per_slot_settings.setdefault(key, {})
        least = declared.get("delay", self.crawler.settings.getfloat("DOWNLOAD_DELAY"))
        declared["delay"] = max(least, min(delay, declared.get(LONGEST, _LONGEST)))
        declared["jitter"] = 0.0
        # A slot that has rested for a minute is made anew, from what is declared of it.
        if slot := downloader.slots.get(key):
            slot.delay, slot.jitter = max(slot.delay, declared["delay"]), 0.0
