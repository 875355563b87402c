"""One occurrence, many pages: reports of the same event are found and get one event id.

1. Copies of one text are told from the rest, and one report stands for them (`copies`).
2. Candidates: pairs that share a band of their MinHash or a rare clue, and neighbours in time of a
   region. Each report brings its rarest clues only, and of a clue that many have each report is paired
   with the next few in time only, so that pairs grow with the number of reports and not with its square.
3. A pair's score adds what the two have in common, and takes off what speaks against one occurrence:
   other enterprises, fines or decisions, another city, time between them (`scores`).
4. Pairs that score enough tie reports together. What hangs together by a chain only is cut by average
   linkage, so that one mistaken pair does not join two events.
5. A response joins the event with the report that it scores best with, if well enough.

The order of the rows makes no difference. What the reader says of a page (city, field, polarity) counts
in a score, but decides nothing alone: it may be wrong on one page of an event.
"""

import hashlib
from functools import cache
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.cluster.hierarchy import linkage
from scipy.sparse import csr_array

from scrapers.monitor import likeness
from scrapers.monitor.amounts import plain
from scrapers.monitor.clues import SCHEMA, clues, nameless
from scrapers.monitor.copies import originals
from scrapers.monitor.pairing import Labels, Pairs, components, neighbours, unpacked
from scrapers.monitor.scores import ANSWERED, JOINED, Scoring

RAREST: Final = 8
"""Clues of a report that candidates are looked for by."""
RARE_PAIRS: Final = 20
"""Pairs of characters of a text that candidates are looked for by."""
TELLING: Final = 1.5
"""Weight from which a clue is looked for."""
LARGEST: Final = 60
"""Reports that hang together and are compared each with each; of more, the weakest ties are cut first."""

_LACKING: Final = 5.0
"""How far below `JOINED` a score counts when reports that hang together are cut apart."""
_BEYOND_DOUBT: Final = 6.0
"""How far above."""


def group(reports: pl.DataFrame) -> pl.DataFrame:
    """The event of each report.

    Args:
        reports: `url`, `kind`, `city_code`, `affair`, `field`, `polarity`, `published` (Date), `text`
            (title and paragraphs). Other columns are left aside, and so are pages that are no event or
            response.

    Returns:
        A row for each event or response page, by `url`: `event_id`, null for a response to an event that
        no page tells of, and `why`, what it has in common with the report that it was joined by, null
        where it stands alone. An event's id is made from the address of its earliest report, so an
        earlier one that turns up later changes it.
    """
    printed = (
        reports.filter(pl.col("kind").is_in(["event", "response"]))
        .sort("published", "url", nulls_last=True)
        .unique("url", keep="first", maintain_order=True)
        .with_row_index("report")
        .with_columns(pl.col("text").str.replace_many(_plain_characters()))
    )
    known = clues(printed)
    made = likeness.sketches(printed["text"])
    own, original = np.unique(originals(printed, known, made), return_inverse=True)
    told, known, made = *_numbered(printed, known, own), made[own]
    printed = printed.drop("text")
    themes = likeness.themes(nameless(told, known))
    told = told.drop("text")
    scoring = Scoring(told, known, themes)
    pairs = _candidates(told, known, themes, made)
    scores = scoring.scores(pairs)
    telling = scores >= min(ANSWERED, JOINED)
    pairs, scores = pairs[telling], scores[telling]

    answers = (told["kind"] == "response").to_numpy()
    between_events = ~answers[pairs].any(axis=1)
    labels = _occurrences(pairs[between_events], scores[between_events], scoring, len(told))
    by = _best(pairs, scores, answers, labels)
    labels = np.where(answers, np.where(by >= 0, labels[by], -1), labels)

    # A copy of a report was joined by that one, a copy of a response by what the response answers.
    copy = ~answers[original]
    copy[own] = False
    joined_by = np.where(copy, original, by[original])
    pairs = np.stack((original, joined_by), axis=1)
    return _named(printed, labels[original], pairs, scoring)


