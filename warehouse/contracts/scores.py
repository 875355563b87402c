"""Points of leaves, of the tree above them, and the index, for each city, month and edition."""

import dataframely as dy
import polars as pl

from warehouse.contracts import columns as c

REASONS = ("", "imputed", "not submitted", "not assessed")


class Leaves(dy.Schema):
    """`score_leaves__city_period_edition`: one row for every city and leaf."""

    edition = c.edition()
    period = c.period()
    city_code = c.city_code()
    leaf = dy.String(primary_key=True, description="Leaf (or criterion) of the edition")
    value = dy.Float64(
        nullable=True, description="Value of the leaf's expression, where it has one"
    )
    points = c.points("Points won")
    points_possible = c.points("Points that could be won; 0 where not assessed for the class")
    reason = dy.String(
        check=lambda col: col.is_in(REASONS),
        description="Empty, or why the points are not the city's own",
    )
    lo = dy.Float64(nullable=True, description="5th percentile of the class, for relative leaves")
    hi = dy.Float64(nullable=True, description="95th percentile of the class, for relative leaves")

    @dy.rule()
    def points_are_within_points_possible(cls) -> pl.Expr:
        """No leaf wins more than it could."""
        return cls.points.col <= cls.points_possible.col


class LeafClasses(dy.Schema):
    """`score_leaf_classes__period_edition`: what each class as a whole reached on each leaf."""

    edition = c.edition()
    period = c.period()
    city_class = c.city_class(primary_key=True)
    leaf = dy.String(primary_key=True, description="Leaf (or criterion) of the edition")
    cities = dy.Int64(
        min=0, description="Cities with a value of their own", metadata=c.unit("cities")
    )
    lo = dy.Float64(nullable=True, description="5th percentile of the class, for relative leaves")
    hi = dy.Float64(nullable=True, description="95th percentile of the class, for relative leaves")
    median_value = dy.Float64(nullable=True, description="Median of the values")
    median_points = dy.Float64(
        nullable=True,
        description="Median of the points of cities with a value",
        metadata=c.unit("points"),
    )
    best_points = dy.Float64(
        nullable=True, description="Most points of a city with a value", metadata=c.unit("points")
    )


class Nodes(dy.Schema):
    """`score_nodes__city_period_edition`: points at every level of the tree, 0 being the whole."""

    edition = c.edition()
    period = c.period()
    city_code = c.city_code()
    level = dy.Int64(min=0, max=4, description="Level of the tree: 0 the whole, 4 the leaves")
    node = dy.String(primary_key=True, description="Number of the indicator, or the leaf's id")
    points = c.points("Points won below the node")
    points_possible = c.points("Points that could be won below the node")

    @dy.rule()
    def points_are_within_points_possible(cls) -> pl.Expr:
        """No node wins more than it could."""
        return cls.points.col <= cls.points_possible.col


class Index(dy.Schema):
    """`score_index__city_period_edition`: the index of a city and its rank in its class."""

    edition = c.edition()
    period = c.period()
    city_code = c.city_code()
    city_class = c.city_class()
    points = c.points("Points won")
    points_possible = c.points("Points that could be won")
    index = dy.Float64(
        nullable=True,
        min=0,
        description="100 × points / points possible; of a model-city edition the total of points",
    )
    rank = dy.Int64(
        nullable=True, min=1, description="Rank in the class, 1 the highest; ties share"
    )
    coverage = dy.Float64(
        min=0,
        max=1,
        description="Points possible of leaves with an own value / points of the edition",
    )


class Ranking(dy.Schema):
    """`out_ranking__period_edition`: the ranking as it is printed, with the month before."""

    edition = c.edition()
    period = c.period()
    city_class = c.city_class()
    rank = dy.Int64(min=1, description="Rank in the class, 1 the highest; ties share")
    city_code = c.city_code()
    name = dy.String(description="Chinese name of the city in the month")
    name_en = dy.String(description="English name")
    province = dy.String(description="Chinese name of the province")
    province_en = dy.String(description="English name of the province")
    region = dy.String(description="East, Central, West or Northeast")
    index = dy.Float64(min=0, description="Index, unrounded")
    index_printed = dy.String(description="Index as printed: two decimals, three between likes")
    rank_before = dy.Int64(nullable=True, min=1, description="Rank in the month before")
    index_before = dy.Float64(nullable=True, min=0, description="Index in the month before")
    coverage = dy.Float64(min=0, max=1, description="Share of points with an own value")
    simulated = c.simulated()
