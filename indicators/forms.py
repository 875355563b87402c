"""What an edition asks of those who submit: the measures of a form, in the order of its tree."""

from dataclasses import dataclass

from indicators.edition import Edition
from indicators.measures import Measure, catalogue

_SECOND_LEVEL = 2
_GATE = ("基本指标", "Basic indicators")

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
    "stock_codes_converted": "stock_codes",
    "government_breaches_corrected": "government_breaches",
    "counties_monitored": "counties",
    "market_entities_committed": "market_entities",
}
"""Submitted measures that count some of what another one counts, and so cannot be larger than it."""


@dataclass(frozen=True)
class Section:
    """Measures that stand together in a form, under the title of an indicator of the tree."""

    zh: str
    en: str
    measures: tuple[Measure, ...]


def sections(edition: Edition, kind: str) -> tuple[Section, ...]:
    """The measures that leaves and gate of an edition need from a kind of source, each once.

    Sections are indicators of the second level, or of the first where the tree has no second, and last
    what the gate alone needs; within one the catalogue's order holds, so that a part comes after its
    whole.
    """
    known = catalogue()
    nodes = {node.no: node for node in edition.nodes}
    titles = {no: (f"{no} {node.zh}", f"{no} {node.en}") for no, node in nodes.items()}
    found: dict[str, list[str]] = {}
    placed: set[str] = set()
    for leaf in edition.leaves:
        above = [no for no in leaf.path if no in nodes][:_SECOND_LEVEL][-1]
        for measure in leaf.expression.measures:
            if kind in known[measure].sources and measure not in placed:
                placed.add(measure)
                found.setdefault(above, []).append(measure)
    titles[""] = _GATE
    if gate := [m for m in edition.gate_measures if kind in known[m].sources and m not in placed]:
        found[""] = gate
    order = list(known)
    return tuple(
        Section(
            *titles[no],
            tuple(known[m] for m in sorted(measures, key=order.index)),
        )
        for no, measures in found.items()
    )
