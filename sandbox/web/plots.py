"""What can happen in the invented world, and what else is published: read from `texts/`.

Of an occurrence (`commercial`, `government`, `societal`, `judicial`):

    field      as the index names it; affair by the file
    subject    `enterprise` where none is given
    firm       how the subject's name ends; of a public body, all but its place (`seat`)
    dept       the authority that acts, without its city
    n, sum     bounds of two numbers of the occurrence; sums are in ten thousand yuan
    projects   focused governance projects that it is a case of
    title, press                   headlines of an authority, of a newspaper
    found, act, scene, say         sentences: how it came out, what it is, what a reporter saw, a comment
    ordinary, serious, major, good how it ended; which of them there are is how it can end
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

_TEXTS: Final = Path(__file__).with_name("texts")
AFFAIRS: Final = ("commercial", "government", "societal", "judicial")
OUTCOMES: Final = ("good", "ordinary", "serious", "major")
"""How an occurrence can end; all but the first are bad, the lightest first."""
PUBLISHED: Final = (
    "exemplar", "pledge", "rule", "risk_warning", "propaganda", "other",
)  # fmt: skip
"""What is published besides events and responses."""


@dataclass(frozen=True)
class Plot:
    """One thing that can happen; the entries are explained above."""

    id: str
    affair: str
    field: str
    firm: str
    dept: str
    n: tuple[int, int]
    sum: tuple[int, int]
    title: tuple[str, ...]
    press: tuple[str, ...]
    found: tuple[str, ...]
    act: tuple[str, ...]
    scene: tuple[str, ...]
    say: tuple[str, ...]
    outcomes: Mapping[str, tuple[str, ...]]
    subject: str = "enterprise"
    seat: str = "city"
    projects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Text:
    """Something that is published: headlines, and for each paragraph the ways to put it.

    Attributes:
        repair: of a pledge, whether listed entities made it to have their records repaired.
        document, national: of a rule, number and title of the national document that it carries out.
        since: of a rule, the month before which no city has it.
        fields: of a rule, those that it covers.
        name, provisions: of a rule.
    """

    id: str
    kind: str
    title: tuple[str, ...] = ()
    paragraphs: tuple[tuple[str, ...], ...] = ()
    dept: str = "人民政府办公室"
    repair: bool = False
    document: str | None = None
    national: str = ""
    fields: tuple[str, ...] = ()
    since: str = "2014-06"
    name: str = ""
    provisions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manner:
    """A way to tell of an occurrence: forms, each a list of paragraphs, and what their slots can be."""

    source: tuple[str, ...]
    forms: tuple[tuple[str, ...], ...] = ()
    title: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def plots() -> tuple[Plot, ...]:
    """All that can happen, in the order of the files."""
    return tuple(
        _plot(id_, affair, raw) for affair in AFFAIRS for id_, raw in _read(affair).items()
    )


@cache
def texts(kind: str) -> tuple[Text, ...]:
    """All texts of one of the kinds PUBLISHED."""
    return tuple(
        Text(id=id_, kind=kind, **{name: _tuple(value) for name, value in raw.items()})
        for id_, raw in _read(kind).items()
    )


@cache
def manners() -> dict[str, Manner]:
    """The ways to tell of something, by name."""
    known = {"source", "forms", "title", "rows"}
    return {
        name: Manner(
            **{entry: _tuple(value) for entry, value in raw.items() if entry in known},
            slots={entry: _tuple(value) for entry, value in raw.items() if entry not in known},
        )
        for name, raw in _read("manners").items()
    }


def _plot(id_: str, affair: str, raw: dict[str, Any]) -> Plot:
    outcomes: dict[str, tuple[str, ...]] = {
        name: _tuple(raw.pop(name)) for name in OUTCOMES if name in raw
    }
    return Plot(
        id=id_,
        affair=affair,
        outcomes=outcomes,
        **{name: _tuple(value) for name, value in raw.items()},
    )


def _tuple(value: Any) -> Any:
    return tuple(map(_tuple, value)) if isinstance(value, list) else value


def _read(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((_TEXTS / f"{name}.toml").read_text(encoding="utf-8"))
