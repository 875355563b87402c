"""How much speaks for two reports telling of one occurrence, and how much against it.

A score adds what the two have in common, each kind of clue up to a limit, and takes off what they differ
in. The numbers were set by hand on written examples, look-alikes above all (tests/data/occurrences).
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_array

from scrapers.monitor.clues import NAMES

JOINED: Final = 5.5
"""Score from which two reports tell of one occurrence."""
ANSWERED: Final = 3.7
"""Score from which a response answers what a report tells."""

_LIMITS: Final = {
    "who": 6.5, "amount": 7.0, "fine": 1.6, "day": 1.8, "dead": 1.2, "hurt": 1.2, "document": 6.0,
    "code": 5.0, "place": 2.0, "phrase": 2.5,
}  # fmt: skip
"""What shared clues of a sort add at most."""
_SORTS: Final = {"full": "who", "firm": "who", "name": "who", "money": "amount", "count": "amount"}
"""Sorts of more than one kind of clue."""
_AGAINST: Final = {"who": 8.0, "fine": 4.0, "document": 4.0, "amount": 1.0, "dead": 1.5, "day": 0.7}
"""What it takes off if both have clues of a sort, and none in common. Answers have sums of their own."""
_DETAILS: Final = ("amount", "fine", "day", "dead", "document")
"""Sorts that two breaches of one enterprise do not share."""
_NAMING: Final = ("who", "code", "phrase")
"""Sorts that few reports of a city share; without them and without details chance is likelier, the more
reports the city has."""
_OTHER_CITY: Final = 5.0
_NEAR_CITY: Final = 1.5
"""One lies in the other, or one is not known."""
_OTHER_POLARITY: Final = 4.0
_SAME_FIELD: Final = 0.8
_OTHER_FIELD: Final = 2.5
_OTHER_AFFAIR: Final = 5.0
"""On top of that for the field. Both count for little where details agree: the reader may be wrong."""
_TEMPLATE: Final = 4.0
"""What it takes off if texts are much alike, and most of their amounts are not."""
_ANSWERED_BEFORE: Final = 4.0
"""What it takes off if the response came before the report."""
_MOST_ALIKE: Final = 6.8
"""What likeness of texts adds at most."""
_UNDATED: Final = 30.0
"""Days between two reports of which one has no date."""
_CHUNK: Final = 200_000
_TOLD: Final = 6
"""Clues that a reason names."""

Rows = npt.NDArray[np.integer[Any]]
Numbers = npt.NDArray[np.float32]


class Scoring:
    """Scores of any pairs of one set of reports."""

    def __init__(self, told: pl.DataFrame, known: pl.DataFrame, themes: csr_array) -> None:
        self._themes = themes
        self._known = known = _damped(known, told)
        sort = pl.col("kind").replace(_SORTS)
        self._sorts = {
            name: _matrix(clues, len(told))
            for (name,), clues in known.with_columns(sort=sort).group_by("sort")
        }
        self._has = {
            name: np.isin(np.arange(len(told)), clues["report"].to_numpy())
            for (name,), clues in known.filter(pl.col("kind") != "name")
            .with_columns(sort=sort)
            .group_by("sort")
        }
        self._amounts = np.zeros(len(told), dtype=np.float32)
        if "amount" in self._sorts:
            self._amounts = _common(self._sorts["amount"], *[np.arange(len(told))] * 2)
        reports = told.select(pl.len().over(pl.col("city_code").str.head(4).fill_null("")))
        self._dense = 0.3 * np.log2(1 + reports.to_series().to_numpy() / 100)
        self._day = told["published"].to_physical().cast(pl.Float32).fill_null(np.nan).to_numpy()
        self._answer = (told["kind"] == "response").to_numpy()
        self._city = _codes(told["city_code"])
        self._region = _codes(told["city_code"].str.head(4))
        self._field, self._affair = _codes(told["field"]), _codes(told["affair"])
        self._polarity = _codes(told["polarity"])

    def scores(self, pairs: Rows) -> Numbers:
        """The score of each pair of reports, given as two columns, the earlier one first."""
        parts = [
            self._scores(pairs[start : start + _CHUNK, 0], pairs[start : start + _CHUNK, 1])
            for start in range(0, len(pairs), _CHUNK)
        ]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)

    def _scores(self, left: Rows, right: Rows) -> Numbers:
        both, shared = self._shared(left, right)
        score = sum(np.minimum(common, _LIMITS[sort]) for sort, common in shared.items())
        answered = self._answer[left] | self._answer[right]
        for sort, penalty in _AGAINST.items():
            if sort in shared:
                against = both[sort] & (shared[sort] == 0)
                score -= penalty * (against if sort == "who" else against & ~answered)
        detailed = _any_of(shared, _DETAILS)
        score -= self._dense[left] * ~(detailed | _any_of(shared, _NAMING))
        unlike = _OTHER_FIELD * _differ(self._field, left, right)
        unlike += _OTHER_AFFAIR * _differ(self._affair, left, right)
        score -= unlike * np.where(detailed | answered, 0.3, 1)
        score += _SAME_FIELD * _same(self._field, left, right)
        score -= _OTHER_POLARITY * (_differ(self._polarity, left, right) & ~answered)
        score -= self._elsewhere(left, right)
        gap = np.nan_to_num(self._day[right] - self._day[left], nan=_UNDATED)
        score -= np.where(answered, 0.4, 0.8) * np.log2(1 + np.abs(gap) / 15)
        score -= _ANSWERED_BEFORE * (self._answer[left] & ~self._answer[right] & (gap > 3))

        # Likeness is the dearest to tell: only where it can still make a pair.
        open_ = np.flatnonzero(score >= ANSWERED - _MOST_ALIKE)
        alike = np.zeros(len(left), dtype=np.float32)
        alike[open_] = _common(self._themes, left[open_], right[open_])
        score += 40 * np.clip(alike - 0.04, -0.02, 0.12) + 4 * np.clip(alike - 0.5, 0, 0.5)
        if "amount" in shared:
            fewer = np.minimum(self._amounts[left], self._amounts[right])
            score -= _TEMPLATE * ((alike > 0.3) & (fewer > 0.5) & (shared["amount"] < 0.5 * fewer))
        return np.asarray(score, dtype=np.float32)

    def _shared(
        self, left: Rows, right: Rows
    ) -> tuple[dict[str, npt.NDArray[np.bool_]], dict[str, Numbers]]:
        """By sort of clue: whether both reports have any, and how much those in common weigh."""
        both = {sort: has[left] & has[right] for sort, has in self._has.items()}
        shared = {sort: _common(matrix, left, right) for sort, matrix in self._sorts.items()}
        return both, shared

    def _elsewhere(self, left: Rows, right: Rows) -> Numbers:
        near = ~_differ(self._region, left, right)
        penalty = np.where(near, _NEAR_CITY, _OTHER_CITY)
        return np.where(_same(self._city, left, right), 0, penalty).astype(np.float32)

    def in_one_city(self, pairs: Rows) -> npt.NDArray[np.bool_]:
        """Whether both reports of a pair are of the same city."""
        return _same(self._city, pairs[:, 0], pairs[:, 1])

    def reasons(self, pairs: Rows) -> list[str]:
        """What each pair has in common: clues, the weightiest first, and the likeness of the texts."""
        return [
            reason
            for start in range(0, len(pairs), _CHUNK)
            for reason in self._reasons(pairs[start : start + _CHUNK])
        ]

    def _reasons(self, pairs: Rows) -> list[str]:
        ends = pl.DataFrame(pairs.astype(np.uint32), schema=["left", "right"]).with_row_index(
            "pair"
        )
        common = (
            ends.join(self._known, left_on="left", right_on="report")
            .join(
                self._known.select("report", "number"),
                left_on=["right", "number"],
                right_on=["report", "number"],
            )
            .sort("pair", "weight", "number", descending=[False, True, False])
            .group_by("pair")
            .agg((pl.col("kind") + " " + pl.col("clue")).head(_TOLD))
        )
        words = dict(common.iter_rows())
        alike = _common(self._themes, pairs[:, 0], pairs[:, 1])
        return [
            "; ".join([*words.get(number, []), f"text {share:.2f}"])
            for number, share in enumerate(alike)
        ]


def _any_of(shared: dict[str, Numbers], sorts: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    return np.asarray(sum(shared[sort] for sort in sorts if sort in shared) > 0)


def _damped(known: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Clues with a number each, and less weight where many have them."""
    region = told.select("report", region=pl.col("city_code").str.head(4).fill_null(""))
    held = known.join(region, on="report").with_columns(
        often=pl.len().over("kind", "clue", "region").cast(pl.Float32)
    )
    size = region.group_by("region").agg(size=pl.len().cast(pl.Float32))
    rare = 0.8 * ((pl.col("size") + 60) / pl.col("often")).log(2)
    usual = pl.col("weight") - 0.7 * (pl.col("often").clip(10) / 10).log(2)
    named = pl.col("kind").is_in(NAMES)
    return (
        held.join(size, on="region")
        .with_columns(
            weight=pl.when(named).then(usual.clip(1.0)).otherwise(pl.min_horizontal("weight", rare))
        )
        .with_columns(number=pl.struct("kind", "clue").rank("dense") - 1)
        .select("report", "kind", "clue", "weight", "number")
        .sort("report", "number")
    )


def _matrix(clues: pl.DataFrame, reports: int) -> csr_array:
    """Reports by clues, the root of the weight in each place."""
    number = clues["number"].rank("dense").to_numpy().astype(np.int64) - 1
    return csr_array(
        (
            np.sqrt(clues["weight"].to_numpy()),
            (clues["report"].to_numpy().astype(np.int64), number),
        ),
        shape=(reports, int(number.max()) + 1),
    )


def _common(matrix: csr_array, left: Rows, right: Rows) -> Numbers:
    return np.asarray((matrix[left] * matrix[right]).sum(axis=1), dtype=np.float32)


def _codes(column: pl.Series) -> npt.NDArray[np.int64]:
    """Numbers for values, -1 for none."""
    return (column.rank("dense").cast(pl.Int64) - 1).fill_null(-1).to_numpy()


def _same(codes: Rows, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
    return np.asarray((codes[left] == codes[right]) & (codes[left] >= 0))


def _differ(codes: Rows, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
    return np.asarray((codes[left] != codes[right]) & (codes[left] >= 0) & (codes[right] >= 0))
