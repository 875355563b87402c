"""What is refused in reported rows, with row, field and reason, and what is never repeated."""

from collections.abc import Sequence

import polars as pl
import pytest

from indicators.measures import SOURCES, catalogue
from indicators.screen import Screened, screen

Row = dict[str, str | None]

CITIES = [("2019-05", "110000"), ("2019-06", "110000"), ("2019-06", "130100")]
LAST = "2019-06"
AWARDS = {"innovation": 10.0, "safeguards": 5.0}
COLUMNS = ("period", "city_code", "measure", "value", "source")
JOINED = [measure.id for measure in catalogue().values() if len(measure.sources) > 1]


def row(**changes: str | None) -> Row:
    """A good row, but for the changes."""
    good: Row = {
        "period": "2019-06",
        "city_code": "110000",
        "measure": "joint_departments",
        "value": "5",
        "source": None,
    }
    return good | changes


def screened(*rows: Row, awards: dict[str, float] | None = None) -> Screened:
    """Screen rows, which are numbered from 1."""
    return screen(
        pl.DataFrame(
            [(*(each[name] for name in COLUMNS), n) for n, each in enumerate(rows, 1)],
            schema={**dict.fromkeys(COLUMNS, pl.String), "row": pl.Int64},
            orient="row",
        ),
        pl.DataFrame(CITIES, schema=["period", "city_code"], orient="row"),
        catalogue(),
        last_period=LAST,
        sources=SOURCES,
        awards=AWARDS if awards is None else awards,
    )


def refusals(*rows: Row) -> list[tuple[int, str, str]]:
    """Row, field and reason of everything that is refused."""
    return screened(*rows).refused.select("row", "field", "reason").rows()


def taken(*rows: Row) -> Sequence[int]:
    """Numbers of the rows that are taken."""
    return screened(*rows).good["row"].to_list()


# --- what is taken


def test_a_good_row_is_taken_with_its_number_in_the_file() -> None:
    found = screened(row(source="city"))
    assert found.refused.is_empty()
    assert found.good.rows(named=True) == [
        {
            "period": "2019-06",
            "city_code": "110000",
            "measure": "joint_departments",
            "value": 5.0,
            "source": "city",
            "row": 1,
        }
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("5", 5),
        ("5.25", 5.25),
        (" 7 ", 7),
        ("1e3", 1000),
        ("+4", 4),
        ("123456789", 123456789),
    ],
)
def test_a_number_is_taken_as_it_is(text: str, value: float) -> None:
    assert screened(row(value=text)).good["value"].to_list() == [value]


def test_blanks_around_a_text_do_not_matter() -> None:
    spaced = row(
        period=" 2019-06", city_code="110000 ", measure="\tjoint_departments", source=" city "
    )
    assert screened(spaced).good.rows() == screened(row(source="city")).good.rows()


@pytest.mark.parametrize("blank", [None, "", " ", "\t", "\u3000"])
def test_a_row_without_a_value_is_a_gap_and_no_error(blank: str | None) -> None:
    found = screened(row(value=blank))
    assert found.good.is_empty()
    assert found.refused.is_empty()


def test_a_gap_beside_a_value_is_no_duplicate() -> None:
    assert taken(row(), row(value=None), row(value=" ")) == [1]


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("joint_automated", "0"),
        ("joint_automated", "1"),
        ("joint_automated", "1.0"),
        ("credit_website_uptime", "0"),
        ("credit_website_uptime", "1"),
        ("provider_index", "100"),
        ("innovation", "0"),
        ("innovation", "10"),
        ("safeguards", "5"),
        ("joint_departments", "1000000"),
    ],
)
def test_the_largest_and_the_smallest_value_are_taken(measure: str, value: str) -> None:
    assert taken(row(measure=measure, value=value)) == [1]


@pytest.mark.parametrize("source", [None, *SOURCES])
def test_every_known_source_or_none_is_taken(source: str | None) -> None:
    assert taken(row(source=source)) == [1]


@pytest.mark.parametrize("measure", JOINED)
def test_two_sources_of_a_joined_measure_are_no_duplicates(measure: str) -> None:
    first, second = catalogue()[measure].sources
    rows = [row(measure=measure, source=source) for source in (first, second)]
    assert taken(*rows) == [1, 2]


def test_a_gap_is_checked_as_every_row_is() -> None:
    gap = row(value="", city_code="999999", measure="joint_apartments")
    assert refusals(gap) == [(1, "city_code", "city_unknown"), (1, "measure", "measure_unknown")]


# --- what is refused

