"""Partitions: months for what is collected, month × edition for what is scored."""

import dagster as dg

from indicators import edition
from indicators.screen import FIRST_PERIOD

TIME_ZONE = "Asia/Shanghai"

months = dg.TimeWindowPartitionsDefinition(
    start=FIRST_PERIOD, fmt="%Y-%m", cron_schedule="0 0 1 * *", timezone=TIME_ZONE
)
editions = dg.StaticPartitionsDefinition(edition.ids())
months_by_edition = dg.MultiPartitionsDefinition({"edition": editions, "period": months})


crawl_parts = dg.StaticPartitionsDefinition([f"{number:02}" for number in range(16)])
"""Parts of the watched sites, by host; a run crawls one."""


def key(period: str, edition_id: str) -> dg.MultiPartitionKey:
    """The partition of a month under an edition."""
    return dg.MultiPartitionKey({"edition": edition_id, "period": period})


several_months = dg.BackfillPolicy.multi_run(max_partitions_per_run=12)
"""Backfills take a year to a run: starting a run costs more than scoring a month."""


def parts(context: dg.AssetExecutionContext) -> list[tuple[str, str]]:
    """Period and edition of every partition that a run works on, oldest month first."""
    found = []
    for partition in context.partition_keys:
        edition_id, period = months_by_edition.get_partition_key_from_str(
            partition
        ).keys_by_dimension.values()
        found.append((period, edition_id))
    return sorted(found)
