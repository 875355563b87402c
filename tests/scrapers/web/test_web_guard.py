"""Where a crawl may go."""

from collections.abc import Mapping
from typing import Any

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from twisted.internet.error import DNSLookupError

from scrapers.fetch import SANDBOX
from scrapers.web.family import Polite, families
from scrapers.web.guard import OffLimits, PublicResolver, Route, is_public
from scrapers.web.plan import AT_HOME, HOSTS, plan
from scrapers.web.spider import Monitor
from tests.scrapers.web.webs import watch


def route(hosts: Mapping[str, bool]) -> Route:
    return Route(Crawler(Monitor, Settings({HOSTS: dict(hosts)})))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("::ffff:127.0.0.1", False),
    ],
)
def test_only_addresses_of_the_internet_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_is_judged_by_the_address_that_it_has() -> None:
    resolver = PublicResolver.__new__(PublicResolver)
    resolver._private = {"own.cn"}
    assert resolver._judge("8.8.8.8", "any.cn") == "8.8.8.8"
    assert resolver._judge("10.0.0.1", "own.cn") == "10.0.0.1"
    with pytest.raises(DNSLookupError):
        resolver._judge("10.0.0.1", "rebound.cn")
    assert "rebound.cn" in PublicResolver.refused


@pytest.mark.parametrize(
    "url",
    [
        "http://other.cn/",
        "http://a.cn:6379/",
        "http://127.0.0.1/",
        "http://a.cn@127.0.0.1/",
        "http://other.example/",
    ],
)
def test_no_host_is_asked_that_is_not_watched(url: str) -> None:
    with pytest.raises(OffLimits, match="other_host"):
        route({"a.cn": False}).process_request(Request(url))


def test_the_stand_in_web_is_asked_through_its_proxy_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = Request("http://a.example/")
    monkeypatch.setenv(SANDBOX, "http://127.0.0.1:8765/")
    route({"a.example": False}).process_request(request)
    assert request.meta["proxy"] == "http://127.0.0.1:8765"
    monkeypatch.delenv(SANDBOX)
    with pytest.raises(OffLimits, match="stand_in_down"):
        route({"a.example": False}).process_request(request)


def test_real_hosts_are_asked_as_politely_as_declared_and_this_machine_without_manners(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(SANDBOX, "http://127.0.0.1:8765")
    sites = [watch("near"), watch("far", host="www.far.cn")]
    planned = plan(sites, families())
    slots: dict[str, Any] = planned.settings["DOWNLOAD_SLOTS"]
    exactly = {"jitter": 0.0, "longest_delay": Polite().longest_delay}
    assert slots["www.far.cn"] == {"concurrency": 1, "delay": Polite().delay} | exactly
    assert slots["www.near.example"] == {"concurrency": AT_HOME, "delay": 0.0} | exactly
    monkeypatch.delenv(SANDBOX)
    assert [one.site.site_id for one in plan(sites, families()).sites] == ["far"]
