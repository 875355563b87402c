"""What an operator corrects of what the reader decided: corrections win, and are kept apart.

A correction is about one decision on one page, by the page's address. It is laid over whatever the reader
made of the page, so it holds for every version of the reader, and taking it back brings the reader's own
decision back. What follows from it follows each time anew: `other` has nothing else, the field names the
affair, a severity is that of something bad.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from unicodedata import normalize

import polars as pl

from scrapers.monitor.documents import citations
from scrapers.monitor.occurrences import event_id
from scrapers.monitor.shapes import AFFAIR_OF, KINDS, SEVERITIES, SUBJECTS

DOUBTFUL: Final = 0.6
"""A page whose least certain decision is less certain than that is worth an operator's look.

Of labelled pages that others wrote about a fifth are below it: half of those on which some decision is
wrong, and of the listed ones every third.
"""
NOTHING: Final = "none"
"""As a correction: there is none, of a count, a city, a date, a document or fields of a rule."""
OWN_EVENT: Final = "own_event"
"""As a correction, `yes`: the page tells of no event that the pages tell of which it was put with."""
SAME_EVENT: Final = "same_event_as"
"""As a correction, the address of a page that tells of the same event; their events are one."""
CORRECTED: Final = "corrected"
"""The reason of a decision that was corrected."""

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": KINDS,
    "subject": SUBJECTS,
    "field": tuple(AFFAIR_OF),
    "polarity": ("good", "bad"),
    "severity": SEVERITIES,
}
_CITY: Final = "NNNNNN"
_EXPECTED: Final = {field: ", ".join(words) for field, words in _WORDS.items()} | {
    "city_code": _CITY
}
_OF_EVENTS: Final = ("subject", "field", "polarity", "severity")
DECISIONS: Final = (
    "kind", "city_code", *_OF_EVENTS, "published", "count", "national_document", "rule_fields",
)  # fmt: skip
"""Decisions on a page that can be corrected."""
CORRECTABLE: Final = (*DECISIONS, SAME_EVENT, OWN_EVENT)
"""What can be corrected of a page."""
TOLD: Final = ("event", "response")
"""Kinds of page that tell of an event."""
_OF_KIND: Final[Mapping[str, tuple[str, ...]]] = {
    "event": ("city_code", *_OF_EVENTS),
    "response": ("city_code", *_OF_EVENTS),
    "exemplar": ("city_code", "count"),
    "pledge": ("city_code", "count"),
    "rule": ("city_code", "national_document", "rule_fields"),
    "risk_warning": ("city_code",),
    "propaganda": ("city_code",),
    "other": (),
}
"""What is decided of a page of a kind, beside its kind and day."""
_EMPTY: Final[Mapping[str, Any]] = {"rule_fields": []}

Standing = Mapping[str, Mapping[str, str]]
"""Corrections that stand: by address, by what is corrected, the text of the value."""


@dataclass(frozen=True)
class Correction:
    """One decision on one page, corrected.

    Attributes:
        field: one of CORRECTABLE.
        value: its text; None takes an earlier correction back.
        when: ISO 8601 with offset.
    """

    url: str
    field: str
    value: str | None
    when: str


@dataclass(frozen=True)
class Problem:
    """Why a correction cannot be; `reason` is a key of the text catalogue."""

    field: str
    reason: str
    expected: str


class NotTaken(ValueError):  # noqa: N818 - it is a refusal, as rows have them
    """Corrections that cannot be, for one or more reasons; what was given is not repeated."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.field}: expected {p.expected}" for p in problems))
        self.problems = problems


def standing(corrections: Iterable[Correction]) -> Standing:
    """What stands of corrections in the order in which they were made: the last one wins."""
    stands: dict[str, dict[str, str]] = {}
    for one in corrections:
        of_page = stands.setdefault(one.url, {})
        if one.value is None:
            of_page.pop(one.field, None)
        else:
            of_page[one.field] = one.value
    return {url: of_page for url, of_page in stands.items() if of_page}


