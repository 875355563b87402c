"""`cci submission`: the workbooks that cities, provinces and assessors send."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indicators import edition as editions
from pipelines.commands.options import EditionId, Period
from pipelines.workspace import Workspace
from scrapers.declaration import CLOCK
from templates.submission.context import Kind
from warehouse.store import write_aside

if TYPE_CHECKING:
    from pipelines.submissions import Checked, Receipt

_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group()
def submission() -> None:
    """Make, check and take in workbooks of cities, provinces and assessors 报送."""


@submission.command()
@click.option("--city", "city_code", help="Code of the city, such as 330100.")
@click.option("--province", "province_code", help="Code of the province, such as 330000.")
@click.option("--assessor", is_flag=True, help="The form for awards to the city.")
@click.option("--period", type=Period(), required=True)
@click.option(
    "--edition",
    "edition_id",
    type=EditionId(),
    default=editions.CURRENT,
    show_default=True,
    help="The edition that asks.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.pass_obj
def template(
    workspace: Workspace,
    city_code: str | None,
    province_code: str | None,
    assessor: bool,
    period: str,
    edition_id: str,
    out: Path | None,
) -> None:
    """Make the workbook that a city, a province or an assessor fills in."""
    from pipelines import submissions
    from templates.submission.workbook import write

    code = city_code or province_code
    if code is None or (city_code and province_code) or (assessor and province_code):
        raise click.UsageError("give either --city, with or without --assessor, or --province")
    kind: Kind = "assessor" if assessor else "province" if province_code else "city"
    name = "-".join([code, period, *([edition_id] if edition_id != editions.CURRENT else [])])
    file = out or Path(f"{name}.xlsx")
    if file.exists():
        raise click.ClickException(submissions.both("submission.said.exists", file=file))
    try:
        form = submissions.context(workspace, kind, code, period, edition_id)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    write_aside({file: lambda path: path.write_bytes(write(form))})
    cells = max(1, len(form.cities)) * sum(len(section.measures) for section in form.sections)
    _say("written", file=file, name=f"{form.place.zh} {form.place.en}", period=period, cells=cells)


@submission.command()
@_file
@click.pass_obj
def check(workspace: Workspace, file: Path) -> None:
    """Name every problem of a filled-in workbook by sheet and cell; take nothing in."""
    from pipelines import submissions

    checked = submissions.check(workspace, file)
    _problems(checked)
    count = len(checked.refused) + checked.more_refused
    if count:
        _say("bad", file=checked.name, count=count)
    else:
        _say("good", file=checked.name, taken=len(checked.good))
    _questions(checked)
    sys.exit(1 if count else 0)


@submission.command()
@_file
@click.pass_obj
def accept(workspace: Workspace, file: Path) -> None:
    """Take in a filled-in workbook and print its receipt; the next run of its month uses it.

    Cells that cannot be taken in are refused, the others are kept. A later workbook for the same month
    takes the place of an earlier one, which stays on record.
    """
    from pipelines import submissions

    now = datetime.now(tz=CLOCK).replace(microsecond=0)
    taken = submissions.accept(workspace, file, now)
    if isinstance(taken, submissions.Receipt):
        _receipt(taken)
    else:
        _problems(taken)
        _say("nothing_taken")
        sys.exit(1)


def _receipt(receipt: "Receipt") -> None:
    """Who, when, hash, what was taken in and what was not."""
    checked, landed = receipt.checked, receipt.landed
    assert checked.form is not None  # noqa: S101 - what cannot be read gets no receipt
    assert checked.sender is not None  # noqa: S101
    _say("receipt")
    _say(
        "sender",
        name=f"{checked.sender.zh} {checked.sender.en}",
        code=checked.sender.code,
        form=checked.form.edition,
        period=checked.form.period,
    )
    _say("delivered_late" if receipt.late else "delivered", at=landed.delivered_at)
    _say("hash", sha256=landed.sha256)
    if receipt.earlier:
        _say("earlier", count=receipt.earlier)
    _say("taken", count=len(checked.good))
    for measure, value, place in checked.good.select("measure", "value", "place").iter_rows():
        click.echo(f"  {place}  {measure}  {value:.15g}")
    if len(checked.refused):
        _say("refused", count=len(checked.refused) + checked.more_refused)
        _problems(checked)
    _questions(checked)


def _problems(checked: "Checked") -> None:
    from pipelines import refusals

    for row in checked.refused.iter_rows(named=True):
        field = f"{row['field']} {checked.measure_at(row['field'])}".rstrip()
        click.echo(refusals.line(checked.name, **{**row, "field": field}))
    if checked.more_refused:
        _say("more", count=checked.more_refused)


def _questions(checked: "Checked") -> None:
    if checked.questions:
        _say("questions", count=len(checked.questions))
    for question in checked.questions:
        click.secho(f"⚠ {question}", fg="yellow")


def _say(key: str, **parameters: object) -> None:
    from pipelines.submissions import both

    click.echo(both(f"submission.said.{key}", **parameters))
