"""The site's first page: what the index is, the newest rankings, all periods, published lists."""

from dataclasses import dataclass

from templates.layout import Download, Fact, Link, Page


@dataclass(frozen=True, slots=True)
class Leader:
    """The first city of a class in the newest month of an edition."""

    class_title: str
    city: Link
    province: str
    index: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month that was published: links to ranking, revisions and data quality, cities ranked."""

    period: Link
    revisions: Link
    quality: Link
    cities: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition with its months.

    Attributes:
        id: id of the edition.
        draft: whether it is a draft.
        title: its title.
        citation: where it is printed.
        facts: points, rows, months valid.
        methodology: link to its methodology.
        newest: link to the newest ranking; None where no month was published.
        leaders: first city of each class in that month.
        months: all months, newest first.
    """

    id: str
    draft: bool
    title: str
    citation: str
    facts: tuple[Fact, ...]
    methodology: Link
    newest: Link | None
    leaders: tuple[Leader, ...]
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        current: the current edition.
        others: the other editions.
        assessments: link to the list of assessments of model cities.
        reports: link to the list of all bulletins and reports.
        editions: link to the editions side by side.
        sources: link to the list of sources.
        published: links to lists that the state published, with what each holds.
        downloads: data of published lists and model cities.
    """

    page: Page
    current: Edition
    others: tuple[Edition, ...]
    assessments: Link
    reports: Link
    editions: Link
    sources: Link
    published: tuple[tuple[Link, str], ...]
    downloads: tuple[Download, ...]
