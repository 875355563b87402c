"""Where a city stands beside its class: in its province, among its peers, in published lists."""

from dataclasses import dataclass

from templates.layout import Link


@dataclass(frozen=True, slots=True)
class Place:
    """A rank in a group of cities: what the group is, the rank, and of how many, in words."""

    group: str
    rank: str
    of: str


@dataclass(frozen=True, slots=True)
class Peer:
    """A city of like size: its scorecard, and its rank in the class."""

    city: Link
    rank: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a published list said: the issue and its page, the class, rank and index as printed."""

    issue: Link
    city_class: str
    rank: str
    score: str


@dataclass(frozen=True, slots=True)
class StandingMore:
    """What `standing_more.html.j2` shows.

    Attributes:
        places: ranks in province and peer group.
        peers: the peers, the nearest first; none where they are not known.
        basis: what they are near in, in words.
        listed: what published lists said, latest first; none where no list has the city.
    """

    places: tuple[Place, ...]
    peers: tuple[Peer, ...]
    basis: str
    listed: tuple[Listed, ...]
