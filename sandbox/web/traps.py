"""What leads robots astray: snares in the lists of ordinary sites, and hosts that are one trap each.

Every host `trap-<name>.example` of TRAPS lays out its pages as the family `media_list` does.
"""

import gzip
from collections.abc import Callable, Mapping, Sequence
from itertools import islice, pairwise
from typing import Final

from sandbox.web.answer import Answer

SNARES: Final = ("dead", "loop", "login", "elsewhere", "large")
"""What is wrong with pages whose links are in the lists of trapped sites, beside the good ones."""
ALIASES: Final = (";jsessionid=8E1FCAFE", "?utm_source=weixin", "?from=timeline&isappinstalled=0")
"""What makes another address of a page that there is."""
CALENDAR: Final = "/rili/2019/06/"
NAME: Final = "模拟陷阱报"
"""What hosts that are traps call themselves."""
HOST: Final = "trap-{}.example"

_LARGE: Final = 6_000_000
_HUGE: Final = 50_000_000
_DRIPS: Final = 240
_DEPTH: Final = 20_000
_ARTICLES: Final = tuple(f"/news/201906{day:02}/n{10_000 + day}.htm" for day in range(1, 11))
_TEXT: Final = (
    "　　模拟页面：这里的一切都是虚构的。今天多云转晴，公园里的花开了，不少市民前来散步、拍照。"
)


