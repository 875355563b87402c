"""From a month's observations to an assessment of model cities: gate, points, cohort, reports."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from indicators import audit
from indicators import edition as editions
from indicators.assessment import applicants, default_size, stand
from indicators.edition import Edition
from indicators.gate import gate
from indicators.measures import SOURCES, catalogue
from indicators.score import Scores, score
from pipelines import scoring_files
from pipelines.assessments import MARK
from pipelines.pages import assessed, exports, reports
from pipelines.steps import facts, observing, publishing, scoring
from pipelines.swapping import replacing
from pipelines.workspace import Workspace
from scrapers import packaged
from scrapers.declaration import sources
from warehouse import publication
from warehouse.contracts.tables import TABLES

GATE = "score_gate__city_period_edition"
STANDING = "out_assessment__city_period_edition"
_SHORT_HASH = 8


class NoApplicantsError(ValueError):
    """Nobody takes part in the month under the edition."""


@dataclass(frozen=True)
class Basis:
    """What an assessment rests on: one month of observations.

    Attributes:
        period: the month.
        cities: the registry's cities of the month, with the month.
        observations: of the contract `Observations`, awards of all editions.
        contributions: of the contract `Contributions`; nothing of a file.
        file: name and hash of the file, where they did not come from the installation.
    """

    period: str
    cities: pl.DataFrame
    observations: pl.DataFrame
    contributions: pl.DataFrame
    file: tuple[str, str] | None = None


@dataclass(frozen=True)
class Places:
    """Ranks in the month's monitoring index, where they are known.

    Attributes:
        ranks: city_code, city_class, rank; no rows where they are not known.
        origin: whether they are published, were computed from the same observations, or are unknown.
        revision: which revision was published; 0 where none was.
        simulated: whether invented data went into them.
    """

    ranks: pl.DataFrame
    origin: Literal["published", "computed", "unknown"]
    revision: int
    simulated: bool


@dataclass(frozen=True)
class Assessment:
    """An assessment as numbers: `gate` and `standing` are frames of `Gate` and `Assessment`."""

    edition: Edition
    basis: Basis
    places: Places
    scores: Scores
    gate: pl.DataFrame
    standing: pl.DataFrame
    size: int
    simulated: bool


def criteria(edition_id: str, period: str) -> Edition:
    """The edition to assess by.

    Raises:
        KeyError: there is no such edition.
        ValueError: it is no edition of model-city criteria, or not valid in the month.
    """
    loaded = editions.load(edition_id)
    if loaded.kind != "model_city":
        can = [name for name in editions.ids() if editions.load(name).kind == "model_city"]
        raise ValueError(
            f"{edition_id} is a monitoring edition and has nothing to assess; "
            f"expected an edition of model-city criteria: {', '.join(can)}"
        )
    loaded.refuse_period(period)
    return loaded


def of_installation(workspace: Workspace, period: str) -> Basis:
    """The observations of a month that was collected.

    Raises:
        FileNotFoundError: the month was not collected.
    """
    store = workspace.store
    return Basis(
        period=period,
        cities=scoring.cities_of_month(workspace, period),
        observations=store.read(observing.OBSERVATIONS, period=period),
        contributions=store.read(observing.CONTRIBUTIONS, period=period),
    )


def of_file(edition: Edition, file: Path, period: str) -> Basis:
    """The observations of a file, its awards being those of the edition.

    Raises:
        pipelines.scoring_files.Refused: some rows cannot be taken.
        ValueError: the file holds nothing of the month.
    """
    taken = scoring_files.take(edition, file, period)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    said = {m.id: m.sources[0] for m in catalogue().values()}
    awarded = pl.col("measure").is_in(list(edition.awards))
    observations = taken.observations.filter(pl.col("period") == period).with_columns(
        source=pl.when(pl.col("source").is_in(SOURCES))
        .then("source")
        .otherwise(pl.col("measure").replace_strict(said, return_dtype=pl.String)),
        awarded_under=pl.when(awarded).then(pl.lit(edition.id)).otherwise(pl.lit("")),
        source_id=pl.lit(""),
        records=pl.lit(1, pl.Int64),
        left_out=pl.lit(0, pl.Int64),
        sha256=pl.lit(digest),
        name=pl.lit(file.name),
        place=pl.lit(""),
        evidence=pl.col("evidence").str.strip_chars().replace("", None),
        delivered_at=pl.lit(""),
        corrected=pl.lit(False),
        late=pl.lit(False),
        simulated=pl.lit(False),
    )
    contract = TABLES[observing.OBSERVATIONS]
    return Basis(
        period=period,
        cities=taken.cities,
        observations=contract.validate(observations.select(contract.column_names()), cast=True),
        contributions=TABLES[observing.CONTRIBUTIONS].create_empty(),
        file=(file.name, digest),
    )


def assess(workspace: Workspace, edition: Edition, basis: Basis, size: int | None) -> Assessment:
    """Assess every city that takes part.

    Args:
        workspace: the installation, for the published monitoring index of the month.
        edition: the criteria.
        basis: what to assess.
        size: how many to recommend; as many as the edition's real cohort, if None.

    Raises:
        NoApplicantsError: nobody takes part.
    """
    observations = observing.of_edition(basis.observations, edition.id)
    monitoring = editions.load(editions.CURRENT)
    codes = applicants(edition, monitoring.measures, observations)
    if not codes:
        needed = sorted(set(edition.measures) - set(monitoring.measures))
        raise NoApplicantsError(
            f"no city takes part under {edition.id} in {basis.period}: there is no observation of "
            f"{', '.join(needed[:3])} or any other of the {len(needed)} measures that it asks for; "
            f"applications come with the source `applications`, awards with assessors' workbooks"
        )
    places = _places(workspace, monitoring, basis)
    scores = score(edition, observations, basis.cities)
    held = gate(edition, observations, basis.cities, places.ranks)
    chosen = default_size(edition, cohorts()["cohort"]) if size is None else size
    simulated = bool(observations["simulated"].any()) or places.simulated
    standing = stand(scores.index, held, codes, places.ranks, chosen)
    return Assessment(
        edition=edition,
        basis=basis,
        places=places,
        scores=scores,
        gate=TABLES[GATE].validate(held, cast=True),
        standing=TABLES[STANDING].validate(
            standing.with_columns(simulated=pl.lit(simulated)), cast=True
        ),
        size=chosen,
        simulated=simulated,
    )


def _places(workspace: Workspace, monitoring: Edition, basis: Basis) -> Places:
    """The month's monitoring ranks: as published, else of the same observations if they suffice."""
    columns = ("city_code", "city_class", "rank")
    published = publication.latest(workspace.published, monitoring.id, basis.period)
    if published:
        ranks = published.frame("index").select(columns)
        return Places(ranks, "published", published.revision, published.simulated)
    seen = observing.of_edition(basis.observations, monitoring.id)
    scores = score(monitoring, seen, basis.cities)
    ranks = scores.index.select(columns)
    if audit.coverage_is_sufficient(scores).holds:
        return Places(ranks, "computed", 0, bool(seen["simulated"].any()))
    return Places(ranks.clear(), "unknown", 0, False)


