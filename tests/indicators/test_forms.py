"""What editions ask of those who submit."""

from itertools import pairwise

import pytest

from indicators import edition as editions
from indicators.edition import CURRENT
from indicators.forms import PARTS, sections
from indicators.measures import catalogue

KINDS = ("city", "province", "assessor")


def asked(edition: str, kind: str) -> list[str]:
    return [m.id for section in sections(editions.load(edition), kind) for m in section.measures]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("edition", editions.ids())
def test_every_measure_of_a_kind_of_source_that_leaves_or_gate_need_is_asked_once(
    edition: str, kind: str
) -> None:
    loaded = editions.load(edition)
    needed = {*loaded.measures, *loaded.gate_measures}
    needed = {m for m in needed if kind in catalogue()[m].sources}
    assert sorted(asked(edition, kind)) == sorted(needed)


def test_sections_follow_the_tree_and_measures_the_catalogue() -> None:
    found = sections(editions.load(CURRENT), "city")
    numbers = [section.zh.split()[0] for section in found]
    assert numbers == sorted(numbers)
    assert found[0].en == "1.3 Industry credit evaluation and supervision"
    joint = [m.id for m in found[1].measures]
    assert joint.index("local_lists") < joint.index("local_lists_standardised")


def test_what_the_gate_alone_needs_is_asked_last() -> None:
    last = sections(editions.load("model-2019"), "city")[-1]
    assert last.zh == "基本指标"
    assert [m.id for m in last.measures][:2] == ["stock_codes", "stock_codes_converted"]
    assert "double_disclosure_rate" not in [m.id for m in last.measures]
    finding = sections(editions.load("model-2021"), "assessor")[-1]
    assert [m.id for m in finding.measures] == ["basic_indicators"]


def test_an_edition_without_a_second_level_is_parted_by_its_first() -> None:
    found = sections(editions.load("model-2019"), "assessor")
    assert found[0].zh == "1 贯彻落实党中央、国务院决策部署"


@pytest.mark.parametrize(("part", "whole"), PARTS.items())
def test_a_part_and_its_whole_are_submitted_together_and_count_the_same(
    part: str, whole: str
) -> None:
    one, other = catalogue()[part], catalogue()[whole]
    assert one.unit == other.unit
    assert set(one.sources) & set(other.sources) & {"city", "province"}


def test_every_submitted_part_that_the_catalogue_tells_of_is_known() -> None:
    measures = list(catalogue().values())
    told = {
        part.id: whole.id
        for whole, part in pairwise(measures)
        if part.en.startswith("Of these")
        and {"city", "province"} & set(part.sources) & set(whole.sources)
    }
    assert told.items() <= PARTS.items()
