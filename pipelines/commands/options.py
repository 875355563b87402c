"""Options that commands share."""

import re
from typing import Any

import click

from indicators import edition as editions
from indicators.screen import FIRST_PERIOD
from pipelines.periods import between
from warehouse.contracts.columns import PERIOD_PATTERN

lang = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", envvar="CCI_LANG", show_default=True
)


def months(first: str, last: str) -> list[str]:
    """Months from the first to the last. Raises a usage error where there are none to work on."""
    if first > last:
        raise click.UsageError(f"--from {first} lies after --to {last}")
    if first < FIRST_PERIOD:
        raise click.UsageError(f"--from {first} lies before {FIRST_PERIOD}, when monitoring began")
    return between(first, last)


class Period(click.ParamType[str]):
    """A month, `YYYY-MM`."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The month as text; a usage error says what was expected."""
        if not re.match(PERIOD_PATTERN, str(value)):
            self.fail(f"{value!r} is no month; expected YYYY-MM, such as 2019-06", param, ctx)
        return str(value)


class EditionId(click.ParamType[str]):
    """An edition: one that is shipped, or one that the installation wrote in its `editions` folder."""

    name = "edition"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The id; a usage error names the editions there are, and one that is wrong in full."""
        try:
            return editions.load(str(value)).id
        except KeyError as error:
            self.fail(str(error.args[0]), param, ctx)
        except editions.EditionError as error:
            self.fail(f"{value} cannot be used:\n{error}", param, ctx)
