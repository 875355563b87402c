"""The stand-in web of a country: its archive and its sites, and the truth about every page and event."""

import calendar
from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, Protocol
from urllib.parse import quote

import polars as pl

from sandbox.chance import Numbers
from sandbox.web.archive import Archive, Entry
from sandbox.web.drawn import Draws
from sandbox.web.events import Tendencies
from sandbox.web.layouts import LAYOUTS
from sandbox.web.layouts.layout import Layout, Setting
from sandbox.web.places import places
from sandbox.web.writing import Written, write
from scrapers.web.sites import Watched, watched

_TRAPPED: Final = 0.04
"""Share of sites with articles that have snares in their lists."""
_KEPT: Final = 2_000


class Month(Tendencies, Protocol):
    """A month of the world."""

    def value(self, measure: str) -> Numbers:
        """What is true of the measure, in the cities' order."""


class Web:
    """The web of a country on the last day of a month; its parts are made when first asked for."""

    def __init__(
        self, month: Month, cities: pl.DataFrame, months: int, changed: Collection[str] = ()
    ) -> None:
        """Describe it.

        Args:
            month: the last month.
            cities: of that month, as `indicators.registry.cities_of` gives them.
            months: so many months the archive goes back.
            changed: families whose layout was changed.
        """
        self._month, self._cities, self._months = month, cities, months
        self._changed = changed
        year, number = 2016 + month.t // 12, month.t % 12 + 1
        self.today = date(year, number, calendar.monthrange(year, number)[1])
        self._write = lru_cache(maxsize=_KEPT)(self._written)
        self._counters = lru_cache(maxsize=None)(self._counted)
        self.layout = lru_cache(maxsize=None)(self._laid_out)

    @cached_property
    def watched(self) -> Mapping[str, Watched]:
        """The sites by host."""
        return {one.site.host: one for one in watched(LAYOUTS)}

    @cached_property
    def archive(self) -> Archive:
        """All pages."""
        t = self._month.t
        months = [self._month.at(t - age) for age in reversed(range(self._months))]
        sites = list(self.watched.values())
        return Archive(months, places(self._cities), sites, self.today, self._month.seed)

    def truth(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What is true of pages and of events.

        Returns:
            Pages: url, site_id, kind, city_code, event_id, subject, affair, field, polarity, severity
            (these of events and responses), published (Date), count, national_document, rule_fields.
            Events: event_id, city_code, subject, affair, field, polarity, severity, first_seen,
            disclosed, answered (Date; null where it never was), projects.
        """
        by_host = ((one, self.layout(host)) for host, one in self.watched.items())
        pages = [
            _page(layout, entry)
            for one, layout in by_host
            if layout is not None
            for entry in self.archive.by_site.get(one.site.site_id, ())
        ]
        frame = pl.DataFrame(pages, schema=_PAGES, orient="row").sort("url")
        return frame, _events(self.archive, frame)

    def persons(self, entry: Entry) -> tuple[str, ...]:
        """Everything that a page tells of people; none of it may be kept."""
        return self._write(entry).persons

    def _laid_out(self, host: str) -> Layout | None:
        """The site of a host."""
        if (one := self.watched.get(host)) is None:
            return None
        site = one.site
        entries = self.archive.by_site.get(site.site_id, ())
        drawn = Draws(self._month.seed, site.site_id).chance(_TRAPPED, "trapped")
        return LAYOUTS[one.family](
            Setting(
                site=site,
                entries=entries,
                write=self._write,
                counters=self._counters,
                today=self.today,
                changed=one.family in self._changed,
                trapped=bool(entries) and drawn,
            )
        )

    def _written(self, entry: Entry) -> Written:
        return write(entry, self._names, self._month.seed)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {one.site.site_id: one.site.name for one in self.watched.values()}

    def _counted(self, measure: str) -> Mapping[str, float]:
        return dict(zip(self._month.codes, self._month.value(measure).tolist(), strict=True))


_EVENT: Final = ("event_id", "subject", "affair", "field", "polarity", "severity")
_TEXTS: Final = ("url", "site_id", "kind", "city_code", *_EVENT)
_PAGES: Final = pl.Schema(
    {
        **dict.fromkeys(_TEXTS, pl.String()),
        "published": pl.Date(),
        "count": pl.Int64(),
        "national_document": pl.String(),
        "rule_fields": pl.List(pl.String()),
    }
)


def _page(layout: Layout, entry: Entry) -> tuple[object, ...]:
    event, text = entry.event, entry.text
    site = layout.setting.site
    told: tuple[str | None, ...] = (None,) * len(_EVENT)
    if event is not None:
        plot = event.plot
        told = (event.id, plot.subject, plot.affair, plot.field, event.polarity, event.severity)
    return (
        f"http://{site.host}{quote(layout.path(entry))}",
        site.site_id,
        entry.kind,
        None if entry.kind == "other" else entry.place.code,
        *told,
        entry.published,
        entry.count,
        text.document if text else None,
        sorted(text.fields) if text else [],
    )


def _events(archive: Archive, pages: pl.DataFrame) -> pl.DataFrame:
    """Events that some page reports; days are those of the pages."""
    known = {entry.event.id: entry.event for entry in archive.entries if entry.event}
    projects = pl.DataFrame(
        [(id_, list(event.plot.projects)) for id_, event in known.items()],
        schema={"event_id": pl.String, "projects": pl.List(pl.String)},
        orient="row",
    )
    report = pl.col("kind") == "event"
    own = pl.col("site_id").str.tail(6) == pl.col("city_code")
    return (
        pages.drop_nulls("event_id")
        .group_by("event_id", "city_code", *_EVENT[1:])
        .agg(
            first_seen=pl.col("published").filter(report).min(),
            disclosed=pl.col("published").filter(report & own).min(),
            answered=pl.col("published").filter(~report).min(),
        )
        .join(projects, on="event_id")
        .sort("event_id")
    )
