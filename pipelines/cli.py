"""The `cci` command."""

import http.server
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click

from indicators import edition as editions
from indicators.registry import cities_of
from pipelines.commands.assess import assess
from pipelines.commands.backfill import backfill, diff, publish, say_what_stands
from pipelines.commands.bridge import bridge
from pipelines.commands.edition import edition
from pipelines.commands.monitor import monitor
from pipelines.commands.options import EditionId, Period, lang, months
from pipelines.commands.printing import console, fail, table, warn
from pipelines.commands.published import published
from pipelines.commands.report import report
from pipelines.commands.submission import submission
from pipelines.workspace import Workspace
from templates.catalogue import text

_CITY_COLUMNS = (
    "city_code", "name", "name_en", "province", "city_class", "region", "province_en",
    "province_code", "parent_code", "pinyin", "valid_from", "valid_to",
)  # fmt: skip


_period = Period()
_edition = click.option(
    "--edition", "edition_id", type=EditionId(), default=editions.CURRENT, show_default=True
)


_LEAST_FREE = 1 << 20


def _disk_is_full(data: Path) -> bool:
    """Whether that is why something failed; databases tell it in their own ways."""
    there = next(folder for folder in (data, *data.absolute().parents) if folder.exists())
    return shutil.disk_usage(there).free < _LEAST_FREE


