"""Text cells of records become typed values, or refusals that say why not.

What offices mostly write is read by one fast step a column. Only texts that it leaves over are looked at
more closely, each once, and why a cell is refused is worked out for those alone that will be listed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from operator import or_
from typing import NamedTuple, Protocol

import polars as pl

from scrapers.credit_code import Verdict, judge, judge_all
from scrapers.formats import record_names
from scrapers.formats.delimited import Piece
from scrapers.formats.record_names import plain
from scrapers.reading import harmless
from scrapers.record_kinds import RecordKind

Refusal = tuple[int, str, str, str, str]
"""Row, field, reason, found and expected, as REFUSED has them."""
Why = Callable[[str], tuple[str, str]]
"""From the text of a cell that is wrong to the reason and what was expected."""
LISTED = 1000
"""Refusals of a file that are listed; more are only counted."""

_EARLIEST = date(1900, 1, 1)
_MOST = 999_999  # no entity has so many records; telephone and identity numbers are larger
_FLAGS = ("integrated",)
_ORDERED = (("registered", "cancelled"), ("listed", "delisted"), ("decided", "published"))
_MISSPELT = ("wrong", "corrected")  # states of a code that has not the right check character


@dataclass(frozen=True)
class Given:
    """What the records of an extract must agree with.

    `last` is the last day of the month `period`, `cities` are all that are monitored in it.
    """

    kind: RecordKind
    period: str
    last: date
    province_code: str
    cities: frozenset[str]


@dataclass(frozen=True)
class Checked:
    """What a piece gives, its rows being numbered from 0.

    `kept` has `row`, `kind`, `province_code`, `city_code`, the columns of its kind, and `hash`, which is
    the same for the same record. `refused` lists at most LISTED of the `refusals`; `rows_refused` and
    `persons` count the records that are left out, the latter because they are about natural persons.
    """

    kept: pl.DataFrame
    rows: int
    refused: list[Refusal]
    refusals: int
    rows_refused: int
    persons: int


def check(piece: Piece, given: Given) -> Checked:
    """Type and check the records of a piece.

    Args:
        piece: text columns with the names of the kind's, `city_code`, and those of ASIDE that there are.
        given: what the records must agree with.
    """
    cells = _without_blank_rows(piece.cells)
    typed = _typed(cells, given)
    refused, refusals = _listed(cells, typed.wrong, typed.people)
    misfits = [_misfit(piece, row, fields) for row, fields in piece.misfits]
    kept = _kept(cells, typed.clean, given)
    bad = reduce(or_, (where for _, where, _ in typed.wrong), typed.people)
    if bad.any():
        kept = kept.filter(~bad)
    persons = int(typed.people.sum())
    return Checked(
        kept=kept.rechunk(),  # here, where all cores are at work, and not of the whole later on
        rows=piece.rows,
        refused=sorted(refused + misfits)[:LISTED],
        refusals=refusals + len(misfits),
        rows_refused=cells.height - kept.height - persons + len(misfits),
        persons=persons,
    )


class _Typed(NamedTuple):
    """Columns by name; cells that are wrong, by column, and why; records that are about people."""

    clean: dict[str, pl.Series]
    wrong: list[tuple[str, pl.Series, Why]]
    people: pl.Series


def _typed(cells: pl.DataFrame, given: Given) -> _Typed:
    columns = _columns(given, cells.columns)
    clean = {name: column.clean(cells[name]) for name, column in columns.items()}
    wrong: list[tuple[str, pl.Series, Why]] = [
        (name, where, columns[name].why)
        for name, made in clean.items()
        if (where := _lacking(made, cells[name], name in given.kind.optional)) is not None
    ]
    for first, second in _ORDERED:
        if first in clean:
            reverse = (clean[second] < clean[first]).fill_null(False)
            wrong.append((second, reverse, partial(_why_before, first)))
    people = pl.repeat(False, cells.height, dtype=pl.Boolean, eager=True)
    if "subject" in cells.columns:
        people |= _is_natural_person(cells["subject"])
    if "code" in cells.columns:
        clean["code"], verdicts = _codes(cells["code"])
        people |= verdicts == Verdict.PERSON
        bad = verdicts != Verdict.VALID
        if "state" in clean:
            misspelt = clean["state"].is_in(_MISSPELT) & (verdicts == Verdict.WRONG_CHECK)
            bad &= ~misspelt.fill_null(False)
        wrong.append(("code", bad, _why_no_code))
    return _Typed(clean, wrong, people)


def _kept(cells: pl.DataFrame, clean: Mapping[str, pl.Series], given: Given) -> pl.DataFrame:
    """All records, the wrong ones too, with what is the same in all of them, and with their hashes."""
    told = pl.DataFrame({name: clean[name] for name in ("city_code", *given.kind.columns)})
    numbers = [cells["number"]] if "number" in cells.columns else []
    return pl.DataFrame(
        [
            cells["row"],
            pl.repeat(given.kind.id, cells.height, eager=True).alias("kind"),
            pl.repeat(given.province_code, cells.height, eager=True).alias("province_code"),
            *told,
            told.with_columns(numbers).hash_rows().alias("hash"),
        ]
    )


def _without_blank_rows(cells: pl.DataFrame) -> pl.DataFrame:
    """Spreadsheets leave rows of nothing behind."""
    names = [name for name in cells.columns if name != "row"]
    if all(cells[name].null_count() for name in names):
        return cells.filter(pl.any_horizontal(pl.col(names).is_not_null()))
    return cells


def _lacking(made: pl.Series, cells: pl.Series, optional: bool) -> pl.Series | None:
    """Where a column has nothing that it should have; None where that is nowhere."""
    if made.null_count() <= (cells.null_count() if optional else 0):
        return None
    if optional:
        return made.is_null() & (cells.str.strip_chars() != "").fill_null(False)
    return made.is_null()


def _listed(
    cells: pl.DataFrame, wrong: Sequence[tuple[str, pl.Series, Why]], people: pl.Series
) -> tuple[list[Refusal], int]:
    """Refusals of wrong cells, the first LISTED of each column, and how many there are in all."""
    refused, count = [], 0
    for name, where, why in wrong:
        where = where & ~people
        count += int(where.sum())
        some = cells.select("row", name).filter(where).head(LISTED)
        for row, cell in some.iter_rows():
            found = (cell or "").strip()
            reason, expected = why(found) if found else ("cell_missing", "")
            shown = f"({len(found)})" if found and name == "code" else harmless(found)
            refused.append((row, name, reason, shown, expected))
    return refused, count


def _misfit(piece: Piece, row: int, fields: int) -> Refusal:
    reason = "too_many_fields" if fields > piece.width else "too_few_fields"
    return (row, "", reason, str(fields), str(piece.width))


def _is_natural_person(cells: pl.Series) -> pl.Series:
    people = [text for text in cells.unique() if plain(text or "") in record_names.NATURAL_PERSON]
    return cells.is_in(people).fill_null(False)


def _codes(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Codes as they should be written, and what they are."""
    verdicts = judge_all(cells)
    if (verdicts == Verdict.MALFORMED).any():
        # What is put before a number so that a spreadsheet leaves it as it is goes too.
        cells = cells.str.normalize("NFKC").str.strip_chars(" \t\r\n'").str.to_uppercase()
        verdicts = judge_all(cells)
    return cells, verdicts


