"""Folders that take the place of others, also where a process is killed meanwhile."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.swapping import replacing, settle

MARK = "report.json"


@pytest.fixture
def killed() -> int:
    """The number of a process that is no more."""
    with subprocess.Popen([sys.executable, "-S", "-c", ""]) as ended:
        ended.wait()
    return ended.pid


def folder(path: Path, content: str) -> Path:
    path.mkdir(parents=True)
    (path / MARK).write_text(content)
    return path


def test_what_was_there_is_replaced_whole(tmp_path: Path) -> None:
    out = folder(tmp_path / "ranking", "old")
    (out / "page.html").touch()
    with replacing(out, MARK) as aside:
        (aside / MARK).write_text("new")
        assert (out / MARK).read_text() == "old"
    assert [path.name for path in tmp_path.rglob("*")] == ["ranking", MARK]
    assert (out / MARK).read_text() == "new"


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    out = folder(tmp_path / "ranking", "old")
    with pytest.raises(ZeroDivisionError), replacing(out, MARK) as aside:
        (aside / MARK).write_text(str(1 / 0))
    assert [path.name for path in tmp_path.iterdir()] == ["ranking"]
    assert (out / MARK).read_text() == "old"


def test_somebody_elses_folder_is_not_replaced(tmp_path: Path) -> None:
    out = tmp_path / "home"
    out.mkdir()
    (out / "letter.txt").touch()
    with (
        pytest.raises(FileExistsError, match=f"holds no {MARK}; name a new folder"),
        replacing(out, MARK),
    ):
        pass
    assert (out / "letter.txt").exists()


def test_what_a_killed_process_took_out_of_its_place_is_put_back(
    tmp_path: Path, killed: int
) -> None:
    month = tmp_path / "2019-06" / "r1"
    folder(month / f".ranking.{killed}.before", "old")
    folder(month / f".ranking.{killed}.part", "new, not known to be whole")
    settle(tmp_path)
    assert [path.name for path in month.iterdir()] == ["ranking"]
    assert (month / "ranking" / MARK).read_text() == "old"


def test_what_came_in_its_place_stays(tmp_path: Path, killed: int) -> None:
    folder(tmp_path / "ranking", "new")
    folder(tmp_path / f".ranking.{killed}.before", "old")
    settle(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["ranking"]
    assert (tmp_path / "ranking" / MARK).read_text() == "new"


def test_what_a_process_is_at_is_left_to_it(tmp_path: Path) -> None:
    folder(tmp_path / f".ranking.{os.getpid()}.before", "old")
    folder(tmp_path / ".git", "somebody else's")
    settle(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f".ranking.{os.getpid()}.before", ".git"}
