"""The encoding of a text file, found by looking: offices send UTF-8 and GB18030, and label neither."""

import codecs
import mmap
from collections.abc import Iterator
from pathlib import Path

from scrapers.reading import FileRefused

Content = bytes | mmap.mmap
_BLOCK = 1 << 18


def as_utf8(path: Path) -> Content:
    """The bytes of a text file as UTF-8, without a mark at its beginning.

    What can be read as UTF-8 is: text in GB18030 that is longer than a few characters never can.

    Raises:
        FileRefused: the file is empty, or is neither; the row is the first that cannot be read.
    """
    if not path.stat().st_size:
        raise FileRefused("empty", "CSV, Parquet")
    with path.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    marked = content[:3] == codecs.BOM_UTF8
    begin = 3 if marked else 0
    wrong = _first_wrong(content, begin, "utf-8")
    if wrong is None:
        return content[begin:] if marked else content
    try:
        return b"".join(text.encode() for text in _decoded(content, begin, "gb18030"))
    except UnicodeDecodeError:
        further = max(wrong, _first_wrong(content, begin, "gb18030") or 0)
        row = content[:further].count(b"\n") + 1
        raise FileRefused("not_text", "UTF-8, GB18030", row) from None


def ends_early(content: Content) -> bool:
    """Whether a CSV breaks off in its last line: it has no end, and fewer fields than the header.

    What it has told until then looks whole, and counts of it would be too low.
    """
    if content[-1:] in (b"", b"\n", b"\r"):
        return False
    header, last = content[: content.find(b"\n") + 1], content[content.rfind(b"\n") + 1 :]
    return last.count(b",") < header.count(b",")


def _decoded(content: Content, begin: int, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for at in range(begin, len(content), _BLOCK):
        yield decoder.decode(content[at : at + _BLOCK], final=at + _BLOCK >= len(content))


def _first_wrong(content: Content, begin: int, encoding: str) -> int | None:
    """About where the first byte is that cannot be read, exact to the line; None where all can."""
    read = begin
    try:
        for _ in _decoded(content, begin, encoding):
            read = min(read + _BLOCK, len(content))
    except UnicodeDecodeError as error:
        return read + error.start
    return None
