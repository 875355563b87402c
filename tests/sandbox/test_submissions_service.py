"""The stand-in country's submissions: the real forms, filled in with what cities and provinces say."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import fastexcel
import polars as pl
import pytest

from indicators import edition as editions
from indicators.forms import sections
from indicators.measures import catalogue
from indicators.registry import cities_of
from pipelines import submissions as commands
from pipelines.steps import facts
from pipelines.workspace import Workspace
from sandbox.services import Document
from sandbox.services.submissions import documents
from sandbox.world import world
from scrapers.formats import workbooks
from scrapers.formats.xlsx import Cell, open_safely
from scrapers.reading import Ask, AskedMeasure, Reading
from templates.submission.context import Kind
from templates.submission.workbook import write

MONTH, SEED = "2019-06", 2019


@pytest.fixture(scope="module")
def cities() -> pl.DataFrame:
    """The cities of the month."""
    return cities_of(facts.registry(), MONTH)


def told(kind: Kind) -> pl.DataFrame:
    """What is true of everything that is asked of a kind of source."""
    measures = [
        m.id for each in sections(editions.load(editions.CURRENT), kind) for m in each.measures
    ]
    truth = world(facts.registry(), [MONTH], SEED)
    return truth.filter(pl.col("measure").is_in(measures)).select("city_code", "measure", "value")


@pytest.fixture(scope="module")
def said() -> pl.DataFrame:
    """What cities say."""
    return told("city")


def ask(kind: str, cities: pl.DataFrame) -> Ask:
    measures = {
        m.id: AskedMeasure(m.id, m.unit, m.zh, m.en, m.maximum, m.whole)
        for m in catalogue().values()
        if kind in m.sources
    }
    return Ask(kind, kind, MONTH, cities, measures)


def readings(made: list[Document], asked: Ask, folder: Path) -> Iterator[Reading]:
    path = folder / "any.xlsx"
    for document in made:
        path.write_bytes(document.content())
        yield workbooks.take(path, document.name, asked)


def of(city_code: str, said: pl.DataFrame) -> pl.DataFrame:
    return said.filter(pl.col("city_code") == city_code)


def content(city_code: str, said: pl.DataFrame, cities: pl.DataFrame, suffix: str = "") -> bytes:
    (document,) = documents("city", MONTH, of(city_code, said), cities, SEED, suffix)
    return document.content()


def saved(tmp_path: Path, of_it: bytes) -> Path:
    path = tmp_path / "form.xlsx"
    path.write_bytes(of_it)
    return path


@pytest.mark.country
@pytest.mark.parametrize(("kind", "every", "senders"), [("city", 6, 112), ("province", 1, 31)])
def test_reading_gives_back_what_was_said(
    tmp_path: Path, cities: pl.DataFrame, kind: Kind, every: int, senders: int
) -> None:
    some = cities.sort("city_code").gather_every(every)
    said = told(kind).join(some, on="city_code", how="semi")
    made = documents(kind, MONTH, said, cities, SEED)
    assert len(made) == senders
    read = list(readings(made, ask(kind, cities), tmp_path))
    assert [f"{reading.sender}-{MONTH}.xlsx" for reading in read] == [d.name for d in made]
    assert not any(len(reading.refused) for reading in read)
    kept = pl.concat(reading.kept for reading in read).drop_nulls("value")
    assert 0.2 < kept["evidence"].is_not_null().mean() < 0.5  # type: ignore[operator]
    back = kept.select("city_code", "measure", pl.col("value").cast(pl.Float64))
    key = ["city_code", "measure"]
    assert back.sort(key).equals(said.sort(key))


@pytest.mark.parametrize(("kind", "code"), [("city", "330100"), ("province", "330000")])
def test_but_for_the_answers_it_is_the_form_of_the_command(
    tmp_path: Path, cities: pl.DataFrame, kind: Kind, code: str
) -> None:
    made = {d.name: d for d in documents(kind, MONTH, told(kind), cities, SEED)}
    filled = open_safely(saved(tmp_path, made[f"{code}-{MONTH}.xlsx"].content()))
    form = commands.context(Workspace(tmp_path / "none"), kind, code, MONTH, editions.CURRENT)
    blank = open_safely(saved(tmp_path, write(form)))
    assert [(s.name, s.hidden, s.merged) for s in filled] == [
        (s.name, s.hidden, s.merged) for s in blank
    ]
    for one, other in zip(filled, blank, strict=True):
        answers: dict[tuple[int, int], Cell] = {}
        if one.name == workbooks.VALUES:
            answers = {at: cell for at, cell in one.cells.items() if at not in other.cells}
        assert {at: cell for at, cell in one.cells.items() if at not in answers} == other.cells


def test_another_reader_finds_the_same(
    tmp_path: Path, said: pl.DataFrame, cities: pl.DataFrame
) -> None:
    path = saved(tmp_path, content("330100", said, cities))
    for sheet in open_safely(path):
        other = fastexcel.read_excel(path).load_sheet(sheet.name, header_row=None, dtypes="string")
        found = {
            (row, column): text
            for row, line in enumerate(other.to_polars().iter_rows(), 1)
            for column, text in enumerate(line, 1)
            if text
        }
        assert found == {at: cell.text for at, cell in sheet.cells.items()}


def test_the_same_gives_the_same_bytes_and_a_suffix_the_same_but_for_the_name(
    said: pl.DataFrame, cities: pl.DataFrame
) -> None:
    assert content("330100", said, cities) == content("330100", said, cities)
    (document,) = documents("city", MONTH, of("330100", said), cities, SEED, "-correction-1")
    assert document.name == f"330100-{MONTH}-correction-1.xlsx"
    assert document.content() == content("330100", said, cities)


def test_what_is_not_said_stays_empty_and_what_is_not_asked_is_left_out(
    tmp_path: Path, said: pl.DataFrame, cities: pl.DataFrame
) -> None:
    some = of("330100", said).head(3)
    more = pl.concat(
        [some, pl.DataFrame({"city_code": ["330100"], "measure": ["certificates"], "value": [5.0]})]
    )
    made = documents("city", MONTH, more, cities, SEED)
    assert [document.name for document in made] == [f"330100-{MONTH}.xlsx"]
    (reading,) = readings(made, ask("city", cities), tmp_path)
    kept = reading.kept.drop_nulls("value")
    assert kept["measure"].to_list() == [m for m in kept["measure"] if m in some["measure"]]
    assert len(kept) == 3


def test_values_that_cannot_be_right_are_written_as_they_are_said(
    tmp_path: Path, cities: pl.DataFrame
) -> None:
    wrong = pl.DataFrame(
        {
            "city_code": ["330100", "330100"],
            "measure": ["municipal_disclosure_rate", "repair_interviews"],
            "value": [1.2, -5.0],
        }
    )
    made = documents("city", MONTH, wrong, cities, SEED)
    (reading,) = readings(made, ask("city", cities), tmp_path)
    assert sorted(reading.kept["value"].drop_nulls()) == ["-5", "1.2"]


def test_what_is_invented_says_so(said: pl.DataFrame, cities: pl.DataFrame) -> None:
    with zipfile.ZipFile(BytesIO(content("330100", said, cities))) as file:
        assert "模拟 simulated" in file.read("docProps/core.xml").decode()
        assert "模拟信用办〔2019〕" in file.read("xl/worksheets/sheet2.xml").decode()
