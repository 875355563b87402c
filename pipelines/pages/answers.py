"""What a scorecard answers beyond what was scored: why it changed, what it would take, how sure it is."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from indicators.bounds import band, doubts
from indicators.edition import Edition
from indicators.explain import Need
from indicators.gains import gains
from scrapers.declaration import sources
from warehouse.publication import Publication


class Moved(NamedTuple):
    """A part of what changed an index since a month; see the contract `Movement`."""

    leaf: str
    cause: str
    units: int


@dataclass(frozen=True, slots=True)
class Gain:
    """A value that a leaf would need, and what would follow from it; see `indicators.gains`."""

    need: Need
    points: float
    index: float
    rank: int


class Doubt(NamedTuple):
    """A leaf whose points are doubtful; see `indicators.bounds`."""

    leaf: str
    doubt: str
    worst: float
    best: float


class Band(NamedTuple):
    """Index and rank with everything doubtful at its worst and at its best."""

    low: float
    rank_low: int
    high: float
    rank_high: int


@dataclass(frozen=True)
class Answers:
    """By city; what has no answer is left out.

    Attributes:
        movement: parts by the earlier month, the latest month first.
        gains: by leaf and goal (`next`, `full`).
        doubts: in the order of the edition.
        bands: of cities with doubts.
        refused: rows of the contract `Refusals`, of files that the city itself sent.
    """

    movement: dict[str, dict[str, list[Moved]]]
    gains: dict[str, dict[str, dict[str, Gain]]]
    doubts: dict[str, list[Doubt]]
    bands: dict[str, Band]
    refused: dict[str, list[dict[str, Any]]]


def read(
    publication: Publication, edition: Edition, codes: Collection[str], nation: Mapping[str, float]
) -> Answers:
    """Work out the answers for some cities of a publication.

    Args:
        publication: the revision to show.
        edition: the edition that it was scored by.
        codes: the cities.
        nation: sums over the nation of the measures that are used so.
    """
    wanted = pl.col("city_code").is_in(list(codes))
    index, leaves = publication.frame("index"), publication.frame("leaves").filter(wanted)
    cities = publication.frame("cities").select("city_code", "city_class")
    observations = publication.frame("observations").filter(wanted)
    doubtful = doubts(edition, leaves, cities, observations, nation)
    found: dict[str, list[Doubt]] = defaultdict(list)
    for code, *doubt in doubtful.iter_rows():
        found[code].append(Doubt(*doubt))
    movement: dict[str, dict[str, list[Moved]]] = defaultdict(lambda: defaultdict(list))
    moved = publication.frame("movement").filter(wanted)
    for code, since, *part in moved.select("city_code", "since", *Moved._fields).iter_rows():
        movement[code][since].append(Moved(*part))
    steps: dict[str, dict[str, dict[str, Gain]]] = defaultdict(lambda: defaultdict(dict))
    for code, leaf, goal, comparison, value, *follows in gains(
        edition, leaves, index, codes
    ).iter_rows():
        steps[code][leaf][goal] = Gain(Need(comparison, value), *follows)
    return Answers(
        movement={
            code: dict(sorted(by_month.items(), reverse=True))
            for code, by_month in movement.items()
        },
        gains={code: dict(by_leaf) for code, by_leaf in steps.items()},
        doubts=dict(found),
        bands={
            code: Band(*row)
            for code, *row in band(edition, leaves, index, doubtful)
            .select("city_code", *Band._fields)
            .iter_rows()
        },
        refused=_refused(publication, codes),
    )


def _refused(publication: Publication, codes: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """What was refused of files that came from the cities themselves."""
    own = [source.id for source in sources().values() if source.kind == "city"]
    sent = publication.frame("receipts").filter(
        pl.col("source_id").is_in(own), pl.col("sender").is_in(list(codes))
    )
    rows = publication.frame("refusals").join(
        sent.select("source_id", "sha256", "sender").unique(), on=["source_id", "sha256"]
    )
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.sort("sender", "name", "row", "field").iter_rows(named=True):
        found[row.pop("sender")].append(row)
    return dict(found)
