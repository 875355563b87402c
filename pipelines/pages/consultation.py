"""Consultation papers: from the last month of a quarter, and one before it, to the papers' contexts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from statistics import fmean, median
from typing import Any

import polars as pl

from indicators import consultation
from indicators.consultation import Cause as CauseOf
from indicators.edition import Leaf
from indicators.measures import catalogue
from pipelines.pages import (
    city_bulletin,
    frame,
    monitored,
    moved,
    numbers,
    papers,
    reading,
    warned,
    words,
)
from pipelines.pages.monitored import Event
from pipelines.pages.reading import Facts, LeafRow
from templates.catalogue import text
from templates.consultation.context import Cause, Context, Gap, Question, Risen
from templates.layout import Chart, Fact
from warehouse.publication import Publication

SIGNATURES = ("city", "centre")
_CAUSES: tuple[CauseOf, ...] = ("not_submitted", "imputed", "discrepancy", "events", "own")
_OF_BREACHES = ("serious_breach_burden", "breaches_12m", "breaches_answered_12m")
"""Measures that rest on serious breaches of trust."""
_MOST_NAMES = 3
_SECOND = 2


@dataclass(frozen=True)
class Consulted:
    """What the papers of a quarter rest on.

    Attributes:
        facts: of the last month, with the details of the cities that are consulted.
        codes: cities that are consulted, the lowest of each class first.
        since: the earlier month that is compared with; empty where none is published.
        peers: how many peers each city has; 0 where the class's nearest stand in for them.
        compared: how many cities each city was compared with.
        risen: those of them that rose most, as `movers` has them.
        leaves: leaves by which a city rose: leaf, points before and now.
        medians: median points of each class in each second-level indicator.
        events: events of the cities that are consulted.
    """

    facts: Facts
    codes: Sequence[str]
    since: str
    peers: Mapping[str, int]
    compared: Mapping[str, int]
    risen: Mapping[str, Sequence[dict[str, Any]]]
    leaves: Mapping[str, Sequence[tuple[str, float, float]]]
    medians: Mapping[tuple[str, str], float]
    events: Mapping[str, Sequence[Event]]


def read(publication: Publication, before: Publication | None) -> Consulted:
    """Read what the papers of a quarter rest on.

    Args:
        publication: the last month of the quarter.
        before: the month to compare with, if one is published.
    """
    rules = consultation.rules()
    index = publication.frame("index")
    codes = consultation.lowest(index, rules.lowest)
    peers = reading.peers(publication.frame("peers").filter(pl.col("city_code").is_in(codes)))
    compared: dict[str, list[str]] = {code: [] for code in codes}
    risen: dict[str, list[dict[str, Any]]] = {code: [] for code in codes}
    leaves: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    if before is not None:
        earlier = before.frame("index")
        for code in codes:
            compared[code] = consultation.comparable(
                code, earlier, peers.get(code, []), rules.comparable
            )
            rose = consultation.risen(compared[code], earlier, index, rules.risen)
            risen[code] = rose.to_dicts()
        rising = pl.col("city_code").is_in(
            [row["city_code"] for rows in risen.values() for row in rows]
        )
        gained = consultation.risen_leaves(
            before.frame("leaves").filter(rising),
            publication.frame("leaves").filter(rising),
            rules.risen_leaves,
        )
        for code, leaf, was, now in gained.select(
            "city_code", "leaf", "points_before", "points"
        ).iter_rows():
            leaves[code].append((leaf, was, now))
    return Consulted(
        facts=reading.read(publication, codes),
        codes=codes,
        since=before.period if before else "",
        peers={code: len(peers.get(code, [])) for code in codes},
        compared={code: len(each) for code, each in compared.items()},
        risen=risen,
        leaves=dict(leaves),
        medians=_medians(publication),
        events=monitored.read(publication, codes).events,
    )


def _medians(publication: Publication) -> dict[tuple[str, str], float]:
    classes = publication.frame("index").select("city_code", "city_class")
    rows = publication.frame("nodes").filter(level=_SECOND).join(classes, on="city_code")
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for city_class, node, points in rows.select("city_class", "node", "points").iter_rows():
        found[city_class, node].append(points)
    return {key: median(points) for key, points in found.items()}


class Papers:
    """Makes the papers of one quarter in one language."""

    def __init__(self, consulted: Consulted, lang: str) -> None:
        self.consulted = consulted
        self.facts = consulted.facts
        self.lang = lang
        self._said = {leaf.id: words.LeafWords(leaf, lang) for leaf in self.facts.edition.leaves}
        self._names = {leaf: said.name for leaf, said in self._said.items()}

    @cached_property
    def quarter(self) -> str:
        """The quarter, in words."""
        year, month = self.facts.period.split("-")
        return text("consultation.quarter", self.lang, year=year, quarter=(int(month) + 2) // 3)

    @cached_property
    def title(self) -> str:
        """What the papers are called together."""
        return text("consultation.list_title", self.lang, period=self.quarter)

    @cached_property
    def note(self) -> str:
        """Which cities are consulted."""
        lang = self.lang
        said = [
            text("consultation.list_number", lang, class_title=text(f"class.{name}", lang), n=n)
            for name, n in consultation.rules().lowest.items()
        ]
        return text("consultation.list_note", lang, numbers=text("site.join", lang).join(said))

    def paper(self, code: str) -> Context:
        """The paper of a city that is consulted."""
        facts, lang = self.facts, self.lang
        city = facts.cities[code]
        name = words.name_of(city, lang)
        return Context(
            page=papers.frame_of(
                lang,
                f"city/{code}.html",
                title=text("consultation.title", lang, city=name, period=self.quarter),
                description=text("consultation.description", lang, city=name, period=self.quarter),
                simulated=facts.simulated,
                whole=self.title,
            ),
            heading=text("consultation.heading", lang),
            city=words.both_names(city, lang),
            about=papers.about(city, lang),
            period=self.quarter,
            edition=frame.title_of(facts.edition.id, lang),
            revision=" · ".join(
                (words.period(facts.period, lang), frame.revision(facts.revision, lang))
            ),
            pdfs=(),
            why=self._why(code, name),
            facts=self._facts(code),
            series=self._series(code),
            moved=moved.by_cause(facts, code, self._names, lang),
            warnings=warned.warnings_of(facts, code, lang),
            gaps=tuple(self._gaps(code)),
            causes=tuple(self._causes(code)),
            compared=self._compared(code),
            risen=tuple(self._risen(row) for row in self.consulted.risen[code]),
            questions=tuple(self._questions(code)),
            signatures=tuple(text(f"consultation.sign_{who}", lang) for who in SIGNATURES),
        )

    def _why(self, code: str, name: str) -> str:
        city_class = self.facts.cities[code]["city_class"]
        return text(
            "consultation.why_said",
            self.lang,
            month=words.period(self.facts.period, self.lang),
            city=name,
            of=len(self.facts.ranking[city_class]),
            class_title=text(f"class.{city_class}", self.lang),
            rank=self.facts.ranked[code]["rank"],
            n=consultation.rules().lowest[city_class],
        )

    def _facts(self, code: str) -> tuple[Fact, ...]:
        facts, ranked = self.facts, self.facts.ranked[code]
        rows = facts.ranking[ranked["city_class"]]
        year, _ = facts.history.get(code, {}).get(facts.months[0], (None, None))
        grave = sum(event.grave for event in self.consulted.events.get(code, ()))
        shown = {
            "index": ranked["index_printed"],
            "rank": f"{ranked['rank']} {text('scorecard.of', self.lang, n=len(rows))}",
            "class": numbers.fixed(fmean(row["index"] for row in rows)),
            "year": numbers.signed(None if year is None else ranked["index"] - year),
            "events": numbers.plain(grave) if facts.watched else numbers.NONE,
            "coverage": numbers.percent(ranked["coverage"]),
        }
        return tuple(
            Fact(text(f"consultation.fact_{name}", self.lang), value)
            for name, value in shown.items()
        )

    def _series(self, code: str) -> Chart:
        return city_bulletin.rank_series(self.facts, code, self.lang)

    def _gaps(self, code: str) -> Iterator[Gap]:
        city_class = self.facts.cities[code]["city_class"]
        rows = []
        for node in self.facts.edition.nodes:
            if node.level == _SECOND:
                won, possible = self.facts.nodes[code][node.no]
                middle = self.consulted.medians[city_class, node.no]
                rows.append((won - middle, node, won, possible, middle))
        rows.sort(key=lambda row: row[0])
        for gap, node, won, possible, middle in rows:
            yield Gap(
                name=node.zh if self.lang == "zh" else node.en,
                won=numbers.fixed(won),
                possible=numbers.plain(possible),
                median=numbers.fixed(middle),
                gap=numbers.signed(gap),
                below=gap <= -numbers.LEAST,
            )

    def _lost(self, code: str) -> list[tuple[float, Leaf, CauseOf]]:
        """Points lost, leaf and cause, the most first; of the same loss, in the order of the tree."""
        observed = self.facts.observations.get(code, {})
        doubtful = {measure for measure, row in observed.items() if row.discrepancy}
        rows = self.facts.leaves[code]
        breached = any(event.grave for event in self.consulted.events.get(code, ()))
        told_of = _OF_BREACHES if breached else ()
        found = [
            (lost, leaf, consultation.cause(leaf, rows[leaf.id].reason, doubtful, told_of))
            for leaf in self.facts.edition.leaves
            if (lost := rows[leaf.id].points_possible - rows[leaf.id].points) > 0
        ]
        return sorted(found, key=lambda row: -row[0])

    def _causes(self, code: str) -> Iterator[Cause]:
        lost = self._lost(code)
        whole = fsum(points for points, _, _ in lost)
        for cause in _CAUSES:
            mine = [(points, leaf) for points, leaf, why in lost if why == cause]
            if not mine:
                continue
            points = fsum(each for each, _ in mine)
            yield Cause(
                name=text(f"consultation.cause_of.{cause}", self.lang),
                leaves=numbers.plain(len(mine)),
                lost=numbers.fixed(points),
                share=numbers.percent(points / whole, 0),
                names=text("site.join", self.lang).join(
                    text(
                        "consultation.name_and_points",
                        self.lang,
                        name=self._said[leaf.id].name,
                        points=numbers.fixed(each),
                    )
                    for each, leaf in mine[:_MOST_NAMES]
                ),
            )

    def _compared(self, code: str) -> str:
        told = self.consulted
        if not told.compared[code]:
            return text("consultation.compared_none", self.lang)
        return text(
            f"consultation.compared_{'peers' if told.peers[code] else 'near'}",
            self.lang,
            n=told.compared[code],
            since=words.period(told.since, self.lang),
        )

    def _risen(self, row: Mapping[str, Any]) -> Risen:
        lang, city = self.lang, self.facts.cities[row["city_code"]]

        def placed(when: str) -> str:
            index, rank = numbers.fixed(row[f"index{when}"]), row[f"rank{when}"]
            return text("consultation.placed", lang, index=index, rank=rank)

        return Risen(
            city=words.both_names(city, lang),
            province=words.province_of(city, lang),
            before=placed("_before"),
            after=placed(""),
            change=numbers.signed(row["index_change"]),
            leaves=tuple(
                (
                    self._said[leaf].name,
                    text(
                        "consultation.from_to",
                        lang,
                        before=numbers.fixed(was),
                        after=numbers.fixed(now),
                    ),
                )
                for leaf, was, now in self.consulted.leaves.get(row["city_code"], ())
                if leaf in self._said
            ),
        )

    def _questions(self, code: str) -> Iterator[Question]:
        for lost, leaf, cause in self._lost(code)[: consultation.rules().leaves]:
            if lost < numbers.LEAST:
                return
            row = self.facts.leaves[code][leaf.id]
            yield Question(
                leaf=self._said[leaf.id].name,
                lost=text(
                    "consultation.lost",
                    self.lang,
                    lost=numbers.fixed(lost),
                    possible=numbers.plain(row.points_possible),
                ),
                found=self._found(code, leaf, row, cause),
                asked=text(f"consultation.asked.{cause}", self.lang),
            )

    def _found(self, code: str, leaf: Leaf, row: LeafRow, cause: CauseOf) -> str:
        """What is behind the loss, in words."""
        city_class, said = self.facts.cities[code]["city_class"], self._said[leaf.id]
        reached = self.facts.reached(city_class, leaf.id)
        need = said.need(reached.lo, reached.hi, city_class)[0]
        value, middle = said.value(row.value), said.value(reached.median_value)
        key = f"consultation.found.{cause}"
        match cause:
            case "not_submitted" | "imputed":
                return text(key, self.lang, need=need)
            case "discrepancy":
                return text(key, self.lang, pairs=self._pairs(code, leaf))
            case "events":
                grave = [event for event in self.consulted.events.get(code, ()) if event.grave]
                unanswered = sum(event.answered is None for event in grave)
                return text(
                    key, self.lang, grave=len(grave), open=unanswered, value=value, median=middle
                )
            case "own":
                return text(key, self.lang, value=value, median=middle, need=need)

    def _pairs(self, code: str, leaf: Leaf) -> str:
        """What the two sources say of each measure of a leaf of which they differ."""
        observed = self.facts.observations[code]
        return text("site.semicolon", self.lang).join(
            text(
                "consultation.found.pair",
                self.lang,
                measure=words.measure_name(catalogue()[measure], self.lang),
                source=text(f"source.{row.source}", self.lang),
                value=words.measure_value(measure, row.value, self.lang),
                other=text(f"source.{row.other_source}", self.lang),
                other_value=words.measure_value(measure, row.other_value, self.lang),
            )
            for measure in leaf.expression.measures
            if (row := observed.get(measure)) is not None and row.discrepancy
        )
