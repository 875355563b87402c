"""The assessments of an installation that its site shows: those of final editions, a folder each."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import escape

from pipelines.pages import addresses
from pipelines.pages.papers import PDFS
from pipelines.workspace import Workspace
from templates.catalogue import LANGS, text
from warehouse.contracts.columns import PERIOD_PATTERN

MARK = "assessment.json"
"""File by which a folder is known to be an assessment, which another may take the place of."""
_WAY_BACK = "<!--site-->"


@dataclass(frozen=True)
class Shown:
    """One assessment: its folder, what it says of itself, and a hash of all that is in it."""

    folder: Path
    about: dict[str, Any]
    digest: str

    @property
    def address(self) -> str:
        """Its folder in the site."""
        return f"assessments/{self.about['edition']}/{self.about['period']}"


def shown(workspace: Workspace) -> list[Shown]:
    """Assessments that the site shows, by edition and month. Those of a file or a draft are not."""
    found = []
    for mark in sorted(workspace.assessments.glob(f"*/*/{MARK}")):
        about = json.loads(mark.read_text(encoding="utf-8"))
        if re.match(PERIOD_PATTERN, mark.parent.name) and not about["draft"]:
            made_of = mark.read_bytes() + (mark.parent / PDFS).read_bytes()
            found.append(Shown(mark.parent, about, hashlib.sha256(made_of).hexdigest()))
    return found


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


def with_way_back(
    source: str, target: str, *, root: Path, lang: str, crumbs: Sequence[tuple[str, str]]
) -> str:
    """Put a file into the site: a page with a way back to it, anything else as a link to the file.

    Args:
        source: the file.
        target: where it is to stand.
        root: the site's root.
        lang: language of the page.
        crumbs: text and Chinese address of what lies above it.
    """
    if not source.endswith(".html"):
        os.link(source, target)
        return target
    here = Path(target).parent.relative_to(root).as_posix()
    items = "".join(
        f'<li><a href="{escape(addresses.link(here, addresses.in_language(lang, address)))}">'
        f"{escape(words)}</a></li>"
        for words, address in crumbs
    )
    label = escape(text("site.crumbs", lang))
    nav = f'<nav class="crumbs" aria-label="{label}"><ol>{items}</ol></nav>'
    page = Path(source).read_text(encoding="utf-8").replace(_WAY_BACK, nav, 1)
    Path(target).write_text(page, encoding="utf-8")
    return target
