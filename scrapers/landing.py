"""Landing: bytes are kept as they arrived, with where from, when and their hash.

A file feed is an inbox with a folder for each source and month. Collecting copies what is new into the
landing place, bytes under the hash of their content and a receipt for each delivery of them. The receipt
is written last, so what has none has not been landed and is taken again.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from scrapers.declaration import CLOCK, Source
from warehouse.store import write_aside

RECEIPT = ".receipt.json"
# Names of files are shown beside every number; one that could be about a person is not kept.
_HARMLESS_NAME = re.compile(r"(?!.*[0-9]{7})[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True)
class Landed:
    """One delivery. `delivered_at` is ISO 8601 with offset: a delivered file's own time."""

    source_id: str
    period: str
    name: str
    address: str
    delivered_at: str
    sha256: str
    size: int

    def path(self, landing: Path) -> Path:
        """Where its bytes are, below the landing place."""
        return landing / self.source_id / self.period / self.sha256[:16]

    def content(self, landing: Path) -> bytes:
        """Its bytes. Raises ValueError where they are no longer those that were landed."""
        content = self.path(landing).read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise ValueError(
                f"{self.path(landing)} is not what was landed; restore it from a backup, or delete "
                f"it and its {RECEIPT} and collect again"
            )
        return content


def collect(inbox: Path, landing: Path, source: Source, period: str) -> list[Landed]:
    """Land whatever the inbox holds for a source and month; give all that is landed for them.

    Files whose names begin with a dot are still being written, and left alone.

    Raises:
        ValueError: the source's files may hold personal data, which must not be landed as it is.
    """
    if source.personal_data:
        raise ValueError(
            f"{source.id} may hold personal data; such bytes are not landed as they are"
        )
    for path in sorted((inbox / source.id / period).glob("[!.]*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        name = path.name if _HARMLESS_NAME.fullmatch(path.name) else f"{digest[:12]}{path.suffix}"
        delivered = datetime.fromtimestamp(path.stat().st_mtime, tz=CLOCK)
        file = Landed(
            source_id=source.id,
            period=period,
            name=name,
            address=f"{source.address}/{period}/{name}",
            delivered_at=delivered.isoformat(),
            sha256=digest,
            size=len(content),
        )
        land(landing, file, content)
    return landed(landing, source.id, period)


def land(landing: Path, file: Landed, content: bytes) -> None:
    """Keep a delivery's bytes and its receipt; one that is landed already is left as it is."""
    target = file.path(landing)
    when = re.sub(r"[^0-9]", "", file.delivered_at)
    receipt = target.with_name(f"{target.name}-{when}{RECEIPT}")
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
    """Every delivery of a source and month, oldest first; of the same moment, by name.

    `city.csv` comes before `city-correction-1.csv`.
    """
    receipts = (landing / source_id / period).glob(f"*{RECEIPT}")
    files = [Landed(**json.loads(path.read_bytes())) for path in receipts]
    return sorted(
        files, key=lambda f: (datetime.fromisoformat(f.delivered_at), Path(f.name).stem, f.sha256)
    )


def find(landing: Path, period: str, sha256: str) -> Landed | None:
    """The first delivery of bytes with that hash in a month."""
    receipts = landing.glob(f"*/{period}/{sha256[:16]}-*{RECEIPT}")
    files = [Landed(**json.loads(path.read_bytes())) for path in sorted(receipts)]
    return next((file for file in files if file.sha256 == sha256), None)
