"""`cci diff`: what publishing a month would change, from the cities that moved down to the files."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from indicators import audit
from indicators.edition import Edition
from indicators.measures import catalogue
from pipelines.pages import numbers
from pipelines.steps import publishing
from pipelines.steps.publishing import Proposal
from templates.catalogue import text

_SHOWN = 20
"""Rows of a table; JSON has all."""
_NAMED = 1
"""Leaves that a table names of a city; JSON has all."""


@dataclass(frozen=True)
class Shift:
    """Points of a leaf of a city, as published and as proposed; null where it has no such leaf."""

    leaf: str
    before: float | None
    after: float | None

    @property
    def by(self) -> float:
        """How many points more."""
        return (self.after or 0.0) - (self.before or 0.0)


@dataclass(frozen=True)
class Move:
    """A city whose index or rank is other than published, and the leaves that moved it, most first."""

    city_code: str
    name: str
    name_en: str
    city_class: str
    index_before: float | None
    index: float | None
    rank_before: int | None
    rank: int | None
    leaves: list[Shift]

    @property
    def order(self) -> tuple[int, float, str]:
        """Places moved, then points of the index moved, most first; a city that came or went leads."""
        if self.rank is None or self.rank_before is None:
            return (-(1 << 30), 0.0, self.city_code)
        moved = abs((self.index or 0.0) - (self.index_before or 0.0))
        return (-abs(self.rank - self.rank_before), -moved, self.city_code)


@dataclass(frozen=True)
class LeafMove:
    """A leaf that has other points: of how many cities, and the largest rise and fall of one."""

    leaf: str
    cities: int
    rise: float
    fall: float
    total: float
    """Points moved over all cities, whichever way."""


@dataclass(frozen=True)
class Behind:
    """Observations of a measure that differ, and the file that they came by; no name for several."""

    measure: str
    source: str
    name: str
    values: int


@dataclass(frozen=True)
class Differences:
    """A proposed revision against the one that stands; all as plain values.

    `published` and `revision` are numbers of revisions, `published` null where none stands.
    `refused` are checks that keep it from being published, `draft` whether its edition does.
    """

    edition: str
    period: str
    published: int | None
    revision: int
    is_new: bool
    simulated: bool
    draft: bool
    refused: dict[str, str]
    coverage: dict[str, float]
    edition_changed: bool
    code_before: str | None
    code: str
    cities: list[Move]
    leaves: list[LeafMove]
    observations: list[Behind]


def differences(proposal: Proposal) -> Differences:
    """What differs between a proposal and the revision that stands; nothing does before the first."""
    before = proposal.before
    manifest = before.manifest if before else {}
    changes = proposal.changes if proposal.is_new else proposal.changes.clear()
    leaves = changes.filter(pl.col("kind") == "leaf")
    return Differences(
        edition=proposal.criteria.id,
        period=proposal.period,
        published=before.revision if before else None,
        revision=proposal.revision,
        is_new=proposal.is_new,
        simulated=proposal.simulated,
        draft=proposal.criteria.status == "draft",
        refused={f.statement: f.detail for f in proposal.findings if not f.holds},
        coverage=audit.coverage_by_class(proposal.frames["index"]),
        edition_changed=bool(before) and manifest["edition_sha256"] != proposal.criteria.digest,
        code_before=manifest.get("code"),
        code=publishing.code_version(),
        cities=sorted(_moves(proposal, leaves), key=lambda move: move.order) if before else [],
        leaves=[LeafMove(**row) for row in _leaves(leaves).iter_rows(named=True)],
        observations=[Behind(**row) for row in _behind(changes).iter_rows(named=True)],
    )


def as_json(differences: Differences) -> str:
    """The differences as JSON, UTF-8 text."""
    return json.dumps(asdict(differences), ensure_ascii=False, indent=1)


def _moves(proposal: Proposal, leaves: pl.DataFrame) -> Iterator[Move]:
    """Cities whose index or rank differs, with the leaves that differ of each."""
    assert proposal.before is not None  # noqa: S101 - who calls has looked
    shifts: dict[str, list[Shift]] = {}
    for city_code, leaf, was, now in leaves.select(
        "city_code", "item", "before", "after"
    ).iter_rows():
        shifts.setdefault(city_code, []).append(Shift(leaf, was, now))
    columns = ("index", "rank")
    both = _indexed(proposal.before.frame("index"), proposal.before.frame("cities")).join(
        _indexed(proposal.frames["index"], proposal.frames["cities"]),
        on="city_code",
        how="full",
        coalesce=True,
        suffix="_after",
    )
    differ = [~pl.col(name).eq_missing(pl.col(f"{name}_after")) for name in columns]
    for row in both.filter(pl.any_horizontal(differ)).iter_rows(named=True):
        of_city = shifts.get(row["city_code"], [])
        name, name_en, city_class = (
            row[f"{column}_after"] or row[column] for column in ("name", "name_en", "city_class")
        )
        yield Move(
            city_code=row["city_code"],
            name=name,
            name_en=name_en,
            city_class=city_class,
            index_before=row["index"],
            index=row["index_after"],
            rank_before=row["rank"],
            rank=row["rank_after"],
            leaves=sorted(of_city, key=lambda shift: (-abs(shift.by), shift.leaf)),
        )


def _indexed(index: pl.DataFrame, cities: pl.DataFrame) -> pl.DataFrame:
    named = cities.select("city_code", "name", "name_en")
    return index.select("city_code", "city_class", "index", "rank").join(named, on="city_code")


def _leaves(leaves: pl.DataFrame) -> pl.DataFrame:
    """Leaves that differ, those that moved most points first."""
    by = pl.col("after").fill_null(0) - pl.col("before").fill_null(0)
    return (
        leaves.group_by(leaf="item")
        .agg(
            cities=pl.len(),
            rise=by.max().clip(lower_bound=0),
            fall=by.min().clip(upper_bound=0),
            total=by.abs().sum(),
        )
        .sort("total", "leaf", descending=[True, False])
    )


def _behind(changes: pl.DataFrame) -> pl.DataFrame:
    """Observations that differ, by measure and file, the most first."""
    return (
        changes.filter(pl.col("kind") == "observation")
        .group_by("source", "name", measure="item")
        .agg(values=pl.len())
        .sort("values", "measure", "name", descending=[True, False, False])
        .select("measure", "source", "name", "values")
    )


def show(told: Differences, criteria: Edition, lang: str, console: Console) -> None:
    """Print it for a terminal of 100 columns."""
    if told.simulated:
        console.print(text("cli.simulated", lang), style="yellow")
    named = {"edition": told.edition, "period": told.period}
    if told.published is None:
        console.print(Text(text("proposal.first", lang, **named)))
    elif told.is_new:
        head = text("proposal.head", lang, **named, revision=told.revision, before=told.published)
        console.print(Text(head))
    else:
        console.print(Text(text("proposal.same", lang, **named, before=told.published)))
        return
    console.print(Text(text("proposal.computed", lang)))
    for line in _notes(told, lang):
        console.print(Text(line))
    if told.published is not None:
        _show_moves(told, criteria, lang, console)
    console.print()
    for statement, detail in told.refused.items():
        line = text("proposal.refused", lang, statement=statement, detail=detail)
        console.print(Text(line, style="yellow"))
    if told.draft:
        console.print(Text(text("proposal.draft", lang, edition=told.edition), style="yellow"))
    elif not told.refused:
        console.print(Text(text("proposal.publish_it", lang, **named)))


def _notes(told: Differences, lang: str) -> Iterator[str]:
    """What is not a number and differs, and how much of the edition is covered."""
    coverage = ", ".join(
        f"{text(f'class.{name}', lang)} {numbers.percent(share)}"
        for name, share in told.coverage.items()
    )
    yield text("proposal.coverage", lang, coverage=coverage)
    if told.edition_changed:
        yield text("proposal.edition_changed", lang, before=told.published)
    if told.code_before not in (None, told.code):
        yield text("proposal.code_changed", lang, was=told.code_before, now=told.code)


def _show_moves(told: Differences, criteria: Edition, lang: str, console: Console) -> None:
    names = {leaf.id: leaf.zh if lang == "zh" else leaf.en for leaf in criteria.leaves}
    cities = _table(text("proposal.cities", lang, count=len(told.cities)))
    for column in ("city", "class", "index", "rank", "most"):
        cities.add_column(
            text(f"proposal.{column}", lang),
            justify="right" if column in ("index", "rank") else "left",
            no_wrap=column != "most",
        )
    for move in told.cities[:_SHOWN]:
        cities.add_row(*map(Text, _move(move, lang)))
    leaves = _table(text("proposal.leaves", lang, count=len(told.leaves)))
    for column in ("leaf", "of_cities", "rise", "fall"):
        leaves.add_column(
            text(f"proposal.{column}", lang), justify="left" if column == "leaf" else "right"
        )
    for leaf in told.leaves[:_SHOWN]:
        leaves.add_row(
            Text(f"{names.get(leaf.leaf, '')} {leaf.leaf}".strip()),
            str(leaf.cities),
            numbers.signed(leaf.rise, 3),
            numbers.signed(leaf.fall, 3),
        )
    behind = _table(
        text("proposal.observations", lang, count=sum(one.values for one in told.observations))
    )
    for column in ("cli.measure", "proposal.values", "cli.source", "proposal.file"):
        behind.add_column(
            text(column, lang), justify="right" if column == "proposal.values" else "left"
        )
    for one in told.observations[:_SHOWN]:
        behind.add_row(*map(Text, _file(one, lang)))
    for table, rows in ((cities, told.cities), (leaves, told.leaves), (behind, told.observations)):
        if not rows:
            continue
        console.print()
        console.print(table)
        if len(rows) > _SHOWN:
            console.print(text("proposal.more", lang, count=len(rows) - _SHOWN))
    if not told.observations:
        console.print(Text(text("proposal.no_observations", lang)))


def _move(move: Move, lang: str) -> tuple[str, ...]:
    named = move.leaves[:_NAMED]
    return (
        f"{move.name if lang == 'zh' else move.name_en} {move.city_code}",
        text(f"class_short.{move.city_class}", lang),
        f"{numbers.fixed(move.index_before, 3)} → {numbers.fixed(move.index, 3)}",
        f"{move.rank_before or numbers.NONE} → {move.rank or numbers.NONE}",
        ", ".join(f"{shift.leaf} {numbers.signed(shift.by, 3)}" for shift in named) or numbers.NONE,
    )


def _file(one: Behind, lang: str) -> tuple[str, ...]:
    known: Any = catalogue().get(one.measure)
    title = "" if known is None else known.zh if lang == "zh" else known.en
    name = one.name or text("proposal.several_files", lang)
    return (f"{title} {one.measure}".strip(), str(one.values), one.source, name)


def _table(title: str) -> Table:
    return Table(box=None, pad_edge=False, header_style="bold", title=title, title_justify="left")
