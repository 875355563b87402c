"""Loading editions: the good ones in full, and every kind of wrong file refused by name."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from indicators import edition
from indicators.edition import Edition, EditionError
from indicators.edition_checks import is_id
from indicators.edition_text import draft, final
from indicators.subjects import subjects

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
    assert edition.ids()[1:] == [
        "cci-2020",
        "model-2016",
        "model-2017",
        "model-2019",
        "model-2021",
    ]


def test_an_unknown_edition_is_named_with_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"cci-2031.*cci-2019.*model-2021"):
        edition.load("cci-2031")


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
    "has a key that no edition has": (
        [("bonus = 2\n\n", "bonus = 2\nbonuses = 3\n\n")],
        "bonuses: no such key; there are .*bonus",
    ),
    "has another status": (
        [("revision = 1", 'revision = 1\nstatus = "done"')],
        "status is 'done'; expected draft or final",
    ),
    "has a revision that is no number": ([("revision = 1", 'revision = "1"')], "revision is '1'"),
    "has a node of an unknown subject": (
        [('no = "1.1"', 'no = "1.1"\nsubject = "weather"')],
        "node 1.1: subject 'weather' is not one of central_decisions",
    ),
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
    "assumes something of a rule that there is not": (
        [("assumptions.share", "assumptions.shares")],
        r"\[assumptions.shares\] is of no rule; there are flag",
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


def test_entries_that_cannot_be_read_are_all_told(tmp_path: Path) -> None:
    text = altered(('no = "1.1"', 'no = "1.1"\nweight = 2'), ("/ departments", "/"))
    with pytest.raises(EditionError) as refusal:
        read(tmp_path, text)
    told = str(refusal.value).splitlines()
    assert [line.split(":")[1] for line in told] == [" node 1.1", " leaf first"]


# --- subjects


def test_a_leaf_is_about_what_its_nearest_indicator_is_about(tmp_path: Path) -> None:
    text = altered(
        ('no = "1"\n', 'no = "1"\nsubject = "supervision"\n'),
        ('no = "1.1"\n', 'no = "1.1"\nsubject = "finance"\n'),
        ('no = "2"\n', 'no = "2"\nsubject = "innovation"\n'),
    )
    found = read(tmp_path, text)
    assert [found.subject_of(leaf) for leaf in found.leaves] == [
        "finance",
        "supervision",
        "innovation",
    ]
    assert found.points_by_subject == {"finance": 6, "supervision": 4, "innovation": 2}


def test_a_leaf_over_several_indicators_has_a_subject_too() -> None:
    found = edition.load("cci-2019")
    assert found.subject_of(found.leaf("serious_breaches")) == "serious_breaches"


@pytest.mark.parametrize("edition_id", edition.ids())
def test_points_by_subject_add_up_to_the_whole(edition_id: str) -> None:
    found = edition.load(edition_id)
    assert set(found.points_by_subject) <= set(subjects())
    assert sum(found.points_by_subject.values()) == found.points_possible


@pytest.mark.parametrize(
    ("of", "moved"),
    [
        (["information_sharing"], [15, 17, 25]),
        (["supervision"], [10, 22, 25]),
        (["government", "commercial", "societal", "judicial"], [32, 24, 6]),
    ],
)
def test_weight_moved_between_editions_as_figure_8_prints(of: list[str], moved: list[int]) -> None:
    editions = [edition.load(f"model-{year}") for year in (2017, 2019, 2021)]
    assert moved == [sum(e.points_by_subject.get(s, 0) for s in of) for e in editions]


def test_the_four_general_areas_are_marked() -> None:
    general = [subject.id for subject in subjects().values() if subject.general]
    assert general == ["government", "commercial", "societal", "judicial"]


# --- the gate


def test_the_gate_of_2019_has_ten_basic_indicators() -> None:
    found = edition.load("model-2019")
    assert [basic.no for basic in found.basic] == [str(n) for n in range(1, 11)]
    asked = {
        condition.id: (condition.indicator, condition.comparison, condition.threshold)
        for condition in found.gate
    }
    assert asked == {
        "stock_codes_converted": ("1", "at least", 1),
        "code_defects": ("2", "below", 0.0001),
        "government_breaches_corrected": ("3", "at least", 1),
        "service_halls_connected": ("4", "at least", 1),
        "disclosure_reported": ("5", "at least", 1),
        "credit_reports_filed": ("6", "at least", 0.8),
        "blacklisted_out": ("7", "at least", 0.3),
        "repair_training_reach": ("8", "at least", 0.5),
        "pledges_market_entities": ("9", "at least", 0.9),
        "pledges_matters": ("9", "at least", 19),
        "pledges_approvals": ("9", "at least", 1),
        "pledges_blacklisted": ("9", "at least", 1),
        "counties_monitored": ("10", "at least", 1),
        "monitoring_place": ("10", "at most", 100),
        "not_summoned": ("10", "at most", 0),
    }


def test_a_provincial_class_city_is_asked_for_summonses_and_others_for_a_place() -> None:
    asked = {c.id: c.classes for c in edition.load("model-2019").gate}
    assert asked["monitoring_place"] == ("prefecture", "county")
    assert asked["not_summoned"] == ("provincial",)
    assert asked["code_defects"] == ("provincial", "prefecture", "county")


def test_the_gate_of_2021_is_a_finding_that_assessors_can_give() -> None:
    found = edition.load("model-2021")
    (condition,) = found.gate
    assert (condition.kind, condition.basis) == ("assessor", "assumed")
    assert condition.reason_zh
    assert condition.reason_en
    assert found.awards["basic_indicators"] == 1
    assert found.gate_measures == ("basic_indicators",)
    assert "basic_indicators" not in found.measures


@pytest.mark.parametrize("edition_id", ["cci-2019", "cci-2020", "model-2016", "model-2017"])
def test_the_other_editions_have_no_gate(edition_id: str) -> None:
    found = edition.load(edition_id)
    assert (found.basic, found.gate, found.gate_measures) == ((), (), ())


GATE = """
[[basic]]
no = "1"
zh = "一"
en = "One"

