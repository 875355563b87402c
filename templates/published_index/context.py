"""All issues of lists that the state published, and what each of them holds."""

from dataclasses import dataclass

from templates.layout import Download, Link, Page


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue: link, window as printed, classes and number of lines."""

    issue: Link
    window: str
    classes: str
    lines: str
    scores: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        publisher: who published the lists, in words.
        issues: issues, newest first.
        others: model cities and Figure 6, with what each holds.
        downloads: all published lists as data.
    """

    page: Page
    publisher: str
    issues: tuple[Issue, ...]
    others: tuple[tuple[Link, str], ...]
    downloads: tuple[Download, ...]
