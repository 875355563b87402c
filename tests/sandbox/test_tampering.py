"""What faults do to the bytes of files."""

import csv
from io import BytesIO, StringIO

import polars as pl
import pytest

from sandbox.tampering import LABELS, PERSONS, renamed, with_bad_rows, with_persons
from scrapers.credit_code import CHARACTERS

CODE = "91330100MA00000011"
EXTRACT = pl.DataFrame({"city_code": ["330100"], "code": [CODE], "grade": ["A"]})
CHINESE = EXTRACT.rename(
    {"city_code": "行政区划代码", "code": "统一社会信用代码", "grade": "纳税信用等级"}
)
OTHER = pl.DataFrame({"city_code": ["330100"], "measure": ["population"], "value": ["7"]})


def parquet(frame: pl.DataFrame) -> bytes:
    written = BytesIO()
    frame.write_parquet(written)
    return written.getvalue()


def table(name: str, content: bytes) -> pl.DataFrame:
    if name.endswith(".parquet"):
        return pl.read_parquet(content)
    if name.endswith(".jsonl"):
        return pl.read_ndjson(content)
    encoding = "gb18030" if name.startswith("gb") else "utf-8"
    header, *rows = csv.reader(StringIO(content.decode(encoding)))
    return pl.DataFrame(rows, schema=header, orient="row")


FILES = [
    ("a.csv", EXTRACT.write_csv().encode(), EXTRACT),
    ("gb.csv", CHINESE.write_csv().encode("gb18030"), CHINESE),
    ("a.parquet", parquet(EXTRACT), EXTRACT),
    ("a.jsonl", EXTRACT.write_ndjson().encode(), EXTRACT),
]
each_file = pytest.mark.parametrize(
    ("name", "content", "frame"), FILES, ids=[name for name, _, _ in FILES]
)


@each_file
def test_rows_that_must_be_refused_come_after_the_others(
    name: str, content: bytes, frame: pl.DataFrame
) -> None:
    after = table(name, with_bad_rows(name, content))
    assert after.head(1).equals(frame)
    city, code, _ = after.columns
    assert after.rows()[1:] == [("990100", CODE, "A"), ("330100", after[code][2], "A")]
    assert after[city][2] == "330100"
    assert not _checks(after[code][2])


def _checks(code: str) -> bool:
    """Whether the check character is right (GB 32100)."""
    total = sum(CHARACTERS.index(c) * 3**at % 31 for at, c in enumerate(code[:17]))
    return CHARACTERS[(31 - total % 31) % 31] == code[17]


@each_file
def test_persons_stand_in_columns_and_rows_of_their_own(
    name: str, content: bytes, frame: pl.DataFrame
) -> None:
    after = table(name, with_persons(name, content))
    assert after.columns == [*frame.columns, *LABELS]
    assert after.head(1).select(frame.columns).equals(frame)
    assert {person.identity for person in PERSONS} <= set(after[frame.columns[1]])


def test_a_table_without_codes_gets_no_more_records() -> None:
    after = table("a.csv", with_persons("a.csv", OTHER.write_csv().encode()))
    assert after.filter(pl.col("measure") == "population").height == 1


@each_file
def test_the_last_column_but_one_gets_another_name(
    name: str, content: bytes, frame: pl.DataFrame
) -> None:
    first, second, third = frame.columns
    assert table(name, renamed(name, content)).columns == [first, f"{second}_v2", third]


def test_titles_above_the_header_stay_as_they_are() -> None:
    content = "某表,,\n单位：个,,\n城市,甲,乙\n杭州,1,2\n".encode()
    assert renamed("a.csv", content).decode() == "某表,,\n单位：个,,\n城市,甲_v2,乙\n杭州,1,2\n"
    hostile = with_persons("a.csv", content).decode().splitlines()
    assert hostile[:2] == ["某表,,", "单位：个,,"]
    assert hostile[2] == "城市,甲,乙," + ",".join(LABELS)
