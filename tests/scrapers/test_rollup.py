"""The roll-up of records: each definition at its edges, and both engines against plain Python."""

import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scrapers.engines import DuckDBEngine, EngineError, SparkEngine, chosen
from scrapers.record_kinds import RECORD_KINDS
from scrapers.rollup import ROLLED_UP, Extract, days_of, roll_up

PERIOD = "2019-06"
CITIES = pl.DataFrame(
    {
        "city_code": ["330100", "330200", "330300", "340100", "340200"],
        "province_code": ["330000", "330000", "330000", "340000", "340000"],
    }
)
MAY, FIRST, MIDDLE, LAST, JULY = (
    date(2019, 5, 31),
    date(2019, 6, 1),
    date(2019, 6, 15),
    date(2019, 6, 30),
    date(2019, 7, 1),
)
LONG_AGO, BEFORE_WINDOW, WINDOW = date(2001, 2, 3), date(2018, 6, 30), date(2018, 7, 1)
Record = tuple[Any, ...]


def keep(
    folder: Path, kind: str, records: list[Record], *, file: str = "a", province: str = "330000"
) -> Extract:
    """Keep records (city_code, then the columns of their kind) as landing does."""
    columns: dict[str, type[pl.DataType]] = {"city_code": pl.String, **RECORD_KINDS[kind].columns}
    path = folder / f"{kind}-{file}"
    pl.DataFrame(records, schema=columns, orient="row").with_row_index("row", 2).with_columns(
        pl.col("row").cast(pl.Int64),
        kind=pl.lit(kind),
        province_code=pl.lit(province),
        file=pl.lit(file),
    ).write_parquet(path)
    return Extract(path, file, kind, province)


def of_city(rolled_up: pl.DataFrame, city: str = "330100") -> dict[str, tuple[float, int]]:
    """Value and records by measure."""
    rows = rolled_up.filter(pl.col("city_code") == city)
    return {measure: (value, records) for _, _, measure, value, records in rows.iter_rows()}


def listed(
    on: date,
    until: date | None = None,
    *,
    code: str = "A",
    name: str = "black",
    violations: int = 1,
) -> Record:
    """An entry on a list."""
    return ("330100", code, name, on, until, violations)


@pytest.mark.parametrize(
    ("entries", "entities", "added", "removed", "violations", "red"),
    [
        ([listed(MAY)], 1, 0, 0, 1, 0),
        ([listed(FIRST)], 1, 1, 0, 1, 0),
        ([listed(LAST)], 1, 1, 0, 1, 0),
        ([listed(JULY)], 0, 0, 0, 0, 0),
        ([listed(MAY, MAY)], 0, 0, 0, 0, 0),
        ([listed(MAY, FIRST)], 0, 0, 1, 0, 0),
        ([listed(MAY, LAST)], 0, 0, 1, 0, 0),
        ([listed(MAY, JULY)], 1, 0, 0, 1, 0),
        ([listed(FIRST, LAST)], 0, 1, 1, 0, 0),
        ([listed(MAY, violations=0)], 1, 0, 0, 0, 0),
        ([listed(MAY, name="focused_watch", violations=3)], 1, 0, 0, 3, 0),
        ([listed(MAY, name="red", violations=3)], 0, 0, 0, 0, 1),
        ([listed(FIRST, LAST, name="red")], 0, 0, 0, 0, 0),
        ([listed(MAY), listed(FIRST, name="focused_watch", violations=4)], 1, 1, 0, 5, 0),
        ([listed(MAY, FIRST), listed(MIDDLE)], 1, 1, 1, 1, 0),
        ([listed(FIRST, FIRST), listed(LAST, LAST)], 0, 1, 1, 0, 0),
        ([listed(MAY), listed(MAY, name="red")], 1, 0, 0, 1, 1),
        ([listed(MAY), listed(MAY, code="B"), listed(MAY, code="B")], 2, 0, 0, 3, 0),
    ],
)
def test_entries_count_by_entity_while_they_are_current(
    tmp_path: Path,
    entries: list[Record],
    entities: int,
    added: int,
    removed: int,
    violations: int,
    red: int,
) -> None:
    said = of_city(roll_up([keep(tmp_path, "lists", entries)], PERIOD, CITIES))
    assert {measure: value for measure, (value, _) in said.items()} == {
        "listed_entities": entities,
        "listed_added": added,
        "listed_removed": removed,
        "listed_violations": violations,
        "redlisted_entities": red,
    }


