"""What a site answers, before it becomes messages of a server."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What a site answers.

    Attributes:
        live: whether it may change in time, and can be asked for on condition that it did.
        declared: length that the headers tell, where it is not that of the body.
        drips: how many pieces the body comes in, with a pause before each.
    """

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    live: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    declared: int | None = None
    drips: int = 1
