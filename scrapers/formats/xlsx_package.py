"""The package that a workbook comes in: weighed before it is unpacked, and read part by part as a stream.

It comes from outside. It is refused as a whole if it is no workbook, is damaged or encrypted, holds
macros, takes values from elsewhere (external links, data connections), or would unpack to more than a
workbook can hold. Declarations of document types, without which there are no entities, are refused too.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO
from xml.parsers import expat

from scrapers.reading import FileRefused

EXPECTED = "XLSX"
FILE_BYTES = 32 << 20
PARTS = 2_000
UNPACKED_BYTES = 256 << 20
PART_BYTES = 32 << 20
"""Most that a part other than a sheet may unpack to: its texts are held, a sheet's empty rows are not."""
RATIO = 150
"""Most that parts may shrink when packed: repeated empty rows shrink to 1/30, zip bombs to 1/1000."""
RATIO_FROM = 16 << 20
"""Unpacked size below which any ratio is harmless."""
TOKEN_BYTES = 1 << 20
"""Longest tag or comment; the parser would look through a longer one from its start again and again."""
DEPTH = 64
"""Deepest nesting of tags; the parser holds those that are open."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
_MACROS = ("macroenabled", "vbaproject", "macrosheet")
_HYPERLINK = "hyperlink"
"""Relationships of this type may lead outside: an address to click on, which nothing here does."""
_CHUNK = 1 << 16
# Cells and rows that are formatted but empty, which spreadsheets write by the million. Each names its own
# place, so that leaving it out moves nothing else.
_EMPTY_CELLS = re.compile(rb'<c r="[A-Z]+[0-9]+"[^<>]*/>')
_EMPTY_ROWS = re.compile(rb'<row r="[0-9]+"[^<>]*(?:/>|>\s*</row>)')


class Handler:
    """What is done with the tags and texts of a part, whose names come without their namespaces."""

    def start(self, tag: str, given: dict[str, str]) -> None:
        """A tag that opens, with its attributes."""

    def end(self, tag: str) -> None:
        """A tag that closes."""

    def data(self, text: str) -> None:
        """Text between tags, perhaps in pieces."""


class Tags(Handler):
    """Collects the attributes of the tags that are looked for."""

    def __init__(self, *tags: str) -> None:
        self._tags = tags
        self.found: list[dict[str, str]] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Keep the attributes if it is one of the tags."""
        if tag in self._tags:
            self.found.append(given)


@contextmanager
def opened(path: Path) -> Iterator["Package"]:
    """The package of a workbook, after all that can be refused before its sheets are read.

    Raises:
        FileRefused: not_xlsx, xlsx_damaged, xlsx_old, xlsx_encrypted, xlsx_bomb, xlsx_too_large,
            xlsx_macros, xlsx_external. Also from within the block, where a part cannot be read.
    """
    content = _looked_at(path)
    try:
        yield Package(zipfile.ZipFile(BytesIO(content)))
    except (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError) as error:
        raise FileRefused("xlsx_damaged", EXPECTED) from error
    except (LookupError, ValueError, NotImplementedError) as error:  # parts that do not fit
        raise FileRefused("not_xlsx", EXPECTED) from error


def _looked_at(path: Path) -> bytes:
    """The bytes of the package, if there is nothing to say before it is opened."""
    size = path.stat().st_size
    if size > FILE_BYTES:
        raise FileRefused("xlsx_too_large", f"≤ {FILE_BYTES >> 20} MB", found=f"{size >> 20}")
    content = path.read_bytes()
    if content.startswith(_OLE):  # the container of old XLS files, and of encrypted XLSX files
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise FileRefused("xlsx_encrypted" if encrypted else "xlsx_old", EXPECTED)
    if not content.startswith(b"PK"):
        raise FileRefused("not_xlsx", EXPECTED)
    return content


