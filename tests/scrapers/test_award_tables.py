"""Tables of assessors, and evidence in measure files: what is kept of a row, and why it is not."""

from pathlib import Path

import polars as pl
import pytest

from indicators.registry import cities_of
from pipelines.asked import asked_of
from pipelines.steps import facts
from scrapers.declaration import sources
from scrapers.formats import measures
from scrapers.reading import Ask, AskedMeasure, FileRefused, Reading

MONTH = "2019-06"
HEAD = "period,city_code,measure,value,edition,evidence"
DOCUMENT = "模拟评审办〔2019〕12号"
GOOD = f"{MONTH},330100,core_values,3.5,model-2019,{DOCUMENT}"


def read(tmp_path: Path, *lines: str, source_id: str = "assessor") -> Reading:
    source = sources()[source_id]
    asked = {
        m.id: AskedMeasure(m.id, m.unit, m.zh, m.en, m.maximum, m.whole)
        for m in asked_of(source).values()
    }
    path = tmp_path / "table.csv"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    assert measures.looks_like_one(path)
    request = Ask(source.id, source.kind, MONTH, cities_of(facts.registry(), MONTH), asked)
    return measures.take(path, path.name, request)


def test_an_award_has_its_edition_and_its_evidence(tmp_path: Path) -> None:
    reading = read(tmp_path, HEAD, GOOD)
    (row,) = reading.kept.iter_rows(named=True)
    assert (row["part"], row["evidence"], row["source"]) == ("model-2019", DOCUMENT, "assessor")
    assert (row["measure"], row["value"], row["row"]) == ("core_values", "3.5", 2)
    assert reading.refused.is_empty()


@pytest.mark.parametrize(
    ("evidence", "reason", "found"),
    [
        ("", "evidence_missing", ""),
        ("评审意见", "evidence_malformed", "(4)"),
        ("李某某电话13800138000", "evidence_malformed", "(16)"),
        ("https://example.gov.cn/a?who=1", "evidence_malformed", "(30)"),
    ],
)
def test_an_award_without_a_reference_is_refused_with_its_row(
    tmp_path: Path, evidence: str, reason: str, found: str
) -> None:
    bad = f"{MONTH},330200,core_values,3.5,model-2019,{evidence}"
    reading = read(tmp_path, HEAD, GOOD, bad)
    assert reading.kept["city_code"].to_list() == ["330100"]
    assert reading.refused.select("row", "field", "reason", "found").rows() == [
        (3, "evidence", reason, found)
    ]
    assert "〔2019〕12号" in reading.refused["expected"].item()


def test_taking_an_award_back_needs_no_evidence(tmp_path: Path) -> None:
    reading = read(tmp_path, HEAD, f"{MONTH},330100,core_values,,model-2019,")
    assert reading.kept["value"].to_list() == [None]
    assert reading.refused.is_empty()


def test_an_edition_that_could_be_a_name_is_withheld(tmp_path: Path) -> None:
    reading = read(tmp_path, HEAD, GOOD.replace("model-2019", "欧阳虚构"))
    assert reading.kept["part"].to_list() == ["(4)"]


@pytest.mark.parametrize("column", ["edition", "evidence"])
def test_a_table_of_awards_without_edition_or_evidence_is_refused_as_a_whole(
    tmp_path: Path, column: str
) -> None:
    with pytest.raises(FileRefused, match="columns_missing") as refused:
        read(tmp_path, HEAD.replace(column, f"{column}_v2"), GOOD)
    assert refused.value.field == column
    assert column in refused.value.expected


def test_of_many_refusals_the_first_are_listed_and_the_others_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measures, "_LISTED", 2)
    bad = GOOD.removesuffix(DOCUMENT)
    reading = read(tmp_path, HEAD, *[bad] * 5)
    assert (len(reading.refused), reading.more_refused) == (2, 3)


def test_an_application_keeps_a_value_whose_evidence_is_none(tmp_path: Path) -> None:
    head = "period,city_code,measure,value,evidence"
    rows = [
        f"{MONTH},330100,{m},5,{text}" for m, text in (("funds", DOCUMENT), ("approvals", "见附件"))
    ]
    reading = read(tmp_path, head, *rows, source_id="applications")
    assert reading.kept.select("measure", "evidence", "part").rows() == [
        ("funds", DOCUMENT, ""),
        ("approvals", None, ""),
    ]
    assert reading.refused["reason"].to_list() == ["evidence_malformed"]
    assert not pl.Series(reading.kept["value"]).is_null().any()
