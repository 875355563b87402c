"""Cities are scored, never people: nothing about a person gets past the reading of what arrives."""

import json
import subprocess
import sys
import zipfile
from dataclasses import astuple
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.pages import exports
from pipelines.steps import observing, scoring
from pipelines.workspace import Workspace
from sandbox.country import Country
from sandbox.tampering import PERSONS
from scrapers.declaration import monthly
from scrapers.monitor.ledger import MEASURES
from tests.pipelines.conftest import EDITION, MONTH, READ_OFF

pytestmark = pytest.mark.month

# Invented; the identity number's region was never assigned.
NAME, LATIN, IDENTITY, MOBILE, HOME = (
    "欧阳测试员",
    "Ouyang Ceshiyuan",
    "990101199003071239",
    "13900001234",
    "幸福路99号3单元501室",
)
COLUMNS = ("period", "city_code", "measure", "value", "source", "edition", "evidence")


def hostile_rows(measure: str) -> str:
    """Rows that hold something about a person in every field, one at a time and all together."""
    good = (MONTH, "330100", measure, "1", "", "model-2019", "评审办〔2019〕12号")
    rows = []
    for about in (NAME, LATIN, IDENTITY, MOBILE, HOME):
        for place in range(len(COLUMNS)):
            rows.append(",".join(about if n == place else cell for n, cell in enumerate(good)))
        rows.append(",".join([about] * len(COLUMNS)))
    return ",".join(COLUMNS) + "\n" + "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def hostile(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Workspace, bytes]:
    """A month whose every source tells of people in every place that has room for them, and its log.

    What the country serves does, in its workbooks, tables, extracts and answers; so do files that lie in
    the inbox, by their names too.
    """
    workspace = Workspace(tmp_path_factory.mktemp("hostile"))
    country = Country.found(MONTH, MONTH, faults=("hostile", "everyday"))
    country.save(workspace.sandbox)
    for source in monthly():
        folder = workspace.inbox / source.id / MONTH
        folder.mkdir(parents=True)
        name = f"{NAME}{MOBILE}"
        (folder / f"{name}.csv").write_text(hostile_rows("departments"), encoding="utf-8")
        (folder / f"{name}.{MOBILE}").write_text(f"{NAME},{IDENTITY},{HOME}", encoding="utf-8")
        (folder / f"{name}.xlsx").write_bytes(f"{NAME} {IDENTITY}".encode())
        (folder / f"{name}.jsonl").write_text(json.dumps({NAME: IDENTITY}), encoding="utf-8")
        frame = pl.DataFrame({NAME: [IDENTITY], "city_code": [MOBILE], "code": [IDENTITY]})
        frame.write_parquet(folder / f"{name}.parquet", metadata={"author": NAME})
    # What sites tell of people is tested where they are crawled; here monitoring's measures are a file.
    measures = country.truth(MONTH).filter(pl.col("measure").is_in([*MEASURES, *READ_OFF]))
    measures.write_csv(workspace.inbox / "monitoring" / MONTH / "monitoring.csv")
    command = [str(Path(sys.executable).with_name("cci")), "--data", str(workspace.root)]
    done = subprocess.run([*command, "run", "--period", MONTH], capture_output=True, check=False)
    log = done.stdout + done.stderr
    assert done.returncode == 0, log.decode()
    return workspace, log


def needles() -> list[bytes]:
    """Whatever would tell of one of the people, as it is and as JSON escapes it."""
    told = [NAME, LATIN, IDENTITY, MOBILE, HOME]
    told += [field for person in PERSONS for field in astuple(person)]
    return [form.encode() for text in told for form in {text, json.dumps(text)[1:-1]}]


def test_nothing_about_a_person_is_stored_or_shown(hostile: tuple[Workspace, bytes]) -> None:
    workspace, _ = hostile
    files = [path for path in workspace.root.rglob("*") if path.is_file()]
    kept = {
        path.stat().st_ino: path for path in files
    }  # a released file is a link to the rendered one
    assert len(kept) > 4000
    assert [path for path in kept.values() if holds(path, needles())] == []
    names = [str(path.relative_to(workspace.root)).encode() for path in workspace.root.rglob("*")]
    assert [name for name in names if any(needle in name for needle in needles())] == []


def test_nothing_about_a_person_is_logged(hostile: tuple[Workspace, bytes]) -> None:
    workspace, log = hostile
    assert not [needle for needle in needles() if needle in log]
    # Dagster's record of the run, events and errors, lies in the data folder and was searched with it.
    assert any(path.suffix == ".db" for path in workspace.dagster_home.rglob("*"))


def test_what_told_of_people_was_dropped_and_counted(hostile: tuple[Workspace, bytes]) -> None:
    workspace, _ = hostile
    inputs = observing.inputs(workspace, MONTH)
    dropped = inputs["quality"].filter(pl.col("source_id").is_in(["ncisp", "code_centre"]))
    assert (dropped["persons"] > 0).all()
    for source in monthly():
        assert not list((workspace.inbox / source.id / MONTH).iterdir()), source.id


def test_every_city_of_the_registry_has_a_scorecard_in_both_languages(
    hostile: tuple[Workspace, bytes],
) -> None:
    workspace, _ = hostile
    codes = set(scoring.cities_of_month(workspace, MONTH)["city_code"])
    for root in (workspace.public / "site", workspace.public / "site" / "en"):
        cards = (root / EDITION / MONTH / "r1" / "city").glob("*.html")
        assert {path.stem for path in cards} == codes


def test_the_rest_of_what_hostile_sources_say_is_taken(hostile: tuple[Workspace, bytes]) -> None:
    workspace, _ = hostile
    records = workspace.store.read(observing.OBSERVATIONS, period=MONTH)
    assert set(records["source_id"]) == {source.id for source in monthly()}
    assert len(records) > 40_000


def holds(path: Path, needles: list[bytes]) -> bool:
    """Whether a file holds any of the texts, compressed or not."""
    content = path.read_bytes()
    if path.suffix == ".parquet":
        frame = pl.read_parquet(path)
        lists = frame.select(pl.selectors.list()).columns
        flat = frame.with_columns(pl.col(lists).list.join("\n")).cast(pl.String)
        content += flat.write_csv().encode()
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as db:
            tables = [
                name for (name,) in db.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            ]
            content = "".join(db.sql(f'FROM "{name}"').pl().write_csv() for name in tables).encode()
    return any(needle in content for needle in needles)


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx", ".duckdb", ".html"])
def test_the_search_finds_what_is_there(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    frame = pl.DataFrame({"text": [NAME] * 1000})
    if suffix == ".parquet":
        frame.write_parquet(path)
    elif suffix == ".xlsx":
        exports.write_workbook(path, [], {"a": frame}, simulated=True)
    elif suffix == ".duckdb":
        with duckdb.connect(str(path)) as db:
            db.register("frame", frame.to_arrow())
            db.execute("CREATE TABLE a AS FROM frame")
    else:
        path.write_text(NAME, encoding="utf-8")
    assert holds(path, [NAME.encode()])
    assert not holds(path, [MOBILE.encode()])
