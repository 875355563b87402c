"""Assessments of model cities, a month under an edition of the criteria at a time; not scheduled."""

import dagster as dg

from pipelines import contract_checks
from pipelines.partitions import months_by_edition, parts, several_months
from pipelines.resources import Installation
from pipelines.steps import assessing, facts, observing
from pipelines.workspace import Workspace

REPORTS = "out_assessment"
GATE = "score_gate"
_LANG = "zh"
"""Language of the PDFs that a run makes; `cci assess --lang en` makes the others."""


def _assess(workspace: Workspace, edition_id: str, period: str) -> assessing.Assessment:
    try:
        edition = assessing.criteria(edition_id, period)
        basis = assessing.of_installation(workspace, period)
        return assessing.assess(workspace, edition, basis, None)
    except (ValueError, FileNotFoundError) as error:
        raise dg.Failure(description=str(error), allow_retries=False) from error


@dg.asset(
    name=GATE,
    deps=[observing.OBSERVATIONS, facts.REGISTRY],
    partitions_def=months_by_edition,
    backfill_policy=several_months,
    group_name="assessment",
    check_specs=[contract_checks.spec(GATE, assessing.GATE)],
)
def gate(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult:
    """The basic indicators of every city, held against the standards of a model-city edition."""
    failed = {}
    for period, edition_id in parts(context):
        assessment = _assess(installation.workspace, edition_id, period)
        assessing.write_gate(installation.workspace, assessment)
        failed[f"{edition_id} {period}"] = int((~assessment.gate["passed"]).sum())
    return dg.MaterializeResult(
        metadata={"failed_conditions": failed}, check_results=[contract_checks.kept(GATE)]
    )


@dg.asset(
    name=REPORTS,
    deps=[GATE],
    partitions_def=months_by_edition,
    backfill_policy=several_months,
    group_name="assessment",
    check_specs=[contract_checks.spec(REPORTS, assessing.STANDING)],
)
def reports(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult:
    """Who is recommended, and the report on every city that takes part, as pages and PDFs."""
    workspace, recommended = installation.workspace, {}
    for period, edition_id in parts(context):
        assessment = _assess(workspace, edition_id, period)
        assessing.write_tables(workspace, assessment)
        target = assessing.folder(workspace, assessment)
        problem = assessing.write_reports(assessment, target, pdf_lang=_LANG, pdf_codes=None)
        if problem:
            context.log.warning(problem)
        recommended[f"{edition_id} {period}"] = int(assessment.standing["recommended"].sum())
    return dg.MaterializeResult(
        metadata={"recommended": recommended}, check_results=[contract_checks.kept(REPORTS)]
    )


assessment = dg.define_asset_job(
    "assessment",
    selection=dg.AssetSelection.groups("assessment"),
    description="Assess model cities of a collected month under an edition of the criteria.",
)
