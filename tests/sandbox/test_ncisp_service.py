"""The platform's and the code centre's extracts: reading them and counting gives back what is said."""

from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from indicators.registry import cities_of
from sandbox.services import Document, ncisp
from sandbox.world import world
from scrapers.credit_code import Verdict, judge_all
from scrapers.formats.extracts import take
from scrapers.reading import Ask, Reading
from scrapers.record_kinds import RECORD_KINDS
from scrapers.rollup import Extract, roll_up
from scrapers.sources.registry import feed

SEED = 2019
PERIOD = "2019-06"
SOURCES = ("ncisp", "code_centre")


@cache
def cities(period: str = PERIOD) -> pl.DataFrame:
    return cities_of(feed.read(feed.packaged()), period)


@cache
def said(source_id: str, period: str = PERIOD) -> pl.DataFrame:
    measures = [m for k in RECORD_KINDS.values() if k.source_id == source_id for m in k.measures]
    truth = world(feed.read(feed.packaged()), [period], SEED)
    return truth.filter(pl.col("measure").is_in(measures)).select("city_code", "measure", "value")


def documents(source_id: str, period: str = PERIOD) -> list[Document]:
    return ncisp.documents(source_id, period, said(source_id, period), cities(period), SEED)


def taken(folder: Path, source_id: str, document: Document, period: str = PERIOD) -> Reading:
    path = folder / "delivered"
    path.write_bytes(document.content())
    return take(path, document.name, Ask(source_id, source_id, period, cities(period), {}))


def counted(folder: Path, readings: list[Reading], period: str = PERIOD) -> pl.DataFrame:
    """What rolling up makes of extracts."""
    extracts = []
    for n, reading in enumerate(readings):
        path = folder / f"{n}.parquet"
        reading.kept.with_columns(file=pl.lit(str(n))).write_parquet(path)
        extracts.append(Extract(path, str(n), reading.kind, reading.sender))
    return roll_up(extracts, period, cities(period)).select("city_code", "measure", "value")


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort("city_code", "measure")


@pytest.mark.country
@pytest.mark.parametrize("source_id", SOURCES)
def test_every_measure_of_every_city_comes_back_as_it_was_said(
    source_id: str, tmp_path: Path
) -> None:
    readings = [taken(tmp_path, source_id, document) for document in documents(source_id)]
    assert not [r for r in readings if r.refused.height or r.more_refused or r.persons]
    assert in_order(counted(tmp_path, readings)).equals(in_order(said(source_id)))


def test_there_is_a_file_for_each_kind_and_province() -> None:
    names = {
        document.name.partition(".")[0] for source in SOURCES for document in documents(source)
    }
    provinces = cities()["province_code"].unique()
    assert names == {f"{kind}-{code}-{PERIOD}" for kind in RECORD_KINDS for code in provinces}


def test_a_suffix_comes_before_the_ending() -> None:
    again = ncisp.documents("ncisp", PERIOD, said("ncisp"), cities(), SEED, "-correction-1")
    assert [d.name.replace("-correction-1.", ".") for d in again] == [
        d.name for d in documents("ncisp")
    ]


def test_the_same_country_gives_the_same_bytes() -> None:
    for first, second in zip(documents("ncisp")[:12], documents("ncisp")[:12], strict=True):
        assert first.content() == second.content()


def test_files_differ_as_those_of_offices_do_and_say_that_they_are_invented() -> None:
    ways = set()
    for document in documents("ncisp"):
        if "service_halls" not in document.name and "breaches" not in document.name:
            continue
        content = document.content()
        if document.name.endswith(".parquet"):
            assert "simulated" in pl.read_parquet_metadata(BytesIO(content))["note"]
            names = ",".join(pl.read_parquet(content).columns)
            ways.add(("parquet", names.isascii()))
            continue
        try:
            text, encoding = content.decode(), "utf-8"
        except UnicodeDecodeError:
            text, encoding = content.decode("gb18030"), "gb18030"
        assert all("模拟" in line or "simulated" in line for line in text.splitlines()[1:])
        ways.add((encoding, text.partition("\n")[0].isascii()))
    assert ways == {
        ("parquet", True),
        ("parquet", False),
        ("utf-8", True),
        ("utf-8", False),
        ("gb18030", False),
    }


def of_province(source_id: str, code: str, folder: Path, period: str) -> dict[str, pl.DataFrame]:
    """Records of a province by kind."""
    readings = (
        taken(folder, source_id, document, period)
        for document in documents(source_id, period)
        if f"-{code}-" in document.name
    )
    return {reading.kind: reading.kept for reading in readings}


def test_an_enterprise_is_the_same_in_every_file_and_month(tmp_path: Path) -> None:
    before = of_province("ncisp", "330000", tmp_path, "2019-05")
    records = of_province("ncisp", "330000", tmp_path, PERIOD)
    known = of_province("code_centre", "330000", tmp_path, PERIOD)["mappings"]
    entities = records["entities"]
    for kind in ("lists", "evaluations", "taxpayers", "customs"):
        others = records[kind].join(entities, on=["city_code", "code"], how="anti")
        assert others.height < records[kind].height / 10, kind
    assert entities.join(known, on="code", how="semi").height > entities.height * 0.5
    both = entities.join(before["entities"], on="code")
    assert both.height > entities.height * 0.9
    assert (both["registered"] == both["registered_right"]).all()