def write_gate(workspace: Workspace, assessment: Assessment) -> None:
    """Put the gate into the tables."""
    partition = {"edition": assessment.edition.id, "period": assessment.basis.period}
    workspace.store.write(GATE, assessment.gate, **partition)


def write_tables(workspace: Workspace, assessment: Assessment) -> None:
    """Put gate and standing into the tables."""
    write_gate(workspace, assessment)
    partition = {"edition": assessment.edition.id, "period": assessment.basis.period}
    workspace.store.write(STANDING, assessment.standing, **partition)


def folder(workspace: Workspace, assessment: Assessment) -> Path:
    """Where the reports lie in an installation: those of a file apart from its own."""
    basis = assessment.basis
    name = basis.period if basis.file is None else f"{basis.period}-{basis.file[1][:_SHORT_HASH]}"
    return workspace.assessments / assessment.edition.id / name


def show_in_site(workspace: Workspace, assessment: Assessment) -> None:
    """Release the site anew with the reports, where there is a site and the edition is final."""
    if workspace.public.exists() and assessment.edition.status == "final":
        with workspace.publishing():
            publishing.release_site(workspace)


def write_reports(
    assessment: Assessment, out: Path, *, pdf_lang: str, pdf_codes: Collection[str] | None
) -> str:
    """Write all reports and data aside and put them in the place of those before.

    Args:
        assessment: what to report.
        out: folder of the reports; it may hold an earlier assessment, and nothing else.
        pdf_lang: language of the PDFs that are made; pages are in both.
        pdf_codes: cities whose reports are made as PDF; None for all. A PDF of before that is still
            true is kept.

    Returns:
        What kept PDFs from being made; empty where they were.

    Raises:
        FileExistsError: the folder holds something else.
    """
    with replacing(out, MARK) as aside:
        about = _about(assessment)
        exports.write_each(_tables(assessment), aside / "data", about, assessment.simulated)
        problem = reports.write(
            rows(assessment), aside, before=out, pdf_lang=pdf_lang, pdf_codes=pdf_codes
        )
        text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
        (aside / MARK).write_text(text + "\n", encoding="utf-8")
    return problem


