"""Names of Chinese places in a text, and the city that each place belongs to in a month.

Provinces, cities, prefectures, districts and counties come from the registry with the months that they
were valid in: former names are known, and a name means what it meant when a page was written. By-names
and areas come from `places.toml`.
"""

import csv
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl
from ahocorasick_rs import AhoCorasick, MatchKind

from scrapers.sources.registry import feed

WORDS: Final = Path(__file__).parent / "places.toml"
"""What the registry cannot know of how places are called."""

_DIVISIONS = Path(feed.__file__).parent / "divisions.csv"

Form = Literal["full", "short", "word", "by-name"]
"""How a place is called: by its full name, a short one, one that is an ordinary word, or a by-name."""
_FORMS: Final[tuple[Form, ...]] = ("full", "by-name", "short", "word")

MUNICIPALITIES: Final = frozenset({"11", "12", "31", "50"})
"""First digits of the codes of Beijing, Tianjin, Shanghai and Chongqing."""

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|俄罗斯|鄂温克|德昂|保安|裕固|独龙|鄂伦春|各"
)
_AUTONOMOUS = re.compile(f"(.{{2,}}?)(?:(?:{_PEOPLES})族?)+自治([州县旗])")
_NATURE = re.compile("(?:壮族|回族|维吾尔)?自治区$|(?:新区|林区|特区|矿区|市|区|县|旗|盟|省)$")


