"""A city's assessment report: from an assessment's rows to the context of the page."""

from collections.abc import Iterator
from functools import cached_property

from indicators.assessment import Reached, strengths
from indicators.edition import Condition, Leaf
from indicators.expression import Expression
from indicators.gains import Step, full_points, next_points
from indicators.gate import PLACE
from indicators.measures import catalogue
from pipelines.pages import numbers, papers, standards, told, trace, words
from pipelines.pages.assessed import COHORT, Assessed, GateRow, Standing
from pipelines.pages.reading import LeafRow, Observation
from templates.assessment import context as page
from templates.catalogue import text
from templates.layout import Fact, Link, Page

SIGNATURES = ("lead", "member", "member", "review")
_GAIN = 0.005  # less prints as 0.00
_SHORT_HASH = 8


def frame_of(assessed: Assessed, lang: str, file: str, title: str, description: str) -> Page:
    """The frame of a report: it stands alone, and needs nothing but its own folder.

    Args:
        assessed: the assessment.
        lang: language of the report.
        file: the page, from the folder of its language.
        title: title of the document.
        description: one sentence on it.
    """
    return papers.frame_of(
        lang,
        file,
        title=title,
        description=description,
        simulated=assessed.simulated,
        whole=text("assessment.cohort_report", lang),
    )


