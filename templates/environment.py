"""The one Jinja environment of each language, and how a page is rendered from its context."""

from collections.abc import Callable
from dataclasses import fields
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from templates.catalogue import text

FOLDER = Path(__file__).parent


@cache
def environment(lang: str) -> jinja2.Environment:
    """Templates of this package with the texts of one language; a missing name is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        optimized=True,
    )
    words: Callable[..., str] = partial(_text, lang)
    made.globals["t"] = words
    return made


def _text(lang: str, key: str, **parameters: object) -> str:
    return text(key, lang, **parameters)


def render(page: str, context: Any, lang: str) -> str:
    """One page as HTML.

    Args:
        page: folder of the page, such as `scorecard`.
        context: the page's `Context`; its fields are the names that the template knows.
        lang: `zh` or `en`.
    """
    template = environment(lang).get_template(f"{page}/page.html.j2")
    return template.render({field.name: getattr(context, field.name) for field in fields(context)})


def render_part(template: str, context: Any, lang: str) -> Markup:
    """A part that many pages share, rendered once: `scorecard/rule.html.j2` of a `Rule`."""
    parts = {field.name: getattr(context, field.name) for field in fields(context)}
    # The template has escaped what it shows.
    return Markup(environment(lang).get_template(template).render(parts))  # noqa: S704 - autoescaped


def pages() -> list[str]:
    """Every page there is: the folders with a template."""
    return sorted(path.parent.name for path in FOLDER.glob("*/page.html.j2"))
