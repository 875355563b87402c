"""Credit websites: lists that a script asks for as JSON, counters of what the site discloses, UTF-8."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, Final

from sandbox.web.answer import Answer
from sandbox.web.archive import Entry
from sandbox.web.layouts.layout import Layout, whole

_LARGEST: Final = 100
_PERMITS: Final = 0.75
"""Share of disclosed records that are permits."""
_SECTIONS: Final[Mapping[str, str]] = {
    "event": "信用动态", "response": "信用动态", "exemplar": "诚信典型", "rule": "政策法规",
    "risk_warning": "风险提示", "pledge": "信用承诺", "propaganda": "诚信文化", "other": "通知公告",
}  # fmt: skip


class CreditJson(Layout):
    """A site of the family."""

    family: ClassVar[str] = "credit_json"
    header: ClassVar[str] = "text/html;charset=UTF-8"
    sections: ClassVar[Sequence[str]] = tuple(dict.fromkeys(_SECTIONS.values()))

    def place(self, day: date, number: int, channel: str) -> str:  # noqa: ARG002
        """`/detail/123.html`."""
        return f"/detail/{number}.html"

    def entrances(self) -> Mapping[str, str]:
        """The list and the counters."""
        return {"/api/articles?page=1&size=50": "全部", "/api/statistics.json": "双公示统计"}

    def section(self, entry: Entry) -> str:
        """By its kind."""
        return _SECTIONS[entry.kind]

    def listing(self, path: str, query: Mapping[str, str]) -> Answer | None:
        """`/api/articles?page=1&size=50`, `/api/statistics.json`."""
        if path == "/api/statistics.json":
            return self._statistics()
        page, size = whole(query.get("page", "1")), whole(query.get("size", "50"))
        if path != "/api/articles" or not page or not 1 <= size <= _LARGEST:
            return None
        some = self.setting.entries[(page - 1) * size : page * size]
        if self.setting.changed:
            rows = [{"key": entry.number} for entry in some]
            return self.data({"code": 0, "data": {"rows": rows}})
        items = [
            {
                "id": entry.number,
                "title": self.setting.write(entry).title,
                "url": self.path(entry),
                "date": entry.published.isoformat(),
            }
            for entry in some
        ]
        if page == 1:
            items += [{"id": 0, "title": "更多", "url": trap, "date": ""} for trap in self.traps]
        total = len(self.setting.entries)
        return self.data({"total": total, "page": page, "size": size, "items": items})

    def _statistics(self) -> Answer:
        """What the site discloses and how often it is visited, in twelve months."""
        code = self.setting.site.city_code or ""
        disclosed, visits = (
            round(self.setting.counters(measure).get(code, 0))
            for measure in ("disclosure_records_12m", "credit_website_clicks_12m")
        )
        permits = round(disclosed * _PERMITS)
        of_kinds = {"permits": permits, "penalties": disclosed - permits}
        return self.counter(disclosed=of_kinds, visits=visits)
