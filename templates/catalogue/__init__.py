"""The one catalogue of user-facing text: `key = { zh = "…", en = "…" }`, files split by subject.

Keys are dotted (`reason.imputed`). A text may hold named parameters, `{points}`, the same in both
languages.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
FOLDER = Path(__file__).parent


@cache
def entries() -> dict[str, dict[str, str]]:
    """All texts by key. ValueError where a key stands twice or lacks a language."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for key, entry in _flat(tomllib.loads(path.read_text(encoding="utf-8")), ""):
            if key in found:
                raise ValueError(f"{path.name}: {key!r} stands in the catalogue twice")
            if set(entry) != set(LANGS):
                raise ValueError(f"{path.name}: {key!r} has {sorted(entry)}; expected zh and en")
            found[key] = entry
    return found


def text(key: str, lang: str, **parameters: object) -> str:
    """The text of a key in `zh` or `en`, with its parameters filled in; KeyError names the key."""
    try:
        words = entries()[key][lang]
    except KeyError:
        raise KeyError(f"the text catalogue has no {key!r} in {lang!r}") from None
    return words.format(**parameters) if parameters else words


def has(key: str) -> bool:
    """Whether the catalogue knows the key."""
    return key in entries()


def _flat(table: dict[str, Any], prefix: str) -> list[tuple[str, dict[str, str]]]:
    """Entries of nested tables: `[unit] persons = {…}` is `unit.persons`."""
    found: list[tuple[str, dict[str, str]]] = []
    for name, content in table.items():
        key = f"{prefix}{name}"
        if not isinstance(content, dict):
            raise ValueError(f"the text catalogue: {key!r} is {content!r}; expected zh and en")
        if all(isinstance(part, str) for part in content.values()):
            found.append((key, content))
        else:
            found += _flat(content, f"{key}.")
    return found
