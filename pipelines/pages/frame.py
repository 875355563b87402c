"""The frame around every page: title, navigation, style sheet, language switch."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

import templates
from indicators.edition import CURRENT, load
from pipelines.pages import addresses, words
from pipelines.pages.reading import Facts
from templates.catalogue import text
from templates.layout import Finder, Link, Page

STYLE = "style.css"
TABLES = ("tables.js",)
"""What filters and sorts tables."""
FINDER = ("load.js", "finder.js")
"""What finds cities."""
WHAT_IF = ("rules.js", "what_if.js")
"""What tries other values on a scorecard."""
COMPARE = ("compare.js",)
"""What puts cities side by side."""
_ASSETS = (STYLE, *TABLES, *FINDER, *WHAT_IF, *COMPARE)
_FOLDER = Path(templates.__file__).parent


@cache
def asset_name(file: str) -> str:
    """Name of the style sheet or a script, with its hash: a changed one never meets an old page."""
    path = _FOLDER / file
    return f"{path.stem}.{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}"


def write_assets(folder: Path) -> None:
    """Put style sheet and scripts into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in _ASSETS:
        (folder / asset_name(file)).write_bytes((_FOLDER / file).read_bytes())


def page(
    address: str,
    lang: str,
    *,
    title: str,
    description: str,
    simulated: bool,
    origin: Literal["computed", "published", "reference"],
    crumbs: tuple[tuple[str, str], ...] = (),
    edition: str = CURRENT,
    publication: str | None = None,
    searched: str | None = None,
    tables: bool = False,
    scripts: tuple[str, ...] = (),
) -> Page:
    """The frame of the page at `address`.

    Args:
        address: address of the Chinese page.
        lang: language of this one.
        title: title of the document.
        description: one sentence on it.
        simulated: whether invented data went into it.
        origin: computed, published by the state, or reference.
        crumbs: text and Chinese address of what lies above it, below the first page.
        edition: edition whose methodology is linked.
        publication: folder of the publication the page belongs to, which has its own style sheet.
        searched: folder of the publication whose cities can be searched; its own if not given.
        tables: whether it has tables that can be filtered or sorted.
        scripts: what else it runs, such as `WHAT_IF`.
    """
    searched = searched or publication
    here = addresses.folder(addresses.in_language(lang, address))
    other = "en" if lang == "zh" else "zh"
    assets = "assets" if publication is None else addresses.in_language(lang, publication)

    def to(target: str, words_: str) -> Link:
        href = addresses.link(here, addresses.in_language(lang, target))
        return Link(words_, href, current=target == address)

    nav = [to(addresses.HOME, text("site.home", lang))]
    if publication is not None:
        nav.append(to(f"{publication}/index.html", text("nav.ranking", lang)))
        nav.append(to(f"{publication}/cities.html", text("nav.cities", lang)))
        nav.append(to(addresses.early_warnings(publication), text("nav.warnings", lang)))
        nav.append(to(addresses.quality(publication), text("quality.short_title", lang)))
    elif searched is not None:
        nav.append(to(f"{searched}/cities.html", text("nav.cities", lang)))
    nav += [
        to(addresses.methodology(edition), text("nav.methodology", lang)),
        to(addresses.SOURCES, text("sources.title", lang)),
        to(addresses.PUBLISHED, text("nav.published", lang)),
        to(addresses.MODEL_CITIES, text("nav.model_cities", lang)),
    ]
    run = (FINDER if searched else ()) + (TABLES if tables else ()) + scripts
    return Page(
        lang=lang,
        title=title,
        description=description,
        style=addresses.link(here, f"{assets}/{asset_name(STYLE)}"),
        scripts=tuple(addresses.link(here, f"{assets}/{asset_name(file)}") for file in run),
        other=addresses.link(here, addresses.in_language(other, address)),
        home=addresses.link(here, addresses.in_language(lang, addresses.HOME)),
        nav=tuple(nav),
        crumbs=tuple(to(target, words_) for words_, target in crumbs),
        simulated=simulated,
        origin=origin,
        feed=addresses.link(here, addresses.FEED),
        api=addresses.link(here, addresses.in_language(lang, addresses.API)),
        finder=finder(searched, here, lang) if searched else None,
    )


def finder(publication: str, here: str, lang: str) -> Finder:
    """Where a page in the folder `here` searches for cities of the publication in a folder."""
    cities = addresses.in_language(lang, f"{publication}/city")
    return Finder(
        addresses.link(here, addresses.script_data(publication)), addresses.link(here, cities)
    )


def below_ranking(
    facts: Facts,
    address: str,
    lang: str,
    *,
    title: str,
    description: str,
    above: tuple[tuple[str, str], ...] = (),
    tables: bool = True,
    scripts: tuple[str, ...] = (),
) -> Page:
    """The frame of a page of a publication, which lies below its ranking.

    Args:
        facts: of the publication.
        address: address of the Chinese page.
        lang: language of this one.
        title: title of the document.
        description: one sentence on it.
        above: text and Chinese address of what lies between the ranking and the page.
        tables: whether it has tables that can be filtered or sorted.
        scripts: what else it runs.
    """
    folder = addresses.publication(facts.edition.id, facts.period, facts.revision)
    return page(
        address,
        lang,
        title=title,
        description=description,
        simulated=facts.simulated,
        origin="computed",
        crumbs=(
            (text("site.home", lang), addresses.HOME),
            (ranking_title(facts.period, lang), f"{folder}/index.html"),
            *above,
        ),
        edition=facts.edition.id,
        publication=folder,
        tables=tables,
        scripts=scripts,
    )


def title_of(edition: str, lang: str) -> str:
    """Title of an edition."""
    loaded = load(edition)
    return loaded.title_zh if lang == "zh" else loaded.title_en


def index_label(kind: str, lang: str) -> str:
    """What the index of a kind of edition is called."""
    return text("ranking.index" if kind == "monitoring" else "ranking.total", lang)


def revision(number: int, lang: str) -> str:
    """Which revision, in words."""
    return text("period.revision", lang, n=number)


def ranking_title(period: str, lang: str) -> str:
    """Heading of a month's ranking."""
    return text("period.ranking", lang, period=words.period(period, lang))
