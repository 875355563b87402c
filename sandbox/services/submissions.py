"""Submissions: the real form of a city or a province, filled in with what it says.

A form is written once, and what differs from one city to another is put into its parts: writing each of
seven hundred forms anew would take ten times as long.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from io import BytesIO
from typing import Literal
from xml.sax.saxutils import escape

import polars as pl

from indicators import edition as editions
from indicators.forms import sections
from sandbox import chance
from sandbox.services import Document
from scrapers.declaration import sources
from scrapers.formats import workbooks
from scrapers.formats.workbooks_answers import DIVISIBLE
from scrapers.formats.xlsx import reference
from templates.submission.context import Context, Place
from templates.submission.workbook import answers, write

Said = Mapping[tuple[str, str], float]
"""Values by code of the city and measure."""

_EVIDENCE = 3
"""Of so many values one has a reference beside it."""
_SIMULATED = "模拟 simulated"
_ANYWHERE = Place("@code@", "@zh@", "@en@")
"""Stands in a form that was not made for any place yet."""
_SEAL = "@seal@"
_TO_FILL = re.compile(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"/>')
_TIME = (1980, 1, 1, 0, 0, 0)


def documents(
    source_id: str,
    period: str,
    said: pl.DataFrame,
    cities: pl.DataFrame,
    seed: int,
    suffix: str = "",
) -> list[Document]:
    """One workbook a city, or a province, `<code>-<period>.xlsx`; none where it says nothing.

    The form is that of the current edition; what it does not ask is left out.

    Args:
        source_id: `city` or `province`.
        period: month.
        said: city_code, measure, value (Float64).
        cities: of the month, as `indicators.registry.cities_of` gives them.
        seed: which invented country.
        suffix: comes after the month in the names.
    """
    of_province = source_id == "province"
    code, zh, en = (
        ("province_code", "province", "province_en")
        if of_province
        else ("city_code", "name", "name_en")
    )
    told: dict[str, dict[tuple[str, str], float]] = {}
    rows = said.drop_nulls("value").join(
        cities.select("city_code", pl.col(code).alias("sender")), on="city_code"
    )
    for sender, city_code, measure, value in rows.select(
        "sender", "city_code", "measure", "value"
    ).iter_rows():
        told.setdefault(sender, {})[city_code, measure] = value
    made = []
    for row in cities.select(code, zh, en).unique().sort(code).iter_rows():
        place = Place(*row)
        if place.code in told:
            content = partial(_city, place, period, told[place.code], seed)
            if of_province:
                own = cities.filter(pl.col("province_code") == place.code)
                grid = tuple(
                    Place(*city) for city in own.select("city_code", "name", "name_en").iter_rows()
                )
                content = partial(_province, place, grid, period, told[place.code], seed)
            made.append(Document(f"{place.code}-{period}{suffix}.xlsx", content))
    return made


def _city(place: Place, period: str, said: Said, seed: int) -> bytes:
    blank, cells = _blank(period)
    sealed = _form("city", place, (), period).identity
    words = {
        _ANYWHERE.code: place.code,
        _ANYWHERE.zh: place.zh,
        _ANYWHERE.en: place.en,
        _SEAL: sealed[workbooks.SEAL],
    }
    named = {measure: (place.code, measure) for measure in cells}
    where = {cells[measure]: key for measure, key in named.items()}
    return _packed(_filled(blank, where, period, said, seed, words))


def _province(place: Place, cities: tuple[Place, ...], period: str, said: Said, seed: int) -> bytes:
    form = _form("province", place, cities, period)
    where = {at: key for key, at in answers(form).items()}
    return _packed(_filled(_unpacked(write(form)), where, period, said, seed, {}))


@lru_cache(maxsize=4)
def _blank(period: str) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
    """The parts of a form for any city, and where values are entered, by measure."""
    form = _form("city", _ANYWHERE, (), period)
    form = replace(form, identity={**form.identity, workbooks.SEAL: _SEAL})
    return _unpacked(write(form)), {measure: at for (_, measure), at in answers(form).items()}


def _form(
    kind: Literal["city", "province"], place: Place, cities: tuple[Place, ...], period: str
) -> Context:
    edition = editions.load(editions.CURRENT)
    asked = sections(edition, kind)
    return Context(
        kind=kind,
        place=place,
        period=period,
        edition_zh=edition.title_zh,
        edition_en=edition.title_en,
        due_day=sources()[kind].due_day,
        sections=asked,
        cities=cities,
        divisible=DIVISIBLE,
        points={},
        before={},
        identity=workbooks.identity(
            kind,
            edition.id,
            period,
            place.code,
            place.zh,
            [measure.id for section in asked for measure in section.measures],
            [city.code for city in cities],
        ),
    )


def _filled(
    parts: Mapping[str, str],
    where: Mapping[tuple[int, int], tuple[str, str]],
    period: str,
    said: Said,
    seed: int,
    words: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """The parts with values, references and words in their places."""
    cells = dict(_answered(where, period, said, seed))

    def fill(match: re.Match[str]) -> str:
        name, style = match.groups()
        return f'<c r="{name}" s="{style}"{cells[name]}</c>' if name in cells else match[0]

    for name, part in parts.items():
        if name == "xl/worksheets/sheet2.xml":
            part = _TO_FILL.sub(fill, part)
        elif name == "docProps/core.xml":
            part = part.replace("cci submission template", _SIMULATED)
        for placeholder, word in words.items():
            part = part.replace(placeholder, escape(word))
        yield name, part


def _answered(
    where: Mapping[tuple[int, int], tuple[str, str]], period: str, said: Said, seed: int
) -> Iterator[tuple[str, str]]:
    """The rest of the tag of every cell that has something in it, and its content."""
    for (row, column), key in where.items():
        if key not in said:
            continue
        value = said[key]
        number = str(int(value)) if value.is_integer() else repr(value)
        yield reference(row + 1, column + 1), f"><v>{number}</v>"
        drawn = chance.key(seed, period, *key, "evidence")
        if drawn % _EVIDENCE == 0:
            document = f"模拟信用办〔{period[:4]}〕{drawn // _EVIDENCE % 900 + 1}号"
            text = f' t="inlineStr"><is><t>{document}</t></is>'
            yield reference(row + 1, column + 2), text


def _unpacked(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(content)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def _packed(parts: Iterable[tuple[str, str]]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts:
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, part)
    return buffer.getvalue()
