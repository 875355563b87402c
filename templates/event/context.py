"""One credit event: what, where, how severe and why, and every page that reports or answers it."""

from dataclasses import dataclass

from templates.layout import Fact, Link, Page


@dataclass(frozen=True, slots=True)
class Source:
    """A page that reports or answers the event.

    Attributes:
        kind: report or response, in words.
        title: its title; without an address where it is none of the web.
        site: name of the site.
        official: official site or media, in words.
        published: day of publication.
        facts: confidence, time of fetching, hash of the page, in words.
        gone: since when it is there no more, in words; empty where it is there.
        corrected: whether an operator corrected what the reader had decided.
        decisions: each decision of the reader and what decided it, in words.
    """

    kind: str
    title: Link
    site: str
    official: str
    published: str
    facts: tuple[Fact, ...]
    gone: str
    corrected: bool
    decisions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: title of the earliest report.
        period: month of the ledger and which revision, in words.
        city: the city, with the address of its ledger.
        badges: kind (for the colour) and text: severity, answered, corrected.
        facts: field, subject, first seen, answered, disclosed.
        why: why it is as severe as it is, in words; empty where nothing says so.
        sources: reports, then responses, the earliest first.
        more: how many more sources there are, in words; empty where all are shown.
    """

    page: Page
    heading: str
    period: str
    city: Link
    badges: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    why: str
    sources: tuple[Source, ...]
    more: str
