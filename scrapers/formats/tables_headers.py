"""What headers of an office table mean: places, measures and their units, or nothing that is asked for.

Which header means what is declared in `tables.toml`, in the folder of the source.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

from scrapers.declaration import SOURCES, DeclarationError
from scrapers.formats.tables_months import months
from scrapers.formats.tables_numbers import NotTaken, Units
from scrapers.places import plain

Role = Literal["city", "province", "code"]

_MARKS = str.maketrans("", "", "“”‘’\"'「」『』《》*:、,-")
_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_UNIT_AT_END = re.compile("(?:单位:?([^单位]+)|([%‰]))$")
_OF_MONTH = re.compile(r"(?:20\d\d年)?\d{1,2}月(?:份|末|底)?")
_OF_WHICH, _NUMBER_OF = "其中", re.compile("(?:数量|数)$")
_UNIT_LINE = re.compile("(?<![\u4e00-\u9fff])(?:计量)?单位:([^()]+)")
_LISTED = re.compile("[、,/;和]")


@dataclass(frozen=True)
class Measure:
    """A measure and the headers that mean it, as they are compared."""

    id: str
    headers: tuple[str, ...]
    remarks: frozenset[str]
    units: Units
    of_province: bool


class Meaning(NamedTuple):
    """A column of a measure: its header as declared, and the power of ten of its unit, if it has one."""

    measure: Measure
    header: str
    power: int | None


@dataclass(frozen=True)
class Headers:
    """All that is declared of a source's tables."""

    places: dict[str, Role]
    ignored: frozenset[str]
    other: tuple[str, ...]
    measures: tuple[Measure, ...]

    def role(self, text: str) -> Role | None:
        """What kind of place a column with this header names."""
        return self.places.get(_Level.of(text).words)

    def meaning(self, levels: list[str], unit_line: list[str], period: str) -> Meaning | None:
        """What a column means, from its headers of all levels.

        Args:
            levels: from the upper to the lower one.
            unit_line: the units that a line above the table gives for all of it.
            period: the month that is asked for.

        Returns:
            None for a column that is ignored, is of another time, or has no header.

        Raises:
            NotTaken: column_unknown, unit_unknown, unit_conflict.
        """
        if any(months(text, period) - {period} for text in levels):
            return None
        read = [_Level.of(text) for text in levels]
        if any(word in level.words for level in read for word in self.other):
            return None
        found = [
            (len(header), Meaning(measure, header, None), units)
            for measure in self.measures
            for words, units in [_words_and_units(read, measure)]
            for header in ("".join(words[n:]) for n in range(len(words)))
            if header in measure.headers
        ]
        if not found:
            if "".join(level.words for level in read) in self.ignored | {""}:
                return None
            raise NotTaken("column_unknown")
        _, meaning, units = max(found, key=lambda one: one[0])
        return meaning._replace(power=_power(meaning.measure.units, units, unit_line))

    def __str__(self) -> str:
        """What a table should have."""
        return "、".join(measure.headers[0] for measure in self.measures)


def unit_line(text: str) -> list[str]:
    """The units that a line above a table gives (单位：万件、%); none where it is no such line."""
    match = _UNIT_LINE.search(plain(text))
    return [unit for unit in _LISTED.split(match[1]) if unit] if match else []


@cache
def declared(source_id: str) -> Headers:
    """What `tables.toml` in the folder of the source declares.

    Raises:
        DeclarationError: it is not as it should be.
    """
    path = SOURCES / source_id / "tables.toml"
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return Headers(
            places={
                _Level.of(text).words: role
                for role, texts in raw["places"].items()
                for text in texts
            },
            ignored=frozenset(_Level.of(text).words for text in raw["columns"]["ignored"]),
            other=tuple(raw["columns"]["other"]),
            measures=tuple(_measure(id_, **line) for id_, line in raw["measures"].items()),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DeclarationError(f"scrapers/sources/{source_id}/{path.name}: {error}") from error


def _measure(
    id_: str,
    *,
    headers: list[str],
    remarks: list[str],
    counted_in: tuple[str, ...] = (),
    of_province: bool = False,
) -> Measure:
    words = tuple(dict.fromkeys(_Level.of(header).words for header in headers))
    return Measure(id_, words, frozenset(remarks), Units(tuple(counted_in)), of_province)


class _Level(NamedTuple):
    """One level of a header: its words as they are compared, and what it says beside them."""

    words: str
    beside: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "_Level":
        text = plain(text)
        beside = [inside for inside in _BRACKETS.findall(text) if inside]
        text = _BRACKETS.sub("", text)
        if match := _UNIT_AT_END.search(text):
            beside.append(match[1] or match[2])
            text = text[: match.start()]
        words = _OF_MONTH.sub("", text).translate(_MARKS).removeprefix(_OF_WHICH)
        return cls(_NUMBER_OF.sub("", words), tuple(beside))


def _words_and_units(levels: list[_Level], measure: Measure) -> tuple[list[str], list[str]]:
    """The words of the levels, and all units among them."""
    words: list[str] = []
    units: list[str] = []
    for level in levels:
        if measure.units.power(level.words) is None:
            words.append(level.words)
        else:
            units.append(level.words)
        units += [
            text
            for text in level.beside
            if text not in measure.remarks and not _OF_MONTH.fullmatch(text)
        ]
    return [word for word in words if word], units


def _power(units: Units, said: list[str], line: list[str]) -> int | None:
    """The one power of ten that header and unit line agree on; None where neither gives a unit."""
    of_header = {units.power(unit) for unit in said}
    of_line = {power for unit in line if (power := units.power(unit)) is not None}
    # A line that gives no unit for counts gives the wrong one; of a share it may be silent.
    if None in of_header or (line and not of_line and not of_header and units.counted_in):
        raise NotTaken("unit_unknown", str(units))
    # A line gives the units of all columns, of which a header names its own.
    agreed = of_header & of_line if of_header and of_line else of_header | of_line
    if len(of_header) > 1 or len(agreed) > 1 or (of_header and not agreed):
        raise NotTaken("unit_conflict", str(units))
    return next(iter(agreed), None)
