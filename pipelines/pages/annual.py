"""The annual report: from the publications of a year to its context."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import fsum
from statistics import fmean
from typing import Any

import polars as pl

from indicators import groups
from indicators.groups import Reached
from indicators.movers import movers
from pipelines.pages import drawings, frame, numbers, papers, reading, words
from pipelines.pages.monitored import GRAVE
from pipelines.pages.reading import Facts
from scrapers.monitor.shapes import FIELDS
from templates.annual.context import Banded, Context, Model, Month, Mover, Movers, Source
from templates.catalogue import text
from templates.layout import Chart, Link
from warehouse.contracts.cities import REGIONS
from warehouse.publication import Publication

MOST_MOVERS = 10
_MONTHS = 12
_SHORT_HASH = 12
_SECTIONS = (
    "summary", "months", "regions", "clusters", "bands", "dimensions", "fields", "movers", "models",
)  # fmt: skip


@dataclass(frozen=True)
class Year:
    """What the report on a year rests on.

    Attributes:
        year: the year.
        months: every month, and what stands published of it, if anything.
        indexes: index of each published month.
        facts: lists of the last published month.
        events: credit events that were first seen in the year; None where no site was watched.
        until: last month that `events` reach to.
        models: places that the state named model cities, with the cohort.
    """

    year: str
    months: Mapping[str, Publication | None]
    indexes: Mapping[str, pl.DataFrame]
    facts: Facts
    events: pl.DataFrame | None
    until: str
    models: pl.DataFrame

    @cached_property
    def published(self) -> list[str]:
        """The published months."""
        return [month for month, publication in self.months.items() if publication]

    @property
    def first(self) -> str:
        """The first published month."""
        return self.published[0]

    @property
    def last(self) -> str:
        """The last published month."""
        return self.published[-1]

    def frame(self, name: str, month: str) -> pl.DataFrame:
        """A frame of a published month."""
        publication = self.months[month]
        if publication is None:
            raise KeyError(f"{month} is not published")
        return publication.frame(name)


def months_of(year: str) -> list[str]:
    """The months of a year."""
    return [f"{year}-{month:02d}" for month in range(1, _MONTHS + 1)]


def read(year: str, months: Mapping[str, Publication | None], models: pl.DataFrame) -> Year:
    """Read the publications of a year, of which there is at least one.

    Args:
        year: the year.
        months: every month, and what stands published of it.
        models: `core_model_cities__cohort_city`.
    """
    published = [publication for publication in months.values() if publication]
    watched = [publication for publication in published if publication.file("events")]
    events = None
    if watched:
        of_year = pl.col("first_seen") >= date(int(year), 1, 1)
        events = watched[-1].frame("events").filter(of_year)
    return Year(
        year=year,
        months=months,
        indexes={publication.period: publication.frame("index") for publication in published},
        facts=reading.read(published[-1], []),
        events=events,
        until=watched[-1].period if watched else "",
        models=models,
    )


def context(year: Year, lang: str) -> Context:
    """The annual report."""
    return _Report(year, lang).context()


class _Report:
    """Makes the report on one year in one language."""

    def __init__(self, year: Year, lang: str) -> None:
        self.year = year
        self.lang = lang
        self.facts = year.facts
        self.classes = [name for name in year.facts.edition.classes if year.facts.ranking[name]]
        self._last = year.indexes[year.last]
        self._first = year.indexes[year.first]

    def context(self) -> Context:
        year, lang = self.year, self.lang
        heading = self._said("heading", year=year.year)
        return Context(
            page=papers.frame_of(
                lang,
                "index.html",
                title=heading,
                description=self._said("description", year=year.year),
                simulated=any(p.simulated for p in year.months.values() if p),
                whole=text("report.annual", lang, year=year.year),
            ),
            heading=heading,
            edition=frame.title_of(self.facts.edition.id, lang),
            revision=self._said("rests_on", n=len(year.published)),
            pdfs=(),
            contents=(
                *(Link(self._said(name), f"#{name}") for name in _SECTIONS),
                Link(text("ranking_bulletin.method", lang), "#method"),
            ),
            summary=tuple(self._summary()),
            classes=tuple(text(f"class_short.{name}", lang) for name in self.classes),
            months=tuple(self._months()),
            trend=self._trend(),
            regions=self._ranges(
                self._said("regions_caption", month=self._month(year.last)),
                {name: text(f"region.{name}", lang) for name in REGIONS},
                {code: city["region"] for code, city in self.facts.cities.items()},
            ),
            clusters=self._clusters(),
            sources=tuple(self._sources()),
            bands=tuple(self._bands()),
            dimensions=self._dimensions(),
            fields=self._fields(),
            events_said=self._events_said(),
            movers=tuple(self._movers()),
            movers_said=self._movers_said(),
            models=tuple(self._models()),
            models_said=tuple(self._models_said()),
            method=(
                self._said(
                    "method_year",
                    year=year.year,
                    first=self._month(year.first),
                    last=self._month(year.last),
                ),
                self._said("method_groups"),
                text("ranking_bulletin.method_window", lang),
                text("site.footer_computed", lang),
            ),
        )

    def _said(self, key: str, **parameters: object) -> str:
        return text(f"annual.{key}", self.lang, **parameters)

    def _month(self, month: str) -> str:
        return words.period(month, self.lang)

    def _mean(self, month: str, city_class: str) -> float | None:
        indexes = self.year.indexes.get(month)
        if indexes is None:
            return None
        ranked = indexes.filter(pl.col("index").is_not_null(), pl.col("city_class") == city_class)
        return fmean(ranked["index"].to_list()) if len(ranked) else None

    def _summary(self) -> Iterator[str]:
        year, lang = self.year, self.lang
        missing = len(year.months) - len(year.published)
        yield self._said("in_months", year=year.year, n=len(year.published), missing=missing)
        first, last = self._month(year.first), self._month(year.last)
        for name in self.classes:
            mean, before = self._mean(year.last, name), self._mean(year.first, name)
            change = None if mean is None or before is None else mean - before
            yield self._said(
                "in_class",
                class_title=text(f"class.{name}", lang),
                n=len(self.facts.ranking[name]),
                first=first,
                last=last,
                mean=numbers.fixed(mean),
                change=numbers.signed(change),
            )
        reached = groups.reached(
            self._last, {code: city["region"] for code, city in self.facts.cities.items()}
        )
        for name in self.classes:
            means = {r: reached[r, name].mean for r in REGIONS if (r, name) in reached}
            best, worst = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
            yield self._said(
                "in_region",
                class_title=text(f"class.{name}", lang),
                best=text(f"region.{best}", lang),
                high=numbers.fixed(means[best]),
                worst=text(f"region.{worst}", lang),
                low=numbers.fixed(means[worst]),
            )
        if year.events is not None:
            yield self._events_said()

    def _months(self) -> Iterator[Month]:
        for month, publication in self.year.months.items():
            if publication is None:
                none = (numbers.NONE,) * len(self.classes)
                absent = self._said("not_published")
                yield Month(self._month(month), absent, numbers.NONE, none, "", False)
                continue
            yield Month(
                name=self._month(month),
                revision=frame.revision(publication.revision, self.lang),
                cities=numbers.plain(self.year.indexes[month]["rank"].count()),
                means=tuple(numbers.fixed(self._mean(month, name)) for name in self.classes),
                hash=publication.manifest["numbers_sha256"][:_SHORT_HASH],
                published=True,
            )

    def _trend(self) -> Chart:
        months, caption = list(self.year.months), self._said("trend_caption")
        means = {name: [self._mean(month, name) for month in months] for name in self.classes}
        # What is not published at the end of the year leaves the labels at the last known month.
        shown = months[: months.index(self.year.last) + 1]
        return Chart(
            svg=drawings.lines(
                shown,
                [
                    drawings.Line(
                        text(f"class_short.{name}", self.lang),
                        [(mean, numbers.fixed(mean)) for mean in of_class[: len(shown)]],
                    )
                    for name, of_class in means.items()
                ],
                caption,
                height=200,
            ),
            caption=caption,
            head=(
                text("chart.month", self.lang),
                *(text(f"class_short.{name}", self.lang) for name in self.classes),
            ),
            rows=tuple(
                (month, *(numbers.fixed(of_class[place]) for of_class in means.values()))
                for place, month in enumerate(shown)
            ),
        )

    def _ranges(
        self, caption: str, named: Mapping[Any, str], group_of: Mapping[str, object]
    ) -> Chart:
        """Index of groups: drawn for the last month, in the table with the change since the first."""
        now = groups.reached(self._last, group_of)
        before = groups.reached(self._first, group_of)
        drawn, rows = [], []
        for group, name in named.items():
            reached = {c: now[group, c] for c in self.classes if (group, c) in now}
            if not reached:
                continue
            drawn.append(
                (
                    name,
                    [
                        drawings.Range(
                            text(f"class_short.{c}", self.lang),
                            each.lowest,
                            each.mean,
                            each.highest,
                            numbers.fixed(each.mean),
                        )
                        for c, each in reached.items()
                    ],
                )
            )
            cells: list[str] = []
            for c in self.classes:
                cells += self._cells(now.get((group, c)), before.get((group, c)))
            rows.append((name, *cells))
        head = [self._said("group")]
        for c in self.classes:
            title = text(f"class_short.{c}", self.lang)
            head += [self._said("mean_of", class_title=title), self._said("count")]
            head.append(self._said("change_of", month=self.year.first))
        return Chart(drawings.ranges(drawn, caption), caption, tuple(head), tuple(rows))

    def _cells(self, now: Reached | None, before: Reached | None) -> tuple[str, str, str]:
        if now is None:
            return "", "", ""
        change = now.mean - before.mean if before else None
        return numbers.fixed(now.mean), numbers.plain(now.cities), numbers.signed(change)

    def _clusters(self) -> Chart:
        cities = self.year.frame("cities", self.year.last)
        return self._ranges(
            self._said("clusters_caption", month=self._month(self.year.last)),
            {c.id: c.zh if self.lang == "zh" else c.en for c in groups.clusters()},
            {
                code: cluster.id
                for cluster in groups.clusters()
                for code in sorted(groups.in_cluster(cluster, cities))
            },
        )

    def _sources(self) -> Iterator[Source]:
        cities = self.year.frame("cities", self.year.last)
        for cluster in groups.clusters():
            zh = self.lang == "zh"
            yield Source(
                name=cluster.zh if zh else cluster.en,
                source=cluster.source_zh if zh else cluster.source_en,
                cities=numbers.plain(len(groups.in_cluster(cluster, cities))),
            )

    def _bands(self) -> Iterator[Banded]:
        observations = self.year.frame("observations", self.year.last)
        month = self._month(self.year.last)
        for bands in groups.bands():
            measure = self._said(f"measure_{bands.measure}")
            if not (band_of := groups.in_band(bands, observations)):
                yield Banded(self._said("bands_unknown", measure=measure, month=month), None)
                continue
            named = {
                place: band.zh if self.lang == "zh" else band.en
                for place, band in enumerate(bands.bands)
            }
            caption = self._said("bands_caption", measure=measure, month=month)
            yield Banded(
                self._said(f"bands_of_{bands.measure}"), self._ranges(caption, named, band_of)
            )

    def _dimensions(self) -> Chart:
        now, before = (self._shares(month) for month in (self.year.last, self.year.first))
        caption = self._said("dimensions_caption", month=self._month(self.year.last))
        drawn, rows = [], []
        head = [self._said("group")]
        for c in self.classes:
            head += [
                text(f"class_short.{c}", self.lang),
                self._said("change_of", month=self.year.first),
            ]
        for node in self.facts.edition.nodes:
            if node.level != 1:
                continue
            name = node.zh if self.lang == "zh" else node.en
            shares = {c: now[c, node.no] for c in self.classes}
            drawn.append(
                (
                    name,
                    [
                        drawings.Bar(
                            text(f"class_short.{c}", self.lang), share, numbers.percent(share)
                        )
                        for c, share in shares.items()
                    ],
                )
            )
            cells: list[str] = []
            for c, share in shares.items():
                earlier = before.get((c, node.no))
                change = None if earlier is None else 100 * (share - earlier)
                cells += [numbers.percent(share), numbers.signed(change, 1)]
            rows.append((name, *cells))
        return Chart(drawings.bars(drawn, caption, most=1.0), caption, tuple(head), tuple(rows))

    def _shares(self, month: str) -> dict[tuple[str, str], float]:
        """Mean share of the points of each class in each first-level indicator."""
        classes = self.year.indexes[month].select("city_code", "city_class")
        nodes = self.year.frame("nodes", month).filter(
            pl.col("level") == 1, pl.col("points_possible") > 0
        )
        found: dict[tuple[str, str], list[float]] = {}
        rows = nodes.join(classes, on="city_code").select(
            "city_class", "node", "points", "points_possible"
        )
        for city_class, node, points, possible in rows.iter_rows():
            found.setdefault((city_class, node), []).append(points / possible)
        return {key: fmean(shares) for key, shares in found.items()}

    def _fields(self) -> Chart:
        caption = self._said("fields_caption")
        names = [field for fields in FIELDS.values() for field in fields]
        counts: Counter[tuple[str, str]] = Counter()
        if self.year.events is not None:
            columns = self.year.events.select("field", "polarity", "severity")
            for field, polarity, severity in columns.iter_rows():
                counts[field, polarity] += 1
                counts[field, "grave"] += severity in GRAVE
        kinds = ("bad", "grave", "good")
        return Chart(
            svg=drawings.bars(
                [
                    (
                        text(f"field.{field}", self.lang),
                        [drawings.Bar("", counts[field, "bad"], str(counts[field, "bad"]))],
                    )
                    for field in names
                ],
                caption,
            ),
            caption=caption,
            head=(
                text("bulletin.field", self.lang),
                *(text(f"bulletin.{kind}", self.lang) for kind in kinds),
            ),
            rows=tuple(
                (
                    text(f"field.{field}", self.lang),
                    *(numbers.plain(counts[field, kind]) for kind in kinds),
                )
                for field in names
            ),
        )

    def _events_said(self) -> str:
        events = self.year.events
        if events is None:
            return self._said("events_unknown")
        return self._said(
            "events_said",
            first=self._month(f"{self.year.year}-01"),
            last=self._month(self.year.until),
            n=numbers.plain(len(events)),
            bad=numbers.plain(int((events["polarity"] == "bad").sum())),
            grave=numbers.plain(int(events["severity"].is_in(GRAVE).sum())),
        )

    def _movers_said(self) -> str:
        if len(self.year.published) < 2:
            return self._said("movers_none")
        first, last = self._month(self.year.first), self._month(self.year.last)
        return self._said("movers_said", first=first, last=last)

    def _movers(self) -> Iterator[Movers]:
        if len(self.year.published) < 2:
            return
        moved = movers(self._first, self._last)
        for name in self.classes:
            rows = moved.filter(city_class=name).to_dicts()
            yield Movers(
                title=text(f"class.{name}", self.lang),
                rose=tuple(self._mover(row) for row in rows[:MOST_MOVERS]),
                fell=tuple(self._mover(row) for row in rows[::-1][:MOST_MOVERS]),
            )

    def _mover(self, row: Mapping[str, Any]) -> Mover:
        city = self.facts.cities[row["city_code"]]
        return Mover(
            city=words.both_names(city, self.lang),
            province=words.province_of(city, self.lang),
            before=numbers.fixed(row["index_before"]),
            after=numbers.fixed(row["index"]),
            change=numbers.signed(row["index_change"]),
            rank_before=str(row["rank_before"]),
            rank=str(row["rank"]),
        )

    @cached_property
    def _cohorts(self) -> dict[str, str]:
        """Cities that were named by the end of the year, with their cohorts."""
        found: dict[str, str] = {}
        cohort = pl.col("cohort").cast(pl.String)
        named = self.year.models.filter(
            pl.col("city_code").is_not_null(), cohort <= self.year.year
        ).sort(cohort, "city_code")
        for code, cohort in named.select("city_code", "cohort").iter_rows():
            known = found.get(code)
            found[code] = f"{known}{text('site.join', self.lang)}{cohort}" if known else cohort
        return found

    def _ranked(self, city_class: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Ranked cities of a class: those that were named, and the others."""
        rows: Sequence[dict[str, Any]] = self.facts.ranking[city_class]
        named = [row for row in rows if row["city_code"] in self._cohorts]
        return named, [row for row in rows if row["city_code"] not in self._cohorts]

    def _models(self) -> Iterator[Model]:
        for name in self.classes:
            for row in self._ranked(name)[0]:
                yield Model(
                    city=words.both_names(row, self.lang),
                    province=words.province_of(row, self.lang),
                    cohort=self._cohorts[row["city_code"]],
                    class_title=text(f"class_short.{name}", self.lang),
                    rank=str(row["rank"]),
                    index=row["index_printed"],
                )

    def _models_said(self) -> Iterator[str]:
        for name in self.classes:
            named, others = self._ranked(name)
            if named and others:
                yield self._said(
                    "models_said",
                    class_title=text(f"class.{name}", self.lang),
                    n=len(named),
                    mean=numbers.fixed(fsum(row["index"] for row in named) / len(named)),
                    others=len(others),
                    rest=numbers.fixed(fsum(row["index"] for row in others) / len(others)),
                )