[[gate]]
id = "shared"
indicator = "1"
zh = "共享"
en = "Sharing"
kind = "measured"
expression = "departments_sharing / departments"
empty = 1
comparison = "at least"
threshold = 0.9
unit = "share"
basis = "printed"
"""


def test_a_gate_is_read(tmp_path: Path) -> None:
    (condition,) = read(tmp_path, GOOD + GATE).gate
    assert condition.expression
    assert condition.expression.measures == ("departments_sharing", "departments")
    assert condition.classes == ("provincial", "prefecture", "county")
    assert condition.empty == 1


WRONG_GATES: dict[str, tuple[str, str, str]] = {
    "belongs to no basic indicator": (
        'indicator = "1"',
        'indicator = "2"',
        "gate shared: belongs to 2, no basic indicator",
    ),
    "has an unknown kind": ('"measured"', '"guessed"', "gate shared: kind is 'guessed'"),
    "has an unknown comparison": ('"at least"', '"above"', "gate shared: comparison is 'above'"),
    "has an unknown unit": ('unit = "share"', 'unit = "shares"', "gate shared: unit is 'shares'"),
    "has no number": ("threshold = 0.9", 'threshold = "most"', "gate shared: threshold is 'most'"),
    "asks a class that there is not": (
        "empty = 1",
        'classes = ["village"]',
        "gate shared: classes are .*village",
    ),
    "names an unknown measure": (
        "/ departments",
        "/ apartments",
        "gate shared: measure 'apartments'",
    ),
    "assumes without a reason": (
        'basis = "printed"',
        'basis = "assumed"',
        "gate shared: is assumed without a reason",
    ),
    "has no expression": (
        'expression = "departments_sharing / departments"\n',
        "",
        "gate shared: a condition has an expression",
    ),
    "is of a place and has an expression": (
        '"measured"',
        '"place"',
        "gate shared: kind is place and unit share",
    ),
    "finds an expression": (
        '"measured"',
        '"assessor"',
        "gate shared: a finding is one measure",
    ),
    "lacks a key": ("threshold = 0.9\n", "", "gate shared: .*threshold"),
    "has a key too many": ("empty = 1", "empty = 1\nweight = 2", "gate shared: .*weight"),
}


@pytest.mark.parametrize("wrong", WRONG_GATES)
def test_a_gate_is_refused_that(wrong: str, tmp_path: Path) -> None:
    old, new, message = WRONG_GATES[wrong]
    assert old in GATE
    with pytest.raises(EditionError, match=f"(?m)^{FILE}: {message}"):
        read(tmp_path, GOOD + GATE.replace(old, new, 1))


def test_a_basic_indicator_without_conditions_is_refused(tmp_path: Path) -> None:
    basic = '\n[[basic]]\nno = "2"\nzh = "二"\nen = "Two"\n'
    with pytest.raises(EditionError, match="basic indicator 2: no condition belongs to it"):
        read(tmp_path, GOOD + GATE + basic)


# --- editions that an installation wrote


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that is searched for editions."""
    edition.search(tmp_path)
    yield tmp_path
    edition.search()


