"""Bridges between editions in words and printed numbers, and the page of two editions of a month."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations

import polars as pl

from indicators.bridge import CITY_KINDS, EDITION_KINDS, Bridge, Part, Step, Won, scale
from indicators.bridge_sheet import PLACES, STEPS, Line, Sheet, sheet
from indicators.edition import Edition, Leaf, ids
from indicators.score import UNITS_PER_POINT
from indicators.subjects import subjects
from pipelines.bridging import Compared, Month, OfClass
from pipelines.pages import addresses, exports, frame, numbers, words
from pipelines.pages.words import LeafWords
from templates.bridge import context as page
from templates.catalogue import has, text
from templates.layout import Change, Download, Fact, Link, Name
from warehouse.contracts.exported import MeanMoves, RankMoves
from warehouse.publication import Publication

_MOST = 20
_KINDS: dict[Step, tuple[str, ...]] = {"city": CITY_KINDS, "edition": EDITION_KINDS}


@dataclass(frozen=True)
class Printed:
    """One bridge as it is printed, in one language.

    `editions` are those of its standings, in their order.
    """

    bridge: Bridge
    editions: tuple[Edition, ...]
    lang: str

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that lead from the first standing to the last."""
        return STEPS[len(self.editions)]

    def matrix(self, step: Step) -> page.Matrix:
        """Subjects by kinds of change of one step."""
        at, rounded = self.steps.index(step), self._sheet
        lines = [
            line
            for line in rounded.lines
            if any(line.ends[at : at + 2]) or any(line.by_kind(step).values())
        ]
        found = {part.kind for line in lines for part, _ in line.parts if part.step == step}
        kinds = [kind for kind in _KINDS[step] if kind in found]
        ends = [self.label(at), *(_kind(kind, self.lang) for kind in kinds), self.label(at + 1)]
        return page.Matrix(
            head=tuple(ends),
            rows=tuple(
                (self._subject(line.name), self._cells(line.ends, line.by_kind(step), kinds, at))
                for line in lines
            ),
            foot=self._cells(rounded.totals, rounded.by_kind(step), kinds, at),
            legend=tuple(
                (_kind(kind, self.lang), text(f"bridge.kind_meaning.{kind}", self.lang))
                for kind in kinds
            ),
        )

    def groups(self, step: Step) -> tuple[page.Group, ...]:
        """Every criterion whose difference shows, by subject; the largest differences first."""
        groups = (
            page.Group(
                self._subject(line.name),
                thousandths(sum(line.by_kind(step).values()), signed=True),
                tuple(self._lines(line, step)),
            )
            for line in self._sheet.lines
        )
        return tuple(group for group in groups if group.lines)

    def possible(self) -> tuple[str, ...]:
        """How many points of monitoring editions could be assessed, in sentences."""
        return tuple(
            text(
                "bridge.possible",
                self.lang,
                edition=frame.title_of(edition.id, self.lang),
                period=words.period(standing.period, self.lang),
                full=numbers.plain(edition.points_possible),
                possible=numbers.plain(float(standing.possible)),
            )
            for edition, standing in zip(self.editions, self.bridge.standings, strict=True)
            if edition.kind == "monitoring"
        )

    def label(self, at: int) -> str:
        """A standing as the head of a column: edition, and the month where there are several."""
        standing = self.bridge.standings[at]
        several = len({s.period for s in self.bridge.standings}) > 1
        return f"{standing.edition} {standing.period}" if several else standing.edition

    @cached_property
    def _sheet(self) -> Sheet:
        return sheet(self.bridge)

    def _subject(self, name: str) -> str:
        if has(f"bridge.subject_name.{name}"):
            return text(f"bridge.subject_name.{name}", self.lang)
        return subjects()[name].zh if self.lang == "zh" else subjects()[name].en

    def _cells(
        self, ends: tuple[int, ...], by_kind: dict[str, int], kinds: Iterable[str], at: int
    ) -> tuple[str, ...]:
        changes = (thousandths(by_kind[k], signed=True) if k in by_kind else "" for k in kinds)
        return (thousandths(ends[at]), *changes, thousandths(ends[at + 1]))

    def _lines(self, line: Line, step: Step) -> list[page.Line]:
        own = [(part, amount) for part, amount in line.parts if part.step == step and amount]
        own.sort(key=lambda found: (-abs(found[0].amount), found[0].leaf))
        return [
            page.Line(
                self._criterion(part),
                _kind(part.kind, self.lang),
                self._says(part),
                thousandths(amount, signed=True),
            )
            for part, amount in own
        ]

    def _pair(self, step: Step) -> tuple[Edition, Edition]:
        at = self.steps.index(step)
        return self.editions[at], self.editions[at + 1]

    def _leaf(self, part: Part) -> Leaf:
        """The criterion of a part: that of the edition before the step, or where it is new, after it."""
        before, after = self._pair(part.step)
        return (after if part.was is None else before).leaf(part.leaf)

    def _criterion(self, part: Part) -> str:
        if not part.leaf:
            return self._subject(part.kind)
        return LeafWords(self._leaf(part), self.lang).name

    def _says(self, part: Part) -> str:
        """How a criterion differs, in words."""
        key, lang = f"bridge.says.{part.kind}", self.lang
        if not part.leaf:
            return ""
        leaf, was, now = self._leaf(part), part.was, part.now
        said = LeafWords(leaf, lang)
        match part.kind:
            case "own":
                return text(key, lang, before=_value(said, was), after=_value(said, now))
            case "others":
                imputed = was is not None and was.reason
                return text("bridge.says.imputed" if imputed else key, lang)
            case "missing":
                return text(key, lang, before=_reason(said, was), after=_reason(said, now))
            case "dropped" | "added":
                won, points = _points(was or now), numbers.plain(leaf.points)
                return text(key, lang, points=points, won=won)
            case "moved":
                return text(key, lang, **self._subjects(part))
            case "reweighted":
                before, after = (
                    numbers.plain(float(scale(edition) * Fraction(edition.leaf(part.leaf).points)))
                    for edition in self._pair(part.step)
                )
                return text(key, lang, before=before, after=after)
            case "redefined":
                changed = (text(f"bridge.says.{name}", lang) for name in part.changed)
                what = text("site.join", lang).join(changed)
                return text(key, lang, what=what, before=_points(was), after=_points(now))
        return text(key, lang, before=_points(was), after=_points(now))

    def _subjects(self, part: Part) -> dict[str, str]:
        """Where a criterion stood, and where it stands."""
        moved = [p for p in self.bridge.parts if p.kind == "moved" and p.leaf == part.leaf]
        return {
            name: self._subject(p.subject)
            for name, p in zip(("before", "after"), moved, strict=True)
        }