def of(*rest: Any) -> Record:
    """A record of Hangzhou."""
    return ("330100", *rest)


@pytest.mark.parametrize(
    ("kind", "records", "expected"),
    [
        ("entities", [of("A", LAST, None)], {"legal_entities": (1, 1)}),
        ("entities", [of("A", JULY, None)], {"legal_entities": (0, 0)}),
        ("entities", [of("A", MAY, LAST)], {"legal_entities": (0, 0)}),
        ("entities", [of("A", MAY, JULY)], {"legal_entities": (1, 1)}),
        ("entities", [of("A", MAY, FIRST), of("A", MIDDLE, None)], {"legal_entities": (1, 1)}),
        ("entities", [of("A", MAY, None), of("A", MAY, None)], {"legal_entities": (1, 2)}),
        (
            "evaluations",
            [of("A", "poor"), of("A", "poor"), of("B", "fair"), of("C", "poor")],
            {"low_rated_entities": (2, 3)},
        ),
        (
            "taxpayers",
            [of("A", "A"), of("A", "A"), of("B", "B"), of("C", "M")],
            {"taxpayers": (3, 4), "a_class_taxpayers": (1, 2)},
        ),
        (
            "customs",
            [of("A", "advanced"), of("B", "general"), of("B", "registered")],
            {"customs_enterprises": (2, 3), "aeo_advanced_enterprises": (1, 1)},
        ),
        (
            "disclosures",
            [
                of("A", "permit", LAST, LAST),
                of("A", "permit", LAST, LAST),
                of("A", "penalty", LONG_AGO, WINDOW),
                of("B", "permit", WINDOW, BEFORE_WINDOW),
                of("B", "permit", LAST, JULY),
            ],
            {"platform_disclosures_12m": (3, 3), "platform_disclosures_in_time_12m": (2, 2)},
        ),
        (
            "disclosures",
            [of("A", "permit", date(2019, 2, 25), date(2019, 3, day)) for day in (3, 4, 5)],
            {"platform_disclosures_12m": (3, 3), "platform_disclosures_in_time_12m": (2, 2)},
        ),
        (
            "breaches",
            [of("A", day) for day in (BEFORE_WINDOW, WINDOW, MIDDLE, LAST, LAST, JULY)],
            {"breaches_reported_12m": (4, 4)},
        ),
        ("service_halls", [of(1), of(1)], {"service_hall_integrated": (1, 2)}),
        ("service_halls", [of(1), of(0)], {"service_hall_integrated": (0, 2)}),
        (
            "codes",
            [of("A", MAY, "valid"), of("A", MAY, "valid"), of("A", MAY, "valid")],
            {
                "codes": (1, 3),
                "code_repeats": (1, 3),
                "code_errors": (0, 0),
                "code_errors_corrected": (0, 0),
            },
        ),
        (
            "codes",
            [of("A", MAY, "wrong"), of("B", MAY, "corrected"), of("C", MAY, "valid")],
            {
                "codes": (3, 3),
                "code_repeats": (0, 0),
                "code_errors": (2, 2),
                "code_errors_corrected": (1, 1),
            },
        ),
        (
            "mappings",
            [of("A", LONG_AGO), of("A", MAY), of("B", LAST), of("C", JULY)],
            {"codes_mapped": (2, 3)},
        ),
    ],
)
def test_records_count_as_their_measure_says(
    tmp_path: Path, kind: str, records: list[Record], expected: dict[str, tuple[float, int]]
) -> None:
    assert of_city(roll_up([keep(tmp_path, kind, records)], PERIOD, CITIES)) == expected


