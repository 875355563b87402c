"""The ledger of credit events: what the pages of an event agree on, and what a city's measures come to.

A window is the twelve months that end with a period; a stock is everything up to its end.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import polars as pl

from scrapers.monitor.projects import projects_of
from scrapers.monitor.reprints import without_reprints
from scrapers.monitor.shapes import AFFAIR_OF, SEVERITIES

WINDOW: Final = 12
"""Months."""
MEASURES: Final = (
    "serious_breach_burden", "breaches_12m", "breaches_answered_12m", "events_12m",
    "events_disclosed_12m", "trust_exemplars_12m", "risk_warnings_12m", "propaganda_items_12m",
    "national_rules", "national_rules_implemented", "outline_fields", "outline_fields_covered",
    "innovative_rules", "repair_commitments", "pledged_entities", "focused_governance_projects",
)  # fmt: skip
"""What a ledger says of each city."""
_WEIGHTS: Final = {"serious": 1.0, "major": 3.0}
_SCORED: Final = ("government", "commercial", "societal")
"""Affairs whose serious breaches count; the 2019 edition gives the judicial ones no points."""
_REPAIR: Final = (
    "信用修复", "修复承诺", "修复失信", "失信修复", "失信主体", "失信企业", "失信市场主体",
    "失信被执行人", "移出黑名单", "移出名单", "退出黑名单", "退出名单",
)  # fmt: skip
"""Words of a pledge that listed entities made to have their records repaired."""


def events(pages: pl.DataFrame) -> pl.DataFrame:
    """Events, one row each, from the pages that report and answer them.

    The reader may be wrong on a page, so what an event is like is what most of its reports say; where
    as many say one as the other, the earlier report counts, of severity the graver. Reports that an
    operator corrected outweigh the others. An event none of whose reports names a city is left out.

    Args:
        pages: `url`, `kind`, `event_id`, `city_code`, `subject`, `field`, `polarity`, `severity`,
            `published` (Date, never null), `official`, `site_city`, `title`, `corrected`; of other kinds
            too.

    Returns:
        `event_id`, `city_code`, `subject`, `affair`, `field`, `polarity`, `severity` (null if good),
        `first_seen`, `answered` (first response, or null), `disclosed` (an official site of the city
        itself reported it), `reports` (how many pages) and `title` (of the earliest), by `first_seen`.
    """
    reports = pages.filter(kind="event").drop_nulls("event_id").sort("published", "url")
    made = reports.group_by("event_id").agg(
        first_seen=pl.col("published").first(),
        reports=pl.len().cast(pl.Int64),
        title=pl.col("title").first(),
    )
    for column in ("city_code", "subject", "field", "polarity"):
        made = made.join(_voted(reports, column), on="event_id", how="left")
    graver = pl.col("severity").replace_strict(
        list(SEVERITIES), range(len(SEVERITIES)), default=None
    )
    severity = _voted(reports.sort(graver, descending=True, maintain_order=True), "severity")
    answers = (
        pages.filter(kind="response").group_by("event_id").agg(answered=pl.col("published").min())
    )
    own = (
        reports.filter("official")
        .select("event_id", city_code="site_city", disclosed=True)
        .drop_nulls()
        .unique()
    )
    return (
        made.drop_nulls(["city_code", "subject", "field", "polarity"])
        .join(severity, on="event_id", how="left")
        .join(answers, on="event_id", how="left")
        .join(own, on=["event_id", "city_code"], how="left")
        .with_columns(
            affair=pl.col("field").replace_strict(AFFAIR_OF, return_dtype=pl.String),
            severity=pl.when(polarity="bad").then(pl.col("severity").fill_null(SEVERITIES[0])),
            disclosed=pl.col("disclosed").fill_null(value=False),
        )
        .select(
            "event_id", "city_code", "subject", "affair", "field", "polarity", "severity",
            "first_seen", "answered", "disclosed", "reports", "title",
        )
        .sort("first_seen", "event_id")
    )  # fmt: skip


def measures(
    ledger: pl.DataFrame, pages: pl.DataFrame, period: str, cities: pl.Series
) -> pl.DataFrame:
    """What monitoring says of each city in a month.

    Args:
        ledger: events, as `events` gives them.
        pages: all pages that were read: `url`, `kind`, `event_id`, `city_code`, `field`, `polarity`,
            `published` (Date, never null), `count`, `national_document`, `rule_fields` (list), `text`.
        period: the month, `YYYY-MM`.
        cities: codes of the cities whose sites were covered. One of which nothing was found has 0, any
            other city no value.

    Returns:
        `city_code`, `measure`, `value`, a row for each covered city and measure.
    """
    end = pl.lit(f"{period}-01").str.to_date().dt.month_end()
    begin = end.dt.offset_by("1d").dt.offset_by(f"-{WINDOW}mo")
    known = pages.filter((pl.col("kind") != "other") & (pl.col("published") <= end))
    told = without_reprints(known.filter(~pl.col("kind").is_in(["event", "response"])))
    in_window = pl.col("published") >= begin
    seen = ledger.filter(pl.col("first_seen").is_between(begin, end))
    values = {
        **_of_events(seen, period, end),
        **_of_items(told.filter(in_window)),
        **_of_stocks(told, period),
        "focused_governance_projects": _projects(seen, known.filter(in_window)),
    }
    declared = {
        "national_rules": _in_force(period),
        "outline_fields": _national()["outline_fields"],
    }
    covered = cities.unique().sort().alias("city_code").to_frame()
    parts = [
        covered.join(found, on="city_code", how="left").select(
            "city_code",
            measure=pl.lit(measure),
            value=pl.col("value").cast(pl.Float64).fill_null(0),
        )
        for measure, found in values.items()
    ]
    parts += [
        covered.select("city_code", measure=pl.lit(measure), value=pl.lit(float(len(all_))))
        for measure, all_ in declared.items()
    ]
    return pl.concat(parts).sort("city_code", "measure")


def _voted(reports: pl.DataFrame, column: str) -> pl.DataFrame:
    """What most reports of an event say; of what as many say, what comes first among the rows.

    What an operator has looked at outweighs whatever was not.
    """
    return (
        reports.with_row_index("place")
        .drop_nulls(column)
        .group_by("event_id", column)
        .agg(pl.col("corrected").any(), votes=pl.len(), place=pl.col("place").min())
        .sort("corrected", "votes", "place", descending=[True, True, False])
        .group_by("event_id")
        .agg(pl.col(column).first())
    )


def _by_city(found: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    return found.group_by("city_code").agg(value=value)


def _of_events(seen: pl.DataFrame, period: str, end: pl.Expr) -> Mapping[str, pl.DataFrame]:
    year, month = map(int, period.split("-"))
    first = pl.col("first_seen")
    age = year * 12 + month - (first.dt.year().cast(pl.Int32) * 12 + first.dt.month())
    breaches = seen.filter(
        pl.col("severity").is_in(list(_WEIGHTS)) & pl.col("affair").is_in(list(_SCORED))
    )
    weight = pl.col("severity").replace_strict(_WEIGHTS, return_dtype=pl.Float64)
    return {
        "serious_breach_burden": _by_city(breaches, (weight * (WINDOW - age) / WINDOW).sum()),
        "breaches_12m": _by_city(breaches, pl.len()),
        "breaches_answered_12m": _by_city(breaches.filter(pl.col("answered") <= end), pl.len()),
        "events_12m": _by_city(seen, pl.len()),
        "events_disclosed_12m": _by_city(seen.filter("disclosed"), pl.len()),
    }


def _of_items(told: pl.DataFrame) -> Mapping[str, pl.DataFrame]:
    """Pages of a window, reprints left out. A list that does not say how many stands for one."""
    return {
        "trust_exemplars_12m": _by_city(told.filter(kind="exemplar"), _subjects()),
        "risk_warnings_12m": _by_city(told.filter(kind="risk_warning"), pl.len()),
        "propaganda_items_12m": _by_city(told.filter(kind="propaganda"), pl.len()),
    }


def _of_stocks(told: pl.DataFrame, period: str) -> Mapping[str, pl.DataFrame]:
    """Everything up to a month. Commitments to repair are counted apart from other pledges."""
    rules = told.filter(kind="rule")
    pledges = told.filter(kind="pledge")
    repair = pl.col("text").str.contains_any(list(_REPAIR))
    documents = _in_force(period)
    covered = {field for document in documents.values() for field in document["fields"]}
    document = pl.col("national_document")
    fields = pl.col("rule_fields")
    outline = _national()["outline_fields"]
    uncovered = fields.list.set_difference(pl.lit(sorted(covered), pl.List(pl.String)))
    return {
        "national_rules_implemented": _by_city(
            rules.filter(document.is_in(list(documents))), document.n_unique()
        ),
        "outline_fields_covered": _by_city(
            rules.explode("rule_fields").filter(fields.is_in(outline)), fields.n_unique()
        ),
        "innovative_rules": _by_city(
            rules.filter(document.is_null() & (uncovered.list.len() > 0)), pl.len()
        ),
        "repair_commitments": _by_city(pledges.filter(repair), _subjects()),
        "pledged_entities": _by_city(pledges.filter(~repair), _subjects()),
    }


def _subjects() -> pl.Expr:
    return pl.col("count").fill_null(1).sum()


def _projects(seen: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Focused governance projects under which a city's bad events fall, or its responses."""
    of_event = seen.select("event_id", at="city_code", of="field", how="polarity")
    cases = (
        known.filter(pl.col("kind").is_in(["event", "response"]))
        .join(of_event, on="event_id", how="left")
        .with_columns(
            city_code=pl.coalesce("at", "city_code"),
            field=pl.coalesce("of", "field"),
            polarity=pl.coalesce("how", "polarity"),
        )
        .filter((pl.col("polarity") == "bad") | (pl.col("kind") == "response"))
    )
    project = projects_of(pl.col("field"), pl.col("text")).alias("project")
    return _by_city(
        cases.select("city_code", project).explode("project").drop_nulls(),
        pl.col("project").n_unique(),
    )


@cache
def _national() -> dict[str, Any]:
    content = files("scrapers.monitor").joinpath("national.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)


def _in_force(period: str) -> dict[str, dict[str, Any]]:
    """The declared national documents that were issued by the end of a month."""
    return {
        number: document
        for number, document in _national()["documents"].items()
        if document["since"] <= period
    }
