"""Credit codes and identity numbers are told apart, one by one and millions at a time alike.

The codes are those of well-known public bodies and companies; no identity number here is anybody's: no
district has the code 110199.
"""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.credit_code import CHARACTERS, Verdict, check_character, judge, judge_all

REAL = [
    "91110108551385082Q",
    "9144030071526726XG",
    "91330100716105852F",
    "91110000802100433B",
    "11100000000013127D",
    "12100000400000456B",
    "12440600MB2C07549J",
]
NOBODY = "11019919850217123X"
NOBODY_MISSPELT = "110199198502171238"
NOBODY_UNTIL_1999 = "110199850217123"
BOTH = "362322198709086409"
"""Passes as a code and as an identity number; made up at random for a bug report of a code library."""


def all_of(texts: list[str]) -> list[Verdict]:
    return [Verdict(v) for v in judge_all(pl.Series(texts, dtype=pl.String))]


def misspelt(code: str, at: int) -> str:
    """The code with the next character of the alphabet at one place."""
    instead = CHARACTERS[(CHARACTERS.index(code[at]) + 1) % len(CHARACTERS)]
    return code[:at] + instead + code[at + 1 :]


@pytest.mark.parametrize("code", REAL)
def test_codes_that_are_in_use_are_valid(code: str) -> None:
    assert judge(code) is Verdict.VALID
    assert check_character(code[:-1]) == code[-1]


@pytest.mark.parametrize("code", REAL)
@pytest.mark.parametrize("at", [0, 1, *range(8, 18)])
def test_a_wrong_character_is_noticed_wherever_it_is(code: str, at: int) -> None:
    assert judge(misspelt(code, at)) is Verdict.WRONG_CHECK


def test_two_neighbours_that_changed_places_are_noticed() -> None:
    assert judge("91110108551385028Q") is Verdict.WRONG_CHECK


@pytest.mark.parametrize(
    "text",
    [
        "",
        "张三",
        "9111010855138508",
        "91110108551385082QQ",
        "91110108551385082q",
        " 91110108551385082",
        "9111010855138508IQ",
        "9111010855138508OQ",
        "9111010855138508SQ",
        "9111010855138508VQ",
        "9111010855138508ZQ",
        "911101A8551385082Q",
        "91110108\x00551385082",
        "虚构公司名称",
        "13800138000",
    ],
)
def test_what_is_not_written_as_a_code_is_malformed(text: str) -> None:
    assert judge(text) is Verdict.MALFORMED
    assert all_of([text]) == [Verdict.MALFORMED]


@pytest.mark.parametrize("number", [NOBODY, NOBODY_MISSPELT, NOBODY_UNTIL_1999, BOTH])
def test_an_identity_number_is_a_persons_even_if_it_passes_as_a_code(number: str) -> None:
    assert judge(number) is Verdict.PERSON
    assert all_of([number]) == [Verdict.PERSON]


@pytest.mark.parametrize("number", ["110199198513171238", "110199170002171238", "110199851317123"])
def test_a_number_without_a_date_of_birth_is_nobodys(number: str) -> None:
    assert judge(number) in (Verdict.MALFORMED, Verdict.WRONG_CHECK)


def test_a_right_code_that_only_resembles_an_identity_number_is_a_code() -> None:
    first = "11019919850217123"
    code = first + check_character(first)
    assert judge(code) is Verdict.VALID
    assert all_of([code]) == [Verdict.VALID]


def test_missing_texts_are_malformed() -> None:
    assert judge_all(pl.Series([None, REAL[0]])).to_list() == [Verdict.MALFORMED, Verdict.VALID]
    assert judge_all(pl.Series([], dtype=pl.String)).is_empty()


SOME = st.one_of(
    st.text(max_size=20),
    st.text(CHARACTERS, min_size=17, max_size=17).map(lambda t: t + check_character(t)),
    st.from_regex(rf"[{CHARACTERS}]{{2}}[0-9]{{6}}[{CHARACTERS}]{{10}}", fullmatch=True),
    st.from_regex(r"[0-9]{6}(19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9X]", fullmatch=True),
    st.from_regex(r"[0-9]{8}[01][0-9][0-3][0-9]{4}", fullmatch=True),
    st.sampled_from([*REAL, NOBODY, NOBODY_UNTIL_1999, BOTH]),
)


@given(st.lists(SOME, max_size=30))
def test_many_at_once_are_judged_as_each_alone(texts: list[str]) -> None:
    assert all_of(texts) == [judge(text) for text in texts]


@given(st.lists(st.sampled_from([*REAL, *(misspelt(code, 17) for code in REAL)]), min_size=1))
def test_slices_of_a_column_are_judged_alike(texts: list[str]) -> None:
    whole = pl.concat([pl.Series(texts), pl.Series(texts)], rechunk=False)
    assert judge_all(whole.slice(1)).to_list() == [judge(text) for text in (texts * 2)[1:]]
