"""The early warnings of a city, a section of its scorecard."""

from dataclasses import dataclass

from templates.layout import Link


@dataclass(frozen=True, slots=True)
class CityWarning:
    """One rule that warns of the city.

    Attributes:
        name: the rule, and the measure that it warns of.
        found: what was found, in words.
        threshold: beyond which it warns, in words.
        reason: why one should know.
    """

    name: str
    found: str
    threshold: str
    reason: str


@dataclass(frozen=True, slots=True)
class Warned:
    """The section.

    Attributes:
        warnings: in the order of the list of rules; may be empty.
        month: link to all cities that are warned of.
    """

    warnings: tuple[CityWarning, ...]
    month: Link