def _numbered(
    printed: pl.DataFrame, known: pl.DataFrame, own: npt.NDArray[np.int64]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Those of the reports, numbered anew, and their clues."""
    told = printed[own].rename({"report": "row"}).with_row_index("report")
    number = told.select("row", "report")
    known = known.rename({"report": "row"}).join(number, on="row", maintain_order="left")
    return told.drop("row"), known.select(*SCHEMA)


@cache
def _plain_characters() -> dict[str, str]:
    """What `plain` makes of single characters, for a whole column at once."""
    characters = map(chr, range(0x80, 0xD800)), map(chr, range(0xE000, 0x10000))
    return {each: plain(each) for each in chain(*characters) if plain(each) != each}


def _candidates(
    told: pl.DataFrame, known: pl.DataFrame, themes: csr_array, made: likeness.Sketches
) -> Pairs:
    """Pairs of reports worth a look, each once."""
    regions = told.select("report", region=pl.col("city_code").str.head(4).fill_null(""))
    regions = regions.with_columns(pl.col("region").rank("dense").cast(pl.UInt64))
    every = regions["report"].to_numpy()
    return unpacked(
        [
            _sharing(_by_clue(known, regions)),
            _sharing(_by_theme(themes, regions)),
            neighbours(every, regions["region"].to_numpy()),
            *(neighbours(every, band) for band in likeness.bands(made)),
        ]
    )


def _by_clue(known: pl.DataFrame, regions: pl.DataFrame) -> pl.DataFrame:
    """Keys of reports: clues, those that many can have by chance within a region only."""
    everywhere = pl.col("kind").is_in(["full", "document", "code"])
    where = pl.when(everywhere).then(0).otherwise("region")
    return (
        known.filter(pl.col("weight") >= TELLING)
        .join(regions, on="report")
        .select("report", key=pl.struct("kind", "clue", where).hash(seed=0))
    )


def _by_theme(themes: csr_array, regions: pl.DataFrame) -> pl.DataFrame:
    """Keys of reports: rare pairs of characters within a region."""
    sizes = np.diff(themes.indptr)
    place = np.arange(themes.nnz) - np.repeat(themes.indptr[:-1], sizes)
    rare = place < RARE_PAIRS
    region = np.repeat(regions["region"].to_numpy(), sizes)[rare]
    return pl.DataFrame(
        {
            "report": np.repeat(regions["report"].to_numpy(), sizes)[rare],
            "key": region << np.uint64(32) | themes.indices[rare].astype(np.uint64),
        }
    )


def _sharing(keys: pl.DataFrame) -> npt.NDArray[np.int64]:
    """Pairs of reports that share one of the keys that each has and fewest others have."""
    rarest = (
        keys.with_columns(size=pl.len().over("key"))
        .filter(pl.col("size") > 1)
        .sort("report", "size", "key")
        .filter(pl.int_range(pl.len()).over("report") < RAREST)
    )
    return neighbours(rarest["report"].to_numpy(), rarest["key"].to_numpy())


def _occurrences(
    pairs: Pairs, scores: npt.NDArray[np.float32], scoring: Scoring, size: int
) -> Labels:
    """A label for each report, the same for those that tell of one occurrence."""
    labels = np.arange(size)
    tied = scores >= JOINED
    pairs, scores = pairs[tied], scores[tied]
    least = JOINED
    while len(pairs):
        hanging = components(pairs, size)
        sizes = np.bincount(hanging, minlength=size)
        of_pair = sizes[hanging[pairs[:, 0]]]
        alone, small = pairs[of_pair == 2], of_pair <= LARGEST
        labels[alone[:, 1]] = alone[:, 0]
        _cut(hanging, np.unique(pairs[small & (of_pair > 2)]), scoring, labels)
        pairs, scores = pairs[~small], scores[~small]
        least += 1
        if least > 2 * JOINED:
            pairs = pairs[scoring.in_one_city(pairs)]
            left_over = np.unique(pairs)
            labels[left_over] = size + components(pairs, size)[left_over]
            break
        kept = scores >= least
        pairs, scores = pairs[kept], scores[kept]
    return labels


def _cut(hanging: Labels, members: npt.NDArray[np.int64], scoring: Scoring, labels: Labels) -> None:
    """Labels the members of components of three and more, each compared with each."""
    if not len(members):
        return
    members = members[np.lexsort((members, hanging[members]))]
    components = np.split(members, np.flatnonzero(np.diff(hanging[members])) + 1)
    triangles = {size: np.triu_indices(size, 1) for size in {len(each) for each in components}}
    pairs = [np.stack([each[end] for end in triangles[len(each)]], axis=1) for each in components]
    scores = scoring.scores(np.concatenate(pairs))
    start = 0
    for each, own in zip(components, map(len, pairs), strict=True):
        labels[each] = each[_split(scores[start : start + own], len(each))]
        start += own


def _split(scores: npt.NDArray[np.float32], size: int) -> Labels:
    """For each member of a component the first one of the part that it falls into, by average linkage."""
    parts = np.arange(size)
    if scores.min() >= JOINED:
        return np.zeros_like(parts)
    # What two reports lack in common, and what they have beyond doubt, count only so much.
    distances = _BEYOND_DOUBT - np.clip(scores - JOINED, -_LACKING, _BEYOND_DOUBT)
    first = list(range(size))
    for left, right, distance, _ in linkage(distances, "average"):
        if distance > _BEYOND_DOUBT:
            break
        joined = sorted((first[int(left)], first[int(right)]))
        parts[parts == joined[1]] = joined[0]
        first.append(joined[0])
    return parts


def _best(
    pairs: Pairs, scores: npt.NDArray[np.float32], answers: npt.NDArray[np.bool_], labels: Labels
) -> npt.NDArray[np.int64]:
    """The report that each report was joined by, or -1: of its own event, for a response of any."""
    left, right = pairs.T
    both = ~answers[left] & ~answers[right] & (labels[left] == labels[right])
    one = answers[left] ^ answers[right]
    kept = (both & (scores >= JOINED)) | (one & (scores >= ANSWERED))
    ends = np.concatenate((pairs[kept], pairs[kept][:, ::-1]))
    weights = np.tile(scores[kept], 2)
    # A report of an event is joined by reports, never by responses.
    fitting = ~answers[ends[:, 1]]
    ends, weights = ends[fitting], weights[fitting]
    order = np.lexsort((-ends[:, 1], weights))
    by = np.full(len(labels), -1, dtype=np.int64)
    by[ends[order, 0]] = ends[order, 1]
    return by


def _named(printed: pl.DataFrame, labels: Labels, pairs: Pairs, scoring: Scoring) -> pl.DataFrame:
    """Ids for labels, reasons for pairs: what stands for a report, and what it was joined by or -1."""
    joined = np.flatnonzero(pairs[:, 1] >= 0)
    reasons = scoring.reasons(pairs[joined])
    first = (
        printed.select("report", "url", "kind", label=pl.Series(labels))
        .filter(pl.col("kind") == "event")
        .group_by("label")
        .agg(pl.col("url").sort_by("report").first())
        .with_columns(event_id=pl.col("url").map_elements(event_id, return_dtype=pl.String))
        .select("label", "event_id")
    )
    why = pl.DataFrame(
        {"report": joined.astype(np.uint32), "why": reasons}, schema_overrides={"why": pl.String}
    )
    return (
        printed.select("report", "url", label=pl.Series(labels))
        .join(first, on="label", how="left")
        .join(why, on="report", how="left")
        .select("url", "event_id", "why")
        .sort("url")
    )


def event_id(url: str) -> str:
    """The id of the event whose earliest report has this address."""
    return f"e{hashlib.blake2b(url.encode(), digest_size=8).hexdigest()}"