def caught(snares: Mapping[str, str], path: str) -> Answer | None:
    """What a snare of an ordinary site answers; None where there is none."""
    if path.startswith("/rili/"):
        return _calendar(path)
    if path == "/login.html":
        return _page("登录", "<form>请先登录 <input type='password'></form>")
    match snares.get(path):
        case "loop":
            return _moved(f"{path}?again=1")
        case "login":
            return _moved("/login.html")
        case "elsewhere":
            return _moved("http://www.unwatched.example/")
        case "large":
            return _page(
                "很长的一页", f"<p>{_TEXT}</p>" * (_LARGE // len(f"<p>{_TEXT}</p>".encode()))
            )
        case _:
            return None


def trap(host: str, path: str) -> Answer | None:
    """What a host that is a trap answers; None where it is not found.

    Raises:
        KeyError: there is no such trap.
    """
    return TRAPS[host.removeprefix("trap-").removesuffix(".example")](path)


def _good(path: str) -> Answer | None:
    """An ordinary site of ten pages."""
    if path == "/":
        return _page(NAME, '<a href="/news/list.htm">新闻</a>')
    if path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /admin/\n", "text/plain")
    if path == "/news/list.htm":
        return _list(_ARTICLES)
    return _article(path) if path in _ARTICLES else None


def _soft_404(path: str) -> Answer:
    """200 for whatever is asked, and that it was not found."""
    return _good(path) or _page("页面不存在", "<p>抱歉，您访问的页面不存在或已被删除。</p>")


def _another(path: str) -> Answer | None:
    """A site that turned into another one."""
    if path == "/":
        return _page("域名出售 Domain for sale", "<p>该域名正在出售（模拟）</p>")
    return _good(path)


def _login(path: str) -> Answer | None:
    """Every article only for those who log in."""
    if path == "/login.html":
        return _page("登录", "<form>请先登录 <input type='password'></form>")
    return _moved("/login.html") if path in _ARTICLES else _good(path)


def _loop(path: str) -> Answer | None:
    """Articles that redirect to each other."""
    following = dict(pairwise((*_ARTICLES, _ARTICLES[0])))
    return _moved(following[path]) if path in following else _good(path)


def _drip(path: str) -> Answer | None:
    """Articles that come a few bytes at a time."""
    good = _good(path)
    return Answer(good.body, drips=_DRIPS) if good and path in _ARTICLES else good


def _bomb(path: str) -> Answer | None:
    """Articles that are small as they come, and very large unpacked."""
    if path not in _ARTICLES:
        return _good(path)
    return Answer(_bomb_body(), headers=(("content-encoding", "gzip"),))


def _bomb_body() -> bytes:
    return gzip.compress(b"<p>0</p>" * (_HUGE // 8), 9, mtime=0)


def _length(path: str) -> Answer | None:
    """Articles that are shorter than their headers say."""
    good = _good(path)
    return Answer(good.body, declared=len(good.body) + 1000) if good and path in _ARTICLES else good


def _large(path: str) -> Answer | None:
    """Articles of 50 MB."""
    if path not in _ARTICLES:
        return _good(path)
    line = f"<p>{_TEXT}</p>\n"
    return _page("很长的一页", line * (_HUGE // len(line.encode())))


def _deep(path: str) -> Answer | None:
    """Articles with elements in elements in elements."""
    if path not in _ARTICLES:
        return _good(path)
    return _page("很深的一页", f"{'<div>' * _DEPTH}{_TEXT}{'</div>' * _DEPTH}")


def _endless(path: str) -> Answer | None:
    """Lists that always lead to another one, with new articles each."""
    stem = path.removeprefix("/news/list").removesuffix(".htm")
    if not path.startswith("/news/list") or not (stem == "" or stem[1:].isdecimal()):
        return _article(path) if path.startswith("/news/2") else _good(path)
    at = int(stem[1:] or 1)
    articles = [f"/news/20190601/n{at}{nth:02}.htm" for nth in range(5)]
    return _list(articles, f'<a href="list_{at + 1}.htm">下一页</a>')


def _aliases(path: str) -> Answer | None:
    """One article at a thousand addresses."""
    if path == "/news/list.htm":
        one = _ARTICLES[0]
        return _list(
            [f"{one}?sid={number}" for number in range(500)]
            + [f"{one};jsessionid={number}" for number in range(500)]
        )
    return _article(_ARTICLES[0]) if path.partition(";")[0] == _ARTICLES[0] else _good(path)


def _many(path: str) -> Answer | None:
    """A list of ten thousand links."""
    if path == "/news/list.htm":
        return _list([f"/news/20190601/n{number}.htm" for number in range(10_000, 20_000)])
    return _article(path) if path.startswith("/news/2") else _good(path)


def _forbidden(path: str) -> Answer | None:
    """A site that wants no robots."""
    if path == "/robots.txt":
        return Answer(b"User-agent: *\nDisallow: /\n", "text/plain")
    return _good(path)


def _broken(path: str) -> Answer | None:
    """A site that fails."""
    return Answer(b"broken", "text/plain", 503) if path != "/robots.txt" else _good(path)


def _days(path: str) -> Answer | None:
    """A site with a calendar that has no end."""
    return _calendar(path) if path.startswith("/rili/") else _good(path)


TRAPS: Final[Mapping[str, Callable[[str], Answer | None]]] = {
    "good": _good, "soft404": _soft_404, "another": _another, "login": _login, "loop": _loop,
    "drip": _drip, "bomb": _bomb, "length": _length, "large": _large, "deep": _deep,
    "endless": _endless, "aliases": _aliases, "many": _many, "forbidden": _forbidden,
    "broken": _broken, "calendar": _days,
}  # fmt: skip
"""What the hosts answer at a path; the first is no trap at all."""


def _calendar(path: str) -> Answer:
    parts = [part for part in path.split("/")[2:] if part.isdecimal()]
    year, month = (*map(int, islice(parts, 2)), 2019, 6)[:2] if len(parts) >= 2 else (2019, 6)
    months = ((year + (month == 12), month % 12 + 1), (year - (month == 1), (month - 2) % 12 + 1))
    links = "".join(f'<a href="/rili/{y}/{m:02}/">{y}-{m:02}</a>' for y, m in months)
    days = "".join(f'<a href="/rili/{year}/{month:02}/{day:02}/">{day}</a>' for day in range(1, 29))
    return _page(f"日历{year}-{month:02}", links + days)


def _list(paths: Sequence[str], following: str = "") -> Answer:
    rows = "".join(
        f'<p><a href="{path}">模拟新闻</a> <em>06月01日 2019</em></p>\n' for path in paths
    )
    return _page(f"列表_{NAME}", f'<div class="list">{rows}</div>{following}')


def _article(path: str) -> Answer:
    day = path.split("/")[2]
    when = f"{day[:4]}-{day[4:6]}-{day[6:8]}"
    return _page(
        f"模拟新闻_{NAME}",
        f'<h2>模拟新闻</h2><div class="from">{when}　稿源：{NAME}</div>'
        f'<div id="articleText"><p>{_TEXT}</p></div>',
    )


def _moved(to: str) -> Answer:
    return Answer(b"", status=302, headers=(("location", to),))


def _page(title: str, body: str) -> Answer:
    head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
    html = f'<!DOCTYPE html><html lang="zh">{head}<body>{body}</body></html>'
    return Answer(html.encode())
