"""Record-level extracts of the national platforms: one kind of record of one province and month a file.

CSV in UTF-8 or GB18030, or Parquet; what a file is, is found by looking at it. Columns are recognised by
their Chinese or English names (`record_names`), and they tell the kind of record. A file that is named
`<kind>-<province>-<month>`, as `lists-330000-2019-06.csv`, says all three itself; what a name does not
say is told by the columns, by the cities of the first rows, and by the month that it was delivered for.
A column of months, if there is one, must agree row by row.

Kept are typed columns of the kind (`scrapers.record_kinds`) with `row`, `kind` and `province_code`.
Names, addresses and whatever else stands in a file are never looked at. Records about natural persons
are counted and dropped. A record that stands in a file twice is kept once: two are the same if they agree
in every column that is kept, and in the number of their document where the file has one.
"""

import calendar
import os
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path

import numpy as np
import polars as pl

from scrapers.formats import record_names
from scrapers.formats.columnar import MAGIC, Columnar
from scrapers.formats.delimited import Delimited, Piece
from scrapers.formats.record_checks import LISTED, Checked, Given, Refusal, check
from scrapers.formats.record_names import plain
from scrapers.formats.text_encoding import as_utf8, ends_early
from scrapers.reading import REFUSED, ROWS, Ask, FileRefused, Reading, harmless
from scrapers.record_kinds import RECORD_KINDS, RecordKind

_FEW = 3
"""So many rows may be refused of a file however few there are in it."""
_FEW_OF = 100
"""Of more records that are taken, one in so many may be."""


def take(path: Path, name: str, ask: Ask) -> Reading:
    """Read an extract.

    Of a file of which more than a few rows are refused, or that is about natural persons alone, nothing
    is kept: counts of what is left of it would pass for counts of the whole. Nor is one taken without
    a single record of a kind that every province has: it would count 0 for all cities.

    Raises:
        FileRefused: it is no CSV or Parquet file, or breaks off in its last line; it is not of a kind of
            record of this source; kind or province cannot be told; its name says another month.
    """
    said = _Said.by(name)
    if said.period not in ("", ask.period):
        raise FileRefused("other_month", ask.period, found=said.period)
    with path.open("rb") as file:
        is_parquet = file.read(len(MAGIC)) == MAGIC
    text = None if is_parquet else as_utf8(path)
    table = Columnar(path) if text is None else Delimited(text)
    kind, wanted = _kind(table.names, said.kind, ask.source_id)
    if text is not None and ends_early(text):
        raise FileRefused("cut_short", "CSV")
    year, month = map(int, ask.period.split("-"))
    given = Given(
        kind=kind,
        period=ask.period,
        last=date(year, month, calendar.monthrange(year, month)[1]),
        province_code=said.province_code or _province(table, wanted, ask.cities),
        cities=frozenset(ask.cities["city_code"]),
    )
    if given.province_code not in set(ask.cities["province_code"]):
        raise FileRefused("province_unknown", "GB/T 2260", found=harmless(given.province_code))
    columns = {"row": pl.UInt32, **dict.fromkeys(wanted, pl.String)}
    nothing = check(Piece(pl.DataFrame(schema=columns), rows=0, width=0), given)
    parts = _in_order(lambda piece: check(piece(), given), table.pieces(wanted))
    return _reading(chain([nothing], parts), given)


@dataclass(frozen=True)
class _Said:
    """What the name of a file says; empty where it says nothing."""

    kind: str
    province_code: str
    period: str

    @classmethod
    def by(cls, name: str) -> "_Said":
        kind = _KIND.search(name)
        province = _PROVINCE.search(name)
        month = _MONTH.search(name)
        return cls(
            kind[0] if kind else "",
            province[0] if province else "",
            f"{month[1]}-{int(month[2]):02}" if month else "",
        )


_KIND = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(RECORD_KINDS)})(?![A-Za-z])")
_PROVINCE = re.compile(r"(?<![0-9])[1-9][0-9]0000(?![0-9])")
_MONTH = re.compile(r"(?<![0-9])(20[0-9]{2})[-年]?(0[1-9]|1[0-2]|[1-9](?=月))(?![0-9])")


