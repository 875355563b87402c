"""Notes of runs: what one run did, kept as JSON in the data folder, the newest first."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pipelines.workspace import Workspace

KEPT = 50
"""Notes that are kept."""


@dataclass(frozen=True)
class Came:
    """What a source brought for the month, as its quality is on record."""

    source_id: str
    files: int
    records: int
    refused: int
    late: int
    short: bool


@dataclass(frozen=True)
class Step:
    """One step, and how many seconds it took."""

    name: str
    seconds: float
    failed: bool


@dataclass(frozen=True)
class Note:
    """What a run of a month did.

    Attributes:
        period: the month.
        edition: under which it was to be published.
        status: a new revision was `published`; the numbers that stand are `unchanged`; or it `failed`.
        began: when, ISO 8601 with offset.
        seconds: how long it took, all steps and what lies between them.
        revision: the revision that stands; none where the month was never published.
        changes: what differs from the revision before, where there is a new one.
        simulated: whether invented data went into it.
        came: what each source brought.
        failures: steps and checks that stopped it, and why.
        short: sources that brought too little, and what to do.
        doubtful: checks that do not hold and only warn.
        steps: in the order in which they began.
        waiting: what lies in the inbox for other months, or is no source's.
    """

    period: str
    edition: str
    status: Literal["published", "unchanged", "failed"]
    began: str
    seconds: float
    revision: int | None
    changes: int
    simulated: bool
    came: tuple[Came, ...]
    failures: tuple[str, ...]
    short: tuple[str, ...]
    doubtful: tuple[str, ...]
    steps: tuple[Step, ...]
    waiting: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """The note as JSON holds it."""
        return asdict(self)


def keep(workspace: Workspace, note: Note) -> None:
    """Keep a note, and forget those that are older than the latest `KEPT`."""
    folder = workspace.operator / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{note.began.replace(':', '')}-{note.edition}-{note.period}.json"
    text = json.dumps(note.as_data(), ensure_ascii=False, indent=1)
    (folder / name).write_text(text + "\n", encoding="utf-8")
    for old in sorted(folder.glob("*.json"))[:-KEPT]:
        old.unlink()


def read(workspace: Workspace) -> list[Note]:
    """All notes that are kept, the newest first."""
    files = sorted((workspace.operator / "runs").glob("*.json"), reverse=True)
    return [_note(json.loads(file.read_bytes())) for file in files]


def _note(said: dict[str, Any]) -> Note:
    lists = {name: tuple(said[name]) for name in ("failures", "short", "doubtful", "waiting")}
    return Note(
        **{
            **said,
            **lists,
            "came": tuple(Came(**each) for each in said["came"]),
            "steps": tuple(Step(**each) for each in said["steps"]),
        }
    )
