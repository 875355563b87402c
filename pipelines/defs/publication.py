"""From the ranking to what readers see."""

from collections.abc import Iterator

import dagster as dg

from pipelines import contract_checks
from pipelines.partitions import months_by_edition, parts, several_months
from pipelines.resources import Installation
from pipelines.steps import facts, publishing, scoring

PUBLICATION = "out_publication"
SITE = "out_site"


@dg.multi_asset(
    name="publish_month",
    specs=[
        dg.AssetSpec(
            publishing.RANKING,
            deps=[scoring.TABLES["index"], facts.PUBLISHED_RANKINGS],
            description="The ranking of each class as it is printed, beside the month before.",
        ),
        dg.AssetSpec(
            PUBLICATION,
            deps=[publishing.RANKING],
            description="The next revision of each month whose numbers are not those that stand.",
        ),
    ],
    check_specs=[contract_checks.spec(publishing.RANKING, publishing.RANKING)],
    partitions_def=months_by_edition,
    backfill_policy=several_months,
    group_name="publication",
)
def publication(
    context: dg.AssetExecutionContext, installation: Installation
) -> Iterator[dg.MaterializeResult]:
    """Rank and publish a month; a month's ranking is made after the month before is published."""
    workspace = installation.workspace
    revisions, new_ones = {}, []
    for period, edition_id in parts(context):
        with workspace.publishing():
            published, new = publishing.publish_month(workspace, edition_id, period)
        context.log.info(f"{period} {edition_id}: r{published.revision}{'' if new else ' stands'}")
        revisions[f"{edition_id} {period}"] = published.revision
        if new:
            new_ones.append(f"{edition_id} {period}")
    yield dg.MaterializeResult(
        asset_key=publishing.RANKING, check_results=[contract_checks.kept(publishing.RANKING)]
    )
    yield dg.MaterializeResult(
        asset_key=PUBLICATION, metadata={"revisions": revisions, "new": new_ones}
    )


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
