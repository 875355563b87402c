"""From what is landed to records: screen it, roll it up, keep what is good, list what is refused."""

from dataclasses import asdict, dataclass
from datetime import datetime

import polars as pl

from indicators import edition
from indicators.registry import cities_of
from indicators.screen import screen
from pipelines.asked import asked_of
from pipelines.steps import arriving
from pipelines.steps.facts import REGISTRY
from pipelines.workspace import Workspace
from scrapers import landing, rollup
from scrapers.arrival import Problem
from scrapers.declaration import Source, monthly
from scrapers.landing import Landed
from scrapers.reading import LARGEST, REFUSED, ROWS
from warehouse.contracts.landing import Quality, Receipts, Records, Refusals

_SHRUNK = 0.8
"""Share of the records of an earlier extract below which the one that takes its place is doubtful."""
RECORDS = "landing_records__source"
RECEIPTS = "landing_receipts__file"
REFUSALS = "landing_refusals__row"
QUALITY = "landing_quality__source"
_KEY = ["city_code", "measure", "part"]
_SAID = {
    "order": pl.Int64,
    "city_code": pl.String,
    "measure": pl.String,
    "part": pl.String,
    "value": pl.Float64,
    "records": pl.Int64,
    "row": pl.Int64,
    "place": pl.String,
    "evidence": pl.String,
}
"""What each delivery says, `order` being its place among the deliveries of the month.

A value that is null says that there is none."""


@dataclass(frozen=True)
class Collected:
    """What one source brought for one month; see the contract `Quality`."""

    source_id: str
    period: str
    expected_cities: int
    expected_records: int
    files: int
    late_files: int
    duplicate_files: int
    refused_files: int
    cities: int
    records: int
    corrected: int
    refused: int
    persons: int
    short: bool
    problems: tuple[Problem, ...]
    simulated: bool

    @property
    def frame(self) -> pl.DataFrame:
        """It as the row of its table."""
        lines = "\n".join(problem.line for problem in self.problems)
        return pl.DataFrame([asdict(self) | {"problems": lines}])

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


def waiting(workspace: Workspace, period: str) -> list[str]:
    """Other months that files in the inbox wait for, in words."""
    folders = {
        path.parent
        for source in monthly()
        for path in (workspace.inbox / source.id).glob("*/[!.]*")
        if path.parent.name != period
    }
    return [
        f"inbox/{folder.parent.name}/{folder.name} has files; "
        f"`cci run --period {folder.name}` takes them in"
        for folder in sorted(folders)
    ]


def collect(workspace: Workspace, source: Source, period: str) -> Collected:
    """Take in what a source has for a month, read everything landed for it, and write its tables.

    A later delivery takes the place of an earlier one, value by value; nothing is counted twice.
    """
    problems = arriving.take_in(workspace, source, period)
    expected = source.expected(period)
    files = landing.landed(workspace.landing, source.id, period)
    said, refused = _said(workspace, source, period, files)
    deliveries = _deliveries(source, period, files)
    records = _supersede(said, deliveries)
    receipts = _receipts(deliveries, said, refused)
    # An extract says 0 of a city without having a record of it.
    reached = records.filter(pl.col("records") > 0)["city_code"].n_unique()
    problems += _shrunk(files)
    collected = Collected(
        source_id=source.id,
        period=period,
        expected_cities=expected.cities.min,
        expected_records=expected.records.min,
        files=len(receipts),
        late_files=int(receipts["late"].sum()),
        duplicate_files=int(receipts["duplicate"].sum()),
        refused_files=refused.filter(pl.col("row") == 0)["order"].n_unique(),
        cities=reached,
        records=len(records),
        corrected=int(records["corrected"].sum()),
        refused=int(receipts["refused"].sum()),
        persons=int(receipts["persons"].sum()),
        short=reached < expected.cities.min or len(records) < expected.records.min,
        problems=tuple(problems),
        simulated=source.simulated,
    )
    refusals = refused.join(deliveries, on="order", how="left", maintain_order="left")
    for table, contract, frame in (
        (RECORDS, Records, records),
        (REFUSALS, Refusals, refusals),
        (RECEIPTS, Receipts, receipts),
        (QUALITY, Quality, collected.frame),
    ):
        columns = contract.column_names()
        workspace.store.write(table, frame.select(columns), source_id=source.id, period=period)
    return collected


