"""What the web tells of a month: measures that follow from events and pages, by their definitions.

A window is the twelve months that end with the month; rules and pledges stand for good. What is published
after the month's last day is not known yet.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import polars as pl

from sandbox.chance import Numbers
from sandbox.web.events import Tendencies, days_of, happened, published, standing
from sandbox.web.plots import plots, texts

_WINDOW: Final = 12
_WEIGHTS: Final = {"serious": 1.0, "major": 3.0}
_SCORED: Final = ("government", "commercial", "societal")
"""Affairs whose breaches count."""


def measures(month: Tendencies) -> dict[str, Numbers]:
    """The values of a month by measure, in the order of its cities."""
    ages = range(_WINDOW + 1)  # one more, since an answer counts in the month in which it comes
    events = pl.concat(happened(month.at(month.t - age)).with_columns(age=age) for age in ages)
    pages = pl.concat(published(month.at(month.t - age)) for age in range(_WINDOW))
    begin, end = _first(month.t - _WINDOW + 1), _first(month.t).replace(day=days_of(month.t))
    told = {
        **_of_events(events.join(_plots(), on="plot"), begin, end),
        **_of_pages(pages),
        **_of_standing(standing(month), end),
    }
    cities = pl.DataFrame({"city_code": month.codes})
    declared = {
        "national_rules": len(in_force(f"{end:%Y-%m}")),
        "outline_fields": len(national()["outline_fields"]),
    }
    alike = {m: np.full(len(cities), number, dtype=np.float64) for m, number in declared.items()}
    return alike | {
        measure: cities.join(found, on="city_code", how="left", maintain_order="left")["value"]
        .fill_null(0)
        .cast(pl.Float64)
        .to_numpy()
        for measure, found in told.items()
    }


def in_force(period: str) -> dict[str, Mapping[str, Any]]:
    """The national documents that were issued by the end of a month, by number."""
    return {
        number: document
        for number, document in national()["documents"].items()
        if document["since"] <= period
    }


@cache
def national() -> Mapping[str, Any]:
    """The declaration of what the nation asks of cities' rules."""
    declared = files("scrapers.monitor").joinpath("national.toml")
    content: Mapping[str, Any] = tomllib.loads(declared.read_text(encoding="utf-8"))
    return content


def _of_events(events: pl.DataFrame, begin: date, end: date) -> dict[str, pl.DataFrame]:
    seen = events.filter(pl.col("age") < _WINDOW)
    breaches = seen.filter(
        pl.col("outcome").is_in(list(_WEIGHTS)) & pl.col("affair").is_in(list(_SCORED))
    )
    weight = pl.col("outcome").replace_strict(_WEIGHTS, return_dtype=pl.Float64)
    acted = (pl.col("age") < _WINDOW) | pl.col("answered").is_between(begin, end)
    cases = events.filter(acted & (pl.col("outcome") != "good")).explode("projects")
    return {
        "events_12m": _by_city(seen, pl.len()),
        "events_disclosed_12m": _by_city(seen, (pl.col("disclosed") <= end).sum()),
        "breaches_12m": _by_city(breaches, pl.len()),
        "breaches_answered_12m": _by_city(breaches, (pl.col("answered") <= end).sum()),
        "serious_breach_burden": _by_city(
            breaches, (weight * (_WINDOW - pl.col("age")) / _WINDOW).sum()
        ),
        "focused_governance_projects": _by_city(
            cases.drop_nulls("projects"), pl.col("projects").n_unique()
        ),
    }


def _of_pages(pages: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {
        "trust_exemplars_12m": _by_city(pages.filter(kind="exemplar"), pl.col("count").sum()),
        "risk_warnings_12m": _by_city(pages.filter(kind="risk_warning"), pl.len()),
        "propaganda_items_12m": _by_city(pages.filter(kind="propaganda"), pl.len()),
    }


def _of_standing(pages: pl.DataFrame, end: date) -> dict[str, pl.DataFrame]:
    known = pages.join(_texts(), on=["kind", "text"])
    pledges, rules = known.filter(kind="pledge"), known.filter(kind="rule")
    documents = in_force(f"{end:%Y-%m}")
    covered = {field for document in documents.values() for field in document["fields"]}
    of_fields = rules.explode("fields")
    fields = of_fields.filter(pl.col("fields").is_in(national()["outline_fields"]))
    own = of_fields.filter(pl.col("document").is_null() & ~pl.col("fields").is_in(list(covered)))
    return {
        "pledged_entities": _by_city(pledges.filter(~pl.col("repair")), pl.col("count").sum()),
        "repair_commitments": _by_city(pledges.filter("repair"), pl.col("count").sum()),
        "national_rules_implemented": _by_city(
            rules.filter(pl.col("document").is_in(list(documents))), pl.col("document").n_unique()
        ),
        "outline_fields_covered": _by_city(fields, pl.col("fields").n_unique()),
        "innovative_rules": _by_city(own, pl.col("page_id").n_unique()),
    }


def _by_city(found: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    return found.group_by("city_code").agg(value=value)


def _first(t: int) -> date:
    return date(2016 + t // 12, t % 12 + 1, 1)


@cache
def _plots() -> pl.DataFrame:
    return pl.DataFrame(
        [(at, plot.affair, list(plot.projects)) for at, plot in enumerate(plots())],
        schema={"plot": pl.Int64, "affair": pl.String, "projects": pl.List(pl.String)},
        orient="row",
    )


@cache
def _texts() -> pl.DataFrame:
    """Of rules and pledges."""
    return pl.DataFrame(
        [
            (kind, at, text.repair, text.document, list(text.fields))
            for kind in ("pledge", "rule")
            for at, text in enumerate(texts(kind))
        ],
        schema={
            "kind": pl.String, "text": pl.Int64, "repair": pl.Boolean, "document": pl.String,
            "fields": pl.List(pl.String),
        },
        orient="row",
    )  # fmt: skip
