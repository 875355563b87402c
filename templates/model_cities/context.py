"""Places that the state named model cities of social credit system construction, by cohort."""

from dataclasses import dataclass

from templates.layout import Download, Name, Page


@dataclass(frozen=True, slots=True)
class Place:
    """A city or district as printed, with its English name where known, and its province."""

    name: Name
    province: str


@dataclass(frozen=True, slots=True)
class Cohort:
    """The places named in one year.

    Attributes:
        id: anchor of the section.
        title: year, in words.
        count: number of places, in words.
        places: the places, in the order of the source.
        citations: where they were published: text and address (empty where it is none on the web).
    """

    id: str
    title: str
    count: str
    places: tuple[Place, ...]
    citations: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        summary: number of places and cohorts, in words.
        publisher: who named them, in words.
        cohorts: cohorts, oldest first.
        downloads: model cities as data.
    """

    page: Page
    summary: str
    publisher: str
    cohorts: tuple[Cohort, ...]
    downloads: tuple[Download, ...]
