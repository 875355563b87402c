"""Reports that print one text again: one of them stands for all, so that copies outweigh nothing."""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from scrapers.monitor import likeness, pairing
from scrapers.monitor.clues import CREDIT_CODE

_SAME: Final = 0.8
"""Share of shingles in common from which a text is a copy: a view counter, a line of who edited it."""
_APART: Final = 15
"""Days between a copy and the next. Next month's bulletin has the words of this month's."""


def originals(
    told: pl.DataFrame, known: pl.DataFrame, made: likeness.Sketches
) -> npt.NDArray[np.int64]:
    """The row of the earliest copy of each report, its own where there is none.

    Copies are of one kind and city, about the same time, and tell the same: texts alike that name other
    firms, days or sums are no copies.

    Args:
        told: `kind`, `city_code`, `published`, and `report`, the number of the row; by publication.
        known: clues of these reports.
        made: sketches of their texts.
    """
    key = (
        told.join(_said(known), on="report", how="left", maintain_order="left")
        .select(key=pl.struct("kind", "city_code", "said").hash(seed=0))
        .to_series()
    )
    several = np.flatnonzero(key.is_duplicated().to_numpy())
    said, of_several = key.to_numpy()[several], made[several]
    found = pairing.unpacked(
        pairing.neighbours(several, band ^ said) for band in likeness.bands(of_several)
    )
    day = told["published"].to_physical().fill_null(0).to_numpy()
    found = found[np.abs(day[found[:, 1]] - day[found[:, 0]]) <= _APART]
    found = found[likeness.shared(made, found[:, 0], found[:, 1]) >= _SAME]
    _, first, copy_of = np.unique(
        pairing.components(found, len(told)), return_index=True, return_inverse=True
    )
    return np.asarray(first[copy_of], dtype=np.int64)


def _said(known: pl.DataFrame) -> pl.DataFrame:
    """What a report tells, as one number: its clues, but no counts where a firm is named, and no codes.

    A bulletin differs from the next by what it counts; a copy of a firm's case by how often it was read.
    The number that a site files a text under is its own; only a code that a firm has tells whom the text
    is about where it names no firm.
    """
    firm = pl.col("kind").is_in(["full", "firm"]).any().over("report")
    of_a_firm = pl.col("clue").str.contains(CREDIT_CODE)
    tells = (
        pl.when(kind="count").then(~firm).when(kind="code").then(~firm & of_a_firm).otherwise(True)
    )
    return (
        known.filter(tells)
        .select("report", said=pl.struct("kind", "clue").hash(seed=0))
        .group_by("report")
        .agg(pl.col("said").bitwise_xor())
    )
