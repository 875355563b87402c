"""Folders that the site shows of an installation: assessments and reports, which also stand alone."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import escape

from pipelines.pages import addresses
from pipelines.pages.papers import PDFS
from templates.catalogue import text

_WAY_BACK = "<!--site-->"


@dataclass(frozen=True)
class Shown:
    """One such folder.

    Attributes:
        folder: where it lies.
        about: what it says of itself.
        address: its folder in the site.
        digest: hash of all that is in it.
    """

    folder: Path
    about: dict[str, Any]
    address: str
    digest: str


def read(mark: Path, address: Callable[[Mapping[str, Any]], str]) -> Shown:
    """Read what a folder says of itself.

    Args:
        mark: the file by which the folder is known, which says it.
        address: where a folder that says so stands in the site.
    """
    about = json.loads(mark.read_bytes())
    made_of = mark.read_bytes() + (mark.parent / PDFS).read_bytes()
    return Shown(mark.parent, about, address(about), hashlib.sha256(made_of).hexdigest())


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
