"""`cci monitor review`: what the reader is not sure of, and an operator's corrections."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands.options import Period
from scrapers.declaration import CLOCK
from templates.catalogue import LANGS, text

if TYPE_CHECKING:
    from pipelines.steps.reviewing import Desk
    from pipelines.workspace import Workspace

_SHOWN = 20
"""Pages that are shown in a terminal; a file has them all."""
_FILE = click.Path(dir_okay=False, path_type=Path)


def _given(_: click.Context, __: click.Parameter, settings: tuple[str, ...]) -> dict[str, str]:
    """What `--set` says, by decision."""
    for setting in settings:
        if "=" not in setting:
            raise click.BadParameter("expected DECISION=VALUE, such as severity=serious")
    return dict(setting.split("=", 1) for setting in settings)


@click.command()
@click.argument("url", required=False)
@click.option("--period", type=Period(), help="Month of the list; default: the last that was read.")
@click.option("--out", type=_FILE, help="Write the list as CSV, with columns to fill in.")
@click.option(
    "--take",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take in a list that was filled in.",
)
@click.option(
    "--set", "given", multiple=True, metavar="DECISION=VALUE", callback=_given,
    help="Correct one decision; may be given several times.",
)  # fmt: skip
@click.option(
    "--same-event-as", "other", metavar="URL", help="It tells of the same event as that page."
)
@click.option(
    "--own-event", is_flag=True, help="It tells of another event than the pages it was put with."
)
@click.option("--undo", is_flag=True, help="Take all corrections of the page back.")
@click.pass_obj
def review(
    workspace: "Workspace",
    url: str | None,
    period: str | None,
    out: Path | None,
    take: Path | None,
    given: Mapping[str, str],
    other: str | None,
    own_event: bool,
    undo: bool,
) -> None:
    """List pages that the reader is not sure of, and correct them 复核.

    Without URL: the list of a month, or with --take the corrections that were filled in. With URL: that
    page, and what is corrected of it. One that was read right is confirmed by setting its kind to what
    it is. Corrections win from the next run on, whatever the reader makes of the page later.
    """
    from pipelines.steps.reviewing import Desk
    from scrapers.monitor.review import OWN_EVENT, SAME_EVENT

    corrections = dict(given)
    if other:
        corrections[SAME_EVENT] = other
    if own_event:
        corrections[OWN_EVENT] = "yes"
    asked = [bool(period or out), bool(take), bool(url)]
    if sum(asked) > 1 or (undo and corrections):
        raise click.UsageError(
            "give --period and --out, or --take, or URL with corrections or --undo"
        )
    if not url and (corrections or undo):
        raise click.UsageError("give the URL of the page to correct")
    try:
        desk = Desk.of(workspace)
        if desk.read.is_empty():
            raise click.ClickException(_both("review.nothing_read"))
        if take:
            _take(desk, take)
        elif url:
            _page(desk, url, corrections, undo)
        else:
            _list(desk, period or desk.last_month, out)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _list(desk: "Desk", period: str, out: Path | None) -> None:
    """The list of a month, in the terminal or as a file."""
    from pipelines.steps import reviewing
    from scrapers.monitor.review import DOUBTFUL

    if out and out.exists():
        raise click.ClickException(_both("submission.said.exists", file=out))
    pages = desk.doubtful(period)
    if out:
        reviewing.write_list(pages, out)
        _say("written", file=out, count=len(pages))
        return
    _say("list", period=period, count=len(pages), least=f"{DOUBTFUL:g}")
    for page in pages.head(_SHOWN).iter_rows(named=True):
        _show(desk, page)
    if len(pages) > _SHOWN:
        _say("more", count=len(pages) - _SHOWN)
    if len(pages):
        _say("how")


def _page(desk: "Desk", url: str, corrections: Mapping[str, str], undo: bool) -> None:
    """Correct a page, and show it as it is then."""
    from pipelines import refusals
    from pipelines.steps.reviewing import plain
    from scrapers.monitor.review import NotTaken

    now = datetime.now(tz=CLOCK)
    try:
        if undo:
            _say("undone", count=desk.undo(url, now))
        elif corrections:
            _say("corrected", count=desk.correct(url, corrections, now))
        _show(desk, desk.page(url))
    except NotTaken as refused:
        for problem in refused.problems:
            line = refusals.line(plain(url), 0, problem.field, problem.reason, "", problem.expected)
            click.echo(line, err=True)
        sys.exit(1)


def _take(desk: "Desk", file: Path) -> None:
    """Take in a list that was filled in, and name what could not be."""
    from pipelines import refusals
    from scrapers.reading import FileRefused

    try:
        taken, refused = desk.take(file, datetime.now(tz=CLOCK))
    except FileRefused as whole:
        raise click.ClickException(refusals.line(file.name, **whole.details())) from whole
    for line in refusals.lines(file.name, refused):
        click.echo(line, err=True)
    _say("taken", count=taken, refused=refused["row"].n_unique())
    sys.exit(1 if len(refused) else 0)


def _show(desk: "Desk", page: Mapping[str, Any]) -> None:
    """A page: how sure, where, its title, what was decided and why; an address is never broken."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    from pipelines.steps.reviewing import plain, reasons
    from scrapers.monitor.review import DECISIONS

    console = Console(highlight=False)
    decided = [
        f"{decision}={_shown(page[decision])}"
        + (f" {page['city']}" if decision == "city_code" and page["city"] else "")
        for decision in DECISIONS
        if page[decision] not in (None, [])
    ]
    title = Text(plain(page["title"]))
    title.truncate(console.width - 6, overflow="ellipsis")
    console.print(Text(f"{page['confidence']:.2f}  {plain(page['url'])}"), soft_wrap=True)
    lines = [title, Text("  ".join(decided), style="bold"), Text(plain(reasons(page["why"])))]
    if stands := desk.standing.get(page["url"]):
        corrected = "  ".join(f"{field}={plain(said)}" for field, said in stands.items())
        lines.append(Text(f"{_both('review.stands')}: {corrected}"))
    for line in lines:
        console.print(Padding(line, (0, 0, 0, 6), expand=False))
    console.print()


def _shown(decided: Any) -> str:
    return ",".join(decided) if isinstance(decided, list) else str(decided)


def _say(key: str, **parameters: object) -> None:
    for lang in LANGS:
        click.echo(text(f"review.{key}", lang, **parameters))


def _both(key: str, **parameters: object) -> str:
    return " / ".join(text(key, lang, **parameters) for lang in LANGS)
