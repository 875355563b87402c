"""Splitting the crawl by host, so that processes and machines can share it.

A host has its shard for good, and a shard its own state; a partition is some shards. So the number of
partitions may change from one crawl to the next.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final
from zlib import crc32

from scrapers.web.sites import Watched

SHARDS: Final = 64


def shard(host: str) -> int:
    """The shard of a host, from 0; the same always and everywhere."""
    return crc32(host.encode()) % SHARDS


def by_shard(sites: Iterable[Watched]) -> dict[int, list[Watched]]:
    """Sites by shard, both in order."""
    found: defaultdict[int, list[Watched]] = defaultdict(list)
    for one in sites:
        found[shard(one.site.host)].append(one)
    return dict(sorted(found.items()))


def partition(sites: Iterable[Watched], parts: int) -> list[tuple[Watched, ...]]:
    """Sites split into so many partitions, from 1 to `SHARDS`, none of which shares a shard with another.

    Raises:
        ValueError: there cannot be so many.
    """
    if not 1 <= parts <= SHARDS:
        raise ValueError(f"{parts} partitions; there can be 1 to {SHARDS}")
    split: list[list[Watched]] = [[] for _ in range(parts)]
    for number, there in by_shard(sites).items():
        split[number % parts].extend(there)
    return [tuple(part) for part in split]