class Reports:
    """Makes the reports of one assessment in one language."""

    def __init__(self, assessed: Assessed, lang: str) -> None:
        self.assessed = assessed
        self.lang = lang
        self.edition = assessed.edition
        self._said = {leaf.id: words.LeafWords(leaf, lang) for leaf in self.edition.leaves}

    def report(self, code: str, pdfs: tuple[Link, ...] = ()) -> page.Context:
        """The report of a city that takes part.

        Args:
            code: the city.
            pdfs: links to the report as PDF.
        """
        assessed, lang = self.assessed, self.lang
        city, stood = assessed.cities[code], assessed.standing[code]
        name, month = words.name_of(city, lang), words.period(assessed.period, lang)
        heading = text("assessment.heading", lang)
        conditions = tuple(self._gate(code))
        return page.Context(
            page=frame_of(
                assessed,
                lang,
                f"city/{code}.html",
                text("assessment.title", lang, city=name, period=month),
                text("assessment.description", lang, city=name, period=month),
            ),
            heading=heading,
            city=words.both_names(city, lang),
            city_code=code,
            class_title=text(f"class.{stood.city_class}", lang),
            province=words.province_of(city, lang),
            period=month,
            edition=self._title,
            draft=self.edition.status == "draft",
            cohort=Link(text("assessment.cohort_report", lang), "../index.html"),
            pdfs=pdfs,
            verdict=self._verdict(code, stood),
            gate=conditions,
            gate_note=text("assessment.gate_note" if conditions else "assessment.no_gate", lang),
            groups=tuple(self._groups(code, stood.city_class)),
            whole=self._group(code, stood.city_class, "total", text("assessment.whole", lang)),
            criteria=tuple(self._criteria(code)),
            missing=tuple(self._missing(code)),
            strengths=tuple(self._strengths(code)),
            near=tuple(self._near(code, stood.city_class)),
            basis=basis(assessed, lang),
            files=self._files(code),
            signatures=tuple(text(f"assessment.sign_{who}", lang) for who in SIGNATURES),
        )

    @cached_property
    def _title(self) -> str:
        return self.edition.title_zh if self.lang == "zh" else self.edition.title_en

    def _verdict(self, code: str, stood: Standing) -> page.Verdict:
        lang, standing = self.lang, self.assessed.standing.values()
        of_class = sum(each.city_class == stood.city_class for each in standing)
        rows = self.assessed.gate.get(code, {}).values()
        notes = [
            text(f"assessment.n_{verdict}", lang, n=n)
            for verdict in ("failed", "unproven")
            if (n := sum(standards.verdict(row.passed) == verdict for row in rows))
        ]
        gate = standards.verdict_of_gate(self.edition, stood.gate_passed)
        why = "cohort" if stood.recommended else "behind" if stood.gate_passed else "gate"
        return page.Verdict(
            total=numbers.fixed(stood.total),
            possible=numbers.plain(self.edition.points_possible),
            rank=str(stood.rank),
            of=text("scorecard.of", lang, n=len(standing)),
            class_rank=str(stood.class_rank),
            class_of=text("scorecard.of", lang, n=of_class),
            gate=gate,
            gate_words=text(f"assessment.{gate}", lang),
            gate_note=text("site.semicolon", lang).join(notes),
            recommended=stood.recommended,
            recommended_words=text(
                "assessment.recommended" if stood.recommended else "assessment.not_recommended",
                lang,
            ),
            recommended_note=text(
                standards.gated(f"assessment.why_{why}", self.edition), lang, n=self.assessed.size
            ),
        )

    def _gate(self, code: str) -> Iterator[page.Condition]:
        """The conditions that are asked of the city's class."""
        held = self.assessed.gate.get(code, {})
        for condition in self.edition.gate:
            if condition.id not in held:
                continue
            row = held[condition.id]
            verdict = standards.verdict(row.passed)
            expression = condition.expression
            yield page.Condition(
                indicator=standards.indicator(self.edition, condition, self.lang),
                name=standards.name(condition, self.lang),
                standard=standards.standard(condition, self.lang),
                value=self._number(condition, row),
                verdict=verdict,
                verdict_words=text(f"assessment.{verdict}", self.lang),
                formula=words.formula(expression) if expression else "",
                operands=tuple(
                    self._operands(code, expression) if expression else self._place(code)
                ),
                note=condition.reason_zh if self.lang == "zh" else condition.reason_en,
            )

    def _number(self, condition: Condition, row: GateRow) -> str:
        if row.value is None:
            key = "assessment.missing" if row.missing else "assessment.no_cases"
            return text(key, self.lang)
        return standards.value(condition, row.value, self.lang)

    def _place(self, code: str) -> Iterator[page.Operand]:
        """Where a place in the monitoring index comes from."""
        stood = self.assessed.standing[code]
        known = stood.place is not None
        yield page.Operand(
            letter="",
            name=text("assessment.place", self.lang),
            value=str(stood.place) if known else text("scorecard.no_value", self.lang),
            origin=places(self.assessed, self.lang) if known else "",
        )

    def _operands(self, code: str, expression: Expression) -> Iterator[page.Operand]:
        lang, known = self.lang, self.assessed.observations.get(code, {})
        heard = self.assessed.contributions.get(code, {})
        for measure, letter in words.letters(expression).items():
            name = words.measure_name(catalogue()[measure], lang)
            observed = known.get(measure)
            if observed is None:
                yield page.Operand(letter, name, text("scorecard.no_value", lang))
                continue
            yield page.Operand(
                letter=letter,
                name=name,
                value=words.measure_value(measure, observed.value, lang),
                origin=trace.origin(measure, observed, heard.get(measure, []), lang),
                sha=(observed.sha256 or "")[:_SHORT_HASH],
                evidence=told.evidence(observed.evidence),
            )

    def _groups(self, code: str, city_class: str) -> Iterator[page.Group]:
        for node in self.edition.nodes:
            if node.level == 1:
                name = node.zh if self.lang == "zh" else node.en
                yield self._group(code, city_class, node.no, name)

    def _group(self, code: str, city_class: str, node: str, name: str) -> page.Group:
        won, possible = self.assessed.nodes[code][node]
        return page.Group(
            name=name,
            won=numbers.fixed(won),
            possible=numbers.plain(possible),
            share=numbers.width(won, possible),
            cohort=_reached(self.assessed.groups.get(COHORT, {}).get(node)),
            of_class=_reached(self.assessed.groups[city_class].get(node)),
        )

    def _criteria(self, code: str) -> Iterator[page.Criterion]:
        """Groups and their criteria; what lies between the two has no heading of its own."""
        names = {n.no: n.zh if self.lang == "zh" else n.en for n in self.edition.nodes}
        group = ""
        for leaf in self.edition.leaves:
            if leaf.path[0] != group:
                group = leaf.path[0]
                won, possible = self.assessed.nodes[code][group]
                yield page.Criterion(
                    heading=True,
                    name=names[group],
                    won=numbers.fixed(won),
                    possible=numbers.plain(possible),
                )
            yield self._criterion(leaf, code)

    def _criterion(self, leaf: Leaf, code: str) -> page.Criterion:
        lang, scored, said = self.lang, self.assessed.leaves[code][leaf.id], self._said[leaf.id]
        return page.Criterion(
            heading=False,
            name=said.name,
            won=numbers.fixed(scored.points),
            possible=numbers.plain(leaf.points),
            badges=tuple(words.badges(scored.reason, self._seen(leaf, code).values(), lang)),
            value=self._value(leaf, scored),
            formula=said.formula,
            rule=said.rule,
            basis=text(f"basis.{leaf.basis}", lang),
            operands=tuple(self._operands(code, leaf.expression)),
        )

    def _seen(self, leaf: Leaf, code: str) -> dict[str, Observation]:
        known = self.assessed.observations.get(code, {})
        return {m: known[m] for m in leaf.expression.measures if m in known}

    def _value(self, leaf: Leaf, scored: LeafRow) -> str:
        if scored.value is None:
            return text("scorecard.no_value", self.lang)
        return self._said[leaf.id].value(scored.value)

    def _missing(self, code: str) -> Iterator[page.Missing]:
        """What nobody submitted: for the gate first, then by criterion."""
        known = self.assessed.observations.get(code, {})
        held = self.assessed.gate.get(code, {})
        for condition in self.edition.gate:
            row = held.get(condition.id)
            if row is None or not row.missing:
                continue
            measures = row.missing.split("|")
            yield self._lacking(
                standards.name(condition, self.lang), measures, text("assessment.gate", self.lang)
            )
        for leaf in self.edition.leaves:
            measures = [m for m in leaf.expression.measures if m not in known]
            if measures:
                stake = numbers.plain(leaf.points)
                yield self._lacking(self._said[leaf.id].name, measures, stake)

    def _lacking(self, name: str, measures: list[str], stake: str) -> page.Missing:
        lang, join = self.lang, text("site.join", self.lang)
        if measures == [PLACE]:
            what, who = text("assessment.place", lang), text("assessment.place_who", lang)
        else:
            what = text("site.semicolon", lang).join(
                words.measure_name(catalogue()[m], lang) for m in measures
            )
            kinds = dict.fromkeys(s for m in measures for s in catalogue()[m].sources)
            who = join.join(text(f"source.{kind}", lang) for kind in kinds)
        return page.Missing(name=name, measures=what, who=who, stake=stake)

    def _strengths(self, code: str) -> Iterator[page.Strength]:
        cohort = self.assessed.groups.get(COHORT, {})
        for leaf in self.edition.leaves:
            scored = self.assessed.leaves[code][leaf.id]
            found = strengths(leaf, scored.points, not scored.reason, cohort.get(leaf.id))
            if found:
                yield page.Strength(
                    name=self._said[leaf.id].name,
                    won=numbers.fixed(scored.points),
                    possible=numbers.plain(leaf.points),
                    why=text("site.semicolon", self.lang).join(
                        text(f"assessment.strong_{why}", self.lang) for why in found
                    ),
                )

    def _near(self, code: str, city_class: str) -> Iterator[page.Near]:
        """Points in reach, the most first; of as many, in the order of the edition."""
        reach = []
        for leaf in self.edition.leaves:
            won = self.assessed.leaves[code][leaf.id].points
            full = full_points(leaf, city_class)
            if full is not None and full.points - won >= _GAIN:
                reach.append((won - full.points, leaf, full))
        reach.sort(key=lambda found: found[0])
        for _, leaf, full in reach:
            yield self._in_reach(leaf, code, full, city_class)

    def _in_reach(self, leaf: Leaf, code: str, full: Step, city_class: str) -> page.Near:
        scored, said = self.assessed.leaves[code][leaf.id], self._said[leaf.id]
        step = next_points(leaf, scored.points, city_class)
        need_words, need = said.need(None, None, city_class)
        values = {m: seen.value for m, seen in self._seen(leaf, code).items()}
        if scored.reason:
            need_words = text("need.submit", self.lang, need=need_words)
        next_need = ""
        if step:
            key = f"need.{step.need.comparison.replace(' ', '_')}"
            next_need = said.target(step.need, values) or text(
                key, self.lang, value=said.value(step.need.value)
            )
        return page.Near(
            name=said.name,
            gain=numbers.fixed(full.points - scored.points),
            won=numbers.fixed(scored.points),
            possible=numbers.plain(leaf.points),
            value=self._value(leaf, scored),
            next_gain=numbers.fixed(step.points - scored.points) if step else "",
            next_need=next_need,
            need=need_words,
            target=said.target(need, values),
        )

    def _files(self, code: str) -> tuple[tuple[str, str, str], ...]:
        """Files that the values came from, by source."""
        found = {
            (self._source(seen.source_id, seen.source), name, (sha or "")[:_SHORT_HASH])
            for name, sha, seen in self._origins(code)
        }
        return tuple(sorted(found))

    def _origins(self, code: str) -> Iterator[tuple[str, str | None, Observation]]:
        heard = self.assessed.contributions.get(code, {})
        for measure, seen in self.assessed.observations.get(code, {}).items():
            if seen.name is not None:
                yield seen.name, seen.sha256, seen
            else:
                yield from ((v.name, v.sha256, seen) for v in heard.get(measure, []))

    def _source(self, source_id: str, kind: str) -> str:
        if source_id:
            return words.source_title(source_id, self.lang)
        return text(f"source.{kind}", self.lang)


