"""Addresses, lists and counters, as they come and as they should not."""

import gzip
import json

import pytest

from scrapers.web.address import LONGEST, path_of
from scrapers.web.family import families
from scrapers.web.links import Found, Place, Unreadable, read_counters, read_list

HOST = "www.a.example"
PAGE = f"http://{HOST}/b/index.html"
STATIC, JCMS = families()["portal_static"], families()["portal_jcms"]


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("c.html", "/b/c.html"),
        ("../c.html#top", "/c.html"),
        ("c.html;jsessionid=1A2B?sid=3&utm_source=x", "/b/c.html"),
        ("//www.a.example:80/c", "/c"),
        ("HTTP://WWW.A.EXAMPLE/c", "/c"),
        ("https://www.a.example/c", "/c"),
        ("/%7Eme/%e4%b8%ad", "/~me/%E4%B8%AD"),
        ("/中 文", "/%E4%B8%AD%20%E6%96%87"),
        ("/a%2Fb", "/a%2Fb"),
        ("http://www.b.example/c", None),
        ("http://www.a.example:8080/c", None),
        ("http://user@www.a.example/c", None),
        ("javascript:void(0)", None),
        ("mailto:a@b.example", None),
        ("data:text/html,x", None),
        ("http://[::1", None),
        ("http://www.a.example:99999/", None),
        ("/%2e%2e/%2e%2e/etc/passwd", None),
        ("/" + "a/" * LONGEST, None),
    ],
)
def test_a_page_has_one_address(link: str, path: str | None) -> None:
    assert path_of(link, PAGE, HOST, STATIC) == path


def test_parameters_that_count_are_kept_in_one_order() -> None:
    assert path_of("?sid=1&pageNum=2", PAGE, HOST, JCMS) == "/b/index.html?pageNum=2"
    many = "&".join(f"x{n}=1" for n in range(10_000))
    assert path_of(f"?{many}", PAGE, HOST, JCMS) == "/b/index.html"


def read(family: str, content: bytes, path: str, number: int = 1, which: int = 0) -> Found:
    one = families()[family]
    start = one.listing[which].start[0]
    return read_list(
        content, None, one.listing[which], one, Place(HOST, path, start, number), 100_000
    )


ROW = '<li><a href="./201906/t20190603_1.html">题</a><span>{}</span></li>'


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2019-06-03", "2019-06-03"),
        ("2019-13-45", None),
        ("2019-02-30", None),
        ("今天", None),
        ("9" * 5000, None),
    ],
)
def test_days_that_cannot_be_are_none(printed: str, day: str | None) -> None:
    content = f'<ul class="list">{ROW.format(printed)}</ul>'.encode()
    found = read("portal_static", content, "/xwzx/index.html")
    assert found.articles == (("/xwzx/201906/t20190603_1.html", day),)


@pytest.mark.parametrize(
    ("number", "following"), [(1, "/xwzx/index_1.html"), (2, "/xwzx/index_2.html"), (3, None)]
)
def test_numbered_lists_end_where_they_say(number: int, following: str | None) -> None:
    script = '<script>createPageHTML(3, 0, "index", "html");</script>'
    content = f'{script}<ul class="list">{ROW.format("")}</ul>'.encode()
    assert read("portal_static", content, "/xwzx/index.html", number).next == following


def test_feeds_of_either_kind_are_read() -> None:
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="self" href="/x"/>'
    atom += '<link href="/2019/0603/1.html"/></entry></feed>'
    rss = "<rss><channel><item><link> /2019/0603/1.html </link></item></channel></rss>"
    for feed in (atom, rss):
        assert read("media_feed", feed.encode(), "/feed.xml").articles == (
            ("/2019/0603/1.html", None),
        )


@pytest.mark.parametrize(
    ("family", "content"),
    [
        ("credit_json", b"<html>"),
        ("credit_json", b"[]"),
        ("credit_json", b'{"items": {"a": 1}}'),
        ("credit_json", b'{"items": ' + b"[" * 100_000),
        ("court_sitemap", b""),
        ("court_sitemap", gzip.compress(b" " * 1_000_000)),
        ("court_sitemap", b"\x1f\x8bnot packed"),
    ],
)
def test_what_is_no_list_is_unreadable(family: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(family, content, "/")


def test_entities_of_a_site_map_are_not_followed() -> None:
    laughs = '<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    content = f"{laughs}<urlset><url><loc>&c;</loc></url></urlset>".encode()
    assert read("court_sitemap", content, "/sitemap.xml") == Found(())


@pytest.mark.parametrize(
    "told",
    [
        {},
        [],
        {"disclosed": {"permits": -1, "penalties": 1}, "visits": 1},
        {"disclosed": {"permits": True, "penalties": 1}, "visits": 1},
        {"disclosed": {"permits": "many", "penalties": 1}, "visits": 1},
        {"disclosed": {"permits": 1}, "visits": 1},
    ],
)
def test_a_counter_that_is_not_as_declared_is_unreadable(told: object) -> None:
    with pytest.raises(Unreadable):
        list(
            read_counters(
                json.dumps(told).encode(), None, families()["credit_json"], "/api/statistics.json"
            )
        )
