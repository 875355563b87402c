"""The methodology page of an edition, made from its file."""

import json
from typing import Any

from indicators.edition import CURRENT, Edition, Leaf, load
from indicators.measures import catalogue
from pipelines.pages import addresses, frame, numbers, words
from templates.catalogue import has, text
from templates.layout import Download, Fact, Link
from templates.methodology import context as page

_STEPS = ("window", "value", "two", "missing", "index", "rank", "coverage")


def context(edition_id: str, lang: str) -> page.Context:
    """Everything on the methodology page."""
    edition = load(edition_id)
    address = addresses.methodology(edition_id)
    title = frame.title_of(edition_id, lang)
    reading = f"methodology.reading_{edition_id}"
    here = addresses.folder(addresses.in_language(lang, address))
    data = addresses.link(here, f"{edition_id}/methodology.json")
    return page.Context(
        page=frame.page(
            address,
            lang,
            title=text("methodology.title", lang, edition=title),
            description=text("methodology.description", lang, edition=title),
            simulated=False,
            origin="reference",
            crumbs=((text("site.home", lang), addresses.HOME),),
            edition=edition_id,
        ),
        title=title,
        citation=edition.citation,
        facts=facts(edition, lang),
        reading=text(reading, lang) if has(reading) else "",
        steps=tuple(_step(name, edition, lang) for name in _STEPS),
        tree=tuple(_tree(edition, lang)),
        assumptions=tuple(
            page.Section(text(f"rule_name.{rule}", lang), (reasons[lang],))
            for rule, reasons in edition.assumptions.items()
        ),
        measures=tuple(_measure(name, lang) for name in edition.measures),
        downloads=(Download(text("downloads.tree", lang), (Link("JSON", data),)),),
    )


def facts(edition: Edition, lang: str) -> tuple[Fact, ...]:
    """Counts, points, months, revision and hash of an edition."""
    return (
        *counts(edition, lang),
        Fact(text("methodology.valid", lang), _valid(edition, lang)),
        Fact(text("methodology.revision", lang), str(edition.revision)),
        Fact(text("methodology.hash", lang), edition.digest[:16], code=True),
    )


def counts(edition: Edition, lang: str) -> tuple[Fact, ...]:
    """How many indicators, rows and points an edition has, and how many rules are printed."""
    shown = []
    for level in (1, 2, 3):
        number = sum(node.level == level for node in edition.nodes)
        if number:
            shown.append(Fact(text(f"methodology.level{level}", lang), str(number)))
    joint = sum(len(leaf.under) > 1 for leaf in edition.leaves)
    alone = len(edition.leaves) - joint
    rows = text("methodology.rows_value", lang, alone=alone, joint=joint) if joint else str(alone)
    points = numbers.plain(edition.points)
    if edition.bonus:
        bonus = numbers.plain(edition.bonus)
        points = text("methodology.points_bonus", lang, points=points, bonus=bonus)
    printed = sum(leaf.basis == "printed" for leaf in edition.leaves)
    return (
        *shown,
        Fact(text("methodology.rows", lang), rows),
        Fact(text("methodology.points", lang), points),
        Fact(text("methodology.printed", lang), str(printed)),
        Fact(text("methodology.assumed", lang), str(len(edition.leaves) - printed)),
    )


def _valid(edition: Edition, lang: str) -> str:
    if edition.valid_to:
        key, last = "methodology.valid_range", edition.valid_to
        return text(key, lang, first=edition.valid_from, last=last)
    return text("methodology.valid_open", lang, first=edition.valid_from)


def as_data(edition_id: str) -> str:
    """The same as JSON: everything the edition says."""
    edition = load(edition_id)
    content = {
        "edition": edition.id,
        "revision": edition.revision,
        "title_zh": edition.title_zh,
        "title_en": edition.title_en,
        "citation": edition.citation,
        "sha256": edition.digest,
        "points": edition.points,
        "bonus": edition.bonus,
        "simulated": False,
        "current": edition.id == CURRENT,
        "nodes": [
            {"no": node.no, "zh": node.zh, "en": node.en, "points": node.points}
            for node in edition.nodes
        ],
        "leaves": [_leaf_data(edition, leaf) for leaf in edition.leaves],
        "measures": {
            name: {"zh": m.zh, "en": m.en, "unit": m.unit, "kind": m.kind, "sources": m.sources}
            for name, m in ((name, catalogue()[name]) for name in edition.measures)
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _leaf_data(edition: Edition, leaf: Leaf) -> dict[str, Any]:
    return {
        "leaf": leaf.id,
        "node": leaf.node,
        "zh": leaf.zh,
        "en": leaf.en,
        "points": leaf.points,
        "expression": leaf.expression.text,
        "rule": leaf.rule,
        "parameters": leaf.parameters,
        "sources": leaf.sources,
        "basis": leaf.basis,
        "reason_zh": edition.reason(leaf, "zh"),
        "reason_en": edition.reason(leaf, "en"),
    }


def _step(name: str, edition: Edition, lang: str) -> page.Section:
    body = f"index_{edition.kind}" if name == "index" else name
    return page.Section(text(f"step.{name}_title", lang), (text(f"step.{body}", lang),))


def _tree(edition: Edition, lang: str) -> list[page.Row]:
    nodes = {node.no: node for node in edition.nodes}
    shown: set[str] = set()
    rows = []
    for leaf in edition.leaves:
        for no in (part for name in leaf.path for part in name.split("|")):
            if no not in shown:
                shown.add(no)
                node = nodes[no]
                rows.append(
                    page.Row(
                        level=node.level,
                        no=no,
                        name=node.zh if lang == "zh" else node.en,
                        points="" if node.points is None else _points(node.points, lang),
                    )
                )
        rows.append(page.Row(4, "", "", "", _leaf(leaf, lang)))
    return rows


def _measure(name: str, lang: str) -> page.Measure:
    known = catalogue()[name]
    unit = words.unit(known.unit, None, lang).strip()
    return page.Measure(
        id=name,
        name=words.measure_name(known, lang),
        unit=unit or numbers.NONE,
        kind=text(f"measure_kind.{known.kind}", lang),
        sources=text("site.join", lang).join(
            text(f"source.{each}", lang) for each in known.sources
        ),
    )


def _points(points: float, lang: str) -> str:
    return numbers.plain(points) + words.unit("points", points, lang)


def _leaf(leaf: Leaf, lang: str) -> page.Leaf:
    said = words.LeafWords(leaf, lang)
    own = leaf.reason_zh if lang == "zh" else leaf.reason_en
    operands = []
    for measure, letter in said.letters.items():
        unit = words.unit(catalogue()[measure].unit, None, lang).strip()
        name = said.operand(measure)
        operands.append(page.Operand(letter, f"{name} [{unit}]" if unit else name))
        if measure in leaf.expression.national:
            nation = text("scorecard.nation", lang, measure=name)
            operands.append(page.Operand(letter.upper(), nation))
    published = "title_published" if leaf.zh_basis == "published" else "title_own"
    return page.Leaf(
        anchor=leaf.id,
        id=leaf.id,
        no=text("site.join", lang).join(leaf.under),
        name=said.name,
        points=_points(leaf.points, lang),
        formula=said.formula,
        operands=tuple(operands),
        rule=said.rule,
        missing=said.missing,
        sources=said.sources,
        basis=leaf.basis,
        basis_text=text(f"basis.{leaf.basis}", lang),
        reason=own if leaf.basis == "assumed" else "",
        joint=len(leaf.under) > 1,
        title_basis=text(f"basis.{published}", lang),
    )
