"""What was published when the numbers changed: revisions, and what differs between them."""

import dataframely as dy

from warehouse.contracts import columns as c


class Publications(dy.Schema):
    """`out_publications__revision`: one row for every revision of every month."""

    edition = c.edition()
    period = c.period()
    revision = dy.Int64(primary_key=True, min=1, description="Revision, 1 the first")
    current = dy.Bool(description="True for the revision that stands")
    simulated = c.simulated()
    numbers_sha256 = c.sha256_of("all numbers of the publication")
    edition_sha256 = c.sha256_of("the edition file")
    code = dy.String(description="Version of the code that scored it")


class Changes(dy.Schema):
    """`out_changes__revision`: what differs from the revision before."""

    city_code = c.city_code()
    kind = dy.String(
        primary_key=True,
        check=lambda col: col.is_in(["observation", "leaf", "index", "rank"]),
        description="What changed: observation, leaf, index or rank",
    )
    item = dy.String(primary_key=True, description="Measure or leaf that changed")
    before = dy.Float64(nullable=True, description="Value in the revision before")
    after = dy.Float64(nullable=True, description="Value in this revision")
    source = dy.String(description="Kind of source of a changed observation")
    name = dy.String(description="File that brought a changed observation")
