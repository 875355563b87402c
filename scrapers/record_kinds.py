"""The kinds of record that extracts hold, column by column, as they are kept after reading.

Every kind has `row` (Int64, the row in the delivered file, the header being row 1), `city_code` and,
where it is about an entity, `code`, its unified social credit code. Dates are dates. No kind has a name.
"""

from dataclasses import dataclass

import polars as pl

LISTS = ("black", "focused_watch", "red")
GRADES = ("excellent", "good", "fair", "poor")
TAX_GRADES = ("A", "B", "M", "C", "D")
CERTIFICATIONS = ("advanced", "general", "registered")
DECISIONS = ("permit", "penalty")
CODE_STATES = ("valid", "wrong", "corrected")


@dataclass(frozen=True)
class RecordKind:
    """One kind of record: its columns after `row` and `city_code`, and the measures made from it.

    `words` limits a text column to certain words; a date in `optional` may be empty. Of a kind that is
    `never_empty` every province has records, so that an extract without any cannot be right.
    """

    id: str
    source_id: str
    columns: dict[str, type[pl.DataType]]
    measures: tuple[str, ...]
    words: dict[str, tuple[str, ...]]
    optional: tuple[str, ...] = ()
    never_empty: bool = False


_TEXT, _DATE, _COUNT = pl.String, pl.Date, pl.Int64

RECORD_KINDS = {
    kind.id: kind
    for kind in (
        # Legal entities on the register; alive while not cancelled.
        RecordKind(
            "entities",
            "ncisp",
            {"code": _TEXT, "registered": _DATE, "cancelled": _DATE},
            ("legal_entities",),
            {},
            optional=("cancelled",),
            never_empty=True,
        ),
        # One entry of an entity on a list, current from `listed` until the day before `delisted`;
        # `violations` counts the records of violation behind it.
        RecordKind(
            "lists",
            "ncisp",
            {
                "code": _TEXT,
                "list": _TEXT,
                "listed": _DATE,
                "delisted": _DATE,
                "violations": _COUNT,
            },
            (
                "listed_entities",
                "listed_added",
                "listed_removed",
                "listed_violations",
                "redlisted_entities",
            ),
            {"list": LISTS},
            optional=("delisted",),
        ),
        # Comprehensive public credit evaluation of every enterprise.
        RecordKind(
            "evaluations",
            "ncisp",
            {"code": _TEXT, "grade": _TEXT},
            ("low_rated_entities",),
            {"grade": GRADES},
            never_empty=True,
        ),
        RecordKind(
            "taxpayers",
            "ncisp",
            {"code": _TEXT, "grade": _TEXT},
            ("taxpayers", "a_class_taxpayers"),
            {"grade": TAX_GRADES},
            never_empty=True,
        ),
        RecordKind(
            "customs",
            "ncisp",
            {"code": _TEXT, "certification": _TEXT},
            ("customs_enterprises", "aeo_advanced_enterprises"),
            {"certification": CERTIFICATIONS},
        ),
        # Administrative permits and penalties published on the platform within the window.
        RecordKind(
            "disclosures",
            "ncisp",
            {"code": _TEXT, "decision": _TEXT, "decided": _DATE, "published": _DATE},
            ("platform_disclosures_12m", "platform_disclosures_in_time_12m"),
            {"decision": DECISIONS},
        ),
        # Breaches of trust documented in the media and passed to the city for investigation.
        RecordKind(
            "breaches", "ncisp", {"code": _TEXT, "passed": _DATE}, ("breaches_reported_12m",), {}
        ),
        # Government service halls; `integrated` is 1 where joined to platform and credit website.
        RecordKind(
            "service_halls", "ncisp", {"integrated": _COUNT}, ("service_hall_integrated",), {}
        ),
        # One issue of a unified social credit code; a code with several was issued repeatedly.
        RecordKind(
            "codes",
            "code_centre",
            {"code": _TEXT, "issued": _DATE, "state": _TEXT},
            ("codes", "code_repeats", "code_errors", "code_errors_corrected"),
            {"state": CODE_STATES},
            never_empty=True,
        ),
        # Old codes converted and mapped to a unified code.
        RecordKind(
            "mappings", "code_centre", {"code": _TEXT, "mapped": _DATE}, ("codes_mapped",), {}
        ),
    )
}