def _why_no_code(cell: str) -> tuple[str, str]:
    code = _codes(pl.Series([cell]))[0].item()
    reason = "code_check" if judge(code) is Verdict.WRONG_CHECK else "code_malformed"
    return reason, "GB 32100-2015"


def _why_before(first: str, _: str) -> tuple[str, str]:
    return "date_before", f"≥ {first}"


class _Column(Protocol):
    """How a column other than of codes is read."""

    def clean(self, cells: pl.Series) -> pl.Series:
        """Values; null where a cell is empty or wrong."""

    def why(self, cell: str) -> tuple[str, str]:
        """Reason, and what is expected instead of a cell that is wrong and not empty."""


def _columns(given: Given, present: Sequence[str]) -> dict[str, _Column]:
    """The columns that are present, other than of codes."""
    columns: dict[str, _Column] = {"city_code": _Cities(given.province_code, given.cities)}
    if "period" in present:
        columns["period"] = _Words(_written(given.period), "other_month", given.period)
    for name, dtype in given.kind.columns.items():
        if name in _FLAGS:
            columns[name] = _Words(record_names.YES_NO, "not_a_flag", "0, 1", pl.Int64)
        elif dtype == pl.Date:
            columns[name] = _Dates(given.last)
        elif dtype == pl.Int64:
            columns[name] = _Counts()
        elif name in given.kind.words:
            words = record_names.words(given.kind.id, name)
            columns[name] = _Words(words, "word_unknown", ", ".join(given.kind.words[name]))
    return columns


