"""What faults do to what a provider answers: JSON, whose fields its declaration names."""

import json
from typing import Any, Final

from sandbox import chance
from sandbox.tampering import FORMULAS, LABELS, PERSONS, told_of_persons
from scrapers.sources.provider.providers import find, providers

_GAPS: Final = 0.03
"""Share of the cities of which a provider says nothing, as providers are every day."""


def with_gaps(provider_id: str, body: bytes) -> bytes:
    """Some cities without an index, where it is the first of the providers."""
    if provider_id != next(iter(providers())):
        return body
    provider, content = providers()[provider_id], json.loads(body)
    for item in find(content, provider.answer.items):
        code = find(item, provider.answer.code)
        if chance.once("gap", provider_id, code) < _GAPS:
            _put(item, provider.answer.index, None)
    return _body(content)


def renamed(provider_id: str, body: bytes) -> bytes:
    """The index under another name."""
    provider, content = providers()[provider_id], json.loads(body)
    *folders, name = provider.answer.index.split(".")
    for item in find(content, provider.answer.items):
        inside = find(item, ".".join(folders)) if folders else item
        inside[name + "_v2"] = inside.pop(name)
    return _body(content)


def with_persons(provider_id: str, body: bytes) -> bytes:
    """Invented persons, scripts and formulas: fields more everywhere, and an item about somebody."""
    provider, content = providers()[provider_id], json.loads(body)
    items = find(content, provider.answer.items)
    for item, person in zip(items, told_of_persons(len(items)), strict=True):
        item["contact"] = dict(zip(LABELS, person, strict=True))
        item["name"] = PERSONS[0].name
    if provider.style != "offset" and items:  # which counts the items
        stray = json.loads(json.dumps(items[0]))
        _put(stray, provider.answer.code, PERSONS[0].identity)
        items.append(stray)
    content["contact"] = vars(PERSONS[1]) | {"html": FORMULAS[0]}
    return _body(content)


def _put(content: dict[str, Any], path: str, value: object) -> None:
    *folders, name = path.split(".")
    inside = find(content, ".".join(folders)) if folders else content
    inside[name] = value


def _body(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