class _Commands(click.Group):
    """Commands that tell what the system refused (a full disk, a folder, a port) in one line."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            raise click.ClickException(str(error)) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if _disk_is_full(ctx.params["data"]):
                words = " / ".join(text("cli.disk_full", lang) for lang in ("zh", "en"))
                raise click.ClickException(words) from error
            raise


@click.group(cls=_Commands, context_settings={"max_content_width": 100})
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default="data",
    envvar="CCI_DATA",
    show_default=True,
    help="Folder of everything that is collected, computed and published.",
)
@click.version_option(package_name="city-credit-index")
@click.pass_context
def main(ctx: click.Context, data: Path) -> None:
    """City Credit Index 城市信用指数: every number can be followed back to its source."""
    ctx.obj = Workspace(data.absolute())
    editions.search(ctx.obj.editions)


main.add_command(assess)
main.add_command(backfill)
main.add_command(bridge)
main.add_command(diff)
main.add_command(edition)
main.add_command(monitor)
main.add_command(publish)
main.add_command(published)
main.add_command(report)
main.add_command(submission)


@main.command()
@click.option("--period", type=_period, required=True)
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table")
def cities(period: str, form: str) -> None:
    """List the cities that are monitored in a month."""
    from pipelines.steps import facts

    frame = cities_of(facts.registry(), period).select(_CITY_COLUMNS)
    if form == "csv":
        click.echo(frame.write_csv(), nl=False)
        return
    shown = frame.select("city_code", "name", "name_en", "province", "city_class", "region")
    console().print(table(shown.columns, shown.rows()))


@main.command()
@_edition
@click.option(
    "--observations",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="CSV or Parquet: period,city_code,measure,value and optionally source.",
)
@click.option("--period", type=_period, help="Only this month of the file; default: all of them.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def score(edition_id: str, observations: Path, period: str | None, out: Path) -> None:
    """Score observations in a file; write leaves.csv, nodes.csv and index.csv."""
    from pipelines.scoring_files import Refused, score_file

    try:
        index = score_file(editions.load(edition_id), observations, period, out)
    except Refused as refused:
        for line in refused.lines:
            click.echo(line, err=True)
        count = len(refused.lines)
        for lang in ("zh", "en"):
            click.echo(text("cli.refused_count", lang, count=count), err=True)
        sys.exit(1)
    except ValueError as error:
        fail(error)
    months = index["period"].n_unique()
    click.echo(f"{out}: {len(index)} rows, {months} month(s), {edition_id}")


@main.command()
@click.option("--from", "first", type=_period, required=True)
@click.option("--to", "last", type=_period, required=True)
@click.option("--live-from", type=_period, help="First month that is served; default: the last.")
@click.option("--seed", default=2019, show_default=True, help="Another seed is another country.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="KIND[:SOURCE]",
    help="everyday, down:ncisp, … as sandbox/README.md tells them; may be given several times.",
)
@click.option(
    "--serve", "port", type=click.IntRange(0, 65535), help="Serve it on this port until Ctrl-C."
)
@click.pass_obj
def sandbox(
    workspace: Workspace,
    first: str,
    last: str,
    live_from: str | None,
    seed: int,
    faults: tuple[str, ...],
    port: int | None,
) -> None:
    """Found a stand-in country, invented data for the outside world, marked as simulated everywhere.

    Months before --live-from lie in the inbox, as measure files that somebody kept; the others are
    served on loopback, by `cci run`, `cci backfill` and `cci dev` themselves while they run.
    """
    from pipelines.steps import facts
    from sandbox.country import Country
    from sandbox.deliver import deliver

    asked = months(first, last)
    try:
        country = Country.found(first, last, seed=seed, live_from=live_from, faults=faults)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    country.save(workspace.sandbox)
    files = deliver(
        workspace.inbox,
        facts.registry(),
        country.kept_months,
        seed,
        everyday=country.has("everyday", "city"),
    )
    click.echo(
        f"{workspace.inbox}: {len(files)} files (simulated 模拟), {asked[0]}..{asked[-1]}, "
        f"live 可采集: {country.live_months[0]}..{country.live_months[-1]}"
    )
    if port is not None:
        _serve_country(workspace.sandbox, port)


@main.command()
@_edition
@click.option("--period", type=_period, required=True)
@lang
@click.pass_obj
def run(workspace: Workspace, edition_id: str, period: str, lang: str) -> None:
    """Collect a month, score it, and publish it if its numbers are not those that stand."""
    import dagster as dg

    from pipelines import operating, running
    from pipelines.steps import collecting, publishing
    from warehouse import publication

    timing = running.Timing()
    before = publication.latest(workspace.published, edition_id, period)
    try:
        publishing.refuse_draft(editions.load(edition_id))
        running.refuse(edition_id, period)
        with (
            running.environment(workspace),
            dg.DagsterInstance.get() as instance,
            operating.told(workspace, instance, edition_id, period, timing),
        ):
            warnings = collecting.strangers(workspace) + collecting.waiting(workspace, period)
            warnings += running.collect([period], instance, timing)
            warn(warnings)  # before anything else can stop the month
            running.execute("publication", [period], edition_id, instance, timing)
    except (ValueError, running.RunFailed) as error:
        fail(error)
    _times(timing.seconds, lang)
    say_what_stands(workspace, edition_id, period, before, lang)


@main.command()
@click.argument("city_code")
@click.option("--period", type=_period, required=True)
@_edition
@click.option("--leaf", "leaf_id", help="Follow one leaf down to its observations and their files.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@lang
@click.pass_obj
def explain(
    workspace: Workspace,
    city_code: str,
    period: str,
    edition_id: str,
    leaf_id: str | None,
    form: str,
    lang: str,
) -> None:
    """Show how a city's index came about, down to the observation and the file it came from."""
    from pipelines import explaining

    try:
        explanation = explaining.explain(workspace, edition_id, period, city_code, leaf_id)
    except (KeyError, FileNotFoundError) as error:
        fail(error)
    if form == "json":
        click.echo(explaining.as_json(explanation))
    else:
        criteria = explaining.criteria_of(workspace, edition_id, period)
        explaining.show(explanation, criteria, lang, console())


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.pass_obj
def serve(workspace: Workspace, port: int) -> None:
    """Serve the published site on this machine only."""
    site = workspace.public / "site"
    if not site.exists():
        fail(FileNotFoundError(f"nothing is published in {workspace.root}; run `cci run` first"))
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        click.echo(f"http://127.0.0.1:{server.server_port}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.pass_obj
def dev(workspace: Workspace, port: int) -> None:
    """Open the Dagster UI with all assets, checks, the schedule, and the runs of this folder."""
    from pipelines import running

    with running.environment(workspace):
        command = ["-m", "dagster", "dev", "-m", "pipelines.definitions", "-h", "127.0.0.1"]
        ended = subprocess.run([sys.executable, *command, "-p", str(port)], check=False)  # noqa: S603 - ours
    sys.exit(ended.returncode)


def _serve_country(folder: Path, port: int) -> None:
    """Serve a country in the foreground; the first line printed is its address, for CCI_SANDBOX."""
    command = [sys.executable, "-m", "sandbox.serve", "--country", str(folder), "--port", str(port)]
    # It ends when its standard input does: with this process, and not with a terminal it never had.
    with subprocess.Popen(command, stdin=subprocess.PIPE) as servers, suppress(KeyboardInterrupt):  # noqa: S603
        servers.wait()


def _times(seconds: dict[str, float], lang: str) -> None:
    rows = [(step, f"{spent:.1f}") for step, spent in sorted(seconds.items(), key=lambda s: -s[1])]
    rows = [row for row in rows if row[1] != "0.0"]
    columns = [text("cli.step", lang), text("cli.seconds", lang)]
    times = table(columns, rows, text("cli.time_goes", lang))
    times.columns[1].justify = "right"
    console().print(times)