@dataclass(frozen=True)
class _Words:
    """Certain words, each of which may have other names: plain name → word."""

    called: Mapping[str, str]
    reason: str
    expected: str
    dtype: type[pl.DataType] = pl.String

    def clean(self, cells: pl.Series) -> pl.Series:
        return _replaced(cells, self.called).cast(self.dtype)

    def why(self, cell: str) -> tuple[str, str]:  # noqa: ARG002 - as all columns have it
        return self.reason, self.expected


@dataclass(frozen=True)
class _Cities:
    """Codes of cities of the province."""

    province_code: str
    cities: frozenset[str]

    def clean(self, cells: pl.Series) -> pl.Series:
        return _replaced(cells, {c: c for c in self.cities if c[:2] == self.province_code[:2]})

    def why(self, cell: str) -> tuple[str, str]:
        code = plain(cell)
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            return "city_malformed", "GB/T 2260"
        return ("other_place" if code in self.cities else "city_unknown"), self.province_code


@dataclass(frozen=True)
class _Dates:
    """Days up to the last of the month."""

    last: date

    def clean(self, cells: pl.Series) -> pl.Series:
        dates = _dates(cells)
        within = dates.is_between(_EARLIEST, self.last)
        return dates if within.all() else dates.set(~within, None)

    def why(self, cell: str) -> tuple[str, str]:
        day = _dates(pl.Series([cell])).item()
        if day is None:
            return "not_a_date", "YYYY-MM-DD"
        if day > self.last:
            return "date_too_late", f"≤ {self.last}"
        return "date_too_early", f"≥ {_EARLIEST}"


@dataclass(frozen=True)
class _Counts:
    """Whole numbers, as many as an entity may have records."""

    def clean(self, cells: pl.Series) -> pl.Series:
        counts = _in_two_steps(
            cells, lambda texts: texts.cast(pl.Int64, strict=False), self._looked_at_closely
        )
        within = counts.is_between(0, _MOST)
        return counts if within.all() else counts.set(~within, None)

    def why(self, cell: str) -> tuple[str, str]:
        number = pl.Series([plain(cell)]).cast(pl.Float64, strict=False).item()
        if number is None:
            return "not_a_number", f"0–{_MOST}"
        if number < 0:
            return "negative", f"0–{_MOST}"
        return ("implausible" if number > _MOST else "not_whole"), f"0–{_MOST}"

    @staticmethod
    def _looked_at_closely(texts: pl.Series) -> pl.Series:
        plainly = texts.str.normalize("NFKC").str.strip_chars()
        return plainly.str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)


_DAY = (
    r"^([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))"
    r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?$"
)
"""2019-06-30, 2019/6/30, 2019.6.30, 20190630, 2019年6月30日; a time of day may follow."""


def _dates(cells: pl.Series) -> pl.Series:
    """Dates in any of the forms that offices use; null where there is none."""
    return _in_two_steps(
        cells, lambda texts: texts.str.to_date("%Y-%m-%d", strict=False, cache=False), _days
    )


def _days(texts: pl.Series) -> pl.Series:
    parts = texts.str.normalize("NFKC").str.strip_chars().str.extract_groups(_DAY).struct.unnest()
    year, month, day, month_run_together, day_run_together = parts.get_columns()
    return pl.select(
        pl.concat_str(
            year,
            pl.coalesce(month, month_run_together).str.zfill(2),
            pl.coalesce(day, day_run_together).str.zfill(2),
        ).str.to_date("%Y%m%d", strict=False)
    ).to_series()


def _in_two_steps(
    cells: pl.Series,
    quick: Callable[[pl.Series], pl.Series],
    close: Callable[[pl.Series], pl.Series],
) -> pl.Series:
    """What a quick step makes of cells, and a closer one of the distinct texts that are left over."""
    made = quick(cells)
    left = cells.filter(made.is_null() & cells.is_not_null()).unique()
    if left.is_empty():
        return made
    return made.zip_with(made.is_not_null(), cells.replace_strict(left, close(left), default=None))


def _replaced(cells: pl.Series, called: Mapping[str, str]) -> pl.Series:
    """The words that cells mean; null where that is none of those called so."""
    texts = cells.unique().drop_nulls().to_list()
    if set(texts) <= set(called.values()):
        return cells
    meant = [called.get(plain(text)) for text in texts]
    return cells.replace_strict(texts, meant, default=None, return_dtype=pl.String)


def _written(period: str) -> dict[str, str]:
    """How a month may be written."""
    year, month = period.split("-")
    forms = (f"{year}{mark}{m}" for mark in "-/." for m in (month, str(int(month))))
    named = (f"{year}年{m}月" for m in (month, str(int(month))))
    return dict.fromkeys((*forms, *named, f"{year}{month}"), period)
