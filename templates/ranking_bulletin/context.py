"""The month's ranking as the magazine prints it: the first of each class, and how it was made."""

from dataclasses import dataclass

from templates.layout import Link, Name, Page


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: rank, city, province as it is commonly said, index with two or three decimals."""

    rank: str
    city: Name
    province: str
    index: str


@dataclass(frozen=True, slots=True)
class List:
    """The list of a class.

    Attributes:
        id: name of the class, for links.
        title: what the list is called.
        said: the class as a whole, in words.
        halves: the lines, in two columns that are read one after the other: first and last rank, lines.
    """

    id: str
    title: str
    said: str
    halves: tuple[tuple[str, tuple[Line, ...]], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything in the bulletin.

    Attributes:
        page: frame of the page.
        heading: what the bulletin is called.
        period: the month, in words.
        edition: title of the edition.
        revision: which revision of the month it rests on.
        pdfs: the bulletin as PDF, in the languages that there are.
        lead: what the month shows, in a few sentences.
        lists: one list a class.
        method: how the index came about, in paragraphs.
    """

    page: Page
    heading: str
    period: str
    edition: str
    revision: str
    pdfs: tuple[Link, ...]
    lead: tuple[str, ...]
    lists: tuple[List, ...]
    method: tuple[str, ...]
