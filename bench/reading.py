"""Reading pages on one core: from the bytes that a site of the stand-in web serves to a record.

Each of some 2,000 pages of all families is decoded, made an article and read; there is no HTTP, and
making the pages is not timed. The baseline parses the same bytes with selectolax and takes their text.
Pages of the stand-in web are short, so they are read again inside as much style, script and links as
portals put around their articles. Half a minute on one core.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import Final, NamedTuple
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser
from w3lib.encoding import http_content_type_encoding

from bench.alone import alone
from sandbox.country import Country
from sandbox.web.web import Web
from scrapers.monitor import reader
from scrapers.monitor.extract import extract
from scrapers.monitor.gazetteer import Gazetteer
from scrapers.monitor.markup import decode
from scrapers.monitor.shapes import Article, Page, Record, Site
from scrapers.web.family import families

PERIOD: Final = "2019-06"
LIMIT: Final = 150
"""Pages a second, at least."""
_EVERY: Final = 7
"""Of so many pages one is read."""


class Served(NamedTuple):
    """A page as a site serves it.

    Attributes:
        declared: charset that the server names, else that of the site's family.
        day: on which it is fetched, ISO.
    """

    url: str
    site: Site
    content: bytes
    declared: str | None
    day: str


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    pages = list(served(Country.found(PERIOD, PERIOD).web()))[::_EVERY]
    dressed = [page._replace(content=_dressed(page.content)) for page in pages]
    rows = [
        _row(name, some)
        for name, some in (
            ("pages read a second, 1 core", pages),
            ("the same, dressed as on portals", dressed),
        )
    ]
    sys.stdout.write(json.dumps(rows) + "\n")


def served(web: Web) -> Iterator[Served]:
    """All articles of a stand-in web, site by site."""
    encodings = {name: family.encoding for name, family in families().items()}
    for host, watched in web.watched.items():
        layout = web.layout(host)
        if layout is None:
            continue
        for path in layout.by_path:
            answer = layout.answer(path, "")
            assert answer is not None
            declared = http_content_type_encoding(answer.content_type) or encodings[watched.family]
            url = f"http://{host}{quote(path)}"
            yield Served(url, watched.site, answer.body, declared or None, str(web.today))


def read(page: Served) -> tuple[Article, Record]:
    """What a page gives."""
    html = decode(page.content, page.declared)
    article = extract(Page(page.url, page.site, f"{page.day}T23:59:59+08:00", html))
    return article, reader.read(article, page.site, _places())


def _row(name: str, pages: Sequence[Served]) -> tuple[str, ...]:
    reading, _ = alone(partial(_read, pages))
    parsing, _ = alone(partial(_parse, pages))
    size = sum(len(page.content) for page in pages) / len(pages) / 1000
    return (
        f"{name} ({size:.1f} kB)",
        f"{len(pages) / reading:.0f}",
        f"only parsed, selectolax {len(pages) / parsing:.0f}",
        f"{parsing / reading:.2f}",
        str(LIMIT),
    )


def _read(pages: Sequence[Served]) -> None:
    for page in pages:
        read(page)


def _parse(pages: Sequence[Served]) -> None:
    for page in pages:
        body = LexborHTMLParser(page.content).body
        assert body is not None
        assert body.text()


def _dressed(content: bytes) -> bytes:
    """A page with what surrounds an article on a portal; in ASCII, as pages differ in encoding."""
    style = "".join(f".box-{n} a:hover {{ margin: {n}px; padding: 0 }}\n" for n in range(400))
    script = "".join(f"menu.push({{ id: {n}, open: false }});\n" for n in range(400))
    links = "".join(f'<li class="item"><a href="/c{n}/">Channel {n}</a></li>\n' for n in range(120))
    around = f"<style>{style}</style><script>{script}</script><ul>{links}</ul>".encode()
    assert b"<body>" in content
    return content.replace(b"<body>", b"<body>" + around, 1)


@cache
def _places() -> Gazetteer:
    return Gazetteer()


if __name__ == "__main__":
    main()
