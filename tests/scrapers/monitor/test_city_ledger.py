"""What the pages of an event agree on, and what a city's measures come to. Everything is invented."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scrapers.monitor import ledger
from scrapers.monitor.projects import projects, projects_of
from scrapers.monitor.shapes import FIELDS

PERIOD = "2019-06"
CITY = "330100"
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "url": pl.String,
    "kind": pl.String,
    "event_id": pl.String,
    "city_code": pl.String,
    "subject": pl.String,
    "field": pl.String,
    "polarity": pl.String,
    "severity": pl.String,
    "published": pl.Date,
    "official": pl.Boolean,
    "site_city": pl.String,
    "count": pl.Int64,
    "national_document": pl.String,
    "rule_fields": pl.List(pl.String),
    "title": pl.String,
    "text": pl.String,
    "corrected": pl.Boolean,
}
PAGE: dict[str, Any] = {
    "kind": "event",
    "city_code": CITY,
    "subject": "enterprise",
    "field": "manufacturing",
    "polarity": "bad",
    "severity": "serious",
    "published": date(2019, 6, 3),
    "official": False,
    "rule_fields": [],
    "corrected": False,
}


def pages(*rows: dict[str, Any]) -> pl.DataFrame:
    """Pages with texts of their own; an event page without event_id has an event of its own."""
    full: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        page = {**PAGE, "url": f"http://a.example/{number}", "title": f"标题{number}", **row}
        page.setdefault("text", chr(0x4E00 + 97 * number) * 3 + page["title"] * 2)
        if page["kind"] == "event":
            page.setdefault("event_id", f"e{number}")
        full.append(page)
    return pl.DataFrame(full, schema=SCHEMA)


def measured(*rows: dict[str, Any], period: str = PERIOD, city: str = CITY) -> dict[str, float]:
    """Measures of a covered city."""
    read = pages(*rows)
    found = ledger.measures(ledger.events(read), read, period, pl.Series([city]))
    return dict(found.select("measure", "value").iter_rows())


def event(*rows: dict[str, Any]) -> dict[str, Any]:
    """The one event that these pages tell of."""
    (made,) = ledger.events(pages(*({"event_id": "e1", **row} for row in rows))).to_dicts()
    return made


@pytest.mark.parametrize(
    ("column", "said", "agreed"),
    [
        ("field", ["pricing", "finance", "finance"], "finance"),
        ("field", ["pricing", "finance"], "pricing"),
        ("city_code", ["330100", "330200", "330200"], "330200"),
        ("city_code", [None, None, "330200"], "330200"),
        ("severity", ["ordinary", "major"], "major"),
        ("severity", ["ordinary", "ordinary", "major"], "ordinary"),
        ("severity", [None, None], "ordinary"),
        ("polarity", ["bad", "good", "good"], "good"),
        ("subject", ["enterprise", "government", "government"], "government"),
    ],
)
def test_an_event_is_what_most_of_its_reports_say(
    column: str, said: list[str], agreed: str
) -> None:
    days = (date(2019, 6, day) for day in range(1, 10))
    rows = [{column: word, "published": day} for word, day in zip(said, days, strict=False)]
    assert event(*rows)[column] == agreed


@pytest.mark.parametrize(
    ("column", "corrected", "others"),
    [
        ("field", "pricing", ["distribution", "distribution"]),
        ("severity", "ordinary", ["major", "major"]),
        ("city_code", "330200", ["330100", "330100"]),
        ("polarity", "good", ["bad", "bad"]),
    ],
)
def test_what_an_operator_corrected_outweighs_all_that_was_not(
    column: str, corrected: str, others: list[str]
) -> None:
    rows = [{column: word, "published": date(2019, 6, 1)} for word in others]
    late = {column: corrected, "published": date(2019, 6, 9), "corrected": True}
    assert event(*rows, late)[column] == corrected


def test_the_affair_goes_with_the_field() -> None:
    assert event({"field": "health"})["affair"] == "societal"


def test_a_good_event_has_no_severity() -> None:
    assert event({"polarity": "good", "severity": "serious"})["severity"] is None


def test_an_event_is_first_seen_and_titled_by_its_earliest_report() -> None:
    made = event(
        {"published": date(2019, 6, 9), "title": "后报"},
        {"published": date(2019, 6, 2), "title": "先报"},
        {"kind": "response", "published": date(2019, 6, 20)},
        {"kind": "response", "published": date(2019, 6, 15)},
    )
    assert (made["first_seen"], made["title"], made["reports"]) == (date(2019, 6, 2), "先报", 2)
    assert made["answered"] == date(2019, 6, 15)


@pytest.mark.parametrize(
    ("official", "site_city", "kind", "disclosed"),
    [
        (True, CITY, "event", True),
        (True, "330200", "event", False),
        (True, None, "event", False),
        (False, CITY, "event", False),
        (True, CITY, "response", False),
    ],
)
def test_only_a_report_on_the_citys_own_official_site_discloses(
    official: bool, site_city: str | None, kind: str, disclosed: bool
) -> None:
    made = event({}, {"official": official, "site_city": site_city, "kind": kind})
    assert made["disclosed"] is disclosed


def test_an_event_in_no_city_is_left_out() -> None:
    assert ledger.events(pages({"city_code": None})).is_empty()


@pytest.mark.parametrize(
    ("severity", "seen", "burden"),
    [
        ("serious", date(2019, 6, 30), 1),
        ("major", date(2019, 6, 1), 3),
        ("major", date(2019, 5, 31), 3 * 11 / 12),
        ("serious", date(2018, 7, 1), 1 / 12),
        ("serious", date(2018, 6, 30), 0),
        ("serious", date(2019, 7, 1), 0),
        ("ordinary", date(2019, 6, 3), 0),
    ],
)
def test_a_breach_weighs_by_severity_and_age(severity: str, seen: date, burden: float) -> None:
    found = measured({"severity": severity, "published": seen})
    assert found["serious_breach_burden"] == pytest.approx(burden)
    assert found["breaches_12m"] == (burden > 0)


def test_judicial_events_are_events_but_no_breaches() -> None:
    found = measured({"field": "judicial_credibility"})
    assert (found["events_12m"], found["breaches_12m"], found["serious_breach_burden"]) == (1, 0, 0)


def test_good_events_count_as_events_alone() -> None:
    found = measured({"polarity": "good", "severity": None})
    assert (found["events_12m"], found["breaches_12m"]) == (1, 0)


def test_a_breach_is_answered_from_the_day_of_the_response() -> None:
    rows = (
        {"event_id": "e1"},
        {"event_id": "e1", "kind": "response", "published": date(2019, 7, 2)},
    )
    assert measured(*rows)["breaches_answered_12m"] == 0
    assert measured(*rows, period="2019-07")["breaches_answered_12m"] == 1


def test_a_covered_city_without_pages_has_noughts_and_another_has_no_values() -> None:
    read = pages({})
    found = ledger.measures(ledger.events(read), read, PERIOD, pl.Series(["330200"]))
    assert set(found["city_code"]) == {"330200"}
    nothing = found.filter(~pl.col("measure").is_in(["national_rules", "outline_fields"]))
    assert nothing["value"].unique().to_list() == [0]


LIST = "诚信示范企业名单公布。经推荐、评审和社会公示，市信用办决定命名下列企业为年度诚信示范企业。"


def test_exemplars_add_up_and_a_list_printed_twice_counts_once() -> None:
    found = measured(
        {"kind": "exemplar", "count": 30, "text": LIST},
        {"kind": "exemplar", "count": 30, "text": f"据市信用办消息，{LIST}"},
        {"kind": "exemplar", "count": 1},
        {"kind": "exemplar", "count": None},
        {"kind": "exemplar", "count": 500, "published": date(2018, 6, 30)},
    )
    assert found["trust_exemplars_12m"] == 32


def test_warnings_and_propaganda_are_counted_by_item() -> None:
    rows = [
        {"kind": kind, "text": f"{kind}{LIST}{n // 2 * '诚信宣传进校园进社区进乡村'}"}
        for kind in ("risk_warning", "propaganda")
        for n in range(2)
    ]
    found = measured(*rows, {"kind": "propaganda"})
    assert (found["risk_warnings_12m"], found["propaganda_items_12m"]) == (1, 2)


def test_pledges_are_a_stock_and_repair_commitments_are_apart() -> None:
    long_ago = date(2016, 3, 1)
    found = measured(
        {"kind": "pledge", "count": 200, "published": long_ago},
        {
            "kind": "pledge",
            "count": 3,
            "text": "三家企业为信用修复公开作出承诺。",
            "published": long_ago,
        },
        {"kind": "pledge", "count": 70, "published": date(2019, 7, 1)},
    )
    assert (found["pledged_entities"], found["repair_commitments"]) == (200, 3)


def test_rules_count_by_national_document_by_field_and_as_innovations() -> None:
    rule = {"kind": "rule", "published": date(2017, 12, 1)}
    found = measured(
        {**rule, "national_document": "国发〔2016〕33号", "rule_fields": ["finance", "pricing"]},
        {**rule, "national_document": "国发〔2016〕33号", "rule_fields": ["finance"]},
        {**rule, "national_document": "国发〔1999〕1号", "rule_fields": ["judicial_credibility"]},
        {**rule, "rule_fields": ["advertising"]},
        {**rule, "rule_fields": ["environment"]},
    )
    assert found["national_rules_implemented"] == 1
    assert found["outline_fields_covered"] == 4
    assert found["innovative_rules"] == 1
    assert found["outline_fields"] == 20


def test_a_national_document_counts_from_the_month_of_its_issue() -> None:
    before, after = measured(period="2019-06"), measured(period="2019-07")
    assert after["national_rules"] == before["national_rules"] + 1


def test_a_focused_project_counts_once_and_for_the_city_of_the_event() -> None:
    found = measured(
        {"field": "environment", "text": "偷排废水。"},
        {"field": "environment", "text": "篡改在线数据。"},
        {"field": "social_security", "text": "拖欠工资。"},
        {"field": "social_security", "text": "未参加工伤保险。"},
        {"field": "environment", "polarity": "good", "text": "主动治污。", "city_code": "330200"},
        {"kind": "response", "field": "tourism", "text": "强迫购物一事已查处。"},
        {"kind": "propaganda", "field": None, "text": "防范电信网络诈骗宣传。"},
    )
    assert found["focused_governance_projects"] == 3
    assert measured({"city_code": "330200"})["focused_governance_projects"] == 0


def test_there_are_nineteen_projects_each_told_by_known_fields_or_words() -> None:
    declared = projects()
    fields = {field for of_affair in FIELDS.values() for field in of_affair}
    assert len(declared) == 19
    for project in declared.values():
        assert set(project) >= {"zh", "en", "basis"}
        assert project.get("fields") or project.get("words")
        assert set(project.get("fields", ())) <= fields


def test_an_event_may_fall_under_several_projects_or_none() -> None:
    frame = pl.DataFrame(
        [
            ("finance", "以扶贫为名非法集资。"),
            ("pricing", "不明码标价。"),
            (None, "假彩票案告破。"),
        ],
        schema=["field", "text"],
        orient="row",
    )
    found = frame.select(projects_of(pl.col("field"), pl.col("text"))).to_series().to_list()
    assert found == [["finance", "poverty_relief"], [], ["lottery"]]


def test_measures_are_those_of_the_spec_that_articles_give() -> None:
    path = Path(__file__).parents[2] / "data" / "spec" / "measures.csv"
    spec = pl.read_csv(path).filter(pl.col("sources").str.contains("monitoring"))
    counters = {
        "disclosure_records_12m", "credit_website_uptime", "credit_website_clicks_12m",
        "service_platform_uptime", "service_items", "one_stop_items", "contract_cases_12m",
    }  # fmt: skip
    assert set(measured()) == set(spec["measure"]) - counters
