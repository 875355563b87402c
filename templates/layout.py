"""What every page has around its content, and the small things that several pages show."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its text; `current` marks the page that the reader is on."""

    text: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Finder:
    """Where the search for a city looks and leads to.

    Attributes:
        data: folder of the data that scripts read.
        cities: folder of the scorecards.
    """

    data: str
    cities: str


@dataclass(frozen=True, slots=True)
class Page:
    """Frame of a page.

    Attributes:
        lang: `zh` or `en`.
        title: title of the document, without the site's name.
        description: one sentence for search engines.
        style: address of the style sheet.
        scripts: addresses of the scripts, in the order to be run.
        other: address of the same page in the other language.
        home: address of the site's first page.
        nav: main navigation.
        crumbs: way from the first page to this one, without this one.
        simulated: whether invented data went into the page; shows the banner.
        origin: `computed` by this project, `published` by the state, or `reference` text.
        feed: address of the feed of publications; empty where the page belongs to no site.
        api: address of the page on data for other systems; likewise.
        finder: where cities can be searched for; None where there is no publication to search in.
    """

    lang: str
    title: str
    description: str
    style: str
    scripts: tuple[str, ...]
    other: str
    home: str
    nav: tuple[Link, ...]
    crumbs: tuple[Link, ...]
    simulated: bool
    origin: Literal["computed", "published", "reference"]
    finder: Finder | None = None
    feed: str = ""
    api: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the page's language, and the Chinese one beside it (empty on Chinese pages).

    On English pages `text` is empty where only the Chinese name is known.
    """

    text: str
    zh: str


@dataclass(frozen=True, slots=True)
class Change:
    """A difference to the month before: text with a sign or arrow, and `up`, `down` or `same`."""

    text: str
    direction: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing (inline SVG) and the table behind it."""

    svg: Markup
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """What rows of a table can be narrowed by: their `data-` attribute, its label, values in words."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Download:
    """One thing to download, in several formats."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says; `code` sets it in a fixed-width face (hashes)."""

    label: str
    value: str
    code: bool = False
