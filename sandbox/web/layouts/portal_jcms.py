"""Government portals of an older system: lists by column in tables, GBK that calls itself gb2312."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from sandbox.web.answer import Answer
from sandbox.web.archive import Entry
from sandbox.web.layouts.layout import Layout, paged, whole

_SIZE = 15


class PortalJcms(Layout):
    """A site of the family."""

    family: ClassVar[str] = "portal_jcms"
    encoding: ClassVar[str] = "gbk"
    declares: ClassVar[str] = "gb2312"
    channels: ClassVar[Mapping[str, str]] = {
        "101": "政务动态", "102": "规范性文件", "103": "诚信建设", "104": "公示公告",
    }  # fmt: skip

    def place(self, day: date, number: int, channel: str) -> str:
        """`/art/2019/6/3/art_101_456.html`."""
        return f"/art/{day.year}/{day.month}/{day.day}/art_{channel}_{number}.html"

    def entrances(self) -> Mapping[str, str]:
        """The columns."""
        return {f"/col/col{column}/index.html": name for column, name in self.channels.items()}

    def listing(self, path: str, query: Mapping[str, str]) -> Answer | None:
        """`/col/col101/index.html?pageNum=2`."""
        if path not in self.entrances():
            return None
        column, at = path[8:11], whole(query.get("pageNum", "1"))
        some, pages = paged(self.in_channel(column), at, _SIZE)
        if not 1 <= at <= pages:
            return None
        rows = "\n".join(map(self._row, some))
        if self.setting.changed:
            body = f'<div class="default_pgContainer">{rows}</div>'
        else:
            traps = "".join(
                f'<tr><td><a href="{trap}">专题</a></td><td></td></tr>' for trap in self.traps
            )
            following = f'<a href="?pageNum={at + 1}">下页</a>' if at < pages else "下页"
            body = (
                f'<table class="list">{rows}{traps}</table>'
                f"<div>共{pages}页 第{at}页 {following}</div>"
            )
        return self.page(f"{self.name} {self.channels[column]}", body, live=True)

    def _row(self, entry: Entry) -> str:
        title = self.title(entry)
        if self.setting.changed:
            return f'<record onclick="open({entry.number})">{title}</record>'
        link = f'<a href="{self.path(entry)}">{title}</a>'
        return f"<tr><td>{link}</td><td>[{entry.published}]</td></tr>"
