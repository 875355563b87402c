"""Scorecards: from a publication's rows to the context of the page, and the same as data."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from indicators.edition import Leaf
from indicators.explain import Need
from indicators.gains import FULL, NEXT
from indicators.measures import catalogue
from pipelines.pages import (
    addresses,
    charts,
    frame,
    ledger,
    moved,
    numbers,
    told,
    trace,
    warned,
    words,
)
from pipelines.pages.answers import Gain
from pipelines.pages.distribution import Distribution
from pipelines.pages.reading import (
    ChangeRow,
    Contribution,
    Facts,
    LeafRow,
    Observation,
)
from pipelines.pages.standing_more import standing_more
from pipelines.pages.sureness import basis
from pipelines.pages.what_if import what_if
from templates.catalogue import text
from templates.environment import render_part
from templates.layout import Change, Chart, Download, Link
from templates.scorecard.context import (
    Context,
    Correction,
    Goal,
    Lost,
    Operand,
    Row,
    Rule,
    Standing,
    Voice,
)

MOST_LOST = 10
FIRST_STEPS = 3
MOST_CORRECTIONS = 30
_KINDS = ("index", "rank", "observation", "leaf")
_ALIKE = 9  # decimals to which as many points are as many
_SHORT_HASH = 8


@dataclass(frozen=True)
class _Leaf:
    """One leaf for one class: its words, rule and what full points need."""

    words: words.LeafWords
    rule: Markup
    need_words: str
    need: Need | None


class Cards:
    """Makes the scorecards of one publication in one language."""

    def __init__(self, facts: Facts, lang: str) -> None:
        self.facts = facts
        self.lang = lang
        self.edition = facts.edition
        self.folder = addresses.publication(facts.edition.id, facts.period, facts.revision)
        self._here = addresses.folder(addresses.in_language(lang, f"{self.folder}/city/x.html"))
        self._leaves = {
            name: {leaf.id: self._leaf(leaf, name) for leaf in self.edition.leaves}
            for name in self.edition.classes
        }
        self._distributions = {
            name: Distribution([row["index"] for row in facts.ranking[name]], lang)
            for name in self.edition.classes
        }

    def card(self, code: str) -> Context:
        """The scorecard of a city."""
        facts, lang = self.facts, self.lang
        city = facts.cities[code]
        city_class = city["city_class"]
        name, month = words.name_of(city, lang), words.period(facts.period, lang)
        title = text("scorecard.title", lang, city=name)
        tree = tuple(self._tree(code, city_class))
        corrections = self._corrections(code)
        more = len(corrections) - MOST_CORRECTIONS
        return Context(
            page=frame.page(
                f"{self.folder}/city/{code}.html",
                lang,
                title=f"{title} · {month}",
                description=text("scorecard.description", lang, city=name, period=month),
                simulated=facts.simulated,
                origin="computed",
                crumbs=(
                    (text("site.home", lang), addresses.HOME),
                    (frame.ranking_title(facts.period, lang), f"{self.folder}/index.html"),
                ),
                edition=self.edition.id,
                publication=self.folder,
                scripts=frame.WHAT_IF,
            ),
            city=words.both_names(city, lang),
            city_code=code,
            class_title=text(f"class.{city_class}", lang),
            province=words.province_of(city, lang),
            period=month,
            edition=self._title,
            revision=frame.revision(facts.revision, lang),
            revisions=Link(
                text("period.revisions", lang),
                self._link(addresses.month(self.edition.id, facts.period)),
            ),
            standing=self._standing(code, city_class),
            groups=tuple(row for row in tree if row.level == 1),
            distribution=self._distribution(code, city_class, name),
            moved=moved.moved(facts, code, self._names, lang),
            lost=self._lost(tree, city_class),
            first=self._first_steps(code),
            warned=warned.of_city(facts, code, lang),
            what_if=what_if(facts, code, lang),
            more=standing_more(facts, code, lang),
            corrections=tuple(corrections[:MOST_CORRECTIONS]),
            corrections_more=text("scorecard.corrections_more", lang, n=more) if more > 0 else "",
            series=self._series(code),
            tree=tree,
            legend=self._legend(tree),
            basis=basis(facts, code, self._names, self._distributions[city_class], lang),
            methodology=Link(self._title, self._link(addresses.methodology(self.edition.id))),
            quality=Link(
                text("quality.short_title", lang), self._link(addresses.quality(self.folder))
            ),
            tables=Link(text("scorecard.tables", lang), "../index.html#data"),
            downloads=(
                Download(
                    text("scorecard.data", lang),
                    (Link("JSON", self._data(f"city/{code}.json")),),
                ),
                Download(
                    text("downloads.workbook", lang),
                    (Link("XLSX", self._data("publication.xlsx")),),
                ),
            ),
        )

    @cached_property
    def _title(self) -> str:
        return frame.title_of(self.edition.id, self.lang)

    def _link(self, target: str) -> str:
        return addresses.link(self._here, addresses.in_language(self.lang, target))

    def _data(self, name: str) -> str:
        return addresses.link(self._here, f"{self.folder}/data/{name}")

    def _leaf(self, leaf: Leaf, city_class: str) -> _Leaf:
        """What is the same for all cities of a class."""
        lang, said = self.lang, words.LeafWords(leaf, self.lang)
        reached = self.facts.reached(city_class, leaf.id)
        need_words, need = said.need(reached.lo, reached.hi, city_class)
        bounds = ""
        if reached.lo is not None and reached.hi is not None:
            bounds = text(
                "scorecard.bounds", lang, lo=said.value(reached.lo), hi=said.value(reached.hi)
            )
        if reached.median_value is None:
            median = text("scorecard.median_none", lang)
        else:
            median = text("scorecard.median", lang, value=said.value(reached.median_value))
        method = self._link(addresses.methodology(self.edition.id))
        rule = Rule(
            words=said.rule,
            sources=said.sources,
            basis=text(f"basis.{leaf.basis}", lang),
            method=f"{method}#{leaf.id}",
            bounds=bounds,
            median=median,
            cities=text("scorecard.with_value", lang, n=reached.cities),
        )
        return _Leaf(said, render_part("scorecard/rule.html.j2", rule, lang), need_words, need)

    def _standing(self, code: str, city_class: str) -> Standing:
        lang, ranked, scored = self.lang, self.facts.ranked.get(code), self.facts.index[code]
        of = text("scorecard.of", lang, n=len(self.facts.ranking[city_class]))
        return Standing(
            label=frame.index_label(self.edition.kind, lang),
            index=ranked["index_printed"] if ranked else numbers.fixed(scored["index"]),
            rank=str(ranked["rank"]) if ranked else numbers.NONE,
            of=of if ranked else "",
            index_change=index_change(self.facts, ranked, lang),
            rank_change=rank_change(self.facts, ranked, lang),
            points=numbers.fixed(scored["points"]),
            points_possible=numbers.plain(scored["points_possible"]),
            coverage=numbers.percent(scored["coverage"]),
        )

    def _distribution(self, code: str, city_class: str, name: str) -> Chart:
        ranked = self.facts.ranked.get(code)
        mark = None
        if ranked:
            words_ = text("chart.here", self.lang, city=name, index=ranked["index_printed"])
            mark = (float(ranked["index"]), words_)
        return self._distributions[city_class].chart(text(f"class.{city_class}", self.lang), mark)

    def _series(self, code: str) -> tuple[Chart, ...]:
        lang, history = self.lang, self.facts.history.get(code, {})
        months = [(month, *history.get(month, (None, None))) for month in self.facts.months]
        index = [(month, value, numbers.fixed(value)) for month, value, _ in months]
        ranks = [
            (month, None if rank is None else float(rank), numbers.plain(rank))
            for month, _, rank in months
        ]
        made = []
        for key, column, points in (
            ("index_series", "ranking.index", index),
            ("rank_series", "ranking.rank", ranks),
        ):
            caption = text(f"chart.{key}", lang)
            made.append(
                Chart(
                    svg=charts.line(points, caption, inverted=key == "rank_series"),
                    caption=caption,
                    head=(text("chart.month", lang), text(column, lang)),
                    rows=tuple((month, printed) for month, _, printed in points),
                )
            )
        return tuple(made)

    def _tree(self, code: str, city_class: str) -> list[Row]:
        """Nodes and leaves top down. A third-level indicator with one leaf of its name is that leaf."""
        nodes, rows = self.facts.nodes[code], []
        shown: set[str] = set()
        for leaf in self.edition.leaves:
            for no in leaf.path:
                if no in shown:
                    continue
                shown.add(no)
                if no == leaf.node and self._alone[leaf.id]:
                    continue
                won, possible = nodes[no]
                rows.append(
                    Row(
                        level=no.split("|")[0].count(".") + 1,
                        anchor=f"n{no.replace('|', '-')}",
                        no=self._numbers(no),
                        name=self._node_names[no],
                        won=numbers.fixed(won),
                        lost=_loss(possible - won),
                        possible=numbers.plain(possible),
                        share=numbers.width(won, possible),
                        badges=(),
                    )
                )
            rows.append(self._leaf_row(leaf, code, city_class))
        return rows

    @cached_property
    def _alone(self) -> dict[str, bool]:
        """Whether a leaf stands for its whole third-level indicator."""
        counts: dict[str, int] = {}
        for leaf in self.edition.leaves:
            counts[leaf.node] = counts.get(leaf.node, 0) + 1
        return {
            leaf.id: counts[leaf.node] == 1
            and len(leaf.path) > 1
            and (self._node_names[leaf.node] == words.LeafWords(leaf, self.lang).name)
            for leaf in self.edition.leaves
        }

    @cached_property
    def _node_names(self) -> dict[str, str]:
        names = {node.no: node.zh if self.lang == "zh" else node.en for node in self.edition.nodes}
        for leaf in self.edition.leaves:
            parts = dict.fromkeys(names[no] for no in leaf.under)
            names[leaf.node] = text("site.semicolon", self.lang).join(parts)
        return names

    def _numbers(self, no: str) -> str:
        return no.replace("|", text("site.join", self.lang))

    def _leaf_row(self, leaf: Leaf, code: str, city_class: str) -> Row:
        scored = self.facts.leaves[code][leaf.id]
        said = self._leaves[city_class][leaf.id]
        known = self.facts.observations.get(code, {})
        seen = {m: known[m] for m in leaf.expression.measures if m in known}
        heard = self.facts.contributions.get(code, {})
        lost = scored.points_possible - scored.points
        target, follows, goal = "", "", None
        if lost >= numbers.LEAST:
            values = {m: seen[m].value for m in seen}
            target = said.words.target(said.need, values)
            gains = self.facts.answers.gains.get(code, {}).get(leaf.id, {})
            if FULL in gains:
                follows = self._follows(gains[FULL], code)
            if NEXT in gains:
                goal = self._goal(gains[NEXT], said.words, values, code)
        return Row(
            level=4,
            anchor=leaf.id,
            no=self._numbers(leaf.node) if self._alone[leaf.id] else "",
            name=said.words.name,
            won=numbers.fixed(scored.points),
            lost=_loss(lost),
            possible=numbers.plain(scored.points_possible),
            share=numbers.width(scored.points, scored.points_possible),
            badges=tuple(_badges(leaf, scored, seen.values(), self.lang)),
            value=self._value(said, scored.value),
            formula=said.words.formula,
            need=said.need_words,
            target=target,
            follows=follows,
            next=goal,
            rule=said.rule,
            operands=tuple(self._operands(leaf, said.words, seen, heard)),
            ledger=self._ledger(leaf, code),
        )

    def _goal(self, gain: Gain, said: words.LeafWords, values: dict[str, float], code: str) -> Goal:
        key = f"need.{gain.need.comparison.replace(' ', '_')}"
        return Goal(
            need=text(key, self.lang, value=said.value(gain.need.value)),
            target=said.target(gain.need, values),
            follows=self._follows(gain, code),
        )

    def _follows(self, gain: Gain, code: str) -> str:
        """The index and rank that would follow."""
        places = self.facts.index[code]["rank"] - gain.rank
        return text(
            "gains.follows",
            self.lang,
            index=numbers.fixed(gain.index),
            rank=gain.rank,
            change=text("gains.up", self.lang, n=places) if places else "",
        )

    def _first_steps(self, code: str) -> str:
        """The next steps that gain most ranks, of as many those that gain most points."""
        scored, steps = self.facts.leaves[code], []
        for leaf, gains in self.facts.answers.gains.get(code, {}).items():
            gain = gains.get(NEXT) or gains[FULL]
            gained = round(gain.points - scored[leaf].points, _ALIKE)
            if gained >= numbers.LEAST:
                steps.append((gain.rank, -gained, leaf))
        # Of as many points, in the order of the edition.
        steps.sort(key=lambda step: step[:2])
        named = [
            text(
                "gains.step",
                self.lang,
                leaf=self._names[leaf],
                points=numbers.fixed(-lost),
                rank=rank,
            )
            for rank, lost, leaf in steps[:FIRST_STEPS]
        ]
        joined = text("site.join", self.lang).join(named)
        return text("gains.first", self.lang, steps=joined) if named else ""

    @cached_property
    def _names(self) -> dict[str, str]:
        """Name of each leaf."""
        return {leaf.id: words.LeafWords(leaf, self.lang).name for leaf in self.edition.leaves}

    def _ledger(self, leaf: Leaf, code: str) -> Link | None:
        """The section of the city's ledger that a leaf rests on, if there is one."""
        section = ledger.section_of(leaf)
        if section is None or not self.facts.watched:
            return None
        name = text("ledger.see", self.lang, section=text(f"ledger.{section}", self.lang))
        return Link(name, f"../ledger/{code}.html#{section}")

    def _value(self, said: _Leaf, value: float | None) -> str:
        return text("scorecard.no_value", self.lang) if value is None else said.words.value(value)

    def _operands(
        self,
        leaf: Leaf,
        said: words.LeafWords,
        seen: dict[str, Observation],
        heard: dict[str, list[Contribution]],
    ) -> list[Operand]:
        lang = self.lang
        rows = [
            self._operand(
                letter, said.operand(measure), measure, seen.get(measure), heard.get(measure, [])
            )
            for measure, letter in said.letters.items()
        ]
        for measure in leaf.expression.national:
            total = self.facts.nation.get(measure)
            rows.append(
                Operand(
                    letter=said.letters[measure].upper(),
                    name=text("scorecard.nation", lang, measure=said.operand(measure)),
                    value=words.measure_value(measure, total, lang),
                    origin=text("scorecard.nation_source", lang),
                )
            )
        return rows

    def _operand(
        self,
        letter: str,
        name: str,
        measure: str,
        observed: Observation | None,
        voices: list[Contribution],
    ) -> Operand:
        lang, said = self.lang, tuple(self._voices(measure, voices))
        if observed is None:
            return Operand(letter, name, text("scorecard.no_value", lang), voices=said)
        return Operand(
            letter=letter,
            name=name,
            value=words.measure_value(measure, observed.value, lang),
            origin=trace.origin(measure, observed, voices, lang),
            sha=(observed.sha256 or "")[:_SHORT_HASH],
            evidence=told.evidence(observed.evidence),
            voices=said,
            notes=tuple(self._notes(measure, observed)),
        )

    def _voices(self, measure: str, voices: list[Contribution]) -> list[Voice]:
        """What the providers said; of probes their number says enough."""
        if catalogue()[measure].parts != "providers":
            return []
        return [
            Voice(
                name=words.provider_name(voice.part, self.lang),
                value=numbers.plain(voice.value),
                why="" if voice.counted else trace.left_out(voice.why, self.lang),
            )
            for voice in voices
        ]

    def _notes(self, measure: str, observed: Observation) -> list[tuple[str, bool]]:
        lang, notes = self.lang, []
        if observed.other_source is not None:
            other = text(
                "scorecard.other_value",
                lang,
                source=text(f"source.{observed.other_source}", lang),
                value=words.measure_value(measure, observed.other_value, lang),
            )
            notes.append((other, observed.discrepancy))
        remarks = [
            text(f"reason.{kind}", lang)
            for kind in ("corrected", "late")
            if getattr(observed, kind)
        ]
        if remarks:
            notes.append((text("site.semicolon", lang).join(remarks), False))
        return notes

    def _reached(self, city_class: str, leaf: str) -> str:
        """Median and most points of the class."""
        reached = self.facts.classes.get((city_class, leaf))
        if reached is None or reached.median_points is None:
            return ""
        return text(
            "gains.class_points",
            self.lang,
            median=numbers.fixed(reached.median_points),
            best=numbers.fixed(reached.best_points),
        )

    def _lost(self, tree: tuple[Row, ...], city_class: str) -> tuple[Lost, ...]:
        """The leaves with most points lost; of the same loss, in the order of the tree."""
        second, found = "", []
        for row in tree:
            if row.level <= 2:
                second = row.name
            elif row.level == 4 and row.lost:
                found.append((float(row.lost), row, second))
        found.sort(key=lambda item: -item[0])
        rows = []
        for _, row, group in found[:MOST_LOST]:
            need = row.need
            if any(kind == "not_submitted" for kind, _ in row.badges):
                need = text("need.submit", self.lang, need=need)
            rows.append(
                Lost(
                    anchor=row.anchor,
                    name=row.name,
                    group=group,
                    lost=row.lost,
                    possible=row.possible,
                    share=row.share,
                    reached=self._reached(city_class, row.anchor),
                    value=row.value,
                    next=row.next,
                    need=need,
                    follows=row.follows,
                    badges=row.badges,
                )
            )
        return tuple(rows)

    def _legend(self, tree: tuple[Row, ...]) -> tuple[tuple[str, str, str], ...]:
        kinds = dict.fromkeys(badge for row in tree for badge in row.badges)
        return tuple(
            (kind, label, text(f"reason_meaning.{kind}", self.lang)) for kind, label in kinds
        )

    def _corrections(self, code: str) -> list[Correction]:
        """What reads otherwise than in the revision before: standing first, then what moved it."""
        changes = self.facts.changes.get(code, [])
        ordered = sorted(changes, key=lambda change: _KINDS.index(change.kind))
        rows = [self._correction(change) for change in ordered]
        return [row for row in rows if row.before != row.after]

    def _correction(self, change: ChangeRow) -> Correction:
        lang, before, after = self.lang, change.before, change.after
        if change.kind == "observation":
            item = words.measure_name(catalogue()[change.item], lang)
            shown = [words.measure_value(change.item, v, lang) for v in (before, after)]
        elif change.kind == "leaf":
            item = words.LeafWords(self.edition.leaf(change.item), lang).name
            shown = [numbers.fixed(v) for v in (before, after)]
        else:
            item = text(f"ranking.{change.kind}", lang)
            whole = change.kind == "rank"
            shown = [numbers.plain(v) if whole else numbers.fixed(v) for v in (before, after)]
        source = text(f"source.{change.source}", lang) if change.source else ""
        return Correction(
            kind=text(f"change.{change.kind}", lang),
            item=item,
            before=shown[0],
            after=shown[1],
            source=f"{source} {change.name}".strip(),
        )


