"""How a leaf's points came about, and what full points would need: numbers, not words."""

from typing import Literal, NamedTuple

from indicators.edition import Leaf
from indicators.rules import equal


class Need(NamedTuple):
    """A value that would give a leaf all of its points: `at least`, `at most` or `more than` it."""

    comparison: Literal["at least", "at most", "more than"]
    value: float


def need_for_full_points(
    leaf: Leaf, lo: float | None, hi: float | None, city_class: str
) -> Need | None:
    """What the value of the leaf's expression would have to be, the class's bounds staying as they are.

    Args:
        leaf: the leaf.
        lo: 5th percentile of the class, for relative leaves.
        hi: 95th percentile of the class, for relative leaves.
        city_class: class of the city.

    Returns:
        None where it is an assessor's to say, or where the class has no bounds.
    """
    p, parameters = leaf.points, leaf.parameters
    match leaf.rule:
        case "flag" | "share":
            return Need("at least", 1.0)
        case "multiple":
            return Need("at least", p / parameters["times"])
        case "per_unit":
            scale = parameters.get("county_scale", 1) if city_class == "county" else 1
            return Need("at least", p / (parameters["rate"] * scale))
        case "linear":
            return Need("at least", parameters["high"])
        case "bands":
            return Need(
                "at least", max(parameters["bands"], key=lambda band: (band[1], -band[0]))[0]
            )
        case "step_up":
            steps = -(-(p - parameters["base"]) // parameters["gain"])
            return Need("at least", parameters["start"] + steps * parameters["step"])
        case "deduct":
            return Need("at most", parameters.get("tolerance", 0.0))
        case "relative" if lo is not None and hi is not None:
            if equal(
                lo, hi
            ):  # Where all are alike, anything above 0 has all points, or anything at all.
                above = parameters["better"] == "higher"
                return Need("more than", 0.0) if above else Need("at least", 0.0)
            return Need("at least", hi) if parameters["better"] == "higher" else Need("at most", lo)
    return None
