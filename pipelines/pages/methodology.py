"""The methodology page of an edition, made from its file."""

import json
from collections.abc import Iterator
from typing import Any

from indicators.edition import CURRENT, Condition, Edition, Leaf, load
from indicators.expression import Expression
from indicators.measures import catalogue
from indicators.subjects import subjects
from pipelines.pages import addresses, frame, numbers, reference, standards, words
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
    note = f"methodology.assumptions_note_{edition_id}"
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
        draft=edition.status == "draft",
        editions=Link(
            text("editions.short", lang),
            addresses.link(here, addresses.in_language(lang, addresses.EDITIONS)),
        ),
        reading=text(reading, lang) if has(reading) else "",
        steps=tuple(_step(name, edition, lang) for name in _STEPS),
        gate=tuple(_gate(edition, lang)),
        tree=tuple(_tree(edition, lang)),
        assumptions_note=text(note if has(note) else "methodology.assumptions_note", lang),
        assumptions=tuple(
            page.Section(text(f"rule_name.{rule}", lang), (reasons[lang],))
            for rule, reasons in edition.assumptions.items()
        ),
        measures=tuple(
            _measure(name, lang)
            for name in dict.fromkeys((*edition.measures, *edition.gate_measures))
        ),
        downloads=(
            Download(text("downloads.tree", lang), (Link("JSON", data),)),
            *reference.downloads(address, (reference.EDITION_LEAVES,), lang),
        ),
    )


def facts(edition: Edition, lang: str) -> tuple[Fact, ...]:
    """Counts, points, months, revision and hash of an edition."""
    return (
        *counts(edition, lang),
        Fact(text("methodology.valid", lang), _valid(edition, lang)),
        Fact(text("methodology.revision", lang), str(edition.revision)),
        Fact(text("methodology.status", lang), text(f"edition.{edition.status}", lang)),
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
        "status": edition.status,
        "title_zh": edition.title_zh,
        "title_en": edition.title_en,
        "citation": edition.citation,
        "sha256": edition.digest,
        "points": edition.points,
        "bonus": edition.bonus,
        "simulated": False,
        "current": edition.id == CURRENT,
        "nodes": [
            {
                "no": node.no,
                "zh": node.zh,
                "en": node.en,
                "points": node.points,
                "subject": node.subject,
            }
            for node in edition.nodes
        ],
        "basic_indicators": [
            {"no": basic.no, "zh": basic.zh, "en": basic.en} for basic in edition.basic
        ],
        "gate": [_condition_data(condition) for condition in edition.gate],
        "leaves": [_leaf_data(edition, leaf) for leaf in edition.leaves],
        "measures": {
            name: {"zh": m.zh, "en": m.en, "unit": m.unit, "kind": m.kind, "sources": m.sources}
            for name, m in (
                (name, catalogue()[name])
                for name in dict.fromkeys((*edition.measures, *edition.gate_measures))
            )
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _leaf_data(edition: Edition, leaf: Leaf) -> dict[str, Any]:
    return {
        "leaf": leaf.id,
        "subject": edition.subject_of(leaf),
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
    if has(f"step.{name}_{edition.id}"):
        body = f"{name}_{edition.id}"
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
                        subject=_subject(node.subject, lang),
                    )
                )
        rows.append(page.Row(4, "", "", "", _leaf(leaf, lang)))
    return rows


def _subject(subject: str, lang: str) -> str:
    if not subject:
        return ""
    known = subjects()[subject]
    return known.zh if lang == "zh" else known.en


def _gate(edition: Edition, lang: str) -> list[page.BasicIndicator]:
    return [
        page.BasicIndicator(
            no=basic.no,
            name=basic.zh if lang == "zh" else basic.en,
            conditions=tuple(
                _condition(edition, condition, lang)
                for condition in edition.gate
                if condition.indicator == basic.no
            ),
        )
        for basic in edition.basic
    ]


def _condition(edition: Edition, condition: Condition, lang: str) -> page.Condition:
    remarks = []
    if condition.classes != edition.classes:
        classes = text("site.join", lang).join(text(f"class.{c}", lang) for c in condition.classes)
        remarks.append(text("methodology.only", lang, classes=classes))
    if condition.empty is not None:
        value = standards.value(condition, condition.empty, lang)
        remarks.append(text("methodology.empty", lang, value=value))
    remarks.append(condition.reason_zh if lang == "zh" else condition.reason_en)
    expression = condition.expression
    return page.Condition(
        id=condition.id,
        name=standards.name(condition, lang),
        standard=standards.standard(condition, lang),
        formula=words.formula(expression) if expression else "",
        operands=(
            tuple(_operands(expression, lang))
            if expression
            else (page.Operand("", text("methodology.place", lang)),)
        ),
        remarks=tuple(filter(None, remarks)),
        basis=condition.basis,
        basis_text=text(f"basis.{condition.basis}", lang),
    )


def _condition_data(condition: Condition) -> dict[str, Any]:
    return {
        "condition": condition.id,
        "basic_indicator": condition.indicator,
        "zh": condition.zh,
        "en": condition.en,
        "kind": condition.kind,
        "expression": condition.expression.text if condition.expression else None,
        "empty": condition.empty,
        "comparison": condition.comparison,
        "threshold": condition.threshold,
        "unit": condition.unit,
        "classes": condition.classes,
        "basis": condition.basis,
        "reason_zh": condition.reason_zh,
        "reason_en": condition.reason_en,
    }


def _operands(expression: Expression, lang: str) -> Iterator[page.Operand]:
    """The measures of an expression with their letters and units, and their sums over the nation."""
    for measure, letter in words.letters(expression).items():
        known = catalogue()[measure]
        unit = words.unit(known.unit, None, lang).strip()
        name = words.measure_name(known, lang)
        yield page.Operand(letter, f"{name} [{unit}]" if unit else name)
        if measure in expression.national:
            yield page.Operand(letter.upper(), text("scorecard.nation", lang, measure=name))


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
    published = "title_published" if leaf.zh_basis == "published" else "title_own"
    return page.Leaf(
        anchor=leaf.id,
        id=leaf.id,
        no=text("site.join", lang).join(leaf.under),
        name=said.name,
        points=_points(leaf.points, lang),
        formula=said.formula,
        operands=tuple(_operands(leaf.expression, lang)),
        rule=said.rule,
        missing=said.missing,
        sources=said.sources,
        basis=leaf.basis,
        basis_text=text(f"basis.{leaf.basis}", lang),
        reason=own if leaf.basis == "assumed" else "",
        joint=len(leaf.under) > 1,
        title_basis=text(f"basis.{published}", lang),
    )
