"""Spiders for tests, which wait less than those they are made of, or fail."""

from collections.abc import Iterator
from typing import Any

from scrapy.http import Response

from scrapers.sources.monitoring.spider import Prober
from scrapers.sources.published_rankings.spider import Reader
from scrapers.spider import Item


class HastyProber(Prober):
    """Does not wait long for a site."""

    custom_settings = (Prober.custom_settings or {}) | {"DOWNLOAD_TIMEOUT": 1}


class Breaking(Reader):
    """Cannot read what it gets."""

    def answered(self, response: Response, **told: Any) -> Iterator[Item]:  # noqa: ARG002
        """Raise, with the page in the message."""
        raise ValueError(response.text)
