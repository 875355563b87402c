"""Where a city stands beside its class, initials of names, and provinces as tiles."""

from dataclasses import replace

import polars as pl
import pytest

from pipelines.pages import pinyin, reading, tiles
from pipelines.pages.standing_more import standing_more
from templates.catalogue import LANGS, has
from tests.templates import invented
from warehouse.publication import Publication

CITY = "371000"


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    # Two cities of the class in one province.
    cities = invented.cities().with_columns(
        province=pl.when(pl.col("city_code") == "330300")
        .then(pl.lit("江苏省"))
        .otherwise("province")
    )
    return invented.publish_invented(tmp_path_factory.mktemp("published"), of=cities, watched=False)


def test_ranks_in_province_and_among_peers_are_by_the_rank_in_the_class(
    publication: Publication,
) -> None:
    facts = reading.read(publication)
    ranks = {row["city_code"]: row["rank"] for row in facts.ranking["prefecture"]}
    more = standing_more(facts, "320500", "zh")
    assert more
    province, peers = more.places
    assert province.group == "江苏省地级市"
    assert province.rank == str(1 + (ranks["330300"] < ranks["320500"]))
    assert province.of == "/ 2"
    # All four of the class are each other's peers.
    assert peers.rank == str(ranks["320500"])
    assert [peer.city.href for peer in more.peers] == [
        f"{code}.html" for code in facts.peers["320500"]
    ]
    assert more.basis == "常住人口、地区生产总值"
    assert [line.rank for line in more.listed] == ["第5名"]
    assert more.listed[0].issue.href == "../../../../published/2018-04.html"


def test_a_city_alone_in_its_province_has_no_rank_there(publication: Publication) -> None:
    more = standing_more(reading.read(publication), CITY, "en")
    assert more
    assert len(more.places) == 1


def test_peers_are_said_to_be_near_in_what_was_frozen_with_the_month(
    publication: Publication,
) -> None:
    facts = reading.read(publication)
    earlier = replace(facts, profiles={CITY: ["population", "legal_entities"]})
    more = standing_more(earlier, CITY, "en")
    assert more
    assert more.basis == "residents, registered legal entities"


def test_before_there_were_peers_nothing_is_said_of_them(publication: Publication) -> None:
    for name in ("peers", "published_ranks"):
        (publication.folder / f"{name}.parquet").rename(publication.folder / f"{name}.aside")
    try:
        assert standing_more(reading.read(publication), CITY, "zh") is None
    finally:
        for name in ("peers", "published_ranks"):
            (publication.folder / f"{name}.aside").rename(publication.folder / f"{name}.parquet")


@pytest.mark.parametrize(
    ("name", "syllables", "expected"),
    [
        ("hangzhou", 2, ["hz"]),
        ("shijiazhuang", 3, ["sjz"]),
        ("xian", 2, ["xa"]),
        ("xian", 1, ["x"]),
        ("wulumuqi", 4, ["wlmq"]),
        ("jinan", 2, ["ja", "jn"]),
        ("lvliang", 2, ["ll"]),
        ("hangzhou", 5, []),
        ("", 2, []),
    ],
)
def test_initials_of_a_name(name: str, syllables: int, expected: list[str]) -> None:
    assert pinyin.initials(name, syllables) == expected


def test_every_province_level_unit_has_its_tile_once() -> None:
    codes = [code for row in tiles.GRID for code in row if code]
    assert len(codes) == len(set(codes)) == 34
    assert {len(row) for row in tiles.GRID} == {len(tiles.GRID[0])}
    assert all(has(f"province.{code}") for code in codes)


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_behind_the_tiles_says_the_same(publication: Publication, lang: str) -> None:
    facts = reading.read(publication, codes=[])
    page = tiles.context(facts, lang)
    for _, _, chart in page.maps:
        assert len(chart.rows) == 34
        for name, mean, _ in chart.rows:
            assert f'middle">{name}</text>' in chart.svg
            assert mean in chart.svg