@pytest.mark.parametrize(
    ("period", "begin", "end", "window"),
    [
        ("2019-06", date(2019, 6, 1), date(2019, 6, 30), date(2018, 7, 1)),
        ("2019-12", date(2019, 12, 1), date(2019, 12, 31), date(2019, 1, 1)),
        ("2020-01", date(2020, 1, 1), date(2020, 1, 31), date(2019, 2, 1)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), date(2019, 3, 1)),
    ],
)
def test_a_window_is_the_twelve_months_that_end_with_the_month(
    period: str, begin: date, end: date, window: date
) -> None:
    assert days_of(period) == {"month_begin": begin, "month_end": end, "window_begin": window}


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_a_file_without_records_says_zero_of_every_city_of_its_province(
    tmp_path: Path, kind: str
) -> None:
    rolled_up = roll_up([keep(tmp_path, kind, [])], PERIOD, CITIES)
    assert dict(rolled_up.schema) == ROLLED_UP
    assert set(rolled_up["city_code"]) == {"330100", "330200", "330300"}
    measures = RECORD_KINDS[kind].measures
    assert of_city(rolled_up, "330200") == dict.fromkeys(measures, (0, 0))


def test_a_city_without_a_record_has_zero(tmp_path: Path) -> None:
    rolled_up = roll_up([keep(tmp_path, "mappings", [of("A", MAY)])], PERIOD, CITIES)
    assert rolled_up.rows() == [
        ("a", "330100", "codes_mapped", 1.0, 1),
        ("a", "330200", "codes_mapped", 0.0, 0),
        ("a", "330300", "codes_mapped", 0.0, 0),
    ]


def test_a_correction_stands_beside_what_it_corrects(tmp_path: Path) -> None:
    first = keep(tmp_path, "mappings", [of("A", MAY), of("B", MAY)], file="first")
    later = keep(tmp_path, "mappings", [("330200", "B", MAY)], file="later")
    rolled_up = roll_up([first, later], PERIOD, CITIES).filter(pl.col("value") > 0)
    assert rolled_up.select("file", "city_code", "value").rows() == [
        ("first", "330100", 2.0),
        ("later", "330200", 1.0),
    ]


def test_an_extract_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    extract = keep(tmp_path, "breaches", [of("A", MAY)])
    assert of_city(roll_up([extract, extract], PERIOD, CITIES)) == {"breaches_reported_12m": (1, 1)}


def test_a_code_that_is_no_city_is_left_to_screening(tmp_path: Path) -> None:
    rolled_up = roll_up([keep(tmp_path, "breaches", [("999999", "A", MAY)])], PERIOD, CITIES)
    assert of_city(rolled_up, "999999") == {"breaches_reported_12m": (1, 1)}


def test_no_extracts_give_no_rows() -> None:
    rolled_up = roll_up([], PERIOD, CITIES)
    assert rolled_up.is_empty()
    assert dict(rolled_up.schema) == ROLLED_UP


def test_a_kind_of_record_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'rumours' is no kind of record; these are: entities"):
        roll_up([Extract(tmp_path / "a", "a", "rumours", "330000")], PERIOD, CITIES)


def drawn(kind: str, province: str, count: int, seed: int) -> list[Record]:
    """Records drawn at random, with many days at the edges of the month and of the window."""
    draw = random.Random(f"{kind} {province} {seed}")
    cities = CITIES.filter(pl.col("province_code") == province)["city_code"].to_list()
    edges = [LONG_AGO, BEFORE_WINDOW, WINDOW, MAY, FIRST, MIDDLE, LAST, JULY]

    def cell(column: str, dtype: type[pl.DataType]) -> Any:
        if column in RECORD_KINDS[kind].words:
            return draw.choice(RECORD_KINDS[kind].words[column])
        if dtype == pl.Date:
            if column in RECORD_KINDS[kind].optional and draw.random() < 0.5:
                return None
            return draw.choice(edges) + timedelta(draw.choice([0, 0, 0, draw.randint(-20, 20)]))
        if dtype == pl.Int64:
            return int(draw.random() < 0.99) if column == "integrated" else draw.randint(0, 9)
        return f"91330100MA{draw.randrange(count // 2):08d}"

    return [
        (draw.choice(cities), *(cell(*column) for column in RECORD_KINDS[kind].columns.items()))
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Extract], pl.DataFrame]:
    """Extracts of all kinds of two provinces, one delivered again, and what they say by plain Python."""
    folder = tmp_path_factory.mktemp("country")
    extracts, expected = [], []
    deliveries = [
        ("330000", "a", 400),
        ("340000", "b", 300),
        ("340000", "c", 250),
        ("330000", "d", 0),
    ]
    for kind in RECORD_KINDS:
        for province, file, count in deliveries:
            records = drawn(kind, province, count, ord(file))
            extracts.append(keep(folder, kind, records, file=f"{kind}-{file}", province=province))
            expected += reference(kind, f"{kind}-{file}", province, records)
    return extracts, pl.DataFrame(expected, schema=ROLLED_UP, orient="row").sort(
        "file", "city_code", "measure"
    )


