"""The assessments of an installation that its site shows: those of final editions, a folder each."""

import os
import re
import shutil
from functools import partial
from pathlib import Path

from pipelines import shown as folders
from pipelines.pages import addresses
from pipelines.shown import Shown, with_way_back
from pipelines.swapping import settle
from pipelines.workspace import Workspace
from templates.catalogue import LANGS, text
from warehouse.contracts.columns import PERIOD_PATTERN

MARK = "assessment.json"
"""File by which a folder is known to be an assessment, which another may take the place of."""


def shown(workspace: Workspace) -> list[Shown]:
    """Assessments that the site shows, by edition and month. Those of a file or a draft are not."""
    settle(workspace.assessments)
    marks = sorted(workspace.assessments.glob(f"*/*/{MARK}"))
    found = [
        folders.read(mark, lambda about: addresses.assessment(about["edition"], about["period"]))
        for mark in marks
        if re.match(PERIOD_PATTERN, mark.parent.name)
    ]
    return [each for each in found if not each.about["draft"]]


def link(assessment: Shown, site: Path) -> None:
    """Put an assessment into the site: pages with a way back to it, the rest as links to the files."""
    target = site / assessment.address
    for lang in LANGS:
        crumbs = (
            (text("site.home", lang), addresses.HOME),
            (text("assessment.list", lang), addresses.ASSESSMENTS),
        )
        copy = partial(with_way_back, root=site, lang=lang, crumbs=crumbs)
        shutil.copytree(assessment.folder / lang, target / lang, copy_function=copy)
    shutil.copytree(assessment.folder / "data", target / "data", copy_function=os.link)
