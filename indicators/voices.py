"""Where a source speaks with several voices: probes of a site, indexes of providers."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from indicators import providers
from indicators.measures import Measure

FEWEST_PROBES: Final = 20
"""In a month; fewer say little of how long a site was up, and do not count."""
_KEY = ["period", "city_code", "measure", "source_id", "source"]
_EXACT = 10**6
"""Voices speak with no finer parts of a unit; sums of whole numbers depend on no order."""


@dataclass(frozen=True)
class Unison:
    """What voices make together.

    `rows`: one value for each city, month, measure and source, `records` counting its voices and
    `left_out` those that did not count. `contributions`: what every voice said, with `counted` and `why`.
    """

    rows: pl.DataFrame
    contributions: pl.DataFrame


def unite(records: pl.DataFrame, catalogue: dict[str, Measure]) -> Unison:
    """Make one value of the voices of each source.

    Args:
        records: rows of the contract `Records`, of all sources. Those without a part are whole already;
            they count only where the voices of their source make no value.
        catalogue: the measures by id; `parts` says how voices make one value.

    Returns:
        All records, each measure once for each city and source; a value made of several names no file
        and no row, and is as late as its latest voice. Awards keep their part, the edition.
    """
    spoken = {m.id: m.parts for m in catalogue.values() if m.parts}
    in_parts = pl.col("measure").is_in(list(spoken)) & (pl.col("part") != "")
    voices = records.filter(in_parts)
    judged = [
        _judge(of_measure, spoken[str(name)])
        for (name,), of_measure in voices.group_by("measure", maintain_order=True)
    ]
    contributions = pl.concat([voices.with_columns(counted=True, why=pl.lit("")).clear(), *judged])
    counted = pl.col("counted")
    exact = (pl.col("value") * _EXACT).round().cast(pl.Int64).filter(counted).sum()
    united = (
        contributions.group_by(_KEY, maintain_order=True)
        .agg(
            value=exact / (counted.sum() * _EXACT),
            counted=counted.sum(),
            records=pl.len().cast(pl.Int64),
            left_out=(~counted).sum().cast(pl.Int64),
            delivered_at=pl.col("delivered_at").max(),
            corrected=pl.col("corrected").any(),
            late=pl.col("late").any(),
            simulated=pl.col("simulated").any(),
        )
        .filter(pl.col("counted") > 0)
        .with_columns(part=pl.lit(""), place=pl.lit(""))
    )
    whole = records.filter(~in_parts).join(united, on=_KEY, how="anti", maintain_order="left")
    rows = pl.concat(
        [whole.with_columns(left_out=pl.lit(0, pl.Int64)), united.drop("counted")], how="diagonal"
    )
    return Unison(rows, contributions.sort(*_KEY, "part"))


def _judge(voices: pl.DataFrame, how: str | None) -> pl.DataFrame:
    if how == "providers":
        return providers.judge(voices)
    enough = pl.len().over(_KEY) >= FEWEST_PROBES
    why = pl.when(enough).then(pl.lit("")).otherwise(pl.lit("few"))
    return voices.with_columns(counted=enough, why=why)
