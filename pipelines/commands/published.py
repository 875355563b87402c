"""`cci published`: rankings as others published them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from pipelines.commands.options import Period
from templates.catalogue import LANGS, text

if TYPE_CHECKING:
    import polars as pl

    from pipelines.workspace import Workspace
    from scrapers.sources.published_rankings.lists import Note


@click.group()
def published() -> None:
    """Read rankings that were published elsewhere 已公布排名."""


@published.command()
@click.argument("page", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "csv"]), default="table")
@click.option(
    "--period", type=Period(), help="Month whose cities are meant; default: as the page says."
)
def read(page: Path, form: str, period: str | None) -> None:
    """Read a saved page that prints a ranking, in a table or run together in a text.

    Figures and names are as printed; what mirrors did to them is undone: digits of full width, blanks
    inside of numbers and names, traditional characters. What is odd goes to stderr.
    """
    from pipelines.steps import facts, printed
    from scrapers.sources.published_rankings.lists import NotARanking
    from scrapers.sources.published_rankings.page import MOST_BYTES
    from scrapers.sources.published_rankings.page import read as read_page

    with page.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    try:
        found = read_page(content)
    except NotARanking as refusal:
        _fail(page.name, "too_large", limit=refusal.limit)
    if found.rows.is_empty():
        _tell(page.name, found.notes)
        _fail(page.name, "none")
    month = period or found.month
    rows, unresolved = printed.coded(found.rows, month, facts.registry())
    _tell(page.name, [*found.notes, *unresolved])
    _say(page.name, "months" if month else "no_month", month=month)
    _show(rows.select(printed.COLUMNS), form)


@published.command()
@click.argument("addresses", nargs=-1, required=True, metavar="URL...")
@click.option(
    "--period", type=Period(), help="Month whose cities are meant; default: as each page says."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.pass_obj
def crawl(
    workspace: "Workspace", addresses: tuple[str, ...], period: str | None, out: Path
) -> None:
    """Fetch pages that print rankings, and write all that they print into a CSV file.

    robots.txt is obeyed and no link is followed. The pages are not kept; each row names its page. Where
    one page cannot be had or prints no ranking, nothing is written.
    """
    import polars as pl

    from pipelines.outside import outside
    from pipelines.steps import facts, printed
    from scrapers import crawl as crawling
    from scrapers.fetch import resolve
    from scrapers.sources.published_rankings.lists import Note, Place
    from scrapers.sources.published_rankings.page import PRINTED
    from scrapers.sources.published_rankings.spider import NAME, limits
    from warehouse.store import write_aside

    try:
        with outside(workspace):
            urls = [resolve(address) for address in addresses]
            if None in urls:
                raise click.UsageError("there is no stand-in country; found one with `cci sandbox`")
            pages = crawling.crawl(NAME, {"addresses": urls}, limits(len(urls)))
    except (ValueError, crawling.CrawlFailed) as error:
        raise click.ClickException(str(error)) from error
    found = []
    for page in sorted(pages, key=lambda page: page["number"]):
        address = addresses[page["number"]]
        notes = [
            Note(note["reason"], Place(**note["place"]), note["about"]) for note in page["notes"]
        ]
        if not page["rows"]:
            _tell(address, notes)
            _fail(address, "none")
        month = period or page["month"]
        rows, unresolved = printed.coded(
            pl.DataFrame(page["rows"], schema=PRINTED), month, facts.registry()
        )
        _tell(address, [*notes, *unresolved])
        _say(address, "months" if month else "no_month", month=month)
        told = {"month": pl.lit(month), "source_url": pl.lit(address)}
        found.append(rows.with_columns(**told).select("month", *printed.COLUMNS, "source_url"))
    table = pl.concat(found).with_columns(pl.col(pl.String).replace("", None))
    write_aside({out: table.write_csv})
    click.echo(f"{out}: {len(table)}")


def _show(rows: "pl.DataFrame", form: str) -> None:
    import polars as pl

    if form == "csv":
        click.echo(rows.with_columns(pl.col(pl.String).replace("", None)).write_csv(), nl=False)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*rows.columns, box=None, pad_edge=False, header_style="bold")
    for row in rows.rows():
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    Console(highlight=False).print(table)


def _tell(page: str, notes: "list[Note]") -> None:
    for note in notes:
        places = [
            text("printed.place", lang, part=note.place.part, row=note.place.row) for lang in LANGS
        ]
        says = [text(f"printed.{note.reason}", lang).format(about=note.about) for lang in LANGS]
        click.echo(f"{page}: {' / '.join(places)}: {' / '.join(says)}", err=True)


def _say(page: str, key: str, **parameters: object) -> None:
    says = (text(f"printed.{key}", lang).format(**parameters) for lang in LANGS)
    click.echo(f"{page}: {' / '.join(says)}", err=True)


def _fail(page: str, key: str, **parameters: object) -> NoReturn:
    _say(page, key, **parameters)
    sys.exit(1)
