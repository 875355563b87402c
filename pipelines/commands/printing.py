"""How commands print: tables for a terminal of 100 columns, warnings, and failures."""

from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.table import Column, Table


def fail(error: Exception) -> NoReturn:
    """End the command with what went wrong, in the error's own words."""
    message = error.args[0] if isinstance(error, KeyError) else error
    raise click.ClickException(str(message))


def warn(warnings: Iterable[str]) -> None:
    """Say what does not stop the command."""
    for warning in warnings:
        click.secho(f"⚠ {warning}", err=True, fg="yellow")


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> Table:
    """A plain table; what is too wide goes on below, as Chinese has no spaces to break at."""
    made = Table(
        *(Column(name, overflow="fold") for name in columns),
        box=None,
        pad_edge=False,
        header_style="bold",
        title=title or None,
        title_justify="left",
    )
    for row in rows:
        made.add_row(*(str(cell) for cell in row))
    return made


def console() -> Console:
    """The terminal, printing what it is given and no more."""
    return Console(highlight=False)
