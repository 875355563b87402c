"""Obeying robots.txt where several pages of a host are asked for at once."""

import asyncio
from collections import defaultdict

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached


class Robots(RobotsTxtMiddleware):
    """Scrapy's own, but requests for a host whose robots.txt is on its way wait in turn.

    Scrapy 2.19 has them all wait for one Deferred. The first that waits takes its result, the others
    find none, and go where robots may not.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """What robots.txt of the request's host says; None where it cannot be had."""
        async with self._turns[urlparse_cached(request).netloc]:
            return await super().robot_parser(request)
