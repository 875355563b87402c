"""CSV files of any size as pieces of text columns, each row with its place in the file.

A piece is read by Polars where that is sure to be right: there is no quotation mark in the file, and the
piece has as many commas as it must have. Other pieces are read row by row, which takes ten times as long
and finds the rows that have too few or too many fields.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
import polars as pl

from scrapers.formats.text_encoding import Content
from scrapers.reading import FileRefused

_PIECE = 1 << 24  # bytes that are read at a time, or so
_ROWS = 200_000  # rows that are read at a time where quotation marks make them of any length


@dataclass(frozen=True)
class Piece:
    """Consecutive rows of a file.

    `cells` has the wanted columns as text, null where a cell is empty, and `row` (UInt32), counted from 0
    in this piece; `rows` is how many the piece takes in the file, `width` how many fields each should
    have. Those with too few or too many are not among the cells: `misfits` are their rows and numbers.
    """

    cells: pl.DataFrame
    rows: int
    width: int
    misfits: tuple[tuple[int, int], ...] = ()


class Delimited:
    """A CSV file in UTF-8; `names` are those of its header.

    Raises:
        FileRefused: the header cannot be read.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self._quoted = content.find(b'"') >= 0
        self.names: list[str] = next(self._records(), [])

    def pieces(self, wanted: Mapping[str, int]) -> Iterator[Callable[[], Piece]]:
        """The rows after the header, in order; a piece is read when it is called for.

        Args:
            wanted: names that the wanted columns shall have, and which column each is, from 0.

        Raises:
            FileRefused: a quotation mark is not closed.
        """
        width = len(self.names)
        if self._quoted:
            records = islice(self._records(), 1, None)
            while batch := list(islice(records, _ROWS)):
                yield partial(_from_records, batch, width, wanted)
        else:
            for at in self._cuts(self._content.find(b"\n") + 1 or len(self._content)):
                yield partial(self._read, at, width, wanted)

    def _cuts(self, begin: int) -> Iterator[slice]:
        """The content from there on in pieces of whole lines."""
        while begin < len(self._content):
            end = self._content.find(b"\n", begin + _PIECE) + 1 or len(self._content)
            yield slice(begin, end)
            begin = end

    def _records(self) -> Iterator[list[str]]:
        """The fields of each record, the header's first; none of a blank line."""
        lines = (
            line
            for at in self._cuts(0)
            for line in io.StringIO(self._content[at].decode(), newline="")
        )
        read = 0
        try:
            for fields in csv.reader(lines, strict=True):
                read += 1
                yield fields
        except csv.Error:  # also where a mark that is not closed swallows too much
            raise FileRefused("broken_quotes", "CSV", read + 1) from None

    def _read(self, at: slice, width: int, wanted: Mapping[str, int]) -> Piece:
        """A piece without quotation marks."""
        content = self._content[at]
        try:
            cells = pl.read_csv(
                content,
                has_header=False,
                schema={str(i): pl.String for i in range(width)},
                quote_char=None,
            )
        except pl.exceptions.PolarsError:  # some row has too many fields
            return _from_records(_split(content), width, wanted)
        # None has more fields than it should, so if all together have as many as they should, each has.
        commas = np.count_nonzero(np.frombuffer(content, np.uint8) == ord(","))
        if commas != (width - 1) * cells.height:
            return _from_records(_split(content), width, wanted)
        chosen = cells.select(pl.col(str(i)).alias(name) for name, i in wanted.items())
        return Piece(chosen.with_row_index("row"), cells.height, width)


def _split(content: bytes) -> list[list[str]]:
    """The fields of each line, none of a blank one; there are no quotation marks."""
    lines = content.decode().removesuffix("\n").split("\n")
    return [line.rstrip("\r").split(",") if line.strip() else [] for line in lines]


def _from_records(records: list[list[str]], width: int, wanted: Mapping[str, int]) -> Piece:
    rows = [row for row, fields in enumerate(records) if len(fields) == width]
    columns = {
        name: pl.Series([records[row][i] or None for row in rows], dtype=pl.String)
        for name, i in wanted.items()
    }
    misfits = tuple(
        (row, len(fields)) for row, fields in enumerate(records) if fields and len(fields) != width
    )
    row = pl.Series(rows, dtype=pl.UInt32)
    return Piece(pl.DataFrame({"row": row, **columns}), len(records), width, misfits)
