"""From landed inputs to observations, a month at a time."""

import dagster as dg

from pipelines.partitions import months
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
        group_name="landing",
        description=f"{source.title_zh} · {source.title_en}: landed bytes, records, refusals.",
        check_specs=[
            dg.AssetCheckSpec(minimum, asset=key, description="As its declaration expects"),
            dg.AssetCheckSpec(maximum, asset=key, description="As its declaration expects"),
        ],
    )
    def records(
        context: dg.AssetExecutionContext, installation: Installation
    ) -> dg.MaterializeResult:
        period = context.partition_key
        brought = collecting.collect(installation.workspace, source, period)
        context.log.info(
            f"{period} {source.id}: {brought.files} files, {brought.records} records, "
            f"{brought.refused} refused, {brought.late_files} late"
        )
        counts = {"cities": brought.cities, "records": brought.records}
        short = {n: c for n, c in counts.items() if c < source.expect[n].min}
        excess = {n: c for n, c in counts.items() if c > source.expect[n].max}
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": brought.records,
                "files": brought.files,
                "late_files": brought.late_files,
                "refused": brought.refused,
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name=minimum,
                    passed=not short,
                    description=(
                        f"{period}: only {short}; ask {source.publisher_en} for the missing files, "
                        f"put them into inbox/{source.id}/{period}/ and run the month again"
                        if short
                        else f"{counts}"
                    ),
                ),
                dg.AssetCheckResult(
                    check_name=maximum,
                    passed=not excess,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=f"{excess or counts}",
                ),
            ],
        )

    return records


landing_records = [_records(source) for source in monthly()]


@dg.asset(
    name=observing.OBSERVATIONS,
    deps=[records_key(source) for source in monthly()],
    partitions_def=months,
    group_name="observations",
)
def observations(
    context: dg.AssetExecutionContext, installation: Installation
) -> dg.MaterializeResult:
    """One value for each city, month and measure; two sources are compared."""
    frame = observing.observe(installation.workspace, context.partition_key)
    context.log.info(f"{context.partition_key}: {len(frame)} observations")
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(frame),
            "discrepancies": int(frame["discrepancy"].sum()),
            "corrected": int(frame["corrected"].sum()),
            "late": int(frame["late"].sum()),
        }
    )
