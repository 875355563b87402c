"""A publication's frames as plain rows by city, read once and looked up page by page."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import polars as pl

from indicators.edition import Edition
from indicators.edition import read as read_edition
from pipelines.pages import answers
from pipelines.pages.answers import Answers
from warehouse.publication import Publication


class LeafRow(NamedTuple):
    """What one city won on one leaf; see the contract `Leaves`."""

    value: float | None
    points: float
    points_possible: float
    reason: str


class ClassRow(NamedTuple):
    """What a class reached on a leaf; see the contract `LeafClasses`."""

    cities: int
    lo: float | None
    hi: float | None
    median_value: float | None
    median_points: float | None
    best_points: float | None


_NOTHING_REACHED = ClassRow(0, None, None, None, None, None)


class Observation(NamedTuple):
    """The value of a measure and where it came from; see the contract `Observations`."""

    value: float
    source: str
    source_id: str
    records: int
    left_out: int
    other_source: str | None
    other_value: float | None
    discrepancy: bool
    sha256: str | None
    name: str | None
    row: int | None
    place: str
    evidence: str | None
    delivered_at: str
    corrected: bool
    late: bool


class Contribution(NamedTuple):
    """What one voice of a source said; see the contract `Contributions`."""

    part: str
    value: float
    counted: bool
    why: str
    source_id: str
    sha256: str
    name: str
    row: int | None
    delivered_at: str


class ChangeRow(NamedTuple):
    """What differs from the revision before."""

    kind: str
    item: str
    before: float | None
    after: float | None
    source: str
    name: str


class PublishedRank(NamedTuple):
    """What a published list said of a city; see the contract `PublishedRanks`."""

    issue: str
    city_class: str
    rank: int
    score: str | None


class WarningRow(NamedTuple):
    """What a city is warned of; see the contract `Warnings`."""

    rule: str
    item: str
    value: float
    threshold: float


@dataclass(frozen=True)
class Facts:
    """Everything that the pages of a publication show, by city where it belongs to one."""

    edition: Edition
    period: str
    revision: int
    simulated: bool
    manifest: dict[str, Any]
    cities: dict[str, dict[str, Any]]
    ranking: dict[str, list[dict[str, Any]]]
    index: dict[str, dict[str, Any]]
    leaves: dict[str, dict[str, LeafRow]]
    classes: dict[tuple[str, str], ClassRow]
    nodes: dict[str, dict[str, tuple[float, float]]]
    observations: dict[str, dict[str, Observation]]
    contributions: dict[str, dict[str, list[Contribution]]]
    nation: dict[str, float]
    history: dict[str, dict[str, tuple[float | None, int | None]]]
    months: list[str]
    changes: dict[str, list[ChangeRow]]
    watched: bool
    peers: dict[str, list[str]]
    profiles: dict[str, list[str]]
    """What each city's peers are near in: measures, as they were frozen with the month."""
    published_ranks: dict[str, list[PublishedRank]]
    warnings: dict[str, list[WarningRow]] | None
    """None where the month was published before there were warnings."""
    answers: Answers

    @cached_property
    def ranked(self) -> dict[str, dict[str, Any]]:
        """The ranked cities by code, class by class from the first rank down."""
        return {row["city_code"]: row for rows in self.ranking.values() for row in rows}

    def reached(self, city_class: str, leaf: str) -> ClassRow:
        """What a class reached on a leaf; nothing where it is not on record."""
        return self.classes.get((city_class, leaf), _NOTHING_REACHED)

    @cached_property
    def month_before(self) -> bool:
        """Whether the month before is known."""
        return any(row["index_before"] is not None for row in self.ranked.values())


@lru_cache(maxsize=64)  # every page asks for it, and what is published never changes
def edition_of(publication: Publication) -> Edition:
    """The edition that a publication was scored by, as it was frozen with it."""
    return read_edition(publication.edition_file)