def write_draft(folder: Path, edition_id: str = "cci-2031") -> Path:
    """A draft from the current edition."""
    path = folder / f"{edition_id}.toml"
    written = edition.file_of("cci-2019").read_text(encoding="utf-8")
    path.write_text(draft(written, edition_id), encoding="utf-8")
    return path


def test_a_draft_is_found_and_loaded(folder: Path) -> None:
    path = write_draft(folder)
    assert "cci-2031" in edition.ids()
    assert edition.file_of("cci-2031") == path
    found = edition.load("cci-2031")
    assert (found.status, found.frozen) == ("draft", None)
    assert found.leaves == edition.load("cci-2019").leaves


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    before = edition.ids()
    edition.search(tmp_path / "nowhere")
    assert edition.ids() == before


def test_a_draft_is_read_again_where_it_changed(folder: Path) -> None:
    path = write_draft(folder)
    first = edition.load("cci-2031")
    text = path.read_text(encoding="utf-8").replace("revised:", "revised anew:")
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(0, 0))
    assert edition.load("cci-2031").title_en != first.title_en


def test_readers_are_shown_what_is_final_and_no_draft_of_an_installation(folder: Path) -> None:
    path = write_draft(folder)
    assert "cci-2031" not in edition.public_ids()
    assert "cci-2020" in edition.public_ids()
    frozen = final(path.read_text(encoding="utf-8"), 1, edition.load("cci-2031").substance)
    path.write_text(frozen, encoding="utf-8")
    os.utime(path, ns=(0, 0))
    assert "cci-2031" in edition.public_ids()
    assert "cci-2031" in [one.id for one in edition.final()]
    assert "cci-2020" not in [one.id for one in edition.final()]


def test_a_draft_that_is_no_toml_at_the_moment_stops_nobody(folder: Path) -> None:
    (folder / "cci-2031.toml").write_text('status = "draft"\nid = ', encoding="utf-8")
    assert "cci-2031" not in edition.public_ids()
    assert edition.final()


def test_a_file_of_the_name_of_a_shipped_edition_is_refused(folder: Path) -> None:
    (folder / "cci-2019.toml").write_text("", encoding="utf-8")
    with pytest.raises(EditionError, match=r"cci-2019.toml: an edition cci-2019 is shipped"):
        edition.load("cci-2019")


