"""The sites that are probed, as `probes.toml` declares them."""

import tomllib
from functools import cache
from pathlib import Path

from scrapers.fetch import resolve
from scrapers.formats.probes import SITES

_DECLARED = Path(__file__).with_name("probes.toml")
_CITY = "{city_code}"


@cache
def sites() -> dict[str, str]:
    """By site, the pattern of its address, with `{city_code}` in it.

    Raises:
        ValueError: the declaration is not as it should be.
    """
    declared: dict[str, str] = tomllib.loads(_DECLARED.read_text(encoding="utf-8"))
    if set(declared) != set(SITES):
        raise ValueError(f"{_DECLARED}: expected {', '.join(SITES)}")
    for site, pattern in declared.items():
        if _CITY not in pattern:
            raise ValueError(f"{_DECLARED}: {site}: {pattern!r} has no {_CITY}")
        resolve(pattern)
    return declared


def address(site: str, city_code: str) -> str | None:
    """The URL of a city's site; None where it is in the stand-in country and that is not up."""
    return resolve(sites()[site].replace(_CITY, city_code))
