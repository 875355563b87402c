"""Submissions of cities and provinces, and assessors' awards: the form made, checked, taken in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from indicators import edition as editions
from indicators.edition import Edition
from indicators.forms import PARTS, sections
from indicators.measures import Measure, catalogue
from indicators.registry import cities_of
from indicators.screen import FIRST_PERIOD, screen
from pipelines.pages import numbers
from pipelines.periods import shift, this_month
from pipelines.steps import arriving, facts
from pipelines.steps.observing import OBSERVATIONS, of_edition
from pipelines.workspace import Workspace
from scrapers import landing
from scrapers.arrival import Arrival
from scrapers.declaration import sources
from scrapers.formats import workbooks
from scrapers.formats.workbooks import Form
from scrapers.formats.workbooks_answers import DIVISIBLE
from scrapers.landing import Landed
from scrapers.reading import LARGEST, REFUSED, Ask, AskedMeasure, FileRefused
from templates.catalogue import LANGS, text
from templates.submission.context import Context, Kind, Place

_LEAP, _LEAP_FROM = 5.0, 20.0
"""A count is questioned where it is so many times last month's, or last month's so many times it, and the
two differ by so much at least."""
_LEAP_OF_SHARES = 0.3


@dataclass(frozen=True)
class Checked:
    """A workbook that was looked through.

    Attributes:
        name: the file's name, or a part of its hash where the name could be a person's.
        sha256: hash of the file.
        form: what was read of it; None where it could not be read.
        sender: who it is from, if that is known.
        good: values that can be taken in: city_code, measure, value, place.
        refused: what cannot be, with the columns of REFUSED; row 0 is the file as a whole.
        more_refused: refusals beyond those listed.
        questions: what should be made sure of, in both languages; it keeps nothing from being taken in.
    """

    name: str
    sha256: str
    form: Form | None
    sender: Place | None
    good: pl.DataFrame
    refused: pl.DataFrame
    more_refused: int
    questions: tuple[str, ...]

    def measure_at(self, place: str) -> str:
        """The measure that is asked for, or proven, in a cell; empty where none is."""
        found = {
            at: entry.measure
            for entry in (self.form.entries if self.form else ())
            for at in (entry.place, entry.evidence_place)
            if entry.measure in catalogue()
        }
        return found.get(place, "")

    @property
    def acceptable(self) -> bool:
        """Whether it can be taken in, perhaps but for some of its cells."""
        return self.form is not None and not (self.refused["row"] == 0).any()


@dataclass(frozen=True)
class Receipt:
    """What a sender gets for a submission that was taken in; `earlier` counts those before it."""

    checked: Checked
    landed: Landed
    late: bool
    earlier: int


def context(workspace: Workspace, kind: Kind, code: str, period: str, edition_id: str) -> Context:
    """The form for a city or province.

    Args:
        workspace: where last month's values are, if there are any.
        kind: who fills it in.
        code: code of the city, or of the province.
        period: month to report on.
        edition_id: edition that asks.

    Raises:
        ValueError: the month is yet to come, there is no such city or province in it, the edition is not
            valid in it, or asks nothing of that kind of sender.
    """
    if period > (last := this_month()):
        raise ValueError(both("submission.said.to_come", period=period, last=last))
    edition = editions.load(edition_id)
    edition.refuse_period(period)
    cities = cities_of(facts.registry(), period)
    place = _place(cities, kind, code)
    if place is None:
        key = f"submission.said.{'province' if kind == 'province' else 'city'}_unknown"
        raise ValueError(both(key, code=code, period=period))
    asked = sections(edition, kind)
    if not asked:
        raise ValueError(both("submission.said.asks_nothing", edition=edition_id, kind=kind))
    rows = [
        Place(*row)
        for row in cities.filter(pl.col("province_code") == code)
        .select("city_code", "name", "name_en")
        .rows()
        if kind == "province"
    ]
    return Context(
        kind=kind,
        place=place,
        period=period,
        edition_zh=edition.title_zh,
        edition_en=edition.title_en,
        due_day=sources()[kind].due_day,
        sections=asked,
        cities=rows,
        divisible=DIVISIBLE,
        points=edition.awards if kind == "assessor" else {},
        before=_before(workspace, kind, period, edition_id),
        identity=workbooks.identity(
            kind,
            edition_id,
            period,
            code,
            place.zh,
            [measure.id for section in asked for measure in section.measures],
            [city.code for city in rows],
        ),
    )


def check(workspace: Workspace, path: Path) -> Checked:
    """Look a workbook through and find everything that is wrong with it. Writes nothing."""
    digest = landing.digest(path)
    name = landing.shown_name(path.name, digest)
    try:
        form = workbooks.read(path)
    except FileRefused as refusal:
        refused = pl.DataFrame([{**refusal.details(), "row": 0}], schema=REFUSED)
        return Checked(name, digest, None, None, _GOOD, refused, 0, ())
    cities = cities_of(facts.registry(), form.period)
    reading = workbooks.reading(form, _ask(form, cities))
    screened = screen(
        reading.kept,
        # Which cities may stand in the form is said above, once for the whole of it.
        reading.kept.select("period", "city_code").unique(),
        _reported(form.kind),
        first_period=form.period,
        last_period=form.period,
        sources=[form.kind],
        largest=LARGEST,
        awards=editions.load(form.edition).awards if form.edition in editions.ids() else None,
    )
    in_cells = screened.refused.with_columns(field="place").select(*REFUSED)
    refused = pl.concat([reading.refused, in_cells]).sort("row", "field")
    of_file = pl.DataFrame(list(_wrong_form(form, cities)), schema=REFUSED, orient="row")
    before = _before(workspace, form.kind, form.period, form.edition)
    return Checked(
        name,
        digest,
        form,
        _place(cities, form.kind, form.code),
        screened.good.select(_GOOD.columns),
        pl.concat([of_file, refused]),
        reading.more_refused,
        tuple(_questions(form, screened.good, set(refused["field"]), before)),
    )


def accept(workspace: Workspace, path: Path, delivered_at: datetime) -> Checked | Receipt:
    """Take a workbook in: what is good of it is kept, for the next run of its month to use.

    Args:
        workspace: where it is kept.
        path: the workbook.
        delivered_at: when it was handed in, Asia/Shanghai.

    Returns:
        The receipt; or, where nothing of the file can be taken in and nothing was kept, what is wrong
        with it.
    """
    checked = check(workspace, path)
    form = checked.form
    if form is None or not checked.acceptable:
        return checked
    source = sources()[form.kind]
    before = [
        file
        for file in landing.landed(workspace.landing, source.id, form.period)
        if file.sender == form.code
    ]
    landed = arriving.land(
        workspace,
        source,
        _ask(form, cities_of(facts.registry(), form.period)),
        Arrival(path.name, "cci submission accept", delivered_at, path),
        checked.sha256,
    )
    return Receipt(checked, landed, source.late(form.period, delivered_at), len(before))


def both(key: str, **parameters: object) -> str:
    """A text in Chinese and English."""
    return " / ".join(text(key, lang, **parameters) for lang in LANGS)


_GOOD = pl.DataFrame(
    schema={"city_code": pl.String, "measure": pl.String, "value": pl.Float64, "place": pl.String}
)


def _place(cities: pl.DataFrame, kind: str, code: str) -> Place | None:
    """The city or province of that code, if there is one in the month."""
    columns = ("province_code", "province", "province_en")
    if kind != "province":
        columns = ("city_code", "name", "name_en")
    found = cities.select(columns).unique().filter(pl.col(columns[0]) == code)
    return Place(*found.row(0)) if len(found) else None


def _reported(kind: str) -> dict[str, Measure]:
    return {m.id: m for m in catalogue().values() if kind in m.sources}


def _ask(form: Form, cities: pl.DataFrame) -> Ask:
    """What is asked of the sender of a form, in the month that the form itself names."""
    measures = {
        m.id: AskedMeasure(m.id, m.unit, m.zh, m.en, m.maximum, m.whole)
        for m in _reported(form.kind).values()
    }
    return Ask(form.kind, form.kind, form.period, cities, measures)


def _before(
    workspace: Workspace, kind: str, period: str, edition_id: str
) -> dict[tuple[str, str], float]:
    """What the same kind of sender said for the month before, by city and measure."""
    month = shift(period, -1)
    if not workspace.store.has(OBSERVATIONS, period=month):
        return {}
    said = (
        pl.when(pl.col("source") == kind)
        .then("value")
        .when(pl.col("other_source") == kind)
        .then("other_value")
    )
    rows = (
        of_edition(workspace.store.read(OBSERVATIONS, period=month), edition_id)
        .select("city_code", "measure", said=said)
        .drop_nulls("said")
    )
    return {(city_code, measure): value for city_code, measure, value in rows.iter_rows()}


def _wrong_form(form: Form, cities: pl.DataFrame) -> Iterator[tuple[int, str, str, str, str]]:
    """Why a form as a whole cannot be taken in, as rows of REFUSED."""
    if not FIRST_PERIOD <= form.period <= this_month():
        yield 0, workbooks.FORM, "period_unknown", form.period, f"{FIRST_PERIOD}..{this_month()}"
    if _place(cities, form.kind, form.code) is None:
        unknown = "province_unknown" if form.kind == "province" else "city_unknown"
        yield 0, workbooks.FORM, unknown, form.code, ""
    if form.edition not in editions.ids():
        yield 0, workbooks.FORM, "edition_unknown", form.edition, ", ".join(editions.ids())
        return
    edition = editions.load(form.edition)
    try:
        edition.refuse_period(form.period)
    except ValueError:
        valid = f"{edition.valid_from}..{edition.valid_to or ''}"
        yield 0, workbooks.FORM, "edition_not_valid", form.period, valid
    if [(e.city_code, e.measure) for e in form.entries] != _asked(form, edition, cities):
        yield 0, workbooks.VALUES, "form_outdated", "", workbooks.MADE_BY


def _asked(form: Form, edition: Edition, cities: pl.DataFrame) -> list[tuple[str, str]]:
    """What the edition asks of the form's sender now: cities and measures, in the form's order."""
    codes = [form.code]
    if form.kind == "province":
        codes = cities.filter(pl.col("province_code") == form.code)["city_code"].to_list()
    measures = [m.id for section in sections(edition, form.kind) for m in section.measures]
    return [(code, measure) for code in codes for measure in measures]


def _questions(
    form: Form, good: pl.DataFrame, refused: set[str], before: dict[tuple[str, str], float]
) -> Iterator[str]:
    """What should be made sure of: first what was left out, then single values."""
    left_out = [e.place for e in form.entries if e.value is None and e.evidence is None]
    if left_out:
        key = "no_award" if form.kind == "assessor" else "gap"
        cells = ", ".join(place.removeprefix(f"{workbooks.VALUES}!") for place in left_out)
        yield f"{workbooks.VALUES}: {both(f'submission.question.{key}', count=len(left_out))}: {cells}"
    for entry in form.entries:
        alone = entry.value is None and entry.evidence is not None
        if alone and entry.evidence_place not in refused:
            yield f"{entry.evidence_place}: {both('submission.question.no_value')}"
    now = {
        (code, measure): (value, place)
        for code, measure, value, place in good.select(_GOOD.columns).iter_rows()
    }
    for (code, measure), (value, place) in now.items():
        shown: dict[str, object] = {"now": numbers.plain(value)}
        last = before.get((code, measure))
        if last is not None and _leaps(last, value, catalogue()[measure]):
            shown["before"] = numbers.plain(last)
            yield f"{place} {measure}: {both('submission.question.leap', **shown)}"
        whole = PARTS.get(measure, "")
        of, of_place = now.get((code, whole), (value, ""))
        if value > of:
            shown |= {"of": numbers.plain(of), "whole": whole, "place": of_place}
            yield f"{place} {measure}: {both('submission.question.part', **shown)}"


def _leaps(before: float, now: float, measure: Measure) -> bool:
    """Whether two months differ by more than a measure usually does."""
    if measure.kind == "award" or measure.whole:
        return False
    if measure.unit == "share":
        return abs(now - before) > _LEAP_OF_SHARES
    low, high = sorted((before, now))
    return high - low >= _LEAP_FROM and high >= _LEAP * low
