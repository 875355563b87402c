"""Pages that print the same again: a list on three sites is one list."""

from typing import Final

import numpy as np
import polars as pl

from scrapers.monitor import likeness, pairing

_SAME: Final = 0.5
"""Share of shingles in common from which two pages print the same."""
_SAME_LIST: Final = 0.2
"""The same of two pages that count the same number of subjects, about the same time."""
_ABOUT: Final = 62
"""Days between two prints; next year's list has the words of this year's. A rule stays the same rule."""


def without_reprints(pages: pl.DataFrame) -> pl.DataFrame:
    """The earliest of the pages that print the same, of the same kind and city, about the same time.

    Lists that count different numbers of subjects are different lists, however alike.

    Args:
        pages: `url`, `kind`, `city_code`, `published` (Date), `count`, `text`, and any others.

    Returns:
        Those rows that remain, by publication.
    """
    ordered = pages.sort("published", "url", nulls_last=True)
    made = likeness.sketches(ordered["text"])
    every = np.arange(len(ordered))
    of_city = ordered.select(pl.struct("kind", "city_code").rank("dense")).to_series().to_numpy()
    of_list = ordered.select(pl.struct("kind", "city_code", "count").rank("dense")).to_series()
    packed = [pairing.neighbours(every, band) for band in likeness.bands(made)]
    found = pairing.unpacked([*packed, pairing.neighbours(every, of_list.to_numpy())])

    left, right = found.T
    share = likeness.shared(made, left, right)
    count = ordered["count"].fill_null(0).to_numpy()
    day = ordered["published"].to_physical().fill_null(0).to_numpy()
    rule = (ordered["kind"] == "rule").to_numpy()
    counted = (count[left] > 0) & (count[right] > 0)
    same_list = counted & (count[left] == count[right]) & (count[left] > 1)
    again = share >= np.where(same_list, _SAME_LIST, _SAME)
    again &= of_city[left] == of_city[right]
    again &= rule[left] | (np.abs(day[left] - day[right]) <= _ABOUT)
    again &= ~counted | (count[left] == count[right])
    labels = pairing.components(found[again], len(ordered))
    return ordered.filter(pl.Series(labels).is_first_distinct())
