"""Up to five cities side by side, chosen by the reader; a script puts them there."""

from dataclasses import dataclass

from templates.layout import Download, Finder, Link, Page


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: title of the page.
        edition: title of the edition.
        month: link to the month's ranking.
        chooser: where the cities are searched for.
        table: link to the table of all cities.
        reasons: kinds of points that are not a city's own, and their words.
        downloads: the tables that the comparison is made of.
    """

    page: Page
    heading: str
    edition: str
    month: Link
    chooser: Finder
    table: Link
    reasons: tuple[tuple[str, str], ...]
    downloads: tuple[Download, ...]
