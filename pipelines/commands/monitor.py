"""`cci monitor`: what the monitoring body does by itself."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.review import review
from templates.catalogue import LANGS, text

if TYPE_CHECKING:
    from pipelines.workspace import Workspace


@click.group()
def monitor() -> None:
    """Watch the web sites of cities 网站监测."""


monitor.add_command(review)


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


_AT_ONCE = 1_000
"""Pages of which everything is in memory; of the others what grouping needs is."""
_existing = click.Path(exists=True, dir_okay=False, path_type=Path)


@monitor.command()
@click.option("--sites", "sites_file", type=_existing, required=True, help="CSV of the sites.")
@click.argument("pages_file", metavar="PAGES.jsonl", type=_existing)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def read(sites_file: Path, pages_file: Path, out: Path) -> None:
    """Read pages without a crawl: a record a line, in the order of the pages.

    SITES.csv has the columns site_id, name, kind, city_code, official, host; each line of PAGES.jsonl is
    an object with url, site_id, retrieved and html. Lines that cannot be read are named, the others are
    read all the same, and the exit code is 1.
    """
    import polars as pl

    from scrapers.monitor import page_files
    from scrapers.monitor.extract import extract
    from scrapers.monitor.gazetteer import Gazetteer
    from scrapers.monitor.occurrences import group
    from scrapers.monitor.reader import line, reports
    from scrapers.monitor.reader import read as read_article
    from scrapers.monitor.site_tables import LineRefused
    from warehouse.store import write_aside

    try:
        known = page_files.sites(sites_file)
    except LineRefused as refused:
        raise click.ClickException(str(refused)) from refused
    places = Gazetteer()
    taken, bad = [], 0
    frames, lines = [reports([])], []
    for page in page_files.pages(pages_file, known):
        if isinstance(page, LineRefused):
            bad += 1
            click.echo(str(page), err=True)
            continue
        article = extract(page)
        record = read_article(article, page.site, places)
        lines.append(line(record, None))
        taken.append((article, page.site, record))
        if len(taken) == _AT_ONCE:
            frames.append(reports(taken))
            taken.clear()
    told = group(pl.concat([*frames, reports(taken)]))
    events = dict(told.select("url", "event_id").iter_rows())
    written = (
        json.dumps(said | {"event_id": events.get(said["url"])}, ensure_ascii=False) + "\n"
        for said in lines
    )
    write_aside({out: lambda path: path.write_text("".join(written), encoding="utf-8")})
    said = [text("monitoring.read", lang, pages=len(lines), refused=bad) for lang in LANGS]
    click.echo(f"{out}: {' / '.join(said)}", err=True)
    sys.exit(1 if bad else 0)
