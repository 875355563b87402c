"""The stand-in web: hosts that end in `.example`, all of them behind one proxy on this machine."""

import os
from typing import Final

from scrapers.fetch import SANDBOX

STAND_IN: Final = ".example"
"""How its hosts end; no real one can end so (RFC 2606)."""


def proxy() -> str | None:
    """The address of the proxy that they are asked through; None where it is not up."""
    return (os.environ.get(SANDBOX) or "").rstrip("/") or None


def is_stand_in(host: str) -> bool:
    """Whether a host is one of it."""
    return host.partition(":")[0].endswith(STAND_IN)
