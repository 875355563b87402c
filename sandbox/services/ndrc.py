"""Ministries' statistics: a month's tables as their offices make them, two workbooks and a CSV file."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from io import BytesIO, StringIO
from itertools import groupby
from typing import Any

import polars as pl
import xlsxwriter

from sandbox.services import Document

_CREATED = datetime(2019, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")
_WAN = 10_000
_BLACKLISTS = ("government_defaulters", "financial_listed_entities")
_ECOMMERCE = ("ecommerce_cases", "ecommerce_cases_resolved")
_DISCLOSURE = ("provincial_disclosure_rate",)
_NOTE = "注：本表为模拟数据，由沙箱虚构，与真实城市无关（simulated）；“—”表示没有数据。"
_MADE_BY = "制表单位：虚构统计处（模拟）"
_GAP = "—"
_Line = dict[str, str]
"""A city's city_code, name, province and city_class, and what is said of each measure."""


def documents(
    source_id: str,
    period: str,
    said: pl.DataFrame,
    cities: pl.DataFrame,
    seed: int,  # noqa: ARG001 - as all services have it
    suffix: str = "",
) -> list[Document]:
    """The month's tables, of which each has some of the measures; one that would be empty is not sent.

    - `…-blacklists.xlsx`: headers of two levels, sections by province, one column in 万户.
    - `…-ecommerce.xlsx`: provinces merged beside their cities, short names, numbers as text.
    - `…-disclosure.csv`: GB18030, in per cent, of provinces.

    `said` may have a column text, which is written instead of the value where it is not null. The
    disclosure rate of a province is said of all its cities or of none.

    Raises:
        ValueError: by `content()`, where cities of one province have different disclosure rates.
    """
    made: tuple[tuple[str, tuple[str, ...], Callable[[str, list[_Line]], bytes]], ...] = (
        ("blacklists.xlsx", _BLACKLISTS, _blacklists),
        ("ecommerce.xlsx", _ECOMMERCE, _ecommerce),
        ("disclosure.csv", _DISCLOSURE, _disclosure),
    )
    year, month = period.split("-")
    return [
        Document(
            f"{source_id}-{period}-{name.replace('.', f'{suffix}.')}",
            partial(make, f"{year}年{int(month)}月", lines),
        )
        for name, measures, make in made
        if (lines := _lines(said, cities, measures))
    ]


def _lines(said: pl.DataFrame, cities: pl.DataFrame, measures: tuple[str, ...]) -> list[_Line]:
    """Cities of which something is said, in the order of their codes."""
    text = pl.col("text") if "text" in said.columns else pl.lit(None, pl.String)
    wide = (
        said.filter(pl.col("measure").is_in(measures))
        .with_columns(written=pl.coalesce(text, pl.col("value").cast(pl.String)))
        .pivot(on="measure", on_columns=measures, index="city_code", values="written")
        .fill_null(_GAP)
    )
    of_cities = cities.select("city_code", "name", "province", "city_class")
    return of_cities.join(wide, on="city_code").sort("city_code").to_dicts()


def _blacklists(month: str, lines: list[_Line]) -> bytes:
    buffer = BytesIO()
    with _workbook(buffer, "名单情况") as (sheet, head):
        for area, text in (
            ("A1:E1", "各城市失信政府机构和涉金融领域黑名单主体情况（模拟数据）"),
            ("A2:E2", f"截至{month}底"),
            ("A4:A5", "序号"),
            ("B4:B5", "城市"),
            ("C4:D4", "月末存量"),
            ("E4:E5", "备注"),
        ):
            sheet.merge_range(area, text, head)
        sheet.write("E3", "单位：个、万户")
        sheet.write_row("C5", ["失信政府机构数（个）", "涉金融领域黑名单主体数（万户）"], head)
        row, number = 5, 0
        for province, of_province in groupby(lines, lambda line: line["province"]):
            sheet.merge_range(row, 0, row, 4, province, head)
            for line in of_province:
                row, number = row + 1, number + 1
                bodies, entities = (line[measure] for measure in _BLACKLISTS)
                sheet.write_row(
                    row, 0, [number, line["name"], _number(bodies), _number(entities, _WAN)]
                )
            row += 1
        bodies, entities = (_total(lines, measure) for measure in _BLACKLISTS)
        sheet.merge_range(row, 0, row, 1, "合计", head)
        sheet.write_row(row, 2, [_number(bodies), _number(entities, _WAN)])
        sheet.write_column(row + 1, 0, [_NOTE, _MADE_BY])
    return buffer.getvalue()


