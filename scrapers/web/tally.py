"""What the last round of a site brought, counted from what is remembered of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scrapers.web.seen import Seen

_REASONS: Final = """
SELECT reason, count(*) FROM address WHERE site_id = ? AND round = ? AND reason <> ''
GROUP BY reason ORDER BY reason
"""
_PAGES: Final = """
SELECT
    count(*) FILTER (WHERE state <> 'waiting'), count(*) FILTER (WHERE state = 'waiting'),
    count(*) FILTER (WHERE state = 'had' AND kind NOT IN ('article', 'probe'))
FROM address WHERE site_id = ? AND round = ?
"""
_LISTS: Final = """
SELECT path, lacking, lost, empty FROM listed WHERE site_id = ? AND round = ? ORDER BY id
"""
_KNOWN: Final = """
SELECT count(*), count(gone) FROM address
WHERE site_id = ?1 AND round = ?2 AND kept < ?2 AND state = 'had'
"""
_COUNTED: Final = """
SELECT measure, city_code, value FROM counter WHERE site_id = ? AND round = ?
ORDER BY measure, city_code
"""
_FILLED: Final = """
SELECT
    kept = ?2 AS new, count(*), count(*) FILTER (WHERE title), count(date),
    count(*) FILTER (WHERE words)
FROM address
WHERE site_id = ?1 AND kept IS NOT NULL GROUP BY new
"""


@dataclass(frozen=True)
class Filled:
    """Of so many articles, how many have a title, a date, a text."""

    articles: int = 0
    title: int = 0
    date: int = 0
    text: int = 0


@dataclass(frozen=True)
class Tally:
    """What a round brought.

    Attributes:
        ended: why it ended before its time, and of that what there is to say, or "".
        asked: pages that were had or missed.
        waiting: pages that wait for the next crawl.
        pages: that were had and are no articles; the one that is not there does not count.
        new, earlier: the articles of this round, and of those before it.
        again: articles known before that were asked for again.
        gone: of these, how many are there no more.
        odd: how many pages were missed or gave nothing, by reason.
        lacking: lists that could not be had.
        lost: lists that named articles once and do not any more.
        empty: lists that never named one.
        newest: day of the newest article known, ISO, or None.
        complete: the day up to which everything has been had, ISO, or None.
        counted: what counters say: measure, city (None: the site's own), value.
    """

    ended: str
    asked: int
    waiting: int
    pages: int
    new: Filled
    earlier: Filled
    again: int
    gone: int
    odd: Mapping[str, int]
    lacking: tuple[str, ...]
    lost: tuple[str, ...]
    empty: tuple[str, ...]
    newest: str | None
    complete: str | None
    counted: tuple[tuple[str, str | None, float], ...]


def tally(seen: Seen, site_id: str) -> Tally | None:
    """Count what the last round of a site brought; None where there was none."""
    sites = seen.rows("SELECT round, ended, complete FROM site WHERE site_id = ?", [site_id])
    if not sites:
        return None
    [[number, ended, complete]] = sites
    this = (site_id, number)
    [[asked, waiting, pages]] = seen.rows(_PAGES, this)
    [[again, gone]] = seen.rows(_KNOWN, this)
    lists = seen.rows(_LISTS, this)
    filled = {bool(new): Filled(*counts) for new, *counts in seen.rows(_FILLED, this)}
    [[newest]] = seen.rows(
        "SELECT max(date) FROM address WHERE site_id = ? AND kept IS NOT NULL", [site_id]
    )
    return Tally(
        ended=ended,
        asked=asked,
        waiting=waiting,
        pages=pages,
        new=filled.get(True, Filled()),
        earlier=filled.get(False, Filled()),
        again=again,
        gone=gone,
        odd=dict(map(tuple, seen.rows(_REASONS, this))),
        lacking=tuple(row["path"] for row in lists if row["lacking"]),
        lost=tuple(row["path"] for row in lists if row["lost"]),
        empty=tuple(row["path"] for row in lists if row["empty"]),
        newest=newest,
        complete=complete,
        counted=tuple((measure, city, value) for measure, city, value in seen.rows(_COUNTED, this)),
    )
