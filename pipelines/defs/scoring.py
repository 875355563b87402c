"""From observations up the tree to the index, a month under an edition at a time."""

from collections.abc import Iterator

import dagster as dg

from indicators.audit import COMPUTED_ONLY, STATEMENTS
from pipelines import contract_checks
from pipelines.partitions import months_by_edition, parts, several_months
from pipelines.resources import Installation
from pipelines.steps import facts, observing, scoring

LEAVES = scoring.TABLES["leaves"]
INDEX = scoring.TABLES["index"]
LEVELS = ("score_third_level", "score_second_level", "score_first_level")
ASSETS = (LEAVES, *LEVELS, INDEX)
"""What one calculation gives, from the leaves up."""


def _chain() -> Iterator[dg.AssetSpec]:
    """Leaves → third → second → first level → index: one calculation, each level an asset."""
    yield dg.AssetSpec(
        LEAVES,
        deps=[observing.OBSERVATIONS, facts.REGISTRY],
        description="Points of every leaf of every city, with the value and why it counts.",
    )
    below = LEAVES
    for level in LEVELS:
        name = level.replace("score_", "").replace("_", "-")
        yield dg.AssetSpec(
            level, deps=[below], description=f"Points of the {name} indicators (score_nodes)."
        )
        below = level
    yield dg.AssetSpec(
        INDEX, deps=[below], description="Index, coverage and rank in its class of every city."
    )


@dg.multi_asset(
    name="score_month",
    specs=list(_chain()),
    check_specs=[
        *(contract_checks.spec(table, table) for table in (LEAVES, INDEX)),
        contract_checks.spec(LEVELS[-1], scoring.TABLES["nodes"]),
        *(dg.AssetCheckSpec(name, asset=INDEX, blocking=True) for name in STATEMENTS),
    ],
    partitions_def=months_by_edition,
    backfill_policy=several_months,
    group_name="scores",
)
def scores(
    context: dg.AssetExecutionContext, installation: Installation
) -> Iterator[dg.MaterializeResult]:
    """Score months. Contracts are checked as the tables are written; a breach stops here.

    A month with too little coverage is told of, and computed all the same: publishing refuses it.
    """
    broken: dict[str, list[str]] = {name: [] for name in STATEMENTS}
    months: dict[str, list[str]] = {}
    for period, edition_id in parts(context):
        months.setdefault(edition_id, []).append(period)
    for edition_id, periods in months.items():
        for period, found in scoring.score_months(
            installation.workspace, edition_id, periods
        ).items():
            for finding in found:
                if not finding.holds:
                    broken[finding.statement].append(f"{period}: {finding.detail}")
            context.log.info(f"{period} {edition_id}: {found[-1].detail}")
    for key in (LEAVES, *LEVELS):
        held = [contract_checks.kept(key)] if key in (LEAVES, LEVELS[-1]) else []
        yield dg.MaterializeResult(asset_key=key, check_results=held)
    yield dg.MaterializeResult(
        asset_key=INDEX,
        check_results=[
            contract_checks.kept(INDEX),
            *(
                dg.AssetCheckResult(
                    check_name=name,
                    asset_key=INDEX,
                    passed=not details,
                    severity=dg.AssetCheckSeverity.WARN
                    if name in COMPUTED_ONLY
                    else dg.AssetCheckSeverity.ERROR,
                    description="; ".join(details),
                )
                for name, details in broken.items()
            ),
        ],
    )
