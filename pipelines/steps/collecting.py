"""From the inbox to records: land what arrived, read it, keep what is good, list what is refused."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from indicators.measures import catalogue
from indicators.registry import cities_of
from indicators.screen import KEY, screen
from pipelines.steps.facts import REGISTRY
from pipelines.workspace import Workspace
from scrapers import landing, measure_file
from scrapers.declaration import Source, monthly
from warehouse.contracts.landing import Receipts, Records, Refusals

_LARGEST = 1e10
"""No count of a city is as large; identity and telephone numbers are, so they are not taken for one."""
RECORDS = "landing_records__source"
RECEIPTS = "landing_receipts__file"
REFUSALS = "landing_refusals__row"


@dataclass(frozen=True)
class Collected:
    """What one source brought for one month."""

    files: int
    records: int
    refused: int
    cities: int
    late_files: int

    def __str__(self) -> str:
        late = f" ({self.late_files} late)" if self.late_files else ""
        return f"{self.files} files{late}, {self.records} records, {self.refused} refused"


def strangers(workspace: Workspace) -> list[str]:
    """Folders of the inbox that are no source's, in words; what is in them is not read."""
    known = {source.id for source in monthly()}
    folders = sorted(path.name for path in workspace.inbox.glob("*") if path.is_dir())
    return [
        f"inbox/{name} is no source's and is not read; expected one of {', '.join(sorted(known))}"
        for name in folders
        if name not in known
    ]


def collect(workspace: Workspace, source: Source, period: str) -> Collected:
    """Land and read everything that a source delivered for a month, and write its tables.

    A later delivery takes the place of an earlier one, row by row; nothing is counted twice.
    """
    files = landing.collect(workspace.inbox, workspace.landing, source, period)
    cities = cities_of(workspace.store.read(REGISTRY), period).select(
        "city_code", period=pl.lit(period)
    )
    records, receipts, refusals = [], [], []
    for order, file in enumerate(files):
        good, refused = _read(workspace, source, file, cities)
        late = source.late(period, datetime.fromisoformat(file.delivered_at))
        origin = {"sha256": file.sha256, "name": file.name}
        records.append(
            good.with_columns(
                **{key: pl.lit(value) for key, value in origin.items()},
                order=pl.lit(order),
                late=pl.lit(late),
            )
        )
        refusals.append(
            refused.with_columns(
                source_id=pl.lit(source.id),
                period=pl.lit(period),
                **{key: pl.lit(value) for key, value in origin.items()},
            )
        )
        receipts.append(
            {
                "source_id": source.id,
                "period": period,
                **origin,
                "address": file.address,
                "delivered_at": file.delivered_at,
                "late": late,
                "size": file.size,
                "taken": len(good),
                "refused": refused["row"].n_unique(),
                "simulated": source.simulated,
            }
        )
    current = _supersede(records, source)
    partition = {"source_id": source.id, "period": period}
    store = workspace.store
    store.write(RECORDS, current, **partition)
    store.write(
        RECEIPTS,
        pl.DataFrame(receipts, schema=Receipts.create_empty().schema),
        **partition,
    )
    refused_rows = (
        pl.concat(refusals).select(Refusals.column_names()) if refusals else Refusals.create_empty()
    )
    store.write(REFUSALS, refused_rows, **partition)
    return Collected(
        files=len(files),
        records=len(current),
        refused=len(refused_rows),
        cities=current["city_code"].n_unique(),
        late_files=sum(bool(receipt["late"]) for receipt in receipts),
    )


def _read(
    workspace: Workspace, source: Source, file: landing.Landed, cities: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of one file that can be taken, and those that are refused."""
    reported = {m.id: m for m in catalogue().values() if source.kind in m.sources}
    try:
        rows = measure_file.read(file.content(workspace.landing))
    except measure_file.FileRefused as refusal:
        whole = pl.DataFrame([refusal.details()]).select(_REFUSED)
        return pl.DataFrame(schema={**_GOOD, "row": pl.Int64}), whole
    period = file.period
    screened = screen(
        rows.with_columns(
            pl.col("source").str.strip_chars().replace("", None).fill_null(source.kind)
        ),
        cities,
        reported,
        first_period=period,
        last_period=period,
        sources=[source.kind],
        largest=_LARGEST,
    )
    return screened.good, screened.refused


_REFUSED = ("row", "field", "reason", "found", "expected")
_GOOD = {
    "period": pl.String,
    "city_code": pl.String,
    "measure": pl.String,
    "value": pl.Float64,
    "source": pl.String,
}


def _supersede(records: list[pl.DataFrame], source: Source) -> pl.DataFrame:
    """The last value of everything, from the delivery that first brought it.

    `corrected` where an earlier delivery had another value. What is only sent again changes nothing.
    """
    if not records:
        return Records.create_empty()
    key = list(KEY)
    return (
        pl.concat(records)
        .sort(*key, "order")
        .filter(~pl.col("value").eq_missing(pl.col("value").shift(1).over(key)))
        .with_columns(corrected=pl.len().over(key) > 1, simulated=pl.lit(source.simulated))
        .unique(key, keep="last", maintain_order=True)
        .select(Records.column_names())
    )
