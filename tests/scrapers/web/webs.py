"""A small web on loopback: whole sites of the declared families, asked through it as through a proxy."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from scrapers.fetch import SANDBOX
from scrapers.monitor.shapes import Site
from scrapers.web.sites import Watched
from tests.scrapers.loopback import Answer, Host, Request, answer, host

NEWEST = date(2019, 6, 28)
TEXT = "市市场监督管理局公布一批行政处罚案件，涉案企业已被依法处理，有关情况通报如下。" * 4

Pages = Callable[[Request], Answer | None]


@dataclass
class Web:
    """Sites by host; each says what it answers to a request, None being a 404."""

    sites: dict[str, Pages] = field(default_factory=dict)
    there: Host | None = None

    def asked(self, name: str) -> list[str]:
        """Paths, with queries, that a site was asked for, robots.txt left out, in their order."""
        assert self.there is not None
        found = []
        for request in self.there.asked:
            if request.headers["Host"] == name and request.path != "/robots.txt":
                query = "&".join(f"{key}={value}" for key, value in request.query.items())
                found.append(f"{request.path}?{query}" if query else request.path)
        return found

    def forget(self) -> None:
        """Forget what was asked."""
        assert self.there is not None
        self.there.asked.clear()


PLAIN = "tests.scrapers.web.plain:extract"
"""What makes articles in tests of the crawl."""
ROOT = Path(__file__).parents[3]


@contextmanager
def web(patch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Have a web up, as the stand-in web of this process and those that it begins."""
    found = Web()

    def answered(request: Request) -> Answer:
        pages = found.sites.get(request.headers["Host"])
        said = pages(request) if pages else None
        return answer(404) if said is None else said

    with host(answered) as there:
        found.there = there
        patch.setenv(SANDBOX, there.url)
        patch.setenv("PYTHONPATH", str(ROOT))  # of the processes of the crawl
        yield found


def watch(site_id: str, family: str = "portal_static", host: str = "") -> Watched:
    """A site of a family, in the stand-in web unless it is told to be elsewhere."""
    host = host or f"www.{site_id}.example"
    return Watched(Site(site_id, "杭州", "government", "330100", True, host), family)


def page(title: str, body: str) -> bytes:
    """A page in UTF-8."""
    head = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body>{body}</body></html>".encode()


def html(title: str, body: str, **headers: object) -> bytes:
    """An answer with a page."""
    return answer(200, page(title, body), **({"Content_Type": "text/html"} | headers))


def article(number: int, day: date, site: str = "杭州") -> bytes:
    """An answer with an article; each has its own text."""
    return html(
        f"第{number}号通报_{site}",
        f"<h1>第{number}号通报</h1><p>发布时间：{day} 来源：{site}</p>"
        f'<div class="content"><p>第{number}批。{TEXT}</p></div>',
    )


@dataclass
class Portal:
    """A site of the family `portal_static`, of which any page can be changed.

    Attributes:
        many: articles of its one channel that has some.
        each: articles of a list page.
        changed: answers of paths that are not as usual.
        etags: whether lists say that they have not changed.
    """

    name: str = "杭州"
    many: int = 12
    each: int = 5
    changed: dict[str, Answer | Callable[[], Answer]] = field(default_factory=dict)
    etags: bool = False

    def day(self, number: int) -> date:
        """Of an article: the highest number is the newest."""
        return NEWEST - timedelta(days=30 - number)

    def path(self, number: int) -> str:
        """Of an article."""
        day = self.day(number)
        return f"/xwzx/{day:%Y%m}/t{day:%Y%m%d}_{number}.html"

    def __call__(self, request: Request) -> Answer | None:
        """What it answers."""
        if request.path in self.changed:
            changed = self.changed[request.path]
            return changed() if callable(changed) else changed
        if request.path == "/":
            return html(f"{self.name}人民政府", "首页")
        for channel in ("zwgk", "xyjs", "tzgg"):
            if request.path == f"/{channel}/index.html":
                return html("列表", self.list([self.many], 1, 0))
        pages = -(-self.many // self.each)
        for number in range(pages):
            name = "index.html" if number == 0 else f"index_{number}.html"
            if request.path == f"/xwzx/{name}":
                newest = self.many - number * self.each
                numbers = list(range(newest, max(newest - self.each, 0), -1))
                tag = f'"{self.many}-{number}"'
                if self.etags and request.headers.get("If-None-Match") == tag:
                    return answer(304)
                tagged = {"ETag": tag} if self.etags else {}
                return html("列表", self.list(numbers, pages, number), **tagged)
        for number in range(1, self.many + 1):
            if request.path == self.path(number):
                return article(number, self.day(number), self.name)
        return None

    def list(self, numbers: "list[int]", pages: int, this: int) -> str:
        """The body of a list page."""
        rows = "".join(
            f'<li><a href="{self.path(number)}">第{number}号通报</a><span>{self.day(number)}</span></li>'
            for number in numbers
        )
        return (
            f'<script>createPageHTML({pages}, {this}, "index", "html");</script>'
            f'<ul class="list">{rows}</ul>'
        )


def fixed(pages: Mapping[str, bytes]) -> Pages:
    """A site of so many pages."""

    def answered(request: Request) -> Answer | None:
        query = "&".join(f"{key}={value}" for key, value in request.query.items())
        return pages.get(f"{request.path}?{query}" if query else request.path)

    return answered
