"""Which measures a source is asked for."""

from functools import cache

from indicators import edition
from indicators.measures import Measure, catalogue
from scrapers.declaration import Source


def asked_of(source: Source) -> dict[str, Measure]:
    """What a source may bring, by id: the measures of its kind.

    Of a half-yearly source what the current edition asks every month is not among it.
    """
    monthly = _current() if source.frequency == "half-yearly" else ()
    return {
        measure.id: measure
        for measure in catalogue().values()
        if source.kind in measure.sources and measure.id not in monthly
    }


@cache
def _current() -> frozenset[str]:
    return frozenset(edition.load(edition.CURRENT).measures)
