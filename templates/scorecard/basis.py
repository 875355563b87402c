"""What a city's index rests on and how sure it is, a section of the scorecard (`basis.html.j2`)."""

from dataclasses import dataclass

from templates.layout import Chart, Fact
from templates.quality.context import Refusal


@dataclass(frozen=True, slots=True)
class Doubted:
    """A leaf whose points are doubtful.

    Attributes:
        anchor: id of the leaf's detail further up.
        name: name of the leaf.
        kind: what is doubtful: the kind of badge.
        label: the same in words.
        points: points as they are.
        worst: points at worst.
        best: points at best.
    """

    anchor: str
    name: str
    kind: str
    label: str
    points: str
    worst: str
    best: str


@dataclass(frozen=True, slots=True)
class Basis:
    """The section.

    Attributes:
        counts: leaves with own values, imputed, late, …; and rows refused.
        reach: index and rank at worst and at best, in words.
        chart: the class's index with the city's band; None where nothing is doubtful.
        doubts: the doubtful leaves.
        refused: what was refused of the city's own files.
        refused_more: how many more there are, in words; empty where all are shown.
    """

    counts: tuple[Fact, ...]
    reach: str
    chart: Chart | None
    doubts: tuple[Doubted, ...]
    refused: tuple[Refusal, ...]
    refused_more: str
