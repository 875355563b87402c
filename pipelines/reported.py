"""The bulletins and reports of an installation that its site shows, a folder each."""

import shutil
from functools import partial
from pathlib import Path

from pipelines import shown as folders
from pipelines.pages import addresses, report_list, words
from pipelines.shown import Shown, with_way_back
from pipelines.swapping import settle
from pipelines.workspace import Workspace
from templates.catalogue import LANGS, text

MARK = "report.json"
"""File by which a folder is known to hold reports, which others may take the place of."""


def shown(workspace: Workspace) -> list[Shown]:
    """Reports that the site shows, by edition, period, revision and kind."""
    settle(workspace.reports)
    found = [
        folders.read(mark, report_list.address)
        for mark in workspace.reports.glob(f"**/{MARK}")
        if not mark.parent.name.startswith(".")
    ]
    return sorted(found, key=lambda each: each.address)


def link(reports: Shown, site: Path) -> None:
    """Put reports into the site: pages with a way back to it, the rest as links to the files."""
    about = reports.about
    for lang in LANGS:
        crumbs = [
            (text("site.home", lang), addresses.HOME),
            (text("report.list", lang), addresses.REPORTS),
        ]
        if about["kind"] != "annual":
            month = words.period(about["period"], lang)
            above = addresses.month(about["edition"], about["period"])
            crumbs.append((text("month.title", lang, period=month), above))
        copy = partial(with_way_back, root=site, lang=lang, crumbs=crumbs)
        target = site / reports.address / lang
        shutil.copytree(reports.folder / lang, target, copy_function=copy)
