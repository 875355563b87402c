"""Everything that Dagster loads."""

from pathlib import Path

import dagster as dg

from pipelines.progress import console
from pipelines.resources import Installation


@dg.definitions
def defs() -> dg.Definitions:
    """Assets, checks, jobs, schedule and sensor of `pipelines/defs`, and the data folder they use."""
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(
            resources={"installation": Installation(data=dg.EnvVar("CCI_DATA"))},
            loggers={"console": console},
        ),
    )
