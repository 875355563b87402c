"""Landing: what arrived is kept, with where from, when and the hash of the original.

Packaged tables are kept as they are. Of what offices deliver only the reading is kept, as Parquet: a file
may hold something about a person anywhere, a reading holds declared columns alone. What is kept lies
under its own hash, beside a receipt under the original's hash and time; the receipt is written last, so
what has none has not been landed and is taken again.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from scrapers.reading import REFUSED, Reading
from warehouse.store import write_aside

RECEIPT = ".receipt.json"
# Names of files are shown beside every number; one that could be about a person is not kept.
_HARMLESS_NAME = re.compile(r"(?!.*[0-9]{7})[A-Za-z0-9._-]{1,100}")
_HARMLESS_SUFFIX = re.compile(r"\.[A-Za-z]{1,8}")


@dataclass(frozen=True)
class Landed:
    """One delivery.

    `delivered_at` is ISO 8601 with offset: a delivered file's own time. `sha256` and `size` are the
    original's; `kept_sha256` is the hash of what is kept of it, the original itself where that is alike.
    `records` counts the rows kept, `persons` records about natural persons that were dropped, `sender`
    is who the file says it comes from, `kind` the kind of record of an extract, `refused` what reading
    refused (rows of REFUSED), `simulated` whether its source was a stand-in when it was landed.
    """

    source_id: str
    period: str
    name: str
    address: str
    delivered_at: str
    sha256: str
    size: int
    kept_sha256: str
    records: int = 0
    persons: int = 0
    sender: str = ""
    kind: str = ""
    more_refused: int = 0
    refused: tuple[tuple[Any, ...], ...] = ()
    simulated: bool = False

    def path(self, landing: Path) -> Path:
        """Where its bytes are, below the landing place."""
        return landing / self.source_id / self.period / self.kept_sha256[:16]

    def receipt(self, landing: Path) -> Path:
        """Where its receipt is, below the landing place."""
        return receipt(landing, self.source_id, self.period, self.sha256, self.delivered_at)

    def verified(self, landing: Path) -> Path:
        """Where its bytes are. Raises ValueError where they are no longer what was landed."""
        path = self.path(landing)
        if not path.exists() or digest(path) != self.kept_sha256:
            raise ValueError(
                f"{path} is not what was landed; restore it from a backup, or delete "
                f"it and its {RECEIPT} and have it delivered again"
            )
        return path

    def kept(self, landing: Path) -> pl.DataFrame:
        """What was read of it. Raises ValueError where that is no longer what was landed."""
        return pl.read_parquet(self.verified(landing))

    def refusals(self) -> pl.DataFrame:
        """What reading refused, with the columns of REFUSED."""
        return pl.DataFrame(list(self.refused), schema=REFUSED, orient="row")


def shown_name(name: str, sha256: str) -> str:
    """The name of a delivered file, or a part of its hash where the name could be a person's."""
    if _HARMLESS_NAME.fullmatch(name):
        return name
    suffix = Path(name).suffix
    return f"{sha256[:12]}{suffix if _HARMLESS_SUFFIX.fullmatch(suffix) else ''}"


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_landed(landing: Path, source_id: str, period: str, sha256: str, delivered_at: str) -> bool:
    """Whether that delivery is on record."""
    return receipt(landing, source_id, period, sha256, delivered_at).exists()


def land_reading(landing: Path, file: Landed, reading: Reading) -> Landed:
    """Keep what was read of a delivery, and its receipt.

    Args:
        landing: the landing place.
        file: the delivery; what the reading says of it is filled in.
        reading: what reading gave; a column `file` names the delivery in every row kept.
    """
    buffer = BytesIO()
    kept = reading.kept.with_columns(file=pl.lit(file.sha256[:16]))
    kept.write_parquet(buffer, compression="zstd", statistics=True)
    content = buffer.getvalue()
    told = asdict(file) | {
        "kept_sha256": hashlib.sha256(content).hexdigest(),
        "records": len(reading.kept),
        "persons": reading.persons,
        "sender": reading.sender,
        "kind": reading.kind,
        "more_refused": reading.more_refused,
        "refused": tuple(reading.refused.rows()),
    }
    done = Landed(**told)
    _keep(landing, done, content)
    return done


def land(landing: Path, file: Landed, content: bytes) -> None:
    """Keep a packaged table as it is, and its receipt; one that is landed already is left as it is."""
    if not file.receipt(landing).exists():
        _keep(landing, file, content)


def landed(landing: Path, source_id: str, period: str) -> list[Landed]:
    """Every delivery of a source and month, oldest first; of the same moment, by name.

    `city.csv` comes before `city-correction-1.csv`.
    """
    receipts = (landing / source_id / period).glob(f"*{RECEIPT}")
    return sorted(
        map(_read, receipts),
        key=lambda f: (datetime.fromisoformat(f.delivered_at), Path(f.name).stem, f.sha256),
    )


def find(landing: Path, source_id: str, period: str, sha256: str) -> Landed | None:
    """The first delivery of bytes with that hash by a source in a month."""
    receipts = sorted((landing / source_id / period).glob(f"{sha256[:16]}-*{RECEIPT}"))
    return next((file for file in map(_read, receipts) if file.sha256 == sha256), None)


def receipt(landing: Path, source_id: str, period: str, sha256: str, delivered_at: str) -> Path:
    """Where the receipt of a delivery is, by what its original was and when it came."""
    when = re.sub(r"[^0-9]", "", delivered_at)
    return landing / source_id / period / f"{sha256[:16]}-{when}{RECEIPT}"


def _read(path: Path) -> Landed:
    told = json.loads(path.read_bytes())
    # A receipt that does not say what it was is of a stand-in: a real one is never to be doubted.
    told.setdefault("simulated", True)
    return Landed(**told | {"refused": tuple(map(tuple, told["refused"]))})


def _keep(landing: Path, file: Landed, content: bytes) -> None:
    note = json.dumps(asdict(file), ensure_ascii=False) + "\n"
    write_aside(
        {
            file.path(landing): partial(_write, content=content),
            file.receipt(landing): partial(_write, content=note.encode()),
        }
    )


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