def test_there_is_more_than_what_is_counted(tmp_path: Path) -> None:
    records = of_province("ncisp", "330000", tmp_path, PERIOD)
    entries = records["lists"]
    assert entries.filter(pl.col("delisted").is_null())["code"].is_duplicated().any()
    assert entries["delisted"].is_not_null().any()
    assert records["entities"]["cancelled"].is_not_null().any()
    assert (records["disclosures"]["published"] < date(2018, 7, 1)).any()
    assert (records["breaches"]["passed"] < date(2018, 7, 1)).any()


def test_codes_are_right_but_for_those_with_errors(tmp_path: Path) -> None:
    codes = of_province("code_centre", "330000", tmp_path, PERIOD)["codes"]
    for (state,), rows in codes.group_by("state"):
        expected = Verdict.VALID if state == "valid" else Verdict.WRONG_CHECK
        assert judge_all(rows["code"]).unique().to_list() == [expected]
    assert set(codes["state"]) == {"valid", "wrong", "corrected"}


# --- what can and cannot be said


PLACES = pl.DataFrame({"city_code": ["330100", "330200"], "province_code": ["330000"] * 2})
LISTS = {
    "listed_entities": 8,
    "listed_added": 2,
    "listed_removed": 3,
    "listed_violations": 21,
    "redlisted_entities": 4,
}
CODES = {"codes": 9, "code_repeats": 4, "code_errors": 3, "code_errors_corrected": 2}


def statement(**values: float | None) -> pl.DataFrame:
    """Of both places; None leaves it unsaid of the second."""
    return pl.DataFrame(
        [
            (city, measure, 1.0 if value is None else float(value))
            for measure, value in values.items()
            for city in PLACES["city_code"]
            if value is not None or city == "330100"
        ],
        schema=["city_code", "measure", "value"],
        orient="row",
    )


@pytest.mark.parametrize(
    "values",
    [
        LISTS | {"listed_added": 11},
        LISTS | {"listed_entities": 0, "listed_added": 3, "listed_violations": 0},
        LISTS | {"listed_violations": 0},
        LISTS | {"listed_entities": 100, "listed_added": 0, "listed_violations": 3},
        dict.fromkeys(LISTS, 0),
        CODES,
        CODES | {"code_repeats": 9, "code_errors": 9, "code_errors_corrected": 9},
        dict.fromkeys(CODES, 0) | {"codes": 1},
        {"low_rated_entities": 0},
        {"low_rated_entities": 7, "legal_entities": 3},
        {"taxpayers": 5, "a_class_taxpayers": 5, "legal_entities": 2},
        {"platform_disclosures_12m": 300, "platform_disclosures_in_time_12m": 0},
        {"platform_disclosures_12m": 0, "platform_disclosures_in_time_12m": 0},
        {"breaches_reported_12m": 0, "service_hall_integrated": 0, "legal_entities": 0},
    ],
)
def test_whatever_can_be_so_comes_back(values: dict[str, float], tmp_path: Path) -> None:
    (source_id,) = {
        kind.source_id for kind in RECORD_KINDS.values() for m in kind.measures if m in values
    }
    told = statement(**values)
    made = ncisp.documents(source_id, PERIOD, told, PLACES, SEED)
    readings = [taken(tmp_path, source_id, document) for document in made]
    assert all(reading.refused.is_empty() for reading in readings)
    back = counted(tmp_path, readings).filter(pl.col("city_code").is_in(PLACES["city_code"]))
    assert in_order(back).equals(in_order(told))


@pytest.mark.parametrize(
    ("values", "named"),
    [
        (LISTS | {"listed_added": 12}, "listed_added 12"),
        (LISTS | {"listed_entities": 0, "listed_added": 0}, "listed_violations 21"),
        (CODES | {"code_errors": 10}, "code_errors 10"),
        (CODES | {"code_repeats": 10}, "code_repeats 10"),
        (CODES | {"code_errors": 1}, "code_errors_corrected 2"),
        ({"taxpayers": 5, "a_class_taxpayers": 6}, "a_class_taxpayers 6"),
        ({"customs_enterprises": 0, "aeo_advanced_enterprises": 1}, "aeo_advanced_enterprises 1"),
        ({"service_hall_integrated": 2}, "service_hall_integrated 2"),
        ({"legal_entities": 2.5}, "legal_entities of city 330100 is 2.5"),
        ({"legal_entities": -1}, "legal_entities of city 330100 is -1"),
        ({"legal_entities": None}, "legal_entities of city 330200 is None"),
        ({"taxpayers": 5}, "a_class_taxpayers of city 330100 is None"),
    ],
)
def test_what_no_records_can_say_is_told(values: dict[str, float | None], named: str) -> None:
    source_id = "code_centre" if "codes" in values else "ncisp"

    def contents() -> list[bytes]:
        made = ncisp.documents(source_id, PERIOD, statement(**values), PLACES, SEED)
        return [document.content() for document in made]

    with pytest.raises(ValueError, match=named):
        contents()