def _about(assessment: Assessment) -> dict[str, Any]:
    """What an assessment says of itself."""
    edition, standing = assessment.edition, assessment.standing
    return {
        "edition": edition.id,
        "edition_revision": edition.revision,
        "edition_sha256": edition.digest,
        "period": assessment.basis.period,
        "draft": edition.status == "draft",
        "simulated": assessment.simulated,
        "computed": True,
        "cohort": assessment.size,
        "applicants": len(standing),
        "recommended": int(standing["recommended"].sum()),
        "monitoring_ranks": assessment.places.origin,
        "code": publishing.code_version(),
        "numbers_sha256": _digest(assessment),
    }


def _tables(assessment: Assessment) -> dict[str, pl.DataFrame]:
    """What there is to download, of those who take part."""
    edition, scores = assessment.edition, assessment.scores
    mine = pl.col("city_code").is_in(assessment.standing["city_code"].to_list())
    names = assessment.basis.cities.select("city_code", "name", "name_en", "province")
    needed = pl.col("measure").is_in([*edition.measures, *edition.gate_measures])
    observations = observing.of_edition(assessment.basis.observations, edition.id)
    return {
        "standing": assessment.standing.join(
            names, on="city_code", how="left", maintain_order="left"
        ),
        "gate": assessment.gate.filter(mine),
        "criteria": scores.leaves.filter(mine).drop("lo", "hi"),
        "groups": scores.nodes.filter(mine, pl.col("level") < editions.LEAF_LEVEL),
        "observations": observations.filter(mine, needed).sort("city_code", "measure"),
    }


def _digest(assessment: Assessment) -> str:
    digest = hashlib.sha256()
    for frame in (assessment.gate, assessment.standing, assessment.scores.leaves):
        digest.update(frame.write_csv().encode())
    return digest.hexdigest()


def rows(assessment: Assessment) -> assessed.Assessed:
    """What the reports show, as plain rows."""
    basis, edition, places = assessment.basis, assessment.edition, assessment.places
    return assessed.read(
        edition=edition,
        cities=basis.cities,
        standing=assessment.standing,
        gate=assessment.gate,
        scores=assessment.scores,
        observations=observing.of_edition(basis.observations, edition.id),
        contributions=basis.contributions,
        period=basis.period,
        simulated=assessment.simulated,
        size=assessment.size,
        code=publishing.code_version(),
        file=basis.file,
        places=(places.origin, places.revision),
        ranked=dict(places.ranks.group_by("city_class").len().sort("city_class").iter_rows()),
        rankings=rankings(),
        cohorts=cohorts(),
    )


def rankings() -> pl.DataFrame:
    """Ranking lists that the state published."""
    content = packaged.path(sources()["published_rankings"]).read_bytes()
    return facts.published_rankings(content, facts.registry())


def cohorts() -> pl.DataFrame:
    """Model cities that the state named."""
    content = packaged.path(sources()["model_cities"]).read_bytes()
    return facts.model_cities(content, facts.registry())
