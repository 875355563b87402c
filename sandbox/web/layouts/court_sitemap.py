"""Courts, one a province: site maps by month, GB18030, and counts of contract cases by city."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import ClassVar, Final

from sandbox.web.answer import Answer
from sandbox.web.archive import Entry
from sandbox.web.layouts.layout import Layout

_SCHEMA: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


class CourtSitemap(Layout):
    """A site of the family."""

    family: ClassVar[str] = "court_sitemap"
    encoding: ClassVar[str] = "gb18030"
    declares: ClassVar[str] = "gb18030"

    def place(self, day: date, number: int, channel: str) -> str:  # noqa: ARG002
        """`/article/2019/06/12345.shtml`."""
        return f"/article/{day:%Y/%m}/{number}.shtml"

    def entrances(self) -> Mapping[str, str]:
        """The site maps and the counters."""
        return {"/sitemap.xml": "网站地图", "/data/contracts.json": "合同纠纷案件公开数据"}

    def section(self, entry: Entry) -> str:
        """News or notices."""
        return "公告" if entry.kind == "other" else "法院要闻"

    def listing(self, path: str, query: Mapping[str, str]) -> Answer | None:  # noqa: ARG002
        """`/sitemap.xml`, `/sitemap/2019-06.xml`, `/data/contracts.json`."""
        if path == "/data/contracts.json":
            return self._contracts()
        by_month = {
            f"/sitemap/{month}.xml": list(entries)
            for month, entries in groupby(
                self.setting.entries, key=lambda entry: f"{entry.published:%Y-%m}"
            )
        }
        if path == "/sitemap.xml":
            newest = ((month, entries[0]) for month, entries in by_month.items())
            return self._map("sitemapindex", "sitemap", newest)
        if path not in by_month or self.setting.changed:
            return None
        return self._map("urlset", "url", ((self.path(one), one) for one in by_month[path]))

    def _map(self, root: str, each: str, places: Iterable[tuple[str, Entry]]) -> Answer:
        """A site map: places, and the newest page of each."""
        host = self.setting.site.host
        rows = "".join(
            f"<{each}><loc>http://{host}{path}</loc>"
            f"<lastmod>{newest.published}</lastmod></{each}>\n"
            for path, newest in places
        )
        head = '<?xml version="1.0" encoding="UTF-8"?>'
        xml = f'{head}\n<{root} xmlns="{_SCHEMA}">\n{rows}</{root}>\n'
        return Answer(xml.encode(), "application/xml", live=True)

    def _contracts(self) -> Answer:
        """Contract cases of each city of the province, published in twelve months."""
        province = self.setting.site.site_id.removeprefix("court_")[:2]
        told = self.setting.counters("contract_cases_12m")
        cities = [
            {"city_code": code, "cases": round(cases)}
            for code, cases in sorted(told.items())
            if code.startswith(province)
        ]
        return self.counter(cities=cities)
