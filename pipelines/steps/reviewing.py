"""The operator's desk: what was read of pages, and the corrections of it, which are kept apart."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl
from filelock import FileLock

from indicators.registry import cities_of
from pipelines.pages.exports import write_csv
from pipelines.periods import this_month
from pipelines.steps import facts, reading
from pipelines.workspace import Workspace
from scrapers.formats.text_encoding import as_utf8
from scrapers.monitor import review
from scrapers.monitor.review import Correction, NotTaken, Problem, Standing
from scrapers.reading import REFUSED, FileRefused, harmless
from warehouse.store import write_aside

LISTED: Final = ("confidence", "url", "title", "city", *review.DECISIONS, "why")
"""Columns of a list, before those that an operator fills in."""
_SET: Final = "set_"
"""How the names of those begin."""


def corrections(workspace: Workspace) -> list[Correction]:
    """All corrections in the order in which they were made; a last line that broke off is none.

    Raises:
        ValueError: a line is not as it should be; its number is named, what it says is not repeated.
    """
    path = workspace.corrections
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    return [_correction(line, f"{path}: line {number}") for number, line in enumerate(lines, 1)]


def standing(workspace: Workspace) -> Standing:
    """The corrections that stand. Raises ValueError as `corrections`."""
    return review.standing(corrections(workspace))


@dataclass(frozen=True)
class Desk:
    """Pages as they were read, with the columns of `reading.READ` but the text, to be corrected."""

    workspace: Workspace
    read: pl.DataFrame

    @classmethod
    def of(cls, workspace: Workspace) -> "Desk":
        """With everything that this version of the reader has read."""
        return cls(workspace, reading.readings(workspace).drop("text"))

    @property
    def standing(self) -> Standing:
        """The corrections that stand now."""
        return standing(self.workspace)

    @property
    def last_month(self) -> str:
        """The last month that a page is of; this month where no page has a day."""
        days = self.read["published"].drop_nulls().dt.strftime("%Y-%m")
        return this_month() if days.is_empty() else str(days.max())

    def doubtful(self, period: str) -> pl.DataFrame:
        """Pages of a month, and those without a day, to be looked at: the least certain first."""
        of_month = pl.col("published").dt.strftime("%Y-%m") == period
        laid = review.apply(self.read, self.standing)
        return _named(review.doubtful(laid.filter(of_month.fill_null(True))))

    def page(self, url: str) -> dict[str, Any]:
        """A page, corrected. Raises NotTaken where none was read at the address."""
        rows = review.apply(self._read_at(url), self.standing)
        return _named(rows).row(0, named=True)

    def correct(self, url: str, given: Mapping[str, str], now: datetime) -> int:
        """Correct a page.

        Returns:
            How many decisions that changes.

        Raises:
            NotTaken: some of the corrections cannot be; then none is taken.
        """
        with _held(self.workspace.corrections) as append:
            said = self._settled(url, given, self.standing)
            append(_made(url, said, now))
        return len(said)

    def undo(self, url: str, now: datetime) -> int:
        """Take back what was corrected of a page; gives how many decisions that changes."""
        with _held(self.workspace.corrections) as append:
            stood = self.standing.get(url, {})
            append(_made(url, dict.fromkeys(stood), now))
        return len(stood)

    def take(self, path: Path, now: datetime) -> tuple[int, pl.DataFrame]:
        """Take in a list that was filled in: all corrections of a row, or none where one cannot be.

        Returns:
            How many pages were corrected, and what was refused, with the columns of `REFUSED`.

        Raises:
            FileRefused: the file is no such list.
        """
        new: list[Correction] = []
        refused = []
        with _held(self.workspace.corrections) as append:
            stands = dict(self.standing)
            for row, cells in _filled_in(path):
                given = {name: cell for name, cell in cells.items() if name != "url" and cell}
                if not given:
                    continue
                url = cells["url"]
                try:
                    said = self._settled(url, given, stands)
                except NotTaken as not_taken:
                    refused += [
                        (
                            row,
                            _column(p.field),
                            p.reason,
                            harmless(cells.get(p.field, "")),
                            p.expected,
                        )
                        for p in not_taken.problems
                    ]
                    continue
                new += _made(url, said, now)
                stands[url] = {
                    field: text
                    for field, text in {**stands.get(url, {}), **said}.items()
                    if text is not None
                }
            append(new)
        taken = len({one.url for one in new})
        return taken, pl.DataFrame(refused, schema=REFUSED, orient="row")

    def _settled(
        self, url: str, given: Mapping[str, str], stands: Standing
    ) -> dict[str, str | None]:
        """What is to be written down for a page. Raises NotTaken."""
        page = self._read_at(url)
        said = review.settled(page.row(0, named=True), stands.get(url, {}), given)
        if (code := said.get("city_code")) not in (None, review.NOTHING):
            day = review.apply(page, {url: {**stands.get(url, {}), **given}})["published"].item(0)
            cities = facts.registry()
            if day:
                cities = cities_of(cities, f"{day:%Y-%m}")
            if code not in cities["city_code"]:
                raise NotTaken(Problem("city_code", "city_unknown", "cci cities --period"))
        if other := said.get(review.SAME_EVENT):
            self._refuse_no_event(url, other, stands)
        return said

    def _refuse_no_event(self, url: str, other: str, stands: Standing) -> None:
        there = review.apply(self.read.filter(pl.col("url") == other), stands)
        if other == url or not there["kind"].is_in(review.TOLD).any():
            raise NotTaken(Problem(review.SAME_EVENT, "page_of_no_event", "event, response"))

    def _read_at(self, url: str) -> pl.DataFrame:
        page = self.read.filter(pl.col("url") == url).head(1)
        if page.is_empty():
            raise NotTaken(Problem("url", "page_unknown", "url"))
        return page


def write_list(doubtful: pl.DataFrame, path: Path) -> None:
    """Write a list to work on in a spreadsheet: what was decided, and empty columns for corrections."""
    said = doubtful.with_columns(
        pl.col("rule_fields").list.join(","),
        pl.col("confidence").round(2),
        pl.col("why").map_elements(reasons, return_dtype=pl.String),
    ).select(
        pl.col(column).map_elements(plain, return_dtype=pl.String)
        if doubtful.schema[column] == pl.String
        else column
        for column in LISTED
    )
    empty = (pl.lit("").alias(f"{_SET}{field}") for field in review.CORRECTABLE)
    write_aside({path: partial(write_csv, said.with_columns(empty))})


def reasons(why: str) -> str:
    """Decisions and their reasons as one line."""
    return " · ".join(f"{decision}: {reason}" for decision, reason in json.loads(why).items())


def plain(text: str) -> str:
    """Text that a terminal and a spreadsheet show as it is: one line, no control characters."""
    return "".join(character if character.isprintable() else " " for character in text)


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """With the names of their cities, as they are called last."""
    names = facts.registry().select("city_code", city="name").unique("city_code", keep="last")
    return rows.join(names, on="city_code", how="left", maintain_order="left")


def _column(field: str) -> str:
    return field if field == "url" else f"{_SET}{field}"


def _filled_in(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a list and their numbers; cells by what they correct. Raises FileRefused."""
    text = io.StringIO(as_utf8(path)[:].decode(), newline="")
    rows = csv.reader(text, strict=True)
    try:
        names = next(rows, [])
        at = _columns(names)
        for number, cells in enumerate(rows, 2):
            if any(cells):
                padded = cells + [""] * (len(names) - len(cells))
                yield number, {field: padded[i].strip() for field, i in at.items()}
    except csv.Error:
        raise FileRefused("broken_quotes", "CSV", rows.line_num) from None


