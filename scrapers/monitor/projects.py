"""The 19 focused governance projects, and which of them an event falls under (`projects.toml`)."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl


@cache
def projects() -> dict[str, dict[str, Any]]:
    """Projects by id, as declared."""
    content = files("scrapers.monitor").joinpath("projects.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)


def projects_of(field: pl.Expr, text: pl.Expr) -> pl.Expr:
    """Ids of the projects that something of a field falls under, told by a text: a list, sorted."""
    under = [
        pl.when(_falls_under(project, field, text)).then(pl.lit(id_))
        for id_, project in sorted(projects().items())
    ]
    return pl.concat_list(under).list.drop_nulls()


def _falls_under(project: dict[str, Any], field: pl.Expr, text: pl.Expr) -> pl.Expr:
    conditions = []
    if "fields" in project:
        conditions.append(field.is_in(project["fields"]).fill_null(value=False))
    if "words" in project:
        conditions.append(text.str.contains_any(project["words"]))
    return pl.all_horizontal(conditions)
