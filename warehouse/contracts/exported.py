"""What is only made for downloads: summaries of a publication's tables, an assessment's standing."""

import dataframely as dy

from warehouse.contracts import columns as c
from warehouse.contracts.assessments import Assessment


class Averages(dy.Schema):
    """`averages`: the index of each class as a whole, by region and by province."""

    city_class = c.city_class(primary_key=True)
    of = dy.String(
        primary_key=True,
        check=lambda col: col.is_in(["class", "region", "province"]),
        description="What the cities have in common: class, region or province",
    )
    name = dy.String(primary_key=True, description="Class, region, or Chinese name of the province")
    cities = dy.Int64(min=1, description="Cities that are ranked", metadata=c.unit("cities"))
    mean = dy.Float64(min=0, description="Mean of their indexes")
    median = dy.Float64(min=0, description="Median of their indexes")
    lowest = dy.Float64(min=0, description="Lowest of their indexes")
    highest = dy.Float64(min=0, description="Highest of their indexes")


class Standing(Assessment):
    """`standing`: how every city that takes part in an assessment stands, with its names."""

    name = dy.String(description="Chinese name in the month")
    name_en = dy.String(description="English name")
    province = dy.String(description="Chinese name of the province")


class RankMoves(dy.Schema):
    """`with-<edition>`: totals and ranks of a month under two editions, of cities that both have."""

    city_class = c.city_class(primary_key=True)
    city_code = c.city_code()
    rank_a = dy.Int64(min=1, description="Rank under the first edition, among the cities compared")
    rank_b = dy.Int64(min=1, description="Rank under the second edition, likewise")
    moved = dy.Int64(description="rank_a − rank_b, positive for a better rank under the second")
    total_a = dy.Float64(min=0, description="Index or total under the first edition")
    total_b = dy.Float64(min=0, description="Index or total under the second edition")


class MeanMoves(dy.Schema):
    """`with-<edition>-parts`: what the mean of a class gains and loses from one edition to another.

    The amounts of a class add up to the difference of its means.
    """

    city_class = c.city_class(primary_key=True)
    kind = dy.String(primary_key=True, description="How the editions differ there")
    subject = dy.String(
        primary_key=True, description="Subject; empty for what belongs to the whole"
    )
    leaf = dy.String(
        primary_key=True, description="Leaf (or criterion); empty for what belongs to the whole"
    )
    amount = dy.Float64(
        description="Gained, or lost, on the scale of the totals", metadata=c.unit("points")
    )


class BesidePublished(dy.Schema):
    """`beside-<issue>`: ranks of a published list and computed ones of its month, line by line."""

    city_class = c.city_class(primary_key=True)
    rank = dy.Int64(primary_key=True, min=1, description="Rank as printed")
    city = dy.String(primary_key=True, description="City as printed")
    city_code = c.city_code(primary_key=False, nullable=True)
    score = dy.String(nullable=True, description="Index as printed")
    published_place = dy.Int64(
        nullable=True, min=1, description="Printed rank among the cities that both name"
    )
    computed = dy.Int64(nullable=True, min=1, description="Computed rank in the whole class")
    computed_place = dy.Int64(
        nullable=True, min=1, description="Computed rank among the cities that both name"
    )
    apart = dy.Int64(
        nullable=True, description="published_place − computed_place, positive: computed is better"
    )