def _columns(names: Sequence[str]) -> dict[str, int]:
    """Where the address stands and what is corrected."""
    at: dict[str, int] = {}
    for i, name in enumerate(names):
        field = name.strip().removeprefix(_SET)
        if name.strip() != _column(field):
            continue
        if field != "url" and field not in review.CORRECTABLE:
            raise FileRefused("column_unknown", ", ".join(review.CORRECTABLE), 1, name)
        if field in at:
            raise FileRefused("column_twice", "", 1, name)
        at[field] = i
    if "url" not in at or len(at) == 1:
        raise FileRefused("columns_missing", "url, set_…", 1)
    return at


def _made(url: str, said: Mapping[str, str | None], now: datetime) -> list[Correction]:
    when = now.isoformat(timespec="seconds")
    return [Correction(url, field, text, when) for field, text in said.items()]


@contextmanager
def _held(path: Path) -> Iterator[Callable[[Sequence[Correction]], None]]:
    """Hold the corrections; what is yielded writes new ones behind them, to the disk."""

    def append(made: Sequence[Correction]) -> None:
        if not made:
            return
        lines = [json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in made]
        with path.open("a+b") as file:
            file.seek(0)
            # A line that broke off was never taken.
            file.truncate(file.read().rfind(b"\n") + 1)
            file.write("".join(lines).encode())
            file.flush()
            os.fsync(file.fileno())

    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        yield append


def _correction(line: bytes, where: str) -> Correction:
    try:
        made = Correction(**json.loads(line))
        if not all(isinstance(part, str) for part in (made.url, made.field, made.value or "")):
            raise TypeError
        datetime.fromisoformat(made.when)
        if made.value is not None:
            review.value(made.field, made.value)
    except NotTaken as refused:
        raise ValueError(f"{where}: {refused}") from None
    except (ValueError, TypeError, RecursionError):
        raise ValueError(f"{where}: expected a JSON object with url, field, value, when") from None
    return made
