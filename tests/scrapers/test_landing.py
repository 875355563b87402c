"""Landing: what was read of a delivery is kept, with a receipt; the inbox is a mailbox."""

import errno
import fcntl
import json
import os
from pathlib import Path

import polars as pl
import pytest

from scrapers import inbox, landing
from scrapers.arrival import Arrival, Problem
from scrapers.declaration import sources
from scrapers.landing import Landed
from scrapers.reading import REFUSED, ROWS, Reading

CITY = sources()["city"]
MONTH = "2019-06"


def delivery(
    name: str = "a.csv", when: str = "2019-07-02T09:00:00+08:00", sha: str = "a"
) -> Landed:
    """A delivery that was not landed yet."""
    return Landed("city", MONTH, name, "inbox/city", when, sha * 64, 7, kept_sha256="")


def reading(value: str = "1") -> Reading:
    """A reading of one row, and of one that was refused."""
    row = (MONTH, "330100", "units", value, "city", "", "", 2, None)
    refused = [(3, "value", "not_a_number", "(3)", "")]
    return Reading(
        pl.DataFrame([row], schema=ROWS, orient="row"),
        pl.DataFrame(refused, schema=REFUSED, orient="row"),
        persons=2,
        sender="330100",
    )


def test_landing_keeps_the_reading_and_a_receipt_that_people_can_read(tmp_path: Path) -> None:
    file = landing.land_reading(tmp_path, delivery(), reading())
    assert file.kept(tmp_path).select(*ROWS).equals(reading().kept)
    receipt = json.loads(file.receipt(tmp_path).read_bytes())
    assert (receipt["name"], receipt["sha256"], receipt["sender"]) == ("a.csv", "a" * 64, "330100")
    assert (receipt["persons"], len(receipt["refused"])) == (2, 1)
    assert landing.landed(tmp_path, "city", MONTH) == [file]
    assert file.refusals().equals(reading().refused)


def test_every_row_that_is_kept_names_its_delivery(tmp_path: Path) -> None:
    file = landing.land_reading(tmp_path, delivery(), reading())
    assert file.kept(tmp_path)["file"].to_list() == ["a" * 16]


def test_landing_twice_leaves_the_same_bytes(tmp_path: Path) -> None:
    landing.land_reading(tmp_path, delivery(), reading())
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    landing.land_reading(tmp_path, delivery(), reading())
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_the_same_bytes_at_another_time_are_another_delivery(tmp_path: Path) -> None:
    landing.land_reading(tmp_path, delivery(), reading())
    landing.land_reading(tmp_path, delivery(when="2019-07-03T09:00:00+08:00"), reading())
    assert len(landing.landed(tmp_path, "city", MONTH)) == 2
    assert landing.is_landed(tmp_path, "city", MONTH, "a" * 64, "2019-07-02T09:00:00+08:00")
    assert not landing.is_landed(tmp_path, "city", MONTH, "b" * 64, "2019-07-02T09:00:00+08:00")


def test_deliveries_come_in_the_order_of_their_times_then_names(tmp_path: Path) -> None:
    for name, when, sha in (
        ("b-correction-1.csv", "2019-07-02T09:00:00+08:00", "a"),
        ("b.csv", "2019-07-02T09:00:00+08:00", "b"),
        ("a.csv", "2019-07-02T10:00:00+09:00", "c"),  # the same moment elsewhere
        ("z.csv", "2019-07-01T09:00:00+08:00", "d"),
    ):
        landing.land_reading(tmp_path, delivery(name, when, sha), reading(sha))
    names = [file.name for file in landing.landed(tmp_path, "city", MONTH)]
    assert names == ["z.csv", "a.csv", "b.csv", "b-correction-1.csv"]


@pytest.mark.parametrize("harm", [lambda p: p.write_bytes(b"half"), lambda p: p.unlink()])
def test_what_is_no_longer_what_was_landed_is_noticed(tmp_path: Path, harm: object) -> None:
    file = landing.land_reading(tmp_path, delivery(), reading())
    harm(file.path(tmp_path))  # type: ignore[operator]
    with pytest.raises(ValueError, match="is not what was landed; restore it"):
        file.kept(tmp_path)


def test_without_a_receipt_nothing_was_landed(tmp_path: Path) -> None:
    file = landing.land_reading(tmp_path, delivery(), reading())
    file.receipt(tmp_path).unlink()
    assert landing.landed(tmp_path, "city", MONTH) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("330100-2019-06.xlsx", "330100-2019-06.xlsx"),
        ("张三.xlsx", "a" * 12 + ".xlsx"),
        ("13812345678.csv", "a" * 12 + ".csv"),
        ("a.张三", "a" * 12),
        ("a.13812345678", "a" * 12),
    ],
)
def test_a_name_that_could_be_a_persons_is_not_kept(name: str, shown: str) -> None:
    assert landing.shown_name(name, "a" * 64) == shown


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """An inbox with one whole file, one by another name, and one of another source."""
    folder = tmp_path / "city" / MONTH
    folder.mkdir(parents=True)
    for name in ("a.csv", ".b.csv", "c.csv.part", "d.xlsx.tmp", "~$e.xlsx"):
        (folder / name).write_text("x")
    os.utime(folder / "a.csv", (1_562_000_000, 1_562_000_000))
    (folder / "folder").mkdir()
    return tmp_path


def test_the_inbox_gives_whole_files_with_their_own_times(mailbox: Path) -> None:
    (arrival,) = inbox.arrivals(mailbox, CITY, MONTH, mailbox)
    assert isinstance(arrival, Arrival)
    assert (arrival.name, arrival.address) == ("a.csv", f"inbox/city/{MONTH}")
    assert arrival.delivered_at.isoformat() == "2019-07-02T00:53:20+08:00"
    assert not (mailbox / "city" / MONTH / "a.csv").exists()


def test_a_file_that_some_process_still_writes_is_left_alone(mailbox: Path) -> None:
    path = mailbox / "city" / MONTH / "a.csv"
    with path.open("ab") as still:
        still.write(b"more")
        assert list(inbox.arrivals(mailbox, CITY, MONTH, mailbox)) == []
    assert len(list(inbox.arrivals(mailbox, CITY, MONTH, mailbox))) == 1


def test_where_the_kernel_cannot_tell_a_file_is_whole_when_it_was_left_alone_for_a_minute(
    mailbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EACCES, "another's file")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    path = mailbox / "city" / MONTH / "a.csv"
    assert not inbox.being_written(path)
    path.write_text("x, just now")
    assert inbox.being_written(path)


def test_a_file_that_cannot_be_read_is_a_problem_without_its_name(
    mailbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(f"[Errno 13] Permission denied: {path}")

    monkeypatch.setattr(inbox, "being_written", refuse)
    (problem,) = inbox.arrivals(mailbox, CITY, MONTH, mailbox)
    assert isinstance(problem, Problem)
    assert problem.reason == "not_readable"
    assert "a.csv" not in problem.message
