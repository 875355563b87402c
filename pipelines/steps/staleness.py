"""What is missing or out of date, and why: what stored tables were made from, against what there is now.

Nothing is written here, and no clock is asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from indicators.edition import Edition
from indicators.registry import cities_of
from pipelines.steps import crawling, facts, made_from, scoring
from pipelines.steps.collecting import QUALITY
from pipelines.steps.observing import OBSERVATIONS
from pipelines.workspace import Workspace
from scrapers import inbox
from scrapers.arrival import Problem
from scrapers.declaration import monthly

_SAID_BY = {
    "deliveries_sha256": "new_files",
    "observations_sha256": "observations_changed",
    "cities_sha256": "cities_changed",
    "corrections_sha256": "corrections_changed",
    "edition_sha256": "edition_changed",
    "code_sha256": "code_changed",
}
"""What it is called that a hash is another one; keys of the text catalogue."""
_WARNS_ONLY = "extract_shrank"
"""A problem of what did arrive; asking again would bring the same."""


@dataclass(frozen=True)
class Reason:
    """Why something is to be done: a key of the text catalogue, and whom it is about, if anybody."""

    key: str
    whom: str = ""


@dataclass(frozen=True)
class Month:
    """What there is of a month now, and what it would be made from. Everything is looked up once."""

    workspace: Workspace
    period: str
    cities: pl.DataFrame

    @cached_property
    def observations(self) -> str | None:
        """Hash of its observations, if it has any."""
        if not self.workspace.store.has(OBSERVATIONS, period=self.period):
            return None
        return self.workspace.store.digest(OBSERVATIONS, period=self.period)

    @cached_property
    def why_collect(self) -> tuple[Reason, ...]:
        """Why it is to be collected; empty where it need not be.

        A source that had nothing at all of the month, and said so, did not fail: it is asked again by
        the month's own run only.
        """
        note = self._note(made_from.OBSERVED)
        if note is None:
            return (Reason("code_changed" if self.observations else "never_collected"),)
        today = made_from.observed_from(
            self.workspace, self.period, made_from.landed(self.workspace, self.period), self._cities
        )
        reasons = _differing(note, today)
        arrived = Reason("new_files")
        if arrived not in reasons and self._has_mail():
            reasons = (arrived, *reasons)
        failed = self._failed
        return (*reasons, Reason("asked_again", ", ".join(failed))) if failed else reasons

    def why_score(self, criteria: Edition) -> tuple[Reason, ...]:
        """Why it is to be scored under an edition; empty where it need or cannot be."""
        if self.observations is None:
            return ()
        note = self._note(made_from.SCORED, edition=criteria.id)
        if note is None or not self.is_scored(criteria.id):
            return (Reason("never_scored"),)
        return _differing(note, made_from.scored_from(criteria, self.observations, self._cities))

    @property
    def was_crawled(self) -> bool:
        """Whether watched sites were asked for it, and brought what was expected.

        What an older version put down in other columns is no use.
        """
        store = self.workspace.store
        asked = store.has(crawling.SITES, period=self.period) and (
            store.read(crawling.SITES, period=self.period).columns == store.columns(crawling.SITES)
        )
        return asked and crawling.SOURCE not in self._failed

    def is_scored(self, edition_id: str) -> bool:
        """Whether it has scores under an edition, of whatever they are made."""
        at = {"edition": edition_id, "period": self.period}
        return all(self.workspace.store.has(table, **at) for table in scoring.TABLES.values())

    @cached_property
    def _cities(self) -> str:
        return made_from.of_cities(self.cities)

    def _note(self, table: str, **partition: str) -> dict[str, Any] | None:
        at = {**partition, "period": self.period}
        if not self.workspace.store.has(table, **at):
            return None
        return self.workspace.store.read(table, **at).row(0, named=True)

    def _has_mail(self) -> bool:
        return any(inbox.has_files(self.workspace.inbox, s, self.period) for s in monthly())

    @cached_property
    def _failed(self) -> list[str]:
        """Sources that can be asked for the month and did not bring what was expected of them."""
        failed = []
        for source in monthly():
            at = {"source_id": source.id, "period": self.period}
            by_hand = source.address.startswith("inbox:")
            if by_hand or not self.workspace.store.has(QUALITY, **at):
                continue
            quality = self.workspace.store.read(QUALITY, **at).row(0, named=True)
            problems = map(Problem.told_by, quality["problems"].splitlines())
            if (quality["short"] and quality["files"]) or any(
                problem.reason != _WARNS_ONLY for problem in problems
            ):
                failed.append(source.id)
        return failed


def months(workspace: Workspace, periods: Iterable[str]) -> list[Month]:
    """Months as they are now, with the cities of the registry that comes with this version."""
    registry = facts.registry()
    return [Month(workspace, period, cities_of(registry, period)) for period in periods]


def _differing(note: Mapping[str, str], today: Mapping[str, str]) -> tuple[Reason, ...]:
    """Why what was made from one thing is out of date where there is another now."""
    return tuple(Reason(_SAID_BY[name]) for name, sha256 in today.items() if note[name] != sha256)
