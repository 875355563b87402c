"""From landed inputs to observations, a month at a time."""

import dagster as dg

from pipelines import contract_checks
from pipelines.partitions import months, several_months
from pipelines.resources import Installation
from pipelines.steps import collecting, facts, observing
from scrapers.declaration import Source, monthly


def records_key(source: Source) -> str:
    """Name of the asset that holds a source's records."""
    return f"landing_{source.id}__records"


def _records(source: Source) -> dg.AssetsDefinition:
    key = records_key(source)
    minimum, maximum = "brings_its_minimum", "stays_below_its_maximum"

    @dg.asset(
        name=key,
        deps=[facts.REGISTRY],
        partitions_def=months,
        backfill_policy=several_months,
        group_name="landing",
        description=f"{source.title_zh} · {source.title_en}: landed bytes, records, refusals.",
        check_specs=[
            contract_checks.spec(key, collecting.RECORDS),
            dg.AssetCheckSpec(minimum, asset=key, description="As its declaration expects"),
            dg.AssetCheckSpec(maximum, asset=key, description="As its declaration expects"),
        ],
    )
    def records(
        context: dg.AssetExecutionContext, installation: Installation
    ) -> dg.MaterializeResult:
        short, excess = [], []
        files = taken = refused = 0
        for period in context.partition_keys:
            brought = collecting.collect(installation.workspace, source, period)
            context.log.info(f"{period} {source.id}: {brought}")
            files, taken = files + brought.files, taken + brought.records
            refused += brought.refused
            for name, count, limits in (
                ("cities", brought.cities, source.expect.cities),
                ("records", brought.records, source.expect.records),
            ):
                if count < limits.min:
                    short.append(
                        f"{period}: {count} {name}, expected {limits.min} or more; ask "
                        f"{source.publisher_en} for what is missing, put it into "
                        f"inbox/{source.id}/{period}/ and run the month again"
                    )
                if count > limits.max:
                    excess.append(f"{period}: {count} {name}, expected at most {limits.max}")
        return dg.MaterializeResult(
            metadata={"dagster/row_count": taken, "files": files, "refused": refused},
            check_results=[
                contract_checks.kept(key),
                dg.AssetCheckResult(
                    check_name=minimum,
                    asset_key=key,
                    passed=not short,
                    description="; ".join(short),
                ),
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
    deps=[records_key(source) for source in monthly()],
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