def _deliveries(source: Source, period: str, files: list[Landed]) -> pl.DataFrame:
    """What is known of each delivery but its content."""
    seen: set[str] = set()
    rows = []
    for order, file in enumerate(files):
        rows.append(
            {
                "order": order,
                "source_id": source.id,
                "period": period,
                "source": source.kind,
                "file": file.sha256[:16],
                "sha256": file.sha256,
                "name": file.name,
                "sender": file.sender,
                "address": file.address,
                "delivered_at": file.delivered_at,
                "late": source.late(period, datetime.fromisoformat(file.delivered_at)),
                "duplicate": file.sha256 in seen,
                "size": file.size,
                "more_refused": file.more_refused,
                "persons": file.persons,
                "simulated": file.simulated,
            }
        )
        seen.add(file.sha256)
    return pl.DataFrame(rows, schema=_DELIVERY)


def _said(
    workspace: Workspace, source: Source, period: str, files: list[Landed]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What the deliveries say, and what is refused of them (REFUSED, with `order`)."""
    reported, extracts = [pl.DataFrame(schema=ROWS | {"order": pl.Int64})], []
    refused = [pl.DataFrame(schema=REFUSED | {"order": pl.Int64})]
    for order, file in enumerate(files):
        number = pl.lit(order, pl.Int64).alias("order")
        refused.append(file.refusals().with_columns(number))
        if file.kind:
            extracts.append((order, file))
            continue
        kept = file.kept(workspace.landing)
        reported.append(kept.select(*ROWS, number))
    cities = cities_of(workspace.store.read(REGISTRY), period)
    good, screened_out = _screened(pl.concat(reported), cities, source, period)
    rolled = _rolled_up(workspace, extracts, cities, period)
    return pl.concat([good, rolled]), pl.concat([*refused, screened_out])


def _screened(
    rows: pl.DataFrame, cities: pl.DataFrame, source: Source, period: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of measures that can be taken, and those that cannot; awards within their edition."""
    good, refused = [], []
    for group in rows.partition_by("part") if source.kind == "assessor" else [rows]:
        known, awards = asked_of(source), None
        if source.kind == "assessor":
            if wrong := _wrong_edition(group["part"][0], period):
                refused.append(group.with_columns(**wrong).select(*REFUSED, "order"))
                continue
            awards = edition.load(group["part"][0]).awards
            known = {id_: measure for id_, measure in known.items() if id_ in awards}
        screened = screen(
            group,
            cities.select("city_code", period=pl.lit(period)),
            known,
            first_period=period,
            last_period=period,
            sources=[source.kind],
            largest=LARGEST,
            awards=awards,
            apart=["order", "part"],
        )
        taken = pl.concat([screened.good, screened.gaps])
        good.append(taken.with_columns(records=pl.lit(1, pl.Int64)).select(*_SAID))
        # What stands in a workbook is found by its cell, not by the name of a column.
        cell = pl.when(pl.col("place") == "").then("field").otherwise("place").alias("field")
        refused.append(screened.refused.with_columns(cell).select(*REFUSED, "order"))
    return pl.concat([pl.DataFrame(schema=_SAID), *good]), pl.concat(
        [pl.DataFrame(schema=REFUSED | {"order": pl.Int64}), *refused]
    )


def _wrong_edition(edition_id: str, period: str) -> dict[str, pl.Expr]:
    """Why no award can be given under an edition in a month, as columns of REFUSED; else empty."""
    reason, expected = "edition_unknown", ", ".join(edition.ids())
    if edition_id in edition.ids():
        try:
            criteria = edition.load(edition_id)
            criteria.refuse_period(period)
        except ValueError:
            reason, expected = (
                "edition_not_valid",
                f"{criteria.valid_from}..{criteria.valid_to or ''}",
            )
        else:
            return {}
    told = {"field": "edition", "reason": reason, "found": "", "expected": expected}
    return {name: pl.lit(text) for name, text in told.items()}


def _rolled_up(
    workspace: Workspace, files: list[tuple[int, Landed]], cities: pl.DataFrame, period: str
) -> pl.DataFrame:
    """Measures of record-level extracts, with their place among the deliveries."""
    if not files:
        return pl.DataFrame(schema=_SAID)
    extracts = {
        file.sha256[:16]: rollup.Extract(
            path=file.verified(workspace.landing),
            file=file.sha256[:16],
            kind=file.kind,
            province_code=file.sender,
        )
        for _, file in files
    }
    orders = pl.DataFrame(
        [(order, file.sha256[:16], bool(file.refused)) for order, file in files],
        schema={"order": pl.Int64, "file": pl.String, "partly_refused": pl.Boolean},
        orient="row",
    )
    # A city of which nothing at all could be taken has 0 only where nothing was refused that may be its.
    nothing = pl.col("records").sum().over("file", "city_code") == 0
    return (
        rollup.roll_up(list(extracts.values()), period, cities)
        .join(cities, on="city_code", how="semi")
        .join(orders, on="file")
        .filter(~(nothing & pl.col("partly_refused")))
        .with_columns(
            part=pl.lit(""),
            row=pl.lit(None, pl.Int64),
            place=pl.lit(""),
            evidence=pl.lit(None, pl.String),
        )
        .select(*_SAID)
    )


def _shrunk(files: list[Landed]) -> list[Problem]:
    """Extracts that took the place of larger ones: parts of a whole look like that, too."""
    before: dict[tuple[str, str], Landed] = {}
    problems = []
    for file in files:
        if not file.kind:
            continue
        last = before.get((file.kind, file.sender))
        if last is not None and file.records < _SHRUNK * last.records:
            problems.append(
                Problem(
                    "",
                    "extract_shrank",
                    f"{file.name} has {file.records} records of {file.kind} and took the place of "
                    f"{last.name}, which had {last.records}; ask the sender whether it is whole, and if "
                    f"not, have all of it delivered in one file",
                )
            )
        before[file.kind, file.sender] = file
    return problems


def _supersede(said: pl.DataFrame, deliveries: pl.DataFrame) -> pl.DataFrame:
    """The last value of everything, from the delivery that first brought it.

    `corrected` where an earlier delivery had another value. What is only sent again changes nothing; an
    empty value takes the earlier one back.
    """
    return (
        said.sort(*_KEY, "order")
        .filter(
            ~pl.col("value").eq_missing(pl.col("value").shift(1).over(_KEY))
            | (pl.int_range(pl.len()).over(_KEY) == 0)
        )
        .with_columns(corrected=pl.col("value").is_not_null().sum().over(_KEY) > 1)
        .unique(_KEY, keep="last", maintain_order=True)
        .drop_nulls("value")
        .join(deliveries, on="order", how="left", maintain_order="left")
    )


def _receipts(deliveries: pl.DataFrame, said: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    """One receipt for each delivery, with how much was taken of it."""
    taken = said.drop_nulls("value").group_by("order").agg(taken=pl.len())
    cell = pl.when(pl.col("field").str.contains("!", literal=True)).then("field")
    out = refused.group_by("order").agg(out=pl.struct("row", cell).n_unique())
    return (
        deliveries.join(taken, on="order", how="left")
        .join(out, on="order", how="left")
        .sort("order")
        .with_columns(
            pl.col("taken").fill_null(0),
            refused=pl.col("out").fill_null(0) + pl.col("more_refused"),
        )
    )


_DELIVERY = {
    "order": pl.Int64,
    "source_id": pl.String,
    "period": pl.String,
    "source": pl.String,
    "file": pl.String,
    "sha256": pl.String,
    "name": pl.String,
    "sender": pl.String,
    "address": pl.String,
    "delivered_at": pl.String,
    "late": pl.Boolean,
    "duplicate": pl.Boolean,
    "size": pl.Int64,
    "more_refused": pl.Int64,
    "persons": pl.Int64,
    "simulated": pl.Boolean,
}
