"""Where everything of one installation lies: one data folder, and the names of what is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from warehouse.store import Store


@dataclass(frozen=True)
class Workspace:
    """The data folder of one installation."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Where offices drop files: `<source_id>/<period>/<file>`."""
        return self.root / "inbox"

    @property
    def landing(self) -> Path:
        """What was read of everything that arrived, with receipts."""
        return self.root / "landing"

    @property
    def arriving(self) -> Path:
        """What is being read at this moment, each process in a folder of its own."""
        return self.root / "arriving"

    @property
    def crawl(self) -> Path:
        """What is remembered of each watched site between crawls."""
        return self.root / "web" / "crawl"

    @property
    def archive(self) -> Path:
        """Articles of the watched sites, people left out."""
        return self.root / "web" / "archive"

    @property
    def readings(self) -> Path:
        """What was read of the archive, by version of the reader."""
        return self.root / "web" / "readings"

    @property
    def corrections(self) -> Path:
        """What operators corrected of it, kept apart."""
        return self.root / "web" / "corrections.jsonl"

    @property
    def editions(self) -> Path:
        """Editions that this installation wrote itself: `<id>.toml`."""
        return self.root / "editions"

    @property
    def sandbox(self) -> Path:
        """The stand-in country, where this installation has one for its outside world."""
        return self.root / "sandbox"

    @property
    def store(self) -> Store:
        """Tables as Parquet partitions."""
        return Store(self.root / "tables")

    @property
    def published(self) -> Path:
        """Publications: `<edition>/<period>/r<N>`."""
        return self.root / "published"

    @property
    def assessments(self) -> Path:
        """Reports of assessments: `<edition>/<period>`."""
        return self.root / "assessments"

    @property
    def reports(self) -> Path:
        """Bulletins and reports: `<edition>/<period>/r<N>/<kind>`; annual: `<edition>/<year>/annual`."""
        return self.root / "reports"

    @property
    def rendered(self) -> Path:
        """Pages of each publication, made once."""
        return self.root / "rendered"

    @property
    def releases(self) -> Path:
        """What readers saw and see, each release a folder."""
        return self.root / "releases"

    @property
    def public(self) -> Path:
        """Link to the current release: `site/` and `cci.duckdb`."""
        return self.root / "public"

    @property
    def operator(self) -> Path:
        """The operator's page, and notes of the last runs."""
        return self.root / "operator"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own record of runs, assets and checks."""
        return self.root / "dagster"

    @contextmanager
    def publishing(self) -> Iterator[None]:
        """Hold the right to publish, waiting for a run that has it; it ends with the process."""
        self.root.mkdir(parents=True, exist_ok=True)
        with FileLock(self.root / "publishing.lock"):
            yield
