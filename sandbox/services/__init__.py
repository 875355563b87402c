"""What the stand-in country's offices put into the world, source by source, as the bytes that travel."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Document:
    """A file that an office delivers. `content` makes its bytes, the same each time."""

    name: str
    content: Callable[[], bytes]
