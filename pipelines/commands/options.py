"""Options that commands share."""

import re
from typing import Any

import click

from warehouse.contracts.columns import PERIOD_PATTERN


class Period(click.ParamType[str]):
    """A month, `YYYY-MM`."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The month as text; a usage error says what was expected."""
        if not re.match(PERIOD_PATTERN, str(value)):
            self.fail(f"{value!r} is no month; expected YYYY-MM, such as 2019-06", param, ctx)
        return str(value)
