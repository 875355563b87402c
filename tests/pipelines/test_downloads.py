"""What is there for other systems: tables in four formats with their schemas, the index, the feed."""

import csv
import hashlib
import json
import re
import zipfile
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from pipelines import bridging
from pipelines.pages import (
    addresses,
    api,
    beside,
    bridge,
    exports,
    feed,
    reference,
    render_publication,
    render_site,
    schemas,
)
from templates.catalogue import LANGS
from tests.templates import invented
from warehouse.contracts.exported import BesidePublished, MeanMoves, RankMoves
from warehouse.publication import Publication

pytestmark = pytest.mark.month

FACTS = Path(__file__).parents[1] / "data" / "facts"
DATA = "cci-2019/2019-06/r2/data"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
KEYWORDS = {"type", "description", "format", "pattern", "minimum", "maximum"}
"""What schemas say of a column."""


@pytest.fixture(scope="module")
def publications(tmp_path_factory: pytest.TempPathFactory) -> list[Publication]:
    root = tmp_path_factory.mktemp("published")
    return [invented.publish_invented(root, revision=revision) for revision in (1, 2)]


@pytest.fixture(scope="module")
def site(publications: list[Publication], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    for publication in publications:
        out = tmp_path_factory.mktemp(f"r{publication.revision}")
        render_publication(publication, out)
        invented.assemble(out, root, publication)
    render_site(
        root, publications, invented.published_rankings(FACTS), invented.model_cities(FACTS)
    )
    return root


def _read(path: Path) -> Any:
    return json.loads(path.read_bytes())


@pytest.mark.parametrize("name", exports.NAMES)
def test_a_table_is_the_same_in_all_formats(site: Path, name: str) -> None:
    data = site / DATA
    stored = pl.read_parquet(data / f"{name}.parquet")
    rows = _read(data / f"{name}.json")["rows"]
    with (data / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        head, *lines = csv.reader(file)
    book, sheet = data / f"{exports._WORKBOOK_OF[name]}.xlsx", name
    listed = pl.read_excel(book, sheet_name=sheet, drop_empty_rows=False, infer_schema_length=None)
    assert (len(rows), len(lines), len(listed)) == (len(stored),) * 3
    assert head == listed.columns == stored.columns
    assert all(list(row) == head for row in rows)
    for column, kind in stored.schema.items():
        assert listed.schema[column].is_numeric() or not kind.is_numeric() or not len(stored)


def test_every_name_has_words_and_a_workbook(site: Path) -> None:
    shown = exports.downloads("", DATA, "en")
    assert len(shown) == 1 + len(exports.NAMES)
    for download in shown:
        for link in download.links:
            assert (site / link.href).is_file(), link.href


def _wrong(value: Any, said: dict[str, Any]) -> bool:
    """Whether a value is not what a column's schema says, for the keywords that these schemas use."""
    kinds = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}
    named = said["type"] if isinstance(said["type"], list) else [said["type"]]
    if value is None:
        return "null" not in named
    if not isinstance(value, kinds[named[0]]):  # type: ignore[arg-type]  # a type or several
        return True
    if "format" in said:
        date.fromisoformat(value)
    if "pattern" in said:
        return not re.search(said["pattern"], value)
    return bool(
        value < said.get("minimum", float("-inf")) or value > said.get("maximum", float("inf"))
        if named[0] in ("integer", "number")
        else False
    )


@pytest.mark.parametrize("table", [*exports.NAMES, "published-rankings", "model-cities"])
def test_rows_are_what_their_schema_says(site: Path, table: str) -> None:
    folder = site / ("published/data" if "-" in table else DATA)
    check(_read(folder / f"{table}.json"), _read(site / addresses.api_schema(table)))


def check(content: dict[str, Any], said: dict[str, Any]) -> None:
    """Check a download against its schema."""
    assert set(said["required"]) <= set(content)
    assert content["table"] == said["properties"]["table"]["const"]
    row_schema = said["properties"]["rows"]["items"]
    columns = row_schema["properties"]
    assert all(set(column) <= KEYWORDS for column in columns.values())
    for row in content["rows"]:
        assert set(row_schema["required"]) <= set(row) <= set(columns)
        wrong = [name for name, value in row.items() if _wrong(value, columns[name])]
        assert not wrong, (row, wrong)


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("sources.html", reference.SOURCES),
        ("editions.html", reference.EDITIONS),
        ("model-2019/methodology.html", (reference.EDITION_LEAVES,)),
    ],
)
def test_pages_about_no_publication_have_their_tables_in_all_formats(
    site: Path, page: str, names: tuple[str, ...]
) -> None:
    folder = site / addresses.REFERENCE
    for name in names:
        content = _read(folder / f"{name}.json")
        check(content, schemas.schema(content["table"]))
        stored = pl.read_parquet(folder / f"{name}.parquet")
        assert len(content["rows"]) == len(stored) > 0
        (listed,) = (
            each["files"]
            for each in _read(site / addresses.API_INDEX)["reference"]
            if f"{addresses.REFERENCE}/{name}.csv" in each["files"]
        )
        assert all((site / file).is_file() for file in listed)
        for lang, link in product(LANGS, exports.links(name)):
            written = (site / addresses.in_language(lang, page)).read_text(encoding="utf-8")
            assert f"{addresses.REFERENCE}/{link.href}" in written
            assert (folder / link.href).is_file()


