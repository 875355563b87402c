"""Editions: the tree of indicators, its points and the rule of every leaf, read from one file each.

A file is refused unless it stands up to `indicators.edition_checks`. Editions are shipped in
`indicators/editions`; `search` makes known those that an installation wrote itself.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from indicators import edition_checks as checks
from indicators.criteria import LEAF_LEVEL, BasicIndicator, Condition, Edition, Frozen, Leaf, Node
from indicators.expression import Expression, ExpressionError

__all__ = [
    "CURRENT", "FOLDER", "LEAF_LEVEL", "Condition", "Edition", "EditionError", "Leaf", "Node",
    "file_of", "final", "ids", "load", "public_ids", "read", "read_current", "search", "searched",
    "substance",
]  # fmt: skip

FOLDER = Path(__file__).with_name("editions")
CURRENT = "cci-2019"
_KEYS = frozenset(
    {
        "id", "revision", "status", "frozen", "kind", "title_zh", "title_en", "citation", "written_for",
        "valid_from", "valid_to", "classes", "points", "bonus", "assumptions", "basic", "gate", "node",
        "leaf",
    }
)  # fmt: skip
_DRAFT = re.compile(r"""^status\s*=\s*["']draft["']""", re.MULTILINE)


_Entry = TypeVar("_Entry")


class EditionError(ValueError):
    """An edition file that cannot be trusted; the message names file, entry and what was expected."""


_folders = [FOLDER]


def search(*folders: Path) -> None:
    """Make the editions that an installation wrote known, beside those that are shipped.

    Folders named before are forgotten; they need not exist. A process that is started afresh must be
    told again, of `searched()`.
    """
    _folders[1:] = folders


def searched() -> tuple[Path, ...]:
    """Folders of an installation's editions, as `search` was told."""
    return tuple(_folders[1:])


def ids() -> list[str]:
    """Ids of all editions, the current one first. Files whose name can be no id are left out."""
    found = {path.stem for folder in _folders for path in folder.glob("*.toml")}
    return sorted(filter(checks.is_id, found), key=lambda i: (i != CURRENT, i))


def public_ids() -> list[str]:
    """Ids of the editions that readers are shown: all but the drafts of an installation.

    A file that is being written is passed over even where it is no TOML at the moment.
    """

    def shown(path: Path) -> bool:
        return path.parent == FOLDER or not _DRAFT.search(path.read_text("utf-8", "replace"))

    return [edition_id for edition_id in ids() if shown(file_of(edition_id))]


def final() -> list[Edition]:
    """All editions that are final; drafts are passed over, whatever state they are in."""
    return [edition for name in public_ids() if (edition := load(name)).status == "final"]


def file_of(edition_id: str) -> Path:
    """The file of an edition.

    Raises:
        KeyError: there is none.
        EditionError: an installation has a file of the name of an edition that is shipped.
    """
    found = [path for folder in _folders if (path := folder / f"{edition_id}.toml").is_file()]
    if not checks.is_id(edition_id) or not found:
        raise KeyError(f"no edition {edition_id!r}; expected one of {', '.join(ids())}")
    if len(found) > 1:
        raise EditionError(
            f"{found[1]}: an edition {edition_id} is shipped; give the file another name and id"
        )
    return found[0]


def load(edition_id: str) -> Edition:
    """The edition of that id, as it can be worked with today.

    Raises:
        KeyError: there is none.
        EditionError: it is wrong, has leaves without a subject, or is final without being frozen.
    """
    path = file_of(edition_id)
    return _loaded(path, path.stat().st_mtime_ns)


@cache
def _loaded(path: Path, _changed: int) -> Edition:
    """An edition, read again where its file was changed since."""
    return read_current(path)


def read_current(path: Path) -> Edition:
    """Read and check one edition file, as `load` does."""
    return _checked(path, checks.today)


def read(path: Path) -> Edition:
    """Read and check one edition file, of today's form or of the older one of publications."""
    return _checked(path, checks.consistent)


def _checked(path: Path, problems: Callable[[Edition, str], Iterator[str]]) -> Edition:
    content = path.read_bytes()
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EditionError(f"{path.name}: not TOML: {error}") from error
    if unknown := sorted(raw.keys() - _KEYS):
        raise EditionError(
            f"{path.name}: {', '.join(unknown)}: no such key; there are {', '.join(sorted(_KEYS))}"
        )
    entries = _Entries(path.name)
    try:
        edition = Edition(
            id=raw["id"],
            revision=raw["revision"],
            kind=raw["kind"],
            title_zh=raw["title_zh"],
            title_en=raw["title_en"],
            citation=raw["citation"],
            valid_from=raw["valid_from"],
            valid_to=raw.get("valid_to"),
            classes=tuple(raw["classes"]),
            points=raw["points"],
            bonus=raw.get("bonus", 0),
            nodes=entries.read("node", "no", raw["node"], _node),
            leaves=entries.read("leaf", "id", raw["leaf"], _leaf),
            assumptions=raw.get("assumptions", {}),
            digest=hashlib.sha256(content).hexdigest(),
            substance=substance(raw),
            status=raw.get("status", "final"),
            frozen=Frozen(**raw["frozen"]) if "frozen" in raw else None,
            written_for=raw.get("written_for", ""),
            basic=entries.read("basic indicator", "no", raw.get("basic", []), _basic),
            gate=entries.read("gate", "id", raw.get("gate", []), _condition(raw["classes"])),
        )
    except KeyError as error:
        raise EditionError(f"{path.name}: {error} is missing") from error
    except TypeError as error:
        raise EditionError(f"{path.name}: {error}") from error
    found = entries.problems or list(checks.form(edition))
    found = found or list(problems(edition, path.stem))
    if found:
        raise EditionError("\n".join(f"{path.name}: {problem}" for problem in found))
    return edition


def substance(raw: dict[str, Any]) -> str:
    """SHA-256 of what a parsed edition file says, but for its status and what freezing recorded."""
    said = {key: value for key, value in raw.items() if key not in ("status", "frozen")}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class _Entries:
    """Reads the entries of a file; those that cannot be read are told together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[str] = []

    def read(
        self,
        kind: str,
        key: str,
        raws: list[dict[str, Any]],
        one: Callable[[dict[str, Any]], _Entry],
    ) -> tuple[_Entry, ...]:
        """Entries of a kind, which are known by their key."""
        found = []
        for raw in raws:
            try:
                found.append(one(raw))
            except KeyError as error:
                self.problems.append(f"{kind} {raw.get(key)}: {error} is missing")
            except (ExpressionError, TypeError, AttributeError) as error:
                self.problems.append(f"{kind} {raw.get(key)}: {error}")
        return tuple(found)


def _node(raw: dict[str, Any]) -> Node:
    return Node(**raw)


def _leaf(raw: dict[str, Any]) -> Leaf:
    under = raw["under"]
    return Leaf(
        **{
            **raw,
            "under": (under,) if isinstance(under, str) else tuple(under),
            "sources": tuple(raw["sources"]),
            "expression": Expression(raw["expression"]),
        }
    )


def _basic(raw: dict[str, Any]) -> BasicIndicator:
    return BasicIndicator(**raw)


def _condition(classes: list[str]) -> Callable[[dict[str, Any]], Condition]:
    def read(raw: dict[str, Any]) -> Condition:
        expression = {"expression": Expression(raw["expression"])} if "expression" in raw else {}
        return Condition(**{**raw, "classes": tuple(raw.get("classes", classes)), **expression})

    return read
