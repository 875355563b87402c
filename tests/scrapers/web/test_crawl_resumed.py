"""A crawl that is killed, and begun again."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest

from scrapers.crawl import CrawlFailed
from scrapers.monitor.shapes import Site
from scrapers.web.archive import articles
from scrapers.web.family import Bounds, families
from scrapers.web.partition import shard
from scrapers.web.plan import AT_HOME, plan
from scrapers.web.run import SPIDER, crawl_sites
from scrapers.web.seen import Seen, memory_of
from tests.scrapers.loopback import Answer, Request
from tests.scrapers.web.webs import PLAIN, TEXT, Portal, html, watch, web

pytestmark = pytest.mark.process

UNTIL = date(2019, 6, 30)
MANY = 40
MARK = "mark-of-a-page"


def test_a_crawl_that_breaks_down_before_anything_was_had_is_no_crawl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = watch("any")
    with web(monkeypatch) as there:
        there.sites[one.site.host] = Portal(many=1)
        with pytest.raises(CrawlFailed, match="the crawl of 1 sites broke down"):
            crawl_sites(
                [one], families(), tmp_path / "s", tmp_path / "o", UNTIL, extract="no.such:reader"
            )
        [outcome] = crawl_sites(
            [one], families(), tmp_path / "s", tmp_path / "o", UNTIL, extract=PLAIN
        )
    assert outcome.verdict == "good"


def wait_until_done_with(site: Site, state: Path) -> None:
    """Until the crawl has ended a site's round."""
    seen = Seen(memory_of(state, shard(site.host)))
    for _ in range(300):
        if seen.rows("SELECT 1 FROM site WHERE site_id = ? AND done <> ''", [site.site_id]):
            return seen.close()
        time.sleep(0.1)
    raise AssertionError(f"{site.site_id} has not been done with in half a minute")


def test_a_killed_crawl_goes_on_and_nothing_is_missed_or_asked_for_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is killed with -9 while pages of one site are not answered, and the other is done with."""
    one, other = watch("killed"), watch("done")
    declared = {"portal_static": replace(families()["portal_static"], bounds=Bounds(wait=20))}
    state, out = tmp_path / "state", tmp_path / "out"
    state.mkdir()
    portal, midway, killed = Portal(many=MANY), threading.Event(), threading.Event()
    seen: list[str] = []
    portal.changed[portal.path(5)] = html(
        "第5号通报_杭州",
        f"<!-- {MARK} --><h1>第5号通报</h1><p>发布时间：2019-06-03</p><p>{TEXT}</p>",
    )

    def pages(request: Request) -> Answer | None:
        seen.append(request.path)
        if len([path for path in seen if "/t2019" in path]) > MANY // 2 and not killed.is_set():
            midway.set()
            killed.wait()
            return b""
        return portal(request)

    with web(monkeypatch) as there:
        there.sites |= {one.site.host: pages, other.site.host: Portal(many=3)}
        planned = plan([one, other], declared)
        arguments = {
            "sites": [(asdict(each.site), each.family) for each in (one, other)],
            "families": {name: asdict(family) for name, family in declared.items()},
            "state": str(state),
            "until": UNTIL.isoformat(),
            "extract": PLAIN,
        }
        told = {"spider": SPIDER, "arguments": arguments, "settings": dict(planned.settings)}
        with subprocess.Popen(
            [sys.executable, "-m", "scrapers.crawl"], stdin=subprocess.PIPE, text=True
        ) as crawl:
            assert crawl.stdin is not None
            crawl.stdin.write(json.dumps(told | {"folder": str(tmp_path)}) + "\n")
            crawl.stdin.flush()
            assert midway.wait(60)
            wait_until_done_with(other.site, state)
            os.kill(crawl.pid, signal.SIGKILL)
        before = [path for path in there.asked(one.site.host) if path != "/robots.txt"]
        killed.set()
        there.forget()
        outcome, left = crawl_sites([one, other], declared, state, out, UNTIL, extract=PLAIN)
        after = there.asked(one.site.host)
        assert there.asked(other.site.host) == []
        assert left.verdict == "good"
        assert left.counts is not None
        assert left.counts.known == 3
        crawl_sites([other], declared, state, out, UNTIL, extract=PLAIN)
        assert there.asked(other.site.host)  # that crawl is over, and this is another one

    assert outcome.verdict == "good"
    assert outcome.counts is not None
    assert outcome.counts.known == MANY
    assert len(set(before) & set(after)) <= AT_HOME  # those that were on their way
    assert len(set(before) | set(after)) == 1 + 1 + 3 + MANY // 5 + MANY
    kept = articles(out).collect()
    assert not kept.select("site_id", "title").is_duplicated().any()
    assert kept.height == MANY + 3
    on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert MARK.encode() not in on_disk
    assert b"<html" not in on_disk
