"""What lies in the landing place: on time, and with the faults that were asked for and no others."""

import zipfile
from datetime import datetime, timedelta
from io import BytesIO

import polars as pl
import pytest

from sandbox.country import Country
from sandbox.landing_place import SOURCES, File, LandingPlace, files
from sandbox.offices import CLOCK
from sandbox.tampering import PERSONS, SCRIPT

MONTH = "2019-06"
SMALL = ("population", "monitoring", "province")


def there(source_id: str, *faults: str) -> dict[str, File]:
    country = Country.found(MONTH, MONTH, faults=faults)
    return {file.name: file for file in files(country, source_id, MONTH)}


def csv(file: File) -> pl.DataFrame:
    return pl.read_csv(file.content, infer_schema=False)


def changed(source_id: str, fault: str) -> tuple[File, File]:
    """The one file that a fault changes, before and after."""
    before, after = there(source_id), there(source_id, fault)
    assert before.keys() == after.keys()
    (name,) = [name for name in before if before[name].content != after[name].content]
    return before[name], after[name]


def test_files_are_delivered_in_the_month_that_follows() -> None:
    for file in there("province", "everyday").values():
        assert datetime(2019, 7, 2, tzinfo=CLOCK) <= file.modified
        assert file.modified < datetime(2019, 7, 8, tzinfo=CLOCK)


def test_what_probes_find_stands_in_a_log_a_day_and_nothing_else_is_there() -> None:
    files = there("monitoring")
    logs = [file for name, file in files.items() if name.startswith("probes-")]
    assert len(logs) == len(files) == 30
    probes = pl.concat(pl.read_ndjson(file.content) for file in logs)
    assert probes["at"].n_unique() == 30
    assert len(probes) == 30 * 2 * probes["city_code"].n_unique()
    assert set(probes["note"]) == {"模拟 simulated"}


@pytest.mark.parametrize("source_id", ["provider", "nobody"])
def test_a_source_without_files_has_no_place(source_id: str) -> None:
    with pytest.raises(KeyError):
        LandingPlace(Country.found(MONTH, MONTH)).files(source_id, MONTH)


def test_only_live_months_have_a_place() -> None:
    place = LandingPlace(Country.found("2019-04", MONTH, live_from="2019-05"))
    assert set(place.files("population", "2019-05")) == {"population-2019-05.csv"}
    for period in ("2019-04", "2019-07"):
        with pytest.raises(KeyError):
            place.files("population", period)


@pytest.mark.parametrize("source_id", SMALL)
def test_a_truncated_file_ends_early_and_is_listed_so(source_id: str) -> None:
    before, after = changed(source_id, "truncated")
    assert before.content.startswith(after.content)
    assert after.entry["size"] == len(after.content)


def test_another_encoding_keeps_the_text() -> None:
    before, after = changed("population", "encoding")
    assert after.content.decode("utf-16") == before.content.decode()


@pytest.mark.parametrize("source_id", SMALL)
def test_a_duplicate_is_the_same_file_under_another_name_a_day_later(source_id: str) -> None:
    before, after = there(source_id), there(source_id, "duplicate")
    again = [name for name in after if "-again" in name]
    assert set(after) - set(before) == set(again)
    for name in again:
        first = before[name.replace("-again", "")]
        assert after[name].content == first.content
        assert after[name].modified - first.modified == timedelta(days=1)


@pytest.mark.parametrize("source_id", ["population", "province"])
def test_a_correction_comes_later_and_is_right_where_the_first_file_was_wrong(
    source_id: str,
) -> None:
    right, after = there(source_id), there(source_id, "correction")
    later = {name: file for name, file in after.items() if "-correction-1" in name}
    assert later
    for name, correction in later.items():
        wrong = after[name.replace("-correction-1", "")]
        true = right[wrong.name]
        assert wrong.modified < correction.modified
        assert wrong.content != true.content
        if name.endswith(".csv"):
            assert csv(correction).join(csv(true), on=csv(true).columns).height == len(
                csv(correction)
            )
            assert csv(correction).join(csv(wrong), on=csv(wrong).columns).is_empty()
        else:
            assert correction.content == true.content
    assert all(after[name] == right[name] for name in right if _corrected(name) not in later)


def _corrected(name: str) -> str:
    return "-correction-1.".join(name.rsplit(".", 1))


def test_a_column_has_another_name() -> None:
    before, after = changed("population", "drift")
    assert [name.removesuffix("_v2") for name in csv(after).columns] == csv(before).columns
    assert csv(after).columns != csv(before).columns
    before, after = changed("province", "drift")
    assert "新列_v2".encode() in _unpacked(after)
    assert "新列_v2".encode() not in _unpacked(before)


def test_most_provinces_never_deliver() -> None:
    before, after = there("province"), there("province", "missing")
    assert len(after) == -(-len(before) // 3)
    assert all(after[name] == before[name] for name in after)
    (before_it, after_it) = (csv(*there("population", *f).values()) for f in ((), ("missing",)))
    assert after_it.join(before_it, on=before_it.columns, how="anti").is_empty()
    assert 0.2 < len(after_it) / len(before_it) < 0.5


@pytest.mark.parametrize("source_id", ["population", "province"])
def test_hostile_files_tell_of_persons_wherever_there_is_room(source_id: str) -> None:
    before, after = there(source_id), there(source_id, "hostile")
    assert len(after) == len(before)
    assert PERSONS[0].name in "".join(after)
    for file in after.values():
        inside = _unpacked(file)
        for person in PERSONS:
            for word in (person.name, person.identity, person.telephone, person.address):
                assert word.encode() in inside
        assert SCRIPT.encode() in inside.replace(b"&lt;", b"<").replace(b"&gt;", b">")


@pytest.mark.country
@pytest.mark.parametrize("source_id", [source for source in SOURCES if source != "city"])
def test_nobody_is_told_of_unless_that_is_asked_for(source_id: str) -> None:
    for file in there(source_id, "everyday").values():
        for person in PERSONS:
            for word in (person.name, person.identity, person.telephone, person.address):
                assert word.encode() not in _unpacked(file)


def _unpacked(file: File) -> bytes:
    if file.name.endswith(".parquet"):
        return pl.read_parquet(file.content).write_csv().encode()
    if not file.name.endswith(".xlsx"):
        return file.content
    with zipfile.ZipFile(BytesIO(file.content)) as package:
        return b"\n".join(package.read(name) for name in package.namelist())
