"""What the scripts of a publication's pages read: its cities, and each class with its points.

Each is a script file that sets one name (`templates/load.js` asks for it), because a page that is
opened as a file may not fetch data.
"""

import json
from pathlib import Path
from typing import Any

import polars as pl

from indicators.edition import LEAF_LEVEL, Edition
from indicators.measures import catalogue
from pipelines.pages import pinyin, words
from pipelines.pages.reading import Facts
from templates.catalogue import LANGS, text
from warehouse.publication import Publication

_LEVELS = (1, 2, LEAF_LEVEL)


def write(publication: Publication, facts: Facts, folder: Path) -> None:
    """Write `cities.js` and `class-<class>.js` of a publication into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, "cities", cities(facts))
    leaves, nodes = publication.frame("leaves"), publication.frame("nodes")
    for city_class in facts.edition.classes:
        _write(folder, f"class-{city_class}", of_class(facts, city_class, leaves, nodes))


def cities(facts: Facts) -> dict[str, Any]:
    """The ranked cities with all that they are found by, in the order of their classes and codes."""
    found = []
    for city_class in facts.edition.classes:
        for row in sorted(facts.ranking[city_class], key=lambda row: str(row["city_code"])):
            latin = facts.cities[row["city_code"]]["pinyin"] or ""
            # What is left of 芒市 without its 市 is no name.
            spelt = row["name"].removesuffix("市") if len(row["name"]) > 2 else row["name"]
            found.append(
                {
                    "code": row["city_code"],
                    "name": row["name"],
                    "name_en": row["name_en"],
                    "pinyin": latin,
                    "initials": pinyin.initials(latin, len(spelt)),
                    "province": row["province"],
                    "province_en": row["province_en"],
                    "class": city_class,
                }
            )
    titles = {name: _both(f"class_short.{name}") for name in facts.edition.classes}
    return {"classes": titles, "cities": found}


def of_class(
    facts: Facts, city_class: str, leaves: pl.DataFrame, nodes: pl.DataFrame
) -> dict[str, Any]:
    """A class: its indicators with the rules and bounds of its leaves, and what its cities have.

    Points are those of the indicators in their order, to the hundredth, null where none were possible;
    `reasons` says by their place why points are not the city's own. The index is exact.

    Args:
        facts: of the publication.
        city_class: the class.
        leaves: frame of the contract `Leaves`.
        nodes: frame of the contract `Nodes`.
    """
    edition = facts.edition
    shown = [(level, name) for level, name, _ in edition.scored_nodes if level in _LEVELS]
    # Top down: each level-two indicator below its own, each leaf below that.
    shown.sort(key=_places(edition).__getitem__)
    at = {name: place for place, name in enumerate(shown)}
    ranked = facts.ranking[city_class]
    found: dict[str, dict[str, Any]] = {
        str(row["city_code"]): {
            "index": row["index"],
            "printed": row["index_printed"],
            "rank": row["rank"],
            "points": [None] * len(shown),
            "reasons": {},
        }
        for row in sorted(ranked, key=lambda row: str(row["city_code"]))
    }
    of_class = pl.col("city_code").is_in(list(found))
    upper = nodes.filter(of_class, pl.col("level").is_in(_LEVELS), pl.col("level") < LEAF_LEVEL)
    for code, level, name, points, possible in upper.select(
        "city_code", "level", "node", "points", "points_possible"
    ).iter_rows():
        found[code]["points"][at[level, name]] = round(points, 2) if possible else None
    for code, leaf, points, possible, reason in (
        leaves.filter(of_class)
        .select("city_code", "leaf", "points", "points_possible", "reason")
        .iter_rows()
    ):
        place = at[LEAF_LEVEL, leaf]
        found[code]["points"][place] = round(points, 2) if possible else None
        if reason:
            found[code]["reasons"][place] = words.reason_id(reason)
    return {
        "kind": edition.kind,
        "rows": [_row(facts, city_class, level, name) for level, name in shown],
        "cities": found,
    }


def _places(edition: Edition) -> dict[tuple[int, str], tuple[int, int]]:
    """Where each indicator stands in the tree: by its first leaf, then from the top."""
    return {
        (level, name): (edition.leaves.index(on[0]), level)
        for level, name, on in edition.scored_nodes
    }


def _row(facts: Facts, city_class: str, level: int, name: str) -> dict[str, Any]:
    edition = facts.edition
    if level != LEAF_LEVEL:
        node = next(node for node in edition.nodes if node.no == name)
        below = next(on for at, no, on in edition.scored_nodes if (at, no) == (level, name))
        # As they are printed: a tenth ten times is one.
        points = round(sum(leaf.points for leaf in below), 9)
        return {"level": level, "id": name, "name": [node.zh, node.en], "points": points}
    leaf = edition.leaf(name)
    reached = facts.classes.get((city_class, name))
    entries = [words.LeafWords(leaf, lang).entry for lang in LANGS]
    known = catalogue().get(leaf.expression.text)
    return {
        "level": level,
        "id": name,
        "name": [leaf.zh, leaf.en],
        "points": leaf.points,
        "rule": leaf.rule,
        "parameters": leaf.parameters,
        "lo": reached.lo if reached else None,
        "hi": reached.hi if reached else None,
        "flag": known is not None and known.unit == "0 or 1",
        "scale": entries[0][0],
        "unit": [unit for _, unit in entries],
    }


def _both(key: str) -> list[str]:
    return [text(key, lang) for lang in LANGS]


def _write(folder: Path, name: str, content: dict[str, Any]) -> None:
    written = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A JSON text is a script's text; no markup can begin in it even if it were shown as a page.
    safe = written.replace("<", "\\u003c")
    (folder / f"{name}.js").write_text(f'cci.data["{name}"]={safe};\n', encoding="utf-8")
