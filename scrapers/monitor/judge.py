"""What an article is: its kind, and what a record of that kind holds.

A page's form decides where it gives the kind away (`kinds`); else a linear model does, which sees
the words of the lexica and character n-grams together (`features`, `model`). Of subject and field the
likeliest are taken that go together (`breach`). Severity, counts, documents and fields of rules are read
by rules (`severity`, `counts`, `documents`, `coverage`), which explain themselves.

Shares right on 156 pages labelled by others, which were not trained on, and after the stroke by five-fold
cross-validation, no occurrence in two folds, on the 963 texts of `training/`, which hold more that is
hard. The lexica were written with knowledge of both, so expect a little less elsewhere:

===================  ===========  ===========  ===========
decision             words only   n-grams      both
===================  ===========  ===========  ===========
kind                 .923/.864    .955/.906    .962/.928
field                .986/.905    .971/.900    .986/.945
polarity             .913/.931    .986/.980    .957/.976
subject              .986/.947    .986/.958    1.000/.975
===================  ===========  ===========  ===========

With forms before the model and what `breach` makes of it: kind .987/.935, and of what is read as an event
field 1.000/.960, polarity .971/.971 and severity .983/.979. Of all judgements 10 % / 28 % have a
confidence below 0.6; of the others 1 % / 3 % hold an error, none / 3 % a wrong kind.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scrapers.monitor import features
from scrapers.monitor.breach import Decision, breach, by_model
from scrapers.monitor.counts import count_subjects
from scrapers.monitor.coverage import rule_fields
from scrapers.monitor.documents import national_document
from scrapers.monitor.kinds import by_form, speaks_of_trust
from scrapers.monitor.model import Vector, model
from scrapers.monitor.severity import severity
from scrapers.monitor.shapes import AFFAIR_OF, Article, Site
from scrapers.monitor.zones import Zones, zones

BY_FORM: Final = 0.97
"""Confidence in a kind that a page's form gives away."""


@dataclass(frozen=True)
class Judgement:
    """What an article was judged to be; fields as in `shapes.Record`."""

    kind: str
    subject: str | None = None
    affair: str | None = None
    field: str | None = None
    polarity: str | None = None
    severity: str | None = None
    count: int | None = None
    national_document: str | None = None
    rule_fields: tuple[str, ...] = ()
    confidence: float = 0.0
    why: Mapping[str, str] = dataclasses.field(default_factory=dict)


def judge(article: Article, site: Site) -> Judgement:
    """Judges an article; the same article of the same site is judged the same, to the byte."""
    read = zones(article)
    vector = model().vector(features.grams(read), features.named(read, features.cues(read), site))
    kind = _kind(read, site, vector)
    judged = Judgement(kind.value, confidence=kind.sure, why={"kind": kind.why})
    match kind.value:
        case "event" | "response":
            return _event(judged, read, breach(lambda name: model().decide(name, *vector)))
        case "rule":
            fields, words = rule_fields(read)
            return dataclasses.replace(
                judged,
                national_document=national_document(read.whole),
                rule_fields=fields,
                why={**judged.why, "rule_fields": words},
            )
        case "exemplar" | "pledge":
            count, words = count_subjects(article.title, article.paragraphs)
            return dataclasses.replace(judged, count=count, why={**judged.why, "count": words})
    return judged


def _kind(read: Zones, site: Site, vector: Vector) -> Decision:
    form = by_form(read, site)
    if form:
        kind, rule, words = form
        return Decision(kind, BY_FORM, f"{rule}: {words}")
    scores = model().decide("kind", *vector)
    if scores.best == "propaganda" and not speaks_of_trust(read):
        return Decision("other", scores.probability, "an activity, but no word of trust")
    return by_model(scores)


def _event(judged: Judgement, read: Zones, decisions: Mapping[str, Decision]) -> Judgement:
    subject, field, polarity = (decisions[name].value for name in ("subject", "field", "polarity"))
    why = {**judged.why, **{name: decision.why for name, decision in decisions.items()}}
    sure = min(judged.confidence, *(decision.sure for decision in decisions.values()))
    grave = severity(read.whole, subject, field) if polarity == "bad" else None
    if grave:
        why["severity"] = grave.why
    return dataclasses.replace(
        judged,
        subject=subject,
        affair=AFFAIR_OF[field],
        field=field,
        polarity=polarity,
        severity=grave.severity if grave else None,
        confidence=sure,
        why=why,
    )
