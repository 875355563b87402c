"""`cci monitor`: what the monitoring body does by itself."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from templates.catalogue import LANGS, text

if TYPE_CHECKING:
    from pipelines.workspace import Workspace


@click.group()
def monitor() -> None:
    """Watch the web sites of cities 网站监测."""


@monitor.command()
@click.pass_obj
def probe(workspace: "Workspace") -> None:
    """Ask every credit website and service platform once whether it answers.

    The log goes into the inbox of this month, from where the month's run takes it.
    """
    from pipelines.steps import probing
    from scrapers.crawl import CrawlFailed
    from scrapers.declaration import CLOCK

    try:
        path, log = probing.probe(workspace, datetime.now(tz=CLOCK))
    except (CrawlFailed, ConnectionError) as error:
        raise click.ClickException(str(error)) from error
    said = [
        text("monitoring.probed", lang, sites=len(log), answered=int(log["answered"].sum()))
        for lang in LANGS
    ]
    click.echo(f"{path}: {' / '.join(said)}")