def read(publication: Publication, codes: Collection[str] | None = None) -> Facts:
    """Read a publication.

    Args:
        publication: the revision to show.
        codes: cities whose details are needed; all if not given. Lists and classes are always whole.
    """
    edition = edition_of(publication)
    cities = publication.frame("cities")
    if codes is None:
        codes = cities["city_code"].to_list()
    wanted = pl.col("city_code").is_in(list(codes))
    index = publication.frame("index")
    scored = index["city_code"].to_list()
    index = index.filter(wanted)
    ranking: dict[str, list[dict[str, Any]]] = {name: [] for name in edition.classes}
    ordered = publication.frame("ranking").sort("city_class", "rank", "city_code")
    for row in ordered.iter_rows(named=True):
        ranking[row["city_class"]].append(row)
    observations = publication.frame("observations")
    summed = list(dict.fromkeys(m for leaf in edition.leaves for m in leaf.expression.national))
    nation = (
        observations.filter(pl.col("measure").is_in(summed), pl.col("city_code").is_in(scored))
        .group_by("measure")
        .agg(pl.col("value").sum())
        .sort("measure")
    )
    history = publication.frame("history")
    near = publication.frame("peers").filter(wanted)
    return Facts(
        edition=edition,
        period=publication.period,
        revision=publication.revision,
        simulated=publication.simulated,
        manifest=publication.manifest,
        cities={row["city_code"]: row for row in cities.iter_rows(named=True)},
        ranking=ranking,
        index={row["city_code"]: row for row in index.iter_rows(named=True)},
        leaves=_by_city(
            (code, leaf, LeafRow(*rest))
            for code, leaf, *rest in _rows(
                publication.frame("leaves").filter(wanted), "city_code", "leaf", *LeafRow._fields
            )
        ),
        classes={
            (city_class, leaf): ClassRow(*rest)
            for city_class, leaf, *rest in _rows(
                publication.frame("classes"), "city_class", "leaf", *ClassRow._fields
            )
        },
        nodes=_by_city(
            (code, node, (points, possible))
            for code, node, points, possible in _rows(
                publication.frame("nodes").filter(wanted, pl.col("level") < 4),
                "city_code",
                "node",
                "points",
                "points_possible",
            )
        ),
        observations=_by_city(
            (code, measure, Observation(*rest))
            for code, measure, *rest in _rows(
                observations.filter(wanted), "city_code", "measure", *Observation._fields
            )
        ),
        contributions=_contributions(publication.frame("contributions").filter(wanted)),
        nation=dict(nation.iter_rows()),
        history=_by_city(
            (code, month, (value, rank))
            for code, month, value, rank in _rows(
                history.filter(wanted), "city_code", "period", "index", "rank"
            )
        ),
        months=months_to(publication.period, 13),
        changes=_changes(publication.frame("changes").filter(wanted)),
        watched=publication.file("events") is not None,
        peers=peers(near),
        profiles=_profiles(near),
        published_ranks=_published_ranks(publication.frame("published_ranks").filter(wanted)),
        warnings=_warnings(publication),
        answers=answers.read(publication, edition, codes, dict(nation.iter_rows())),
    )


def months_to(period: str, number: int) -> list[str]:
    """So many months that end with `period`, oldest first."""
    last = int(period[:4]) * 12 + int(period[5:]) - 1
    return [f"{at // 12}-{at % 12 + 1:02d}" for at in range(last - number + 1, last + 1)]


def _rows(frame: pl.DataFrame, *columns: str) -> Iterable[tuple[Any, ...]]:
    return frame.select(columns).iter_rows()


def _by_city(rows: Iterable[tuple[str, str, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for code, key, content in rows:
        found[code][key] = content
    return dict(found)


def _contributions(frame: pl.DataFrame) -> dict[str, dict[str, list[Contribution]]]:
    found: dict[str, dict[str, list[Contribution]]] = defaultdict(lambda: defaultdict(list))
    for code, measure, *rest in _rows(frame, "city_code", "measure", *Contribution._fields):
        found[code][measure].append(Contribution(*rest))
    return {code: dict(of_city) for code, of_city in found.items()}


def peers(frame: pl.DataFrame) -> dict[str, list[str]]:
    """The peers of each city, the nearest first, from a frame of the contract `Peers`."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, peer in _rows(frame.sort("city_code", "place"), "city_code", "peer"):
        found[code].append(peer)
    return dict(found)


def _profiles(frame: pl.DataFrame) -> dict[str, list[str]]:
    """Measures that each city's nearest peer was found by; no other has more of them in common."""
    nearest = _rows(frame.filter(place=1), "city_code", "basis")
    return {code: basis.split("|") for code, basis in nearest}


def _published_ranks(frame: pl.DataFrame) -> dict[str, list[PublishedRank]]:
    found: dict[str, list[PublishedRank]] = defaultdict(list)
    latest_first = frame.sort("month", "issue", "rank", descending=[True, True, False])
    for code, *rest in _rows(latest_first, "city_code", *PublishedRank._fields):
        found[code].append(PublishedRank(*rest))
    return dict(found)


def _warnings(publication: Publication) -> dict[str, list[WarningRow]] | None:
    """Of all cities: the list of the month shows them."""
    if publication.file("warnings") is None:
        return None
    found: dict[str, list[WarningRow]] = defaultdict(list)
    frame = publication.frame("warnings")
    for code, *rest in _rows(frame, "city_code", *WarningRow._fields):
        found[code].append(WarningRow(*rest))
    return dict(found)


def _changes(frame: pl.DataFrame) -> dict[str, list[ChangeRow]]:
    found: dict[str, list[ChangeRow]] = defaultdict(list)
    for code, *rest in _rows(frame, "city_code", *ChangeRow._fields):
        found[code].append(ChangeRow(*rest))
    return dict(found)
