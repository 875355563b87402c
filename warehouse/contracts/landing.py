"""What is known of every input: its receipt, the records taken from it and the rows refused."""

import dataframely as dy

from warehouse.contracts import columns as c


class Receipts(dy.Schema):
    """`landing_receipts__file`: one row for every delivery that ever arrived for a month."""

    source_id = dy.String(primary_key=True, description="Source the file came from")
    period = c.period()
    sha256 = c.sha256(primary_key=True)
    name = dy.String(description="Name of the file as it was delivered")
    address = dy.String(description="Where it came from")
    delivered_at = dy.String(
        primary_key=True, description="When it was delivered, ISO 8601 with offset"
    )
    late = dy.Bool(description="Delivered after the source's due date for the month")
    size = dy.Int64(min=0, description="Length of the file", metadata=c.unit("bytes"))
    taken = dy.Int64(min=0, description="Rows taken in", metadata=c.unit("rows"))
    refused = dy.Int64(min=0, description="Rows refused", metadata=c.unit("rows"))
    simulated = c.simulated()


class Refusals(dy.Schema):
    """`landing_refusals__row`: every row that was not taken in, and why."""

    source_id = dy.String(description="Source the file came from")
    period = c.period(primary_key=False)
    sha256 = c.sha256()
    name = dy.String(description="Name of the file")
    row = dy.Int64(
        min=0, description="Row in the file, the header being row 1; 0 is the whole file"
    )
    field = dy.String(description="Column that was refused")
    reason = dy.String(description="Reason, a key of the text catalogue")
    found = dy.String(description="What was found, or its length where it might be about a person")
    expected = dy.String(description="What was expected")


class Records(dy.Schema):
    """`landing_records__source`: measures as one source reports them, last delivery first."""

    period = c.period()
    city_code = c.city_code()
    measure = dy.String(primary_key=True, description="Measure, an id of the catalogue")
    value = dy.Float64(description="Value in the measure's unit")
    source = dy.String(description="Kind of source that reports it")
    sha256 = c.sha256()
    name = dy.String(description="Name of that file")
    row = dy.Int64(min=2, description="Row in that file, the header being row 1")
    corrected = dy.Bool(description="A later delivery put it in the place of an earlier value")
    late = dy.Bool(description="Delivered after the source's due date for the month")
    simulated = c.simulated()
