"""All cities of a month with their points on every indicator of the first two levels."""

from dataclasses import dataclass

from templates.layout import Download, Filter, Link, Page


@dataclass(frozen=True, slots=True)
class Column:
    """An indicator: its number, its name, the points possible, and its level (1 or 2)."""

    no: str
    name: str
    possible: str
    level: int


@dataclass(frozen=True, slots=True)
class City:
    """A line of the table.

    Attributes:
        city: name and address of the scorecard.
        also: what it is found by beside its name: pinyin and code.
        class_id: its class, as in the data.
        city_class: short name of its class.
        province_id: first two digits of its province's code.
        province: its province.
        region: its region, as in the data.
        rank: rank in the class.
        index: index as printed.
        points: points on each indicator as printed.
    """

    city: Link
    also: str
    class_id: str
    city_class: str
    province_id: str
    province: str
    region: str
    rank: str
    index: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """An indicator of the second level (or the first, where there is no second) and its leaves."""

    name: str
    leaves: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: title of the page.
        edition: title of the edition.
        month: link to the month's ranking.
        index_label: what the index is called.
        filters: what the table can be narrowed by.
        columns: the indicators.
        rows: the cities by class and rank.
        groups: links to the pages of the leaves.
        downloads: the tables behind it.
    """

    page: Page
    heading: str
    edition: str
    month: Link
    index_label: str
    filters: tuple[Filter, ...]
    columns: tuple[Column, ...]
    rows: tuple[City, ...]
    groups: tuple[Group, ...]
    downloads: tuple[Download, ...]
