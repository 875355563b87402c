"""Values of measures per city and month, one for each, with where it came from."""

import dataframely as dy

from warehouse.contracts import columns as c


class Observations(dy.Schema):
    """`core_observations__city_period_measure`: the value that counts, sources compared."""

    period = c.period()
    city_code = c.city_code()
    measure = dy.String(primary_key=True, description="Measure, an id of the catalogue")
    value = dy.Float64(description="Value that counts, in the measure's unit")
    source = dy.String(description="Kind of source whose value counts")
    other_source = dy.String(nullable=True, description="Second source, where both report")
    other_value = dy.Float64(nullable=True, description="What the second source reports")
    discrepancy = dy.Bool(description="The two differ by more than 20 per cent of the larger")
    sha256 = c.sha256()
    name = dy.String(description="Name of that file")
    row = dy.Int64(min=2, description="Row in that file, the header being row 1")
    corrected = dy.Bool(description="A later delivery put it in the place of an earlier value")
    late = dy.Bool(description="Delivered after the source's due date for the month")
    simulated = c.simulated()
