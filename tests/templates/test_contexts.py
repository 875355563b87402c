"""Every page's context and its template name the same things."""

import dataclasses
import importlib
import re
import types
import typing

import pytest
from jinja2 import meta, nodes

from templates import environment
from templates.scorecard.context import Rule

PAGES = environment.pages()


def _sources(name: str) -> list[str]:
    """A template and all that it extends, imports or includes."""
    made, found, left = environment.environment("zh"), {}, [name]
    while left:
        template = left.pop()
        assert made.loader is not None
        source = made.loader.get_source(made, template)[0]
        found[template] = source
        left += [
            other
            for other in meta.find_referenced_templates(made.parse(source))
            if other and other not in found
        ]
    return list(found.values())


def _undeclared(sources: list[str]) -> set[str]:
    made = environment.environment("zh")
    names = set()
    for source in sources:
        tree = made.parse(source)
        # Blocks know the imports and macros of their own template.
        known = {node.target for node in tree.find_all(nodes.Import)}
        known |= {node.name for node in tree.find_all(nodes.Macro)}
        names |= meta.find_undeclared_variables(tree) - known
    return names - set(made.globals)


def _attributes(sources: list[str]) -> set[str]:
    made = environment.environment("zh")
    return {node.attr for source in sources for node in made.parse(source).find_all(nodes.Getattr)}


def _dataclasses_in(annotation: object) -> set[type]:
    """All dataclasses that a context is made of."""
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        found = {annotation}
        for kind in typing.get_type_hints(annotation).values():
            found |= _dataclasses_in(kind)
        return found
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation):
        return {each for kind in typing.get_args(annotation) for each in _dataclasses_in(kind)}
    return set()


@pytest.mark.parametrize("page", PAGES)
def test_a_template_uses_all_fields_of_its_context_and_no_others(page: str) -> None:
    context = importlib.import_module(f"templates.{page}.context").Context
    fields = {field.name for field in dataclasses.fields(context)}
    assert _undeclared(_sources(f"{page}/page.html.j2")) == fields


def test_no_template_writes_a_style_or_script_into_its_page() -> None:
    # The content security policy allows neither.
    for path in environment.FOLDER.rglob("*.j2"):
        written = path.read_text(encoding="utf-8")
        found = re.search(
            r"""\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=["']|'unsafe""", written
        )
        assert not found, f"{path}: {found}"


@pytest.mark.parametrize("page", PAGES)
def test_every_field_of_a_contexts_rows_is_shown(page: str) -> None:
    module = importlib.import_module(f"templates.{page}.context")
    used = _attributes(_sources(f"{page}/page.html.j2"))
    for each in _dataclasses_in(module.Context) - {module.Context}:
        if each.__module__ == module.__name__:
            fields = {field.name for field in dataclasses.fields(each)}
            assert fields <= used, f"{each.__name__}: {fields - used} not shown"


def test_the_shared_rule_shows_all_of_its_context() -> None:
    fields = {field.name for field in dataclasses.fields(Rule)}
    assert _undeclared(_sources("scorecard/rule.html.j2")) == fields


@pytest.mark.parametrize("page", PAGES)
def test_contexts_are_frozen_and_say_what_they_hold(page: str) -> None:
    module = importlib.import_module(f"templates.{page}.context")
    for each in _dataclasses_in(module.Context):
        assert each.__dataclass_params__.frozen, each  # type: ignore[attr-defined]
        assert each.__doc__
        assert not each.__doc__.startswith(f"{each.__name__}("), each


@pytest.mark.parametrize("page", PAGES)
def test_templates_do_no_arithmetic_and_hold_no_words(page: str) -> None:
    made = environment.environment("zh")
    assert made.loader is not None
    source = made.loader.get_source(made, f"{page}/page.html.j2")[0]
    tree = made.parse(source)
    sums = [
        node
        for kind in (nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow)
        for node in tree.find_all(kind)
    ]
    assert not sums
    assert not re.search(r"[\u4e00-\u9fff]", source)
    assert "|safe" not in source.replace(" ", "")
