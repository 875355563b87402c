"""`cci backfill`, `cci diff`, `cci publish`: past months, computed, looked at, and made to stand."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from indicators import edition as editions
from pipelines.commands.options import EditionId, Period, lang, months
from pipelines.commands.printing import console, fail, table, warn
from pipelines.periods import successive
from templates.catalogue import text
from warehouse.contracts.columns import CITY_CLASSES

if TYPE_CHECKING:
    from pipelines.backfilling import Plan, Standing
    from pipelines.steps.staleness import Reason
    from pipelines.workspace import Workspace
    from warehouse.publication import Publication

_ALL = "all"


class EditionOrAll(EditionId):
    """An edition, or `all` of them."""

    name = "edition|all"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The id, or `all`."""
        return _ALL if value == _ALL else super().convert(value, param, ctx)


_edition = click.option(
    "--edition", "edition_id", type=EditionId(), default=editions.CURRENT, show_default=True
)
_period = click.option("--period", type=Period(), required=True)


@click.command()
@click.option(
    "--edition",
    "edition_ids",
    type=EditionOrAll(),
    multiple=True,
    default=[editions.CURRENT],
    show_default=True,
    help="May be given several times; `all` is every edition, for the months it is valid in.",
)
@click.option("--from", "first", type=Period(), required=True)
@click.option("--to", "last", type=Period(), required=True)
@click.option(
    "--plan", "plan_only", is_flag=True, help="Say what would be done and why; do nothing."
)
@lang
@click.pass_obj
def backfill(
    workspace: "Workspace",
    edition_ids: tuple[str, ...],
    first: str,
    last: str,
    plan_only: bool,
    lang: str,
) -> None:
    """Collect and score past months where they are missing or out of date; publish nothing.

    What a run that was stopped had done is not done again. A published month that comes out other than
    it stands is named: `cci diff` shows how, `cci publish` makes it stand.
    """
    import dagster as dg

    from indicators.audit import WrongNumbersError
    from pipelines import backfilling, running

    asked = months(first, last)
    try:
        wanted = _wanted(edition_ids, asked)
        for edition_id, periods in wanted.items():
            for period in (periods[0], periods[-1]):
                running.refuse(edition_id, period)
        plan = backfilling.plan(workspace, wanted)
        _show_plan(plan, lang)
        if plan_only:
            return
        collected = plan.to_collect
        if collected:
            with (
                running.environment(workspace),
                dg.DagsterInstance.get() as instance,
                _progress("collect", len(collected), lang) as advance,
            ):
                doubtful = backfilling.collect(workspace, collected, instance, advance)
            warn([*_short(backfilling.shortfalls(workspace, collected), lang), *doubtful])
            plan = backfilling.plan(workspace, wanted)
        with (
            running.home(workspace),
            dg.DagsterInstance.get() as instance,
            _progress("score", plan.to_score, lang) as advance,
        ):
            backfilling.score(workspace, plan, instance, advance)
    except (ValueError, running.RunFailed, WrongNumbersError) as error:
        fail(error)
    _show_standings(
        {
            edition_id: {
                period: backfilling.standing(workspace, edition_id, period) for period in periods
            }
            for edition_id, periods in wanted.items()
        },
        lang,
    )


@click.command()
@_edition
@_period
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@lang
@click.pass_obj
def diff(workspace: "Workspace", edition_id: str, period: str, form: str, lang: str) -> None:
    """Show what publishing a month would change: cities, the leaves that moved them, and files."""
    from pipelines import proposing
    from pipelines.steps import publishing

    try:
        proposal = publishing.propose(workspace, edition_id, period)
    except FileNotFoundError as error:
        fail(_backfill_first(error, edition_id, period))
    except (ValueError, publishing.InputsChangedError) as error:
        fail(error)
    told = proposing.differences(proposal)
    if form == "json":
        click.echo(proposing.as_json(told))
    else:
        proposing.show(told, proposal.criteria, lang, console())


