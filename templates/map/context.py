"""Provinces by mean index: a tile for each, drawn once for every class of city."""

from dataclasses import dataclass

from templates.layout import Chart, Download, Link, Page


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: title of the page.
        edition: title of the edition.
        month: link to the month's ranking.
        maps: anchor, title and drawing of each class.
        downloads: the tables behind it.
    """

    page: Page
    heading: str
    edition: str
    month: Link
    maps: tuple[tuple[str, str, Chart], ...]
    downloads: tuple[Download, ...]
