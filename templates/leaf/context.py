"""All cities of a month on one leaf, best first."""

from dataclasses import dataclass

from templates.layout import Download, Filter, Link, Page


@dataclass(frozen=True, slots=True)
class City:
    """A line of the table.

    Attributes:
        place: place in its class by points on the leaf; those with the same points share one.
        city: name and address of the leaf on the scorecard.
        also: what it is found by beside its name: pinyin and code.
        class_id: its class, as in the data.
        city_class: short name of its class.
        province_id: first two digits of its province's code.
        province: its province.
        value: value with its unit, and what it sorts by.
        points: points won as printed.
        reason: why they are not the city's own, in words; else empty.
    """

    place: str
    city: Link
    also: str
    class_id: str
    city_class: str
    province_id: str
    province: str
    value: tuple[str, str]
    points: str
    reason: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: name of the leaf.
        edition: title of the edition.
        month: link to the month's ranking.
        above: names of the indicators that it belongs to, from the first level down.
        rule: the rule in words.
        method: link to the leaf in the methodology.
        possible: points possible.
        filters: what the table can be narrowed by.
        rows: cities by class, most points first.
        downloads: the tables behind it.
    """

    page: Page
    heading: str
    edition: str
    month: Link
    above: str
    rule: str
    method: Link
    possible: str
    filters: tuple[Filter, ...]
    rows: tuple[City, ...]
    downloads: tuple[Download, ...]