def _loss(lost: float) -> str:
    """Points lost as printed; nothing where they round to none."""
    return numbers.fixed(lost) if lost >= numbers.LEAST else ""


def _badges(leaf: Leaf, scored: LeafRow, seen: Any, lang: str) -> list[tuple[str, str]]:
    joint = [words.badge("joint", lang)] if len(leaf.under) > 1 else []
    return words.badges(scored.reason, seen, lang) + joint


def index_change(facts: Facts, ranked: dict[str, Any] | None, lang: str) -> Change:
    """Difference of the index to the month before."""
    if ranked is None or ranked["index_before"] is None:
        return _no_change(facts, ranked, lang)
    printed = numbers.signed(ranked["index"] - ranked["index_before"])
    return Change(printed, {"+": "up", numbers.MINUS: "down"}.get(printed[0], "same"))


def _no_change(facts: Facts, ranked: dict[str, Any] | None, lang: str) -> Change:
    """A city is new only where there is a month before that it was not in."""
    new = ranked is not None and facts.month_before
    return Change(text("ranking.new", lang) if new else numbers.NONE, "same")


def rank_change(facts: Facts, ranked: dict[str, Any] | None, lang: str) -> Change:
    """Places won (up) or lost (down) since the month before."""
    if ranked is None or ranked["rank_before"] is None:
        return _no_change(facts, ranked, lang)
    places = ranked["rank_before"] - ranked["rank"]
    if places == 0:
        return Change("＝" if lang == "zh" else "=", "same")
    return Change(f"{'↑' if places > 0 else '↓'}{abs(places)}", "up" if places > 0 else "down")


