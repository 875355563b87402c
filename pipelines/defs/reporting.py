"""Bulletins of a published month; not scheduled, since PDFs of all cities take minutes."""

import dagster as dg

from pipelines.defs.publication import PUBLICATION
from pipelines.partitions import months_by_edition, parts, several_months
from pipelines.resources import Installation
from pipelines.steps import reporting

BULLETINS = "out_bulletins"
_LANG = "zh"
"""Language of the PDFs that a run makes; `cci report --lang en` makes the others."""


@dg.asset(
    name=BULLETINS,
    deps=[PUBLICATION],
    partitions_def=months_by_edition,
    backfill_policy=several_months,
    group_name="reports",
)
def bulletins(
    context: dg.AssetExecutionContext, installation: Installation
) -> dg.MaterializeResult:
    """The ranking bulletin of a month and the bulletin of each city, as pages and PDFs."""
    workspace, folders = installation.workspace, {}
    for period, edition_id in parts(context):
        try:
            publication = reporting.published(workspace, edition_id, period)
        except FileNotFoundError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from error
        reporting.write_ranking(workspace, publication, _LANG)
        made = reporting.write_cities(workspace, publication, _LANG, None)
        if made.problem:
            context.log.warning(made.problem)
        folders[f"{edition_id} {period}"] = str(made.folder.relative_to(workspace.root))
    reporting.show_in_site(workspace)
    return dg.MaterializeResult(metadata={"folders": folders})


reports = dg.define_asset_job(
    "reports",
    selection=dg.AssetSelection.groups("reports"),
    description="Make the bulletins of a published month under an edition.",
)