@click.command()
@_edition
@_period
@lang
@click.pass_obj
def publish(workspace: "Workspace", edition_id: str, period: str, lang: str) -> None:
    """Publish a month as it is computed, if all checks hold: its first revision, or its next."""
    import dagster as dg

    from pipelines import operating, running
    from pipelines.steps import observing, publishing
    from warehouse import publication

    timing = running.Timing()
    before = publication.latest(workspace.published, edition_id, period)
    try:
        publishing.refuse_draft(editions.load(edition_id))
        running.refuse(edition_id, period)
        workspace.store.digest(observing.OBSERVATIONS, period=period)
        with (
            running.home(workspace),
            dg.DagsterInstance.get() as instance,
            operating.told(workspace, instance, edition_id, period, timing),
        ):
            running.execute("publication", [period], edition_id, instance, timing)
    except FileNotFoundError as error:
        fail(_backfill_first(error, edition_id, period))
    except (ValueError, running.RunFailed) as error:
        fail(error)
    say_what_stands(workspace, edition_id, period, before, lang)


def say_what_stands(
    workspace: "Workspace", edition_id: str, period: str, before: "Publication | None", lang: str
) -> None:
    """Say which revision of a month stands, and whether it is another than `before`."""
    from warehouse import publication

    stands = publication.latest(workspace.published, edition_id, period)
    assert stands is not None  # noqa: S101 - publishing succeeded
    if before and before.revision == stands.revision:
        click.echo(text("cli.nothing_changed", lang, period=period, revision=stands.revision))
    else:
        changes = stands.manifest["rows"]["changes"]
        click.echo(
            text("cli.new_revision", lang, period=period, revision=stands.revision, changes=changes)
        )
    if stands.simulated:
        click.echo(text("cli.simulated", lang))
    click.echo(text("cli.read_it", lang, site=workspace.public / "site" / "index.html"))


def _backfill_first(error: Exception, edition_id: str, period: str) -> Exception:
    again = f"`cci backfill --edition {edition_id} --from {period} --to {period}` computes it"
    return ValueError(f"{error}: {again}")


def _wanted(edition_ids: Iterable[str], periods: Sequence[str]) -> dict[str, list[str]]:
    """The months of each edition; of `all` those that it is valid in."""
    if _ALL not in edition_ids:
        return {edition_id: [*periods] for edition_id in edition_ids}
    valid = {
        edition_id: [period for period in periods if editions.load(edition_id).is_valid_in(period)]
        for edition_id in editions.ids()
    }
    return {edition_id: of_edition for edition_id, of_edition in valid.items() if of_edition}


def _show_plan(plan: "Plan", lang: str) -> None:
    """What would be done, months in a row with the same reasons as one line."""
    rows = [
        (text("backfill.collect", lang), *told)
        for told in _ranges({p: _why(why, lang) for p, why in plan.collect.items()})
    ]
    for edition_id, of_edition in plan.score.items():
        reasons = {p: _why_score(plan, p, why, lang) for p, why in of_edition.items()}
        work = text("backfill.score", lang, edition=edition_id)
        rows += [(work, *told) for told in _ranges(reasons)]
    columns = [text(f"backfill.{name}", lang) for name in ("work", "months", "count", "why")]
    shown = table(columns, rows, text("backfill.plan", lang))
    shown.columns[1].no_wrap = True
    shown.columns[2].justify = "right"
    console().print(shown)


def _why(reasons: "tuple[Reason, ...]", lang: str) -> str:
    if not reasons:
        return text("backfill.reason.up_to_date", lang)
    told = (text(f"backfill.reason.{one.key}", lang, whom=one.whom) for one in reasons)
    return text("backfill.and", lang).join(told)


def _why_score(plan: "Plan", period: str, reasons: "tuple[Reason, ...]", lang: str) -> str:
    """Why a month would be scored, as far as can be known before it is collected."""
    collecting, empty = bool(plan.collect[period]), period in plan.empty
    if collecting and not reasons:
        return text(f"backfill.reason.{'after_collecting' if empty else 'if_changed'}", lang)
    return text("backfill.reason.no_data", lang) if empty else _why(reasons, lang)


