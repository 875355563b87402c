"""Which digits are whose, where index and rank run together: 80.6836 is 80.68 and then rank 36.

Of all ways to part the digits between cities that one is taken which makes the likeliest list: ranks that
go up by one, indexes of two or three decimals that fall, as few blanks inside of numbers as can be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_NUMBER = re.compile(r"\d{1,3}\.\d{1,3}")
_COMPLETE = re.compile(r"\d{2,3}\.\d{2,3}")
_COUNT = re.compile(r"0?([1-9]\d{0,2})\.?")

# What makes a way to read digits less likely, in no unit; only the order of sums matters.
_JOINED = {" ": 1.0, "\n": 2.5}  # digits over a blank, over the end of a line
_CUT = 1.5  # between digits that stand together
_ADDED = 2.0  # digits added to a number that is complete without them
_SKIPPED = 2.5  # a group of digits that is neither index nor rank
_DECIMALS = {1: 8.0, 2: 0.0, 3: 0.5}
_ONE_DECIMAL = 2.0  # of a number that stands alone
_SMALL = 3.0  # an index below 10
_LOST = 8.0  # no rank
_THIRD_BEFORE_BLANK = 2.25  # with _DECIMALS more than _CUT and a blank inside of the rank: 80.683 6
_ZERO_AHEAD = 1.0  # of a rank
_GAP, _GAP_EACH, _GAP_MOST = 3.0, 0.01, 1.0  # ranks are missing
_RISE = 4.0  # an index above that of the rank before
_TIE_OF_UNEQUAL = 4.0
_BEGINS, _BEGINS_LATE = 2.0, 5.0  # a list that begins with rank 1, with another


@dataclass(frozen=True)
class Beside:
    """The digits beside a city.

    `before` may hold its rank, None where there are no such digits; with `together` these are the digits
    behind the city above, which hold the index of that one too. `behind` begins with its index. With
    `begins` a list is known to begin here.
    """

    before: str | None
    behind: str
    together: bool
    begins: bool


@dataclass(frozen=True)
class _Way:
    """A way to read the digits between two cities: index of the first, rank of the second."""

    index: str
    rank: int | None
    cost: float


@dataclass(frozen=True)
class _Row:
    """A row on a path; `shared` counts the rows with its rank up to it."""

    rank: int | None
    index: str
    shared: int


@dataclass(frozen=True)
class _Path:
    """Rows read so far, the last one first, and the rank of the next."""

    cost: float
    row: _Row | None
    above: "_Path | None"
    next_rank: int | None


def has_index(digits: str) -> bool:
    """Whether digits can begin with an index."""
    return any(_indexes(_groups(digits)))


def open_to_doubt(cities: list[Beside], found: list[tuple[int | None, str]]) -> set[int]:
    """Which of the cities have a rank or an index that may as well be another, by their positions.

    In 80.683 6 the last decimal may begin the rank. It is in doubt where the rank does not follow on the
    one before, and where rank after rank would follow either way. It is not where a blank stands behind
    the rank too, since blanks then part what belongs apart.
    """
    doubtful: set[int] = set()
    run: list[int] = []
    shared = 1
    for number, ((rank, index), (following, _)) in enumerate(pairwise(found), start=1):
        behind = cities[number - 1].behind
        clear = not cities[number].together or cities[number].begins or behind[-1:].isspace()
        either = not clear and _may_be_of_rank(_groups(behind), len(index), index)
        if either and rank and following not in (None, rank, rank + 1, rank + shared):
            doubtful |= {number - 1, number}
        goes_on = either and bool(run) and index[-1] == found[run[-1] - 1][1][-1]
        run = [*run, number] if goes_on else [number] * either
        if len(run) > 1:
            doubtful |= {run[0] - 1, *run}
        shared = shared + 1 if following == rank else 1
    return doubtful


def likeliest(cities: list[Beside]) -> list[tuple[int | None, str]]:
    """Rank and index of each city, by the reading of all digits that costs least.

    Of the ways that lead to the same row and the same next rank only the best is followed on: nothing
    that comes later can tell them apart.
    """
    paths = [
        _Path(cost, None, None, rank) for city in cities[:1] for rank, cost in _ranks(city.before)
    ]
    for number, city in enumerate(cities):
        ways = list(_ways(city.behind, cities[number + 1] if number + 1 < len(cities) else None))
        best: dict[tuple[_Row, int | None], _Path] = {}
        for path in paths:
            above = None if city.begins else path.row
            for way in ways:
                tied = above is not None and above.rank == path.next_rank is not None
                row = _Row(path.next_rank, way.index, above.shared + 1 if above and tied else 1)
                cost = path.cost + way.cost + (_step(above, row) if above else 0.0)
                known = best.get((row, way.rank))
                if known is None or cost < known.cost:
                    best[row, way.rank] = _Path(cost, row, path, way.rank)
        paths = list(best.values())
    end = min(paths, key=lambda path: path.cost, default=None)
    found = []
    while end and end.row:
        found.append((end.row.rank, end.row.index))
        end = end.above
    return found[::-1]


def _step(above: _Row, row: _Row) -> float:
    """How unlikely it is that a row of a list comes after another."""
    rise = _RISE if float(row.index) > float(above.index) else 0.0
    if above.rank is None or row.rank is None:
        return rise / 2
    if row.rank in (above.rank + 1, above.rank + above.shared):
        return rise
    if row.rank == above.rank and row.index == above.index:
        return 0.0
    if row.rank == above.rank > 1:
        return _TIE_OF_UNEQUAL
    if row.rank > above.rank:
        return _GAP + min(_GAP_MOST, _GAP_EACH * (row.rank - above.rank)) + rise
    return _BEGINS if row.rank == 1 else _BEGINS_LATE


def _ways(behind: str, following: Beside | None) -> Iterator[_Way]:
    """Ways to read what stands behind a city: its index and, in the same digits or others, a rank."""
    digits = _groups(behind)
    for end, index, cost in _indexes(digits):
        alone = cost + _left(digits, end, len(digits))
        if following is None:
            yield _Way(index, None, alone)
        elif following.together:
            yield _Way(index, None, alone + _LOST)
            for start, rank, more in _counts(digits, end):
                third = _THIRD_BEFORE_BLANK if _may_be_of_rank(digits, end, index) else 0.0
                yield _Way(index, rank, cost + third + more + _left(digits, end, start))
        else:
            for lone_rank, more in _ranks(following.before):
                yield _Way(index, lone_rank, alone + more)


def _ranks(before: str | None) -> Iterator[tuple[int | None, float]]:
    """Ways to read digits that can hold a rank and nothing else of use; None for a rank that is lost."""
    digits = _groups(before or "")
    yield None, _LOST + _left(digits, 0, len(digits))
    for start, rank, cost in _counts(digits, 0):
        yield rank, cost + _left(digits, 0, start)


Digits = list[tuple[str, str]]
"""Digits and points, each with what stands before it: nothing, a blank, or the end of a line."""


def _groups(text: str) -> Digits:
    found: Digits = []
    apart = ""
    for character in text:
        if character.isspace():
            apart = "\n" if character == "\n" or apart == "\n" else " "
        else:
            found.append((character, apart))
            apart = ""
    return found


def _indexes(digits: Digits) -> Iterator[tuple[int, str, float]]:
    """Numbers with which digits can begin: where each ends, the number, and how unlikely it is."""
    first = next((i for i, (_, apart) in enumerate(digits) if i and apart), len(digits))
    complete = _COMPLETE.fullmatch(_joined(digits[:first]))
    for end in range(3, min(len(digits), 7) + 1):
        text = _joined(digits[:end])
        if _NUMBER.fullmatch(text) and float(text) <= 100:
            decimals = len(text.partition(".")[2])
            cost = _over(digits[1:end])
            cost += _ONE_DECIMAL if decimals == 1 and end == first else _DECIMALS[decimals]
            cost += _SMALL if float(text) < 10 else 0.0
            yield end, text, cost + (_ADDED if complete and end > first else 0.0)


def _counts(digits: Digits, least: int) -> Iterator[tuple[int, int, float]]:
    """Ranks with which digits can end, from a position on: where each begins, the rank, its cost."""
    for start in range(max(least, len(digits) - 5), len(digits)):
        if match := _COUNT.fullmatch(_joined(digits[start:])):
            zero = _ZERO_AHEAD if digits[start][0] == "0" else 0.0
            yield start, int(match[1]), _over(digits[start + 1 :]) + zero


def _may_be_of_rank(digits: Digits, end: int, index: str) -> bool:
    """Whether the third decimal of an index may as well begin a rank with a blank inside: 80.683 6."""
    third = re.search(r"\.\d\d[1-9]$", index) and not digits[end - 1][1]
    return bool(third) and end < len(digits) and digits[end][1] == " "


def _left(digits: Digits, start: int, end: int) -> float:
    """How unlikely it is that the digits from start to end mean nothing, and are parted from others."""
    cut = _CUT if 0 < start < len(digits) and not digits[start][1] else 0.0
    if start == end:
        return cut
    groups = 1 + sum(bool(apart) for _, apart in digits[start + 1 : end])
    cut += _CUT if end < len(digits) and not digits[end][1] else 0.0
    return cut + _SKIPPED * groups


def _joined(digits: Digits) -> str:
    return "".join(character for character, _ in digits)


def _over(digits: Digits) -> float:
    return sum(_JOINED.get(apart, 0.0) for _, apart in digits)
