"""Loading editions: the good ones in full, and every kind of wrong file refused by name."""

import hashlib
from pathlib import Path

import pytest

from indicators import edition
from indicators.edition import Edition, EditionError

FILE = "small.toml"
GOOD = """\
id = "small"
revision = 1
kind = "model_city"
title_zh = "小"
title_en = "Small"
citation = "made up"
valid_from = "2016-01"
classes = ["provincial", "prefecture", "county"]
points = 10
bonus = 2

[assumptions.share]
zh = "假定"
en = "assumed"

[[node]]
no = "1"
zh = "一"
en = "One"
points = 10

[[node]]
no = "1.1"
zh = "一一"
en = "One one"

[[node]]
no = "2"
zh = "二"
en = "Two"
points = 2
bonus = true

[[leaf]]
id = "first"
under = "1.1"
zh = "第一"
en = "First"
points = 6
sources = ["city"]
expression = "joint_departments / departments"
rule = "share"
parameters = { empty = 0 }
basis = "assumed"

[[leaf]]
id = "second"
under = "1"
zh = "第二"
en = "Second"
points = 4
sources = ["city"]
expression = "joint_cases"
rule = "deduct"
parameters = { step = 1, penalty = 0.5 }
basis = "printed"

[[leaf]]
id = "third"
under = "2"
zh = "第三"
en = "Third"
points = 2
sources = ["assessor"]
expression = "innovation"
rule = "assessor"
basis = "printed"
"""


