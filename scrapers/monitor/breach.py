"""Whom a credit event is about, in which field, and whether it is a good or a bad one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from scrapers.monitor.model import Scores
from scrapers.monitor.shapes import AFFAIR_OF

CLEARLY_GOOD: Final = 0.6
"""Probability from which an event is a good one; a breach that is told as a story can read kindly."""
_OF_OFFICES: Final = frozenset({"administration_by_law", "promise_keeping"})
"""Fields in which only a public body can be at fault, or do well."""
_RARELY: Final = 0.1
"""How likely a public body's event is of another affair than the government's."""


@dataclass(frozen=True)
class Decision:
    """One decision, with what decided it.

    Attributes:
        value: the class.
        sure: probability that it is right.
        why: the rule or the model, and the words that it went by.
    """

    value: str
    sure: float
    why: str


def by_model(scores: Scores) -> Decision:
    """The likeliest class as the model has it."""
    return Decision(scores.best, scores.probability, _why(scores, scores.probability))


def breach(decide: Callable[[str], Scores]) -> Mapping[str, Decision]:
    """Subject, field and polarity of an event.

    Args:
        decide: scores of a decision that is named.
    """
    fitting = _fitting(decide("subject"), decide("field"))
    polarity = decide("polarity")
    return {**fitting, "polarity": _polarity(polarity)}


def _fitting(subjects: Scores, fields: Scores) -> Mapping[str, Decision]:
    """The likeliest subject and field of those that go together."""
    subject, field = max(
        ((subject, field) for subject in subjects.probabilities for field in fields.probabilities),
        key=lambda pair: (
            subjects.probabilities[pair[0]] * fields.probabilities[pair[1]] * _goes_together(*pair)
        ),
    )
    return {
        "subject": _decided(subjects, subject, f"field {field}"),
        "field": _decided(fields, field, f"subject {subject}"),
    }


def _goes_together(subject: str, field: str) -> float:
    affair = AFFAIR_OF[field]
    if (subject == "judiciary") != (affair == "judicial"):
        return 0.0
    if subject != "government":
        return float(field not in _OF_OFFICES)
    return 1.0 if affair == "government" else _RARELY


def _decided(scores: Scores, value: str, other: str) -> Decision:
    if value == scores.best:
        return by_model(scores)
    sure = scores.probabilities[value]
    return Decision(value, sure, f"model {sure:.2f}, as fits {other}")


def _polarity(scores: Scores) -> Decision:
    if scores.best == "good" and scores.probability < CLEARLY_GOOD:
        sure = scores.probabilities["bad"]
        return Decision("bad", sure, f"not clearly good: {_why(scores, sure)}")
    return by_model(scores)


def _why(scores: Scores, sure: float) -> str:
    return f"model {sure:.2f}: {'、'.join(scores.reasons)}"
