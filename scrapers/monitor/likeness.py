"""How alike texts are: MinHash for near-duplicates, rare pairs of characters for other words."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from rensa import RMinHash
from scipy.sparse import csr_array

from scrapers.monitor import pairing
from scrapers.monitor.amounts import plain

PERMUTATIONS: Final = 64
_BAND: Final = 4
"""Rows a band: of two texts with half their shingles in common, two in three share a band of sixteen."""
_SHINGLE: Final = 3
_SEED: Final = 2019
_BATCH: Final = 20_000
_BUCKETS: Final = 1 << 20
_SAMPLE: Final = 20_000
"""Texts from which it is learnt how common pairs of characters are."""
_KEPT: Final = 192
"""Pairs of characters kept of a text, the rarest; the others weigh little."""

Sketches = npt.NDArray[np.uint32]
"""One row a text, `PERMUTATIONS` wide."""


def sketches(texts: pl.Series) -> Sketches:
    """A MinHash of each text's character shingles, white space left aside."""
    made = np.empty((len(texts), PERMUTATIONS), dtype=np.uint32)
    for start, points, lengths in _batches(texts):
        hashes, kept = _shingles(points, lengths, _SHINGLE)
        ends = np.concatenate(([0], np.cumsum(kept))).astype(np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, ends, PERMUTATIONS, _SEED)
        made[start : start + len(lengths)] = matrix.to_rows()
    return made


def bands(made: Sketches) -> Iterator[npt.NDArray[np.uint64]]:
    """One key a text for each band; near-duplicates have one of them in common."""
    for band in range(PERMUTATIONS // _BAND):
        key = np.full(len(made), band, dtype=np.uint64)
        for column in range(band * _BAND, (band + 1) * _BAND):
            key = _mix(key ^ made[:, column])
        yield key


def shared(
    made: Sketches, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """The estimated share of shingles that two texts have in common, pair by pair."""
    return np.asarray((made[left] == made[right]).mean(axis=1))


def themes(texts: pl.Series) -> csr_array:
    """The rarest pairs of characters of each text, weighted so that a row times a row is their cosine.

    Columns are in the order of rarity, the rarest first.
    """
    common = _background() + _counts(texts.gather_every(max(1, len(texts) // _SAMPLE)))
    order = np.argsort(common, kind="stable")
    column_of = np.empty(_BUCKETS, dtype=np.uint64)
    column_of[order] = np.arange(_BUCKETS, dtype=np.uint64)
    weights = np.log((common.max() + 1) / (common[order] + 1)).astype(np.float32)

    indices, values, sizes = [], [], []
    for _, points, lengths in _batches(texts):
        owners, columns = _distinct(points, lengths, column_of)
        squares = np.bincount(owners, weights[columns] ** 2, minlength=len(lengths))
        starts = np.searchsorted(owners, np.arange(len(lengths)))
        kept = np.arange(len(owners)) - starts[owners] < _KEPT
        owners, columns = owners[kept], columns[kept]
        norms = np.sqrt(np.maximum(squares, 1e-9))
        indices.append(columns.astype(np.int32))
        values.append((weights[columns] / norms[owners]).astype(np.float32))
        sizes.append(np.bincount(owners, minlength=len(lengths)))
    if not sizes:
        return csr_array((0, _BUCKETS), dtype=np.float32)
    ends = np.concatenate(([0], np.cumsum(np.concatenate(sizes))))
    return csr_array(
        (np.concatenate(values), np.concatenate(indices), ends), shape=(len(texts), _BUCKETS)
    )


@cache
def _background() -> npt.NDArray[np.int64]:
    """How many of the training pages have each pair of characters: few reports cannot tell themselves."""
    texts = []
    for part in sorted(
        files("scrapers.monitor").joinpath("training").iterdir(), key=lambda f: f.name
    ):
        if part.name.endswith(".jsonl"):
            pages = map(json.loads, part.read_text(encoding="utf-8").splitlines())
            texts += [plain("\n".join((page["title"], *page["paragraphs"]))) for page in pages]
    return _counts(pl.Series(texts, dtype=pl.String))


def _counts(texts: pl.Series) -> npt.NDArray[np.int64]:
    """How many of the texts have each pair of characters, by its bucket."""
    counts = np.zeros(_BUCKETS, dtype=np.int64)
    same = np.arange(_BUCKETS, dtype=np.uint64)
    for _, points, lengths in _batches(texts):
        counts += np.bincount(_distinct(points, lengths, same)[1], minlength=_BUCKETS)
    return counts


def _distinct(
    points: npt.NDArray[np.uint64],
    lengths: npt.NDArray[np.int64],
    column_of: npt.NDArray[np.uint64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Each text's pairs of Chinese characters, once: text and column, both ascending."""
    chinese = (points >= 0x4E00) & (points <= 0x9FFF)
    pairs = chinese[:-1] & chinese[1:]
    pairs[np.cumsum(lengths)[:-1] - 1] = False
    owners = np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)[:-1][pairs]
    buckets = _mix(points[:-1][pairs] << np.uint64(32) | points[1:][pairs]) % np.uint64(_BUCKETS)
    packed = pairing.distinct(owners * np.uint64(_BUCKETS) + column_of[buckets])
    return (packed // np.uint64(_BUCKETS)).astype(np.int64), (packed % np.uint64(_BUCKETS)).astype(
        np.int64
    )


def _batches(
    texts: pl.Series,
) -> Iterator[tuple[int, npt.NDArray[np.uint64], npt.NDArray[np.int64]]]:
    """Where a batch begins, the characters of its texts end to end, and the texts' lengths."""
    for start in range(0, len(texts), _BATCH):
        batch = texts.slice(start, _BATCH)
        bare = ["".join(text.split()).ljust(_SHINGLE) for text in batch.to_list()]
        points = np.frombuffer("".join(bare).encode("utf-32-le", "replace"), dtype=np.uint32)
        lengths = np.fromiter(map(len, bare), dtype=np.int64, count=len(bare))
        yield start, points.astype(np.uint64), lengths


def _shingles(
    points: npt.NDArray[np.uint64], lengths: npt.NDArray[np.int64], size: int
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Hashes of all shingles, text after text, and how many each text has."""
    hashes = np.zeros(len(points) - size + 1, dtype=np.uint64)
    for place in range(size):
        hashes = _mix(hashes ^ points[place : len(points) - size + 1 + place])
    inside = np.ones(len(points), dtype=bool)
    for back in range(1, size):
        inside[np.cumsum(lengths) - back] = False  # it would run over into the next text
    return hashes[inside[: len(hashes)]], lengths - size + 1


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of MurmurHash3, which spreads neighbouring numbers."""
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xFF51AFD7ED558CCD)
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))
