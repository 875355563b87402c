"""Declarations of families, the list of sites, and how sites are split."""

import csv
from dataclasses import asdict
from datetime import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scrapers.declaration import DeclarationError
from scrapers.sources.monitoring.derive import COLUMNS, lines
from scrapers.web.family import Polite, families, parse
from scrapers.web.partition import SHARDS, by_shard, partition
from scrapers.web.plan import plan
from scrapers.web.sites import SITES, watched

HEAD = "site_id,name,kind,city_code,official,host,family"
LINE = "a,甲,media,,0,www.a.cn,media_feed"
LIST = {"kind": "feed", "start": ["/feed.xml"]}


def raw(**changed: Any) -> dict[str, Any]:
    told = {"title_zh": "甲", "title_en": "a", "article": "/a", "listing": [LIST]}
    return told | changed


def test_families_are_the_same_after_they_were_written_down() -> None:
    for name, family in families().items():
        assert parse(name, asdict(family)) == family
    assert len(families()) == 7


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"colour": "red"}, "there is no colour"),
        ({"polite": {"delays": 1}}, "polite: there is no delays"),
        ({"scheme": "ftp"}, "scheme"),
        ({"article": ""}, "article and listing"),
        ({"article": "(", "listing": [LIST]}, "article"),
        ({"article": "", "listing": []}, "neither a listing nor a counter"),
        ({"listing": [{"kind": "gopher", "start": ["/"]}]}, "kind is 'gopher'"),
        ({"listing": [{"kind": "next", "start": ["/"]}]}, "needs next, row"),
        ({"listing": [{"kind": "feed", "start": ["http://a/"]}]}, "each beginning with /"),
        ({"counter": [{"measure": "a", "address": "/"}]}, "either css or add"),
        ({"counter": [{"measure": "A b", "address": "/", "css": "b"}]}, "measure"),
        ({"polite": {"hours": ["25:00", "08:00"]}}, "hours"),
    ],
)
def test_a_wrong_declaration_is_refused_and_says_where(changed: dict[str, Any], why: str) -> None:
    with pytest.raises(DeclarationError, match=why):
        parse("wrong", raw(**changed))


@pytest.mark.parametrize(
    ("hours", "now", "welcome"),
    [
        (("20:00", "08:00"), "23:00", True),
        (("20:00", "08:00"), "07:59", True),
        (("20:00", "08:00"), "08:00", False),
        (("01:00", "05:00"), "04:00", True),
        (("01:00", "05:00"), "05:00", False),
        (None, "12:00", True),
    ],
)
def test_a_host_is_asked_in_its_hours(
    hours: tuple[str, str] | None, now: str, welcome: bool
) -> None:
    assert Polite(hours=hours).welcome(time.fromisoformat(now)) is welcome


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("site_id,name\n", "expected the columns"),
        (f"{HEAD}\na,甲\n", "line 2: kind: expected government"),
        (f"{HEAD}\n{LINE},more\n", "line 2: expected no more fields"),
        (f"{HEAD}\n{LINE}\n{LINE}\n", "line 3: site_id: expected one that was not there before"),
        (
            f"{HEAD}\n{LINE}\n{LINE.replace('a,甲', 'b,乙')}\n",
            "line 3: host: expected one that was not",
        ),
        (
            f"{HEAD}\n{LINE.replace('media_feed', 'unknown')}\n",
            "family: expected a declared family",
        ),
        (f"{HEAD}\n{LINE.replace('media,,', 'shop,,')}\n", "kind"),
        (f"{HEAD}\n{LINE.replace('media,,', 'media,33,')}\n", "city_code"),
        (f"{HEAD}\n{LINE.replace('www.a.cn', 'http://a.cn/')}\n", "host"),
        (f"{HEAD}\n{LINE.replace('a,甲', 'A b,甲')}\n", "site_id"),
        (f"{HEAD}\n{LINE.replace(',0,', ',yes,')}\n", "official"),
    ],
)
def test_a_wrong_line_is_refused_and_named(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError, match=why):
        watched(families(), path)


def test_the_sites_are_those_of_the_registry() -> None:
    with SITES.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    assert tuple(header) == COLUMNS
    assert [tuple(row) for row in rows] == list(lines())


def test_every_city_has_a_portal_a_credit_website_and_a_service_hall() -> None:
    sites = pl.DataFrame([vars(one.site) | {"family": one.family} for one in watched(families())])
    cities = sites.drop_nulls("city_code").group_by("city_code").agg(pl.col("site_id").sort())
    assert cities.height > 670
    for code, found in cities.iter_rows():
        assert found == [f"credit_{code}", f"hall_{code}", f"portal_{code}"]
    assert sites.filter(pl.col("kind") == "court").height == 31
    assert set(sites["family"]) == set(families())


def test_partitions_share_no_shard_and_lack_no_site() -> None:
    sites = watched(families())
    parts = partition(sites, 5)
    assert sorted(one.site.site_id for part in parts for one in part) == sorted(
        one.site.site_id for one in sites
    )
    shards = [set(by_shard(part)) for part in parts]
    assert sum(map(len, shards)) == len(set.union(*shards)) == SHARDS
    assert sum(len(plan(part, families()).sites) for part in parts) <= len(sites)


@pytest.mark.parametrize("parts", [0, SHARDS + 1])
def test_there_are_no_more_partitions_than_shards(parts: int) -> None:
    with pytest.raises(ValueError, match="there can be 1 to 64"):
        partition([], parts)
