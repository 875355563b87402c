"""Taking in what arrives, whatever happens meanwhile: nothing lost, nothing counted twice."""

import errno
import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.steps import arriving, collecting, facts
from pipelines.workspace import Workspace
from scrapers import landing
from scrapers.declaration import CLOCK, sources
from scrapers.formats import measures
from scrapers.reading import Ask, Reading
from warehouse import store

MONTH = "2019-06"
SOURCE = sources()["monitoring"]
HEAD = "period,city_code,measure,value\n"
CODES = ("330100", "330200", "330300")
WRITES_OF_A_RUN = 4 * 2 + 4
"""Renames of a collection: what is kept and the receipt of each file, and four tables."""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A data folder with a registry, and four files in the inbox."""
    workspace = Workspace(tmp_path / "data")
    facts.write_registry(workspace)
    put(workspace)
    return workspace


def put(workspace: Workspace) -> None:
    """Three files of one city each, and one that corrects the first."""
    folder = workspace.inbox / SOURCE.id / MONTH
    folder.mkdir(parents=True, exist_ok=True)
    for day, (code, value) in enumerate(zip((*CODES, CODES[0]), (1, 2, 3, 4), strict=True), 1):
        file = folder / f"{day}.csv"
        file.write_text(f"{HEAD}{MONTH},{code},risk_warnings_12m,{value}\n", encoding="utf-8")
        when = datetime(2019, 7, day, 9, tzinfo=CLOCK).timestamp()
        os.utime(file, (when, when))


def records(workspace: Workspace) -> pl.DataFrame:
    """What stands in the records."""
    return workspace.store.read(collecting.RECORDS, source_id=SOURCE.id, period=MONTH)


def expected(tmp_path: Path) -> pl.DataFrame:
    """What a run that nothing disturbs makes of the files."""
    undisturbed = Workspace(tmp_path / "undisturbed")
    facts.write_registry(undisturbed)
    put(undisturbed)
    collecting.collect(undisturbed, SOURCE, MONTH)
    return records(undisturbed)


def spooled(workspace: Workspace) -> list[Path]:
    """What lies in the spool of any source."""
    return [path for path in workspace.arriving.iterdir() if path.suffix != ".lock"]


def test_the_inbox_is_emptied_and_everything_is_on_record(
    workspace: Workspace, tmp_path: Path
) -> None:
    collected = collecting.collect(workspace, SOURCE, MONTH)
    assert list((workspace.inbox / SOURCE.id / MONTH).iterdir()) == []
    assert (collected.files, collected.records, collected.corrected) == (4, 3, 1)
    assert records(workspace)["value"].to_list() == [4.0, 2.0, 3.0]
    assert records(workspace).equals(expected(tmp_path))
    assert spooled(workspace) == []


def killed_at(root: Path, rename: int) -> None:
    """Collect, and die without a word before the given rename."""
    renames = 0
    replace = Path.replace

    def counted(self: Path, target: Path) -> Path:
        nonlocal renames
        if renames == rename:
            os.kill(os.getpid(), signal.SIGKILL)
        renames += 1
        return replace(self, target)

    Path.replace = counted  # type: ignore[method-assign,assignment]
    collecting.collect(Workspace(root), SOURCE, MONTH)


@pytest.mark.process
@pytest.mark.parametrize("rename", [0, 1, 5, WRITES_OF_A_RUN - 3])
def test_a_killed_collection_is_made_good_by_the_next(
    workspace: Workspace, tmp_path: Path, rename: int
) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=killed_at, args=(workspace.root, rename)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    collecting.collect(workspace, SOURCE, MONTH)
    assert records(workspace).equals(expected(tmp_path))
    receipts = workspace.store.read(collecting.RECEIPTS, source_id=SOURCE.id, period=MONTH)
    assert len(receipts) == 4
    assert spooled(workspace) == []


@pytest.mark.parametrize("module", [landing, store], ids=["landing", "tables"])
def test_a_full_disk_loses_nothing_and_shows_nothing_by_halves(
    workspace: Workspace, tmp_path: Path, module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[[Any], None] = module.write_aside
    writes = 0

    def until_full(files: Any) -> None:
        nonlocal writes
        writes += 1
        if writes == 3:
            half = {path: lambda part: part.write_bytes(b"half") for path in list(files)[:1]}
            real(half | dict.fromkeys(list(files)[1:], full) | {tmp_path / "last": full})
        real(files)

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_aside", until_full)
        with pytest.raises(OSError, match="No space left on device"):
            collecting.collect(workspace, SOURCE, MONTH)
    assert not list(workspace.root.rglob("*.part"))
    collecting.collect(workspace, SOURCE, MONTH)
    assert records(workspace).equals(expected(tmp_path))


def test_two_versions_at_once_are_told_apart_and_the_later_stands(workspace: Workspace) -> None:
    folder = workspace.inbox / SOURCE.id / MONTH
    when = datetime(2019, 7, 9, 9, tzinfo=CLOCK).timestamp()
    for name, value in (("v1.csv", 8), ("v2.csv", 9)):
        (folder / name).write_text(f"{HEAD}{MONTH},{CODES[1]},risk_warnings_12m,{value}\n")
        os.utime(folder / name, (when, when))
    collecting.collect(workspace, SOURCE, MONTH)
    row = records(workspace).filter(pl.col("city_code") == CODES[1]).row(0, named=True)
    assert (row["value"], row["name"], row["corrected"]) == (9.0, "v2.csv", True)


def test_a_file_that_is_still_being_written_waits_for_the_next_run(workspace: Workspace) -> None:
    path = workspace.inbox / SOURCE.id / MONTH / "big.csv"
    with path.open("w", encoding="utf-8") as still:
        still.write(f"{HEAD}{MONTH},330400,risk_warnings_12m,1")
        still.flush()
        collecting.collect(workspace, SOURCE, MONTH)
        assert "330400" not in records(workspace)["city_code"].to_list()
        still.write("2\n")
    collecting.collect(workspace, SOURCE, MONTH)
    own = records(workspace).filter(pl.col("city_code") == "330400")
    assert own["value"].to_list() == [12.0]


def test_what_a_killed_run_was_reading_is_removed(workspace: Workspace) -> None:
    left = workspace.arriving / SOURCE.id / "1"
    left.mkdir(parents=True)
    (left / "1").write_bytes(b"somebody's record")
    arriving.take_in(workspace, SOURCE, MONTH)
    assert not left.exists()


def test_a_file_that_comes_under_the_name_of_one_being_read_is_not_lost(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workspace.inbox / SOURCE.id / MONTH / "1.csv"
    land = arriving.land

    def overtaken(*arguments: Any) -> Any:
        if arguments[3].name == "1.csv" and "5" not in path.read_text():
            aside = path.with_name(".next")
            aside.write_text(f"{HEAD}{MONTH},{CODES[0]},risk_warnings_12m,5\n")
            aside.replace(path)
        return land(*arguments)

    monkeypatch.setattr(arriving, "land", overtaken)
    collecting.collect(workspace, SOURCE, MONTH)
    assert path.exists()
    collecting.collect(workspace, SOURCE, MONTH)
    own = records(workspace).filter(pl.col("city_code") == CODES[0])
    assert (own["value"].to_list(), path.exists()) == ([5.0], False)


def test_a_file_from_the_future_does_not_stand_for_ever(workspace: Workspace) -> None:
    folder = workspace.inbox / SOURCE.id / MONTH
    for name, value, year in (("future.csv", 7, 2096), ("now.csv", 8, 0)):
        (folder / name).write_text(f"{HEAD}{MONTH},{CODES[0]},risk_warnings_12m,{value}\n")
        if year:
            when = datetime(year, 1, 1, tzinfo=CLOCK).timestamp()
            os.utime(folder / name, (when, when))
            collecting.collect(workspace, SOURCE, MONTH)
    collecting.collect(workspace, SOURCE, MONTH)
    own = records(workspace).filter(pl.col("city_code") == CODES[0])
    assert own["value"].to_list() == [8.0]


def test_a_mistake_of_a_reader_refuses_its_file_and_tells_nothing_of_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = measures.take

    def mistaken(path: Path, name: str, asked: Ask) -> Reading:
        if name == "1.csv":
            raise KeyError("张三 13900001234")
        return take(path, name, asked)

    monkeypatch.setattr(measures, "take", mistaken)
    collecting.collect(workspace, SOURCE, MONTH)
    refusals = workspace.store.read(collecting.REFUSALS, source_id=SOURCE.id, period=MONTH)
    assert refusals.select("name", "reason", "expected").rows() == [
        ("1.csv", "reader_failed", "KeyError")
    ]
    assert len(records(workspace)) == 3


def test_a_folder_of_the_inbox_that_is_no_sources_is_named(workspace: Workspace) -> None:
    (workspace.inbox / "ncsip").mkdir()
    (line,) = collecting.strangers(workspace)
    assert line.startswith("inbox/ncsip is no source's and is not read; expected one of")


def test_files_that_wait_for_another_month_are_named(workspace: Workspace) -> None:
    assert collecting.waiting(workspace, MONTH) == []
    (line,) = collecting.waiting(workspace, "2019-07")
    assert line.startswith(f"inbox/monitoring/{MONTH} has files; `cci run --period {MONTH}`")


def test_a_last_line_without_an_end_may_be_cut_and_is_refused_alone(workspace: Workspace) -> None:
    path = workspace.inbox / SOURCE.id / MONTH / "cut.csv"
    rows = [f"{MONTH},{code},risk_warnings_12m,82" for code in CODES[1:]]
    path.write_text(HEAD + "\n".join(rows), encoding="utf-8")  # 82, or the beginning of 820
    collecting.collect(workspace, SOURCE, MONTH)
    values = dict(records(workspace).select("city_code", "value").iter_rows())
    assert values == {CODES[0]: 4.0, CODES[1]: 82.0, CODES[2]: 3.0}
    refusals = workspace.store.read(collecting.REFUSALS, source_id=SOURCE.id, period=MONTH)
    assert refusals.select("name", "row", "reason").rows() == [("cut.csv", 3, "cut_short")]