def _kind(names: Sequence[str], said: str, source_id: str) -> tuple[RecordKind, dict[str, int]]:
    """The kind of record that has these columns, and where its columns and those of ASIDE stand."""
    kinds = {kind.id: kind for kind in RECORD_KINDS.values() if kind.source_id == source_id}
    if not any(map(str.strip, names)):
        raise FileRefused("empty", "CSV, Parquet")
    found = {id_: _found(names, id_) for id_ in ([said] if said in kinds else kinds)}
    missing = {id_: {"city_code", *kinds[id_].columns} - set(found[id_]) for id_ in found}
    fitting = [id_ for id_ in found if not missing[id_]]
    if len(fitting) > 1:
        raise FileRefused("kind_unclear", ", ".join(fitting), 1)
    if not fitting:
        # Of the kind that the name says, or else that lacks least.
        likely = min(missing, key=lambda id_: len(missing[id_]) / len(kinds[id_].columns))
        columns = ",".join(("city_code", *kinds[likely].columns))
        raise FileRefused("columns_missing", columns, 1, ",".join(sorted(missing[likely])))
    kind = kinds[fitting[0]]
    places = found[kind.id]
    for column, where in places.items():
        if len(where) > 1:
            raise FileRefused("column_twice", column, 1, column)
    return kind, {column: where[0] for column, where in places.items()}


def _found(names: Sequence[str], kind: str) -> dict[str, list[int]]:
    """The places at which each column of a kind stands, or of ASIDE."""
    known = record_names.columns(kind)
    wanted = {"city_code", *RECORD_KINDS[kind].columns, *record_names.ASIDE}
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if (column := known.get(plain(name))) in wanted:
            places.setdefault(str(column), []).append(place)
    return places


def _province(table: Delimited | Columnar, wanted: dict[str, int], cities: pl.DataFrame) -> str:
    """The province that most of the first cities are in."""
    first = next(table.pieces({"city_code": wanted["city_code"]}), None)
    of_city = dict(cities.select("city_code", "province_code").iter_rows())
    codes = map(plain, first().cells["city_code"].drop_nulls().head(1000)) if first else ()
    provinces = Counter(of_city[code] for code in codes if code in of_city)
    if not provinces:
        raise FileRefused("province_unclear", "GB/T 2260", 1, "city_code")
    return str(provinces.most_common(1)[0][0])


def _reading(parts: Iterable[Checked], given: Given) -> Reading:
    """All pieces together, rows numbered as in the file, each record once."""
    kept, refused = list[pl.DataFrame](), list[Refusal]()
    begin, refusals, rows_refused, persons = 2, 0, 0, 0  # the header is row 1
    for part in parts:
        kept.append(part.kept.with_columns(pl.col("row").cast(pl.Int64) + begin))
        if len(refused) < LISTED:
            refused += [(refusal[0] + begin, *refusal[1:]) for refusal in part.refused]
        begin += part.rows
        refusals += part.refusals
        rows_refused += part.rows_refused
        persons += part.persons
    records, repeated = _once(pl.concat(kept))
    refused += [(row, "", "record_repeated", "", "") for row in repeated.head(LISTED)]
    refusals += len(repeated)
    listed = sorted(refused)[:LISTED]
    more = refusals - len(listed)
    if reason := _why_nothing(given.kind, records.height, rows_refused, persons):
        none, refused = pl.DataFrame(schema=ROWS), [(0, "", reason, "", ""), *listed]
        return Reading(none, _table(refused), persons, given.province_code, "", more)
    told = records.drop("hash")
    return Reading(told, _table(listed), persons, given.province_code, given.kind.id, more)


def _why_nothing(kind: RecordKind, taken: int, refused: int, persons: int) -> str:
    """Why nothing at all is taken of a file; empty where something is, or where nothing need be in it."""
    if taken:
        return "too_many_refused" if refused > max(_FEW, taken / _FEW_OF) else ""
    if refused:
        return "too_many_refused"
    if persons:
        return "only_persons"
    return "empty_extract" if kind.never_empty else ""


def _once(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The records without those that stood before, and the rows of these."""
    hashes = np.sort(records["hash"].to_numpy())
    if (hashes[1:] != hashes[:-1]).all():
        return records, pl.Series(dtype=pl.Int64)
    alike = records.filter(pl.col("hash").is_duplicated())
    again = alike.filter(~pl.struct(pl.exclude("row")).is_first_distinct())
    return records.join(again, on="row", how="anti", maintain_order="left"), again["row"]


def _table(refused: list[Refusal]) -> pl.DataFrame:
    return pl.DataFrame(refused, schema=REFUSED, orient="row")


def _in_order(
    work: Callable[[Callable[[], Piece]], Checked], pieces: Iterator[Callable[[], Piece]]
) -> Iterator[Checked]:
    """What is made of each piece, in order, on all cores; few are read ahead, which bounds the memory."""
    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        ahead: deque[Future[Checked]] = deque(
            pool.submit(work, p) for p in islice(pieces, 2 * cores)
        )
        while ahead:
            done = ahead.popleft().result()
            ahead.extend(pool.submit(work, piece) for piece in islice(pieces, 1))
            yield done
