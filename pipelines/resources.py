"""The data folder, as a Dagster resource."""

from pathlib import Path

import dagster as dg

from pipelines.workspace import Workspace


class Installation(dg.ConfigurableResource):  # type: ignore[type-arg]  # its parameter is its own type
    """One installation: the folder that all of its data is in."""

    data: str

    @property
    def workspace(self) -> Workspace:
        """The folder's layout."""
        return Workspace(Path(self.data).absolute())
