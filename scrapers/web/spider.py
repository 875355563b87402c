"""The spider of watched sites: asks for what waits, and remembers what came of it.

Each site has a lane of its own: a few pages on their way, the next when one is done. A lane ends when
nothing waits, and stops when its bounds are reached; what happens in one does nothing to the others.
The spider never looks into a page.
"""

import asyncio
import hashlib
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure
from w3lib.encoding import http_content_type_encoding

from scrapers.declaration import CLOCK
from scrapers.monitor.shapes import Site
from scrapers.spider import MANNERS, reason_of
from scrapers.web.address import path_of, url_of
from scrapers.web.family import Family, parse
from scrapers.web.guard import OffLimits, PublicResolver, Route, Throttle
from scrapers.web.links import Unreadable
from scrapers.web.looker import Looker, LookerBrokenError
from scrapers.web.partition import shard
from scrapers.web.plan import AT_HOME
from scrapers.web.seen import Address, Had, Put, Round, Seen, memory_of
from scrapers.web.stand_in import is_stand_in

CHECKS: Final = 3
"""Known articles that are asked for again where a site seems to have become another one."""

_PATIENCE = 5
"""Failures of a host, one after another, after which it is left alone until the next crawl."""
_LOOKERS = 2
"""Processes that look into pages; that takes as long as two or three downloads."""
_BEHIND = 16
"""Pages that each of them may be behind; until they catch up no other page is asked for."""
_AT_ONCE = 200
"""Waiting pages that a lane holds."""
_FAILURES = re.compile(r"host_down|timed_out|not_found|not_public|status_(429|5..)")
_GONE = ("gone", "status_404", "status_410")
"""Why an article that was had before is there no more."""
_LOGIN = re.compile(r"(?i)log-?in|sign-?in|passport|\bsso\b|\bcas\b|denglu")
_ALONE = ("front", "check", "probe")
"""Kinds of page that must be had before others are asked for."""


@dataclass(eq=False)
class _Lane:
    """One site's crawl."""

    site: Site
    family: Family
    round: Round
    seen: Seen
    day: str
    concurrency: int
    until: float
    like: str | None
    pages: int
    ready: deque[Address] = field(default_factory=deque)
    flying: dict[int, Address] = field(default_factory=dict)
    failures: int = 0
    checked: int = 0
    gone: int = 0
    over: bool = False


class Unhurried:
    """Downloader middleware: pages wait until those that came before have been looked into.

    What has come and not been looked into is lost when the crawl is killed, and asked for twice.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Unhurried":
        """As Scrapy makes it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:  # noqa: ARG002 - as Scrapy calls it
        """Let a request go on when there is room for what it brings."""
        assert isinstance(self._crawler.spider, Monitor)  # noqa: S101 - its own middleware
        await self._crawler.spider.room.wait()


