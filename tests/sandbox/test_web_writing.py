"""What pages say: the same facts in many manners, and people who do not exist where people stand."""

import re
from collections import defaultdict
from functools import cache

import polars as pl
import pytest

from sandbox.web.archive import Entry
from sandbox.web.drawn import Draws
from sandbox.web.names import credit_code, identity, person
from sandbox.web.places import Place, places
from sandbox.web.plots import manners
from sandbox.web.writing import Written, write
from scrapers import credit_code as codes
from tests.sandbox.web_country import COUNTRY, MONTH, entry, web

PLACES = places(COUNTRY.cities(MONTH))
_IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{11}[\dX](?!\d)")


@cache
def site_names() -> dict[str, str]:
    return {watched.site.site_id: watched.site.name for watched in web().watched.values()}


def written(one: Entry) -> Written:
    return write(one, site_names(), COUNTRY.seed)


def text(page: Written) -> str:
    lines = ("：".join(one) if isinstance(one, tuple) else one for one in page.paragraphs)
    return "\n".join((page.title, *lines))


@cache
def some() -> list[tuple[Entry, Written]]:
    return [(one, written(one)) for one in web().archive.entries[::12]]


def test_no_slot_is_left_open() -> None:
    for _, page in some():
        assert not re.search(r"[{}]|None", text(page) + page.source), page
        assert page.title
        assert page.source
        assert page.paragraphs


def test_all_reports_of_an_event_name_whom_it_is_about() -> None:
    told = defaultdict(list)
    for one in web().archive.entries[:1200]:
        if one.event is not None and one.kind == "event":
            told[one.event].append(text(written(one)))
    several = [texts for texts in told.values() if len(texts) > 2]
    assert len(several) > 10
    for texts in several:
        shared = set.intersection(
            *(set(map("".join, zip(t, t[1:], t[2:], t[3:], strict=False))) for t in texts)
        )
        assert len(shared) > 3  # the firm's name at least


def test_manners_differ_in_words() -> None:
    by_manner = {
        name: text(written(entry("event", name)))
        for name in ("official", "press", "rewrite", "court")
    }
    assert len(set(by_manner.values())) == len(by_manner)
    assert {
        "official",
        "table",
        "press",
        "good_press",
        "rewrite",
        "court",
        "brief",
        "response",
    } <= set(manners())


def test_a_reprint_has_the_text_of_the_first_report_and_names_its_source() -> None:
    again = next(one for one in web().archive.entries if one.reprints is not None)
    assert again.reprints is not None
    first, reprint = written(again.reprints), written(again)
    assert reprint.paragraphs == first.paragraphs
    assert reprint.source != first.editor
    assert again.site != again.reprints.site


@pytest.mark.parametrize("kind", ["event", "other"])
def test_people_stand_in_the_text_and_are_told_to_whoever_checks(kind: str) -> None:
    persons = [(one, page) for one, page in some() if one.kind == kind and len(page.persons) > 1]
    assert len(persons) > 20
    for _, page in persons:
        for somebody in page.persons[:-1]:
            assert somebody in text(page)
        assert page.persons[-1] == page.editor


def test_identity_numbers_are_right_but_nobody_has_them() -> None:
    found = {match[0] for _, page in some() for match in _IDENTITY.finditer(text(page))}
    assert found
    for number in found:
        assert number[3:6] == "199"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
        assert number[-1] == "10X98765432"[total % 11]


def test_codes_of_enterprises_are_valid() -> None:
    place, draws = PLACES["330782"], Draws("test")
    made = pl.Series([credit_code(draws, place, at) for at in range(50)])
    assert codes.judge_all(made).n_unique() == 1
    assert all(codes.judge(code) is codes.Verdict.VALID for code in made)


def test_names_and_numbers_are_the_same_when_drawn_again() -> None:
    place = PLACES["110000"]
    assert person(Draws(1), "a") == person(Draws(1), "a") != person(Draws(2), "a")
    assert identity(Draws(1), place, "a") == identity(Draws(1), place, "a")


def test_places_have_areas_of_their_own() -> None:
    assert "西湖区" in PLACES["330100"].areas
    assert "海淀区" in PLACES["110000"].areas
    assert not {place.name for place in PLACES.values()} & set(PLACES["330700"].areas)
    assert PLACES["330782"].parent == "330700"
    assert all(isinstance(place, Place) and len(place.areas) > 2 for place in PLACES.values())


def test_some_pages_are_hostile() -> None:
    pages = [text(page) for _, page in some()]
    assert any("<script>" in page for page in pages)
    assert any("previous instructions" in page or "自动程序" in page for page in pages)
    assert sum("<script>" in page for page in pages) < len(pages) / 30


def test_who_is_not_of_the_city_does_not_call_it_ours() -> None:
    afar = [one for one in web().archive.entries if one.site.startswith(("media_", "court_"))]
    for one in afar[:600]:
        assert not re.search(r"我市|本市", text(written(one)))


def test_texts_are_many() -> None:
    pages = pl.Series([text(page) for _, page in some()])
    assert pages.n_unique() > 0.93 * len(pages)
