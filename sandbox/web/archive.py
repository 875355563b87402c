"""Who tells of what, where and when: every page of every site, from what happened and was published.

A page of one month is the same whatever months and days the archive has: nothing is numbered through.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from sandbox.web.drawn import Draws
from sandbox.web.events import Tendencies, happened, published, standing
from sandbox.web.places import Place
from sandbox.web.plots import Plot, Text, plots, texts
from scrapers.web.sites import Watched

_NATIONAL: Final = "media_huaxiaxinpinglun"
OWN: Final = ("portal", "credit")
"""How the ids of cities' own sites begin that tell of something."""
_OTHERS_OF_MEDIA, _OTHERS_OF_COURTS = 6, 4
"""Pages a year that give nothing, of each."""
_OFTEN: Final = 6
"""Months in which a city's own site publishes such a page once, so that none is ever silent for long."""


@dataclass(frozen=True, eq=False)
class Event:
    """A credit event.

    Attributes:
        outcome: one of `plots.OUTCOMES`.
        first_seen: day of the first report.
    """

    id: str
    place: Place
    plot: Plot
    outcome: str
    first_seen: date

    @property
    def polarity(self) -> str:
        """`good` or `bad`."""
        return "good" if self.outcome == "good" else "bad"

    @property
    def severity(self) -> str | None:
        """Of bad events."""
        return None if self.outcome == "good" else self.outcome


@dataclass(frozen=True)
class Entry:
    """A page of a site.

    Attributes:
        id: what all pages that tell of the same have in common with it, and its own part.
        kind: as `scrapers.monitor.shapes.KINDS` has it.
        place: the city that it is about, or comes from where it is about none.
        manner: a name in `plots.manners()`; of pages that tell of no event, their kind.
        reprints: the page whose text it has.
    """

    id: str
    site: str
    kind: str
    place: Place
    published: date
    manner: str
    event: Event | None = None
    text: Text | None = None
    count: int | None = None
    reprints: "Entry | None" = None

    @property
    def number(self) -> int:
        """What its address calls it; no two of a site in a day have the same."""
        return Draws(self.id, self.site).number(10_000, 9_999_999)


