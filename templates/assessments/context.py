"""The list of assessments in the site."""

from dataclasses import dataclass

from templates.layout import Link, Page


@dataclass(frozen=True, slots=True)
class Line:
    """One assessment.

    Attributes:
        period: link to its report on all cities, by its month.
        edition: title of the edition.
        applicants: how many took part.
        recommended: how many are recommended.
        simulated: whether invented data went into it.
    """

    period: Link
    edition: str
    applicants: str
    recommended: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        lines: assessments by edition, the newest month first.
    """

    page: Page
    lines: tuple[Line, ...]
