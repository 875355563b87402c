"""Declarations, landing, the reader of measure files, and the packaged facts."""

import csv
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from indicators import edition
from indicators.measures import catalogue
from pipelines.steps import facts
from pipelines.workspace import Workspace
from scrapers import landing, packaged
from scrapers.declaration import CLOCK, DeclarationError, _read, monthly, sources
from scrapers.formats import measures
from scrapers.formats.text_encoding import ends_early
from scrapers.reading import Ask, FileRefused

FACTS = Path(__file__).parents[1] / "data" / "facts"
HEAD = "period,city_code,measure,value\n"


@pytest.mark.parametrize("source_id", sources())
def test_a_source_says_whether_its_pages_hold_personal_data(source_id: str) -> None:
    source = sources()[source_id]
    # What comes with the project was looked at; of what others send nobody can know.
    assert source.personal_data is (source.frequency != "once")
    assert source.title_zh
    assert source.title_en
    assert source.access_zh
    assert source.access_en


def test_every_kind_of_source_that_a_measure_names_is_declared() -> None:
    kinds = {source.kind for source in monthly()}
    needed = {
        kind
        for measure in edition.load("cci-2019").measures
        for kind in catalogue()[measure].sources
    }
    assert needed == kinds - {"assessor"}  # who is for the model-city editions


def test_only_published_and_registry_facts_are_not_simulated() -> None:
    real = {source.id for source in sources().values() if not source.simulated}
    assert real == {"registry", "published_rankings", "model_cities"}


def test_what_comes_from_the_stand_in_country_is_simulated_and_nothing_else() -> None:
    for source in sources().values():
        assert source.simulated is source.address.startswith("sandbox:/"), source.id


@pytest.mark.parametrize(
    ("delivered", "late"),
    [
        ((2019, 7, 1, 0), False),
        ((2019, 7, 8, 23), False),
        ((2019, 7, 9, 0), True),
        ((2020, 1, 1, 0), True),
    ],
)
def test_what_comes_after_the_due_day_is_late(delivered: tuple[int, ...], late: bool) -> None:
    at = datetime(*delivered, tzinfo=CLOCK)  # type: ignore[arg-type,misc]
    assert sources()["city"].late("2019-06", at) is late


def test_december_is_due_in_january() -> None:
    assert not sources()["city"].late("2019-12", datetime(2020, 1, 8, 12, tzinfo=CLOCK))
    assert sources()["city"].late("2019-12", datetime(2020, 1, 9, tzinfo=CLOCK))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "city"', 'id = "town"', "expected the name of its folder"),
        ("due_day = 8", "due_days = 8", "due_days"),
        ("[expect]", "[expected]", "expect"),
        ("simulated = true", "simulated =", "source.toml"),
        ('format = "workbooks"', 'format = "letters"', "expected one of packaged, measures"),
        ('frequency = "monthly"', 'frequency = "often"', "expected one of monthly, half-yearly"),
    ],
)
def test_a_wrong_declaration_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    good = Path(landing.__file__).with_name("sources") / "city" / "source.toml"
    bad = tmp_path / "city" / "source.toml"
    bad.parent.mkdir()
    bad.write_text(good.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DeclarationError, match=message):
        _read(bad)


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a byte order mark"])
def test_rows_have_the_numbers_that_an_editor_shows(mark: str) -> None:
    content = f"{mark}{HEAD}2019-06,330100,units,1\n\n2019-06,330200,units,2\n".encode()
    assert measures.read(content).filter(pl.col("value") == "2")["row"].to_list() == [4]


