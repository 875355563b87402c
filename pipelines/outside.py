"""The world outside of an installation: the real one, or the stand-in country where it was given one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.serve import environment, serving

from pipelines.workspace import Workspace
from scrapers.fetch import SANDBOX


@contextmanager
def outside(workspace: Workspace) -> Iterator[None]:
    """Have the stand-in country's services up, if the data folder has one; the environment names them."""
    if SANDBOX in os.environ or not (workspace.sandbox / "country.toml").exists():
        yield
        return
    with serving(workspace.sandbox) as base:
        os.environ.update({SANDBOX: base, **environment(workspace.sandbox)})
        yield
