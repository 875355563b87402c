"""What is published is never changed in place, and appears whole."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.templates.invented import publish_invented
from warehouse import database, publication
from warehouse.contracts.tables import TABLES


def test_revisions_are_numbered_and_the_last_one_stands(tmp_path: Path) -> None:
    for revision in (1, 2):
        publish_invented(tmp_path, revision=revision)
    assert [p.revision for p in publication.revisions(tmp_path, "cci-2019", "2019-06")] == [1, 2]
    latest = publication.latest(tmp_path, "cci-2019", "2019-06")
    assert latest is not None
    assert latest.revision == 2


def test_a_month_that_was_not_published_has_no_latest(tmp_path: Path) -> None:
    assert publication.latest(tmp_path, "cci-2019", "2019-06") is None


def test_a_publication_is_never_changed_in_place(tmp_path: Path) -> None:
    first = publish_invented(tmp_path)
    before = {path.name: path.read_bytes() for path in first.folder.iterdir()}
    with pytest.raises(FileExistsError, match="never changed in place"):
        publish_invented(tmp_path)
    assert {path.name: path.read_bytes() for path in first.folder.iterdir()} == before


def test_the_same_numbers_have_the_same_digest_and_others_another(tmp_path: Path) -> None:
    p = publish_invented(tmp_path)
    frames = {name: p.frame(name) for name in publication.NUMBERS}
    assert publication.numbers_digest(frames) == publication.numbers_digest(dict(frames))
    changed = {**frames, "index": frames["index"].with_columns(pl.col("index") + 1e-9)}
    assert publication.numbers_digest(frames) != publication.numbers_digest(changed)


def test_a_publication_of_a_month_without_watched_sites_has_empty_frames_of_them(
    tmp_path: Path,
) -> None:
    p = publish_invented(tmp_path, watched=False)
    for name in publication.WATCHED:
        assert p.file(name) is None
        assert p.frame(name).is_empty()
        assert p.frame(name).columns == TABLES[publication.TABLE_OF[name]].column_names()


@pytest.mark.parametrize("missing", ["observations", "quality"])
def test_any_other_frame_must_be_there(tmp_path: Path, missing: str) -> None:
    p = publish_invented(tmp_path / "first", watched=False)
    frames = {
        name: p.frame(name)
        for name in publication.TABLE_OF
        if name not in (missing, *publication.WATCHED, *publication.TOLD)
    }
    with pytest.raises(ValueError, match=missing):
        publication.publish(tmp_path / "second", p.manifest, frames, p.edition_file)


def test_a_database_holds_months_with_and_without_watched_sites(tmp_path: Path) -> None:
    published = [
        publish_invented(tmp_path / "p", watched=False),
        publish_invented(tmp_path / "p", revision=2),
    ]
    file = tmp_path / "cci.duckdb"
    database.build(file, published, {})
    with duckdb.connect(str(file), read_only=True) as db:
        revisions = db.execute("SELECT DISTINCT revision FROM core_events__period_event").fetchall()
        for view, name in (
            ("current_events", "events"), ("current_pages", "pages"), ("current_sites", "sites"),
        ):  # fmt: skip
            rows = db.execute(f'SELECT count(*) FROM "{view}"').fetchone()
            assert rows == (len(published[1].frame(name)),)
    assert revisions == [(2,)]


NEWER = {"sites": ["details", "complete"], "pages": ["gone"]}
"""Columns that frames of earlier publications have not."""


def test_a_publication_of_before_is_read_as_if_its_newer_columns_were_empty(tmp_path: Path) -> None:
    p = publish_invented(tmp_path / "p")
    for name, columns in NEWER.items():
        file = p.file(name)
        assert file is not None
        pl.read_parquet(file).drop(columns).write_parquet(file)
        frame = p.frame(name)
        assert frame.schema == TABLES[publication.TABLE_OF[name]].create_empty().schema
        assert len(frame) > 0
        assert frame.select(columns).null_count().row(0) == (len(frame),) * len(columns)
    database.build(tmp_path / "cci.duckdb", [p], {})
    with duckdb.connect(str(tmp_path / "cci.duckdb"), read_only=True) as db:
        rows = db.execute("SELECT count(*), count(complete) FROM current_sites").fetchone()
    assert rows == (len(p.frame("sites")), 0)


def test_a_half_written_publication_is_not_seen(tmp_path: Path) -> None:
    p = publish_invented(tmp_path)
    half = p.folder.with_name(".r2.part")
    half.mkdir()
    (half / "manifest.json").write_text("{}")
    assert [q.revision for q in publication.everything(tmp_path)] == [1]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of two revisions, opened as any client would."""
    folder = tmp_path_factory.mktemp("database")
    published = [publish_invented(folder / "p", revision=n) for n in (1, 2)]
    empty = TABLES["core_model_cities__cohort_city"].create_empty()
    file = folder / "cci.duckdb"
    database.build(file, published, {"core_model_cities__cohort_city": empty})
    with duckdb.connect(str(file), read_only=True) as db:
        yield db


def test_views_hold_the_revision_that_stands(opened: duckdb.DuckDBPyConnection) -> None:
    rows = opened.execute("SELECT DISTINCT revision FROM current_ranking").fetchall()
    assert rows == [(2,)]
    all_rows = opened.execute(
        "SELECT revision, count(*) FROM out_ranking__period_edition GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert all_rows == [(1, 12), (2, 12)]


def test_every_table_view_and_column_has_a_comment(opened: duckdb.DuckDBPyConnection) -> None:
    missing = opened.execute(
        """
        SELECT table_name, column_name FROM duckdb_columns()
        WHERE comment IS NULL AND NOT internal
        UNION ALL SELECT table_name, '' FROM duckdb_tables() WHERE comment IS NULL
        UNION ALL SELECT view_name, '' FROM duckdb_views() WHERE comment IS NULL AND NOT internal
        """
    ).fetchall()
    assert missing == []


def test_comments_say_units(opened: duckdb.DuckDBPyConnection) -> None:
    (comment,) = opened.execute(
        "SELECT comment FROM duckdb_columns() WHERE column_name = 'points' "
        "AND table_name = 'score_leaves__city_period_edition'"
    ).fetchall()[0]
    assert comment.endswith("[points]")


def test_codes_are_text_and_names_survive(opened: duckdb.DuckDBPyConnection) -> None:
    row = opened.execute(
        "SELECT city_code, name FROM current_ranking WHERE city_code = '330100'"
    ).fetchall()
    assert row == [("330100", "杭州市")]


def test_without_publications_the_database_has_empty_tables(tmp_path: Path) -> None:
    file = tmp_path / "cci.duckdb"
    database.build(file, [], {})
    with duckdb.connect(str(file), read_only=True) as db:
        assert db.execute("SELECT count(*) FROM out_ranking__period_edition").fetchall() == [(0,)]