def basis(assessed: Assessed, lang: str) -> tuple[Fact, ...]:
    """What an assessment rests on."""
    edition = assessed.edition
    observations = text("assessment.of_installation", lang)
    if assessed.file is not None:
        observations = text("assessment.of_file", lang, name=assessed.file[0])
    facts = [
        Fact(text("assessment.basis_period", lang), words.period(assessed.period, lang)),
        Fact(text("assessment.basis_edition", lang), f"{edition.id} r{edition.revision}"),
        Fact(text("assessment.basis_digest", lang), edition.digest, code=True),
        Fact(text("assessment.basis_citation", lang), edition.citation),
        Fact(text("assessment.basis_observations", lang), observations),
    ]
    if assessed.file is not None:
        facts.append(Fact(text("assessment.basis_file", lang), assessed.file[1], code=True))
    return (
        *facts,
        Fact(text("assessment.basis_places", lang), places(assessed, lang)),
        Fact(text("assessment.basis_code", lang), assessed.code, code=True),
    )


def places(assessed: Assessed, lang: str) -> str:
    """Where the monitoring ranks come from, in words."""
    origin, revision = assessed.places
    month = words.period(assessed.period, lang)
    return text(f"assessment.places_{origin}", lang, period=month, revision=revision)


def _reached(group: Reached | None) -> tuple[str, str, str]:
    if group is None:
        return numbers.NONE, numbers.NONE, numbers.NONE
    return numbers.fixed(group.mean), numbers.fixed(group.median), numbers.fixed(group.best)
