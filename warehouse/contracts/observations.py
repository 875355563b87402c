"""Values of measures per city and month, one for each, with where it came from."""

import dataframely as dy

from warehouse.contracts import columns as c


class Observations(dy.Schema):
    """`core_observations__city_period_measure`: the value that counts, sources compared.

    A value that several voices of a source add up to names no file: `core_contributions` has them.
    """

    period = c.period()
    city_code = c.city_code()
    measure = dy.String(primary_key=True, description="Measure, an id of the catalogue")
    awarded_under = dy.String(
        primary_key=True, description="Edition that an award was given under; else empty"
    )
    value = dy.Float64(description="Value that counts, in the measure's unit")
    source = dy.String(description="Kind of source whose value counts")
    source_id = c.source_id()
    records = c.behind()
    left_out = dy.Int64(
        min=0, description="Of these, flagged and left out", metadata=c.unit("records")
    )
    other_source = dy.String(nullable=True, description="Second source, where both report")
    other_value = dy.Float64(nullable=True, description="What the second source reports")
    discrepancy = dy.Bool(description="The two differ by more than 20 per cent of the larger")
    sha256 = c.sha256(nullable=True)
    name = dy.String(nullable=True, description="Name of that file")
    row = c.row()
    place = c.place()
    evidence = c.evidence()
    delivered_at = c.delivered_at()
    corrected = c.corrected()
    late = c.late()
    simulated = c.simulated()


class Contributions(dy.Schema):
    """`core_contributions__city_period_measure_part`: what the voices of one source said, one by one."""

    period = c.period()
    city_code = c.city_code()
    measure = dy.String(primary_key=True, description="Measure, an id of the catalogue")
    part = c.part()
    value = dy.Float64(description="What this voice said, in the measure's unit")
    counted = dy.Bool(description="It went into the value that counts")
    why = dy.String(description="Why it was left out, a key of the text catalogue; or empty")
    source_id = c.source_id()
    sha256 = c.sha256()
    name = dy.String(description="Name of that file")
    row = c.row()
    delivered_at = c.delivered_at()
    simulated = c.simulated()
