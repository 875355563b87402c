"""Scorecards per second on one core, and a whole month's pages, against writing the same bytes."""

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from indicators.registry import cities_of
from pipelines import pages
from pipelines.pages import reading, scorecard
from pipelines.steps import facts
from templates.catalogue import LANGS
from templates.environment import render
from tests.templates.invented import publish_invented
from warehouse.publication import Publication


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    of = cities_of(facts.registry(), "2019-06")
    with tempfile.TemporaryDirectory() as folder:
        publication = publish_invented(Path(folder) / "published", of=of)
        codes = of["city_code"].to_list()
        begun = time.perf_counter()
        cards = _cards(publication, codes)
        rendering = time.perf_counter() - begun
        writing = _write(Path(folder) / "cards", cards)
        begun = time.perf_counter()
        pages.render_publication(publication, Path(folder) / "out", workers=1)
        everything = time.perf_counter() - begun
        files = {p.name: p.read_bytes() for p in (Path(folder) / "out").rglob("*") if p.is_file()}
        copying = _write(Path(folder) / "copy", files)
    each = (rendering + writing) / len(cards)
    base = f"write them {writing:.2f} s"
    rows = [
        (
            "scorecards a second a core",
            f"{1 / each:.0f}",
            base,
            f"{rendering / writing:.0f}",
            "100",
        ),
        (
            "all pages and exports, 1 core",
            f"{everything:.1f} s",
            f"write them {copying:.2f} s",
            f"{everything / copying:.0f}",
            "",
        ),
        ("largest scorecard", f"{max(map(len, cards.values())) / 1000:.0f} kB", "", "", "150 kB"),
    ]
    sys.stdout.write(json.dumps(rows) + "\n")


def _cards(publication: Publication, codes: list[str]) -> dict[str, bytes]:
    """Every scorecard in both languages, from the stored frames to bytes."""
    known = reading.read(publication, codes)
    made = {}
    for lang in LANGS:
        cards = scorecard.Cards(known, lang)
        for code in codes:
            made[f"{lang}-{code}.html"] = render("scorecard", cards.card(code), lang).encode()
    return made


def _write(folder: Path, files: Mapping[str, bytes]) -> float:
    """Seconds that writing the bytes takes."""
    folder.mkdir()
    begun = time.perf_counter()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
