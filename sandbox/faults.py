"""Faults by choice: what can be amiss with the stand-in country's sources, and how one asks for it.

A fault is asked for by its kind, `down`, or by its kind at one source, `down:city`, or at one of the
providers, `down:jia`.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sandbox.offices import KINDS as _OFFICES
from sandbox.web.layouts import LAYOUTS
from scrapers.sources.provider.providers import providers

SOURCES: Final = tuple(_OFFICES)
_FILES: Final = tuple(source for source in SOURCES if source != "provider")
_WITH_TEXT: Final = tuple(source for source in SOURCES if source not in ("city", "province"))


@dataclass(frozen=True)
class Kind:
    """A kind of fault: what it does, and to which sources; to all of these where none is named."""

    does: str
    sources: tuple[str, ...]

    @property
    def possible(self) -> tuple[str, ...]:
        """Which sources, or providers, can be named."""
        all_ten = ("provider", *providers())
        some = set(all_ten) & set(self.sources)
        return tuple(dict.fromkeys((*self.sources, *(all_ten if some else ()))))


KINDS: Final = {
    "everyday": Kind(
        "as offices are: gaps, slips and corrections, late files, bad cells and rows, two sources that "
        "differ, a provider without some cities",
        SOURCES,
    ),
    "down": Kind("every request is answered with 503", SOURCES),
    "slow": Kind("answers come in drips", SOURCES),
    "truncated": Kind(
        "one file ends early, and its listing says so too; providers' answers end early", SOURCES
    ),
    "interrupted": Kind(
        "the first transfer of everything breaks off; asked for again, it comes whole", SOURCES
    ),
    "encoding": Kind(
        "one CSV, or what providers answer, is in UTF-16, which nobody said", _WITH_TEXT
    ),
    "duplicate": Kind("some files are there twice, under two names and times", _FILES),
    "correction": Kind(
        "the first files are wrong in places; later ones put that right",
        # Logs of monitoring are never wrong, and assessors correct what is amiss every day.
        tuple(source for source in _FILES if source not in ("monitoring", "assessor")),
    ),
    "drift": Kind(
        "a column or field of one file, or of what providers answer, has a new name", SOURCES
    ),
    "hostile": Kind(
        "scripts, formulas and invented persons in every place that has room for them", SOURCES
    ),
    "nonsense": Kind("what a provider says is noise", ("geng",)),
    "layout": Kind("a family of web sites has a new layout", tuple(LAYOUTS)),
    "missing": Kind("of three provinces two never deliver anything", _FILES),
}


@dataclass(frozen=True)
class Fault:
    """A kind of fault, and the sources, or providers, that have it."""

    kind: str
    sources: tuple[str, ...]


def parse(faults: Iterable[str]) -> tuple[Fault, ...]:
    """The faults that are asked for, each as `KIND` or `KIND:SOURCE`.

    Raises:
        ValueError: a kind or a source is not known, or the one cannot be had at the other.
    """
    return tuple(map(_parse, faults))


def _parse(asked: str) -> Fault:
    kind, colon, source = asked.partition(":")
    if kind not in KINDS:
        raise ValueError(f"{asked!r} is no fault; {_instead(kind, tuple(KINDS))}")
    if not colon:
        return Fault(kind, KINDS[kind].sources)
    may = KINDS[kind].possible
    if source not in may:
        raise ValueError(f"{asked!r}: {source!r} cannot have {kind!r}; {_instead(source, may)}")
    return Fault(kind, (source,))


def _instead(found: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(found, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(known)}"
