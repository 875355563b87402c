"""The landing place: the files that the country's offices put there for a live month, and when."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Final

import polars as pl

from sandbox import chance, tampering
from sandbox.country import Country
from sandbox.offices import Statement, statements
from sandbox.services import Document, measure_files, monitoring, ncisp, ndrc, submissions
from sandbox.tampering import PERSONS

Documents = Callable[[str, str, pl.DataFrame, pl.DataFrame, int, str], list[Document]]
Tamper = Callable[[str, bytes], bytes]
_DOCUMENTS: Final[dict[str, Documents]] = {
    "population": measure_files.documents,
    "ncisp": ncisp.documents,
    "ndrc": ndrc.documents,
    "code_centre": ncisp.documents,
    "city": submissions.documents,
    "province": submissions.documents,
    "monitoring": monitoring.documents,
    "applications": measure_files.documents,
    "assessor": measure_files.documents,
}
SOURCES: Final = tuple(_DOCUMENTS)
_WHOLE: Final = {
    "city": "city_code",
    "province": "province_code",
    "ncisp": "province_code",
    "code_centre": "province_code",
    "ndrc": None,
}
"""What a file of a source is about: a correction says all of it again, the others only what was wrong."""
_RECORDS: Final = ("ncisp", "code_centre")
_MISSING = 3
"""Of so many provinces only one delivers."""
_TWICE = 3
"""So many files are there twice, the second time a day later."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class File:
    """One file that lies there."""

    name: str
    modified: datetime
    content: bytes

    @property
    def entry(self) -> dict[str, str | int]:
        """As the listing has it."""
        return {
            "name": self.name,
            "size": len(self.content),
            "modified": self.modified.isoformat(),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }


class LandingPlace:
    """Files by source and month, made when they are first asked for; the last few months are kept."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._lock = Lock()
        self._made = lru_cache(maxsize=2 * len(SOURCES))(self._make)

    def files(self, source_id: str, period: str) -> dict[str, File]:
        """By name. Raises KeyError where there is no such source, or the month is not live."""
        if source_id not in SOURCES or period not in self._country.live_months:
            raise KeyError(source_id, period)
        with self._lock:
            return self._made(source_id, period)

    def _make(self, source_id: str, period: str) -> dict[str, File]:
        return {file.name: file for file in files(self._country, source_id, period)}


def files(country: Country, source_id: str, period: str) -> list[File]:
    """What lies there of a source for a month, oldest first; the same country gives the same bytes."""
    there = list(_delivered(country, source_id, period))

    def has(kind: str) -> bool:
        return country.has(kind, source_id)

    def struck(kind: str, tamper: Tamper, ending: str = "") -> list[File]:
        drawn = chance.once(country.seed, source_id, period, kind)
        return _struck(there, tamper, drawn, ending)

    if has("everyday") and source_id in _RECORDS:
        there = struck("bad rows", tampering.with_bad_rows)
    if has("hostile"):
        there = [_hostile(file) for file in there]
        there[:1] = [
            _renamed(file, f"_{PERSONS[0].name}_{PERSONS[0].telephone}") for file in there[:1]
        ]
    if has("drift"):
        there = struck("drift", tampering.renamed)
    if has("encoding"):
        there = struck("encoding", tampering.transcoded, ".csv")
    if has("truncated"):
        there = struck("truncated", tampering.cut)
    if has("duplicate"):
        there += map(_again, there[:_TWICE])
    return sorted(there, key=lambda file: (file.modified, file.name))


def _delivered(country: Country, source_id: str, period: str) -> Iterator[File]:
    """What the offices deliver, one statement after the other."""
    cities = country.cities(period)
    everyday = country.has("everyday", source_id)
    corrects = country.has("correction", source_id)
    first: dict[str, bytes] = {}
    told = statements(source_id, cities, period, country.seed, everyday=everyday, corrects=corrects)
    for statement in (*told[:1], *(_whole(source_id, told[0], each, cities) for each in told[1:])):
        suffix, said = statement.suffix, _sayable(source_id, statement.said, cities)
        if country.has("missing", source_id):
            said = said.join(_delivering(cities), on="city_code", how="semi")
        for document in _DOCUMENTS[source_id](
            source_id, period, said, cities, country.seed, suffix
        ):
            content = document.content()
            if statement is told[0]:
                first[document.name] = content
            elif content == first.get(document.name.replace(suffix, "")):
                continue  # a part of a correction in which nothing was wrong
            yield File(document.name, statement.delivered_at, content)


def _whole(source_id: str, main: Statement, later: Statement, cities: pl.DataFrame) -> Statement:
    """A later statement with all that the files say again in which it comes."""
    if source_id not in _WHOLE:
        return later
    about = _WHOLE[source_id]
    concerned = cities.filter(pl.col("city_code").is_in(later.said["city_code"].implode()))
    again = cities if about is None else cities.join(concerned, on=about, how="semi")
    said = (
        pl.concat([main.said.join(again, on="city_code", how="semi"), later.said])
        .unique(["city_code", "measure"], keep="last", maintain_order=True)
        .sort("city_code", maintain_order=True)
    )
    return replace(later, said=said)


def _sayable(source_id: str, said: pl.DataFrame, cities: pl.DataFrame) -> pl.DataFrame:
    """What the source's files have room for: only measure files can say anything of any city."""
    if source_id in _WHOLE:
        return said.join(cities, on="city_code", how="semi").drop("text")
    return said


def _delivering(cities: pl.DataFrame) -> pl.DataFrame:
    """Cities of the provinces that deliver where most do not."""
    provinces = cities["province_code"].unique().sort().gather_every(_MISSING)
    return cities.filter(pl.col("province_code").is_in(provinces.implode()))


def _struck(there: list[File], tamper: Tamper, drawn: float, ending: str = "") -> list[File]:
    """With one of the files changed, of those whose names end so."""
    may = [at for at, file in enumerate(there) if file.name.endswith(ending)]
    struck = may[int(drawn * len(may))] if may else None
    return [
        replace(file, content=tamper(file.name, file.content)) if at == struck else file
        for at, file in enumerate(there)
    ]


def _hostile(file: File) -> File:
    return replace(file, content=tampering.with_persons(file.name, file.content))


def _again(file: File) -> File:
    return replace(_renamed(file, "-again"), modified=file.modified + _DAY)


def _renamed(file: File, suffix: str) -> File:
    stem, dot, ending = file.name.rpartition(".")
    return replace(file, name=f"{stem}{suffix}{dot}{ending}")
