"""What is looked for in a page that came, by its kind; this is all that ever looks into one.

It runs in a process of its own (`python -m scrapers.web.looking`): a page may make it break, hang or
eat memory, and then only that page is lost. It is told about one page after another on standard input,
and answers each on standard output; it ends when the input does. No page gets into a message or a file.
"""

import hashlib
import json
import re
import resource
import struct
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from importlib import import_module
from typing import Any, BinaryIO, Final

from opencc import OpenCC

from scrapers.monitor.markup import decode, tree
from scrapers.monitor.shapes import Article, Page, Site
from scrapers.web.family import Family, parse
from scrapers.web.links import Place, Unreadable, read_counters, read_list

EXTRACT: Final = "scrapers.monitor.extract:extract"
"""What makes an article of a page, people left out."""
LENGTHS: Final = struct.Struct(">II")
"""Before each message: bytes of its JSON, bytes of the page."""

_MEMORY = 4 << 30
_FEW = 20  # characters that a text has at least
_SHORT = (
    200  # characters of a page that does no more than ask for a password, or say that it is gone
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_PASSWORD = re.compile(r"""(?i)<input\b[^>]{0,500}\btype\s*=\s*["']?password""")
_GONE = re.compile(r"404|页面不存在|网页不存在|找不到|已删除|頁面不存在|(?i:not found)")
_GONE_TEXT = re.compile(r"访问的(?:页面|网页|内容).{0,10}(?:不存在|已删除|找不到)")


class Looker:
    """Looks into pages of sites of some families."""

    def __init__(self, families: Mapping[str, Family], extract: Callable[[Page], Article]) -> None:
        self._families, self._extract = families, extract

    def look(self, told: Mapping[str, Any], content: bytes) -> dict[str, Any]:
        """What is in a page.

        Args:
            told: `kind`, `family`, `site` (its fields), `url`, `declared` (charset that the server
                named), and by kind `listing`, `path`, `start`, `number` of a list, `address` of
                counters, `retrieved` of others.
            content: of the page, unpacked.

        Returns:
            Of `front`: `title`. Of `list`: `articles`, `lists`, `next`. Of `counter`: `counted`. Of
            others: `text` and `like` (hashes; the second of what alike pages share), `wrong` (`login`,
            `gone` or ""), `title`, `date`, `words` (what it has), `article` (JSON).

        Raises:
            Unreadable: it is not what its kind says.
        """
        family = self._families[told["family"]]
        declared = told["declared"] or family.encoding or None
        match told["kind"]:
            case "front":
                title = tree(decode(content, declared)).css_first("title")
                said = " ".join(title.text().split())[:200] if title else ""
                # Names of sites are declared in simplified characters.
                return {"title": _to_simplified().convert(said)}
            case "list":
                at = Place(told["site"]["host"], told["path"], told["start"], told["number"])
                listing = family.listing[told["listing"]]
                found = read_list(content, declared, listing, family, at, family.bounds.bytes)
                return asdict(found)
            case "counter":
                return {"counted": list(read_counters(content, declared, family, told["address"]))}
        return self._article(told, decode(content, declared))

    def _article(self, told: Mapping[str, Any], html: str) -> dict[str, Any]:
        article = self._extract(Page(told["url"], Site(**told["site"]), told["retrieved"], html))
        said = article.text
        short = len(said) < _SHORT
        wrong = (
            "login" if short and _PASSWORD.search(html)
            else "gone" if short and (_GONE.search(article.title) or _GONE_TEXT.search(said))
            else ""
        )  # fmt: skip
        return {
            # What is said in the same words on another day is said again.
            "text": _hash(f"{article.published}\n{said}"),
            "like": _like(html) if told["alike"] else None,
            "wrong": wrong,
            "title": bool(article.title),
            "date": article.published and article.published.isoformat(),
            "words": sum(map(len, article.paragraphs)) >= _FEW,
            "article": json.dumps(asdict(article), default=str, ensure_ascii=False),
        }


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def _like(html: str) -> str:
    """A hash that pages share which say the same, each of its own address."""
    body = tree(html).body
    return _hash("".join(_HAN.findall(body.text() if body else "")) or html)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next message; None where there is none any more."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    told, content = LENGTHS.unpack(lengths)
    return json.loads(stream.read(told)), stream.read(content)


def send(told: Mapping[str, Any], content: bytes = b"") -> bytes:
    """A message."""
    head = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    return LENGTHS.pack(len(head), len(content)) + head + content


def main() -> None:
    """Look into pages until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    first = receive(source)
    if first is None:
        return
    module, _, name = first[0]["extract"].partition(":")
    families = {name: parse(name, raw) for name, raw in first[0]["families"].items()}
    looker = Looker(families, getattr(import_module(module), name))
    sink.write(send({}))  # it is up
    sink.flush()
    while (page := receive(source)) is not None:
        try:
            found = looker.look(*page)
        except Unreadable:
            found = {"error": "unreadable"}
        except Exception as error:
            # Whatever a page makes go wrong is this page's.
            found = {"error": type(error).__name__}
        sink.write(send(found))
        sink.flush()


if __name__ == "__main__":
    main()
