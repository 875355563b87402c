"""The monthly bulletin of a city: from a publication to the context of two pages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import polars as pl

from indicators import event_shares
from indicators.event_shares import ALL, ClassMean, OfField, Share
from pipelines.pages import drawings, frame, moved, numbers, papers, scorecard, warned, words
from pipelines.pages.monitored import GRAVE
from pipelines.pages.reading import Facts
from scrapers.monitor.shapes import FIELDS
from templates.catalogue import text
from templates.city_bulletin.context import Affair, Context, Field, Lost, Standing
from templates.layout import Change, Chart
from warehouse.publication import Publication

MOST_LOST = 10
_NOT_ASKED = "judicial"
"""Affair whose fields no rule of a city is asked for."""
_NARROW, _LOW = 360, 96
"""Width and height of drawings that leave room on their page."""
_NO_EVENTS = OfField(0, 0, 0)


@dataclass(frozen=True)
class Told:
    """What monitoring found, counted.

    Attributes:
        fields: events of each city by field.
        shares: how many of each city's events are bad, by affair.
        means: the mean share of each class and affair.
        field_means: breaches of a city of each class in each field, on average.
        ruled: fields in which each city has a rule of its own.
    """

    fields: Mapping[str, Mapping[str, OfField]]
    shares: Mapping[str, Mapping[str, Share]]
    means: Mapping[tuple[str, str], ClassMean]
    field_means: Mapping[tuple[str, str], float]
    ruled: Mapping[str, frozenset[str]]


def told(publication: Publication) -> Told:
    """Count what a publication holds of events and rules."""
    classes = dict(publication.frame("index").select("city_code", "city_class").iter_rows())
    events = publication.frame("events")
    events = events.filter(pl.col("city_code").is_in(list(classes)))
    fields = event_shares.by_field(events, GRAVE)
    shares = event_shares.shares(events)
    sizes = {name: sum(each == name for each in classes.values()) for name in classes.values()}
    field_means = {
        (city_class, field): float(
            Fraction(
                sum(
                    of_city.get(field, _NO_EVENTS).bad
                    for code, of_city in fields.items()
                    if classes[code] == city_class
                ),
                size,
            )
        )
        for city_class, size in sizes.items()
        for field in (name for names in FIELDS.values() for name in names)
    }
    rules = publication.frame("pages").filter(
        pl.col("kind") == "rule", pl.col("city_code").is_not_null(), pl.col("gone").is_null()
    )
    ruled: dict[str, set[str]] = {}
    for code, covered in rules.select("city_code", "rule_fields").iter_rows():
        ruled.setdefault(code, set()).update(name for name in covered.split(",") if name)
    return Told(
        fields=fields,
        shares=shares,
        means=event_shares.class_means(shares, classes),
        field_means=field_means,
        ruled={code: frozenset(names) for code, names in ruled.items()},
    )


class Bulletins:
    """Makes the bulletins of one publication in one language."""

    def __init__(self, facts: Facts, told: Told, lang: str) -> None:
        self.facts = facts
        self.told = told
        self.lang = lang
        self._said = {leaf.id: words.LeafWords(leaf, lang) for leaf in facts.edition.leaves}
        self._names = {leaf: said.name for leaf, said in self._said.items()}
        names = {node.no: node.zh if lang == "zh" else node.en for node in facts.edition.nodes}
        second = {node.no for node in facts.edition.nodes if node.level == 2}
        self._group = {
            leaf.id: next((names[no] for no in leaf.path if no in second), names[leaf.path[0]])
            for leaf in facts.edition.leaves
        }

    def bulletin(self, code: str) -> Context:
        """The bulletin of a city."""
        facts, lang = self.facts, self.lang
        city = facts.cities[code]
        name, month = words.name_of(city, lang), words.period(facts.period, lang)
        return Context(
            page=papers.frame_of(
                lang,
                f"city/{code}.html",
                title=text("bulletin.title", lang, city=name, period=month),
                description=text("bulletin.description", lang, city=name, period=month),
                simulated=facts.simulated,
                whole=text("bulletin.list_title", lang, period=month),
            ),
            heading=text("bulletin.heading", lang),
            city=words.both_names(city, lang),
            about=papers.about(city, lang),
            period=month,
            edition=self._title,
            revision=frame.revision(facts.revision, lang),
            pdfs=(),
            standing=self._standing(code),
            series=rank_series(facts, code, lang),
            moved=moved.by_cause(facts, code, self._names, lang),
            warnings=warned.warnings_of(facts, code, lang),
            lost=tuple(self._lost(code)),
            shares=self._shares(code),
            affairs=tuple(self._affairs(code)),
            open_fields=self._open_fields(code),
            watched=facts.watched,
        )

    @cached_property
    def _title(self) -> str:
        return frame.title_of(self.facts.edition.id, self.lang)

    def _standing(self, code: str) -> Standing:
        facts, lang, ranked = self.facts, self.lang, self.facts.ranked.get(code)
        scored = facts.index[code]
        year = facts.history.get(code, {}).get(facts.months[0], (None, None))
        since = None
        if ranked:
            since = ranked | {"index_before": year[0], "rank_before": year[1]}
        of = text("scorecard.of", lang, n=len(facts.ranking[scored["city_class"]]))
        return Standing(
            index=ranked["index_printed"] if ranked else numbers.fixed(scored["index"]),
            rank=str(ranked["rank"]) if ranked else numbers.NONE,
            of=of if ranked else "",
            index_month=scorecard.index_change(facts, ranked, lang),
            rank_month=scorecard.rank_change(facts, ranked, lang),
            index_year=_known(year[0], scorecard.index_change(facts, since, lang)),
            rank_year=_known(year[1], scorecard.rank_change(facts, since, lang)),
            coverage=numbers.percent(scored["coverage"]),
        )

    def _lost(self, code: str) -> Iterator[Lost]:
        """The leaves with most points lost; of the same loss, in the order of the tree."""
        rows = self.facts.leaves[code]
        losses = [
            (row.points_possible - row.points, leaf)
            for leaf in self.facts.edition.leaves
            for row in [rows[leaf.id]]
        ]
        losses.sort(key=lambda item: -item[0])
        city_class = self.facts.cities[code]["city_class"]
        for lost, leaf in losses[:MOST_LOST]:
            if lost < numbers.LEAST:
                return
            row, said = rows[leaf.id], self._said[leaf.id]
            reached = self.facts.reached(city_class, leaf.id)
            yield Lost(
                name=said.name,
                group=self._group[leaf.id],
                lost=numbers.fixed(lost),
                possible=numbers.plain(row.points_possible),
                value=said.value(row.value),
                median=said.value(reached.median_value),
                need=said.need(reached.lo, reached.hi, city_class)[0],
                badges=tuple(words.badges(row.reason, (), self.lang)),
            )

    def _shares(self, code: str) -> Chart:
        lang, of_city = self.lang, self.told.shares.get(code, {})
        city_class = self.facts.cities[code]["city_class"]
        caption = text("bulletin.share_caption", lang)
        city, of_class = text("bulletin.value", lang), text("bulletin.share_class", lang)
        drawn, rows = [], []
        for affair in (ALL, *FIELDS):
            own = of_city.get(affair, Share(0, 0))
            mean = self.told.means.get((city_class, affair), ClassMean(0, 0.0))
            share = own.bad / own.events if own.events else None
            average = mean.share if mean.cities else None
            name = text(f"affair.{affair}" if affair else "bulletin.every", lang)
            said = [numbers.percent(share, 0), numbers.percent(average, 0)]
            drawn.append(
                (
                    name,
                    (
                        drawings.Bar(city, share or 0.0, said[0]),
                        drawings.Bar(of_class, average or 0.0, said[1], main=False),
                    ),
                )
            )
            counts = (numbers.plain(own.events), numbers.plain(own.bad))
            rows.append((name, *counts, *said, numbers.plain(mean.cities)))
        keys = ("affair", "events_city", "bad_city", "share_city", "share_class", "cities_class")
        return Chart(
            svg=drawings.bars(drawn, caption, most=1.0, width=_NARROW),
            caption=caption,
            head=tuple(text(f"bulletin.{key}", lang) for key in keys),
            rows=tuple(rows),
        )

    def _affairs(self, code: str) -> Iterator[Affair]:
        of_city, ruled = self.told.fields.get(code, {}), self.told.ruled.get(code, frozenset())
        city_class = self.facts.cities[code]["city_class"]
        for affair, fields in FIELDS.items():
            rows = []
            for field in fields:
                found = of_city.get(field, _NO_EVENTS)
                kind = "yes" if field in ruled else "no"
                if affair == _NOT_ASKED:
                    kind = "none_asked"
                rows.append(
                    Field(
                        name=text(f"field.{field}", self.lang),
                        bad=numbers.plain(found.bad),
                        grave=numbers.plain(found.grave),
                        good=numbers.plain(found.good),
                        mean=numbers.fixed(self.told.field_means[city_class, field]),
                        rule=text(f"bulletin.rule_{kind}", self.lang),
                        open=kind == "no",
                    )
                )
            yield Affair(text(f"affair.{affair}", self.lang), tuple(rows))

    def _open_fields(self, code: str) -> str:
        ruled = self.told.ruled.get(code, frozenset())
        without = [
            text(f"field.{field}", self.lang)
            for affair, fields in FIELDS.items()
            for field in fields
            if affair != _NOT_ASKED and field not in ruled
        ]
        if not without:
            return text("bulletin.open_none", self.lang)
        said = text("site.join", self.lang).join(without)
        return text("bulletin.open_some", self.lang, n=len(without), fields=said)


def rank_series(facts: Facts, code: str, lang: str) -> Chart:
    """The rank of a city over thirteen months, with its index in the table behind."""
    history = facts.history.get(code, {})
    known = [history.get(month, (None, None)) for month in facts.months]
    caption = text("bulletin.series_caption", lang)
    ranks = [(None if rank is None else float(rank), numbers.plain(rank)) for _, rank in known]
    return Chart(
        svg=drawings.lines(
            facts.months, [drawings.Line("", ranks)], caption, inverted=True, height=_LOW
        ),
        caption=caption,
        head=(text("chart.month", lang), *facts.months),
        rows=(
            (text("ranking.rank", lang), *(printed for _, printed in ranks)),
            (text("ranking.index", lang), *(numbers.fixed(index) for index, _ in known)),
        ),
    )


def _known(before: float | None, change: Change) -> Change:
    """A change since a month that is known; else none."""
    return Change(numbers.NONE, "same") if before is None else change
