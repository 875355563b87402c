"""What an operator corrects wins, whatever the reader says, and what follows from it follows."""

import json
from datetime import date
from typing import Any

import polars as pl
import pytest

from scrapers.monitor import review
from scrapers.monitor.occurrences import event_id
from scrapers.monitor.reader import REPORTS
from scrapers.monitor.review import Correction, NotTaken, Problem, apply, regroup, settled, standing

URL = "http://www.hangzhou-330100.gov.example/xwzx/201906/t20190603_1.html"
EVENT: dict[str, Any] = {
    "url": URL,
    "site_id": "portal_330100",
    "official": True,
    "site_city": "330100",
    "kind": "event",
    "city_code": "330100",
    "subject": "enterprise",
    "affair": "commercial",
    "field": "finance",
    "polarity": "bad",
    "severity": "ordinary",
    "published": date(2019, 6, 3),
    "count": None,
    "national_document": None,
    "rule_fields": [],
    "title": "某公司被罚",
    "text": "某公司被罚",
    "confidence": 0.41,
    "why": json.dumps({"kind": "cue 被罚", "field": "word 贷款", "severity": "fine 5000"}),
}
NONE_OF_EVENTS = dict.fromkeys(("subject", "affair", "field", "polarity", "severity"))
OTHER = EVENT | NONE_OF_EVENTS | {"kind": "other", "city_code": None, "why": '{"kind": "no cue"}'}
RULE = EVENT | NONE_OF_EVENTS | {"kind": "rule", "rule_fields": ["trust_system"], "why": "{}"}


def read(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=REPORTS)


def laid(row: dict[str, Any], **said: str) -> dict[str, Any]:
    return apply(read(row), {URL: said}).row(0, named=True)


def problems(row: dict[str, Any], **given: str) -> list[Problem]:
    with pytest.raises(NotTaken) as refused:
        settled(row, {}, given)
    return list(refused.value.problems)


def test_the_last_correction_of_a_decision_wins_and_one_that_is_taken_back_is_none() -> None:
    made = [
        Correction(URL, "severity", "serious", "2019-07-01T09:00:00+08:00"),
        Correction(URL, "severity", "major", "2019-07-01T09:05:00+08:00"),
        Correction(URL, "field", "pricing", "2019-07-01T09:05:00+08:00"),
        Correction(URL, "field", None, "2019-07-01T09:06:00+08:00"),
    ]
    assert standing(made) == {URL: {"severity": "major"}}
    assert standing([*made, Correction(URL, "severity", None, "2019-07-02T09:00:00+08:00")]) == {}


def test_a_corrected_page_is_marked_certain_and_says_what_was_corrected() -> None:
    rows = apply(read(EVENT, EVENT | {"url": "http://a.example/2"}), {URL: {"severity": "serious"}})
    corrected, untouched = rows.iter_rows(named=True)
    assert (corrected["severity"], corrected["confidence"]) == ("serious", 1.0)
    assert corrected["corrected"]
    assert json.loads(corrected["why"]) == {
        "kind": "cue 被罚",
        "field": "word 贷款",
        "severity": "corrected",
    }
    assert untouched == EVENT | {"url": "http://a.example/2", "corrected": False}


def test_without_corrections_nothing_changes_but_for_the_mark() -> None:
    rows = read(EVENT, OTHER)
    assert apply(rows, {}).equals(rows.with_columns(corrected=False))


def test_rows_keep_their_order_and_other_columns() -> None:
    rows = read(*(EVENT | {"url": f"http://a.example/{n}"} for n in (3, 1, 2)))
    rows = rows.with_columns(sha256=pl.col("url"))
    done = apply(rows, {"http://a.example/1": {"kind": "other"}})
    assert done["sha256"].to_list() == rows["url"].to_list() == done["url"].to_list()


@pytest.mark.parametrize(
    ("row", "said", "then"),
    [
        (EVENT, {"kind": "other"}, OTHER),
        (EVENT, {"kind": "risk_warning"}, NONE_OF_EVENTS | {"city_code": "330100"}),
        (EVENT, {"field": "health"}, {"field": "health", "affair": "societal"}),
        (EVENT, {"polarity": "good"}, {"polarity": "good", "severity": None}),
        (
            EVENT | {"polarity": "good", "severity": None},
            {"severity": "major"},
            {"polarity": "bad", "severity": "major"},
        ),
        (RULE, {"kind": "exemplar", "count": "12"}, {"count": 12, "rule_fields": []}),
        (RULE, {"rule_fields": "none"}, {"rule_fields": []}),
        (EVENT, {"city_code": "none"}, {"city_code": None, "kind": "event"}),
        (EVENT, {"published": "2019-05-31"}, {"published": date(2019, 5, 31)}),
    ],
)
def test_what_follows_from_a_correction_follows(
    row: dict[str, Any], said: dict[str, str], then: dict[str, Any]
) -> None:
    done = laid(row, **said)
    ours = ("confidence", "why")
    assert {name: done[name] for name in then if name not in ours} == {
        name: text for name, text in then.items() if name not in ours
    }
    assert done["confidence"] == 1


