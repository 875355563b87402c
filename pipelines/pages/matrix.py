"""All cities of a publication on every indicator: one table of the upper levels, a page for each leaf."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from indicators.edition import Leaf
from pipelines.pages import addresses, exports, frame, numbers, words
from pipelines.pages.narrowing import Marks, filters
from pipelines.pages.reading import Facts
from templates.all_cities import context as table_page
from templates.catalogue import text
from templates.layout import Download, Filter, Link
from templates.leaf import context as leaf_page
from warehouse.contracts.cities import REGIONS
from warehouse.publication import Publication

_UPPER = (1, 2)
_DOWNLOADS = ("ranking", "leaves", "nodes")
_NO_VALUE = "-1e99"  # sorts below every value


class Matrix:
    """Makes the table and the pages of the leaves of one publication in one language."""

    def __init__(self, publication: Publication, facts: Facts, lang: str) -> None:
        self.facts, self.lang = facts, lang
        self.edition = facts.edition
        self.folder = addresses.publication(facts.edition.id, facts.period, facts.revision)
        self._classes = {name: text(f"class_short.{name}", lang) for name in self.edition.classes}
        self._rows = facts.ranked
        self._points = _points(publication.frame("nodes"))
        self._leaves = publication.frame("leaves")

    def table(self) -> table_page.Context:
        """All cities and the indicators of the first two levels."""
        lang, edition = self.lang, self.edition
        nodes = {node.no: node for node in edition.nodes}
        upper = [
            (level, no, sum(leaf.points for leaf in on))
            for level, no, on in edition.scored_nodes
            if level in _UPPER
        ]
        month, heading = words.period(self.facts.period, lang), text("all.title", lang)
        return table_page.Context(
            page=frame.below_ranking(
                self.facts,
                addresses.all_cities(self.folder),
                lang,
                title=f"{heading} · {month}",
                description=text("all.description", lang, period=month),
            ),
            heading=heading,
            edition=frame.title_of(edition.id, lang),
            month=Link(frame.ranking_title(self.facts.period, lang), "index.html"),
            index_label=frame.index_label(edition.kind, lang),
            filters=self._filters(by_region=True),
            columns=tuple(
                table_page.Column(
                    no=no,
                    name=nodes[no].zh if lang == "zh" else nodes[no].en,
                    possible=numbers.plain(round(possible, 9)),
                    level=level,
                )
                for level, no, possible in upper
            ),
            rows=tuple(
                table_page.City(
                    city=Link(words.name_of(row, lang), f"city/{code}.html"),
                    **self._marks(row),
                    region=row["region"],
                    rank=str(row["rank"]),
                    index=row["index_printed"],
                    points=tuple(numbers.fixed(self._points[code].get(no)) for _, no, _ in upper),
                )
                for code, row in self._rows.items()
            ),
            groups=tuple(self._groups()),
            downloads=self._downloads(addresses.in_language(lang, self.folder)),
        )

    def leaf(self, leaf: Leaf) -> leaf_page.Context:
        """All cities on one leaf."""
        lang, said = self.lang, words.LeafWords(leaf, self.lang)
        address = addresses.leaf(self.folder, leaf.id)
        here = addresses.folder(addresses.in_language(lang, address))
        names = {node.no: node.zh if lang == "zh" else node.en for node in self.edition.nodes}
        method = addresses.in_language(lang, addresses.methodology(self.edition.id))
        month = words.period(self.facts.period, lang)
        listed = f"{text('all.title', lang)}", addresses.all_cities(self.folder)
        return leaf_page.Context(
            page=frame.below_ranking(
                self.facts,
                address,
                lang,
                title=f"{said.name} · {month}",
                description=text("all.leaf_description", lang, leaf=said.name, period=month),
                above=(listed,),
            ),
            heading=said.name,
            edition=frame.title_of(self.edition.id, lang),
            month=Link(frame.ranking_title(self.facts.period, lang), "../index.html"),
            above=" › ".join(names[no] for no in leaf.path if no in names),
            rule=said.rule,
            method=Link(
                text("methodology.short", lang), f"{addresses.link(here, method)}#{leaf.id}"
            ),
            possible=numbers.plain(leaf.points),
            filters=self._filters(by_region=False),
            rows=tuple(self._on_leaf(leaf, said)),
            downloads=self._downloads(here),
        )

    def _on_leaf(self, leaf: Leaf, said: words.LeafWords) -> Iterator[leaf_page.City]:
        order = {code: at for at, code in enumerate(self._rows)}
        classes = {name: at for at, name in enumerate(self.edition.classes)}
        found = [
            (self._rows[code], value, points if possible else None, reason)
            for code, value, points, possible, reason in self._leaves.filter(
                pl.col("leaf") == leaf.id
            )
            .select("city_code", "value", "points", "points_possible", "reason")
            .iter_rows()
            if code in self._rows
        ]
        found.sort(
            key=lambda each: (
                classes[each[0]["city_class"]],
                -1.0 if each[2] is None else -each[2],
                order[each[0]["city_code"]],
            )
        )
        places = _places([(row["city_class"], points) for row, _, points, _ in found])
        for place, (row, value, points, reason) in zip(places, found, strict=True):
            yield leaf_page.City(
                place=numbers.NONE if points is None else str(place),
                city=Link(
                    words.name_of(row, self.lang), f"../city/{row['city_code']}.html#{leaf.id}"
                ),
                **self._marks(row),
                value=(said.value(value), _NO_VALUE if value is None else f"{value:.9g}"),
                points=numbers.fixed(points),
                reason=said.reason(reason),
            )

    def _marks(self, row: dict[str, Any]) -> Marks:
        code = str(row["city_code"])
        return {
            "also": f"{self.facts.cities[code]['pinyin'] or ''} {code}".strip(),
            "class_id": row["city_class"],
            "city_class": self._classes[row["city_class"]],
            "province_id": code[:2],
            "province": words.province_of(row, self.lang),
        }

    def _filters(self, *, by_region: bool) -> tuple[Filter, ...]:
        lang = self.lang
        provinces = {
            code[:2]: words.province_of(row, lang) for code, row in sorted(self._rows.items())
        }
        known: dict[str, tuple[str, Mapping[str, str]]] = {
            "class": (text("compare.class", lang), self._classes)
        }
        if by_region:
            regions = {name: text(f"region.{name}", lang) for name in REGIONS}
            known["region"] = (text("ranking.region", lang), regions)
        known["province"] = (text("ranking.province", lang), provinces)
        return filters(
            [
                {"class": row["city_class"], "region": row["region"], "province": code[:2]}
                for code, row in self._rows.items()
            ],
            known,
        )

    def _downloads(self, here: str) -> tuple[Download, ...]:
        return exports.downloads(here, f"{self.folder}/data", self.lang, _DOWNLOADS)

    def _groups(self) -> Iterator[table_page.Group]:
        """Leaves below the last upper indicator of their path."""
        names = {node.no: node.zh if self.lang == "zh" else node.en for node in self.edition.nodes}
        below: dict[str, list[Link]] = {}
        for leaf in self.edition.leaves:
            name = leaf.zh if self.lang == "zh" else leaf.en
            group = leaf.path[: len(_UPPER)][-1]
            below.setdefault(group, []).append(Link(name, f"leaf/{leaf.id}.html"))
        for no, links in below.items():
            yield table_page.Group(f"{no} {names[no]}", tuple(links))


def _points(nodes: pl.DataFrame) -> dict[str, dict[str, float | None]]:
    """Points of each city on the upper indicators; none where none were possible."""
    found: dict[str, dict[str, float | None]] = {}
    upper = nodes.filter(pl.col("level").is_in(_UPPER))
    for code, no, points, possible in upper.select(
        "city_code", "node", "points", "points_possible"
    ).iter_rows():
        found.setdefault(code, {})[no] = points if possible else None
    return found


def _places(ordered: list[tuple[str, float | None]]) -> Iterator[int]:
    """Places within each class of rows in their order; the same points share one."""
    place, before, number = 0, None, 0
    for city_class, points in ordered:
        number = number + 1 if before and before[0] == city_class else 1
        if before != (city_class, points):
            place = number
        before = (city_class, points)
        yield place