def test_parquet_is_read_like_csv(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    pl.DataFrame(
        {"period": ["2019-06"], "city_code": [330100], "measure": ["units"], "value": [0.1]}
    ).write_parquet(file)
    row = measures.read(file.read_bytes()).row(0, named=True)
    assert (row["city_code"], row["value"], row["source"], row["row"]) == ("330100", "0.1", None, 2)


@pytest.mark.parametrize(
    ("content", "reason", "row"),
    [
        (b"", "empty", 0),
        (HEAD.encode() + b"2019-06,330100,units,1,000\n", "too_many_fields", 2),
        (HEAD.encode() + "2019-06,330100,单位,1\n".encode("gbk"), "not_utf8", 2),
        (HEAD.encode() + b'2019-06,"330100,units,1\n', "broken_quotes", 2),
        (b"PAR1....PAR1", "not_parquet", 0),
        (b"period,city,measure,value\n", "columns_missing", 1),
    ],
)
def test_a_file_that_cannot_be_read_names_the_row(content: bytes, reason: str, row: int) -> None:
    with pytest.raises(FileRefused) as refused:
        measures.read(content)
    assert (refused.value.reason, refused.value.row) == (reason, row)


@pytest.mark.parametrize(
    ("content", "cut"),
    [
        (HEAD + "2019-06,330100,units,1\n2019-06,330200,uni", True),
        (HEAD + "2019-06,330100,units,1\n2019-06,330200,units,1", False),  # some editors end so
        (HEAD + "2019-06,330100,units\n", False),
    ],
)
def test_a_file_that_breaks_off_in_its_last_line_is_told_from_one_without_a_line_end(
    content: str, cut: bool
) -> None:
    assert ends_early(content.encode()) is cut


@pytest.fixture
def delivered(tmp_path: Path) -> Callable[[bytes], Path]:
    """A file with these bytes."""

    def write(content: bytes) -> Path:
        path = tmp_path / "delivered"
        path.write_bytes(content)
        return path

    return write


Delivered = Callable[[bytes], Path]
ASK = Ask("monitoring", "monitoring", "2019-06", pl.DataFrame(), {})


def parquet(frame: pl.DataFrame) -> bytes:
    """A Parquet file."""
    content = BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


SAID = pl.DataFrame(
    {"period": ["2019-06"], "city_code": ["330100"], "measure": ["units"], "value": ["1"]}
)


@pytest.mark.parametrize(
    ("limit", "content"),
    [
        ("_LARGEST_FILE", HEAD.encode() + b"2019-06,330100,units,1\n" * 20),
        ("_LARGEST_FILE", parquet(SAID)),
        ("_MOST_ROWS", HEAD.encode() + b"\n" * 200),
        ("_MOST_ROWS", parquet(pl.concat([SAID] * 200))),
        ("_MOST_COLUMNS", HEAD.strip().encode() + b"," * 100 + b"\n"),
    ],
)
def test_a_measure_file_that_is_larger_than_any_is_refused_before_it_is_read(
    delivered: Delivered, monkeypatch: pytest.MonkeyPatch, limit: str, content: bytes
) -> None:
    path = delivered(content)
    if limit != "_MOST_COLUMNS":
        measures.take(path, "", ASK)
        monkeypatch.setattr(measures, limit, 100)
    monkeypatch.setattr(measures, "read", None)
    assert measures.looks_like_one(path)
    with pytest.raises(FileRefused, match="too_large"):
        measures.take(path, "", ASK)


def test_columns_of_parquet_that_are_not_known_are_not_read() -> None:
    # Nothing could make text of such a column.
    content = parquet(SAID.with_columns(remarks=pl.lit(b"\xff"), notes=pl.concat_list("value")))
    assert measures.read(content).columns == [*measures.COLUMNS, *measures.OPTIONAL, "row"]


def test_parquet_that_is_damaged_anywhere_is_survived(delivered: Delivered) -> None:
    whole = parquet(SAID)
    for at in range(4, len(whole), 3):
        path = delivered(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        measures.looks_like_one(path)
        try:
            measures.take(path, "", ASK)
        except FileRefused as refused:
            assert refused.reason in ("not_parquet", "columns_missing", "too_large")  # noqa: PT017


@pytest.mark.parametrize(
    ("source_id", "fewest", "most"),
    [
        ("population", 656, 1_388),  # the fewest of a month before GDP came with it
        ("ncisp", 9_840, 10_410),
        ("code_centre", 3_280, 3_470),
        ("ndrc", 2_900, 3_470),
        ("city", 19_400, 20_820),
        ("province", 2_610, 2_776),
        ("provider", 646, 6_940),  # the fewest of a month that came as one measure file
        ("monitoring", 13_400, 57_600),
    ],
)
def test_a_minimum_is_near_what_the_scantiest_month_brings(
    source_id: str, fewest: int, most: int
) -> None:
    cities, records = sources()[source_id].expect.cities, sources()[source_id].expect.records
    assert 0.7 * 646 < cities.min < 646  # of 656, 10 are silent
    assert 694 < cities.max < 1.15 * 694
    assert 0.7 * fewest < records.min < fewest
    assert most < records.max < 1.15 * most


@pytest.mark.parametrize(
    ("source_id", "fewest", "most"), [("applications", 12_700, 13_800), ("assessor", 7_600, 8_100)]
)
def test_between_rounds_a_half_yearly_source_need_bring_nothing(
    source_id: str, fewest: int, most: int
) -> None:
    source = sources()[source_id]
    for period in ("2019-06", "2016-12"):
        assert source.expected(period) == source.expect
    between = source.expected("2019-05")
    assert between.cities.min == between.records.min == 0
    assert between.cities.max == source.expect.cities.max
    assert sources()["city"].expected("2019-05") == sources()["city"].expect
    assert 0.6 * fewest < source.expect.records.min < fewest
    assert 178 > source.expect.cities.min > 100
    # More comes where the editions of an installation ask for more.
    assert 1.15 * most < source.expect.records.max < 1.5 * most


def packaged_rows(source_id: str) -> pl.DataFrame:
    """Rows of a packaged source."""
    return packaged.rows(packaged.path(sources()[source_id]).read_bytes())


def test_published_rankings_are_the_facts_unaltered() -> None:
    with (FACTS / "published_rankings.csv").open(encoding="utf-8", newline="") as file:
        facts_rows = list(csv.DictReader(file))
    ours = packaged_rows("published_rankings").to_dicts()
    assert len(ours) == len(facts_rows) == 63
    for our, fact in zip(ours, facts_rows, strict=True):
        for column in ("issue", "city_class", "rank", "city", "province", "score"):
            assert our[column] == fact[column]
        assert our["citation"] == fact["source_url"]


def test_model_cities_are_the_facts_unaltered() -> None:
    # The last field of the facts is not quoted and may hold a comma.
    lines = (FACTS / "model_cities.csv").read_text(encoding="utf-8").splitlines()[1:]
    ours = packaged_rows("model_cities").select("cohort", "city", "province", "citation").rows()
    assert ours == [tuple(line.split(",", 3)) for line in lines]
    assert len(ours) == 130
    assert len({cohort for cohort, *_ in ours}) == 4


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The published rankings, with the codes of their cities."""
    workspace = Workspace(tmp_path_factory.mktemp("facts"))
    return facts.write_published_rankings(workspace, facts.write_registry(workspace))


def test_every_published_city_is_in_the_registry_of_its_month(published: pl.DataFrame) -> None:
    assert facts.problems_of_published(published, facts.registry()) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (pl.lit(None, pl.String).alias("city_code"), "is no city of"),
        (pl.lit("county").alias("city_class"), "not county"),
        (pl.lit("101").alias("score"), "no number from 0 to 100"),
        (pl.lit(1, pl.Int64).alias("rank"), "a rank stands twice"),
        (pl.col("rank") * -1, "scores do not fall with the rank"),
    ],
)
def test_an_altered_list_is_noticed(published: pl.DataFrame, change: pl.Expr, message: str) -> None:
    problems = facts.problems_of_published(published.with_columns(change), facts.registry())
    assert any(message in problem for problem in problems)


def test_published_rows_have_english_names_and_their_publisher(published: pl.DataFrame) -> None:
    source = sources()["published_rankings"]
    rows = published.unique("city").rows_by_key("city", named=True, unique=True)
    xuchang = rows["许昌市"]
    assert (xuchang["city_en"], xuchang["province_en"]) == ("Xuchang", "Henan")
    assert published["city_en"].null_count() == published["city_code"].null_count()
    provinces = dict(published.select("province", "province_en").iter_rows())
    assert provinces.get("直辖市") == "Municipality"
    assert None not in provinces.values()
    assert set(published["publisher_zh"]) == {source.publisher_zh}
    assert set(published["publisher_en"]) == {source.publisher_en}


def test_districts_among_model_cities_have_no_code_and_all_cities_have(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    frame = facts.write_model_cities(workspace, facts.write_registry(workspace))
    without = frame.filter(pl.col("city_code").is_null())["city"]
    assert all(name.endswith("区") for name in without)
    assert frame.filter(pl.col("city").str.ends_with("市"))["city_code"].null_count() == 0