def test_a_file_whose_name_can_be_no_id_is_left_out(folder: Path) -> None:
    write_draft(folder, "Mine|2031")
    assert not [name for name in edition.ids() if "Mine" in name]
    with pytest.raises(KeyError, match="no edition"):
        edition.load("Mine|2031")


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("cci-2020", True),
        ("cci-2020-draft", True),
        ("model-2021-a-b2", True),
        ("cci", False),
        ("cci-2020|x", False),
        ("../cci-2020", False),
        ("CCI-2020", False),
        ("cci-2020-", False),
    ],
)
def test_names_of_editions(name: str, good: bool) -> None:
    assert is_id(name) == good


# --- drafts and final editions


def test_an_edition_without_subjects_can_be_read_and_not_worked_with(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text(GOOD, encoding="utf-8")
    assert edition.read(path).status == "final"
    with pytest.raises(EditionError) as refusal:
        edition.read_current(path)
    for told in (
        "leaf first: no node up its path has a subject",
        "status is final, and it was never frozen",
    ):
        assert told in str(refusal.value)


def frozen_draft(folder: Path) -> Path:
    path = write_draft(folder)
    text = final(path.read_text(encoding="utf-8"), 1, edition.load("cci-2031").substance)
    path.write_text(text, encoding="utf-8")
    return path


def test_freezing_records_what_an_edition_says_and_not_how_it_is_laid_out(folder: Path) -> None:
    path = frozen_draft(folder)
    text = path.read_text(encoding="utf-8")
    path.write_text("# A remark.\n" + text.replace("bonus = 0", "bonus    = 0"), encoding="utf-8")
    found = edition.read_current(path)
    assert found.status == "final"
    assert found.frozen
    assert found.frozen.sha256 == found.substance


@pytest.mark.parametrize("status", ["final", "draft"])
def test_a_frozen_edition_that_was_changed_is_refused_by_name(folder: Path, status: str) -> None:
    path = frozen_draft(folder)
    text = path.read_text(encoding="utf-8")
    changed = text.replace("penalty = 0.5", "penalty = 0.25")
    changed = changed.replace('status = "final"', f'status = "{status}"')
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(
        EditionError, match=r"^cci-2031.toml: was frozen as revision 1 and has been"
    ):
        edition.read_current(path)


def test_a_raised_revision_is_a_draft_until_it_is_frozen(folder: Path) -> None:
    path = frozen_draft(folder)
    raised = path.read_text(encoding="utf-8").replace("revision = 1", "revision = 2", 1)
    path.write_text(raised, encoding="utf-8")
    with pytest.raises(EditionError, match="revision 2 is final, and only revision 1 was frozen"):
        edition.read_current(path)
    path.write_text(raised.replace('status = "final"', 'status = "draft"'), encoding="utf-8")
    assert edition.read_current(path).revision == 2


def test_a_revision_does_not_fall_behind_the_frozen_one(folder: Path) -> None:
    path = write_draft(folder)
    text = final(path.read_text(encoding="utf-8"), 2, "0" * 64)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EditionError, match="revision is 1, and revision 2 was frozen before"):
        edition.read_current(path)


@pytest.mark.parametrize(
    "edition_id", ["cci-2019", "model-2016", "model-2017", "model-2019", "model-2021"]
)
def test_the_shipped_editions_are_final_and_frozen(edition_id: str) -> None:
    found = edition.load(edition_id)
    assert found.status == "final"
    assert found.frozen
    assert found.frozen.sha256 == found.substance


# --- a draft from another edition


@pytest.mark.parametrize("edition_id", edition.ids())
def test_a_draft_keeps_everything_but_its_name_and_state(edition_id: str) -> None:
    old = edition.file_of(edition_id).read_text(encoding="utf-8")
    new = draft(old, "cci-2031-b").splitlines()
    changed = [line for line in old.splitlines() if line not in new]
    keys = {line.split(" = ")[0] for line in changed if line}
    assert keys <= {"id", "title_zh", "title_en", "status", "[frozen]", "sha256"}
    comments = [line for line in old.splitlines() if line.startswith("#")]
    assert [line for line in new if line.startswith("#")][2:] == comments
