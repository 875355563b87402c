"""What fetching gives: files that arrived, and what could not be fetched, in one stream."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

Known = Callable[[str, datetime], bool]
"""Whether a delivery is landed already, by the sha256 of its bytes and the time it was delivered."""


@dataclass(frozen=True)
class Arrival:
    """A file that lies whole at `path`, until whoever takes it deletes it.

    `name` is as delivered and may be about a person; `address` is the declared place it came from,
    without the name. `delivered_at` is the sender's own time, aware, Asia/Shanghai.
    """

    name: str
    address: str
    delivered_at: datetime
    path: Path


@dataclass(frozen=True)
class Problem:
    """Something that could not be fetched, while the rest could.

    `sender` is the provider's id, else empty; `reason` is a key of the text catalogue, as refusals
    have them; `message` is a sentence in English that says what failed and what to do.
    """

    sender: str
    reason: str
    message: str

    @property
    def line(self) -> str:
        """It as a line of text, as tables hold it; `told_by` reads it."""
        return f"{self.reason}\t{self.sender}\t{self.message}"

    @classmethod
    def told_by(cls, line: str) -> "Problem":
        """The problem that a line tells of."""
        reason, sender, message = line.split("\t", 2)
        return cls(sender, reason, message)
