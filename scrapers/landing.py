"""Landing: bytes are kept as they arrived, with where from, when and their hash.

A file feed is an inbox with a folder for each source and month. Collecting copies what is new into the
landing place under the hash of its content, so a file that is delivered twice is landed once; the
receipt beside it is written last, so a file without one has not been landed and is taken again.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from scrapers.declaration import CLOCK, Source
from warehouse.store import write_aside


@dataclass(frozen=True)
class Landed:
    """One landed file. `delivered_at` is ISO 8601 with offset: a delivered file's own time."""

    source_id: str
    period: str
    name: str
    address: str
    delivered_at: str
    sha256: str
    size: int

    def path(self, landing: Path) -> Path:
        """Where its bytes are, below the landing place."""
        suffix = Path(self.name).suffix
        return landing / self.source_id / self.period / f"{self.sha256[:16]}{suffix}"

    def content(self, landing: Path) -> bytes:
        """Its bytes. Raises ValueError where they are no longer those that were landed."""
        content = self.path(landing).read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise ValueError(
                f"{self.path(landing)} is not what was landed; restore it from a backup, or delete "
                "it and its .json receipt and collect again"
            )
        return content


def collect(inbox: Path, landing: Path, source: Source, period: str) -> list[Landed]:
    """Land whatever the inbox holds for a source and month; give all that is landed for them.

    Files whose names begin with a dot are still being written, and left alone.
    """
    for path in sorted((inbox / source.id / period).glob("[!.]*")):
        content = path.read_bytes()
        delivered = datetime.fromtimestamp(path.stat().st_mtime, tz=CLOCK)
        land(
            landing,
            Landed(
                source_id=source.id,
                period=period,
                name=path.name,
                address=f"{source.address}/{period}/{path.name}",
                delivered_at=delivered.isoformat(timespec="seconds"),
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
            ),
            content,
        )
    return landed(landing, source.id, period)


def land(landing: Path, file: Landed, content: bytes) -> None:
    """Keep a file's bytes and its receipt; a file that is landed already is left as it is."""
    target = file.path(landing)
    receipt = target.with_name(target.name + ".json")
    if receipt.exists():
        return
    note = json.dumps(asdict(file), ensure_ascii=False, indent=1) + "\n"
    write_aside(
        {
            target: lambda path: path.write_bytes(content),
            receipt: lambda path: path.write_text(note, encoding="utf-8"),
        }
    )


def landed(landing: Path, source_id: str, period: str) -> list[Landed]:
    """Everything landed for a source and month, in the order of delivery."""
    receipts = (landing / source_id / period).glob("*.json")
    files = [Landed(**json.loads(path.read_bytes())) for path in receipts]
    return sorted(files, key=lambda f: (f.delivered_at, f.name, f.sha256))
