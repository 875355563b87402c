"""What an edition asks of those who submit: the measures of a form, in the order of its tree."""

from dataclasses import dataclass

from indicators.edition import Edition
from indicators.measures import Measure, catalogue

_SECOND_LEVEL = 2

PARTS = {
    "local_lists_standardised": "local_lists",
    "joint_measures_implemented": "joint_measures",
    "joint_departments": "departments",
    "joint_automated_areas": "joint_areas",
    "approval_departments": "departments",
    "credit_approval_departments": "approval_departments",
    "units_integrated": "units",
    "certificates_renewed": "certificates",
    "codes_issued": "code_subjects",
    "data_errors": "data_records",
    "funds_registered": "funds",
    "approvals_by_commitment": "approvals",
    "breach_records_linked": "breach_records",
    "commitments_reported": "enterprises",
    "repeat_offenders_withdrawn": "repeat_offenders",
    "service_institutions_withdrawn": "service_institutions_governed",
}
"""Submitted measures that count some of what another one counts, and so cannot be larger than it."""


@dataclass(frozen=True)
class Section:
    """Measures that stand together in a form, under the title of an indicator of the tree."""

    zh: str
    en: str
    measures: tuple[Measure, ...]


def sections(edition: Edition, kind: str) -> tuple[Section, ...]:
    """The measures that leaves of an edition need from a kind of source, each once.

    Sections are indicators of the second level, or of the first where the tree has no second; within one
    the catalogue's order holds, so that a part comes after its whole.
    """
    known = catalogue()
    titles = {node.no: node for node in edition.nodes}
    found: dict[str, list[str]] = {}
    placed: set[str] = set()
    for leaf in edition.leaves:
        above = [no for no in leaf.path if no in titles][:_SECOND_LEVEL][-1]
        for measure in leaf.expression.measures:
            if kind in known[measure].sources and measure not in placed:
                placed.add(measure)
                found.setdefault(above, []).append(measure)
    order = list(known)
    return tuple(
        Section(
            f"{no} {titles[no].zh}",
            f"{no} {titles[no].en}",
            tuple(known[m] for m in sorted(measures, key=order.index)),
        )
        for no, measures in found.items()
    )
