"""Which faults can be asked for, and how."""

from pathlib import Path

import pytest

from sandbox.faults import KINDS, SOURCES, Fault, parse


def test_a_fault_is_asked_for_by_kind_alone_or_at_one_source() -> None:
    assert parse(["duplicate", "down:city"]) == (
        Fault("duplicate", tuple(source for source in SOURCES if source != "provider")),
        Fault("down", ("city",)),
    )


def test_one_of_the_providers_can_be_named_where_providers_can_have_the_fault() -> None:
    assert parse(["down:jia", "nonsense", "nonsense:provider"]) == (
        Fault("down", ("jia",)),
        Fault("nonsense", ("geng",)),
        Fault("nonsense", ("provider",)),
    )
    with pytest.raises(ValueError, match="'jia' cannot have 'duplicate'"):
        parse(["duplicate:jia"])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("donw", "'donw' is no fault; did you mean 'down'?"),
        ("earthquake", "expected one of everyday, down, slow"),
        ("down:citty", "'citty' cannot have 'down'; did you mean 'city'?"),
        ("encoding:city", "'city' cannot have 'encoding'"),
        ("down:", "expected one of population"),
        ("", "'' is no fault"),
    ],
)
def test_what_is_no_fault_is_refused_with_what_could_have_been_meant(asked: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"fault|cannot") as refused:
        parse([asked])
    assert said in str(refused.value)


def test_every_kind_says_what_it_does_and_stands_in_the_readme() -> None:
    readme = (Path(__file__).parents[2] / "sandbox" / "README.md").read_text(encoding="utf-8")
    for name, kind in KINDS.items():
        assert kind.does
        assert kind.sources
        assert f"| `{name}` |" in readme
