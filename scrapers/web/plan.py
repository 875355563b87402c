"""The plan of a crawl: which sites can be asked, how often, and how many at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scrapers.robots import LONGEST
from scrapers.web.family import Family
from scrapers.web.sites import Watched
from scrapers.web.stand_in import is_stand_in, proxy

HOSTS: Final = "WATCHED_HOSTS"
"""Setting: hosts (with their ports) that may be asked; for each whether it may be at a private
address."""
AT_HOME: Final = 8
"""Pages of a stand-in site at a time: this machine itself is asked without manners."""
_AT_HOME_IN_ALL: Final = 32


@dataclass(frozen=True)
class Plan:
    """What Scrapy is told.

    Attributes:
        sites: that can be asked; the others are in the stand-in web, which is not up.
        settings: Scrapy's: hosts that may be asked and how often.
    """

    sites: tuple[Watched, ...]
    settings: Mapping[str, Any]


def plan(sites: Iterable[Watched], families: Mapping[str, Family]) -> Plan:
    """How sites are to be asked.

    Args:
        sites: of declared families.
        families: by name.
    """
    up = proxy() is not None
    asked = tuple(one for one in sites if up or not is_stand_in(one.site.host))
    slots: dict[str, dict[str, float]] = {}
    most = 0
    for one in asked:
        polite = families[one.family].polite
        at_home = is_stand_in(one.site.host)
        slots[one.site.host.partition(":")[0]] = {
            "concurrency": AT_HOME if at_home else polite.concurrency,
            "delay": 0.0 if at_home else polite.delay,
            "jitter": 0.0,  # the delay is the fewest that it may be
            LONGEST: polite.longest_delay,
        }
        most += 0 if at_home else polite.concurrency
    return Plan(
        asked,
        {
            HOSTS: {one.site.host: families[one.family].private for one in asked},
            "DOWNLOAD_SLOTS": slots,
            # Scrapy takes this from the settings of its process, and not from a spider's.
            "TWISTED_DNS_RESOLVER": "scrapers.web.guard.PublicResolver",
            # Pages that wait for their host's turn count, so a polite crawl has as many as it has hosts.
            "CONCURRENT_REQUESTS": most + _AT_HOME_IN_ALL,
        },
    )
