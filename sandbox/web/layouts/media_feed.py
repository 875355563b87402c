"""Media with a feed and an archive by month; UTF-8, but the header says gb2312."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from itertools import groupby
from typing import ClassVar, Final

from sandbox.web.answer import Answer
from sandbox.web.archive import Entry
from sandbox.web.layouts.layout import Layout

_NEWEST: Final = 20
_CLOCK: Final = timezone(timedelta(hours=8))


class MediaFeed(Layout):
    """A site of the family."""

    family: ClassVar[str] = "media_feed"
    header: ClassVar[str] = "text/html; charset=gb2312"
    declares: ClassVar[str] = ""
    sections: ClassVar[Sequence[str]] = ("要闻", "社会", "财经", "法治", "民生")

    def place(self, day: date, number: int, channel: str) -> str:  # noqa: ARG002
        """`/2019/0603/12345.html`."""
        return f"/{day:%Y/%m%d}/{number}.html"

    def entrances(self) -> Mapping[str, str]:
        """The archive and the feed."""
        return {"/archive/index.html": "往期", "/feed.xml": "订阅"}

    def section(self, entry: Entry) -> str:
        """Any of them."""
        return self.sections[entry.number % len(self.sections)]

    def listing(self, path: str, query: Mapping[str, str]) -> Answer | None:  # noqa: ARG002
        """`/feed.xml`, `/archive/index.html`, `/archive/2019-06.html`."""
        if path == "/feed.xml":
            return self._atom() if self.number % 2 else self._rss()
        by_month = {
            f"/archive/{month}.html": list(entries)
            for month, entries in groupby(
                self.setting.entries, key=lambda entry: f"{entry.published:%Y-%m}"
            )
        }
        if path == "/archive/index.html":
            rows = "".join(f'<li><a href="{month}">{month[9:16]}</a></li>' for month in by_month)
            body = f'<ul class="list months">{rows}</ul>'
            return self.page(f"往期_{self.name}", body, live=True)
        if path not in by_month:
            return None
        rows = "\n".join(map(self._row, by_month[path]))
        traps = "".join(f'<li><a href="{trap}">专题</a></li>' for trap in self.traps)
        tag = "div" if self.setting.changed else "ul"
        body = f'<{tag} class="list">{rows}{traps}</{tag}>'
        return self.page(f"{path[9:16]}_{self.name}", body, live=True)

    def _row(self, entry: Entry) -> str:
        title, day = self.title(entry), entry.published
        if self.setting.changed:
            return f"<h5 data-key={entry.number}>{title}</h5>"
        return f'<li><a href="{self.path(entry)}">{title}</a><time>{day}</time></li>'

    def _rss(self) -> Answer:
        items = "".join(
            f"<item><title>{self.title(entry)}</title><link>{self._url(entry)}</link>"
            f"<pubDate>{format_datetime(_moment(entry))}</pubDate></item>\n"
            for entry in self.setting.entries[:_NEWEST]
        )
        channel = f"<title>{self.name}</title><link>http://{self.setting.site.host}/</link>"
        return _xml(f'<rss version="2.0"><channel>{channel}\n{items}</channel></rss>', "rss")

    def _atom(self) -> Answer:
        entries = "".join(
            f'<entry><title>{self.title(entry)}</title><link href="{self._url(entry)}"/>'
            f"<id>{self._url(entry)}</id><updated>{_moment(entry).isoformat()}</updated></entry>\n"
            for entry in self.setting.entries[:_NEWEST]
        )
        feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{self.name}</title>\n{entries}'
        return _xml(f"{feed}</feed>", "atom")

    def _url(self, entry: Entry) -> str:
        return f"http://{self.setting.site.host}{self.path(entry)}"


def _moment(entry: Entry) -> datetime:
    clock = time(8 + entry.number % 11, entry.number % 60, tzinfo=_CLOCK)
    return datetime.combine(entry.published, clock)


def _xml(text: str, kind: str) -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
    return Answer(body.encode(), f"application/{kind}+xml", live=True)