def _ranges(said: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Months in a row of which the same is said: first and last, how many, and what."""
    for what, of_what in groupby(said, lambda period: said[period]):
        for run in successive(of_what):
            yield _range(run), str(len(run)), what


def _range(run: Sequence[str]) -> str:
    return run[0] if len(run) == 1 else f"{run[0]}..{run[-1]}"


def _named(periods: Iterable[str]) -> str:
    return ", ".join(map(_range, successive(periods)))


def _short(shortfalls: Iterable[tuple[str, bool, list[str]]], lang: str) -> list[str]:
    """Sources that brought less than expected, in words."""
    return [
        text(
            f"backfill.{'nothing_came' if nothing else 'too_little'}",
            lang,
            source=source_id,
            months=_named(periods),
        )
        for source_id, nothing, periods in shortfalls
    ]


@contextmanager
def _progress(work: str, total: int, lang: str) -> Iterator[Callable[[str, Sequence[str]], None]]:
    """Show how far the work is and how much time is left: a bar on a terminal, else a line a step."""
    err = Console(stderr=True, highlight=False)
    if not (total and err.is_terminal):
        yield _lines(total, lang)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=err, speed_estimate_period=600
    ) as progress:
        task = progress.add_task(text(f"backfill.{work}", lang, edition=""), total=total)

        def advance(work: str, periods: Sequence[str]) -> None:
            said = f"{_work(work, lang)} {_range(periods)}"
            progress.update(task, advance=len(periods), description=said)

        yield advance


def _lines(total: int, lang: str) -> Callable[[str, Sequence[str]], None]:
    begun, done = time.monotonic(), 0

    def advance(work: str, periods: Sequence[str]) -> None:
        nonlocal done
        done += len(periods)
        left = round((time.monotonic() - begun) / done * (total - done))
        far = text(
            "backfill.progress", lang, done=done, total=total, left=f"{left // 60}:{left % 60:02}"
        )
        click.echo(f"{_work(work, lang)} {_range(periods)}  {far}", err=True)

    return advance


def _work(work: str, lang: str) -> str:
    collecting = work == "collect"
    return text(f"backfill.{'collect' if collecting else 'score'}", lang, edition=work)


def _show_standings(standings: "Mapping[str, Mapping[str, Standing | None]]", lang: str) -> None:
    """Coverage of each class, what can only be computed, and what is a proposed revision."""
    columns = [
        text("backfill.edition", lang),
        text("backfill.months", lang),
        *(text(f"class_short.{name}", lang) for name in CITY_CLASSES),
        text("backfill.note", lang),
    ]
    shown = table(columns, [], text("backfill.summary", lang))
    for column in shown.columns[2:-1]:
        column.justify = "right"
    shown.columns[-1].overflow = "fold"
    for edition_id, of_edition in standings.items():
        said = {period: _said(standing, lang) for period, standing in of_edition.items()}
        for months_, _, (*coverage, note) in _ranges(said):
            shown.add_row(edition_id, months_, *coverage, Text(note))
    out = console()
    out.print(shown)
    for edition_id, of_edition in standings.items():
        proposed = [period for period, one in of_edition.items() if one and one.proposed]
        if proposed:
            told = {"edition": edition_id, "months": _named(proposed), "first": proposed[0]}
            out.print(Text(text("backfill.proposed", lang, **told), style="yellow"))
    out.print(text("backfill.publishes_nothing", lang))


def _said(standing: "Standing | None", lang: str) -> tuple[str, ...]:
    from indicators.audit import MINIMUM_COVERAGE
    from pipelines.pages import numbers

    if standing is None:
        return (*[numbers.NONE] * len(CITY_CLASSES), text("backfill.no_data", lang))
    note = text("backfill.computed_only", lang, minimum=MINIMUM_COVERAGE)
    return (
        *(numbers.percent(standing.coverage.get(name)) for name in CITY_CLASSES),
        note if standing.computed_only else "",
    )
