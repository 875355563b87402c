"""The list of all bulletins and reports in the site."""

from dataclasses import dataclass

from templates.layout import Link, Page


@dataclass(frozen=True, slots=True)
class Line:
    """Reports that were made together.

    Attributes:
        period: the month that they rest on, or the year, in words.
        report: link to them, by what they are called.
        edition: title of the edition.
        revision: which revision of the month they rest on; empty of a year, which rests on several.
        simulated: whether invented data went into them.
    """

    period: str
    report: Link
    edition: str
    revision: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        years: each year with its reports, the newest first; of a year the annual ones come first.
    """

    page: Page
    years: tuple[tuple[str, tuple[Line, ...]], ...]
