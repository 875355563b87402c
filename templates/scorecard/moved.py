"""Why the index changed, a section of the scorecard (`moved.html.j2`)."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Share:
    """What one cause did.

    Attributes:
        cause: what it was, in words.
        amount: index points, with a sign.
        direction: `up` or `down`.
    """

    cause: str
    amount: str
    direction: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the change.

    Attributes:
        name: the leaf; or the other leaves together, or what belongs to none, in words.
        anchor: id of the leaf's detail further down; empty where it is not one leaf.
        shares: what each cause did.
    """

    name: str
    anchor: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """What changed the index since one earlier month.

    Attributes:
        caption: the two months, the two indexes and the difference, in words.
        svg: the largest parts from the one index to the other.
        parts: the parts; as printed they add up to the difference.
        total: the difference, as printed.
    """

    caption: str
    svg: Markup
    parts: tuple[Part, ...]
    total: str
