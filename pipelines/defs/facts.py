"""Assets that come with the project: the registry of cities and what the state published."""

import dagster as dg

from pipelines import contract_checks
from pipelines.resources import Installation
from pipelines.steps import facts


@dg.asset(
    name=facts.REGISTRY,
    group_name="facts",
    check_specs=[contract_checks.spec(facts.REGISTRY, facts.REGISTRY)],
)
def registry(installation: Installation) -> dg.MaterializeResult:
    """Real cities by GB/T 2260, versioned in time."""
    frame = facts.write_registry(installation.workspace)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": len(frame)},
        check_results=[contract_checks.kept(facts.REGISTRY)],
    )


_NAMES_HOLD = "published_names_ranks_and_scores_hold"


@dg.asset(
    name=facts.PUBLISHED_RANKINGS,
    deps=[facts.REGISTRY],
    group_name="facts",
    check_specs=[
        contract_checks.spec(facts.PUBLISHED_RANKINGS, facts.PUBLISHED_RANKINGS),
        dg.AssetCheckSpec(_NAMES_HOLD, asset=facts.PUBLISHED_RANKINGS, blocking=True),
    ],
)
def published_rankings(installation: Installation) -> dg.MaterializeResult:
    """Ranking lists that the state published, as printed."""
    workspace = installation.workspace
    spells = workspace.store.read(facts.REGISTRY)
    frame = facts.write_published_rankings(workspace, spells)
    problems = facts.problems_of_published(frame, spells)
    return dg.MaterializeResult(
        metadata={"dagster/row_count": len(frame)},
        check_results=[
            contract_checks.kept(facts.PUBLISHED_RANKINGS),
            dg.AssetCheckResult(
                check_name=_NAMES_HOLD,
                asset_key=facts.PUBLISHED_RANKINGS,
                passed=not problems,
                description="; ".join(problems) or f"{len(frame)} rows",
            ),
        ],
    )


@dg.asset(
    name=facts.MODEL_CITIES,
    deps=[facts.REGISTRY],
    group_name="facts",
    check_specs=[contract_checks.spec(facts.MODEL_CITIES, facts.MODEL_CITIES)],
)
def model_cities(installation: Installation) -> dg.MaterializeResult:
    """Cohorts of model cities that the state named."""
    workspace = installation.workspace
    frame = facts.write_model_cities(workspace, workspace.store.read(facts.REGISTRY))
    return dg.MaterializeResult(
        metadata={"dagster/row_count": len(frame)},
        check_results=[contract_checks.kept(facts.MODEL_CITIES)],
    )