class Monitor(Spider):
    """Crawls watched sites; what it finds is in the memory of their shards."""

    name = "monitor"
    custom_settings = {
        key: value
        for key, value in MANNERS.items()
        if key not in ("DOWNLOAD_SLOTS", "CONCURRENT_REQUESTS", "DEPTH_LIMIT")
    } | {
        "DOWNLOADER_MIDDLEWARES": MANNERS["DOWNLOADER_MIDDLEWARES"]
        | {
            Route: 50,
            Unhurried: 60,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
            "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
        },
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
            "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
            "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
        },
        "EXTENSIONS": {
            Throttle: 0,
            "scrapy.extensions.throttle.AutoThrottle": None,
            "scrapy.extensions.logstats.LogStats": None,
        },
        "AUTOTHROTTLE_ENABLED": True,
        "CONCURRENT_ITEMS": 1,  # there are none; and Scrapy begins as many tasks for each page
        "DOWNLOAD_DELAY": 0.0,  # each host has its own
        "CONCURRENT_REQUESTS_PER_DOMAIN": AT_HOME,
    }

    def __init__(
        self,
        sites: Sequence[tuple[Mapping[str, Any], str]],
        families: Mapping[str, Any],
        state: str,
        until: str,
        extract: str,
        **arguments: Any,
    ) -> None:
        """Crawl.

        Args:
            sites: fields of each, and the name of its family.
            families: by name, as `dataclasses.asdict` gives them.
            state: folder of what is remembered.
            until: the day that the crawl is for, ISO.
            extract: module and function that makes an article of a page.
            arguments: as any spider has them.
        """
        super().__init__(**arguments)
        self._families = {name: parse(name, raw) for name, raw in families.items()}
        self._sites = [(Site(**fields), self._families[name]) for fields, name in sites]
        self._state, self._until = Path(state), until
        self._lookers = [Looker(self._families, extract) for _ in range(_LOOKERS)]
        self._memories: dict[int, Seen] = {}
        self.room = asyncio.Event()
        self.room.set()

    async def start(self) -> AsyncIterator[Any]:
        """Open every lane."""
        for looker in self._lookers:
            looker.begin()
        for site, family in self._sites:
            for request in self._next(self._open(site, family)):
                yield request

    async def closed(self, reason: str) -> None:  # noqa: ARG002 - as Scrapy calls it
        """End what was begun."""
        for looker in self._lookers:
            await looker.close()
        for memory in self._memories.values():
            memory.close()

    def _open(self, site: Site, family: Family) -> _Lane:
        number = shard(site.host)
        if number not in self._memories:
            self._memories[number] = Seen(memory_of(self._state, number))
        seen = self._memories[number]
        at = seen.begin(site.site_id, self._until, _starts(site, family))
        today = datetime.now(CLOCK).date().isoformat()
        return _Lane(
            site, family, at, seen, min(self._until, today),
            concurrency=AT_HOME if is_stand_in(site.host) else family.polite.concurrency,
            until=time.monotonic() + family.bounds.seconds,
            like=at.like, pages=at.pages, over=at.done,
        )  # fmt: skip

    def _next(self, lane: _Lane) -> Iterator[Request]:
        """What a lane asks for now."""
        while not lane.over and len(lane.flying) < lane.concurrency:
            page = self._turn(lane)
            if page is None:
                return
            lane.flying[page.id] = page
            yield self._request(lane, page)

    def _turn(self, lane: _Lane) -> Address | None:
        """The page whose turn it is; None where none may be asked for now."""
        if any(page.kind in _ALONE for page in lane.flying.values()):
            return None
        if not lane.ready:
            waiting = lane.seen.waiting(lane.site.site_id, _AT_ONCE + len(lane.flying))
            lane.ready.extend(page for page in waiting if page.id not in lane.flying)
        more_checks = bool(lane.ready) and lane.ready[0].kind == "check"
        if lane.checked and lane.gone == lane.checked and not more_checks:
            return self._leave(lane, lane.seen.give_up, "became_another")
        if lane.failures >= _PATIENCE:
            return None if lane.flying else self._leave(lane, lane.seen.give_up, "host_down")
        if not lane.ready:
            return None if lane.flying else self._leave(lane, lane.seen.end, lane.day)
        if why := self._bound(lane):
            return None if lane.flying else self._leave(lane, lane.seen.stop, why)
        if lane.ready[0].kind in _ALONE and lane.flying:
            return None
        return lane.ready.popleft()

    @staticmethod
    def _leave(lane: _Lane, how: Any, what: str) -> None:
        with lane.seen.together():
            how(lane.site.site_id, what)
        lane.over = True

    @staticmethod
    def _bound(lane: _Lane) -> str | None:
        """Which bound a lane has reached."""
        bounds = lane.family.bounds
        if lane.pages >= bounds.pages:
            return "too_many_pages"
        if time.monotonic() >= lane.until:
            return "too_long"
        welcome = is_stand_in(lane.site.host) or lane.family.polite.welcome(
            datetime.now(CLOCK).time()
        )
        return None if welcome else "off_hours"

    def _request(self, lane: _Lane, page: Address) -> Request:
        bounds = lane.family.bounds
        headers = {}
        # A list that leads to others is asked for whole: they may have changed where it has not. So is
        # an article that was gone: it has to be archived again if it has come back.
        if (
            page.kind == "front"
            or (page.kind == "list" and lane.round.complete and not page.leads)
            or (page.known and page.gone is None)
        ):
            if page.etag:
                headers["If-None-Match"] = page.etag
            if page.modified:
                headers["If-Modified-Since"] = page.modified
        return Request(
            url_of(page.path, lane.site.host, lane.family),
            self._answered,
            errback=self._failed,
            headers=headers,
            cb_kwargs={"lane": lane, "page": page},
            meta={
                "download_timeout": bounds.wait,
                "download_maxsize": bounds.bytes,
                "redirect_ttl": bounds.redirects,
                "handle_httpstatus_list": [304] if headers else [],
            },
            dont_filter=True,
        )

    async def _answered(
        self, response: Response, lane: _Lane, page: Address
    ) -> AsyncIterator[Request]:
        try:
            await self._take(lane, page, response)
        except Unreadable:
            self._miss(lane, page, "unreadable")
        except LookerBrokenError:
            raise CloseSpider("looker_broken") from None
        except Exception as error:
            # A fault of ours with one site; its page waits, and the others go on.
            self._leave(lane, lane.seen.stop, f"error {type(error).__name__}")
        lane.failures = 0
        for request in self._done(lane, page):
            yield request

    def _failed(self, failure: Failure) -> Iterator[Request]:
        told = failure.request.cb_kwargs  # type: ignore[attr-defined]  # Scrapy puts it there
        lane, page = told["lane"], told["page"]
        reason = _why(failure.value, lane.site.host)
        lane.failures = lane.failures + 1 if _FAILURES.fullmatch(reason) else 0
        if reason == "robots_down":
            self._leave(lane, lane.seen.give_up, f"{reason} {failure.value}")
        elif page.kind == "probe":
            with lane.seen.together():  # that it is not there is what it is asked for
                lane.seen.had(page)
        else:
            self._miss(lane, page, reason)
        yield from self._done(lane, page)

    def _done(self, lane: _Lane, page: Address) -> Iterator[Request]:
        del lane.flying[page.id]
        lane.pages += 1
        yield from self._next(lane)

    @staticmethod
    def _miss(lane: _Lane, page: Address, reason: str) -> None:
        if page.kind == "check":
            lane.checked += 1
            lane.gone += 1
        with lane.seen.together():
            if page.known and reason in _GONE:
                lane.seen.gone(page, lane.day)
                if page.gone is None:
                    status = int(reason.rpartition("_")[2]) if reason != "gone" else 200
                    lane.seen.keep(_kept(lane, page, status))
            else:
                lane.seen.missed(page, reason)
            lane.seen.asked(page, lane.day)

    async def _take(self, lane: _Lane, page: Address, response: Response) -> None:
        """Remember what a page brings.

        Raises:
            Unreadable: it is not what it should be.
            LookerBrokenError: there is nobody to look into it.
        """
        match page.kind:
            case "front":
                await self._take_front(lane, page, response)
            case "check":
                await self._take_check(lane, page, response)
            case "probe":
                found = await self._look(lane, page, response)
                lane.like = found["like"]
                with lane.seen.together():
                    lane.seen.had(page, Had("answers_all", text=lane.like))
            case "counter":
                found = await self._look(lane, page, response, address=page.path)
                with lane.seen.together():
                    lane.seen.count(lane.site.site_id, lane.round.number, found["counted"])
                    lane.seen.had(page)
            case "list":
                await self._take_list(lane, page, response)
            case "article":
                await self._take_article(lane, page, response)

    async def _take_front(self, lane: _Lane, page: Address, response: Response) -> None:
        seen, site_id = lane.seen, lane.site.site_id
        if response.status == 304:
            with seen.together():
                seen.had(page)
                self._ask_again(lane)
            return
        found = await self._look(lane, page, response)
        as_named = _bare(lane.site.name) in _bare(found["title"])
        with seen.together():
            if as_named:
                seen.named(site_id, found["title"])
                seen.had(page, _conditions(response))
                self._ask_again(lane)
                return
            seen.had(page, Had("other_name", etag="", modified=""))
            if lane.round.title is not None:
                checks = [Put("check", path) for path in seen.samples(site_id, CHECKS)]
                seen.put(site_id, lane.round.number, checks)
                lane.ready.clear()

    @staticmethod
    def _ask_again(lane: _Lane) -> None:
        """Have known articles asked for again, of a site that still is what it was."""
        lane.seen.again(lane.site.site_id, lane.round.number, lane.day, lane.family.again)
        lane.ready.clear()

    async def _take_check(self, lane: _Lane, page: Address, response: Response) -> None:
        found = await self._look(lane, page, response)
        if not lane.seen.known(lane.site.site_id, "text", found["text"]):
            self._miss(lane, page, "gone")
            return
        lane.checked += 1
        with lane.seen.together():
            lane.seen.had(page)

    async def _take_list(self, lane: _Lane, page: Address, response: Response) -> None:
        if response.status == 304:
            with lane.seen.together():
                lane.seen.had(page)
            return
        told = {
            "listing": page.listing,
            "start": page.start,
            "number": page.number,
            "path": page.path,
        }
        found = await self._look(lane, page, response, **told)
        site_id, this, complete = lane.site.site_id, lane.round.number, lane.round.complete
        articles: list[tuple[str, str | None]] = found["articles"]
        names = _hash("\n".join(path for path, _ in articles).encode())
        with lane.seen.together():
            new = lane.seen.put(site_id, this, [Put("article", path) for path, _ in articles])
            known = complete is not None and not new
            old = known and all(day is None or day < str(complete) for _, day in articles)
            below = Put("list", "", page.listing, page.start, depth=page.depth + 1)
            further = [
                replace(below, path=path, start=path, stamp=stamp) for path, stamp in found["lists"]
            ]
            if found["next"] and not old and names != page.before:
                number = page.number + 1
                further.append(replace(below, path=found["next"], number=number, before=names))
            if page.depth < lane.family.bounds.depth:
                lane.seen.put(site_id, this, further)
            lane.seen.had(
                page,
                replace(_conditions(response), links=len(articles), leads=bool(found["lists"])),
            )

    async def _take_article(self, lane: _Lane, page: Address, response: Response) -> None:
        path = path_of(response.url, response.url, lane.site.host, lane.family) or ""
        if not re.fullmatch(lane.family.article, path):
            self._miss(lane, page, "login" if _LOGIN.search(path) else "moved")
            return
        raw = _hash(response.body)
        if response.status == 304 or (raw == page.raw and page.gone is None):
            self._had_article(lane, page, Had())
            return
        if lane.seen.known(lane.site.site_id, "raw", raw, page):
            self._had_article(lane, page, Had("duplicate", raw=raw))
            return
        kept = _kept(lane, page, response.status)
        found = await self._look(lane, page, response, retrieved=kept["retrieved"])
        if wrong := _wrong(lane, page, found):
            self._miss(lane, page, wrong)
            return
        kept |= {"encoding": _declared(response), "raw_sha256": raw, "content": found["article"]}
        parts = {part: found[part] for part in ("text", "title", "date", "words")}
        self._had_article(lane, page, replace(_conditions(response), raw=raw, **parts), kept)

    @staticmethod
    def _had_article(
        lane: _Lane, page: Address, what: Had, kept: Mapping[str, Any] | None = None
    ) -> None:
        """Remember an article; archive it where it says what it did not say before."""
        seen = lane.seen
        with seen.together():
            if kept is not None and seen.known(lane.site.site_id, "text", str(what.text), page):
                what = Had("duplicate", raw=what.raw)
            elif kept is not None and (what.text != page.text or page.gone is not None):
                seen.keep(kept)
            seen.had(page, what)
            seen.asked(page, lane.day)

    async def _look(
        self, lane: _Lane, page: Address, response: Response, **told: Any
    ) -> dict[str, Any]:
        about = {
            "kind": page.kind,
            "family": lane.family.name,
            "site": vars(lane.site),
            "url": url_of(page.path, lane.site.host, lane.family),
            "declared": _declared(response),
            "retrieved": "",
            "alike": page.kind == "probe" or lane.like is not None,
        }
        looker = min(self._lookers, key=lambda one: one.waiting)
        if looker.waiting >= _BEHIND:
            self.room.clear()
        try:
            return await looker.look(about | told, response.body)
        finally:
            if looker.waiting < _BEHIND:
                self.room.set()


