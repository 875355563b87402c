"""The national platform and the code centre: for each province, a file of every kind of record.

Half of the files are Parquet with English columns. The others have Chinese columns and words, or are CSV
in UTF-8 or GB18030 with dates in one of the ways that offices write them. Which a file is depends on
province and kind.
"""

from dataclasses import dataclass
from functools import partial
from io import BytesIO

import numpy as np
import polars as pl

from sandbox import chance
from sandbox.services import Document
from sandbox.services.enterprises import Numbers
from sandbox.services.records import Province, records
from scrapers.formats import record_names
from scrapers.record_kinds import RECORD_KINDS, RecordKind


@dataclass(frozen=True)
class _Way:
    """How an office writes records: as Parquet, or as CSV in an encoding with such dates."""

    chinese: bool = False
    encoding: str = ""
    dates: str = ""

    @property
    def ending(self) -> str:
        return "csv" if self.encoding else "parquet"


_WAYS = (
    *[_Way()] * 5,
    _Way(chinese=True),
    _Way(encoding="utf-8", dates="%Y-%m-%d"),
    _Way(chinese=True, encoding="utf-8-sig", dates="%Y/%-m/%-d"),
    _Way(chinese=True, encoding="gb18030", dates="%Y年%-m月%-d日"),
    _Way(chinese=True, encoding="gb18030", dates="%Y%m%d"),
)
_NOTE = {"note": "模拟数据，与任何真实主体无关 (simulated; about nobody real)"}


def documents(
    source_id: str,
    period: str,
    said: pl.DataFrame,
    cities: pl.DataFrame,
    seed: int,
    suffix: str = "",
) -> list[Document]:
    """`<kind>-<province>-<period><suffix>.parquet` or `.csv`, for each kind of which something is said.

    The records are invented so that rolling them up gives what is said, no more and no less.

    Args:
        source_id: `ncisp` or `code_centre`.
        period: month, YYYY-MM, from 2016-01 on.
        said: city_code, measure, value. A file says something of every city of its province: of a kind
            of record, either all its measures are said of all of them, or none of any.
        cities: city_code and province_code of the month.
        seed: which invented country.
        suffix: what tells these files from others of the month.

    Raises:
        ValueError: that is not so, or a value is no count; names measure and city. Making the content of
            a document raises it too, where no records can have such counts.
    """
    made = []
    for of_province in cities.sort("city_code").partition_by("province_code", maintain_order=True):
        here = said.join(of_province, on="city_code", how="semi")
        measures = set(here["measure"])
        kinds = [
            kind
            for kind in RECORD_KINDS.values()
            if kind.source_id == source_id and not measures.isdisjoint(kind.measures)
        ]
        city_codes = of_province["city_code"].to_list()
        counts = {
            measure: _counts(measure, here, city_codes)
            for kind in kinds
            for measure in kind.measures
        }
        province = Province(city_codes, counts, period, seed)
        for kind in kinds:
            code = of_province["province_code"][0]
            way = _WAYS[chance.pick(len(_WAYS), seed, code, kind.id, "way")]
            name = f"{kind.id}-{code}-{period}{suffix}.{way.ending}"
            made.append(Document(name, partial(_content, kind, province, way)))
    return made


def _counts(measure: str, said: pl.DataFrame, city_codes: list[str]) -> Numbers:
    """What is said of each of the cities, as whole numbers."""
    rows = said.filter(pl.col("measure") == measure).select("city_code", "value").iter_rows()
    values = dict(rows)
    for city in city_codes:
        value = values.get(city)
        if value is None or value < 0 or value % 1:
            raise ValueError(
                f"{measure} of city {city} is {value}; expected a count, as of the province's others"
            )
    return np.array([values[city] for city in city_codes]).astype(np.int64)


def _content(kind: RecordKind, province: Province, way: _Way) -> bytes:
    made = records(kind, province)
    columns = ["city_code", *(["number"] if "number" in made.columns else []), *kind.columns]
    called = {
        name: record_names.in_chinese(kind.id, name) if way.chinese else name for name in columns
    }
    cells = [_cells(kind, name, way).alias(called[name]) for name in columns]
    if not way.encoding:
        buffer = BytesIO()
        made.select(cells).write_parquet(buffer, metadata=_NOTE)
        return buffer.getvalue()
    name, simulated = ("主体名称", "模拟主体{}") if way.chinese else ("name", "simulated {}")
    text = made.select(pl.format(simulated, "enterprise").alias(name), *cells).write_csv()
    return text.encode(way.encoding)


def _cells(kind: RecordKind, column: str, way: _Way) -> pl.Expr:
    """A column as the office writes it."""
    dtype = kind.columns.get(column)
    if dtype == pl.Date and way.dates:
        return pl.col(column).dt.strftime(way.dates)
    if way.chinese and column in kind.words:
        words = record_names.WORDS[kind.id, column]
        return pl.col(column).replace_strict({word: names[0] for word, names in words.items()})
    return pl.col(column)
