"""What a city is compared with beside its class: cities of like size, and lists that were published."""

import dataframely as dy

from warehouse.contracts import columns as c


class Peers(dy.Schema):
    """`out_peers__city_period`: the ten cities of the same class that are nearest by profile."""

    period = c.period()
    city_code = c.city_code()
    peer = c.city_code(primary_key=False)
    place = dy.Int64(primary_key=True, min=1, max=10, description="1 the nearest")
    distance = dy.Float64(
        min=0, description="Between the logarithms of the measures, in a straight line"
    )
    basis = dy.String(description="Measures that it was taken over, joined with |")


class PublishedRanks(dy.Schema):
    """`out_published_ranks__city_issue`: what published lists said of a city up to the month."""

    period = c.period()
    city_code = c.city_code()
    issue = dy.String(primary_key=True, description="Issue of the list, as printed")
    month = dy.String(regex=c.PERIOD_PATTERN, description="Month that the list is of")
    city_class = c.city_class(primary_key=True)
    rank = dy.Int64(primary_key=True, min=1, description="Rank as printed")
    score = dy.String(
        nullable=True, description="Index as printed; none where only the order is known"
    )
