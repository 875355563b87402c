"""The monitoring body: a log of each day on which it probed sites. What it reads is on the web."""

import calendar
from functools import partial

import numpy as np
import polars as pl

from sandbox import chance
from sandbox.services import Document

PROBED = {
    "credit_website_uptime": "credit_website",
    "service_platform_uptime": "service_platform",
}
"""The sites, by the measure that says how often they answered."""


def documents(
    source_id: str,  # noqa: ARG001 - as all services have it
    period: str,
    said: pl.DataFrame,
    cities: pl.DataFrame,
    seed: int,
    suffix: str = "",
) -> list[Document]:
    """Probe logs; all else that is said of cities is to be found on their sites."""
    return probe_logs(period, said, cities, seed, suffix)


def probe_logs(
    period: str, said: pl.DataFrame, cities: pl.DataFrame, seed: int, suffix: str = ""
) -> list[Document]:
    """`probes-<day><suffix>.jsonl` for every day of the month; none where nothing is said."""
    made = probes(period, said, cities, seed).with_columns(note=pl.lit("模拟 simulated"))
    return [
        Document(f"probes-{day}{suffix}.jsonl", partial(_content, of_day))
        for (day,), of_day in made.group_by("at", maintain_order=True)
    ]


def probes(period: str, said: pl.DataFrame, cities: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Which site answered on which day of a month: city_code, site, at (YYYY-MM-DD), answered (0 or 1).

    Of each site as many probes are answered as make the share that is said; which, is drawn. What is
    no share is left out.
    """
    year, month = map(int, period.split("-"))
    days = calendar.monthrange(year, month)[1]
    sites = (
        said.join(cities, on="city_code", how="semi")
        .filter(pl.col("measure").is_in(list(PROBED)), pl.col("value").is_between(0, 1))
        .select("city_code", "value", site=pl.col("measure").replace_strict(PROBED))
    )
    names = [f"{code} {site}" for code, site in sites.select("city_code", "site").iter_rows()]
    who = chance.keys(names)
    drawn = np.array([chance.uniform(who, seed, "probe", period, day) for day in range(days)])
    # Each site's days in the order of what was drawn for them: the first of them have an answer.
    answered = drawn.argsort(axis=0).argsort(axis=0) < np.rint(sites["value"].to_numpy() * days)
    return pl.concat(
        sites.select(
            "city_code",
            "site",
            at=pl.lit(f"{period}-{day:02}"),
            answered=pl.Series(answered[day - 1], dtype=pl.Int64),
        )
        for day in range(1, days + 1)
    )


def _content(of_day: pl.DataFrame) -> bytes:
    return of_day.write_ndjson().encode()
