"""From the ranking to what readers see."""

import dagster as dg

from pipelines.partitions import months_by_edition, parts, several_months
from pipelines.resources import Installation
from pipelines.steps import facts, publishing

PUBLICATION = "out_publication"
SITE = "out_site"


@dg.asset(
    name=PUBLICATION,
    deps=[publishing.RANKING],
    partitions_def=months_by_edition,
    backfill_policy=several_months,
    group_name="publication",
)
def publication(
    context: dg.AssetExecutionContext, installation: Installation
) -> dg.MaterializeResult:
    """The next revision of each month whose numbers are not those that stand."""
    workspace = installation.workspace
    revisions = {}
    for period, edition_id in parts(context):
        with workspace.publishing():
            published, new = publishing.publish_month(workspace, edition_id, period)
        context.log.info(f"{period} {edition_id}: r{published.revision}{'' if new else ' stands'}")
        revisions[f"{edition_id} {period}"] = published.revision
    return dg.MaterializeResult(metadata={"revisions": revisions})


@dg.asset(
    name=SITE,
    deps=[PUBLICATION, facts.PUBLISHED_RANKINGS, facts.MODEL_CITIES],
    partitions_def=months_by_edition,
    backfill_policy=several_months,
    group_name="publication",
)
def site(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult:
    """Pages and `cci.duckdb` of everything published, swapped in at once."""
    workspace = installation.workspace
    with workspace.publishing():
        folder = publishing.release_site(workspace)
    context.log.info(f"{folder.name}: {workspace.public}")
    return dg.MaterializeResult(metadata={"release": folder.name})