def thousandths(amount: int, *, signed: bool = False) -> str:
    """A whole number of 10⁻³ with its decimals; with its sign, if it is a difference."""
    one = 10**PLACES
    digits = f"{abs(amount) // one:,d}.{abs(amount) % one:0{PLACES}d}"
    sign = numbers.MINUS if amount < 0 else "+" if signed and amount > 0 else ""
    return sign + digits


def adds_up(lang: str) -> str:
    """How the numbers were rounded, in words."""
    return text("bridge.adds_up", lang, places=PLACES)


def stands(month: Month, lang: str) -> str:
    """How a month stands, in words."""
    return text(f"bridge.how_{month.stands}", lang, revision=month.revision)


def context(compared: Compared, lang: str) -> page.Context:
    """Everything on the page of a month that was published under two editions."""
    start, end = compared.start, compared.end
    period = words.period(start.period, lang)
    heading = text(
        "bridge.title", lang, period=period, first=start.edition.id, second=end.edition.id
    )
    address = addresses.bridge(start.edition.id, start.period, end.edition.id)
    here = addresses.folder(addresses.in_language(lang, address))
    return page.Context(
        page=frame.page(
            address,
            lang,
            title=heading,
            description=text("bridge.description", lang, period=period),
            simulated=start.simulated or end.simulated,
            origin="computed",
            crumbs=(
                (text("site.home", lang), addresses.HOME),
                (
                    frame.ranking_title(start.period, lang),
                    addresses.month(start.edition.id, start.period),
                ),
            ),
            edition=start.edition.id,
        ),
        heading=heading,
        editions=tuple(
            (
                Link(
                    frame.title_of(month.edition.id, lang),
                    addresses.link(
                        here,
                        addresses.in_language(
                            lang, addresses.month(month.edition.id, month.period)
                        ),
                    ),
                ),
                stands(month, lang),
            )
            for month in (start, end)
        ),
        heads=heads(start, end, lang),
        classes=tuple(_section(compared, found, lang) for found in compared.classes),
        adds_up=adds_up(lang),
        downloads=(
            Download(
                text("downloads.rank_moves", lang),
                exports.links(addresses.link(here, address.removesuffix(".html"))),
            ),
            Download(
                text("downloads.mean_moves", lang),
                exports.links(addresses.link(here, parts_stem(address))),
            ),
        ),
    )


def table(compared: Compared) -> pl.DataFrame:
    """Totals and ranks of all cities compared, of the contract `RankMoves`."""
    rows = [
        found.moves.rows.with_columns(city_class=pl.lit(found.city_class))
        for found in compared.classes
    ]
    columns = RankMoves.column_names()
    return pl.concat(
        [RankMoves.create_empty(), *(each.select(columns) for each in rows)], how="vertical_relaxed"
    )


def parts_stem(address: str) -> str:
    """Address of the data of how means differ, without its format."""
    return address.removesuffix(".html") + "-parts"


