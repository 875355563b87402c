"""`cci report`: bulletins and reports of what is published, as pages and PDFs."""

from typing import TYPE_CHECKING

import click

from indicators import edition as editions
from pipelines.commands.options import EditionId, Period
from pipelines.commands.options import lang as lang_option
from pipelines.commands.printing import fail, warn
from templates.catalogue import text

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.steps.reporting import Made
    from pipelines.workspace import Workspace

_edition = click.option(
    "--edition", "edition_id", type=EditionId(), default=editions.CURRENT, show_default=True
)
_period = click.option("--period", type=Period(), required=True)


@click.group()
def report() -> None:
    """Make bulletins and reports of what is published 通报与报告.

    Pages are written in both languages, PDFs in that of --lang; those that are still true are kept.
    """


@report.command()
@_edition
@_period
@lang_option
@click.pass_obj
def ranking(workspace: "Workspace", edition_id: str, period: str, lang: str) -> None:
    """The month's ranking as the magazine prints it 排名通报."""
    from pipelines.steps import reporting

    try:
        publication = reporting.published(workspace, edition_id, period)
        made = reporting.write_ranking(workspace, publication, lang)
    except (FileNotFoundError, FileExistsError) as error:
        fail(error)
    _show(workspace, made, lang)


@report.command()
@_edition
@_period
@click.option(
    "--city", "codes", multiple=True, metavar="CODE", help="Make the PDF of this city; repeatable."
)
@click.option("--all", "every", is_flag=True, help="Make the PDFs of all cities: some minutes.")
@lang_option
@click.pass_obj
def city(
    workspace: "Workspace",
    edition_id: str,
    period: str,
    codes: tuple[str, ...],
    every: bool,
    lang: str,
) -> None:
    """The monthly bulletin of each city, two pages 城市月度通报.

    The pages of all cities are written; PDFs are made of the cities that are named, or of all.
    """
    from pipelines.steps import reporting

    try:
        publication = reporting.published(workspace, edition_id, period)
        made = reporting.write_cities(workspace, publication, lang, None if every else codes)
    except (KeyError, FileNotFoundError, FileExistsError) as error:
        fail(error)
    _show(workspace, made, lang)


@report.command()
@_edition
@_period
@lang_option
@click.pass_obj
def consultation(workspace: "Workspace", edition_id: str, period: str, lang: str) -> None:
    """Papers for the lowest cities of each class, after the quarter that ends with a month 会商材料."""
    from pipelines.steps import reporting

    try:
        publication = reporting.published(workspace, edition_id, period)
        made = reporting.write_consultation(workspace, publication, lang)
    except (ValueError, FileNotFoundError, FileExistsError) as error:
        fail(error)
    _show(workspace, made, lang)


@report.command()
@_edition
@click.option("--year", type=click.DateTime(["%Y"]), required=True, metavar="YYYY")
@lang_option
@click.pass_obj
def annual(workspace: "Workspace", edition_id: str, year: "datetime", lang: str) -> None:
    """The Monitoring and Evaluation Report of a year, from its published months 年度报告."""
    from pipelines.steps import reporting

    try:
        made = reporting.write_annual(workspace, edition_id, f"{year:%Y}", lang)
    except (FileNotFoundError, FileExistsError) as error:
        fail(error)
    _show(workspace, made, lang)


def _show(workspace: "Workspace", made: "Made", lang: str) -> None:
    """Put reports into the site, and say where they lie."""
    from pipelines.steps import reporting

    reporting.show_in_site(workspace)
    if made.problem:
        warn([text("report.no_pdf", lang, why=made.problem)])
    click.echo(text("report.made", lang, path=made.folder / lang / "index.html"))
