"""Government portals published as files: numbered lists, articles beside them, UTF-8."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from sandbox.web.answer import Answer
from sandbox.web.archive import Entry
from sandbox.web.layouts.layout import Layout, paged, whole

_SIZE = 20


class PortalStatic(Layout):
    """A site of the family."""

    family: ClassVar[str] = "portal_static"
    channels: ClassVar[Mapping[str, str]] = {
        "xwzx": "新闻中心", "zwgk": "政务公开", "xyjs": "信用建设", "tzgg": "通知公告",
    }  # fmt: skip

    def place(self, day: date, number: int, channel: str) -> str:
        """`/xwzx/201906/t20190603_12345.html`."""
        return f"/{channel}/{day:%Y%m}/t{day:%Y%m%d}_{number}.html"

    def entrances(self) -> Mapping[str, str]:
        """The channels."""
        return {f"/{channel}/index.html": name for channel, name in self.channels.items()}

    def listing(self, path: str, query: Mapping[str, str]) -> Answer | None:  # noqa: ARG002
        """`/xwzx/index.html`, `/xwzx/index_1.html`."""
        channel, _, name = path[1:].partition("/")
        stem = name.removeprefix("index").removesuffix(".html")
        at = 1 if not stem else whole(stem[1:]) + 1
        if channel not in self.channels or name not in ("index.html", f"index_{at - 1}.html"):
            return None
        some, pages = paged(self.in_channel(channel), at, _SIZE)
        if at > pages:
            return None
        rows = "\n".join(self._row(channel, entry) for entry in some)
        if self.setting.changed:
            body = f'<div class="news-cards">{rows}</div>'
        else:
            traps = "".join(f'<li><a href="{trap}">更多</a></li>' for trap in self.traps)
            body = (
                f'<ul class="list">\n{rows}\n{traps}</ul>\n<div class="page"><script>'
                f'createPageHTML({pages}, {at - 1}, "index", "html");</script></div>'
            )
        title = self.channels[channel]
        return self.page(f"{title}_{self.name}", f"<h2>{title}</h2>{body}", live=True)

    def _row(self, channel: str, entry: Entry) -> str:
        title, day = self.title(entry), entry.published
        if self.setting.changed:
            return f'<section data-id="{entry.number}"><b>{title}</b><i>{day:%m-%d}</i></section>'
        address = self.path(entry).replace(f"/{channel}/", "./", 1)
        return f'<li><a href="{address}" title="{title}">{title}</a><span>{day}</span></li>'
