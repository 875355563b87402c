"""Lists that run together in a text, as mirrors print them: 35荆门市湖北80.6836许昌市河南80.67."""

import re
from dataclasses import dataclass

from scrapers.sources.published_rankings import names
from scrapers.sources.published_rankings.digits import Beside, has_index, likeliest, open_to_doubt
from scrapers.sources.published_rankings.lists import (
    MOST_ROWS,
    Heading,
    NotARanking,
    Note,
    Place,
    Row,
)

_DIGITS = re.compile(r"\d[\d.\s]*")
_CLAUSE = re.compile("[。;!?\ufffd]")
_APART = re.compile(r"[\s|/,:·_()\[\]【】<>《》\"'“”‘’、.*—–-]")
_BEHIND_NAME = re.compile("(综合|信用|监测)*(指数|得分|分数|总分|评分)?为?$")
_BEHIND_RANK = {"", "名", "位"}
_NOT_A_RANK = re.compile(r"(前|共|top)\s*$", re.IGNORECASE)
_HEADING = re.compile(
    f"({names.CLASS})(?:[^。;,\n]{{0,16}}?(?:排名|排行|榜|指数|得分|名单|前\\s*\\d|top)|[^\\w\\n]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_NAME = 80
"""Characters before digits among which the name of a city is looked for."""


@dataclass(frozen=True)
class _City:
    """A city in the text: its name, the heading before it, and the digits before and behind it.

    `heading` is None where none stands between it and the city before; `rank` holds the digits before it
    where they can be its rank.
    """

    name: names.Named
    heading: Heading | None
    rank: re.Match[str] | None
    behind: re.Match[str]


def rows(
    text: str, number: int, heading: Heading | None
) -> tuple[list[Row], list[Note], Heading | None]:
    """The rows of all lists in a text, what could not be read, and the heading that stands last.

    Args:
        text: plain characters, a line for each block of the page.
        number: which part of the page it is.
        heading: the heading that stands over the text.

    Raises:
        NotARanking: there are more rows than a ranking has.
    """
    cities, unreadable = _cities(text, number)
    found: list[Row] = []
    beside = _beside(cities)
    numbers = likeliest(beside)
    doubtful = {position + 1 for position in open_to_doubt(beside, numbers)}
    for row, (city, (rank, index)) in enumerate(zip(cities, numbers, strict=True), start=1):
        name, heading = city.name, city.heading or heading
        if row in doubtful:
            continue
        if rank is not None or name.province or name.city_class:
            place = Place(number, row)
            found.append(
                Row(rank, name.city_class, name.city, name.province, index, place, heading)
            )
    notes = [
        Note("row_unreadable", Place(number, row)) for row in sorted(doubtful.union(unreadable))
    ]
    rest = cities[-1].behind.start() if cities else 0
    return found, notes, _heading(text, rest, len(text), number) or heading


def _heading(text: str, start: int, end: int, number: int) -> Heading | None:
    """The last heading in a part of a text that speaks of one class of city."""
    for match in reversed(list(_HEADING.finditer(text, start, end))):
        if city_class := names.class_of(match[1]):
            return Heading(city_class, Place(number, match.start()))
    return None


def _cities(text: str, number: int) -> tuple[list[_City], list[int]]:
    """The cities in a text with an index behind them, and which rows have no name that can be read."""
    cities: list[_City] = []
    unreadable: list[int] = []
    before: re.Match[str] | None = None
    for digits in _DIGITS.finditer(text):
        gap_begins = before.end() if before else 0
        if before and _NOT_A_RANK.search(text[max(0, before.start() - 5) : before.start()]):
            before = None
        if has_index(digits[0]):
            spot = _words(text, max(gap_begins, digits.start() - _LONGEST_NAME), digits.start())
            words = _BEHIND_NAME.sub("", "".join(text[i] for i in spot))
            whole = not _CLAUSE.search(text, gap_begins, digits.start())
            if name := names.named(words):
                rank = before if whole and name.before in _BEHIND_RANK else None
                last = cities[-1].behind.start() if cities else 0
                heading = _heading(text, last, spot[len(name.before)], number)
                cities.append(_City(name, heading, rank, digits))
                if len(cities) > MOST_ROWS:
                    raise NotARanking(f"{MOST_ROWS} rows")
            elif before and whole and names.ends_with_province(words):
                unreadable.append(len(cities) + 1)
        before = digits
    return cities, unreadable


def _words(text: str, start: int, end: int) -> list[int]:
    """Where the characters of the last clause stand, without what keeps words apart."""
    clause = max((match.end() for match in _CLAUSE.finditer(text, start, end)), default=start)
    return [i for i in range(clause, end) if not _APART.match(text[i])]


def _beside(cities: list[_City]) -> list[Beside]:
    """What the digits beside the cities may hold."""
    found: list[Beside] = []
    above: _City | None = None
    for city in cities:
        found.append(
            Beside(
                before=city.rank[0] if city.rank else None,
                behind=city.behind[0],
                together=bool(above and city.rank and city.rank.start() == above.behind.start()),
                begins=bool(
                    city.heading or (above and above.name.city_class != city.name.city_class)
                ),
            )
        )
        above = city
    return found