def _ecommerce(month: str, lines: list[_Line]) -> bytes:
    buffer = BytesIO()
    with _workbook(buffer, "专项治理") as (sheet, head):
        for area, text in (
            ("A1:E1", f"{month}电子商务领域失信案件专项治理情况表（模拟数据）"),
            ("A2:A4", "省（区、市）"),
            ("B2:B4", "城　市"),
            ("C2:D2", "电子商务领域失信案件"),
            ("C4:D4", "（件）"),
            ("E2:E4", "备注"),
        ):
            sheet.merge_range(area, text, head)
        sheet.write_row("C3", ["交办数", "其中：办结数"], head)
        row = 4
        for province, of_province in groupby(lines, lambda line: line["province"]):
            last = row + len(list(of_province)) - 1
            if last > row:
                sheet.merge_range(row, 0, last, 0, province, head)
            else:
                sheet.write_string(row, 0, province, head)
            row = last + 1
        for row, line in enumerate(lines, 4):
            cases, resolved = (_grouped(line[measure]) for measure in _ECOMMERCE)
            sheet.write_row(row, 1, [_short(line), cases, resolved.translate(_FULL_WIDTH)])
        totals = [_grouped(_total(lines, measure)) for measure in _ECOMMERCE]
        sheet.write_row(4 + len(lines), 0, ["合计", None, *totals])
        sheet.write_column(5 + len(lines), 0, [_NOTE, _MADE_BY])
    return buffer.getvalue()


def _disclosure(month: str, lines: list[_Line]) -> bytes:
    (measure,) = _DISCLOSURE
    said = {(line["province"], line[measure]) for line in lines}
    rates = {line["province"]: line[measure] for line in lines}
    if len(said) > len(rates):
        raise ValueError("cities of one province have different disclosure rates")
    text = StringIO()
    table = csv.writer(text)
    table.writerow(["各省份“双公示”公示率（模拟数据）", "", "", ""])
    table.writerow([month, "", "", ""])
    table.writerow(["序号", "省份", "“双公示”公示率（最近一季度）（%）", "备注"])
    for number, (province, rate) in enumerate(rates.items(), 1):
        table.writerow([number, province, _per_cent(rate), ""])
    table.writerow([_NOTE, "", "", ""])
    table.writerow([_MADE_BY, "", "", ""])
    return text.getvalue().encode("gb18030")


@contextmanager
def _workbook(buffer: BytesIO, sheet: str) -> Iterator[tuple[Any, Any]]:
    """A workbook with one sheet, and how its headers look; the same content gives the same bytes."""
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED, "comments": "simulated 模拟"})
        yield (
            book.add_worksheet(sheet),
            book.add_format({"bold": True, "align": "center", "border": 1}),
        )


def _decimal(written: str) -> Decimal | None:
    try:
        return Decimal(written)
    except InvalidOperation:  # the mark of a gap, or what stands in the place of a number
        return None


def _number(written: str, unit: int = 1) -> float | str:
    """A number for a cell, in a unit; any other text as it is."""
    number = _decimal(written)
    return written if number is None else float(number / unit)


def _grouped(written: str) -> str:
    """A whole number in groups of three digits; any other text as it is."""
    number = _decimal(written)
    return written if number is None else f"{number:,.0f}"


def _per_cent(written: str) -> str:
    number = _decimal(written)
    return written if number is None else f"{(number * 100).normalize():f}"


def _total(lines: list[_Line], measure: str) -> str:
    """The sum of all that are numbers."""
    numbers = (_decimal(line[measure]) for line in lines)
    return str(sum((number for number in numbers if number is not None), Decimal(0)))


def _short(line: _Line) -> str:
    """A larger city without 市, two characters drawn apart; a county-level one in full.

    The common names of some county-level cities (恩施) are those of their prefectures, too.
    """
    if line["city_class"] == "county":
        return line["name"]
    name = line["name"].removesuffix("市")
    return "　".join(name) if len(name) == 2 else name
