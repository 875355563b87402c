"""What the ids in other tables mean: measures and leaves, with units and names."""

import dataframely as dy

from warehouse.contracts import columns as c


class Measures(dy.Schema):
    """`core_measures__measure`: the measure catalogue."""

    measure = dy.String(primary_key=True, description="Id of the measure")
    kind = dy.String(description="context, sum_12m, stock, flow, flag, rate or award")
    unit = dy.String(description="Unit of the measure's values")
    sources = dy.String(description="Kinds of source that report it, joined by |")
    zh = dy.String(description="What it is, in Chinese")
    en = dy.String(description="What it is, in English")


class EditionLeaves(dy.Schema):
    """`core_edition_leaves__leaf`: the leaves of every edition, as they are scored today."""

    edition = c.edition()
    leaf = dy.String(primary_key=True, description="Id of the leaf (or criterion)")
    node = dy.String(description="Number of the indicator that it hangs on")
    zh = dy.String(description="Chinese title")
    en = dy.String(description="English title")
    points = c.points("Points that can be won")
    expression = dy.String(description="Value of the leaf, over measures")
    rule = dy.String(description="Rule that makes points of the value")
    parameters = dy.String(description="Parameters of the rule, JSON")
    sources = dy.String(description="Kinds of source that it rests on, joined by |")
    basis = dy.String(description="printed, or assumed by this project")
    reason_zh = dy.String(description="Why it is assumed, or how the print is read, in Chinese")
    reason_en = dy.String(description="Why it is assumed, or how the print is read, in English")
