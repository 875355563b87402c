"""What the reader passes from step to step: a site, a page, an article, a record."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

KINDS: Final = (
    "event", "response", "exemplar", "rule", "risk_warning", "pledge", "propaganda", "other",
)  # fmt: skip
"""Kinds of page; each page is one of them."""
SITE_KINDS: Final = ("government", "credit", "court", "media")
SUBJECTS: Final = ("government", "enterprise", "social_organisation", "judiciary")
SEVERITIES: Final = ("ordinary", "serious", "major")
"""Of bad events, the lightest first."""
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "government": ("administration_by_law", "trust_system", "promise_keeping"),
    "commercial": (
        "manufacturing", "distribution", "finance", "transportation", "ecommerce", "construction",
        "procurement", "pricing", "taxation", "tourism", "advertising", "accounting",
    ),
    "societal": (
        "health", "social_security", "culture_sports_education", "intellectual_property", "environment",
    ),
    "judicial": ("judicial_credibility",),
}  # fmt: skip
"""Fields of each affair."""
AFFAIR_OF: Final[Mapping[str, str]] = {
    name: affair for affair, names in FIELDS.items() for name in names
}


@dataclass(frozen=True)
class Site:
    """A watched site.

    Attributes:
        site_id: its name here, lower-case letters, digits and underscores.
        name: as it calls itself, Chinese.
        kind: `government`, `credit`, `court` or `media`.
        city_code: of the city whose own site it is (a district's or county's site has its city's); None
            for media, provincial and national sites.
        official: whether a public body runs it.
        host: without scheme.
    """

    site_id: str
    name: str
    kind: str
    city_code: str | None
    official: bool
    host: str


@dataclass(frozen=True)
class Page:
    """A page as it came, already text. May hold personal data: never written, logged or shown.

    Attributes:
        retrieved: ISO 8601 with offset.
    """

    url: str
    site: Site
    retrieved: str
    html: str


@dataclass(frozen=True)
class Article:
    """What a page says, people left out: names are `某某`, numbers and addresses of people `〔略〕`.

    Attributes:
        url: as given, harmless (`http` or `https`).
        title: without the site's name.
        crumbs: the way from the front page to this one, as the page prints it, and names of channels.
        source: what the source line names (`来源：…`), "" where there is none.
        published: the day shown as that of publication, else of signature; None where there is none or
            it cannot be (no such day, after `retrieved`).
        paragraphs: the text in order, a row of a table or an item of a list being one.
        persons: how many strings about people were left out.
    """

    url: str
    title: str
    crumbs: tuple[str, ...]
    source: str
    published: date | None
    paragraphs: tuple[str, ...]
    persons: int = 0

    @property
    def text(self) -> str:
        """Title and paragraphs, a line each."""
        return "\n".join((self.title, *self.paragraphs))


@dataclass(frozen=True)
class Record:
    """What a page gives; the line of `RECORDS.jsonl` but for `event_id`.

    Attributes:
        city_code: None for kind `other` and where no city can be told.
        subject, affair, field, polarity: of events and responses, else None.
        severity: of bad events and of responses to them, else None.
        published: ISO day or None.
        count: how many subjects, of `exemplar` and `pledge`; else None.
        national_document: number of the document that a rule carries out, brackets `〔〕`; else None.
        rule_fields: fields that a rule covers.
        confidence: 0 to 1, of the least certain decision.
        why: by decision (`kind`, `city_code`, `field` …) what decided it: words found, rule or model.
    """

    url: str
    kind: str
    city_code: str | None
    subject: str | None
    affair: str | None
    field: str | None
    polarity: str | None
    severity: str | None
    published: str | None
    count: int | None
    national_document: str | None
    rule_fields: tuple[str, ...]
    confidence: float
    why: Mapping[str, str] = dataclasses.field(default_factory=dict)
