"""Media with lists that lead to the next one; GB2312, one of them Big5 and in traditional characters."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import ClassVar, Final

from opencc import OpenCC

from sandbox.web.answer import Answer
from sandbox.web.archive import Entry
from sandbox.web.layouts.layout import Layout, paged, whole

_SIZE: Final = 25
_CHARSET: Final = "CHARSET"
_TRADITIONAL: Final = ("media_yaluxinxi",)
"""Sites that write traditional characters."""


class MediaList(Layout):
    """A site of the family."""

    family: ClassVar[str] = "media_list"
    declares: ClassVar[str] = _CHARSET

    def place(self, day: date, number: int, channel: str) -> str:  # noqa: ARG002
        """`/news/20190603/n12345.htm`."""
        return f"/news/{day:%Y%m%d}/n{number}.htm"

    def entrances(self) -> Mapping[str, str]:
        """The first list."""
        return {"/news/list.htm": "新闻列表"}

    def section(self, entry: Entry) -> str:  # noqa: ARG002
        """There are none."""
        return ""

    def encoded(self, text: str) -> bytes:
        """In Big5 for readers of traditional characters, else in GB2312."""
        encoding = "gb2312"
        if self.setting.site.site_id in _TRADITIONAL:
            encoding, text = "big5", _traditional().convert(text)
        return text.replace(_CHARSET, encoding, 1).encode(encoding, "xmlcharrefreplace")

    def listing(self, path: str, query: Mapping[str, str]) -> Answer | None:  # noqa: ARG002
        """`/news/list.htm`, `/news/list_2.htm`."""
        stem = path.removeprefix("/news/list").removesuffix(".htm")
        at = 1 if not stem else whole(stem[1:])
        some, pages = paged(self.setting.entries, at, _SIZE)
        if path not in ("/news/list.htm", f"/news/list_{at}.htm") or not 1 <= at <= pages:
            return None
        rows = "\n".join(map(self._row, some))
        if self.setting.changed:
            body = f'<dl class="stream">{rows}</dl><button>加载更多</button>'
        else:
            traps = "".join(f'<p><a href="{trap}">日历</a></p>' for trap in self.traps)
            following = f'<a href="list_{at + 1}.htm">下一页</a>' if at < pages else "下一页"
            body = f'<div class="list">{rows}{traps}</div><div>{following}</div>'
        return self.page(f"新闻列表_{self.name}", body, live=True)

    def _row(self, entry: Entry) -> str:
        title, day = self.title(entry), entry.published
        if self.setting.changed:
            return f"<dt>{title}</dt>"
        return f'<p><a href="{self.path(entry)}">{title}</a> <em>{day:%m月%d日 %Y}</em></p>'


@cache
def _traditional() -> OpenCC:
    return OpenCC("s2t")