def parts(compared: Compared) -> pl.DataFrame:
    """What the means of all classes gain and lose, of the contract `MeanMoves`."""
    rows = [
        {
            "city_class": found.city_class,
            "kind": part.kind,
            "subject": part.subject,
            "leaf": part.leaf,
            "amount": float(part.amount),
        }
        for found in compared.classes
        if found.mean
        for part in found.mean.parts
    ]
    return MeanMoves.validate(pl.DataFrame(rows, schema=MeanMoves.create_empty().schema))


def pairs(newest: Iterable[Publication]) -> Iterator[tuple[Publication, Publication]]:
    """Publications of the same month under two editions, the first edition the earlier in the list."""
    by_month: dict[str, list[Publication]] = {}
    for publication in newest:
        by_month.setdefault(publication.period, []).append(publication)
    order = ids()
    for of_month in by_month.values():
        yield from combinations(sorted(of_month, key=lambda p: order.index(p.edition)), 2)


def of_month(
    publication: Publication, found: Iterable[tuple[Publication, Publication]], lang: str
) -> tuple[Link, ...]:
    """Links from the page of a month to the same month under other editions."""
    here = addresses.folder(addresses.month(publication.edition, publication.period))
    return tuple(
        Link(
            text(
                "bridge.see_month",
                lang,
                edition=frame.title_of((end if start is publication else start).edition, lang),
            ),
            addresses.link(here, addresses.bridge(start.edition, start.period, end.edition)),
        )
        for start, end in found
        if publication in (start, end)
    )


def heads(start: Month, end: Month, lang: str) -> tuple[str, ...]:
    """Headings of the columns beside a city: its ranks, how it moved, its totals."""
    one, other = start.edition.id, end.edition.id
    return (
        text("bridge.rank_in", lang, edition=one),
        text("bridge.rank_in", lang, edition=other),
        text("bridge.moved", lang),
        text("bridge.total_in", lang, edition=one),
        text("bridge.total_in", lang, edition=other),
    )


def facts(found: OfClass, lang: str) -> tuple[Fact, ...]:
    """What is to be said of the ranks of a class: cities, correlations, who stays in the top."""
    moves = found.moves
    shown = [
        Fact(
            text("bridge.compared", lang),
            text("bridge.compared_value", lang, n=len(moves.rows), of=moves.of),
        ),
        Fact(text("bridge.spearman", lang), numbers.fixed(moves.correlation.spearman, 3)),
        Fact(text("bridge.kendall", lang), numbers.fixed(moves.correlation.kendall, 3)),
    ]
    return (
        *shown,
        *(
            Fact(text("bridge.kept", lang, top=top), text("bridge.kept_value", lang, n=n))
            for top, n in moves.kept.items()
        ),
    )


def change(moved: int | None) -> Change:
    """Places gained or lost."""
    if not moved:
        return Change(numbers.NONE if moved is None else "0", "same")
    return Change(f"{'↑' if moved > 0 else '↓'}{abs(moved)}", "up" if moved > 0 else "down")


def _section(compared: Compared, found: OfClass, lang: str) -> page.ClassSection:
    movers = _movers(compared.start, found, lang)
    rest = movers[_MOST:]
    printed = found.mean and Printed(
        found.mean, (compared.start.edition, compared.end.edition), lang
    )
    return page.ClassSection(
        id=found.city_class,
        title=text(f"class.{found.city_class}", lang),
        facts=facts(found, lang),
        movers=movers[:_MOST],
        movers_title=text("bridge.movers", lang, n=len(movers[:_MOST])),
        rest=rest,
        rest_title=text("bridge.rest", lang, n=len(rest)),
        mean=printed.matrix("edition") if printed else None,
        groups=printed.groups("edition") if printed else (),
        possible=printed.possible() if printed else (),
    )


def _movers(start: Month, found: OfClass, lang: str) -> tuple[page.Mover, ...]:
    names = {row["city_code"]: row for row in start.cities.iter_rows(named=True)}
    return tuple(
        page.Mover(
            city=Name(
                words.name_of(names[row["city_code"]], lang),
                "" if lang == "zh" else names[row["city_code"]]["name"],
            ),
            href=f"r{start.revision}/city/{row['city_code']}.html",
            rank_a=str(row["rank_a"]),
            rank_b=str(row["rank_b"]),
            moved=change(row["moved"]),
            total_a=numbers.fixed(row["total_a"]),
            total_b=numbers.fixed(row["total_b"]),
        )
        for row in found.moves.rows.iter_rows(named=True)
    )


def _kind(kind: str, lang: str) -> str:
    return text(f"bridge.kind_name.{kind}", lang)


def _value(said: LeafWords, won: Won | None) -> str:
    return said.value(won.value if won else None)


def _reason(said: LeafWords, won: Won | None) -> str:
    if won is None or not won.reason:
        return text("bridge.says.has_value", said.lang)
    return said.reason(won.reason)


def _points(won: Won | None) -> str:
    return numbers.plain(float(won.units / UNITS_PER_POINT) if won else None)
