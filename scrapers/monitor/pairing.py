"""Pairs of items that share a key, and what hangs together by pairs."""

from collections.abc import Iterable
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

NEIGHBOURS: Final = 8
"""With how many later items that have a key too an item is paired by it."""

Pairs = npt.NDArray[np.int32]
"""Two columns of items, the earlier one first."""
Labels = npt.NDArray[np.int64]
AnyNumber = TypeVar("AnyNumber", bound=np.generic)


def neighbours(items: npt.NDArray[Any], keys: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Items that share a key and follow each other closely, two packed into one number.

    Args:
        items: numbers, ascending in time; an item may come with several keys.
        keys: one for each.
    """
    order = np.lexsort((items, keys))
    items, keys = items[order].astype(np.int64), keys[order]
    found = []
    for step in range(1, NEIGHBOURS + 1):
        same = keys[step:] == keys[:-step]
        found.append(items[:-step][same] << 32 | items[step:][same])
    return np.concatenate(found)


def unpacked(packed: Iterable[npt.NDArray[np.int64]]) -> Pairs:
    """The pairs that were found, each once."""
    each = distinct(np.concatenate(list(packed)))
    return np.stack([half.astype(np.int32) for half in (each >> 32, each & 0xFFFFFFFF)], axis=1)


def components(ties: Pairs, size: int) -> Labels:
    """A label for each of so many items, the same for those that hang together."""
    matrix = coo_array((np.ones(len(ties), dtype=bool), (ties[:, 0], ties[:, 1])), (size, size))
    return np.asarray(connected_components(matrix, directed=False)[1], dtype=np.int64)


def distinct(values: npt.NDArray[AnyNumber]) -> npt.NDArray[AnyNumber]:
    """The values, each once, ascending; by sorting, which is several times as fast as `np.unique`."""
    ordered = np.sort(values)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(ordered)]]
