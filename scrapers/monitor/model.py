"""The linear model: one matrix of weights for all decisions, kept as numbers only."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Vector = tuple[NDArray[np.intp], NDArray[np.float64]]
"""Rows of the features that an article has, and their values."""
WEIGHTS: Final = files("scrapers.monitor") / "weights.npz"


@dataclass(frozen=True)
class Scores:
    """Probabilities of one decision's classes, and what spoke for the likeliest.

    Attributes:
        probabilities: by class, likeliest first.
        reasons: names of the features that speak most for it, the strongest first.
    """

    probabilities: Mapping[str, float]
    reasons: tuple[str, ...]

    @property
    def best(self) -> str:
        """The likeliest class."""
        return next(iter(self.probabilities))

    @property
    def probability(self) -> float:
        """That of the likeliest class."""
        return next(iter(self.probabilities.values()))


class Model:
    """Logistic regressions over shared features, one a decision."""

    def __init__(
        self,
        features: Sequence[str],
        scale: NDArray[np.float32],
        classes: Mapping[str, Sequence[str]],
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> None:
        """Takes what was learnt.

        Args:
            features: names in the order of rows; n-grams as they are, others with a space in the name.
            scale: of each feature: inverse document frequency of an n-gram, 1 of others.
            classes: of each decision, in the order of columns.
            weights: features × classes of all decisions.
            bias: one a class.
        """
        self.features: Final = tuple(features)
        self.classes: Final = {decision: tuple(names) for decision, names in classes.items()}
        self._row = {feature: row for row, feature in enumerate(features)}
        self.scale: Final = scale
        self.weights: Final = weights
        self.bias: Final = bias
        self._columns = {}
        start = 0
        for decision, names in self.classes.items():
            self._columns[decision] = slice(start, start + len(names))
            start += len(names)

    def vector(self, grams: Mapping[str, int], named: Mapping[str, float]) -> Vector:
        """Rows and values of an article's features: n-grams to one length, others as they are."""
        return vector(self._row, self.scale, grams, named)

    def decide(self, decision: str, rows: NDArray[np.intp], values: NDArray[np.float64]) -> Scores:
        """Scores of one decision.

        Args:
            decision: `kind`, `field`, `polarity` or `subject`.
            rows: of the features, from `vector`.
            values: of the features.
        """
        columns = self._columns[decision]
        parts = self.weights[rows, columns].astype(np.float64) * values[:, None]
        logits = parts.sum(axis=0) + self.bias[columns]
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")
        strongest = np.argsort(-parts[:, order[0]], kind="stable")[:4]
        names = self.classes[decision]
        return Scores(
            {names[column]: round(float(shares[column]), 4) for column in order},
            tuple(self.features[rows[i]] for i in strongest if parts[i, order[0]] > 0),
        )


def vector(
    row: Mapping[str, int],
    scale: NDArray[np.float32],
    grams: Mapping[str, int],
    named: Mapping[str, float],
) -> Vector:
    """Rows and values of known features; see `Model.vector`."""
    known = [(row[gram], 1 + math.log(count)) for gram, count in grams.items() if gram in row]
    others = [(row[name], value) for name, value in named.items() if name in row]
    rows = np.array([r for r, _ in known + others], dtype=np.intp)
    values = np.array([v for _, v in known + others], dtype=np.float64)
    weighted = values[: len(known)] * scale[rows[: len(known)]]
    length = math.sqrt(float(weighted @ weighted)) or 1.0
    values[: len(known)] = 2 * weighted / length
    return rows, values


def save(trained: Model, path: Path) -> None:
    """Writes a model; the same model gives the same bytes."""
    arrays: dict[str, Any] = {
        "features": np.frombuffer("\n".join(trained.features).encode(), dtype=np.uint8),
        "scale": trained.scale,
        "weights": trained.weights,
        "bias": trained.bias,
        **{f"classes.{decision}": np.array(names) for decision, names in trained.classes.items()},
    }
    np.savez_compressed(path, **arrays)


@cache
def model() -> Model:
    """The model that is stored in the package."""
    with as_file(WEIGHTS) as path, np.load(path, allow_pickle=False) as stored:
        decisions = [
            name.removeprefix("classes.") for name in stored.files if name.startswith("classes.")
        ]
        return Model(
            stored["features"].tobytes().decode().split("\n"),
            stored["scale"],
            {name: stored[f"classes.{name}"].tolist() for name in decisions},
            stored["weights"],
            stored["bias"],
        )
