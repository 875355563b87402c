"""The stored weights are those that training on the corpus gives, and are numbers only."""

import zipfile
from importlib.resources import as_file
from pathlib import Path

import numpy as np
import pytest

from scrapers.monitor.model import WEIGHTS, Model, model, save
from scrapers.monitor.shapes import AFFAIR_OF, KINDS, SEVERITIES, SUBJECTS
from scrapers.monitor.train import DECISIONS, Example, corpus, seen_in, train

LARGEST = 3_000_000


@pytest.fixture(scope="module")
def trained() -> Model:
    return train(corpus())


def test_training_on_the_corpus_gives_the_stored_predictions(trained: Model) -> None:
    stored = model()
    assert stored.features == trained.features
    assert stored.classes == trained.classes
    for one in corpus()[::5]:
        rows, values = stored.vector(*seen_in(one))
        for decision in DECISIONS:
            ours = stored.decide(decision, rows, values)
            theirs = trained.decide(decision, rows, values)
            assert ours.best == theirs.best
            assert ours.probability == pytest.approx(theirs.probability, abs=0.01)


def test_a_saved_model_is_the_same_bytes_each_time(tmp_path: Path, trained: Model) -> None:
    save(trained, tmp_path / "a.npz")
    save(trained, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_the_stored_weights_are_small_and_hold_no_objects() -> None:
    with as_file(WEIGHTS) as path:
        assert path.stat().st_size < LARGEST
        assert all(name.endswith(".npy") for name in zipfile.ZipFile(path).namelist())
        with np.load(path, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype.kind in "fuU" for name in arrays.files)


def test_a_class_that_is_likelier_comes_first() -> None:
    scores = model().decide("kind", *model().vector({"罚款": 2}, {}))
    shares = list(scores.probabilities.values())
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=0.001)


@pytest.mark.parametrize("one", corpus()[::7], ids=lambda one: str(one.article.title[:12]))
def test_labels_of_the_corpus_are_what_the_reader_knows(one: Example) -> None:
    labels = one.labels
    assert labels["kind"] in KINDS
    has_event = labels["kind"] in {"event", "response"}
    assert (labels["field"] in AFFAIR_OF) == (labels["subject"] in SUBJECTS) == has_event
    assert labels["affair"] == AFFAIR_OF.get(labels["field"] or "")
    assert (labels["severity"] in SEVERITIES) == (labels["polarity"] == "bad")
    assert bool(labels["rule_fields"]) == (labels["kind"] == "rule")