def settled(
    row: Mapping[str, Any], stands: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str | None]:
    """What is to be written down when an operator corrects a page, by what it corrects.

    Args:
        row: the page as it was read, with the columns `reader.REPORTS`.
        stands: corrections of the page that stand.
        given: corrections as an operator writes them.

    Returns:
        Values in normal form without those that stand already, and None for what stands and has
        no place any more.

    Raises:
        NotTaken: a value is none that the decision can have, or pages of that kind have no such thing,
            or it would lack something that they all have.
    """
    wanted = _in_normal_form(given)
    apart = OWN_EVENT in wanted and SAME_EVENT not in wanted
    before = {field: text for field, text in stands.items() if not (apart and field == SAME_EVENT)}
    made, lost, lacking = _laid_over(row, before | wanted)
    placed = made["city_code"] or "city_code" in before | wanted
    if row["kind"] == "other" and (lacking or made["kind"] != "other") and not placed:
        lacking.append("city_code")
    if lacking:
        raise NotTaken(*(Problem(field, "lacking", _EXPECTED[field]) for field in lacking))
    if misplaced := [field for field in lost if field in wanted]:
        raise NotTaken(
            *(Problem(field, "not_of_kind", ", ".join(_of(made))) for field in misplaced)
        )
    new = {field: text for field, text in wanted.items() if stands.get(field) != text}
    return new | {field: None for field in stands if field in lost or field not in before}


def apply(reports: pl.DataFrame, stands: Standing) -> pl.DataFrame:
    """Lay corrections over what was read.

    Args:
        reports: pages with the columns `reader.REPORTS`; others are left as they are.
        stands: corrections that stand.

    Returns:
        The same rows with a column `corrected`. A corrected page has a confidence of 1; of 0 where a
        correction has no place in what the page is now read as, so that it is looked at again.
    """
    whole = reports.with_columns(corrected=pl.col("url").is_in(list(stands))).with_row_index("_row")
    laid = []
    for row in whole.filter("corrected").iter_rows(named=True):
        made, lost, lacking = _laid_over(row, stands[row["url"]])
        laid.append({**made, "confidence": 0.0 if lost or lacking else 1.0})
    if not laid:
        return whole.drop("_row")
    over = pl.DataFrame(laid, schema=whole.schema)
    return pl.concat([whole.filter(~pl.col("corrected")), over]).sort("_row").drop("_row")


def regroup(told: pl.DataFrame, reports: pl.DataFrame, stands: Standing) -> pl.DataFrame:
    """Lay corrections over the grouping of reports.

    Args:
        told: the event of each report, as `occurrences.group` gives it.
        reports: what was grouped, corrected: `url`, `kind`, `published` are used.
        stands: corrections that stand.

    Returns:
        `told` with events named anew after their earliest reports, and `why` of a report that was put
        with another by an operator CORRECTED.
    """
    apart = [url for url, said in stands.items() if OWN_EVENT in said]
    tied = {url: said[SAME_EVENT] for url, said in stands.items() if SAME_EVENT in said}
    if not apart and not tied:
        return told
    alone = pl.col("event_id").is_null() | pl.col("url").is_in(apart)
    labelled = told.with_columns(label=pl.when(alone).then("url").otherwise("event_id"))
    ends = pl.col("url").is_in([*tied, *tied.values()])
    label = dict(labelled.filter(ends).select("url", "label").iter_rows())
    tied = {url: other for url, other in tied.items() if url in label and other in label}
    of_reports = (
        reports.select("url", "kind", "published")
        .sort("published", "url", nulls_last=True)
        .unique("url", keep="first", maintain_order=True)
    )
    earliest = pl.col("url").filter(pl.col("kind") == "event").first()
    return (
        of_reports.join(labelled, on="url", how="inner", maintain_order="left")
        .with_columns(
            pl.col("label").replace(
                _one([(label[url], label[other]) for url, other in tied.items()])
            ),
            why=pl.when(pl.col("url").is_in(list(tied)))
            .then(pl.lit(CORRECTED))
            .when(~pl.col("url").is_in(apart))
            .then("why"),
        )
        .with_columns(
            event_id=earliest.over("label").map_elements(event_id, return_dtype=pl.String)
        )
        .select(told.columns)
        .sort("url")
    )


def doubtful(reports: pl.DataFrame) -> pl.DataFrame:
    """Pages to look at, the least certain first."""
    return reports.filter(pl.col("confidence") < DOUBTFUL).sort("confidence", "url")


def _in_normal_form(given: Mapping[str, str]) -> dict[str, str]:
    wanted: dict[str, str] = {}
    problems: list[Problem] = []
    for field, text in given.items():
        try:
            wanted[field] = _as_text(value(field, text))
        except NotTaken as refused:
            problems += refused.problems
    if problems:
        raise NotTaken(*problems)
    return wanted


