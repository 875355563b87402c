"""Whom a credit event is about, in which field, and whether it is a good or a bad one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from scrapers.monitor.model import Scores

CLEARLY_GOOD: Final = 0.6
"""Probability from which an event is a good one; a breach that is told as a story can read kindly."""


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
    decisions = {name: by_model(decide(name)) for name in ("subject", "field", "polarity")}
    scores = decide("polarity")
    if scores.best == "good" and scores.probability < CLEARLY_GOOD:
        sure = scores.probabilities["bad"]
        decisions["polarity"] = Decision("bad", sure, f"not clearly good: {_why(scores, sure)}")
    return decisions


def _why(scores: Scores, sure: float) -> str:
    return f"model {sure:.2f}: {'、'.join(scores.reasons)}"
