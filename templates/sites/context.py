"""The sites that were watched in a month: how the crawl of each family went, and which sites failed."""

from dataclasses import dataclass

from templates.layout import Download, Link, Page


@dataclass(frozen=True, slots=True)
class Family:
    """Sites that share a layout: how many there are, how their crawls went, and what was archived.

    Attributes:
        title: the family, in words.
        sites: number of sites.
        good: of these, crawled well.
        suspect: of these, to be looked at.
        failed: of these, failed.
        asked: pages asked for.
        articles: articles archived.
    """

    title: str
    sites: str
    good: str
    suspect: str
    failed: str
    asked: str
    articles: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A site whose crawl was not good.

    Attributes:
        name: as it calls itself.
        city: the city whose site it is, with the address of its ledger; None for others.
        family: its family, in words.
        kind: verdict as a kind of badge.
        verdict: suspect or failed, in words.
        gravity: number to sort verdicts by.
        reasons: why, in words.
        complete: day up to which all that it lists was had, or that there is none.
        asked: pages asked for.
        articles: articles archived.
    """

    name: str
    city: Link | None
    family: str
    kind: str
    verdict: str
    gravity: int
    reasons: str
    complete: str
    asked: str
    articles: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: month in words.
        revision: which revision of the month this is, in words.
        quality: link to the month's data quality.
        summary: how many sites were watched, and how their crawls went, in words.
        families: totals by family, and of all.
        sites: sites whose crawl failed, then those to be looked at.
        more: how many more there are, in words; empty where all are shown.
        downloads: all sites as data.
    """

    page: Page
    heading: str
    revision: str
    quality: Link
    summary: str
    families: tuple[Family, ...]
    sites: tuple[Watched, ...]
    more: str
    downloads: tuple[Download, ...]