def test_reasons_of_what_is_no_more_are_dropped() -> None:
    assert json.loads(laid(EVENT, kind="other")["why"]) == {"kind": "corrected"}


def test_corrections_survive_another_version_of_the_reader() -> None:
    said = {"severity": "serious", "city_code": "330200"}
    first = laid(EVENT, **said)
    second = laid(
        EVENT | {"severity": "major", "city_code": None, "field": "pricing", "confidence": 0.9},
        **said,
    )
    for done in (first, second):
        assert (done["severity"], done["city_code"]) == ("serious", "330200")
    assert (first["field"], second["field"]) == ("finance", "pricing")


def test_a_correction_that_has_no_place_any_more_puts_the_page_on_top_of_the_list() -> None:
    done = apply(read(OTHER, EVENT | {"url": "http://a.example/"}), {URL: {"severity": "serious"}})
    assert done.row(0, named=True)["kind"] == "other"
    listed = review.doubtful(done)
    assert listed["url"].to_list() == [URL, "http://a.example/"]
    assert listed["confidence"].to_list() == [0.0, 0.41]


@pytest.mark.parametrize("wanted", ["serious", " Serious ", "ｓｅｒｉｏｕｓ"])
def test_a_word_is_understood_however_it_is_written(wanted: str) -> None:
    assert settled(EVENT, {}, {"severity": wanted}) == {"severity": "serious"}


@pytest.mark.parametrize(
    ("field", "given", "kept"),
    [
        ("published", "2019/6/3", "2019-06-03"),
        ("published", "2019年6月3日", "2019-06-03"),
        ("rule_fields", "tourism，finance", "finance,tourism"),
        ("rule_fields", "none", "none"),
        ("national_document", "国发[2016]33号", "国发〔2016〕33号"),
        ("national_document", "none", "none"),
    ],
)
def test_values_are_kept_in_one_form(field: str, given: str, kept: str) -> None:
    assert settled(RULE, {}, {field: given}) == {field: kept}


