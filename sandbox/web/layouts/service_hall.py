"""Government service platforms: no articles, but a catalogue that counts its items."""

from collections.abc import Mapping
from typing import ClassVar

from sandbox.web.answer import Answer
from sandbox.web.layouts.layout import Layout


class ServiceHall(Layout):
    """A site of the family."""

    family: ClassVar[str] = "service_hall"

    def entrances(self) -> Mapping[str, str]:
        """The catalogue."""
        return {"/catalogue/index.html": "事项清单"}

    def listing(self, path: str, query: Mapping[str, str]) -> Answer | None:  # noqa: ARG002
        """`/catalogue/index.html`."""
        if path not in self.entrances():
            return None
        code = self.setting.site.city_code or ""
        items, one_stop = (
            round(self.setting.counters(measure).get(code, 0))
            for measure in ("service_items", "one_stop_items")
        )
        names = ("total", "net") if self.setting.changed else ("items", "one-stop")
        body = (
            f'<h1>政务服务事项清单</h1><p>事项总数 <span id="{names[0]}">{items:,}</span> 项</p>'
            f'<p>其中“一网通办” <span id="{names[1]}">{one_stop:,}</span> 项</p>'
            f"<p>更新日期 {self.setting.today}</p>"
        )
        return self.page(f"事项清单_{self.name}", body, live=True)