REFUSED: dict[str, tuple[dict[str, str | None], str, str]] = {
    "a month 13": ({"period": "2019-13"}, "period", "period_malformed"),
    "a month without a hyphen": ({"period": "201906"}, "period", "period_malformed"),
    "a day": ({"period": "2019-06-01"}, "period", "period_malformed"),
    "no period": ({"period": None}, "period", "period_malformed"),
    "an empty period": ({"period": ""}, "period", "period_malformed"),
    "the month after the last": ({"period": "2019-07"}, "period", "period_unknown"),
    "the month before the first": ({"period": "2015-12"}, "period", "period_unknown"),
    "a code of five digits": ({"city_code": "11000"}, "city_code", "city_malformed"),
    "a code of seven digits": ({"city_code": "1100000"}, "city_code", "city_malformed"),
    "a code with a letter": ({"city_code": "11000O"}, "city_code", "city_malformed"),
    "no code": ({"city_code": None}, "city_code", "city_malformed"),
    "a city that is not monitored": ({"city_code": "999999"}, "city_code", "city_unknown"),
    "a city not monitored in the month": (
        {"city_code": "130100", "period": "2019-05"},
        "city_code",
        "city_unknown",
    ),
    "an unknown measure": ({"measure": "joint_apartments"}, "measure", "measure_unknown"),
    "a measure in capitals": ({"measure": "JOINT_DEPARTMENTS"}, "measure", "measure_unknown"),
    "no measure": ({"measure": None}, "measure", "measure_unknown"),
    "an unknown source": ({"source": "rumour"}, "source", "source_unknown"),
    "a word for a number": ({"value": "five"}, "value", "not_a_number"),
    "a number with a thousands separator": ({"value": "1,000"}, "value", "not_a_number"),
    "a number with its unit": ({"value": "5 days"}, "value", "not_a_number"),
    "a percentage": ({"value": "50%"}, "value", "not_a_number"),
    "full-width digits": ({"value": "５"}, "value", "not_a_number"),
    "a Chinese numeral": ({"value": "五"}, "value", "not_a_number"),
    "NaN": ({"value": "NaN"}, "value", "not_finite"),
    "infinity": ({"value": "inf"}, "value", "not_finite"),
    "minus infinity": ({"value": "-inf"}, "value", "not_finite"),
    "a number too large": ({"value": "1e400"}, "value", "not_finite"),
    "a negative number": ({"value": "-1"}, "value", "negative"),
    "half a flag": ({"measure": "joint_automated", "value": "0.5"}, "value", "not_a_flag"),
    "a flag of two": ({"measure": "joint_automated", "value": "2"}, "value", "not_a_flag"),
    "a share above one": (
        {"measure": "credit_website_uptime", "value": "1.01"},
        "value",
        "above_maximum",
    ),
    "an index above a hundred": (
        {"measure": "provider_index", "value": "100.1"},
        "value",
        "above_maximum",
    ),
    "an award above the points": (
        {"measure": "innovation", "value": "10.1"},
        "value",
        "award_above_points",
    ),
    "another award above its points": (
        {"measure": "safeguards", "value": "6"},
        "value",
        "award_above_points",
    ),
}


@pytest.mark.parametrize("wrong", REFUSED)
def test_a_row_is_refused_for(wrong: str) -> None:
    changes, field, reason = REFUSED[wrong]
    good = row(city_code="130100")
    assert refusals(good, row(**changes)) == [(2, field, reason)]
    assert taken(good, row(**changes)) == [1]


def test_a_second_row_for_the_same_key_refuses_both() -> None:
    assert refusals(row(), row(city_code="130100"), row(value="6")) == [
        (1, "measure", "duplicate"),
        (3, "measure", "duplicate"),
    ]
    assert taken(row(), row(city_code="130100"), row(value="6")) == [2]


def test_two_sources_of_a_measure_that_is_not_joined_are_duplicates() -> None:
    rows = [row(source="city"), row(source="ncisp")]
    assert [reason for _, _, reason in refusals(*rows)] == ["duplicate", "duplicate"]


@pytest.mark.parametrize("measure", JOINED)
def test_the_same_source_twice_is_a_duplicate_for_a_joined_measure_too(measure: str) -> None:
    rows = [row(measure=measure, source="city"), row(measure=measure, source="city", value="6")]
    assert [reason for _, _, reason in refusals(*rows)] == ["duplicate", "duplicate"]


def test_every_wrong_field_of_a_row_is_listed_at_once() -> None:
    wrong = row(period="June", city_code="BJ", measure="what", value="many", source="me")
    found = refusals(row(), wrong, row(value="-3", city_code="999999"))
    assert set(found) == {
        (2, "period", "period_malformed"),
        (2, "city_code", "city_malformed"),
        (2, "measure", "measure_unknown"),
        (2, "source", "source_unknown"),
        (2, "value", "not_a_number"),
        (3, "city_code", "city_unknown"),
        (3, "value", "negative"),
    }
    assert [number for number, _, _ in found] == sorted(number for number, _, _ in found)


