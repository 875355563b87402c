"""The whole site of one month on two cores, its sizes, and every PDF of the month.

Everything is made in full and measured: 672 scorecards and ledgers in two languages, lists, downloads,
and the site around them; the ranking bulletin, a bulletin of every city, consultation papers as PDFs.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from indicators.registry import cities_of
from pipelines.pages import addresses
from pipelines.steps import facts, publishing, reporting
from pipelines.workspace import Workspace
from templates.catalogue import LANGS
from tests.templates.invented import publish_invented
from warehouse.publication import Publication

_MEGA = 1_000_000
_SITE_LIMIT, _PDF_LIMIT = 60, 600


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    of = cities_of(facts.registry(), "2019-06")
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        spells = facts.write_registry(workspace)
        facts.write_published_rankings(workspace, spells)
        facts.write_model_cities(workspace, spells)
        publication = publish_invented(workspace.published, of=of)
        release = _seconds(lambda: publishing.release_site(workspace))
        again = _seconds(lambda: publishing.release_site(workspace))
        rows = [
            (
                "site of a month, 2 processes",
                f"{release:.0f} s",
                f"again, nothing new {again:.1f} s",
                "",
                f"{_SITE_LIMIT} s",
            ),
            *_sizes(workspace, publication),
            *_pdfs(workspace, publication),
        ]
    sys.stdout.write(json.dumps(rows) + "\n")


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _sizes(workspace: Workspace, publication: Publication) -> list[tuple[str, ...]]:
    """The largest scorecard; pages, scripts' data and downloads of the month."""
    place = addresses.publication(publication.edition, publication.period, publication.revision)
    site = workspace.public / "site"
    folders = [site / addresses.in_language(lang, place) for lang in LANGS]
    cards = [card.stat().st_size for folder in folders for card in folder.glob("city/*.html")]
    written = [path.stat().st_size for folder in folders for path in folder.rglob("*.html")]
    data = [path.stat().st_size for path in (site / place / "data").rglob("*") if path.is_file()]
    parquet = [path.stat().st_size for path in (site / place / "data").glob("*.parquet")]
    return [
        ("largest scorecard of the site", f"{max(cards) / 1000:.0f} kB", "", "", "150 kB"),
        ("pages of a month", f"{sum(written) / _MEGA:.0f} MB", f"{len(written)} pages", "", ""),
        (
            "downloads of a month",
            f"{sum(data) / _MEGA:.0f} MB",
            f"Parquet alone {sum(parquet) / _MEGA:.1f} MB",
            f"{sum(data) / sum(parquet):.0f}",
            "",
        ),
    ]


def _pdfs(workspace: Workspace, publication: Publication) -> list[tuple[str, ...]]:
    """Every PDF of the month, all of them made."""
    made: list[reporting.Made] = []
    kinds: tuple[Callable[[], reporting.Made], ...] = (
        lambda: reporting.write_ranking(workspace, publication, "zh"),
        lambda: reporting.write_cities(workspace, publication, "zh", None),
        lambda: reporting.write_consultation(workspace, publication, "zh"),
    )
    spent = _seconds(lambda: made.extend(make() for make in kinds))
    written = [path for each in made for path in each.folder.rglob("*.pdf")]
    found = [each.problem for each in made if each.problem]
    said = found[0] if found else f"{len(written)} files, {spent / len(written):.2f} s each"
    return [("every PDF of a month", f"{spent:.0f} s", said, "", f"{_PDF_LIMIT} s")]


if __name__ == "__main__":
    main()
