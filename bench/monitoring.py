"""The ledger of a month against the stand-in web's truth: what is found, what of it is right.

All 13,000 pages of the web (14 months, and rules and pledges since 2014) are read as the sites serve
them, without HTTP, people left out, and made events and measures as a month's run does. So what is
missed here is missed by reading; what a crawl misses comes on top. A minute on one core.
"""

import json
import sys
from typing import Final, NamedTuple

import polars as pl

from bench.reading import PERIOD, read, served
from sandbox.country import Country
from scrapers.monitor import ledger, occurrences, reader

_END: Final = pl.lit(f"{PERIOD}-01").str.to_date().dt.month_end()
_WINDOW: Final = pl.col("first_seen").is_between(
    _END.dt.offset_by("1d").dt.offset_by(f"-{ledger.WINDOW}mo"), _END
)
_ROUNDED: Final = 0.006
"""What is true of a measure is rounded to two places."""

Row = tuple[str, str, str, str, str]


class Ledger(NamedTuple):
    """What was read of all pages, and the events of the window."""

    pages: pl.DataFrame
    events: pl.DataFrame


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    country = Country.found(PERIOD, PERIOD)
    made = _keep(country)
    pages, events = country.web().truth()
    values = ledger.measures(made.events, made.pages, PERIOD, country.cities(PERIOD)["city_code"])
    rows = [
        *_of_pages(made.pages.join(pages, on="url", suffix="_true", validate="1:1")),
        *_of_events(made, pages, events.filter(_WINDOW)),
        *_of_measures(values, country.truth(PERIOD)),
    ]
    sys.stdout.write(json.dumps(rows) + "\n")


def _keep(country: Country) -> Ledger:
    """The month's ledger, as `pipelines.steps.ledger` makes it of what was crawled."""
    web = country.web()
    done = [
        (article, page.site, record) for page in served(web) for article, record in [read(page)]
    ]
    found = reader.reports(done).with_columns(pl.col("published").fill_null(web.today))
    told = occurrences.group(found)
    pages = found.join(told.rename({"why": "joined"}), on="url", how="left").with_columns(
        corrected=pl.lit(value=False)
    )
    return Ledger(pages, ledger.events(pages).filter(_WINDOW))


def _of_pages(both: pl.DataFrame) -> list[Row]:
    """Shares of pages of which a decision is right, and what is aimed at.

    A decision that is not taken since the kind of page was read wrongly is wrong too.
    """
    fields = pl.col("rule_fields", "rule_fields_true").list.sort().list.join(",")
    both = both.with_columns(fields)
    kind = pl.col("kind_true")
    report = kind == "event"
    decisions = (
        ("kind", pl.lit(value=True), "0.90"),
        ("city_code", kind != "other", "0.95"),
        ("field", report, "0.85"),
        ("subject", report, ""),
        ("polarity", report, "0.97"),
        ("severity", report & (pl.col("polarity_true") == "bad"), "0.80"),
        ("published", pl.lit(value=True), "0.98"),
        ("rule_fields", kind == "rule", ""),
        ("count", pl.col("count_true").is_not_null(), ""),
    )
    rows = []
    for decision, asked, aim in decisions:
        pages = both.filter(asked)
        right = pages.filter(pl.col(decision) == pl.col(f"{decision}_true"))
        share = f"{len(right) / len(pages):.3f}"
        rows.append((f"pages: {decision} right", share, f"of {len(pages):,} pages", "", aim))
    return rows


def _of_events(made: Ledger, pages: pl.DataFrame, events: pl.DataFrame) -> list[Row]:
    """Reach and precision.

    A true event is found if an event of the ledger has a page of it. An event of the ledger is right if
    its reports are all of one true event that no other event of the ledger has reports of.
    """
    true_event = pages.select("url", true="event_id")
    of_ledger = made.pages.select("url", "kind", "event_id").drop_nulls("event_id")
    held = of_ledger.join(made.events, on="event_id", how="semi").join(true_event, on="url")
    found = events.join(held, left_on="event_id", right_on="true", how="semi")
    by_event = (
        of_ledger.filter(kind="event")
        .join(true_event, on="url")
        .with_columns(events=pl.col("event_id").n_unique().over("true"))
        .group_by("event_id")
        .agg(
            invented=pl.col("true").is_null().any(),
            merged=pl.col("true").drop_nulls().n_unique() > 1,
            split=(pl.col("true").is_not_null() & (pl.col("events") > 1)).any(),
        )
        .join(made.events, on="event_id", how="semi")
    )
    wrong = pl.any_horizontal("invented", "merged", "split")
    right = by_event.filter(~wrong)
    faults = ", ".join(f"{by_event[name].sum()} {name}" for name in ("invented", "merged", "split"))
    reach, precision = len(found) / len(events), len(right) / len(by_event)
    of = f"of {len(by_event):,}: {faults}"
    return [
        ("reach: true events found", f"{reach:.3f}", f"of {len(events):,} events", "", ""),
        ("precision: events true and whole", f"{precision:.3f}", of, "", ""),
    ]


def _of_measures(values: pl.DataFrame, truth: pl.DataFrame) -> list[Row]:
    """Of each measure the share of cities that have exactly what is true; its total by the true one."""
    both = values.join(truth, on=["city_code", "measure"], suffix="_true", validate="1:1")
    exact = (pl.col("value") - pl.col("value_true")).abs() < _ROUNDED
    by_measure = both.group_by("measure").agg(
        exact=exact.mean(), value=pl.col("value").sum(), true=pl.col("value_true").sum()
    )
    return [
        (measure, f"{equal:.3f} of cities", f"true {true:,.0f}", f"{value / true:.3f}", "")
        for measure, equal, value, true in by_measure.sort("measure").iter_rows()
    ]


if __name__ == "__main__":
    main()
