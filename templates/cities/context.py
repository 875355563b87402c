"""All cities of a month by province, so that anyone finds their own."""

from dataclasses import dataclass

from templates.layout import Link, Name, Page


@dataclass(frozen=True, slots=True)
class City:
    """A city: its name, address of its scorecard, and where it stands in its class, in words."""

    name: Name
    href: str
    standing: str


@dataclass(frozen=True, slots=True)
class Province:
    """The cities of one province.

    Attributes:
        anchor: id in the page.
        name: name of the province.
        groups: short name of each class and its cities, by code.
    """

    anchor: str
    name: str
    groups: tuple[tuple[str, tuple[City, ...]], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: title of the page.
        edition: title of the edition.
        month: link to the month's ranking.
        provinces: provinces in the order of their codes.
    """

    page: Page
    heading: str
    edition: str
    month: Link
    provinces: tuple[Province, ...]