def read(folder: Path, text: str = GOOD, name: str = FILE) -> Edition:
    """Write an edition file and read it."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return edition.read(path)


def altered(*changes: tuple[str, str]) -> str:
    """The good file with something else in the first place where each old text stands."""
    text = GOOD
    for old, new in changes:
        assert old in text, f"{old!r} is not in the good file"
        text = text.replace(old, new, 1)
    return text


def without(entry: str, key: str) -> str:
    """The good file but for one key of the node or leaf that has the line `entry`."""
    before, after = GOOD.split(entry, 1)
    lines = after.splitlines(keepends=True)
    lines.remove(next(line for line in lines if line.startswith(f"{key} = ")))
    return before + entry + "".join(lines)


# --- good files


def test_the_good_file_is_read(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert [leaf.id for leaf in found.leaves] == ["first", "second", "third"]
    assert found.points_possible == 12
    assert found.digest == hashlib.sha256(GOOD.encode()).hexdigest()
    assert found.measures == ("joint_departments", "departments", "joint_cases", "innovation")


@pytest.mark.parametrize("edition_id", edition.ids())
def test_every_edition_of_the_project_is_good(edition_id: str) -> None:
    found = edition.load(edition_id)
    assert found.id == edition_id
    assert sum(leaf.points for leaf in found.leaves) == found.points_possible
    for leaf in found.leaves:
        for lang in ("zh", "en"):
            assert found.reason(leaf, lang) or leaf.basis == "printed"


def test_the_current_edition_comes_first() -> None:
    assert edition.ids()[0] == edition.CURRENT == "cci-2019"
    assert edition.ids()[1:] == ["model-2016", "model-2017", "model-2019", "model-2021"]


def test_an_unknown_edition_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"cci-2020.*cci-2019.*model-2021"):
        edition.load("cci-2020")


def test_an_unknown_leaf_is_named_with_those_there_are(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.leaf("second").points == 4
    with pytest.raises(KeyError, match=r"small has no leaf 'fourth'.*first.*second.*third"):
        found.leaf("fourth")


def test_the_joint_leaf_hangs_on_three_nodes() -> None:
    leaf = edition.load("cci-2019").leaf("serious_breaches")
    assert leaf.under == ("1.6.1", "1.6.2", "1.6.3")
    assert leaf.path == ("1", "1.6", "1.6.1|1.6.2|1.6.3")


def test_every_node_is_scored_once_and_the_whole_first() -> None:
    for edition_id in edition.ids():
        scored = list(edition.load(edition_id).scored_nodes)
        names = [name for _, name, _ in scored]
        assert scored[0][:2] == (0, "total")
        assert len(names) == len(set(names))


@pytest.mark.parametrize("period", ["2016-01", "2019-06", "2031-12"])
def test_a_month_from_valid_from_on_is_valid(period: str) -> None:
    edition.load("cci-2019").refuse_period(period)


def test_a_month_before_valid_from_is_refused() -> None:
    with pytest.raises(
        ValueError, match="cci-2019 is not valid in 2015-12; expected 2016-01 to now"
    ):
        edition.load("cci-2019").refuse_period("2015-12")


def test_the_last_month_is_valid_and_the_next_is_not(tmp_path: Path) -> None:
    text = altered(('valid_from = "2016-01"', 'valid_from = "2016-01"\nvalid_to = "2018-12"'))
    found = read(tmp_path, text)
    found.refuse_period("2018-12")
    with pytest.raises(ValueError, match="2016-01 to 2018-12"):
        found.refuse_period("2019-01")


# --- wrong files

FIRST = 'id = "first"'
WRONG: dict[str, tuple[list[tuple[str, str]], str]] = {
    "is no TOML": ([('id = "small"', "id = small")], "not TOML"),
    "has another id than its name": ([('id = "small"', 'id = "tiny"')], "id is 'tiny'.*'small'"),
    "has no kind": ([('kind = "model_city"\n', "")], "'kind' is missing"),
    "has no points": ([("points = 10\nbonus = 2", "bonus = 2")], "'points' is missing"),
    "has a node twice": ([('no = "1.1"', 'no = "2"'), ('"1.1"', '"1"')], "node 2 stands twice"),
    "has a leaf twice": ([('id = "second"', FIRST)], "leaf first stands twice"),
    "has a leaf on no node": ([('under = "1.1"', 'under = "1.9"')], "leaf first: hangs on 1.9"),
    "has a node without leaves": ([('under = "1.1"', 'under = "1"')], "node 1.1: no leaf"),
    "has leaves that do not add up to a node": (
        [("points = 4", "points = 3"), ("points = 10\nbonus = 2", "points = 9\nbonus = 2")],
        "node 1: its leaves have 9 points; printed are 10",
    ),
    "has leaves that do not add up to the whole": (
        [("points = 10\nbonus = 2", "points = 11\nbonus = 2")],
        "all leaves have 12 points; printed are 13",
    ),
    "has a leaf of no points": (
        [("points = 4", "points = 0"), ("points = 6", "points = 10")],
        "leaf second: has 0 points",
    ),
    "has a leaf of negative points": (
        [("points = 4", "points = -1"), ("points = 6", "points = 11")],
        "leaf second: has -1 points",
    ),
    "names an unknown measure": (
        [("/ departments", "/ apartments")],
        "leaf first: measure 'apartments' is not in the catalogue",
    ),
    "has an expression that does not parse": (
        [("joint_departments / departments", "joint_departments /")],
        "leaf first: .*does not parse",
    ),
    "has an expression that is no arithmetic": (
        [("joint_departments / departments", "SUM(departments)")],
        r"leaf first: .*SUM\(departments\).*not allowed",
    ),
    "sums something else over the nation": (
        [("joint_departments / departments", "nation(departments, joint_departments)")],
        r"leaf first: .*is not nation\(measure\)",
    ),
    "names an unknown source": (
        [('sources = ["city"]', 'sources = ["city", "rumour"]')],
        "leaf first: source 'rumour' is unknown",
    ),
    "gives its sources as a text": ([('sources = ["city"]', 'sources = "city"')], "leaf first:"),
    "names an unknown rule": (
        [('rule = "share"', 'rule = "portion"'), ("assumptions.share", "assumptions.portion")],
        "leaf first: rule 'portion' is unknown",
    ),
    "lacks a parameter of a rule": (
        [("{ step = 1, penalty = 0.5 }", "{ step = 1 }")],
        "leaf second: rule deduct needs the parameter penalty",
    ),
    "has a parameter that the rule does not have": (
        [("{ empty = 0 }", "{ empty = 0, times = 2 }")],
        "leaf first: rule share has no parameter times",
    ),
    "has a relative rule with no direction": (
        [
            ('rule = "share"\nparameters = { empty = 0 }', 'rule = "relative"'),
            ("share]", "relative]"),
        ],
        "leaf first: rule relative needs the parameter better",
    ),
    "has an unknown basis": (
        [('basis = "assumed"', 'basis = "guessed"')],
        "leaf first: basis is 'guessed'",
    ),
    "assumes without a reason": (
        [("assumptions.share", "assumptions.flag")],
        "leaf first: is assumed without a reason",
    ),
    "gives a reason in one language": (
        [("assumptions.share", "assumptions.flag"), (FIRST, FIRST + '\nreason_en = "so"')],
        "leaf first: is assumed without a reason",
    ),
    "awards an expression": (
        [('expression = "innovation"', 'expression = "innovation / 2"')],
        "leaf third: an award is one measure",
    ),
    "has a leaf without an id": ([(FIRST + "\n", "")], "missing"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_edition_is_refused_that(wrong: str, tmp_path: Path) -> None:
    changes, message = WRONG[wrong]
    with pytest.raises(EditionError, match=message) as refusal:
        read(tmp_path, altered(*changes))
    assert str(refusal.value).startswith(f"{FILE}: ")


@pytest.mark.parametrize(
    "key", ["under", "zh", "en", "points", "sources", "expression", "rule", "basis"]
)
def test_a_leaf_without_a_key_is_refused_with_file_and_key(key: str, tmp_path: Path) -> None:
    with pytest.raises(EditionError, match=f"^{FILE}: .*'{key}'"):
        read(tmp_path, without(FIRST, key))


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = altered(("/ departments", "/ apartments"), ("penalty = 0.5", "times = 5"))
    with pytest.raises(EditionError) as refusal:
        read(tmp_path, text)
    lines = str(refusal.value).splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"{FILE}: leaf ") for line in lines)


@pytest.mark.parametrize(("entry", "key"), [('no = "1.1"', "zh"), ('no = "1.1"', "en")])
def test_a_node_without_a_key_is_refused_with_file_and_key(
    entry: str, key: str, tmp_path: Path
) -> None:
    with pytest.raises(EditionError, match=f"^{FILE}: .*'{key}'"):
        read(tmp_path, without(entry, key))


@pytest.mark.parametrize("entry", [FIRST, 'no = "1.1"'])
def test_an_unknown_key_is_refused_with_file_and_key(entry: str, tmp_path: Path) -> None:
    with pytest.raises(EditionError, match=f"^{FILE}: .*'weight'"):
        read(tmp_path, altered((entry, f"{entry}\nweight = 2")))


# --- findings: wrong files that are taken, or refused without saying where

SHARE = 'rule = "share"\nparameters = { empty = 0 }'


def ruled(rule: str, parameters: str) -> list[tuple[str, str]]:
    """Give the first leaf another rule."""
    new = f'rule = "{rule}"\nparameters = {{ {parameters} }}'
    return [(SHARE, new), ("assumptions.share", f"assumptions.{rule}")]


WRONG_IN_FORM: dict[str, list[tuple[str, str]]] = {
    "an unknown kind": [('"model_city"', '"model-city"')],
    "an unknown class": [('"county"]', '"village"]')],
    "a valid_from that is no month": [('"2016-01"', '"January 2016"')],
    "a leaf without sources": [('sources = ["city"]', "sources = []")],
    "points in quotes": [("points = 6", 'points = "6"')],
    "a bonus in quotes": [("bonus = 2", 'bonus = "2"')],
    "parameters that are no table": [("parameters = { empty = 0 }", 'parameters = "none"')],
    "a step of zero": [("step = 1", "step = 0")],
    "a negative step": [("step = 1", "step = -1")],
    "a step in quotes": [("step = 1", 'step = "1"')],
    "a low that is the high": ruled("linear", "low = 1, high = 1"),
    "a band without points": ruled("bands", "bands = [[1.0]]"),
    "a band of more than the points": ruled("bands", "bands = [[1.0, 60]]"),
    "zero times": ruled("multiple", "times = 0"),
    "an assumption without English": [('en = "assumed"\n', "")],
    "a leaf named like a node": [(FIRST, 'id = "1.1"')],
    "an expression of no measure": [('"joint_departments / departments"', '"7"')],
    "an open quote in an expression": [('"joint_departments / departments"', '"\'x"')],
}


@pytest.mark.parametrize("wrong", WRONG_IN_FORM)
def test_an_edition_is_refused_for_a_wrong_entry(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(EditionError, match=f"^{FILE}: "):
        read(tmp_path, altered(*WRONG_IN_FORM[wrong]))


@pytest.mark.parametrize(
    ("entry", "key", "name"),
    [
        (FIRST, "under", "first"),
        (FIRST, "zh", "first"),
        (FIRST, "rule", "first"),
        ('no = "1.1"', "zh", "1.1"),
        ('no = "1.1"', "en", "1.1"),
    ],
)
def test_a_missing_key_is_told_with_its_entry(
    entry: str, key: str, name: str, tmp_path: Path
) -> None:
    with pytest.raises(EditionError, match=name):
        read(tmp_path, without(entry, key))
