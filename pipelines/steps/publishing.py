"""From scores to what readers see: the ranking, the publication's next revision, pages, release."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from indicators import audit, compare, edition
from indicators.edition import Edition
from indicators.measures import catalogue
from indicators.movement import Month
from indicators.peers import peers
from indicators.ranking import ranking
from indicators.score import score
from indicators.warnings import warnings
from pipelines import assessments, code, pages, reported
from pipelines.pages import addresses, exports
from pipelines.periods import shift
from pipelines.shown import Shown
from pipelines.steps import earlier, facts, observing, scoring
from pipelines.steps.scoring import TABLES
from pipelines.workspace import Workspace
from warehouse import database, publication, release
from warehouse.publication import TABLE_OF, Publication

RANKING = TABLE_OF["ranking"]
_MOVES_SCORES = ("indicators", "scrapers", "pipelines/steps", "warehouse/contracts")
_MAKES_PAGES = ("templates", "pipelines/pages", "indicators", "warehouse/contracts")


class InputsChangedError(RuntimeError):
    """Another run read other inputs while this one was working; the month must be run again."""


@dataclass(frozen=True)
class Proposal:
    """What publishing a month would make stand: its numbers as they come out now, nothing written.

    `before` is the revision that stands, `frames` are those of a publication but for its ranking,
    history and changes, `findings` what the checks say of them.
    """

    criteria: Edition
    period: str
    before: Publication | None
    frames: dict[str, pl.DataFrame]
    findings: list[audit.Finding]
    simulated: bool

    @cached_property
    def numbers_sha256(self) -> str:
        """Hash of all numbers."""
        return publication.numbers_digest(self.frames)

    @property
    def is_new(self) -> bool:
        """Whether the numbers are not those that stand."""
        return self.before is None or self.before.manifest["numbers_sha256"] != self.numbers_sha256

    @property
    def revision(self) -> int:
        """The revision that it would become."""
        return self.before.revision + 1 if self.before else 1

    @cached_property
    def changes(self) -> pl.DataFrame:
        """What differs from the revision that stands, of the contract `Changes`."""
        before = self.before
        compared = ("observations", "leaves", "index")
        return compare.changes(
            {name: before.frame(name) for name in compared} if before else None, self.frames
        )


def propose(workspace: Workspace, edition_id: str, period: str) -> Proposal:
    """What publishing a month would make stand; writes nothing.

    It is scored here, from the observations that would be frozen with it, so that no other run can come
    between them.

    Raises:
        FileNotFoundError: the month has no observations.
        InputsChangedError: observations and receipts are not of the same collection.
        ValueError: the edition is not valid in the month.
    """
    criteria = edition.load(edition_id)
    criteria.refuse_period(period)
    cities = scoring.cities_of_month(workspace, period)
    observations = observing.of_edition(
        workspace.store.read(observing.OBSERVATIONS, period=period), edition_id
    )
    contributions = workspace.store.read(observing.CONTRIBUTIONS, period=period)
    inputs = observing.inputs(workspace, period)
    origins = {*observations["sha256"].drop_nulls(), *contributions["sha256"]}
    if not origins <= set(inputs["receipts"]["sha256"]):
        raise InputsChangedError(f"{period} was collected anew meanwhile; run the month again")
    scores = score(criteria, observations, cities)
    return Proposal(
        criteria=criteria,
        period=period,
        before=publication.latest(workspace.published, edition_id, period),
        frames={
            "cities": cities,
            "observations": observations,
            "leaves": scores.leaves,
            "classes": scores.classes,
            "nodes": scores.nodes,
            "index": scores.index,
            "contributions": contributions,
            **inputs,
            **_watched(workspace, period),
        },
        findings=audit.findings(criteria, cities, scores),
        simulated=bool(observations["simulated"].any()),
    )


def refuse_draft(criteria: Edition) -> None:
    """Raise ValueError for an edition that is still being written."""
    if criteria.status == "draft":
        raise ValueError(
            f"{criteria.id} is a draft, and drafts are never published; "
            f"`cci edition freeze {criteria.id}` makes it final, then publish again"
        )


def publish_month(workspace: Workspace, edition_id: str, period: str) -> tuple[Publication, bool]:
    """Freeze a month's numbers as its next revision, unless they are those that stand.

    Returns:
        The revision that stands now, and whether it is new.

    Raises:
        indicators.audit.WrongNumbersError: a check does not hold; nothing is published.
        ValueError: the edition is a draft, or as `propose`, whose other errors are raised, too.
    """
    refuse_draft(edition.load(edition_id))
    proposal = propose(workspace, edition_id, period)
    audit.refuse_wrong_numbers(proposal.findings)
    before, index = proposal.before, proposal.frames["index"]
    month_before = earlier.index_of(workspace, edition_id, shift(period, -1))
    ranked = ranking(index, proposal.frames["cities"], month_before, simulated=proposal.simulated)
    workspace.store.write(RANKING, ranked, edition=edition_id, period=period)
    if before and not proposal.is_new:
        return before, False
    frames = proposal.frames | {
        "ranking": ranked,
        "history": earlier.history(workspace, edition_id, period, [index, month_before]),
        "peers": peers(proposal.frames["cities"], proposal.frames["observations"]),
        "published_ranks": _published_ranks(workspace, period, index["city_code"]),
        "movement": earlier.movements(
            workspace,
            proposal.criteria,
            period,
            Month(proposal.frames["leaves"], index, proposal.frames["observations"]),
        ),
        "changes": proposal.changes,
    }
    frames["warnings"] = warnings(proposal.criteria, period, frames)
    file = edition.file_of(edition_id)
    return publication.publish(workspace.published, _manifest(proposal, frames), frames, file), True


def _manifest(proposal: Proposal, frames: dict[str, pl.DataFrame]) -> dict[str, Any]:
    receipts = frames["receipts"].select(
        "source_id", "name", "sha256", "delivered_at", "late", "taken", "refused"
    )
    return {
        "edition": proposal.criteria.id,
        "edition_revision": proposal.criteria.revision,
        "edition_sha256": proposal.criteria.digest,
        "period": proposal.period,
        "revision": proposal.revision,
        "simulated": proposal.simulated,
        "code": code_version(),
        "numbers_sha256": proposal.numbers_sha256,
        "coverage": audit.coverage_by_class(frames["index"]),
        "checks": {finding.statement: finding.detail for finding in proposal.findings},
        "inputs": [*receipts.to_dicts(), facts.registry_input()],
        "rows": {name: len(frame) for name, frame in frames.items()},
    }


def differs(workspace: Workspace, edition_id: str, period: str) -> bool:
    """Whether the stored numbers of a month are other than those that stand published, if any do.

    Nothing is scored for it, so it costs no more than reading both.
    """
    stands = publication.latest(workspace.published, edition_id, period)
    if stands is None:
        return False
    observations = workspace.store.read(observing.OBSERVATIONS, period=period)
    scores = scoring.read_scores(workspace, edition_id, period)
    frames = {
        "cities": scoring.cities_of_month(workspace, period),
        "observations": observing.of_edition(observations, edition_id),
        **{name: getattr(scores, name) for name in TABLES},
    }
    return not publication.same_numbers(stands, frames)


def _published_ranks(workspace: Workspace, period: str, codes: pl.Series) -> pl.DataFrame:
    """What published lists said of cities up to a month, of the contract `PublishedRanks`."""
    listed = workspace.store.read(facts.PUBLISHED_RANKINGS)
    return (
        listed.filter(pl.col("city_code").is_in(codes.to_list()), pl.col("month") <= period)
        .select("city_code", "issue", "month", "city_class", "rank", "score")
        .with_columns(period=pl.lit(period))
    )


def _watched(workspace: Workspace, period: str) -> dict[str, pl.DataFrame]:
    """The ledger of the month and how the crawls went; nothing where no site was watched."""
    return {
        name: workspace.store.read(TABLE_OF[name], period=period)
        for name in publication.WATCHED
        if workspace.store.has(TABLE_OF[name], period=period)
    }


def release_site(workspace: Workspace) -> Path:
    """Build the next site and database of everything published, and swap both in.

    Pages of a publication are made once and kept. Where nothing is new, the release that stands is left.

    Returns:
        The folder of the release that stands now.
    """
    publications = publication.everything(workspace.published)
    tables = {
        name: workspace.store.read(name)
        for name in (facts.REGISTRY, facts.PUBLISHED_RANKINGS, facts.MODEL_CITIES)
    } | _dictionary()
    assessed, reports = assessments.shown(workspace), reported.shown(workspace)
    contents = _contents(publications, tables, assessed, reports)
    note = workspace.public / _CONTENTS
    if note.exists() and note.read_text(encoding="utf-8") == contents:
        return workspace.public.resolve()
    for leftover in workspace.rendered.glob("*/*/.*.part"):
        shutil.rmtree(leftover)
    rendered = {p.folder: _render(workspace, p) for p in publications}

    def build(folder: Path) -> None:
        site = folder / "site"
        for p in publications:
            place = addresses.publication(p.edition, p.period, p.revision)
            _link_tree(rendered[p.folder] / "zh", site / place)
            _link_tree(rendered[p.folder] / "data", site / place / "data")
            _link_tree(rendered[p.folder] / "en", site / "en" / place)
        pages.render_site(
            site,
            publications,
            tables[facts.PUBLISHED_RANKINGS],
            tables[facts.MODEL_CITIES],
            assessments=[each.about for each in assessed],
            reports=[each.about for each in reports],
        )
        for each in assessed:
            assessments.link(each, site)
        for made in reports:
            reported.link(made, site)
        database.build(folder / "cci.duckdb", publications, tables)
        (folder / _CONTENTS).write_text(contents, encoding="utf-8")

    return release.release(workspace.releases, workspace.public, build)


def code_version() -> str:
    """Version of the software, and a hash of its code and tables that can move a score."""
    return f"{version('city-credit-index')}+{code.digest(*_MOVES_SCORES)[:12]}"


def _dictionary() -> dict[str, pl.DataFrame]:
    """What the ids in the tables mean."""
    return {
        "core_measures__measure": pl.DataFrame(
            {
                "measure": m.id,
                "kind": m.kind,
                "unit": m.unit,
                "sources": "|".join(m.sources),
                "zh": m.zh,
                "en": m.en,
            }
            for m in catalogue().values()
        ),
        "core_edition_leaves__leaf": pl.concat(
            exports.tree(criteria) for criteria in edition.final()
        ),
    }


_CONTENTS = "contents.json"


def _contents(
    publications: list[Publication],
    tables: dict[str, pl.DataFrame],
    assessed: list[Shown],
    reports: list[Shown],
) -> str:
    """What a release is made from; the same text is the same release."""
    made_from = {
        "pages": code.digest(*_MAKES_PAGES),
        "publications": [
            [p.edition, p.period, p.revision, p.manifest["numbers_sha256"]] for p in publications
        ],
        "tables": {
            name: hashlib.sha256(frame.write_csv().encode()).hexdigest()
            for name, frame in tables.items()
        },
        "assessments": [[each.address, each.digest] for each in assessed],
        "reports": [[each.address, each.digest] for each in reports],
    }
    return json.dumps(made_from, indent=1) + "\n"


def _render(workspace: Workspace, p: Publication) -> Path:
    """Pages of one publication, made once: later versions of the pages are for later publications."""
    target = workspace.rendered / p.edition / p.period / f"r{p.revision}"
    if not target.exists():
        aside = target.with_name(f".{target.name}.part")
        aside.mkdir(parents=True)
        pages.render_publication(p, aside)
        aside.rename(target)
    return target


def _link_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, copy_function=os.link, dirs_exist_ok=True)
