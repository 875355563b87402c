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

of_the_month = dg.MultiToSingleDimensionPartitionMapping(partition_dimension_name="period")
"""From a month × edition to the month alone."""


def key(period: str, edition_id: str) -> dg.MultiPartitionKey:
    """The partition of a month under an edition."""
    return dg.MultiPartitionKey({"edition": edition_id, "period": period})


def parts(context: dg.AssetExecutionContext) -> tuple[str, str]:
    """Period and edition of the partition that an asset works on."""
    partition = context.partition_key
    assert isinstance(partition, dg.MultiPartitionKey)  # noqa: S101 - what months_by_edition gives
    dimensions = partition.keys_by_dimension
    return dimensions["period"], dimensions["edition"]
