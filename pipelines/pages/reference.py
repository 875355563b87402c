"""Data of the pages that are about no publication: declared sources and editions, as files.

They stand in one folder at the site's root and say how things are today; a publication keeps the
criteria that it was made with.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from indicators.edition import CURRENT, Edition, load, public_ids
from indicators.subjects import subjects
from pipelines.asked import asked_of
from pipelines.pages import addresses, exports, schemas, words
from scrapers.declaration import Source, sources
from scrapers.record_kinds import RECORD_KINDS
from scrapers.sources.provider.providers import providers
from templates.catalogue import LANGS, text
from templates.layout import Download

SOURCES = ("sources", "source-measures", "source-records", "providers")
EDITION_LEAVES = "edition-leaves"
EDITIONS = ("edition-subjects", EDITION_LEAVES)
CONTRACTS = {name: name for name in (*SOURCES, *EDITIONS)} | {EDITION_LEAVES: "tree"}
"""Tables of `schemas.CONTRACTS` by the names of their files; publications have the leaves as `tree`."""


def downloads(page: str, names: Sequence[str], lang: str) -> tuple[Download, ...]:
    """Links from a page to some of these tables.

    Args:
        page: address of the page in Chinese.
        names: names of the tables.
        lang: language of the page.
    """
    here = addresses.folder(addresses.in_language(lang, page))
    return tuple(
        Download(
            text(f"reference.{name.replace('-', '_')}", lang),
            exports.links(addresses.link(here, f"{addresses.REFERENCE}/{name}")),
        )
        for name in names
    )


def write(out: Path) -> None:
    """Write all tables below the site's root."""
    folder, about = out / addresses.REFERENCE, {"computed": False}
    invented = any(source.simulated for source in sources().values())
    of_sources = {
        "sources": [_source(source) for source in sources().values()],
        "source-measures": [row for s in sources().values() for row in _measures(s)],
        "source-records": [_record_kind(kind_id) for kind_id in RECORD_KINDS],
        "providers": [_provider(provider_id) for provider_id in providers()],
    }
    exports.write_each(
        {name: _frame(name, rows) for name, rows in of_sources.items()},
        folder,
        {**about, "edition": CURRENT},
        invented,
    )
    known = [load(edition_id) for edition_id in public_ids()]
    by_subject = [row for edition in known for row in _subjects(edition)]
    weights = {"edition-subjects": _frame("edition-subjects", by_subject)}
    exports.write_each(weights, folder, about, simulated=False)
    leaves = {EDITION_LEAVES: pl.concat(exports.tree(edition) for edition in known)}
    exports.write_each(leaves, folder, about, simulated=False, table=CONTRACTS[EDITION_LEAVES])


def _frame(table: str, rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    return schemas.CONTRACTS[table].validate(pl.DataFrame(rows), cast=True)


def _source(source: Source) -> dict[str, object]:
    return {
        "source_id": source.id,
        **{f"title_{lang}": words.source_title(source.id, lang) for lang in LANGS},
        "publisher_zh": source.publisher_zh,
        "publisher_en": source.publisher_en,
        "kind": source.kind,
        "format": source.format,
        "frequency": source.frequency,
        "due_day": source.due_day,
        "address": source.address,
        "access_zh": source.access_zh,
        "access_en": source.access_en,
        "personal_data": source.personal_data,
        "history": source.history,
        "records_min": source.expect.records.min,
        "records_max": source.expect.records.max,
        "cities_min": source.expect.cities.min,
        "cities_max": source.expect.cities.max,
        "simulated": source.simulated,
    }


def _measures(source: Source) -> list[dict[str, object]]:
    if source.frequency == "once":
        return []
    leaves = load(CURRENT).leaves
    return [
        {
            "source_id": source.id,
            "measure": measure.id,
            "zh": measure.zh,
            "en": measure.en,
            "unit": measure.unit,
            "leaves": "|".join(
                leaf.id for leaf in leaves if measure.id in leaf.expression.measures
            ),
        }
        for measure in asked_of(source).values()
    ]


def _record_kind(kind_id: str) -> dict[str, object]:
    kind = RECORD_KINDS[kind_id]
    return {
        "source_id": kind.source_id,
        "kind": kind.id,
        "kept": "|".join(("city_code", *kind.columns)),
        "measures": "|".join(kind.measures),
    }


def _provider(provider_id: str) -> dict[str, object]:
    provider = providers()[provider_id]
    return {
        "provider": provider.id,
        **{lang: words.provider_name(provider.id, lang) for lang in LANGS},
        "address": provider.address,
        "scale": provider.scale,
        "per_second": provider.per_second,
    }


def _subjects(edition: Edition) -> list[dict[str, object]]:
    return [
        {
            "edition": edition.id,
            "subject": subject.id,
            "zh": subject.zh,
            "en": subject.en,
            "general": subject.general,
            "points": edition.points_by_subject[subject.id],
            "groups": "|".join(node.no for node in edition.nodes if node.subject == subject.id),
        }
        for subject in subjects().values()
        if subject.id in edition.points_by_subject
    ]