def test_a_field_has_one_reason_only() -> None:
    worst = [row(measure="joint_automated", value=value) for value in ("nan", "-inf", "-0.5")]
    for number, wrong in enumerate(worst):
        (found,) = refusals(wrong)
        assert found == (1, "value", ("not_finite", "not_finite", "negative")[number])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"period": "2019-13"}, "YYYY-MM"),
        ({"period": "2019-07"}, "2016-01..2019-06"),
        ({"city_code": "1"}, "NNNNNN"),
        ({"measure": "joint_department"}, "joint_departments"),
        ({"measure": "provider_index", "value": "101"}, "0..100"),
        ({"measure": "credit_website_uptime", "value": "2"}, "0..1"),
        ({"measure": "innovation", "value": "11"}, "0..10.0"),
        ({"measure": "joint_automated", "value": "2"}, "0, 1"),
        ({"value": "-1"}, "≥ 0"),
    ],
)
def test_a_refusal_says_what_was_expected(changes: Row, expected: str) -> None:
    assert screened(row(**changes)).refused["expected"].to_list() == [expected]


def test_without_awards_there_is_no_limit_of_points() -> None:
    assert screened(row(measure="innovation", value="99"), awards={}).refused.is_empty()


# --- what is never repeated

YEAR = "a year with a phone number"
PRIVATE = {
    "a name in Chinese": "张三丰",
    "a name of four characters": "欧阳修之",
    "an identity number of 18 digits": "110101199003071234",
    "an identity number that ends with X": "11010119900307123X",
    "a phone number of 11 digits": "13812345678",
    "a phone number with its country": "+8613812345678",
    "a name with a phone number": "张三 13812345678",
    "a name in letters": "Zhang San",
    "a month with a name": "2019-06 张三",
    YEAR: "2017 13812345678",
}
SEPARATED = {
    "a phone number with hyphens": "138-1234-5678",
    "an identity number with hyphens": "110101-199003-07-1234",
    "a phone number after an underscore": "tel_13812345678",
    "an identity number with an underscore": "110101_199003071234",
    "a name in letters with an underscore": "zhang_san",
}


def is_repeated(text: str, field: str) -> bool:
    """Whether a refusal for a text in a field repeats any of it."""
    refused = screened(row(**{field: text})).refused
    written = " ".join(refused.select("found", "expected").rows()[0]) if len(refused) else ""
    everything = written + str(refused.rows())
    return any(part in everything for part in text.split() if part not in ("2017", "2019-06"))


@pytest.mark.parametrize("field", ["city_code", "measure", "source"])
@pytest.mark.parametrize("private", PRIVATE)
def test_what_may_be_about_a_person_is_never_repeated(private: str, field: str) -> None:
    assert refusals(row(**{field: PRIVATE[private]}))
    assert not is_repeated(PRIVATE[private], field)


@pytest.mark.parametrize("private", [name for name in PRIVATE if "number of" not in name])
def test_in_place_of_a_value_it_is_not_repeated_either(private: str) -> None:
    assert not is_repeated(PRIVATE[private], "value")


@pytest.mark.parametrize("measure", ["joint_automated", "credit_website_uptime", "innovation"])
@pytest.mark.parametrize("number", ["110101199003071234", "13812345678"])
def test_a_number_of_a_person_in_place_of_a_value_is_not_repeated(
    number: str, measure: str
) -> None:
    refused = screened(row(measure=measure, value=number)).refused
    assert len(refused) == 1
    assert number not in str(refused.rows())


@pytest.mark.parametrize("private", [name for name in PRIVATE if name != YEAR])
def test_in_place_of_a_period_it_is_not_repeated_either(private: str) -> None:
    assert refusals(row(period=PRIVATE[private]))
    assert not is_repeated(PRIVATE[private], "period")


def test_a_malformed_period_is_not_repeated_as_what_was_expected() -> None:
    assert not is_repeated(PRIVATE[YEAR], "period")


@pytest.mark.parametrize("private", SEPARATED)
def test_separators_do_not_make_it_harmless(private: str) -> None:
    assert not is_repeated(SEPARATED[private], "measure")


def test_what_is_not_repeated_is_told_by_its_length() -> None:
    assert screened(row(measure="张三丰")).refused["found"].to_list() == ["(3)"]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("period", "2019-13"),
        ("city_code", "999999"),
        ("value", "-1.5"),
        ("value", "1,000"),
        ("value", "50%"),
        ("value", "NaN"),
    ],
)
def test_what_cannot_be_about_a_person_is_repeated(field: str, text: str) -> None:
    assert screened(row(**{field: text})).refused["found"].to_list() == [text]


def test_without_a_list_of_sources_any_may_stand_there() -> None:
    rows = pl.DataFrame([{**row(source="a survey"), "row": 2}])
    cities = pl.DataFrame(CITIES, schema=["period", "city_code"], orient="row")
    assert screen(rows, cities, catalogue(), last_period=LAST).refused.is_empty()
