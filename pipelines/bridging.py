"""A month under an edition as it stands, for bridges between editions: published, stored, or computed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from indicators import bridge, edition
from indicators.assessment import applicants
from indicators.edition import Edition
from indicators.score import score
from pipelines.steps import observing, scoring
from pipelines.workspace import Workspace
from warehouse import publication
from warehouse.publication import Publication


@dataclass(frozen=True)
class Month:
    """A month under an edition.

    Attributes:
        edition: the edition it was scored by.
        period: the month.
        stands: `published`, `stored` (scored, not published) or `computed` (for this answer alone).
        revision: of a publication; else 0.
        simulated: whether invented data went into it.
        cities, observations, leaves, index: frames of their contracts.
    """

    edition: Edition
    period: str
    stands: Literal["published", "stored", "computed"]
    revision: int
    simulated: bool
    cities: pl.DataFrame
    observations: pl.DataFrame
    leaves: pl.DataFrame
    index: pl.DataFrame

    def sides(self, codes: Collection[str]) -> dict[str, bridge.Side]:
        """Cities under the edition, by code."""
        return bridge.sides(
            self.edition, self._subjects, self.leaves, self.index, self.observations, codes
        )

    def mean(self, codes: Collection[str]) -> bridge.Side:
        """The mean of cities of one class."""
        wanted = pl.col("city_code").is_in(list(codes))
        return bridge.mean_side(
            self.edition, self._subjects, self.leaves.filter(wanted), self.index.filter(wanted)
        )

    @property
    def _subjects(self) -> dict[str, str]:
        return bridge.subjects(self.edition, edition.load(self.edition.id))

    @property
    def taking_part(self) -> set[str]:
        """Cities that are scored: all under a monitoring edition, else those that applied."""
        scored = set(self.index["city_code"])
        if self.edition.kind == "monitoring":
            return scored
        monitored = edition.load(edition.CURRENT).measures
        return scored & set(applicants(self.edition, monitored, self.observations))


def month(workspace: Workspace, edition_id: str, period: str) -> Month:
    """The month as published; else as it was scored and stored; else scored now, and not stored.

    Raises:
        ValueError: the edition is not valid in the month.
        FileNotFoundError: nothing was collected for the month.
    """
    stands = publication.latest(workspace.published, edition_id, period)
    if stands:
        return published(stands)
    criteria = edition.load(edition_id)
    criteria.refuse_period(period)
    observations = observing.of_edition(
        workspace.store.read(observing.OBSERVATIONS, period=period), edition_id
    )
    cities = scoring.cities_of_month(workspace, period)
    stored = workspace.store.has(scoring.TABLES["index"], edition=edition_id, period=period)
    scores = (
        scoring.read_scores(workspace, edition_id, period)
        if stored
        else score(criteria, observations, cities)
    )
    return Month(
        criteria,
        period,
        "stored" if stored else "computed",
        0,
        bool(observations["simulated"].any()),
        cities,
        observations,
        scores.leaves,
        scores.index,
    )


def published(stands: Publication) -> Month:
    """A month as it was published."""
    return Month(
        edition.read(stands.edition_file),
        stands.period,
        "published",
        stands.revision,
        stands.simulated,
        *(stands.frame(name) for name in ("cities", "observations", "leaves", "index")),
    )


def bridge_of_city(months: Sequence[Month], city_code: str) -> bridge.Bridge:
    """The bridge of one city.

    Args:
        months: a month under two editions; before them, if wanted, another month under the first.
        city_code: the city.

    Raises:
        KeyError: a month does not score the city.
    """
    ends = []
    for each in months:
        sides = each.sides([city_code])
        if city_code not in sides:
            raise KeyError(
                f"{city_code} is not scored in {each.period} under {each.edition.id}; "
                f"`cci cities --period {each.period}` lists who is"
            )
        ends.append(sides[city_code])
    *before, start, end = ends
    return bridge.bridge(start, end, *before)


@dataclass(frozen=True)
class OfClass:
    """A class under two editions: how its ranks move, and the bridge of its mean (None of no city)."""

    city_class: str
    moves: bridge.Moves
    mean: bridge.Bridge | None


@dataclass(frozen=True)
class Compared:
    """A month under two editions, class by class."""

    start: Month
    end: Month
    classes: tuple[OfClass, ...]


def compare(start: Month, end: Month) -> Compared:
    """Compare the classes that both editions know."""
    shared = [name for name in start.edition.classes if name in end.edition.classes]
    return Compared(start, end, tuple(of_class(start, end, name) for name in shared))


def of_class(start: Month, end: Month, city_class: str) -> OfClass:
    """Compare the cities of a class that take part under both editions."""
    moves = bridge.moves(start.index, end.index, city_class, start.taking_part & end.taking_part)
    codes = moves.rows["city_code"].to_list()
    mean = bridge.bridge(start.mean(codes), end.mean(codes)) if codes else None
    return OfClass(city_class, moves, mean)
