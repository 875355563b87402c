"""What one edition changed of another."""

from dataclasses import replace

import pytest

from indicators import edition
from indicators.edition_diff import changes, gate_changes
from indicators.expression import Expression

CCI = edition.load("cci-2019")


def altered(leaf_id: str, **new: object) -> edition.Edition:
    """The current edition with one leaf that is otherwise."""
    return replace(
        CCI,
        leaves=tuple(
            replace(leaf, **new) if leaf.id == leaf_id else leaf  # type: ignore[arg-type]  # fields of any
            for leaf in CCI.leaves
        ),
    )


def test_an_edition_changed_nothing_of_itself() -> None:
    assert changes(CCI, CCI) == []


@pytest.mark.parametrize(
    ("kind", "new"),
    [
        ("reweighted", {"points": 2}),
        ("expression", {"expression": Expression("joint_cases_12m / legal_entities")}),
        ("rule", {"parameters": {"better": "lower"}}),
        ("rule", {"rule": "share", "parameters": {}}),
        ("sources", {"sources": ("province",)}),
        ("subject", {"under": ("3.1.1",)}),
    ],
)
def test_a_change_of_a_leaf_is_named(kind: str, new: dict[str, object]) -> None:
    (change,) = changes(CCI, altered("joint_cases", **new))
    assert (change.leaf, change.kinds) == ("joint_cases", (kind,))


def test_several_changes_of_a_leaf_are_one_line() -> None:
    (change,) = changes(CCI, altered("joint_cases", points=2, sources=("province",)))
    assert change.kinds == ("reweighted", "sources")
    assert change.before
    assert change.after
    assert (change.before.points, change.after.points) == (4, 2)


def test_what_is_in_one_edition_alone_was_added_or_dropped() -> None:
    without = replace(CCI, leaves=CCI.leaves[1:])
    (dropped,), (added,) = changes(CCI, without), changes(without, CCI)
    assert (dropped.kinds, dropped.after) == (("dropped",), None)
    assert (added.kinds, added.before) == (("added",), None)
    assert dropped.leaf == added.leaf == "trust_exemplars"


def test_2021_changed_of_2019_what_the_figures_print() -> None:
    found = {
        change.leaf: change
        for change in changes(edition.load("model-2019"), edition.load("model-2021"))
    }
    sharing = {name for name, change in found.items() if change.subject == "information_sharing"}
    assert sharing == {
        "code_coverage",
        "data_error_rate",
        "departments_sharing",
        "web_portal",
        "national_joint_database",
        "double_disclosure",
        "investment_funds_registered",
        "data_security",
    }
    assert found["departments_sharing"].kinds == ("reweighted",)
    assert found["data_error_rate"].kinds == ("rule",)
    assert found["data_security"].kinds == ("added",)
    assert found["code_coverage"].kinds == ("dropped",)
    assert found["credit_loans"].kinds == ("reweighted", "expression", "rule", "sources")


def test_changes_come_by_subject() -> None:
    found = changes(CCI, edition.load("cci-2020"))
    subjects = [change.subject for change in found]
    assert len(dict.fromkeys(subjects)) == sum(
        one != other for one, other in zip(subjects, ["", *subjects], strict=False)
    )


MODEL = edition.load("model-2019")


@pytest.mark.parametrize(
    "new",
    [
        {"threshold": 0.99},
        {"comparison": "below"},
        {"classes": ("county",)},
        {"expression": Expression("legal_entities")},
        {"empty": 0.0},
    ],
)
def test_a_change_of_a_condition_of_the_gate_is_named(new: dict[str, object]) -> None:
    first, *others = MODEL.gate
    after = replace(MODEL, gate=(replace(first, **new), *others))  # type: ignore[arg-type]  # fields of any
    (change,) = gate_changes(MODEL, after)
    assert change.condition == first.id
    assert change.before
    assert change.after
    assert change.before != change.after
    assert changes(MODEL, after) == []


def test_a_condition_of_one_edition_alone_was_added_or_dropped() -> None:
    without = replace(MODEL, gate=MODEL.gate[1:])
    (dropped,), (added,) = gate_changes(MODEL, without), gate_changes(without, MODEL)
    assert dropped.after is None
    assert added.before is None
    assert gate_changes(MODEL, MODEL) == []