@dataclass(frozen=True, slots=True)
class Place:
    """A division under one name and code.

    Attributes:
        code: GB/T 2260.
        valid_from, valid_to: first and last month, "" where it began before 2005 or lasts.
    """

    code: str
    name: str
    valid_from: str
    valid_to: str

    def valid(self, month: str | None) -> bool:
        """Whether there was this division in a month; any month will do where none is known."""
        return month is None or (
            self.valid_from <= month and (not self.valid_to or month <= self.valid_to)
        )

    @property
    def is_province(self) -> bool:
        """Whether it is a province, and no municipality."""
        return self.code.endswith("0000") and self.code[:2] not in MUNICIPALITIES

    def holds(self, other: "Place") -> bool:
        """Whether another place lies in this one, by their codes."""
        digits = self.code.removesuffix("00").removesuffix("00")
        return other.code != self.code and other.code.startswith(digits)


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text: where it stands, how it calls the place, and which places have it."""

    start: int
    end: int
    name: str
    form: Form
    places: tuple[Place, ...]


_Forms = dict[Form, set[Place]]
"""The places that have a name, by the form that it is of them."""


class Gazetteer:
    """All places of the registry by all their names. Build it once; it never changes."""

    def __init__(self) -> None:
        words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
        registry = feed.read(feed.packaged())
        self._monitored: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._followers: dict[str, list[str]] = defaultdict(list)
        self._capitals: set[str] = set()
        for row in registry.iter_rows(named=True):
            self._monitored[row["city_code"]].append(
                (
                    row["monitored_from"] or row["valid_from"] or "",
                    row["monitored_to"] or row["valid_to"] or "",
                )
            )
            for predecessor in (row["predecessors"] or "").split("|"):
                self._followers[predecessor[:6]].append(row["city_code"])
            if row["city_class"] == "provincial":
                self._capitals.add(row["city_code"])
        places = set(_places(registry))
        self._latest = {
            place.code: place
            for place in sorted(places, key=lambda place: place.valid_to or "9999")
        }
        self.document_letters: Mapping[str, list[str]] = words["document_letters"]
        """Letters that begin the numbers of cities' documents, with the codes of the cities."""
        called = _called(places, words, self._latest)
        self._called = [(name, *_best(forms)) for name, forms in called.items()]
        self._automaton = AhoCorasick(list(called), matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> Iterator[Named]:
        """The names of places in a text, in its order, none overlapping; the longest name wins."""
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            name, form, places = self._called[index]
            if places:
                yield Named(start, end, name, form, places)

    def at(self, code: str) -> Place | None:
        """The division that has or had a code, under its latest name, or None where none ever had."""
        return self._latest.get(code)

    def rank(self, code: str) -> int:
        """How well known a place is: 3 municipalities, 2 capitals and their like, 1 others."""
        if code[:2] in MUNICIPALITIES:
            return 3
        return 2 if f"{code[:4]}00" in self._capitals else 1

    def is_city(self, code: str, month: str | None) -> bool:
        """Whether it is the code of a city that was monitored in a month (or ever)."""
        return any(
            month is None or (since <= month and (not until or month <= until))
            for since, until in self._monitored.get(code, ())
        )

    @cache  # noqa: B019 - there is one gazetteer, and some 3,000 codes
    def belongs_to(self, code: str, month: str | None) -> str:
        """The division that answers for a place: a city wherever there is one.

        Args:
            code: GB/T 2260.
            month: `YYYY-MM`, or None where it is not known.

        Returns:
            The place's own code if it is a city of the month, else that of its prefecture-level city or
            municipality, else of what followed them; where no city answers, the code of the prefecture,
            of the county directly under a province, or of the province, which are no cities.
        """
        above = [code]
        if code[:2] in MUNICIPALITIES:
            above = [f"{code[:2]}0000"]
        elif not code.endswith("0000") and code[2:4] != "90":
            above.append(f"{code[:4]}00")
        for each in above:
            if self.is_city(each, month):
                return each
            for follower in self._followers.get(each, ()):
                if self.is_city(follower, month):
                    return follower
        return above[-1]


def _places(registry: pl.DataFrame) -> Iterator[Place]:
    """All places: provinces, cities, and what else there is."""
    for row in registry.iter_rows(named=True):
        yield Place(row["province_code"], row["province"], "", "")
        yield Place(row["city_code"], row["name"], row["valid_from"] or "", row["valid_to"] or "")
    with _DIVISIONS.open(encoding="utf-8", newline="") as file:
        for code, name, valid_from, valid_to in islice(csv.reader(file), 1, None):
            yield Place(code, name, valid_from, valid_to)


def _called(
    places: Iterable[Place], words: Mapping[str, Any], latest: Mapping[str, Place]
) -> dict[str, _Forms]:
    """All names with the places that have them, by form; none has what only looks like a name."""
    called: defaultdict[str, _Forms] = defaultdict(lambda: defaultdict(set))
    ordinary, never = (frozenset(words[key].split()) for key in ("ordinary", "never_short"))
    for place in places:
        for name, form in _names(place, ordinary, never):
            called[name][form].add(place)
    for name, codes in words["by_names"].items():
        called[name]["by-name"].update(latest[code] for code in codes)
    for name, codes in words["areas"].items():
        called[name]["full"].update(latest[code] for code in codes)
    for key in ("not_places", "barriers"):
        for name in words[key].split():
            called.setdefault(name, {})
    return called


def _names(
    place: Place, ordinary: frozenset[str], never: frozenset[str]
) -> Iterator[tuple[str, Form]]:
    """The names of a place with their forms."""
    yield place.name, "word" if place.name in ordinary else "full"
    if autonomous := _AUTONOMOUS.fullmatch(place.name):
        common = autonomous[1]
        yield f"{common}{autonomous[2]}", "full"
    elif place.name.endswith("地区"):
        return  # 阿克苏地区 and its like share their short names with a city in them
    else:
        common = _NATURE.sub("", place.name)
    if len(common) > 1 and common != place.name and common not in never:
        yield common, "word" if common in ordinary else "short"


def _best(forms: _Forms) -> tuple[Form, tuple[Place, ...]]:
    """A name's best form, and the places that have it in any form."""
    best: Form = min(forms, key=_FORMS.index, default="word")
    return best, tuple(sorted(set[Place]().union(*forms.values()), key=_order))


def _order(place: Place) -> tuple[bool, str, str]:
    """Provinces and prefectures before what lies in them."""
    return not place.code.endswith("00"), place.code, place.valid_from