def value(field: str, text: str) -> Any:
    """What the text of a correction says: text, a number, a day, fields, or None for nothing.

    Raises:
        NotTaken: it is nothing that the decision can be; what was found is not repeated.
    """
    plain = normalize("NFKC", text).strip()
    if field in _WORDS:
        return _among(field, plain.lower(), _WORDS[field])
    if field in DECISIONS and plain.lower() == NOTHING:
        return _EMPTY.get(field)
    if field == "city_code":
        return _matching(field, plain, r"[1-9]\d{5}", "city_malformed", _CITY)
    if field == "published":
        return _day(field, plain)
    if field == "count":
        return int(_matching(field, plain, r"\d{1,9}", "not_whole", "0–999999999"))
    if field == "national_document":
        named = citations(plain)
        if len(named) != 1:
            raise NotTaken(Problem(field, "no_document", "国发〔2016〕33号"))
        return named[0].number
    if field == "rule_fields":
        words = re.split(r"[,、;\s]+", plain.lower().strip(",、; "))
        return sorted({_among(field, word, tuple(AFFAIR_OF)) for word in words})
    if field == SAME_EVENT:
        return _matching(field, text.strip(), r"https?://[!-~]+", "no_address", "https://…")
    if field == OWN_EVENT:
        return _among(field, plain.lower(), ("yes",))
    raise NotTaken(Problem(field, "column_unknown", ", ".join(CORRECTABLE)))


def _among(field: str, word: str, words: tuple[str, ...]) -> str:
    if word not in words:
        raise NotTaken(Problem(field, "word_unknown", ", ".join(words)))
    return word


def _matching(field: str, text: str, form: str, reason: str, expected: str) -> str:
    if not re.fullmatch(form, text, re.ASCII):
        raise NotTaken(Problem(field, reason, expected))
    return text


def _day(field: str, text: str) -> date:
    # Spreadsheets write days in their own ways.
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text, re.ASCII)
    try:
        return date(*map(int, parts.groups() if parts else ()))
    except (TypeError, ValueError):
        raise NotTaken(Problem(field, "not_a_date", "YYYY-MM-DD")) from None


def _as_text(meant: Any) -> str:
    if isinstance(meant, list):
        return ",".join(meant) or NOTHING
    if isinstance(meant, date):
        return meant.isoformat()
    return NOTHING if meant is None else str(meant)


def _laid_over(
    row: Mapping[str, Any], said: Mapping[str, str]
) -> tuple[dict[str, Any], list[str], list[str]]:
    """The row with corrections laid over it, which of them have no place, and what the event lacks."""
    meant = {field: value(field, text) for field, text in said.items()}
    made = dict(row)
    made.update((field, meant[field]) for field in DECISIONS if field in meant)
    if "kind" not in meant and made["kind"] not in TOLD and not meant.keys().isdisjoint(_OF_EVENTS):
        made["kind"] = "event"
    if "severity" in meant and "polarity" not in meant:
        made["polarity"] = "bad"
    lacking = _lacking(made) if made["kind"] == "event" else []
    if lacking:  # a page that cannot be placed is `other`
        made["kind"] = "other"
    kept = _of(made)
    for field in DECISIONS:
        if field not in kept:
            made[field] = _EMPTY.get(field)
    made["affair"] = AFFAIR_OF.get(made["field"])
    lost = [field for field in meant if field not in kept]
    why = {name: reason for name, reason in json.loads(row["why"]).items() if name in kept}
    corrected = {field: CORRECTED for field in DECISIONS if field in meant and field in kept}
    made["why"] = json.dumps(why | corrected, ensure_ascii=False, sort_keys=True)
    return made, lost, lacking


def _lacking(event: Mapping[str, Any]) -> list[str]:
    """What every event has and this one does not."""
    needed = _OF_EVENTS if event["polarity"] == "bad" else _OF_EVENTS[:-1]
    return [field for field in needed if event[field] is None]


def _of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What can be corrected of a page that is what this one is."""
    of_kind = _OF_KIND[row["kind"]]
    if row["polarity"] != "bad":
        of_kind = tuple(field for field in of_kind if field != "severity")
    grouped = (SAME_EVENT, OWN_EVENT) if row["kind"] in TOLD else ()
    return ("kind", *of_kind, "published", *grouped)


def _one(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each label of the pairs the one that all those it hangs together with get."""
    into: dict[str, str] = {}

    def last(label: str) -> str:
        while label in into:
            label = into[label]
        return label

    for one, other in pairs:
        if last(one) != last(other):
            into[last(one)] = last(other)
    return {label: last(label) for label in into}