def as_data(facts: Facts, code: str) -> dict[str, Any]:
    """Everything on a city's scorecard as data, unrounded."""
    city, index = facts.cities[code], facts.index[code]
    ranked = facts.ranked.get(code)
    observations, answers = facts.observations.get(code, {}), facts.answers
    band = answers.bands.get(code)
    leaves = []
    for leaf in facts.edition.leaves:
        row = facts.leaves[code][leaf.id]
        reached = facts.classes.get((city["city_class"], leaf.id))
        national = {m: facts.nation.get(m) for m in leaf.expression.national}
        leaves.append(
            {
                "leaf": leaf.id,
                "node": leaf.node,
                "expression": leaf.expression.text,
                "rule": leaf.rule,
                "parameters": leaf.parameters,
                "basis": leaf.basis,
                **row._asdict(),
                "class": reached._asdict() if reached else None,
                "gains": {
                    goal: {
                        **gain.need._asdict(),
                        "points": gain.points,
                        "index": gain.index,
                        "rank": gain.rank,
                    }
                    for goal, gain in answers.gains.get(code, {}).get(leaf.id, {}).items()
                },
                **({"nation": national} if national else {}),
            }
        )
    return {
        "edition": facts.edition.id,
        "edition_revision": facts.edition.revision,
        "period": facts.period,
        "revision": facts.revision,
        "simulated": facts.simulated,
        "computed": True,
        "city_code": code,
        "name": city["name"],
        "name_en": city["name_en"],
        "province": city["province"],
        "province_en": city["province_en"],
        "city_class": city["city_class"],
        "points": index["points"],
        "points_possible": index["points_possible"],
        "index": index["index"],
        "index_printed": ranked["index_printed"] if ranked else None,
        "rank": index["rank"],
        "of": len(facts.ranking[city["city_class"]]),
        "index_before": ranked["index_before"] if ranked else None,
        "rank_before": ranked["rank_before"] if ranked else None,
        "coverage": index["coverage"],
        "history": [
            {"period": month, "index": value, "rank": rank}
            for month in facts.months
            for value, rank in [facts.history.get(code, {}).get(month, (None, None))]
        ],
        "movement": [
            {
                "since": month,
                "index": facts.history[code][month][0],
                "parts": [part._asdict() for part in parts],
            }
            for month, parts in answers.movement.get(code, {}).items()
        ],
        "doubts": [doubt._asdict() for doubt in answers.doubts.get(code, [])],
        "band": band._asdict() if band else None,
        "refused": answers.refused.get(code, []),
        "nodes": {
            no: {"points": points, "points_possible": possible}
            for no, (points, possible) in facts.nodes[code].items()
        },
        "leaves": leaves,
        "observations": {measure: row._asdict() for measure, row in sorted(observations.items())},
        "contributions": {
            measure: [voice._asdict() for voice in voices]
            for measure, voices in sorted(facts.contributions.get(code, {}).items())
        },
        "changes": [change._asdict() for change in facts.changes.get(code, [])],
    }
