"""What has been published: numbers frozen month by month, edition by edition, revision by revision.

A publication is a folder of Parquet frames with a manifest. It is written once, under a temporary
name, and never changed; other numbers become the next revision.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.contracts.tables import TABLES
from warehouse.store import write_parquet

TABLE_OF = {
    "cities": "core_cities__period",
    "observations": "core_observations__city_period_measure",
    "contributions": "core_contributions__city_period_measure_part",
    "leaves": "score_leaves__city_period_edition",
    "classes": "score_leaf_classes__period_edition",
    "nodes": "score_nodes__city_period_edition",
    "index": "score_index__city_period_edition",
    "ranking": "out_ranking__period_edition",
    "history": "out_history__city_period",
    "receipts": "landing_receipts__file",
    "refusals": "landing_refusals__row",
    "quality": "landing_quality__source",
    "changes": "out_changes__revision",
    "events": "core_events__period_event",
    "pages": "core_pages__period_url",
    "sites": "landing_sites__period",
    "warnings": "out_warnings__city_period",
    "movement": "out_movement__city_period_edition",
    "peers": "out_peers__city_period",
    "published_ranks": "out_published_ranks__city_issue",
}
"""Frames of a publication and the tables they are rows of: this month and edition only. `changes` is
what differs from the revision before."""

WATCHED = ("events", "pages", "sites")
"""Frames that a publication has only where sites were watched in its month; elsewhere they are empty."""

TOLD = ("warnings", "movement", "peers", "published_ranks")
"""Frames that publications have only had since some time; in earlier ones they are empty."""

NUMBERS = ("cities", "observations", "leaves", "classes", "nodes", "index")
"""Frames whose content decides whether a rerun gives other numbers."""


_ORIGIN = (
    "source_id",
    "awarded_under",
    "records",
    "left_out",
    "sha256",
    "name",
    "row",
    "place",
    "evidence",
    "delivered_at",
    "corrected",
    "late",
)


@dataclass(frozen=True)
class Publication:
    """One revision of one month under one edition."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Edition and its hash, period, revision, simulated, inputs, code version, rows, hashes."""
        content: dict[str, Any] = json.loads((self.folder / "manifest.json").read_bytes())
        return content

    @property
    def edition_file(self) -> Path:
        """The edition as it was when the month was published."""
        return self.folder / f"{self.edition}.toml"

    def file(self, name: str) -> Path | None:
        """Parquet file of one of the frames of `TABLE_OF`; None for one that it may lack, and does."""
        path = self.folder / f"{name}.parquet"
        return None if name in (*WATCHED, *TOLD) and not path.exists() else path

    def frame(self, name: str) -> pl.DataFrame:
        """One of the frames of `TABLE_OF`; columns that its contract has had only since are empty."""
        empty = TABLES[TABLE_OF[name]].create_empty()
        file = self.file(name)
        return empty if file is None else pl.concat([empty, pl.read_parquet(file)], how="diagonal")

    @property
    def edition(self) -> str:
        """Id of the edition."""
        return str(self.manifest["edition"])

    @property
    def period(self) -> str:
        """The month."""
        return str(self.manifest["period"])

    @property
    def revision(self) -> int:
        """1 for the first."""
        return int(self.manifest["revision"])

    @property
    def simulated(self) -> bool:
        """Whether invented data went into it."""
        return bool(self.manifest["simulated"])


def revisions(root: Path, edition: str, period: str) -> list[Publication]:
    """The revisions of a month, oldest first."""
    folders = (root / edition / period).glob("r*/manifest.json")
    return sorted((Publication(path.parent) for path in folders), key=lambda p: p.revision)


def latest(root: Path, edition: str, period: str) -> Publication | None:
    """The revision that stands, if the month was published."""
    return next(reversed(revisions(root, edition, period)), None)


def everything(root: Path) -> list[Publication]:
    """Every publication, by edition, month and revision."""
    folders = [path.parent for path in root.glob("*/*/r*/manifest.json")]
    return sorted(
        (Publication(folder) for folder in folders),
        key=lambda p: (p.edition, p.period, p.revision),
    )


def numbers_digest(frames: dict[str, pl.DataFrame]) -> str:
    """Hash of the frames that a rerun must reproduce. Where a number came from is no number."""
    digest = hashlib.sha256()
    for name in NUMBERS:
        digest.update(name.encode())
        digest.update(_numbers(frames[name]).write_csv().encode())
    return digest.hexdigest()


def same_numbers(published: Publication, frames: Mapping[str, pl.DataFrame]) -> bool:
    """Whether frames have the numbers of a publication, as their digests would say, but sooner."""
    return all(
        _numbers(published.frame(name)).equals(_numbers(_as_kept(name, frames[name])))
        for name in NUMBERS
    )


def _numbers(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop(_ORIGIN, strict=False)


def _as_kept(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with the columns and types that a publication keeps it with."""
    contract = TABLES[TABLE_OF[name]]
    return contract.cast(frame.select(contract.column_names()))


def publish(
    root: Path, manifest: dict[str, Any], frames: dict[str, pl.DataFrame], edition_file: Path
) -> Publication:
    """Write the next revision. The folder appears whole or not at all.

    Args:
        root: folder of all publications.
        manifest: names edition, period and revision, which must be the next one.
        frames: those of `TABLE_OF`, keeping their contracts; `WATCHED` and `TOLD` may be missing.
        edition_file: the edition that the month was scored by; a copy is frozen with it.

    Raises:
        ValueError: frames are missing or too many.
        FileExistsError: the revision is published.
        dataframely.exc.ValidationError: a frame breaks its contract; nothing is published.
    """
    if not set(TABLE_OF) - {*WATCHED, *TOLD} <= set(frames) <= set(TABLE_OF):
        raise ValueError(f"frames are {sorted(frames)}; expected {sorted(TABLE_OF)}")
    month = root / manifest["edition"] / manifest["period"]
    target = month / f"r{manifest['revision']}"
    if target.exists():
        raise FileExistsError(f"{target} is published; a publication is never changed in place")
    checked = {
        name: TABLES[TABLE_OF[name]].validate(frame, cast=True) for name, frame in frames.items()
    }
    aside = month / f".{target.name}.part"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name, frame in checked.items():
        write_parquet(frame, aside / f"{name}.parquet")
    shutil.copyfile(edition_file, aside / f"{manifest['edition']}.toml")
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (aside / "manifest.json").write_text(text + "\n", encoding="utf-8")
    aside.rename(target)
    return Publication(target)
