"""What a month warns of: cities, and the rules of `indicators/warnings.toml` that speak for them."""

import dataframely as dy

from warehouse.contracts import columns as c


class Warnings(dy.Schema):
    """`out_warnings__city_period`: one row for every city and rule (and measure) that warns of it."""

    period = c.period()
    edition = c.edition()
    city_code = c.city_code()
    rule = dy.String(primary_key=True, description="Rule, an id of indicators/warnings.toml")
    item = dy.String(primary_key=True, description="Measure that is warned of; else empty")
    value = dy.Float64(description="What was found, in the rule's unit")
    threshold = dy.Float64(description="What the rule asked for when the month was published")
