"""The crawl of a web on loopback, against a bare Scrapy spider that only downloads the same pages.

The crawl obeys robots.txt, finds every page by lists, looks into each in a process of its own, remembers
all of it in a file that survives a kill, archives articles and judges each site. The bare spider is told
every address beforehand and throws pages away. Both have as many pages on their way, and share two cores
with the server. Reading is measured apart, so the crawl is timed without and with it.
"""

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import scrapy

from bench.alone import alone
from scrapers.fetch import SANDBOX
from scrapers.monitor.shapes import Site
from scrapers.web.archive import articles
from scrapers.web.family import families
from scrapers.web.looking import EXTRACT
from scrapers.web.partition import SHARDS, partition
from scrapers.web.plan import AT_HOME, plan
from scrapers.web.run import crawl_sites
from scrapers.web.sites import Watched, watched

HOSTS, ARTICLES, LIST = 16, 250, 25
DECLARED = 10_000
UNTIL = date(2019, 6, 30)
UNREAD = "bench.unread:extract"
_CHANNELS = ("xwzx", "zwgk", "xyjs", "tzgg")
_SENTENCES = (
    "近日，市市场监督管理局在专项检查中发现，某食品有限公司生产的三批次糕点菌落总数不符合食品安全国家标准。",
    "执法人员依法对该公司立案调查，责令其停止生产，召回已经售出的产品，并处罚款十二万元。",
    "该公司负责人表示将认真整改，完善进货查验和出厂检验记录制度，主动接受社会监督。",
    "市信用办有关负责人介绍，处罚信息已经归集到市公共信用信息平台，并依法在信用网站公示。",
    "下一步，全市将持续开展失信专项治理，对屡罚屡犯的市场主体实施联合惩戒，营造诚实守信的市场环境。",
)


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    with served() as url:
        os.environ[SANDBOX] = url
        bare, _ = alone(_bare, times=2)
        crawl, _ = alone(partial(_crawl, UNREAD), times=2)
        reading, _ = alone(partial(_crawl, EXTRACT), times=2)
    planning, _ = alone(_plan)
    pages = len(_addresses())
    base = f"only downloaded, bare Scrapy {pages / bare:.0f}"
    rows = [
        (
            "pages crawled a second, 2 cores",
            f"{pages / crawl:.0f}",
            base,
            f"{bare / crawl:.2f}",
            "0.8",
        ),
        ("the same with reading", f"{pages / reading:.0f}", base, f"{bare / reading:.2f}", ""),
        (f"load and plan {DECLARED} sites", f"{planning:.2f} s", "", "", "5 s"),
    ]
    sys.stdout.write(json.dumps(rows) + "\n")


def _sites() -> list[Watched]:
    """Portals, spread over the shards as sites are."""
    return [
        Watched(
            Site(f"bench{n}", f"第{n}市", "government", "330100", True, f"www.bench-{n}.example"),
            "portal_static",
        )
        for n in range(HOSTS)
    ]


def _article(channel: str, number: int) -> str:
    day = UNTIL - timedelta(days=number)
    return f"/{channel}/{day:%Y%m}/t{day:%Y%m%d}_{number}.html"


