"""Cities are scored, never people: nothing about a person gets past the reading of a file."""

import zipfile
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from pipelines.pages import exports
from pipelines.workspace import Workspace
from scrapers.declaration import monthly
from tests.pipelines.conftest import MONTH, run

pytestmark = pytest.mark.month

# Invented; the identity number's region was never assigned.
NAME, LATIN, IDENTITY, MOBILE, HOME = (
    "欧阳测试员",
    "Ouyang Ceshiyuan",
    "990101199003071239",
    "13900001234",
    "幸福路99号3单元501室",
)
COLUMNS = ("period", "city_code", "measure", "value", "source")


def hostile_rows(measure: str) -> str:
    """Rows that hold something about a person in every field, one at a time and all together."""
    good = (MONTH, "330100", measure, "1", "")
    rows = []
    for about in (NAME, LATIN, IDENTITY, MOBILE, HOME):
        for place in range(len(COLUMNS)):
            rows.append(",".join(about if n == place else cell for n, cell in enumerate(good)))
        rows.append(",".join([about] * len(COLUMNS)))
    return ",".join(COLUMNS) + "\n" + "\n".join(rows) + "\n"


def test_nothing_about_a_person_is_stored_logged_or_shown(
    workspace: Workspace, instance: dg.DagsterInstance, capfd: pytest.CaptureFixture[str]
) -> None:
    for source in monthly():
        folder = workspace.inbox / source.id / MONTH
        file = folder / f"{NAME}{MOBILE}.csv"
        file.write_text(hostile_rows("departments"), encoding="utf-8")
    run(workspace, "collection", [MONTH], instance)
    run(workspace, "publication", [MONTH], instance)
    # The inbox is the sender's; landed bytes are kept as they came from sources declared to hold none.
    kept = [
        path
        for path in workspace.root.rglob("*")
        if path.is_file() and not {"inbox", "landing"} & set(path.relative_to(workspace.root).parts)
    ]
    assert len(kept) > 4000
    needles = [text.encode() for text in (NAME, LATIN, IDENTITY, MOBILE, HOME)]
    assert [path for path in kept if holds(path, needles)] == []
    assert [
        path
        for path in workspace.root.rglob("*")
        if NAME in path.name and "inbox" not in path.parts
    ] == []
    logged = "".join(capfd.readouterr())
    assert not any(text in logged for text in (NAME, LATIN, IDENTITY, MOBILE, HOME))
    events = "".join(
        repr(record.event_log_entry)
        for run_ in instance.get_runs()
        for record in instance.get_records_for_run(run_.run_id).records
    )
    assert not any(text in events for text in (NAME, LATIN, IDENTITY, MOBILE, HOME))


def holds(path: Path, needles: list[bytes]) -> bool:
    """Whether a file holds any of the texts, compressed or not."""
    content = path.read_bytes()
    if path.suffix == ".parquet":
        content = pl.read_parquet(path).write_csv().encode()
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
