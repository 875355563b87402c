"""From landed inputs to observations, a month at a time."""

import dagster as dg

from pipelines import contract_checks, shortfall
from pipelines.partitions import months, several_months
from pipelines.resources import Installation
from pipelines.steps import collecting, crawling, facts, ledger, observing
from scrapers.declaration import Source, monthly


def _records(source: Source) -> dg.AssetsDefinition:
    key = shortfall.records_key(source)
    maximum = "stays_below_its_maximum"

    @dg.asset(
        name=key,
        # What monitoring reads is landed as its ledger is kept.
        deps=[facts.REGISTRY, *([ledger.EVENTS] if source.id == crawling.SOURCE else [])],
        partitions_def=months,
        backfill_policy=several_months,
        group_name="landing",
        description=f"{source.title_zh} · {source.title_en}: landed readings, records, refusals.",
        check_specs=[
            contract_checks.spec(key, collecting.RECORDS),
            dg.AssetCheckSpec(maximum, asset=key, description="As its declaration expects"),
        ],
    )
    def records(
        context: dg.AssetExecutionContext, installation: Installation
    ) -> dg.MaterializeResult:
        brought = []
        for period in context.partition_keys:
            brought.append(collecting.collect(installation.workspace, source, period))
            context.log.info(f"{period} {source.id}: {brought[-1]}")
        if any(month.short for month in brought):
            raise shortfall.failure(source, brought)
        excess = [line for month in brought for line in shortfall.excess(source, month)]
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": sum(month.records for month in brought),
                "files": sum(month.files for month in brought),
                "refused": sum(month.refused for month in brought),
            },
            check_results=[
                contract_checks.kept(key),
                dg.AssetCheckResult(
                    check_name=maximum,
                    asset_key=key,
                    passed=not excess,
                    severity=dg.AssetCheckSeverity.WARN,
                    description="; ".join(excess),
                ),
            ],
        )

    return records


landing_records = [_records(source) for source in monthly()]


@dg.asset(
    name=observing.OBSERVATIONS,
    deps=[shortfall.records_key(source) for source in monthly()],
    partitions_def=months,
    backfill_policy=several_months,
    group_name="observations",
    check_specs=[contract_checks.spec(observing.OBSERVATIONS, observing.OBSERVATIONS)],
)
def observations(
    context: dg.AssetExecutionContext, installation: Installation
) -> dg.MaterializeResult:
    """One value for each city, month and measure; two sources are compared."""
    rows = discrepancies = 0
    for period in context.partition_keys:
        frame = observing.observe(installation.workspace, period)
        differing = int(frame["discrepancy"].sum())
        context.log.info(f"{period}: {len(frame)} observations, {differing} discrepancies")
        rows, discrepancies = rows + len(frame), discrepancies + differing
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows, "discrepancies": discrepancies},
        check_results=[contract_checks.kept(observing.OBSERVATIONS)],
    )
