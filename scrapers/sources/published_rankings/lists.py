"""Rows as a page prints them, put together to lists: which belong to which, and what is odd in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

MOST_ROWS = 5000
_ABREAST = 6
"""How many lists may run side by side."""


class NotARanking(ValueError):  # noqa: N818 - what the page is
    """A page that is too large for a ranking; `limit` is what it is over, in words."""

    def __init__(self, limit: str) -> None:
        super().__init__(f"the page has more than {limit}; that is no ranking")
        self.limit = limit


@dataclass(frozen=True)
class Place:
    """Where a row stands: in which part of the page, a text or a table, and as which row of it."""

    part: int
    row: int


@dataclass(frozen=True)
class Note:
    """Something that a reader of the lists should know; `reason` is a key of the text catalogue."""

    reason: str
    place: Place
    about: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading over a list, which names a class of city, and where it stands."""

    city_class: str
    place: Place


@dataclass(frozen=True)
class Row:
    """One row as printed.

    `rank` is None where none is; `restored` where it follows from those around; `city_class` is the row's
    own word for it, empty where it has none.
    """

    rank: int | None
    city_class: str
    city: str
    province: str
    index: str
    place: Place
    heading: Heading | None = None
    restored: bool = False

    @property
    def stated_class(self) -> str:
        """The class that the row or the heading over it states, or empty."""
        return self.city_class or (self.heading.city_class if self.heading else "")


@dataclass
class Ranking:
    """One list: its rows in the order in which it prints them."""

    rows: list[Row] = field(default_factory=list)

    @property
    def last(self) -> Row:
        """The last row."""
        return self.rows[-1]

    def follows(self, row: Row) -> bool:
        """Whether a row is the next one of the list: of the next rank, or of the same by a tie."""
        if row.heading != self.last.heading and row.stated_class != self.last.stated_class:
            return False
        if row.rank is None or self.last.rank is None:
            known = next((above.rank for above in reversed(self.rows) if above.rank), 0)
            return row.stated_class == self.last.stated_class and (row.rank or known + 1) > known
        if row.rank == self.last.rank:
            return float(row.index) == float(self.last.index)
        return row.rank in (self.last.rank + 1, self.after_ties()) and _falls(self.last, row)

    def goes_on(self, row: Row) -> bool:
        """Whether a row can belong to the list though ranks or indexes are not as they should be."""
        if not row.rank or not self.last.rank or row.stated_class != self.last.stated_class:
            return False
        falls = row.rank >= self.last.rank and _falls(self.last, row)
        return falls or row.rank == self.last.rank + 1

    def after_ties(self) -> int:
        """The rank that comes next where a shared rank skips those behind it."""
        last = self.last.rank or 0
        return last + len(list(takewhile(lambda row: row.rank == last, reversed(self.rows))))


def _falls(above: Row, below: Row) -> bool:
    return float(below.index) <= float(above.index)


def rankings(rows: list[Row]) -> list[Ranking]:
    """The lists that rows belong to, whether these run on or side by side, in the order of the page."""
    lists: list[Ranking] = []
    for position, row in enumerate(rows):
        home = next((one for one in reversed(lists[-_ABREAST:]) if one.follows(row)), None)
        if home is None and lists and lists[-1].goes_on(row):
            coming = rows[position + 1 : position + _ABREAST]
            if not _beside(lists[-1], row, coming):
                home = lists[-1]
        if home is None:
            home = Ranking()
            lists.append(home)
        home.rows.append(row)
    for one in lists:
        one.rows = _ranks_restored(one.rows)
    return _headed(_joined(lists))


def _beside(one: Ranking, row: Row, coming: list[Row]) -> bool:
    """Whether a row stands beside a list, which goes on behind it as if it were not there."""
    longer = Ranking([*one.rows[-1:], row])
    return any(other.rank and one.follows(other) and not longer.follows(other) for other in coming)


def _joined(lists: list[Ranking]) -> list[Ranking]:
    """Columns that go on with the list of the column before become one list with it."""
    joined: list[Ranking] = []
    for one in lists:
        if joined and joined[-1].follows(one.rows[0]):
            joined[-1].rows += one.rows
        else:
            joined.append(one)
    return joined


def _headed(lists: list[Ranking]) -> list[Ranking]:
    """A heading stands over one list; a list that begins after it without one of its own has none."""
    used: set[Heading] = set()
    for one in lists:
        headings = {row.heading for row in one.rows if row.heading}
        one.rows = [replace(row, heading=None) if row.heading in used else row for row in one.rows]
        used |= headings
    return lists


def _ranks_restored(rows: list[Row]) -> list[Row]:
    """Ranks that got lost in print, where those around leave but one possibility."""
    restored = list(rows)
    for start, row in enumerate(rows):
        if row.rank is not None or (start and rows[start - 1].rank is None):
            continue
        end = next((i for i in range(start, len(rows)) if rows[i].rank is not None), None)
        if end is None:
            break
        around = rows[max(0, start - 1) : end + 1]
        first = (rows[end].rank or 0) - (end - start)
        before = rows[start - 1].rank if start else first - 1
        if first >= 1 and before == first - 1 and _strict(around):
            for i in range(start, end):
                restored[i] = replace(rows[i], rank=first + i - start, restored=True)
    return restored


def _strict(rows: list[Row]) -> bool:
    return all(float(a.index) > float(b.index) for a, b in pairwise(rows))


def oddities(ranking: Ranking) -> Iterator[Note]:
    """What is odd in a list: ranks missing, lost or repeated, an index that rises, a city twice."""
    seen: set[tuple[str, str]] = set()
    above = Ranking()
    for row in ranking.rows:
        if row.rank is None:
            yield Note("rank_lost", row.place, row.city)
        elif row.restored:
            yield Note("rank_restored", row.place, f"{row.city} {row.rank}")
        if (row.city, row.province) in seen:
            yield Note("city_twice", row.place, row.city)
        seen.add((row.city, row.province))
        if above.rows:
            yield from _against(above, row)
        above.rows.append(row)


def _against(above: Ranking, row: Row) -> Iterator[Note]:
    last = above.last
    if not _falls(last, row):
        yield Note("index_rises", row.place, f"{last.index} < {row.index}")
    if row.rank is None or last.rank is None:
        return
    if row.rank == last.rank and row.index != last.index:
        yield Note("rank_repeated", row.place, str(row.rank))
    if row.rank > last.rank and row.rank not in (last.rank + 1, above.after_ties()):
        yield Note("ranks_missing", row.place, f"{last.rank} → {row.rank}")
