"""The bulletins and reports of an installation that its site shows, a folder each."""

import hashlib
import json
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pipelines.assessments import with_way_back
from pipelines.pages import addresses, report_list, words
from pipelines.pages.papers import PDFS
from pipelines.workspace import Workspace
from templates.catalogue import LANGS, text

MARK = "report.json"
"""File by which a folder is known to hold reports, which others may take the place of."""


@dataclass(frozen=True)
class Shown:
    """Reports that were made together: their folder, what they say of themselves, a hash of them all."""

    folder: Path
    about: dict[str, Any]
    digest: str

    @property
    def address(self) -> str:
        """Their folder in the site."""
        return report_list.address(self.about)


def shown(workspace: Workspace) -> list[Shown]:
    """Reports that the site shows, by edition, period, revision and kind."""
    found = []
    for mark in workspace.reports.glob(f"**/{MARK}"):
        if not mark.parent.name.startswith("."):
            about = json.loads(mark.read_text(encoding="utf-8"))
            made_of = mark.read_bytes() + (mark.parent / PDFS).read_bytes()
            found.append(Shown(mark.parent, about, hashlib.sha256(made_of).hexdigest()))
    return sorted(found, key=lambda each: each.address)


def link(reports: Shown, site: Path) -> None:
    """Put reports into the site: pages with a way back to it, the rest as links to the files."""
    about = reports.about
    for lang in LANGS:
        crumbs = [(text("site.home", lang), addresses.HOME)]
        if about["kind"] != "annual":
            month = words.period(about["period"], lang)
            above = addresses.month(about["edition"], about["period"])
            crumbs.append((text("month.title", lang, period=month), above))
        copy = partial(with_way_back, root=site, lang=lang, crumbs=crumbs)
        target = site / reports.address / lang
        shutil.copytree(reports.folder / lang, target, copy_function=copy)