def test_a_schema_asks_for_no_column_that_can_be_empty() -> None:
    items = schemas.schema("observations")["properties"]["rows"]["items"]
    assert "value" in items["required"]
    assert "evidence" not in items["required"]
    assert items["properties"]["evidence"]["type"] == ["string", "null"]
    assert items["properties"]["records"]["description"].endswith("[records]")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u202e=cmd|' /C calc'!A0",
        "\ufeff=1", "＝1", "＋1", "－1", "＠x",
    ],
)  # fmt: skip
def test_what_a_spreadsheet_might_run_starts_with_an_apostrophe(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    exports.write_csv(pl.DataFrame({"text": [text], "number": [-1.5]}), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, row = csv.reader(file)
    assert row == [f"'{text}", "-1.5"]


@pytest.mark.parametrize("text", ["杭州市", "a=b", "–", "1-2", "'quoted'", "x@y", ""])
def test_other_text_stays_as_it_is(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    exports.write_csv(pl.DataFrame({"text": [text], "more": ["x"]}), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert [*csv.reader(file)][1][0] == text


def test_workbooks_say_what_their_columns_hold_and_dates_are_dates(site: Path) -> None:
    book = pl.read_excel(site / DATA / "monitoring.xlsx", sheet_id=0)
    assert [*book] == ["about", "events", "pages", "sites", "columns"]
    assert book["events"].schema["first_seen"] == pl.Date
    said = book["columns"].filter(pl.col("table") == "events", pl.col("column") == "reports")
    assert said["unit"].to_list() == ["pages"]
    about = set(book["about"].to_series(0))
    assert {"revision", "units", "simulated"} <= about


def test_the_index_names_all_publications_with_permanent_addresses(
    site: Path, publications: list[Publication]
) -> None:
    index = _read(site / addresses.API_INDEX)
    assert index["version"] == api.VERSION
    assert [
        (p["edition"], p["period"], p["revision"], p["current"], p["simulated"])
        for p in index["publications"]
    ] == [("cci-2019", "2019-06", 1, False, True), ("cci-2019", "2019-06", 2, True, True)]
    for said, publication in zip(index["publications"], publications, strict=True):
        assert said["numbers_sha256"] == publication.manifest["numbers_sha256"]
        assert (site / said["address"] / "index.html").is_file()
        assert (site / said["month"]).is_file()
    named = [index["feed"], index["cities"], *index["documentation"].values()]
    named += [table["schema"] for table in index["tables"]]
    named += [file for table in index["published_lists"] for file in table["files"]]
    named += [edition["data"] for edition in index["editions"]]
    named += [page for p in index["publications"] for page in p["page"].values()]
    for address in named:
        assert (site / address).is_file(), address


def test_a_month_lists_every_file_with_size_hash_and_schema(site: Path) -> None:
    month = _read(site / addresses.api_month("cci-2019", "2019-06"))
    for revision in month["revisions"]:
        listed = {file["name"] for file in revision["files"]}
        there = {p.name for p in (site / revision["address"] / "data").iterdir() if p.is_file()}
        assert listed == there - {exports.LISTING}
        for file in revision["files"]:
            content = (site / file["address"]).read_bytes()
            assert file["bytes"] == len(content)
            assert file["sha256"] == hashlib.sha256(content).hexdigest()
            assert file["format"] == "xlsx" or (site / file["schema"]).is_file()


def test_downloads_of_before_there_was_a_list_are_listed_all_the_same(
    site: Path, tmp_path: Path
) -> None:
    for path in (site / DATA).glob("ranking.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    of_ranking = [f for f in exports.listing(site / DATA) if f["name"].startswith("ranking.")]
    assert exports.listing(tmp_path) == of_ranking


def test_cities_are_those_of_the_latest_month(site: Path) -> None:
    said = _read(site / addresses.API_CITIES)
    assert said["period"] == "2019-06"
    assert [city["city_code"] for city in said["cities"]] == sorted(c[0] for c in invented.CITIES)


def test_a_site_without_publications_has_an_index_and_a_feed(tmp_path: Path) -> None:
    api.write(tmp_path, [], [], [])
    feed.write(tmp_path, [])
    assert _read(tmp_path / addresses.API_INDEX)["publications"] == []
    assert _read(tmp_path / addresses.API_CITIES)["cities"] == []
    root = ET.fromstring((tmp_path / addresses.FEED).read_bytes())  # noqa: S314 - ours
    assert root.findall("a:entry", ATOM) == []
    assert root.find("a:updated", ATOM) is not None


def test_the_feed_is_what_rfc_4287_asks_for(site: Path, publications: list[Publication]) -> None:
    root = ET.fromstring((site / addresses.FEED).read_bytes())  # noqa: S314 - ours
    entries = root.findall("a:entry", ATOM)
    assert len(entries) == len(publications)
    for element in (root, *entries):
        for tag in ("id", "title", "updated"):
            assert len(element.findall(f"a:{tag}", ATOM)) == 1, tag
        assert datetime.fromisoformat(element.findtext("a:updated", "", ATOM)).tzinfo
        relations = {
            (link.get("rel"), link.get("type"), link.get("hreflang"))
            for link in element.findall("a:link", ATOM)
        }
        assert len(relations) == len(element.findall("a:link", ATOM))  # no two alternates alike
        assert {("alternate", "text/html", "zh-CN"), ("alternate", "text/html", "en")} <= relations
        for link in element.findall("a:link", ATOM):
            assert (site / link.get("href", "")).is_file()
    assert root.findtext("a:author/a:name", "", ATOM)
    ids = [each.findtext("a:id", "", ATOM) for each in (root, *entries)]
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("urn:uuid:") for name in ids)
    assert all(entry.find("a:category[@term='simulated']", ATOM) is not None for entry in entries)
    assert "r2/" in next(link.get("href", "") for link in entries[0].findall("a:link", ATOM))


def test_the_feed_is_as_old_as_the_newest_file_behind_it(publications: list[Publication]) -> None:
    assert feed.updated(publications[0]).isoformat() == "2019-07-12T09:10:00+08:00"


def test_what_rests_on_no_file_is_as_old_as_its_month(
    publications: list[Publication], tmp_path: Path
) -> None:
    manifest = {**publications[0].manifest, "inputs": [{"delivered_at": ""}]}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert feed.updated(Publication(tmp_path)).isoformat() == "2019-06-30T23:59:59+08:00"


def test_pages_lead_to_the_feed_and_to_the_interface(site: Path) -> None:
    for page, up in (("index.html", ""), ("en/cci-2019/2019-06/r1/city/330100.html", "../" * 5)):
        written = (site / page).read_text(encoding="utf-8")
        assert re.search(
            rf'<link rel="alternate" type="application/atom\+xml"[^>]* href="{up}feed', written
        )
    assert f'href="{"../" * 4}api.html"' in written


def test_ranks_beside_other_ranks_are_there_as_data(tmp_path: Path) -> None:
    rankings, cohorts = invented.published_rankings(FACTS), invented.model_cities(FACTS)
    period = rankings["month"][0]
    newest = [
        invented.publish_invented(
            tmp_path / "published", edition_id=edition_id, period=period, watched=False
        )
        for edition_id in ("cci-2019", "model-2019")
    ]
    render_site(tmp_path / "site", newest, rankings, cohorts)
    compared = bridging.compare(*map(bridging.published, newest))
    (listed, *_) = beside.pairs(rankings, newest)
    month = tmp_path / "site" / "cci-2019" / period
    for stem, contract, table in (
        ("with-model-2019", RankMoves, bridge.table(compared)),
        ("with-model-2019-parts", MeanMoves, bridge.parts(compared)),
        (
            f"beside-{listed.issue.replace(' ', '-')}",
            BesidePublished,
            beside.table(listed, rankings),
        ),
    ):
        assert len(contract.validate(table)) > 0
        stored = pl.read_parquet(month / f"{stem}.parquet")
        assert stored.drop("simulated").equals(table)
        shown = stem.removesuffix("-parts")
        page = (month / f"{shown}.html").read_text(encoding="utf-8")
        for link in exports.links(stem):
            assert (month / link.href).is_file()
            assert f'href="{link.href}"' in page


def test_no_workbook_holds_a_formula_or_a_link(site: Path) -> None:
    books = [*(site / DATA).glob("*.xlsx"), *(site / "published" / "data").glob("*.xlsx")]
    assert len(books) == len(exports.WORKBOOKS) + 2
    for path in books:
        with zipfile.ZipFile(path) as book:
            written = b"".join(book.read(name) for name in book.namelist() if "sheet" in name)
        assert b"<f>" not in written
        assert b"<hyperlink" not in written


@pytest.mark.parametrize("table", schemas.CONTRACTS)
def test_patterns_of_schemas_are_those_that_every_reader_knows(table: str) -> None:
    columns = schemas.schema(table)["properties"]["rows"]["items"]["properties"].values()
    for column in columns:
        assert "\\p{" not in column.get("pattern", "")
        re.compile(column.get("pattern", ""))


def test_text_that_no_cell_can_hold_is_cut_in_workbooks_alone(tmp_path: Path) -> None:
    frame = pl.DataFrame({"title": ["失信" * 20_000, "🏙" * 20_000]})
    exports.write_each({"long": frame}, tmp_path, {}, simulated=True)
    cells = pl.read_excel(tmp_path / "long.xlsx", sheet_name="long")["title"]
    assert [len(cell) for cell in cells] == [exports._LONGEST] * 2
    assert pl.read_parquet(tmp_path / "long.parquet")["title"].to_list() == frame["title"].to_list()
