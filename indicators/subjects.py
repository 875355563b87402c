"""Subjects: what groups of criteria are about, in words that all editions share."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("subjects.toml")


@dataclass(frozen=True)
class Subject:
    """One subject; `general` marks the four general areas, which the source adds up."""

    id: str
    zh: str
    en: str
    general: bool = False


@cache
def subjects() -> dict[str, Subject]:
    """All subjects by id, in the order in which tables list them."""
    lines = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {id_: Subject(id=id_, **line) for id_, line in lines.items()}
