"""One data folder with invented months, collected and scored once for all tests here."""

import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines import running
from pipelines.steps import facts
from pipelines.workspace import Workspace
from sandbox.deliver import deliver
from scrapers.web.family import families
from scrapers.web.sites import Watched, watched

BEFORE, MONTH = "2019-05", "2019-06"
EDITION = "cci-2019"
READ_OFF = [counter.measure for family in families().values() for counter in family.counter]
"""Measures that sites have counters of."""


@pytest.fixture(scope="session")
def instance() -> Iterator[dg.DagsterInstance]:
    """One ephemeral Dagster instance for all runs."""
    with dg.DagsterInstance.ephemeral() as ephemeral:
        yield ephemeral


@pytest.fixture(scope="session")
def scored(tmp_path_factory: pytest.TempPathFactory, instance: dg.DagsterInstance) -> Workspace:
    """Two months delivered by the sandbox, collected and scored; never changed by a test."""
    workspace = Workspace(tmp_path_factory.mktemp("scored"))
    deliver(workspace.inbox, facts.registry(), [BEFORE, MONTH])
    run(workspace, "collection", [BEFORE, MONTH], instance)
    run(workspace, "scores", [BEFORE, MONTH], instance)
    return workspace


def sites_of_zhejiang(families: Collection[str]) -> tuple[Watched, ...]:
    """The sites of one province and a quarter of the media: a small part of the web, in little time."""
    everything = watched(families)
    media = [one for one in everything if one.site.kind == "media"]
    own = [
        one
        for one in everything
        if (one.site.city_code or "").startswith("33") or one.site.site_id == "court_330000"
    ]
    return (*media[::4], *own)


@pytest.fixture
def workspace(scored: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the scored months that a test may change."""
    copy = Workspace(tmp_path / "data")
    shutil.copytree(scored.root, copy.root)
    return copy


def run(
    workspace: Workspace,
    job: str,
    periods: list[str],
    instance: dg.DagsterInstance,
    edition_id: str = EDITION,
) -> list[str]:
    """Run a job of the pipeline on a data folder; a collection goes on to its observations."""
    before = os.environ.get("CCI_DATA")
    os.environ["CCI_DATA"] = str(workspace.root)
    try:
        if job == "collection":
            return running.collect(periods, instance, running.Timing())
        return running.execute(job, periods, edition_id, instance, running.Timing())
    finally:
        if before is None:
            del os.environ["CCI_DATA"]
        else:
            os.environ["CCI_DATA"] = before
