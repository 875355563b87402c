"""What keeps a crawl at the hosts that it watches, and off networks that are not public.

A name is looked up, and the address that it has is looked at, each time before a connection is made; so
what a redirect, a changed name or robots.txt leads to is judged as everything else.
"""

from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from scrapers.web.plan import HOSTS
from scrapers.web.stand_in import is_stand_in, proxy

ROBOTS_BYTES: Final = 500_000
"""Of a robots.txt (RFC 9309)."""


class OffLimits(IgnoreRequest):
    """A request leads where this crawl does not go."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ip_address(address)
    return ip.is_global and not ip.is_multicast


class Route:
    """Downloader middleware: watched hosts are asked, the stand-in ones through their proxy; no others.

    Proxies of the environment are not used: what they connect to could not be looked at.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._hosts: dict[str, bool] = crawler.settings.getdict(HOSTS)
        self._proxy = proxy()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Route":
        """As Scrapy makes it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Send a request on its way, or refuse it.

        Raises:
            OffLimits: it goes to no watched host, or the stand-in web is not up.
        """
        url = urlparse_cached(request)
        if url.netloc not in self._hosts:
            raise OffLimits("other_host")
        if url.path == "/robots.txt":
            request.meta["download_maxsize"] = ROBOTS_BYTES
        if is_stand_in(url.netloc):
            if self._proxy is None:
                raise OffLimits("stand_in_down")
            request.meta["proxy"] = self._proxy
            request.meta["autothrottle_dont_adjust_delay"] = True


class PublicResolver(CachingThreadedResolver):
    """Scrapy's own, but only public addresses are given; others where they are allowed."""

    refused: Final[set[str]] = set()
    """Names that are at addresses that are not public."""

    def __init__(
        self, reactor: ReactorBase, cache_size: int, timeout: float, private: set[str]
    ) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._private = private

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> "PublicResolver":
        """As Scrapy makes it."""
        hosts = crawler.settings.getdict(HOSTS)
        private = {host.rpartition(":")[0] or host for host, allowed in hosts.items() if allowed}
        if at_home := proxy():
            private.add(urlsplit(at_home).hostname or "")
        settings = crawler.settings
        return cls(
            reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"), private
        )

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802 - Twisted's
        """The address of a name.

        Raises:
            DNSLookupError: it has none, or one that is not public.
        """
        return super().getHostByName(name, timeout).addCallback(self._judge, name)

    def _judge(self, address: str, name: str) -> str:
        if name not in self._private and not is_public(address):
            self.refused.add(name)
            raise DNSLookupError("not a public address")
        return address


class Throttle(AutoThrottle):
    """Scrapy's own: a slow host is left longer; but never less than its family declares."""

    def _adjust_delay(self, slot: Any, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        key = response.request.meta["download_slot"] if response.request else ""
        declared = self.crawler.engine.downloader.per_slot_settings.get(key, {})
        slot.delay = max(slot.delay, declared.get("delay", 0.0))