@pytest.mark.parametrize(
    ("row", "field", "given", "reason", "expected"),
    [
        (EVENT, "severity", "grave", "word_unknown", "ordinary, serious, major"),
        (EVENT, "severity", "none", "word_unknown", "ordinary, serious, major"),
        (EVENT, "kind", "", "word_unknown", "event"),
        (EVENT, "city_code", "杭州", "city_malformed", "NNNNNN"),
        (EVENT, "published", "2019-13-45", "not_a_date", "YYYY-MM-DD"),
        (EVENT, "affair", "societal", "column_unknown", "kind"),
        (EVENT, "count", "12", "not_of_kind", "severity"),
        (RULE, "severity", "serious", "lacking", "government, enterprise"),
        (RULE, "count", "13800138000", "not_whole", "0–999999999"),
        (RULE, "national_document", "据张某某所说", "no_document", "国发〔2016〕33号"),
        (RULE, "rule_fields", "finance,traffic", "word_unknown", "promise_keeping"),
        (EVENT, "same_event_as", "javascript:alert(1)", "no_address", "https://…"),
        (RULE, "own_event", "yes", "not_of_kind", "national_document"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_expected(
    row: dict[str, Any], field: str, given: str, reason: str, expected: str
) -> None:
    first = problems(row, **{field: given})[0]
    assert first.reason == reason
    assert expected in first.expected
    assert given == "" or given not in repr(first)


def test_every_bad_value_is_named_at_once() -> None:
    assert {p.field for p in problems(EVENT, severity="grave", city_code="1", field="health")} == {
        "severity",
        "city_code",
    }


def test_an_event_that_was_read_as_something_else_needs_all_that_an_event_has() -> None:
    assert [p.field for p in problems(OTHER, kind="event", field="finance")] == [
        "subject",
        "polarity",
        "city_code",
    ]
    whole = {
        "kind": "event",
        "city_code": "330100",
        "subject": "enterprise",
        "field": "finance",
        "polarity": "bad",
        "severity": "serious",
    }
    assert settled(OTHER, {}, whole) == whole
    assert laid(OTHER, **whole)["affair"] == "commercial"


def test_what_stands_already_is_not_written_down_again() -> None:
    assert settled(EVENT, {"severity": "serious"}, {"severity": "serious"}) == {}


@pytest.mark.parametrize(
    ("stands", "given", "made"),
    [
        ({"severity": "serious"}, {"kind": "other"}, {"kind": "other", "severity": None}),
        ({"severity": "serious"}, {"polarity": "good"}, {"polarity": "good", "severity": None}),
        ({"same_event_as": "http://a.example/"}, {"own_event": "yes"},
         {"own_event": "yes", "same_event_as": None}),
        ({"own_event": "yes"}, {"same_event_as": "http://a.example/"},
         {"same_event_as": "http://a.example/"}),
    ],
)  # fmt: skip
def test_a_correction_takes_back_what_it_leaves_no_place_for(
    stands: dict[str, str], given: dict[str, str], made: dict[str, str | None]
) -> None:
    assert settled(EVENT, stands, given) == made


A, B, C, D = (f"http://a.example/{n}" for n in "abcd")
E1, E2 = event_id(A), event_id(C)


def told(**kinds: str) -> pl.DataFrame:
    """Four pages on four days, each an event unless it is said to be a response."""
    return read(
        *(
            EVENT
            | {
                "url": url,
                "published": date(2019, 6, day),
                "kind": kinds.get(url[-1], "event"),
            }
            for day, url in enumerate((A, B, C, D), 1)
        )
    )


def grouped(*events: str | None) -> pl.DataFrame:
    why = ["name 某公司"] * 4
    return pl.DataFrame({"url": [A, B, C, D], "event_id": events, "why": why})


def regrouped(before: pl.DataFrame, pages: pl.DataFrame, **said: dict[str, str]) -> list[str]:
    stands = {f"http://a.example/{name}": of_page for name, of_page in said.items()}
    return regroup(before, pages, stands)["event_id"].to_list()


def test_no_correction_changes_no_event() -> None:
    before = grouped(E1, E1, E2, E2)
    assert regroup(before, told(), {}).equals(before)
    assert regroup(before, told(), {A: {"severity": "major"}}).equals(before)


def test_events_that_are_the_same_are_one_and_named_after_the_earliest_report() -> None:
    before = grouped(E1, E1, E2, E2)
    after = regroup(before, told(), {D: {"same_event_as": B}})
    assert after["event_id"].to_list() == [E1] * 4
    assert after["why"].to_list() == ["name 某公司"] * 3 + ["corrected"]


def test_a_page_with_an_event_of_its_own_leaves_the_others_together() -> None:
    before = grouped(E1, E1, E1, E2)
    own = {"own_event": "yes"}
    assert regrouped(before, told(), a=own) == [E1, event_id(B), event_id(B), event_id(D)]
    assert regrouped(before, told(), b=own) == [E1, event_id(B), E1, event_id(D)]
    assert regroup(before, told(), {A: own})["why"].to_list()[0] is None


def test_a_page_moves_to_another_event() -> None:
    before = grouped(E1, E1, E2, E2)
    moved = {"own_event": "yes", "same_event_as": C}
    assert regrouped(before, told(), b=moved) == [E1, event_id(B), event_id(B), event_id(B)]


def test_a_response_answers_the_event_that_it_is_put_with() -> None:
    pages = told(d="response")
    before = grouped(E1, E1, E2, None)
    assert regrouped(before, pages, d={"same_event_as": B}) == [E1, E1, E2, E1]
    assert regrouped(before, pages, b={"same_event_as": D}) == [E1, E1, E2, E1]


def test_a_response_with_no_event_of_its_own_answers_none() -> None:
    before = grouped(E1, E1, E2, E2)
    assert regrouped(before, told(d="response"), d={"own_event": "yes"}) == [E1, E1, E2, None]


def test_a_page_that_is_not_there_ties_nothing() -> None:
    before = grouped(E1, E1, E2, E2)
    said = {"same_event_as": "http://a.example/gone"}
    after = regrouped(before, told(), d=said)
    assert after == [E1, E1, E2, E2]


def test_chains_and_rings_of_corrections_end() -> None:
    before = grouped(*(event_id(url) for url in (A, B, C, D)))
    ties = {"b": A, "c": B, "a": C}
    said = {name: {"same_event_as": other} for name, other in ties.items()}
    assert regrouped(before, told(), **said) == [E1, E1, E1, event_id(D)]