def _starts(site: Site, family: Family) -> Iterator[Put]:
    """What a round of a site begins with."""
    yield Put("front", "/")
    token = hashlib.sha256(site.site_id.encode()).hexdigest()[:16]
    yield Put("probe", f"/{token}/{token}.html")
    for address in dict.fromkeys(counter.address for counter in family.counter):
        yield Put("counter", address)
    for number, listing in enumerate(family.listing):
        for start in listing.start:
            yield Put("list", start, listing=number, start=start)


def _why(error: BaseException | None, host: str) -> str:
    match error:
        case OffLimits():
            return str(error)
        case asyncio.CancelledError():
            return "bounded"
    reason = reason_of(error)
    if reason == "not_found" and host.partition(":")[0] in PublicResolver.refused:
        return "not_public"
    return reason


def _kept(lane: _Lane, page: Address, status: int) -> dict[str, Any]:
    """A row of the archive, as yet without an article."""
    return {
        "site_id": lane.site.site_id,
        "url": url_of(page.path, lane.site.host, lane.family),
        "retrieved": datetime.now(UTC).isoformat(timespec="seconds"),
        "status": status,
        "encoding": None,
        "raw_sha256": "",
        "content": "{}",
    }


def _wrong(lane: _Lane, page: Address, found: Mapping[str, Any]) -> str:
    """Why a page is no article, or none that may take the place of what it was; "" where it is."""
    if found["wrong"]:
        return str(found["wrong"])
    if found["like"] and found["like"] == lane.like:
        return "gone"
    return "emptied" if page.words and not found["words"] else ""


def _conditions(response: Response) -> Had:
    """With what a page can be asked for again."""
    return Had(
        etag=(response.headers.get("ETag") or b"").decode("latin-1"),
        modified=(response.headers.get("Last-Modified") or b"").decode("latin-1"),
    )


def _declared(response: Response) -> str | None:
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return http_content_type_encoding(content_type)


def _bare(text: str) -> str:
    return "".join(text.split())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