class Archive:
    """All pages that have been published until a day, by site, newest first."""

    def __init__(
        self,
        months: Sequence[Tendencies],
        places: Mapping[str, Place],
        sites: Sequence[Watched],
        today: date,
        seed: int,
    ) -> None:
        """Make them.

        Args:
            months: all with the same cities, the earliest first.
            places: those cities by code.
            sites: that can tell of something.
            today: what is published later is not there yet.
            seed: which country it is.
        """
        self._places, self._seed, self._today = places, seed, today
        self._sites = {watched.site.site_id: watched for watched in sites}
        media = [name for name in self._sites if name.startswith("media_")]
        provinces = sorted({place.province_code for place in places.values()})
        self._media = dict(zip(provinces, media, strict=False))
        self._all_media = media
        made = [*self._of_events(months), *self._of_pages(months), *self._everyday(months)]
        self.entries = [entry for entry in made if entry.published <= today]

    @cached_property
    def by_site(self) -> Mapping[str, list[Entry]]:
        """The pages of each site, newest first; sites without any are left out."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in sorted(
            self.entries, key=lambda entry: (entry.published, entry.id), reverse=True
        ):
            found[entry.site].append(entry)
        return found

    def _of_events(self, months: Sequence[Tendencies]) -> Iterator[Entry]:
        for month in months:
            for row in happened(month).iter_rows(named=True):
                yield from self._reports(row)

    def _reports(self, row: Mapping[str, Any]) -> Iterator[Entry]:
        """All that is written of an event; the city's own pages on the days that the table says."""
        place = self._places[row["city_code"]]
        event = Event(
            row["event_id"], place, plots()[row["plot"]], row["outcome"], row["first_seen"]
        )
        draws = Draws(self._seed, event.id, "reports")

        def entry(name: str, site: str, day: date, manner: str, kind: str = "event") -> Entry:
            return Entry(f"{event.id}-{name}", site, kind, place, day, manner, event)

        if row["disclosed"]:
            own = draws.of(("portal", "credit"), "own")
            yield entry(
                "own", f"{own}_{place.code}", row["disclosed"], self._official(event, draws)
            )
        papers = self._papers(place, draws)
        manner = "good_press" if event.outcome == "good" else "press"
        first = entry("press0", papers[0], event.first_seen, manner)
        for at in range(row["press"]):
            later = event.first_seen + timedelta(days=at and draws.number(0, 3, "later"))
            if at == 0:
                yield first
            elif draws.chance(0.5, "reprint"):
                yield replace(entry(f"press{at}", papers[at], later, manner), reprints=first)
            else:
                yield entry(f"press{at}", papers[at], later, "rewrite")
        court = f"court_{place.province_code}"
        judicial = event.plot.affair == "judicial"
        if event.outcome != "ordinary" and draws.chance(0.5 if judicial else 0.06, "court"):
            later = event.first_seen + timedelta(days=draws.number(2, 20, "court day"))
            yield entry("court", court, later, "court")
        if place.parent in self._places and event.outcome != "good" and draws.chance(0.06, "above"):
            later = event.first_seen + timedelta(days=draws.number(1, 5, "above day"))
            yield entry("above", f"portal_{place.parent}", later, "official")
        if row["answered"]:
            own = "portal" if draws.chance(0.65, "answers") else "credit"
            yield entry("answer", f"{own}_{place.code}", row["answered"], "response", "response")

    def _official(self, event: Event, draws: Draws) -> str:
        table = event.polarity == "bad" and event.plot.subject == "enterprise"
        manners = ("official", "official", "official", "brief", "table" if table else "official")
        return draws.of(manners, "manner")

    def _papers(self, place: Place, draws: Draws) -> list[str]:
        """Newspapers that may tell of something in a city: the province's first, or the nation's."""
        local = self._media.get(place.province_code, _NATIONAL)
        another = draws.of(self._all_media, "another")
        papers = [local, _NATIONAL if another == local else another, _NATIONAL]
        return papers if draws.chance(0.8, "local first") else papers[1:] + papers[:1]

    def _of_pages(self, months: Sequence[Tendencies]) -> Iterator[Entry]:
        for frame in (*map(published, months), standing(months[-1])):
            for row in frame.iter_rows(named=True):
                place, kind = self._places[row["city_code"]], row["kind"]
                draws = Draws(self._seed, row["page_id"], "site")
                site = self._teller(kind, place, draws)
                yield Entry(
                    row["page_id"], site, kind, place, row["published"], kind,
                    None, texts(kind)[row["text"]], row["count"],
                )  # fmt: skip

    def _teller(self, kind: str, place: Place, draws: Draws) -> str:
        own = draws.of(_TELLERS[kind], "teller")
        if own == "media":
            return self._media.get(place.province_code, _NATIONAL)
        return f"{own}_{place.code}"

    def _everyday(self, months: Sequence[Tendencies]) -> Iterator[Entry]:
        """What sites publish day in, day out, whatever happens."""
        for month in months:
            for site in self._sites:
                draws = Draws(self._seed, site, month.t, "everyday")
                if site.startswith(OWN):
                    always = Draws(self._seed, site, "everyday")
                    if month.t % _OFTEN == always.number(0, _OFTEN - 1, "month"):
                        day = always.number(1, 28, "day")
                        yield self._everyday_page(site, month.t, 0, day, draws)
                    continue
                often = {"media": _OTHERS_OF_MEDIA, "court": _OTHERS_OF_COURTS}.get(
                    site.split("_")[0]
                )
                for at in range(often or 0):
                    if draws.chance(1 / 12, at):
                        day = draws.number(1, 28, at, "day")
                        yield self._everyday_page(site, month.t, at, day, draws)

    def _everyday_page(self, site: str, t: int, at: int, of_month: int, draws: Draws) -> Entry:
        day = date(2016 + t // 12, t % 12 + 1, of_month)
        legal = [text for text in texts("other") if text.id in ("court_notice", "private_debt")]
        text = draws.of(legal if site.startswith("court_") else texts("other"), at, "text")
        place = draws.of(self._near(site), at, "place")
        return Entry(f"{day:%Y%m}-{site}-{at}", site, "other", place, day, "other", None, text)

    def _near(self, site: str) -> list[Place]:
        """The cities that a site is concerned with."""
        if (own := self._places.get(site[-6:])) is not None:
            return [own]
        code = next((code for code, paper in self._media.items() if paper == site), site[-6:])
        near = [place for place in self._places.values() if place.province_code == code]
        return near or list(self._places.values())


_TELLERS: Final = {
    "exemplar": ("credit", "credit", "portal", "media"),
    "pledge": ("credit", "credit", "portal"),
    "rule": ("portal", "portal", "credit"),
    "risk_warning": ("credit", "portal"),
    "propaganda": ("credit", "portal", "media"),
    "other": ("portal", "credit", "portal", "media"),
}
"""Where pages of a kind are found, the usual place most often."""