def _addresses() -> list[str]:
    """Of all pages of all sites."""
    lists = [
        "index.html",
        *(f"index_{n}.html" for n in range(1, -(-ARTICLES // len(_CHANNELS) // LIST))),
    ]
    each = ARTICLES // len(_CHANNELS)
    return [
        f"http://{one.site.host}{path}"
        for one in _sites()
        for path in (
            "/",
            *(f"/{channel}/{name}" for channel in _CHANNELS for name in lists),
            *(_article(channel, n) for channel in _CHANNELS for n in range(each)),
        )
    ]


def _crawl(extract: str) -> None:
    """Crawl all sites in one partition, and see that nothing is lacking."""
    with tempfile.TemporaryDirectory() as name:
        state, archive = Path(name, "state"), Path(name, "archive")
        crawl_sites(_sites(), families(), state, archive, UNTIL, extract=extract)
        kept = articles(archive).collect()
        assert kept.height == HOSTS * (ARTICLES // len(_CHANNELS)) * len(_CHANNELS)


class Bare(scrapy.Spider):
    """Downloads pages."""

    name = "bare"

    async def start(self) -> Any:
        """Ask for all of them."""
        for address in _addresses():
            yield scrapy.Request(address, meta={"proxy": os.environ[SANDBOX]})

    def parse(self, response: Any) -> None:
        """Nothing."""


def _bare() -> None:
    command = "from bench.crawling import download; download()"
    subprocess.run([sys.executable, "-c", command], check=True)  # noqa: S603 - our own


def download() -> None:
    """Run the bare spider in this process."""
    from scrapy.crawler import AsyncCrawlerProcess

    process = AsyncCrawlerProcess(
        {
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "CONCURRENT_REQUESTS": 32,
            "CONCURRENT_REQUESTS_PER_DOMAIN": AT_HOME,
        }
    )
    crawler = process.create_crawler(Bare)
    process.crawl(crawler)
    process.start()
    assert crawler.stats is not None
    assert crawler.stats.get_value("downloader/response_status_count/200") == len(_addresses())


@contextmanager
def served() -> Iterator[str]:
    """Have the sites up behind a proxy, in a process of its own; gives its address."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    server = spawn.Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        server.kill()
        server.join()


def _serve(port: Connection) -> None:
    pages = {address.encode(): _answer(address) for address in _addresses()}

    class Proxy(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self._transport, self._left = transport, b""

        def data_received(self, data: bytes) -> None:
            *heads, self._left = (self._left + data).split(b"\r\n\r\n")
            for head in heads:
                address = head.split(b" ", 2)[1]
                self._transport.write(pages.get(address, _ABSENT))

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Proxy, "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def _answer(address: str) -> bytes:
    url = urlsplit(address)
    number = int("".join(c for c in url.netloc if c.isdigit()))
    name = f"第{number}市人民政府"
    path = url.path
    channel = path.split("/")[1]
    if path == "/":
        return _html(name, "<p>首页</p>")
    if "index" in path:
        this = int("".join(c for c in path if c.isdigit()) or 0)
        each = ARTICLES // len(_CHANNELS)
        items = "".join(
            f'<li><a href="{_article(channel, n)}">关于第{n}号通报</a>'
            f"<span>{UNTIL - timedelta(days=n)}</span></li>"
            for n in range(this * LIST, min((this + 1) * LIST, each))
        )
        script = f'<script>createPageHTML({-(-each // LIST)}, {this}, "index", "html");</script>'
        return _html(f"列表_{name}", f'<ul class="list">{items}</ul>{script}')
    which = int(path.rsplit("_", 1)[1].removesuffix(".html"))
    day = UNTIL - timedelta(days=which)
    text = "".join(
        f"<p>{_SENTENCES[(which + n) % 5]}第{number}市{channel}第{which}号之{n}。</p>"
        for n in range(12)
    )
    return _html(
        f"关于第{which}号通报_{name}",
        f'<div class="pos">您现在的位置：首页 &gt; 新闻中心</div><h1>关于第{which}号通报</h1>'
        f'<div class="info">发布时间：{day} 来源：市信用办</div><div class="TRS_Editor">{text}</div>',
    )


def _html(title: str, body: str) -> bytes:
    links = "".join(f'<li><a href="/{c}/index.html">栏目{c}</a></li>' for c in _CHANNELS * 6)
    style = "<style>" + "".join(f".c{n}{{margin:{n}px;padding:0}}" for n in range(120)) + "</style>"
    page = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{style}</head><body>'
        f'<div class="nav"><ul>{links}</ul></div>{body}'
        '<div class="footer">版权所有 网站标识码</div></body></html>'
    ).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n"
    return head.encode() + page


_ABSENT = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _plan() -> None:
    """Load so many sites and plan every partition's crawl."""
    with tempfile.TemporaryDirectory() as name:
        table = Path(name, "sites.csv")
        head, *lines = _declared()
        table.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        declared = families()
        sites = watched(declared, table)
        assert len(sites) == DECLARED
        planned = [plan(part, declared) for part in partition(sites, SHARDS)]
        assert sum(len(one.sites) for one in planned) == DECLARED


def _declared() -> list[str]:
    names = [name for name in families() if name != "service_hall"]
    yielded = ["site_id,name,kind,city_code,official,host,family"]
    yielded += [
        f"site{n},第{n}站,media,,0,www.site-{n}.cn,{names[n % len(names)]}" for n in range(DECLARED)
    ]
    return yielded


if __name__ == "__main__":
    main()
