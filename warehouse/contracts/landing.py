"""What is known of every input: its receipt, what was taken and what refused, and how its source did."""

import dataframely as dy

from warehouse.contracts import columns as c


class Receipts(dy.Schema):
    """`landing_receipts__file`: one row for every delivery that ever arrived for a month."""

    source_id = c.source_id(primary_key=True)
    period = c.period()
    sha256 = c.sha256(primary_key=True)
    name = dy.String(description="Name of the file as it was delivered")
    sender = dy.String(description="City, province or provider that the file says it comes from")
    address = dy.String(description="Where it came from")
    delivered_at = c.delivered_at(primary_key=True)
    late = c.late()
    duplicate = dy.Bool(description="The same bytes had been delivered before")
    size = dy.Int64(min=0, description="Length of the file", metadata=c.unit("bytes"))
    taken = dy.Int64(min=0, description="Rows taken in", metadata=c.unit("rows"))
    refused = dy.Int64(min=0, description="Rows refused", metadata=c.unit("rows"))
    persons = dy.Int64(
        min=0,
        description="Records about natural persons, dropped on reading",
        metadata=c.unit("records"),
    )
    simulated = c.simulated()


class Refusals(dy.Schema):
    """`landing_refusals__row`: what was not taken in, and why; of many in a file, the first 1,000."""

    source_id = c.source_id()
    period = c.period(primary_key=False)
    sha256 = c.sha256()
    name = dy.String(description="Name of the file")
    row = dy.Int64(
        min=0, description="Row in the file, the header being row 1; 0 is the whole file"
    )
    field = dy.String(description="Column, or sheet and cell, that was refused")
    reason = dy.String(description="Reason, a key of the text catalogue")
    found = dy.String(description="What was found, or its length where it might be about a person")
    expected = dy.String(description="What was expected")


class Records(dy.Schema):
    """`landing_records__source`: measures as one source reports them, last delivery first."""

    source_id = c.source_id()
    period = c.period()
    city_code = c.city_code()
    measure = dy.String(primary_key=True, description="Measure, an id of the catalogue")
    part = c.part()
    value = dy.Float64(description="Value in the measure's unit")
    source = dy.String(description="Kind of source that reports it")
    records = c.behind()
    sha256 = c.sha256()
    name = dy.String(description="Name of that file")
    row = c.row()
    place = c.place()
    evidence = c.evidence()
    delivered_at = c.delivered_at()
    corrected = c.corrected()
    late = c.late()
    simulated = c.simulated()


class Quality(dy.Schema):
    """`landing_quality__source`: what a source was to bring for a month, and what it brought."""

    source_id = c.source_id(primary_key=True)
    period = c.period()
    expected_cities = dy.Int64(min=0, description="Fewest cities", metadata=c.unit("cities"))
    expected_records = dy.Int64(min=0, description="Fewest records", metadata=c.unit("records"))
    files = dy.Int64(min=0, description="Deliveries", metadata=c.unit("files"))
    late_files = dy.Int64(min=0, description="Of these, late", metadata=c.unit("files"))
    duplicate_files = dy.Int64(
        min=0, description="Of these, of bytes that had come before", metadata=c.unit("files")
    )
    refused_files = dy.Int64(
        min=0, description="Of these, refused as a whole", metadata=c.unit("files")
    )
    cities = dy.Int64(min=0, description="Cities with a value", metadata=c.unit("cities"))
    records = dy.Int64(min=0, description="Values that stand", metadata=c.unit("records"))
    corrected = dy.Int64(min=0, description="Of these, corrected", metadata=c.unit("records"))
    refused = dy.Int64(min=0, description="Rows refused", metadata=c.unit("rows"))
    persons = dy.Int64(
        min=0,
        description="Records about natural persons, dropped on reading",
        metadata=c.unit("records"),
    )
    short = dy.Bool(description="Brought less than its minimum, so its asset failed")
    problems = dy.String(description="What went wrong in collecting, one problem a line; or empty")
    simulated = c.simulated()