def reference(kind: str, file: str, province: str, records: list[Record]) -> list[Record]:
    """What a file says, record by record in plain Python."""
    rows = []
    for city in CITIES.filter(pl.col("province_code") == province)["city_code"]:
        names = ["city_code", *RECORD_KINDS[kind].columns]
        own = [dict(zip(names, record, strict=True)) for record in records if record[0] == city]
        for measure in RECORD_KINDS[kind].measures:
            rows.append((file, city, measure, *REFERENCE[measure](own)))
    return rows


Own = list[dict[str, Any]]
Said = tuple[float, int]


def entities(counts: Callable[[dict[str, Any]], bool]) -> Callable[[Own], Said]:
    """Distinct codes of the records that count."""

    def said(own: Own) -> Said:
        codes = [record["code"] for record in own if counts(record)]
        return float(len(set(codes))), len(codes)

    return said


def events(counts: Callable[[dict[str, Any]], bool]) -> Callable[[Own], Said]:
    """The records that count."""
    return lambda own: (float(sum(map(counts, own))), sum(map(counts, own)))


def repeated(own: Own) -> Said:
    codes = [record["code"] for record in own]
    twice = [code for code in codes if codes.count(code) > 1]
    return float(len(set(twice))), len(twice)


def violations(own: Own) -> Said:
    behind = [r["violations"] for r in own if r["list"] != "red" and alive(r, "listed", "delisted")]
    return float(sum(behind)), len(behind)


def alive(record: dict[str, Any], begun: str, over: str) -> bool:
    return record[begun] < JULY and (record[over] is None or record[over] >= JULY)


def in_june(day: date | None) -> bool:
    return day is not None and (day.year, day.month) == (2019, 6)


def in_window(day: date) -> bool:
    return (2018, 7) <= (day.year, day.month) <= (2019, 6)


def prompt(record: dict[str, Any]) -> bool:
    return in_window(record["published"]) and (record["published"] - record["decided"]).days <= 7


REFERENCE: dict[str, Callable[[Own], Said]] = {
    "legal_entities": entities(lambda r: alive(r, "registered", "cancelled")),
    "listed_entities": entities(lambda r: r["list"] != "red" and alive(r, "listed", "delisted")),
    "listed_added": entities(lambda r: r["list"] != "red" and in_june(r["listed"])),
    "listed_removed": entities(lambda r: r["list"] != "red" and in_june(r["delisted"])),
    "listed_violations": violations,
    "redlisted_entities": entities(lambda r: r["list"] == "red" and alive(r, "listed", "delisted")),
    "low_rated_entities": entities(lambda r: bool(r["grade"] == "poor")),
    "taxpayers": entities(lambda _: True),
    "a_class_taxpayers": entities(lambda r: bool(r["grade"] == "A")),
    "customs_enterprises": entities(lambda _: True),
    "aeo_advanced_enterprises": entities(lambda r: bool(r["certification"] == "advanced")),
    "platform_disclosures_12m": events(lambda r: in_window(r["published"])),
    "platform_disclosures_in_time_12m": events(prompt),
    "breaches_reported_12m": events(lambda r: in_window(r["passed"])),
    "service_hall_integrated": lambda own: (
        float(bool(own) and all(r["integrated"] for r in own)),
        len(own),
    ),
    "codes": entities(lambda _: True),
    "code_repeats": repeated,
    "code_errors": entities(lambda r: r["state"] in ("wrong", "corrected")),
    "code_errors_corrected": entities(lambda r: bool(r["state"] == "corrected")),
    "codes_mapped": entities(lambda r: bool(r["mapped"] < JULY)),
}


