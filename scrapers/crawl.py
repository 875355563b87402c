"""Running a spider: in a process of its own, within a time, and judged by what it did.

Scrapy ends well when every page was a 404, the host was down, or reading them raised; so the verdict
comes from its statistics. A crawl that fails, or is killed, gives nothing at all.

`python -m scrapers.crawl` is that process; it is told what to do on standard input, and ends with the
process that started it: when that closes.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

MOST_PAGES: Final = "MOST_PAGES"
"""Setting: pages that a crawl may ask for."""

_ITEMS: Final = "items.jsonl"
_STATS: Final = "stats.json"
_SHOWN = 5
"""Pages that a message names."""


class CrawlFailed(RuntimeError):  # noqa: N818 - what the operator reads is the message
    """Why a crawl gave nothing, and what to do. The message names no address and no text of a page."""


@dataclass(frozen=True)
class Limits:
    """What a crawl may take, and what it must bring.

    `seconds` is for everything, `pages` the most that may be asked for, `items` the fewest that must
    come. `missed` is the largest share of pages that may not be had, `timed_out` and `forbidden` (by
    robots.txt) of those. A page that cannot be read is one too many.
    """

    seconds: float
    pages: int
    items: int
    missed: float = 0.0
    timed_out: float = 1.0
    forbidden: float = 1.0


@dataclass(frozen=True)
class Stats:
    """What a crawl did.

    `ended` is Scrapy's word for why it ended, `missed` the number of each page that could not be had and
    why, `errors` how often reading a page raised, by the kind of error.
    """

    ended: str
    asked: int
    answered: int
    items: int
    missed: list[tuple[int, str]]
    errors: dict[str, int]


def crawl(spider: str, arguments: Mapping[str, Any], limits: Limits) -> list[dict[str, Any]]:
    """Run a spider and give its items, in no order.

    Args:
        spider: module and class, `package.module:Class`.
        arguments: what the spider is made with; anything that JSON can say.
        limits: what decides whether it went well.

    Raises:
        CrawlFailed: it did not.
    """
    stats, items = run(spider, arguments, {MOST_PAGES: limits.pages}, limits.seconds)
    judge(stats, limits)
    return items


def run(
    spider: str, arguments: Mapping[str, Any], settings: Mapping[str, Any], seconds: float
) -> tuple[Stats, list[dict[str, Any]]]:
    """Run a spider, however it goes; give what it did, and its items in no order.

    Args:
        spider: module and class, `package.module:Class`.
        arguments: what the spider is made with; anything that JSON can say.
        settings: of Scrapy, where the spider's own do not say otherwise.
        seconds: after which it is killed.

    Raises:
        CrawlFailed: it was killed, or broke down.
    """
    with tempfile.TemporaryDirectory(prefix="cci-crawl-") as name:
        folder = Path(name)
        told = {"spider": spider, "arguments": dict(arguments), "folder": name}
        _run(json.dumps(told | {"settings": dict(settings)}), seconds)
        if not (folder / _STATS).exists():
            raise CrawlFailed(
                "the crawl broke down; see that memory and disk are free, then run it again"
            )
        stats = Stats(**json.loads((folder / _STATS).read_bytes()))
        with (folder / _ITEMS).open("rb") as lines:
            return stats, [json.loads(line) for line in lines]


def judge(stats: Stats, limits: Limits) -> None:
    """Raise CrawlFailed where a crawl did not keep its limits."""
    if stats.errors:
        kinds = ", ".join(f"{kind} {count} times" for kind, count in stats.errors.items())
        raise CrawlFailed(f"pages could not be read ({kinds}); the reader has to be mended")
    if stats.ended != "finished":
        raise CrawlFailed(f"the crawl was ended early ({stats.ended}); see its limits")
    reasons = Counter(reason for _, reason in stats.missed)
    for what, count, most, do in (
        ("are forbidden by robots.txt", reasons["forbidden"], limits.forbidden,
         "leave them out, or ask the publisher"),
        ("did not answer in time", reasons["timed_out"], limits.timed_out,
         "see the network here, then run it again"),
        ("could not be had", len(stats.missed), limits.missed,
         "see the addresses and the network here, then run it again"),
    ):  # fmt: skip
        if count > most * stats.asked:
            named = ", ".join(
                f"page {number}: {reason}" for number, reason in stats.missed[:_SHOWN]
            )
            raise CrawlFailed(f"{count} of {stats.asked} pages {what} ({named}); {do}")
    if stats.items < limits.items:
        raise CrawlFailed(
            f"the pages gave {stats.items} items, expected {limits.items} or more; see whether they "
            "are what was meant"
        )


def _run(told: str, seconds: float) -> None:
    """Have the process do what it is told, and end it where that takes too long."""
    # This machine is not asked for through a proxy.
    here = dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1,localhost")
    with subprocess.Popen(
        [sys.executable, "-m", "scrapers.crawl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **here},
    ) as process:
        assert process.stdin is not None  # noqa: S101 - piped
        try:
            process.stdin.write(told + "\n")
            process.stdin.flush()
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise CrawlFailed(
                f"the crawl took more than {seconds:g} seconds and was stopped; run it again, later "
                "or with fewer pages"
            ) from None
        except BrokenPipeError:
            pass  # it broke down at once; it has left no statistics
        finally:
            process.kill()


def main() -> None:
    """Crawl as standard input says; write items, and in the end statistics, into the folder named."""
    told = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    stats = _crawled(told)
    whole = Path(told["folder"], f".{_STATS}")
    whole.write_text(json.dumps(asdict(stats)), encoding="utf-8")
    whole.replace(whole.with_name(_STATS))


def _crawled(told: Mapping[str, Any]) -> Stats:
    from scrapy.crawler import AsyncCrawlerProcess

    from scrapers import spider

    module, _, name = told["spider"].partition(":")
    items = Path(told["folder"], _ITEMS)
    process = AsyncCrawlerProcess(
        {
            **told["settings"],
            "FEEDS": {items: {"format": "jsonlines", "encoding": "utf8"}},
            "LOG_ENABLED": False,
        }
    )
    crawler = process.create_crawler(getattr(import_module(module), name))
    process.crawl(crawler, **told["arguments"])
    process.start()
    assert crawler.stats is not None  # noqa: S101 - it has crawled
    found = crawler.stats.get_stats()
    prefix = "spider_exceptions/"
    return Stats(
        ended=found.get("finish_reason", "broken"),
        asked=found.get(spider.ASKED, 0),
        answered=found.get(spider.ANSWERED, 0),
        items=found.get("item_scraped_count", 0),
        missed=found.get(spider.MISSED, []),
        errors={
            key.removeprefix(prefix): count
            for key, count in found.items()
            if key.startswith(prefix) and key != f"{prefix}count"
        },
    )


def _end_with_parent() -> None:
    """What the parent holds open is closed when it ends, however that happens."""
    # Not by way of a buffer, whose lock would hold up an exit.
    while os.read(sys.stdin.fileno(), 1 << 12):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
