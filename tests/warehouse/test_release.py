"""Readers see a release or the one before, whole; nobody waits for anybody."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from warehouse.release import KEPT, release


def build(value: int) -> Callable[[Path], None]:
    """What fills a release with one value, in its page and in its database."""

    def into(folder: Path) -> None:
        (folder / "site").mkdir()
        (folder / "site" / "index.html").write_text(f"{value}")
        with duckdb.connect(str(folder / "cci.duckdb")) as db:
            db.execute("CREATE TABLE t AS SELECT ? AS n FROM range(1000)", [value])

    return into


def run(code: str) -> subprocess.Popen[str]:
    """A process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_public_points_to_the_last_release(tmp_path: Path) -> None:
    for value in (1, 2):
        release(tmp_path / "releases", tmp_path / "public", build(value))
    assert (tmp_path / "public" / "site" / "index.html").read_text() == "2"


def test_a_build_that_fails_changes_nothing_for_readers(tmp_path: Path) -> None:
    release(tmp_path / "releases", tmp_path / "public", build(1))

    def broken(folder: Path) -> None:
        (folder / "half").write_text("half")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        release(tmp_path / "releases", tmp_path / "public", broken)
    assert (tmp_path / "public" / "site" / "index.html").read_text() == "1"
    release(tmp_path / "releases", tmp_path / "public", build(3))
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == ["000001", "000002"]


def test_old_releases_are_cleared_but_not_those_just_left(tmp_path: Path) -> None:
    for value in range(KEPT + 2):
        release(tmp_path / "releases", tmp_path / "public", build(value))
    assert len(list((tmp_path / "releases").iterdir())) == KEPT


def test_a_reader_with_the_file_open_never_blocks_a_release(tmp_path: Path) -> None:
    """A client in another process holds the database open, over several releases, and reads on."""
    release(tmp_path / "releases", tmp_path / "public", build(1))
    reader = run(
        f"""
        import duckdb
        db = duckdb.connect({str(tmp_path / "public" / "cci.duckdb")!r}, read_only=True)
        print(db.execute("SELECT sum(n) FROM t").fetchone()[0], flush=True)
        input()
        print(db.execute("SELECT sum(n) FROM t").fetchone()[0], flush=True)
        """
    )
    with reader:
        assert reader.stdout is not None
        assert reader.stdin is not None
        assert reader.stdout.readline() == "1000\n"
        for value in range(2, KEPT + 3):
            release(tmp_path / "releases", tmp_path / "public", build(value))
        print(file=reader.stdin, flush=True)
        assert reader.stdout.readline() == "1000\n"
    with duckdb.connect(str(tmp_path / "public" / "cci.duckdb"), read_only=True) as db:
        assert db.execute("SELECT min(n), max(n) FROM t").fetchall() == [(KEPT + 2, KEPT + 2)]


@pytest.mark.process
def test_readers_never_see_half_a_release(tmp_path: Path) -> None:
    """While another process releases again and again, page and database are always there and whole."""
    release(tmp_path / "releases", tmp_path / "public", build(0))
    writer = run(
        f"""
        import sys
        from pathlib import Path
        sys.path.insert(0, {str(Path(__file__).parents[2])!r})
        from tests.warehouse.test_release import build
        from warehouse.release import release
        root = Path({str(tmp_path)!r})
        print("begun", flush=True)
        for value in range(1, 25):
            release(root / "releases", root / "public", build(value))
        """
    )
    seen = set()
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
        while writer.poll() is None:
            folder = (tmp_path / "public").resolve()  # what one reader follows
            page = int((folder / "site" / "index.html").read_text())
            with duckdb.connect(str(folder / "cci.duckdb"), read_only=True) as db:
                assert db.execute("SELECT min(n), max(n), count(*) FROM t").fetchall() == [
                    (page, page, 1000)
                ]
            seen.add(page)
        assert writer.returncode == 0
    assert len(seen) > 1


def test_a_process_that_is_killed_while_building_changes_nothing(tmp_path: Path) -> None:
    release(tmp_path / "releases", tmp_path / "public", build(1))
    builder = run(
        f"""
        import time
        from pathlib import Path
        from warehouse.release import release
        def slowly(folder):
            (folder / "half").write_text("half")
            print("building", flush=True)
            time.sleep(60)
        release(Path({str(tmp_path / "releases")!r}), Path({str(tmp_path / "public")!r}), slowly)
        """
    )
    with builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == "building\n"
        os.kill(builder.pid, signal.SIGKILL)
    assert (tmp_path / "public" / "site" / "index.html").read_text() == "1"
    release(tmp_path / "releases", tmp_path / "public", build(2))
    assert (tmp_path / "public" / "site" / "index.html").read_text() == "2"
