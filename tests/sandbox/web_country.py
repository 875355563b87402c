"""One stand-in web for all tests of it: the country of the seed, its archive, what is true of both."""

from functools import cache

import polars as pl

from sandbox.country import Country
from sandbox.web.answer import Answer
from sandbox.web.archive import Entry
from sandbox.web.layouts.layout import Layout
from sandbox.web.web import Web

MONTH = "2019-06"
COUNTRY = Country.found(MONTH, MONTH)


@cache
def web() -> Web:
    return COUNTRY.web()


@cache
def truth() -> tuple[pl.DataFrame, pl.DataFrame]:
    return web().truth()


def fullest(family: str) -> str:
    """The host of a family that has most pages."""
    hosts = [host for host, one in web().watched.items() if one.family == family]
    return max(hosts, key=lambda host: (len(site(host).setting.entries), host))


def site(host: str) -> Layout:
    layout = web().layout(host)
    assert layout is not None
    return layout


def answered(host: str, address: str) -> Answer:
    path, _, query = address.partition("?")
    answer = site(host).answer(path, query)
    assert answer is not None
    return answer


def entry(kind: str, manner: str | None = None) -> Entry:
    """The first page of a kind, told in some manner."""
    return next(
        one
        for one in web().archive.entries
        if one.kind == kind and one.reprints is None and manner in (None, one.manner)
    )
