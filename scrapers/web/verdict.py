"""Whether the crawl of a site was good: what it brought, against what its family declares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from scrapers.web.family import Family
from scrapers.web.tally import Filled, Tally

Verdict = Literal["good", "suspect", "failed"]
WEIGHTS: Final[Mapping[str, Verdict]] = {
    "stand_in_down": "failed",  # the stand-in web is not up
    "not_crawled": "failed",  # there was no crawl of it yet
    "not_public": "failed",  # its name leads into a private network
    "became_another": "failed",  # its front page and its known articles are gone
    "host_down": "failed",  # it failed again and again
    "robots_down": "failed",  # its robots.txt fails, so nothing of it may be asked for
    "forbidden": "failed",  # robots.txt forbids what would have to be read
    "layout_changed": "failed",  # a list names nothing any more, or articles have lost their parts
    "answers_all": "failed",  # it has an answer to every address and articles at none
    "too_few_pages": "failed",
    "too_few_articles": "failed",
    "unfinished": "suspect",  # it was stopped; the next crawl goes on
    "list_missed": "suspect",  # a list could not be had, so that something may be lacking
    "articles_gone": "suspect",  # of the articles that were asked for again most are gone
    "other_name": "suspect",  # the front page does not name the site
    "empty_list": "suspect",  # a list has never named an article
    "too_many_missed": "suspect",
    "too_little_filled": "suspect",
    "duplicates": "suspect",  # most addresses lead to articles that were there before
    "login": "suspect",  # most articles ask for a password
    "counter_missing": "suspect",
    "nothing_new": "suspect",
}
"""Reasons why a crawl was not good, the gravest first, and what each makes of it."""

_DOWN = ("host_down", "timed_out", "not_found")
_FEW = 5
"""Articles from which shares of them say something; so many may always be missed."""


@dataclass(frozen=True)
class Reason:
    """Why a crawl was not good.

    Attributes:
        kind: a key of `WEIGHTS`.
        detail: what it is about: a list's address, a part of articles, a reason of misses, a measure,
            or a number; never anything of a page's text.
    """

    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Counts:
    """What a crawl of a site did.

    Attributes:
        asked: pages that were asked for, articles among them.
        waiting: pages that wait for the next crawl.
        pages: that were had and are no articles.
        articles, titles, dates, texts: new articles, and how many of them have one.
        known: articles known of the site, the new ones among them.
        missed: how many pages could not be had, or gave nothing, by reason.
        newest: day of the newest article known, ISO, or None.
    """

    asked: int
    waiting: int
    pages: int
    articles: int
    titles: int
    dates: int
    texts: int
    known: int
    missed: Mapping[str, int]
    newest: str | None


def counts(tally: Tally) -> Counts:
    """What a round did."""
    new = tally.new
    return Counts(
        tally.asked, tally.waiting, tally.pages, new.articles, new.title, new.date, new.text,
        new.articles + tally.earlier.articles, tally.odd, tally.newest,
    )  # fmt: skip


def judge(tally: Tally, family: Family, until: date) -> tuple[Verdict, tuple[Reason, ...]]:
    """Whether a crawl was good, and why not, the gravest reason first.

    Args:
        tally: what it brought.
        family: of the site; what is expected of it.
        until: the day that the crawl was for.
    """
    order = list(WEIGHTS)
    reasons = sorted(_reasons(tally, family, until), key=lambda reason: order.index(reason.kind))
    weights = {WEIGHTS[reason.kind] for reason in reasons}
    verdict: Verdict = "failed" if "failed" in weights else "suspect" if weights else "good"
    return verdict, tuple(reasons)


def _reasons(tally: Tally, family: Family, until: date) -> Iterator[Reason]:
    expect, odd = family.expect, tally.odd
    known = tally.new.articles + tally.earlier.articles
    why, _, detail = tally.ended.partition(" ")
    if why in WEIGHTS:
        yield Reason(why, detail)
    elif tally.ended:
        yield Reason("unfinished", tally.ended)
    if odd.get("not_public"):
        yield Reason("not_public")
    if tally.pages < expect.pages and not tally.waiting and not tally.ended:
        yield _unreached(tally)
    elif not tally.ended:
        yield from (Reason("list_missed", path) for path in tally.lacking)
    if odd.get("answers_all") and not known and family.article:
        yield Reason("answers_all")
    elif known < expect.articles and not tally.waiting:
        yield Reason("too_few_articles", str(known))
    if odd.get("other_name"):
        yield Reason("other_name")
    for path in tally.lost:
        yield Reason("layout_changed", path)
    if not known:  # else a channel may well be empty
        for path in tally.empty:
            yield Reason("empty_list", path)
    if odd.get("emptied", 0) >= _FEW:
        yield Reason("layout_changed", "text")
    else:
        yield from _parts(tally.new, tally.earlier, family)
    yield from _misses(tally, family)
    counted = {measure for measure, _, _ in tally.counted}
    for measure in dict.fromkeys(counter.measure for counter in family.counter):
        if measure not in counted and not tally.waiting:
            yield Reason("counter_missing", measure)
    if expect.nothing_new_days and tally.newest:
        days = (until - date.fromisoformat(tally.newest)).days
        if days > expect.nothing_new_days:
            yield Reason("nothing_new", str(days))


def _unreached(tally: Tally) -> Reason:
    """Why too few pages were had."""
    if tally.odd.get("forbidden"):
        return Reason("forbidden")
    down = [reason for reason in _DOWN if tally.odd.get(reason)]
    if down and not tally.pages:
        return Reason("host_down", down[0])
    return Reason("too_few_pages", str(tally.pages))


def _parts(new: Filled, earlier: Filled, family: Family) -> Iterator[Reason]:
    """Articles without title, date or text: a layout that changed where they had them before."""
    for part in ("title", "date", "text"):
        fewest: float = getattr(family.expect, part)
        lacking = new.articles - getattr(new, part)
        if lacking <= (1 - fewest) * new.articles or (
            new.articles < _FEW and lacking < new.articles
        ):
            continue
        had_them = earlier.articles >= _FEW and getattr(earlier, part) >= fewest * earlier.articles
        yield Reason("layout_changed" if had_them else "too_little_filled", part)


def _misses(tally: Tally, family: Family) -> Iterator[Reason]:
    given = {"duplicate", "answers_all", "other_name"}
    missed = sum(count for reason, count in tally.odd.items() if reason not in given)
    if missed > _FEW and missed > family.expect.missed * tally.asked:
        worst = max((r for r in tally.odd if r not in given), key=lambda reason: tally.odd[reason])
        yield Reason("too_many_missed", worst)
    if tally.gone >= _FEW and tally.gone > tally.again / 2:
        yield Reason("articles_gone", str(tally.gone))
    for reason, kind in (("duplicate", "duplicates"), ("login", "login")):
        count = tally.odd.get(reason, 0)
        if count >= _FEW and count > tally.new.articles:
            yield Reason(kind, str(count))
