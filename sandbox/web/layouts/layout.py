"""What all families of sites share: a site's pages by their paths, and what it answers with."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from html import escape
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from sandbox.web import traps
from sandbox.web.answer import Answer
from sandbox.web.archive import Entry
from sandbox.web.drawn import Draws
from sandbox.web.writing import Written
from scrapers.monitor.shapes import Site

_NOTICE: Final = "模拟页面，内容均为虚构 Simulated: everything here is invented"
_ROBOTS: Final = Answer(
    b"User-agent: *\nDisallow: /admin/\nDisallow: /search\n", "text/plain; charset=utf-8"
)
_CHANNELS: Final[Mapping[str, tuple[int, ...]]] = {
    "event": (0, 2, 2), "response": (0, 3), "exemplar": (2, 3), "rule": (1,), "risk_warning": (3, 2),
    "pledge": (2, 3), "propaganda": (0, 2), "other": (0, 0, 3),
}  # fmt: skip
"""Which of news, documents, credit, notices a page may be in, by its kind."""
_OTHERS: Final = 5


@dataclass(frozen=True)
class Setting:
    """A site and what it needs to know of the country.

    Attributes:
        entries: its pages, newest first.
        write: what a page says.
        counters: values of a measure by city code, as sites tell them.
        today: the last day of the archive.
        changed: whether the family's layout was changed, so that nothing is where it was.
        trapped: whether its lists have links that lead robots astray, beside the good ones.
    """

    site: Site
    entries: Sequence[Entry]
    write: Callable[[Entry], Written]
    counters: Callable[[str], Mapping[str, float]]
    today: date
    changed: bool = False
    trapped: bool = False


class Layout:
    """A site of a family; each family has a subclass, and a template of its articles."""

    family: ClassVar[str]
    encoding: ClassVar[str] = "utf-8"
    """What its pages are written in."""
    declares: ClassVar[str] = "utf-8"
    """What their head says that they are written in; nothing where it is empty."""
    header: ClassVar[str] = "text/html"
    """Content type of pages, as the header has it."""
    channels: ClassVar[Mapping[str, str]] = {}
    """Of news, documents, credit and notices: part of their addresses, and what they are called."""
    sections: ClassVar[Sequence[str]] = ()
    """Parts of the site that its pages print."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    def place(self, day: date, number: int, channel: str) -> str:
        """The path of a page of a day."""
        raise NotImplementedError

    def entrances(self) -> Mapping[str, str]:
        """Links of the front page, and what they are called."""
        raise NotImplementedError

    def listing(self, path: str, query: Mapping[str, str]) -> Answer | None:
        """A list or a counter, if there is one at the path."""
        raise NotImplementedError

    def answer(self, path: str, query: str) -> Answer | None:
        """What is at an address; None where there is nothing."""
        if path == "/":
            return self.page(self.name, self._front(), live=True)
        if path == "/robots.txt":
            return _ROBOTS
        path = path.partition(";")[0]  # ids of sessions lead to the page itself
        if (entry := self.by_path.get(path)) is not None:
            return self._article(entry)
        if self.setting.trapped and (caught := traps.caught(self._snares, path)):
            return caught
        return self.listing(path, {name: last for name, (*_, last) in parse_qs(query).items()})

    def path(self, entry: Entry) -> str:
        """Where a page of the archive is."""
        return self.place(entry.published, entry.number, self._channel(entry))

    def page(self, title: str, body: str, *, live: bool = False) -> Answer:
        """A page of HTML, which says whose it is and that it is invented."""
        meta = f'<meta charset="{self.declares}">' if self.declares else ""
        html = (
            f'<!DOCTYPE html>\n<html lang="zh"><head>{meta}<title>{title}</title></head>\n'
            f"<body>{body}<footer>主办单位：{self.name} 网站标识码{self.number}<p>{_NOTICE}</p></footer>"
            "</body></html>\n"
        )
        return Answer(self.encoded(html), self.header, live=live)

    def encoded(self, text: str) -> bytes:
        """Text as the family writes it; what cannot be written so becomes a reference."""
        return text.encode(self.encoding, "xmlcharrefreplace")

    def data(self, content: object) -> Answer:
        """JSON."""
        body = json.dumps(content, ensure_ascii=False).encode()
        return Answer(body, "application/json; charset=utf-8", live=True)

    def counter(self, **told: Any) -> Answer:
        """JSON of what the site counts, and of which day it is."""
        return self.data({"updated": self.setting.today.isoformat(), "note": _NOTICE, **told})

    def section(self, entry: Entry) -> str:
        """The part of the site that a page prints."""
        return self.channels[self._channel(entry)]

    def in_channel(self, channel: str) -> list[Entry]:
        """Its pages, newest first."""
        return [entry for entry in self.setting.entries if self._channel(entry) == channel]

    def title(self, entry: Entry) -> str:
        """Of a page, as lists have it: without markup."""
        return escape(self.setting.write(entry).title)

    @property
    def name(self) -> str:
        """How the site calls itself."""
        return self.setting.site.name

    @cached_property
    def number(self) -> int:
        """A number of the site's own."""
        return Draws(self.setting.site.site_id).number(10**8, 10**9, "number")

    @cached_property
    def by_path(self) -> Mapping[str, Entry]:
        """The site's pages."""
        return {self.path(entry): entry for entry in self.setting.entries}

    @cached_property
    def traps(self) -> list[str]:
        """Links of its lists that lead robots astray: snares, and other addresses of a page."""
        if not self.setting.trapped:
            return []
        newest = [self.path(entry) for entry in self.setting.entries[:1]]
        return [*self._snares, *(path + other for path in newest for other in traps.ALIASES)]

    @cached_property
    def _snares(self) -> Mapping[str, str]:
        """What is wrong at paths that look like those of pages; real pages have larger numbers."""
        channel = next(iter(self.channels), "")
        return {
            self.place(self.setting.today, number, channel): snare
            for number, snare in enumerate(traps.SNARES, start=1)
        } | {traps.CALENDAR: "calendar"}

    def _front(self) -> str:
        links = "".join(f'<a href="{link}">{name}</a> ' for link, name in self.entrances().items())
        return f"<h1>{self.name}</h1><nav>{links}</nav>"

    def _channel(self, entry: Entry) -> str:
        """The channel that a page is in: one of those that its kind is found in."""
        if not self.channels:
            return ""
        options = _CHANNELS[entry.kind]
        return list(self.channels)[options[entry.number % len(options)]]

    def _article(self, entry: Entry) -> Answer:
        written = self.setting.write(entry)
        draws = Draws(self.setting.site.site_id, entry.id)
        body = _template(self.family).render(
            name=self.name,
            number=self.number,
            kind=entry.kind,
            page=written,
            day=entry.published,
            clock=f"{8 + entry.number % 11:02}:{entry.number % 60:02}",
            today=self.setting.today,
            views=draws.number(30, 9000, "views"),
            section=self.section(entry),
            sections=self.sections,
            entrances=self.entrances().items(),
            others=[(self.path(other), self.title(other)) for other in self._others(entry, draws)],
        )
        return self.page(f"{written.title}_{self.name}", body, live=True)

    def _others(self, entry: Entry, draws: Draws) -> list[Entry]:
        """Pages that a page links to beside its text."""
        entries = self.setting.entries
        start = draws.bits("others") % len(entries)
        near = [
            *entries[start : start + _OTHERS],
            *entries[: max(start + _OTHERS - len(entries), 0)],
        ]
        return [other for other in dict.fromkeys(near) if other is not entry]


def paged(entries: Sequence[Entry], page: int, size: int) -> tuple[Sequence[Entry], int]:
    """The entries of a page (1 is the first), and how many pages there are."""
    return entries[(page - 1) * size : page * size], max(-(-len(entries) // size), 1)


def whole(text: str) -> int:
    """A number of an address, from 1 on; 0 where it is none."""
    return int(text) if text.isdecimal() else 0


@cache
def _template(family: str) -> Template:
    return _environment().get_template(f"{family}.html.j2")


@cache
def _environment() -> Environment:
    # Not escaped: titles and texts may hold what a hostile site would put there.
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
    )
