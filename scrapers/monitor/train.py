"""Learns the model's weights from the texts in `training/`: `python -m scrapers.monitor.train`."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import as_file, files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from scrapers.monitor import features
from scrapers.monitor.model import WEIGHTS, Model, save, vector
from scrapers.monitor.shapes import Article, Site
from scrapers.monitor.zones import zones

DECISIONS: Final = ("kind", "field", "polarity", "subject")
_BY_FIELD_WORDS: Final = frozenset({"field", "subject"})
"""Decisions that see the words of fields; to the others these only say what trade a page is about."""
_INVERSE_PENALTY: Final = 10.0
_FEWEST: Final = 2
"""Articles that an n-gram must occur in."""


@dataclass(frozen=True)
class Example:
    """A labelled article.

    Attributes:
        labels: by decision; None where there is nothing to decide.
        group: of articles about one occurrence; they must not be parted by a cross-validation.
    """

    article: Article
    site: Site
    labels: Mapping[str, Any]
    group: str


def corpus() -> list[Example]:
    """The labelled texts that the package holds."""
    folder = files("scrapers.monitor") / "training"
    parts = sorted(p.name for p in folder.iterdir() if p.name.endswith(".jsonl"))
    lines = [line for part in parts for line in (folder / part).read_text("utf-8").splitlines()]
    return [example(json.loads(line), number) for number, line in enumerate(lines)]


def example(labelled: Mapping[str, Any], number: int) -> Example:
    """One line of the corpus."""
    article = Article(
        url=f"https://training.example/{number}",
        title=labelled["title"],
        crumbs=tuple(labelled["crumbs"]),
        source=labelled["source"] or "",
        published=date.fromisoformat(labelled["published"]) if labelled["published"] else None,
        paragraphs=tuple(labelled["paragraphs"]),
    )
    kind = labelled["site_kind"]
    site = Site(
        "training",
        labelled["site_name"],
        kind,
        labelled["site_city"],
        kind != "media",
        "training.example",
    )
    return Example(article, site, labelled, labelled["group"] or f"alone {number}")


def train(examples: Sequence[Example]) -> Model:
    """A model of labelled articles; the same articles in the same order give the same model."""
    seen = [seen_in(e) for e in examples]
    frequency = Counter(gram for grams, _ in seen for gram in grams)
    names = sorted({name for _, named in seen for name in named})
    grams = sorted(gram for gram, count in frequency.items() if count >= _FEWEST)
    known = [*names, *grams]
    scale = np.array(
        [1.0] * len(names)
        + [1 + math.log((1 + len(seen)) / (1 + frequency[gram])) for gram in grams],
        dtype=np.float32,
    )
    row = {feature: place for place, feature in enumerate(known)}
    matrix = np.zeros((len(seen), len(known)))
    for article, one in enumerate(seen):
        rows, values = vector(row, scale, *one)
        matrix[article, rows] = values
    of_fields = [place for place, name in enumerate(names) if features.of_fields(name)]
    alike = matrix @ matrix.T
    alike_but_fields = alike - matrix[:, of_fields] @ matrix[:, of_fields].T
    classes, weights, bias = {}, [], []
    for decision in DECISIONS:
        chosen = [place for place, e in enumerate(examples) if e.labels[decision]]
        labels = [examples[place].labels[decision] for place in chosen]
        by_fields = decision in _BY_FIELD_WORDS
        seen_alike = (alike if by_fields else alike_but_fields)[np.ix_(chosen, chosen)]
        shares, intercept = _fit(seen_alike, labels)
        learnt = matrix[chosen].T @ shares
        if not by_fields:
            learnt[of_fields] = 0.0
        classes[decision] = sorted(set(labels))
        weights.append(learnt)
        bias.append(intercept)
    return Model(
        known,
        scale,
        classes,
        np.hstack(weights).astype(np.float16),
        np.concatenate(bias).astype(np.float32),
    )


def seen_in(one: Example) -> tuple[Mapping[str, int], Mapping[str, float]]:
    """N-grams and named features of an example."""
    read = zones(one.article)
    return features.grams(read), features.named(read, features.cues(read), one.site)


def _fit(
    alike: NDArray[np.float64], labels: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A logistic regression: what each article adds to each class's weights, and the bias.

    It is learnt in the space that the articles span, which has the same solution and hundreds of
    dimensions instead of ten thousands.

    Args:
        alike: inner products of the articles.
        labels: of the articles.
    """
    lower = np.linalg.cholesky(alike + 1e-9 * np.eye(len(labels)))
    learner = LogisticRegression(C=_INVERSE_PENALTY, class_weight="balanced", max_iter=2000)
    learner.fit(lower, labels)
    shares, bias = np.linalg.solve(lower.T, learner.coef_.T), learner.intercept_
    if shares.shape[1] == 1:  # of two classes, sklearn keeps the second's
        shares, bias = np.hstack([-shares, shares]) / 2, np.concatenate([-bias, bias]) / 2
    return shares, bias


if __name__ == "__main__":
    with as_file(WEIGHTS) as path:
        save(train(corpus()), path)
