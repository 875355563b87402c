"""The ministries' tables: what they say of every city is what reading them gives."""

from functools import cache
from pathlib import Path

import polars as pl
import pytest

from indicators.measures import catalogue
from indicators.registry import cities_of
from sandbox.services import Document, ndrc
from sandbox.world import world
from scrapers.formats.tables import take
from scrapers.formats.xlsx import open_safely
from scrapers.reading import Ask, AskedMeasure, Reading
from scrapers.sources.registry import feed

PERIOD = "2019-06"
MEASURES = {
    m.id: AskedMeasure(m.id, m.unit, m.zh, m.en, m.maximum, m.whole)
    for m in catalogue().values()
    if "ndrc" in m.sources
}
KEY = ["city_code", "measure"]


@cache
def cities() -> pl.DataFrame:
    return cities_of(feed.read(feed.packaged()), PERIOD)


@cache
def truth() -> pl.DataFrame:
    said = world(feed.read(feed.packaged()), [PERIOD], 2019)
    return said.filter(pl.col("measure").is_in(list(MEASURES))).select(*KEY, "value")


def made(said: pl.DataFrame, suffix: str = "") -> list[Document]:
    return ndrc.documents("ndrc", PERIOD, said, cities(), 2019, suffix)


def readings(documents: list[Document], folder: Path) -> list[Reading]:
    ask = Ask("ndrc", "ndrc", PERIOD, cities(), MEASURES)
    found = []
    for document in documents:
        path = folder / document.name
        path.write_bytes(document.content())
        found.append(take(path, document.name, ask))
    return found


def taken(found: list[Reading]) -> pl.DataFrame:
    kept = pl.concat(reading.kept for reading in found)
    return kept.select(*KEY, pl.col("value").cast(pl.Float64)).sort(KEY)


def test_reading_gives_back_every_value_of_every_city(tmp_path: Path) -> None:
    found = readings(made(truth()), tmp_path)
    assert truth()["city_code"].n_unique() > 600
    assert set(truth()["measure"]) == set(MEASURES)
    assert taken(found).equals(truth().sort(KEY))
    assert all(reading.refused.is_empty() for reading in found)


def test_the_same_is_said_in_the_same_bytes() -> None:
    first, again = made(truth()), made(truth())
    assert [document.name for document in first] == [
        f"ndrc-{PERIOD}-{name}" for name in ("blacklists.xlsx", "ecommerce.xlsx", "disclosure.csv")
    ]
    assert [one.content() for one in first] == [other.content() for other in again]


def test_every_table_says_that_it_is_simulated(tmp_path: Path) -> None:
    for document in made(truth()):
        path = tmp_path / document.name
        path.write_bytes(document.content())
        if path.suffix == ".csv":
            title = path.read_text(encoding="gb18030").splitlines()[0]
        else:
            title = open_safely(path)[0].cells[1, 1].text
        assert "模拟数据" in title


def test_a_correction_says_only_what_it_corrects(tmp_path: Path) -> None:
    said = truth().filter(
        pl.col("city_code").is_in(["330100", "422801"]), pl.col("measure") == "ecommerce_cases"
    )
    documents = made(said, "-correction-1")
    assert [document.name for document in documents] == [
        f"ndrc-{PERIOD}-ecommerce-correction-1.xlsx"
    ]
    assert taken(readings(documents, tmp_path)).equals(said.sort(KEY))


def test_a_text_in_the_place_of_a_number_is_refused_and_all_others_are_taken(
    tmp_path: Path,
) -> None:
    bad = pl.col("city_code") == "330100"
    said = truth().with_columns(
        text=pl.when(bad, pl.col("measure") != "provincial_disclosure_rate").then(pl.lit("约30"))
    )
    found = readings(made(said), tmp_path)
    assert taken(found).equals(said.filter(pl.col("text").is_null()).drop("text").sort(KEY))
    refused = pl.concat(reading.refused for reading in found)
    assert set(refused["reason"]) == {"not_a_number"}
    assert len(refused) == 4


def test_one_province_has_one_rate() -> None:
    rate = pl.col("measure") == "provincial_disclosure_rate"
    said = truth().with_columns(
        value=pl.when(rate, pl.col("city_code") == "330100").then(0.5).otherwise("value")
    )
    with pytest.raises(ValueError, match="one province"):
        made(said)[-1].content()
