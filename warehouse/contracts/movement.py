"""Why indexes changed."""

import dataframely as dy

from warehouse.contracts import columns as c

CAUSES = ("own", "corrected", "arrived", "class", "edition", "assessed", "rounding")


class Movement(dy.Schema):
    """`out_movement__city_period_edition`: what changed an index since an earlier month.

    Of each city and earlier month the units add up to the difference of the two indexes, each of them
    rounded to 10⁻¹². The earlier month is as it was known when this one was published.
    """

    period = c.period()
    edition = c.edition()
    city_code = c.city_code()
    since = dy.String(
        primary_key=True,
        regex=c.PERIOD_PATTERN,
        description="The earlier month: the month before, or the same month a year before",
    )
    leaf = dy.String(
        primary_key=True, description="Leaf of the edition; empty for what is of the whole"
    )
    cause = dy.String(
        primary_key=True,
        check=lambda col: col.is_in(CAUSES),
        description="own: the city's value; corrected: the same, of a corrected value; arrived: a value "
        "that was missing in one of the months; class: bounds, medians and sums of others; edition: "
        "criteria and rules; assessed: points possible; rounding",
    )
    units = dy.Int64(
        description="What it added to the index", metadata=c.unit("10⁻¹² index points")
    )
