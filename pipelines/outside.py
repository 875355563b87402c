"""The world outside of an installation: the real one, or the stand-in country where it was given one."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pipelines.workspace import Workspace
from sandbox.serve import environment, serving
from scrapers.fetch import SANDBOX


@contextmanager
def outside(workspace: Workspace) -> Iterator[None]:
    """Have the stand-in country's servers up, if the data folder has one; the environment names them.

    Where the environment names a country already, that one is outside.
    """
    if SANDBOX in os.environ or not (workspace.sandbox / "country.toml").exists():
        yield
        return
    with (
        serving(workspace.sandbox) as base,
        variables({SANDBOX: base, **environment(workspace.sandbox)}),
    ):
        yield


@contextmanager
def variables(new: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the environment for a while."""
    before = dict(os.environ)
    os.environ.update(new)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
