"""The reader against the truth of the stand-in web: pages as their sites serve them, of all families."""

from functools import cache
from urllib.parse import quote

import polars as pl
import pytest
from w3lib.encoding import http_content_type_encoding

from sandbox.web.archive import Entry
from scrapers.monitor import reader
from scrapers.monitor.extract import extract
from scrapers.monitor.gazetteer import Gazetteer
from scrapers.monitor.markup import decode
from scrapers.monitor.shapes import Article, Page, Record
from scrapers.web.family import families
from tests.sandbox.web_country import site, truth, web

pytestmark = pytest.mark.country
PAGES = 600
REPORT = pl.col("kind_true") == "event"
ALL = pl.lit(value=True)


@cache
def sample() -> list[tuple[Entry, Article, Record]]:
    """Pages from all over the archive, read."""
    entries = web().archive.entries
    places = Gazetteer()
    return [(one, *read(one, places)) for one in entries[:: len(entries) // PAGES]]


def read(entry: Entry, places: Gazetteer) -> tuple[Article, Record]:
    watched = next(one for one in web().watched.values() if one.site.site_id == entry.site)
    layout = site(watched.site.host)
    path = layout.path(entry)
    answer = layout.answer(path, "")
    assert answer is not None
    declared = (
        http_content_type_encoding(answer.content_type) or families()[watched.family].encoding
    )
    html = decode(answer.body, declared or None)
    url = f"http://{watched.site.host}{quote(path)}"
    article = extract(Page(url, watched.site, f"{web().today}T23:59:59+08:00", html))
    return article, reader.read(article, watched.site, places)


@cache
def compared() -> pl.DataFrame:
    read_pages = [
        (article, web().watched[host(article)].site, record) for _, article, record in sample()
    ]
    return reader.reports(read_pages).join(truth()[0], on="url", suffix="_true", validate="1:1")


def host(article: Article) -> str:
    return article.url.split("/")[2]


def test_pages_of_all_families_and_kinds_are_read() -> None:
    families_read = {web().watched[host(article)].family for _, article, _ in sample()}
    assert families_read == {*families()} - {"service_hall"}
    assert compared()["kind_true"].n_unique() == truth()[0]["kind"].n_unique()
    assert len(compared()) == len(sample()) >= PAGES


@pytest.mark.parametrize(
    ("decision", "of", "floor"),
    [
        ("kind", ALL, 0.90),
        ("city_code", pl.col("kind_true") != "other", 0.95),
        ("field", REPORT, 0.85),
        ("polarity", REPORT, 0.93),
        ("severity", REPORT & (pl.col("polarity_true") == "bad"), 0.80),
        ("published", ALL, 0.98),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_read_is_what_is_true(decision: str, of: pl.Expr, floor: float) -> None:
    """A decision that was not taken, as the page's kind was read wrongly, is wrong too."""
    pages = compared().filter(of)
    right = pages.filter(pl.col(decision) == pl.col(f"{decision}_true"))
    assert len(pages) > 100
    assert len(right) / len(pages) >= floor


def test_nobody_who_stands_in_a_page_is_kept() -> None:
    told = 0
    for entry, article, _ in sample():
        kept = "\n".join((article.text, article.source, *article.crumbs))
        persons = web().persons(entry)
        told += len(persons)
        assert not [somebody for somebody in persons if somebody in kept], article.url
    assert told > PAGES
