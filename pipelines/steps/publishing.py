"""From scores to what readers see: the ranking, the publication's next revision, pages, release."""

import hashlib
import os
import shutil
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from indicators import audit, compare, edition
from indicators.ranking import ranking
from pipelines import pages
from pipelines.periods import shift
from pipelines.steps import facts, observing, scoring
from pipelines.steps.scoring import TABLES
from pipelines.workspace import Workspace
from warehouse import database, publication, release
from warehouse.publication import Publication

RANKING = "out_ranking__period_edition"
HISTORY_MONTHS = 12
_PROJECT = Path(__file__).parents[2]


def rank_month(workspace: Workspace, edition_id: str, period: str) -> pl.DataFrame:
    """Write and give the month's ranking beside the month before."""
    index = workspace.store.read(TABLES["index"], edition=edition_id, period=period)
    observations = workspace.store.read(observing.OBSERVATIONS, period=period)
    frame = ranking(
        index,
        scoring.cities_of_month(workspace, period),
        _index_of(workspace, edition_id, shift(period, -1)),
        simulated=bool(observations["simulated"].any()),
    )
    workspace.store.write(RANKING, frame, edition=edition_id, period=period)
    return frame


def publish_month(workspace: Workspace, edition_id: str, period: str) -> tuple[Publication, bool]:
    """Freeze a month's numbers as its next revision, unless they are those that stand.

    Returns:
        The revision that stands now, and whether it is new.

    Raises:
        indicators.audit.WrongNumbersError: a check does not hold; nothing is published.
    """
    criteria = edition.load(edition_id)
    cities = scoring.cities_of_month(workspace, period)
    scores = scoring.read_scores(workspace, edition_id, period)
    found = audit.findings(criteria, cities, scores)
    audit.refuse_wrong_numbers(found)
    receipts, refusals = observing.inputs(workspace, period)
    frames = {
        "cities": cities,
        "observations": workspace.store.read(observing.OBSERVATIONS, period=period),
        "leaves": scores.leaves,
        "classes": scores.classes,
        "nodes": scores.nodes,
        "index": scores.index,
        "ranking": workspace.store.read(RANKING, edition=edition_id, period=period),
        "history": _history(workspace, edition_id, period),
        "receipts": receipts,
        "refusals": refusals,
    }
    digest = publication.numbers_digest(frames)
    before = publication.latest(workspace.published, edition_id, period)
    if before and before.manifest["numbers_sha256"] == digest:
        return before, False
    earlier = (
        {name: before.frame(name) for name in ("observations", "leaves", "index")}
        if before
        else None
    )
    frames["changes"] = compare.changes(earlier, frames)
    manifest: dict[str, Any] = {
        "edition": edition_id,
        "edition_revision": criteria.revision,
        "edition_sha256": criteria.digest,
        "period": period,
        "revision": before.revision + 1 if before else 1,
        "simulated": bool(frames["observations"]["simulated"].any()),
        "code": code_version(),
        "numbers_sha256": digest,
        "coverage": audit.coverage_by_class(scores.index),
        "checks": {finding.statement: finding.detail for finding in found},
        "inputs": receipts.select(
            "source_id", "name", "sha256", "delivered_at", "late", "taken", "refused"
        ).to_dicts(),
        "rows": {name: len(frame) for name, frame in frames.items()},
    }
    return publication.publish(workspace.published, manifest, frames), True


def release_site(workspace: Workspace) -> Path:
    """Render what is not rendered yet, build the next site and database, and swap both in."""
    publications = publication.everything(workspace.published)
    rendered = {p.folder: _render(workspace, p) for p in publications}
    store = workspace.store
    tables = {
        name: store.read(name)
        for name in (facts.REGISTRY, facts.PUBLISHED_RANKINGS, facts.MODEL_CITIES)
    }

    def build(folder: Path) -> None:
        site = folder / "site"
        pages.render_site(
            site, publications, tables[facts.PUBLISHED_RANKINGS], tables[facts.MODEL_CITIES]
        )
        for p in publications:
            place = Path(p.edition) / p.period / f"r{p.revision}"
            _link_tree(rendered[p.folder] / "zh", site / place)
            _link_tree(rendered[p.folder] / "data", site / place / "data")
            _link_tree(rendered[p.folder] / "en", site / "en" / place)
        database.build(folder / "cci.duckdb", publications, tables)

    return release.release(workspace.releases, workspace.public, build)


@cache
def code_version() -> str:
    """Version of the software, and a hash of all that can move a score."""
    return f"{version('city-credit-index')}+{_digest('indicators', 'warehouse/contracts')[:12]}"


def _render(workspace: Workspace, p: Publication) -> Path:
    """Pages of one publication; made once for each version of what makes pages."""
    key = _digest("templates", "pipelines/pages", "indicators")[:12]
    month = workspace.rendered / p.edition / p.period
    target = month / f"r{p.revision}-{key}"
    if not target.exists():
        aside = month / f".{target.name}.part"
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        pages.render_publication(p, aside)
        aside.rename(target)
        for old in month.glob(f"r{p.revision}-*"):
            if old != target:
                shutil.rmtree(old)
    return target


def _link_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, copy_function=os.link, dirs_exist_ok=True)


@cache
def _digest(*folders: str) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((_PROJECT / folder).rglob("*")):
            if path.is_file() and path.suffix not in {".pyc", ".md"}:
                digest.update(path.relative_to(_PROJECT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _index_of(workspace: Workspace, edition_id: str, period: str) -> pl.DataFrame | None:
    """Index of another month: as published, else as computed if it could be published, else none."""
    published = publication.latest(workspace.published, edition_id, period)
    if published:
        return published.frame("index")
    if not workspace.store.has(TABLES["index"], edition=edition_id, period=period):
        return None
    scores = scoring.read_scores(workspace, edition_id, period)
    cities = scoring.cities_of_month(workspace, period)
    found = audit.findings(edition.load(edition_id), cities, scores)
    return scores.index if all(finding.holds for finding in found) else None


def _history(workspace: Workspace, edition_id: str, period: str) -> pl.DataFrame:
    """Index and rank of every city in the month and the twelve before it, where they are known."""
    months = [
        workspace.store.read(TABLES["index"], edition=edition_id, period=period),
        *(
            _index_of(workspace, edition_id, shift(period, -back))
            for back in range(1, HISTORY_MONTHS + 1)
        ),
    ]
    return (
        pl.concat(month for month in months if month is not None)
        .select("period", "city_code", "index", "rank")
        .sort("city_code", "period")
    )
