"""Ask every provider for its indexes of a month; one file of raw answers for each.

A file has one answer a line: `{"provider": …, "query": {…}, "body": "…"}`, the body as it came. Whether
it can be read is for the reader of such files (`scrapers/formats/indexes.py`) to say. Of a provider
that does not give all its pages, or gives more than that reader takes, nothing is taken.
"""

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from scrapers.arrival import Arrival, Problem
from scrapers.declaration import CLOCK, Source
from scrapers.fetch import PATIENT, Client, Patience, Unreachable, resolve
from scrapers.formats import indexes
from scrapers.reading import FileRefused
from scrapers.sources.provider.providers import Provider, Query, providers

MOST_PAGES: Final = 1000
_LARGEST_PAGE: Final = 1 << 24


def collect(
    source: Source,  # noqa: ARG001 - all feeds are asked alike
    period: str,
    spool: Path,
    patience: Patience = PATIENT,
) -> Iterator[Arrival | Problem]:
    """Ask the providers, side by side; what came and what did not, in the order of declaration.

    Nothing comes of a provider that has nothing of that month, or that is in the stand-in country while
    that is not up. A delivery's time is when the provider says that it gave its indexes out, so that
    asking again brings nothing new.

    Args:
        source: not used; where each provider answers stands in `providers.toml`.
        period: month, `YYYY-MM`.
        spool: folder for the files; made if it is not there.
        patience: how long to wait for each answer, and `whole` for all answers of a provider.

    Raises:
        OSError: the spool cannot be written.
    """
    spool.mkdir(parents=True, exist_ok=True)

    def collected(provider: Provider) -> Arrival | Problem | None:
        path = spool / provider.id
        try:
            return _collect(provider, period, path, patience)
        except Unreachable as problem:
            path.unlink(missing_ok=True)
            return Problem(provider.id, problem.reason, f"provider {provider.id}: {problem}")

    asked = providers().values()
    with ThreadPoolExecutor(len(asked)) as pool:
        for arrival in pool.map(collected, asked):
            if arrival is not None:
                yield arrival


def _collect(
    provider: Provider, period: str, path: Path, patience: Patience
) -> Arrival | Problem | None:
    url = resolve(provider.address)
    if url is None:
        return None
    if not (token := os.environ.get(provider.token)):
        return Problem(
            provider.id,
            "token_missing",
            f"provider {provider.id}: the environment variable {provider.token} is not set; set it to "
            "the token, then run the month again",
        )
    with Client(url, patience, token) as client, path.open("w", encoding="utf-8") as file:
        try:
            issued = _pages(client, provider, period, file, patience)
        except Unreachable as problem:
            if problem.reason == "not_found" and file.tell() == 0:
                return None
            raise
    return Arrival(f"{provider.id}-{period}.jsonl", provider.address, issued, path)


def _pages(
    client: Client, provider: Provider, period: str, file: TextIO, patience: Patience
) -> datetime:
    """Write all answers; when they were given out, or now where they do not say."""
    issued = []
    asked: list[Query] = []
    query: Query | None = provider.first(period)
    until = time.monotonic() + patience.whole
    size = 0
    while query is not None:
        if query in asked or len(asked) == MOST_PAGES:
            raise Unreachable("paging_endless", "the pages never end; tell the provider")
        if time.monotonic() > until:
            raise Unreachable("timed_out", "not all pages came in time; run the month again later")
        asked.append(query)
        earliest_next = time.monotonic() + 1 / provider.per_second
        body = client.read(query=query, most=_LARGEST_PAGE).decode("utf-8", "surrogateescape")
        line = json.dumps({"provider": provider.id, "query": query, "body": body}) + "\n"
        size += len(line)  # all of it is ASCII
        if size > indexes.LARGEST:
            raise Unreachable(
                "too_large",
                f"the answers have more than {indexes.LARGEST} bytes; tell the provider",
            )
        file.write(line)
        try:
            answer = provider.read(body)
            issued.append(answer.issued)
            query = provider.following(query, answer)
        except FileRefused:
            break  # which the reader of the file will find, and say why
        time.sleep(max(0.0, earliest_next - time.monotonic()))
    return max(issued, default=datetime.now(CLOCK))
