"""`cci bridge`: editions side by side, for a city or a class."""

import json
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands.options import EditionId, Period, lang
from pipelines.commands.printing import console, fail, table
from templates.catalogue import text
from warehouse.contracts.columns import CITY_CLASSES

if TYPE_CHECKING:
    from indicators import bridge as bridges
    from pipelines.bridging import Month, OfClass
    from pipelines.pages.bridge import Printed
    from pipelines.workspace import Workspace

_FEW = 30


@click.command()
@click.argument("city_code", required=False)
@click.option(
    "--class", "city_class", type=click.Choice(CITY_CLASSES), help="All cities of a class."
)
@click.option("--period", type=Period(), required=True)
@click.option("--edition", "edition_id", type=EditionId(), required=True, help="The first edition.")
@click.option("--with", "other_id", type=EditionId(), required=True, help="The second edition.")
@click.option(
    "--since",
    type=Period(),
    help="Begin with the first edition in this month: what the city itself changed comes first.",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@lang
@click.pass_obj
def bridge(
    workspace: "Workspace",
    city_code: str | None,
    city_class: str | None,
    period: str,
    edition_id: str,
    other_id: str,
    since: str | None,
    form: str,
    lang: str,
) -> None:
    """Lead from a total under one edition to that under another, exactly, subject by subject.

    Of a class: how its ranks move, and the bridge of its mean. Months are taken as published, else as
    they are stored, else they are scored for this answer alone.
    """
    from pipelines import bridging

    if (city_code is None) == (city_class is None):
        raise click.UsageError("give either the code of a city or --class")
    if since and city_class:
        raise click.UsageError("--since is about one city; leave --class out")
    try:
        months = [
            bridging.month(workspace, each, of)
            for each, of in ((edition_id, since), (edition_id, period), (other_id, period))
            if of
        ]
        if city_code:
            found = bridging.bridge_of_city(months, city_code)
        else:
            compared = bridging.of_class(months[0], months[1], str(city_class))
    except (KeyError, ValueError, FileNotFoundError) as error:
        fail(error)
    if city_code:
        _show_city(found, months, city_code, form, lang)
    else:
        _show_class(compared, months, form, lang)


def _show_city(
    found: "bridges.Bridge", months: "list[Month]", city_code: str, form: str, lang: str
) -> None:
    from pipelines.pages import words
    from pipelines.pages.bridge import Printed

    names = months[-1].cities.filter(months[-1].cities["city_code"] == city_code)
    city = names.row(0, named=True)
    if form == "json":
        content = {"city_code": city_code, "city": city["name"], "city_en": city["name_en"]}
        _echo({**content, **_about(months), **_as_data(found)})
        return
    _say_of(months, lang)
    console().print(f"{words.name_of(city, lang)} {city_code}")
    _show(Printed(found, tuple(month.edition for month in months), lang))


def _show_class(found: "OfClass", months: "list[Month]", form: str, lang: str) -> None:
    from pipelines.pages import bridge as page
    from pipelines.pages import words

    if form == "json":
        content = {"city_class": found.city_class, **_about(months)}
        _echo(
            {**content, **_moves_as_data(found.moves), "mean": found.mean and _as_data(found.mean)}
        )
        return
    _say_of(months, lang)
    for fact in page.facts(found, lang):
        console().print(f"{fact.label}{text('site.colon', lang)}{fact.value}")
    console().print(text("bridge.compared_note", lang))
    names = {row["city_code"]: row for row in months[0].cities.iter_rows(named=True)}
    rows = [
        (
            row["city_code"],
            words.name_of(names[row["city_code"]], lang),
            row["rank_a"],
            row["rank_b"],
            page.change(row["moved"]).text,
            f"{row['total_a']:.2f}",
            f"{row['total_b']:.2f}",
        )
        for row in found.moves.rows.head(_FEW).iter_rows(named=True)
    ]
    columns = ("", text("ranking.city", lang), *page.heads(months[0], months[1], lang))
    if found.mean is None:
        console().print(text("bridge.no_city", lang))
    else:
        console().print(table(columns, rows, text("bridge.movers", lang, n=len(rows))))
        console().print(f"\n{text('bridge.mean', lang)}")
        _show(page.Printed(found.mean, tuple(month.edition for month in months), lang))


def _say_of(months: "list[Month]", lang: str) -> None:
    """What is compared, how it stands, and that it is simulated."""
    from pipelines.pages import bridge as page
    from pipelines.pages import frame

    if any(month.simulated for month in months):
        click.secho(text("cli.simulated", lang), fg="yellow")
    for month in months:
        title = f"{frame.title_of(month.edition.id, lang)} {month.edition.id} {month.period}"
        click.echo(text("bridge.stands", lang, edition=title, how=page.stands(month, lang)))


def _show(printed: "Printed") -> None:
    from pipelines.pages.bridge import adds_up

    lang = printed.lang
    for step in printed.steps:
        matrix = printed.matrix(step)
        rows = [*((name, *cells) for name, cells in matrix.rows)]
        title = text(f"bridge.step_{step}", lang) if len(printed.steps) > 1 else ""
        made = table((text("bridge.subject", lang), *matrix.head), rows, title)
        made.add_section()
        made.add_row(text("bridge.sum", lang), *matrix.foot, style="bold")
        for column in made.columns[1:]:
            column.justify = "right"
        console().print(made)
        for kind, meaning in matrix.legend:
            console().print(f"  {kind}{text('site.colon', lang)}{meaning}", style="dim")
        parts = [
            ("" if at else group.title, line.name, line.kind, line.says, line.amount)
            for group in printed.groups(step)
            for at, line in enumerate(group.lines)
        ]
        heads = (
            text(f"bridge.{key}", lang)
            for key in ("subject", "criterion", "kind", "what", "amount")
        )
        detail = table(tuple(heads), parts, text("bridge.criteria", lang))
        detail.columns[-1].justify = "right"
        console().print(detail)
    for line in (*printed.possible(), text("bridge.scale", lang), adds_up(lang)):
        console().print(line)


def _about(months: "list[Month]") -> dict[str, Any]:
    return {
        "simulated": any(month.simulated for month in months),
        "months": [
            {
                "edition": month.edition.id,
                "edition_sha256": month.edition.digest,
                "period": month.period,
                "stands": month.stands,
                "revision": month.revision or None,
            }
            for month in months
        ],
    }


def _as_data(found: "bridges.Bridge") -> dict[str, Any]:
    """The bridge with exact amounts (`numerator/denominator`) and as printed, in thousandths."""
    from indicators.bridge_sheet import sheet

    rounded = sheet(found)
    return {
        "standings": [
            {
                "edition": standing.edition,
                "period": standing.period,
                "total": str(standing.total),
                "points": str(standing.points),
                "points_possible": str(standing.possible),
                "subjects": {name: str(amount) for name, amount in standing.subjects.items()},
                "assessed": str(standing.assessed),
                "rounding": str(standing.rounding),
            }
            for standing in found.standings
        ],
        "parts": [
            {
                "step": part.step,
                "kind": part.kind,
                "subject": part.subject,
                "leaf": part.leaf,
                "changed": list(part.changed),
                "amount": str(part.amount),
            }
            for part in found.parts
        ],
        "printed_thousandths": {
            "totals": list(rounded.totals),
            "lines": {line.name: list(line.ends) for line in rounded.lines},
        },
    }


def _moves_as_data(moves: "bridges.Moves") -> dict[str, Any]:
    return {
        "compared": len(moves.rows),
        "of": moves.of,
        "spearman": moves.correlation.spearman,
        "kendall_tau_b": moves.correlation.kendall,
        "kept": {str(top): n for top, n in moves.kept.items()},
        "cities": moves.rows.to_dicts(),
    }


def _echo(content: dict[str, Any]) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))