class Package:
    """The parts of a workbook. What a part is related to is found by type and by id."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._parts = _weighed(file.infolist())
        self._refuse_macros()
        self._refuse_links()

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Type and part of all that a part is related to, by id; `""` is the package itself."""
        folder, name = posixpath.split(part)
        relations = Tags("Relationship")
        self.parse(posixpath.join(folder, "_rels", f"{name}.rels"), relations)
        return {
            given["Id"]: (
                posixpath.basename(given["Type"]),
                posixpath.normpath(posixpath.join("/", folder, given["Target"])).lstrip("/"),
            )
            for given in relations.found
        }

    def parse(self, part: str, handler: Handler, *, sheet: bool = False) -> None:
        """Read a part as a stream; of a sheet, cells and rows that are empty are left out."""
        info = self._parts[part.lower()]
        if not sheet and info.file_size > PART_BYTES:
            raise FileRefused(
                "xlsx_bomb", f"≤ {PART_BYTES >> 20} MB", found=f"{info.file_size >> 20}"
            )
        parser = _parser(handler)
        read = 0
        with self._file.open(info) as stream:
            for chunk in (
                _without_empty(stream) if sheet else iter(lambda: stream.read(_CHUNK), b"")
            ):
                parser.Parse(chunk)
                read += len(chunk)
                if read - parser.CurrentByteIndex > TOKEN_BYTES:
                    raise FileRefused("xlsx_bomb", EXPECTED)
        parser.Parse(b"", True)

    def _refuse_macros(self) -> None:
        types = Tags("Default", "Override")
        self.parse("[Content_Types].xml", types)
        declared = "\n".join(given["ContentType"] for given in types.found).lower()
        if "sheet.binary" in declared:
            raise FileRefused("not_xlsx", EXPECTED)
        if any(word in f"{declared}\n{name}" for name in self._parts for word in _MACROS):
            raise FileRefused("xlsx_macros", EXPECTED)

    def _refuse_links(self) -> None:
        for name in self._parts:
            if "/externallinks/" in name or name.endswith("/connections.xml"):
                raise FileRefused("xlsx_external", EXPECTED)
            if name.endswith(".rels"):
                relations = Tags("Relationship")
                self.parse(name, relations)
                for given in relations.found:
                    outside = given.get("TargetMode", "").lower() == "external"
                    if outside and posixpath.basename(given["Type"]) != _HYPERLINK:
                        raise FileRefused("xlsx_external", EXPECTED)


def _weighed(parts: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The parts by name, after a look at what they say of themselves.

    Reading of a part ends at the size that it declares, where its checksum is compared; so one that
    declares less than it holds is damaged.
    """
    unpacked, packed = (
        sum(getattr(part, size) for part in parts) for size in ("file_size", "compress_size")
    )
    if len(parts) > PARTS:
        raise FileRefused("xlsx_bomb", f"≤ {PARTS}", found=f"{len(parts)}")
    if unpacked > UNPACKED_BYTES:
        raise FileRefused("xlsx_bomb", f"≤ {UNPACKED_BYTES >> 20} MB", found=f"{unpacked >> 20}")
    if unpacked > RATIO_FROM and unpacked > RATIO * packed:
        raise FileRefused("xlsx_bomb", f"≤ {RATIO} : 1", found=f"{unpacked // max(packed, 1)}")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise FileRefused("xlsx_encrypted", EXPECTED)
    if any(part.compress_type not in _PACKED for part in parts):
        raise FileRefused("not_xlsx", EXPECTED)
    named = {part.filename.lower(): part for part in parts}
    if len(named) < len(parts):  # two of one name: another program might read the other one
        raise FileRefused("xlsx_damaged", EXPECTED)
    return named


def _parser(handler: Handler) -> expat.XMLParserType:
    """A parser that refuses declarations of document types, as defusedxml does."""
    depth = 0

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH:
            raise FileRefused("xlsx_bomb", EXPECTED)
        handler.start(tag.rpartition(":")[2] if ":" in tag else tag, given)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(tag.rpartition(":")[2] if ":" in tag else tag)

    def doctype(*_: object) -> None:
        raise FileRefused("xlsx_bomb", "XML")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.data
    return parser


def _without_empty(stream: IO[bytes]) -> Iterator[bytes]:
    """A sheet's bytes, cut between tags, without the cells and rows that are empty."""
    held = b""
    while chunk := stream.read(_CHUNK):
        chunk = held + chunk
        cut = chunk.rfind(b"<")
        if cut <= 0:  # within a tag that is longer than a chunk
            cut = len(chunk)
        yield _EMPTY_ROWS.sub(b"", _EMPTY_CELLS.sub(b"", chunk[:cut]))
        held = chunk[cut:]
    yield held