@pytest.mark.parametrize("batch", [1, 10**9], ids=["file by file", "all at once"])
def test_every_measure_is_what_plain_python_makes_of_it(
    country: tuple[list[Extract], pl.DataFrame], batch: int
) -> None:
    extracts, expected = country
    assert roll_up(extracts, PERIOD, CITIES, DuckDBEngine(batch=batch)).equals(expected)
    assert (expected.group_by("measure").agg(pl.col("value").max())["value"] > 0).all()


def test_several_roll_ups_may_run_at_once(country: tuple[list[Extract], pl.DataFrame]) -> None:
    extracts, expected = country
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(roll_up, extracts, PERIOD, CITIES, DuckDBEngine()) for _ in range(4)]
        assert all(run.result().equals(expected) for run in runs)


def test_what_does_not_fit_in_memory_is_spilled(tmp_path: Path) -> None:
    count = 300_000
    extracts = [Extract(tmp_path / file, file, "mappings", "330000") for file in ("a", "b")]
    for extract in extracts:
        pl.select(code=pl.int_range(count)).select(
            pl.format("91330100MA{}{}", pl.lit("0" * 20), "code").alias("code"),
            file=pl.lit(extract.file),
            city_code=pl.lit("330100"),
            mapped=pl.lit(MAY),
        ).write_parquet(extract.path)
    rolled_up = roll_up(extracts, PERIOD, CITIES, DuckDBEngine(memory=40_000_000, batch=1))
    assert rolled_up.filter(pl.col("value") > 0).rows() == [
        (file, "330100", "codes_mapped", count, count) for file in ("a", "b")
    ]


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkEngine]:
    """Spark with two workers in this process, as quiet and as small as its own settings make it."""
    conf = tmp_path_factory.mktemp("spark")
    (conf / "spark-defaults.conf").write_text(
        "spark.ui.enabled false\n"
        "spark.ui.showConsoleProgress false\n"
        "spark.sql.shuffle.partitions 2\n"
        f"spark.sql.warehouse.dir {conf}/warehouse\n"
    )
    (conf / "log4j2.properties").write_text("rootLogger.level = off\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(conf))
        yield SparkEngine("local[2]")
        from pyspark.sql import SparkSession

        if session := SparkSession.getActiveSession():
            session.stop()


@pytest.mark.spark
def test_spark_gives_the_same_numbers(
    country: tuple[list[Extract], pl.DataFrame], spark: SparkEngine
) -> None:
    extracts, expected = country
    rolled_up = roll_up(extracts, PERIOD, CITIES, spark)
    assert rolled_up.equals(roll_up(extracts, PERIOD, CITIES, DuckDBEngine()))
    assert rolled_up.equals(expected)


@pytest.mark.parametrize(
    ("environment", "engine"),
    [
        ({}, DuckDBEngine()),
        ({"CCI_ROLLUP_ENGINE": ""}, DuckDBEngine()),
        ({"CCI_ROLLUP_ENGINE": "duckdb"}, DuckDBEngine()),
        ({"CCI_ROLLUP_ENGINE": "spark"}, SparkEngine("local[*]")),
        (
            {"CCI_ROLLUP_ENGINE": "spark", "CCI_SPARK_MASTER": "spark://master:7077"},
            SparkEngine("spark://master:7077"),
        ),
    ],
)
def test_the_environment_chooses_the_engine(environment: dict[str, str], engine: object) -> None:
    assert chosen(environment) == engine


def test_an_engine_that_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCI_ROLLUP_ENGINE", "Spark")
    with pytest.raises(EngineError, match="CCI_ROLLUP_ENGINE is 'Spark'; expected duckdb or spark"):
        roll_up([], PERIOD, CITIES)


def test_without_pyspark_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(EngineError, match="pip install -r requirements-spark"):
        SparkEngine().run(lambda records, _: records, {}, [Path("a")], {})


def test_without_java_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineError, match="install one"):
        SparkEngine().run(lambda records, _: records, {}, [Path("a")], {})
