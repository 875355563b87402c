"""The reports of single cities that were made together, by class and rank."""

from dataclasses import dataclass

from templates.layout import Name, Page


@dataclass(frozen=True, slots=True)
class Line:
    """A city: its rank in its class, name, province, index, and the address of its report."""

    rank: str
    city: Name
    href: str
    province: str
    index: str


@dataclass(frozen=True, slots=True)
class OfClass:
    """The reports on cities of one class."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: what the reports are called.
        note: which cities they are on, and by which rule.
        edition: title of the edition.
        revision: which revision of which month they rest on.
        classes: the reports, class by class.
    """

    page: Page
    heading: str
    note: str
    edition: str
    revision: str
    classes: tuple[OfClass, ...]
