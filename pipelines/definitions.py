"""Everything that Dagster loads."""

import os
from pathlib import Path

import dagster as dg

from indicators import edition
from pipelines.progress import console
from pipelines.resources import Installation
from pipelines.workspace import Workspace


@dg.definitions
def defs() -> dg.Definitions:
    """Assets, checks, jobs, schedule and sensor of `pipelines/defs`, and the data folder they use."""
    if "CCI_DATA" in os.environ:
        # Before anything in `defs` is imported, whose partitions are the editions that are known.
        edition.search(Workspace(Path(os.environ["CCI_DATA"]).absolute()).editions)
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(
            resources={"installation": Installation(data=dg.EnvVar("CCI_DATA"))},
            loggers={"console": console},
        ),
    )
