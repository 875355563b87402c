"""What monitoring found on the web: events, the pages behind them, and how each crawl of a site went."""

import dataframely as dy

from warehouse.contracts import columns as c

KINDS = ("event", "response", "exemplar", "rule", "risk_warning", "pledge", "propaganda")
"""Kinds of page that lead to something; of the others nothing is kept here."""
SEVERITIES = ("ordinary", "serious", "major")
_EVENT_ID = r"^[0-9a-z-]{1,64}$"  # it names a file


def _field(*, nullable: bool = False) -> dy.String:
    return dy.String(nullable=nullable, description="Field of the event, as monitoring names them")


class Events(dy.Schema):
    """`core_events__period_event`: events first seen in the twelve months that end with the month."""

    period = c.period()
    event_id = dy.String(
        primary_key=True, regex=_EVENT_ID, description="Event, named after its earliest report"
    )
    city_code = c.city_code(primary_key=False)
    subject = dy.String(description="government, enterprise, social_organisation or judiciary")
    affair = dy.String(description="government, commercial, societal or judicial")
    field = _field()
    polarity = dy.String(check=lambda col: col.is_in(["good", "bad"]), description="good or bad")
    severity = dy.String(
        nullable=True,
        check=lambda col: col.is_in(SEVERITIES),
        description="ordinary, serious or major; empty for good events",
    )
    first_seen = dy.Date(description="Day of the earliest report")
    answered = dy.Date(nullable=True, description="Day of the first response")
    disclosed = dy.Bool(description="An official site of the city itself reported it")
    reports = dy.Int64(min=1, description="Pages that report it", metadata=c.unit("pages"))
    title = dy.String(description="Title of the earliest report, people left out")
    simulated = c.simulated()


class Pages(dy.Schema):
    """`core_pages__period_url`: pages of the month's ledger, but for those of kind `other`.

    Those of the twelve months that end with the month; of rules and pledges, also older ones.
    """

    period = c.period()
    url = dy.String(primary_key=True, description="Address of the page")
    site_id = dy.String(description="Site, by its id in the list of watched sites")
    site_name = dy.String(description="Site, as it calls itself")
    official = dy.Bool(description="A public body runs the site")
    kind = dy.String(check=lambda col: col.is_in(KINDS), description="Kind of page")
    city_code = c.city_code(primary_key=False, nullable=True)
    event_id = dy.String(
        nullable=True, regex=_EVENT_ID, description="Event that it reports or answers"
    )
    subject = dy.String(nullable=True, description="Subject of the event, as this page tells it")
    field = _field(nullable=True)
    polarity = dy.String(nullable=True, description="good or bad, as this page tells it")
    severity = dy.String(nullable=True, description="Severity, as this page tells it")
    published = dy.Date(nullable=True, description="Day of publication, as the page shows it")
    retrieved = dy.String(description="When it was fetched, ISO 8601 with offset")
    sha256 = c.sha256_of("the page as it was fetched; the page itself is not kept")
    title = dy.String(description="Title, people left out")
    count = dy.Int64(nullable=True, min=0, description="Subjects, of exemplars and pledges")
    national_document = dy.String(
        nullable=True, description="Number of the document a rule carries out"
    )
    rule_fields = dy.String(description="Fields that a rule covers, joined by a comma")
    confidence = dy.Float64(min=0, max=1, description="Confidence of the least certain decision")
    why = dy.String(description="By decision what decided it, a JSON object")
    joined = dy.String(
        nullable=True, description="What it has in common with the event's other reports"
    )
    gone = dy.Date(nullable=True, description="Day since which it is known to be there no more")
    corrected = dy.Bool(description="An operator corrected what the reader had decided")
    simulated = c.simulated()


class Sites(dy.Schema):
    """`landing_sites__period`: how the crawl of each watched site went."""

    period = c.period()
    site_id = dy.String(
        primary_key=True, description="Site, by its id in the list of watched sites"
    )
    site_name = dy.String(description="Site, as it calls itself")
    family = dy.String(description="Family of sites that share a layout")
    city_code = c.city_code(primary_key=False, nullable=True)
    verdict = dy.String(
        check=lambda col: col.is_in(["good", "suspect", "failed"]),
        description="good, suspect or failed",
    )
    reasons = dy.String(
        description="Why it is not good, keys of the text catalogue joined by a comma"
    )
    details = dy.String(
        nullable=True,
        description="What the reasons are about (lists, parts of articles, numbers), a JSON object",
    )
    complete = dy.Date(nullable=True, description="Day up to which all that it lists has been had")
    asked = dy.Int64(min=0, description="Pages asked for", metadata=c.unit("pages"))
    articles = dy.Int64(min=0, description="Articles archived in all", metadata=c.unit("pages"))
    simulated = c.simulated()


class Counters(dy.Schema):
    """`landing_counters__period`: what counters and structured lists of sites say, as they stand."""

    period = c.period()
    site_id = dy.String(
        primary_key=True, description="Site, by its id in the list of watched sites"
    )
    city_code = c.city_code()
    measure = dy.String(primary_key=True, description="Measure, an id of the catalogue")
    value = dy.Float64(min=0, description="What the site says, in the measure's unit")
    simulated = c.simulated()
