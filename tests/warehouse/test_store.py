"""Tables are written whole or not at all, and only as their contracts say."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import dataframely as dy
import polars as pl
import pytest

from warehouse.contracts.tables import TABLES
from warehouse.store import Store, write_aside, write_parquet

INDEX = "score_index__city_period_edition"
ROWS = pl.DataFrame(
    {
        "edition": ["cci-2019", "cci-2019"],
        "period": ["2019-06", "2019-06"],
        "city_code": ["330100", "330200"],
        "city_class": ["provincial", "provincial"],
        "points": [110.0, 100.0],
        "points_possible": [140.0, 140.0],
        "index": [78.5, 71.4],
        "rank": [1, 2],
        "coverage": [1.0, 0.9],
    }
)
MONTH = {"edition": "cci-2019", "period": "2019-06"}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    Store(tmp_path).write(INDEX, ROWS, **MONTH)
    assert Store(tmp_path).read(INDEX, **MONTH).equals(ROWS)


def test_the_same_rows_have_the_same_bytes_however_they_were_put_together(tmp_path: Path) -> None:
    whole = pl.DataFrame({"value": pl.int_range(90_000, eager=True)})
    parts = pl.concat(whole.iter_slices(750), rechunk=False)
    assert parts.n_chunks() == 120
    for name, frame in (("whole", whole), ("parts", parts)):
        write_parquet(frame, tmp_path / name)
    assert (tmp_path / "whole").read_bytes() == (tmp_path / "parts").read_bytes()


def test_writing_twice_leaves_the_same_bytes(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(INDEX, ROWS, **MONTH)
    first = store.path(INDEX, **MONTH).read_bytes()
    store.write(INDEX, ROWS, **MONTH)
    assert store.path(INDEX, **MONTH).read_bytes() == first


@pytest.mark.parametrize(
    "wrong",
    [
        pl.col("city_code").str.head(5).alias("city_code"),
        pl.lit("capital").alias("city_class"),
        pl.lit("2019-13").alias("period"),
        pl.lit(-1.0).alias("points"),
        pl.lit(float("nan")).alias("index"),
        pl.lit("330100").alias("city_code"),
        pl.lit(1.2).alias("coverage"),
        pl.lit(None, pl.String).alias("city_class"),
    ],
    ids=[
        "five digits", "unknown class", "month 13", "negative", "NaN", "key twice", "above 1", "null",
    ],
)  # fmt: skip
def test_a_breach_of_the_contract_leaves_what_was_there(tmp_path: Path, wrong: pl.Expr) -> None:
    store = Store(tmp_path)
    store.write(INDEX, ROWS, **MONTH)
    with pytest.raises(dy.exc.ValidationError):
        store.write(INDEX, ROWS.with_columns(wrong), **MONTH)
    assert store.read(INDEX, **MONTH).equals(ROWS)


def test_a_missing_month_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="period 2019-06 yet; run that month first"):
        Store(tmp_path).read(INDEX, **MONTH)


def test_an_unknown_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="no table 'scores'"):
        Store(tmp_path).write("scores", ROWS)


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old")

    def full_disk(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_aside({tmp_path / "b.csv": lambda path: path.write_text("b"), target: full_disk})
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert target.read_text() == "old"


@pytest.mark.process
def test_a_process_that_is_killed_while_writing_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "part.parquet"
    target.write_bytes(b"whole")
    code = f"""
        import time
        from pathlib import Path
        from warehouse.store import write_aside

        def slowly(path):
            path.write_bytes(b"half")
            print("writing", flush=True)
            time.sleep(60)

        write_aside({{Path({str(target)!r}): slowly}})
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert target.read_bytes() == b"whole"


@pytest.mark.process
def test_a_reader_never_sees_half_a_month(tmp_path: Path) -> None:
    """One process writes two versions in turn while this one reads: every read is one of them."""
    store = Store(tmp_path)
    many = pl.concat(
        ROWS.with_columns(city_code=pl.lit(str(100000 + n))).head(1) for n in range(3000)
    )
    store.write(INDEX, many, **MONTH)
    many.write_parquet(tmp_path / "source.parquet")
    code = f"""
        import polars as pl
        from pathlib import Path
        from warehouse.store import Store

        store = Store(Path({str(tmp_path)!r}))
        one = pl.read_parquet({str(tmp_path / "source.parquet")!r})
        other = one.with_columns(points=pl.lit(1.0), index=pl.lit(1.0))
        print("begun", flush=True)
        for n in range(60):
            store.write({INDEX!r}, other if n % 2 else one, edition="cci-2019", period="2019-06")
    """
    seen = set()
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
        until = time.monotonic() + 60
        while writer.poll() is None and time.monotonic() < until:
            frame = store.read(INDEX, **MONTH)
            assert len(frame) == 3000
            (points,) = frame["points"].unique().to_list()
            seen.add(points)
        assert writer.wait() == 0
    assert seen == {1.0, 110.0}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_and_column_says_what_it_holds(table: str) -> None:
    contract = TABLES[table]
    assert table in (contract.__doc__ or "")
    assert all(column.description for column in contract.columns().values())


@pytest.mark.parametrize("table", TABLES)
def test_every_name_says_layer_subject_and_grain(table: str) -> None:
    layer, rest = table.split("_", 1)
    assert layer in ("landing", "core", "score", "out")
    assert len(rest.split("__")) == 2
