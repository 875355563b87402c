"""From the ranking to what readers see."""

import dagster as dg

from pipelines.partitions import months_by_edition, parts
from pipelines.resources import Installation
from pipelines.steps import facts, publishing

PUBLICATION = "out_publication"
SITE = "out_site"


@dg.asset(
    name=PUBLICATION,
    deps=[publishing.RANKING],
    partitions_def=months_by_edition,
    group_name="publication",
)
def publication(
    context: dg.AssetExecutionContext, installation: Installation
) -> dg.MaterializeResult:
    """The month's next revision, if its numbers are not those that stand."""
    period, edition_id = parts(context)
    workspace = installation.workspace
    with workspace.publishing():
        published, new = publishing.publish_month(workspace, edition_id, period)
    context.log.info(f"{period} {edition_id}: r{published.revision}{'' if new else ' stands'}")
    return dg.MaterializeResult(
        metadata={
            "revision": published.revision,
            "new": new,
            "changes": published.manifest["rows"]["changes"],
            "numbers_sha256": published.manifest["numbers_sha256"],
        }
    )


@dg.asset(
    name=SITE,
    deps=[PUBLICATION, facts.PUBLISHED_RANKINGS, facts.MODEL_CITIES],
    partitions_def=months_by_edition,
    group_name="publication",
)
def site(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult:
    """Pages and `cci.duckdb` of everything published, swapped in at once."""
    workspace = installation.workspace
    with workspace.publishing():
        folder = publishing.release_site(workspace)
    context.log.info(f"{folder.name}: {workspace.public}")
    return dg.MaterializeResult(metadata={"release": folder.name})
