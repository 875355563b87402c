"""What other systems read: an index of everything published, month by month, with files and schemas.

Addresses in these files are written from the site's root, as those of `pipelines.pages.addresses`.
"""

import json
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any

from indicators import edition as editions
from pipelines.pages import (
    addresses,
    cohort,
    exports,
    feed,
    frame,
    published,
    reference,
    report_list,
    schemas,
)
from templates.api.context import Context, File
from templates.catalogue import LANGS, text
from templates.layout import Link
from warehouse.publication import Publication

VERSION = 1
"""Of the form of these files: keys are only added; where the meaning of one changes, this does."""
_CITY = (
    "city_code", "name", "name_en", "pinyin", "province_code", "province", "province_en",
    "city_class", "region", "parent_code",
)  # fmt: skip
_PUBLICATION = ("<edition>", "<period>", "r<N>")


def write(
    out: Path,
    publications: Sequence[Publication],
    assessments: Sequence[dict[str, Any]],
    reports: Sequence[dict[str, Any]],
) -> None:
    """Write the index, the months, the cities and the schemas.

    Args:
        out: the site's root, in which the downloads of publications lie already.
        publications: all publications, by edition, month and revision.
        assessments: what each assessment in the site says of itself.
        reports: what the bulletins and reports in the site say of themselves.
    """
    months: dict[tuple[str, str], list[Publication]] = {}
    for publication in publications:
        months.setdefault((publication.edition, publication.period), []).append(publication)
    files: dict[str, Any] = {
        addresses.API_INDEX: _index(list(months.values()), assessments, reports),
        addresses.API_CITIES: _cities(publications),
    }
    for (edition_id, period), revisions in months.items():
        files[addresses.api_month(edition_id, period)] = _month(out, revisions)
    for table in schemas.CONTRACTS:
        files[addresses.api_schema(table)] = schemas.schema(table)
    for address, content in files.items():
        path = out / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _index(
    months: Sequence[Sequence[Publication]],
    assessments: Sequence[dict[str, Any]],
    reports: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    return {
        "version": VERSION,
        "title": {lang: text("site.name", lang) for lang in LANGS},
        "documentation": _in_languages(addresses.API),
        "feed": addresses.FEED,
        "cities": addresses.API_CITIES,
        "editions": [_edition(edition_id) for edition_id in editions.public_ids()],
        "tables": [
            {"table": table, "schema": addresses.api_schema(table)} for table in schemas.CONTRACTS
        ],
        "publications": [
            _publication(publication, revisions[-1])
            for revisions in months
            for publication in revisions
        ],
        "published_lists": [_table(table, published.DATA) for table in published.TABLES],
        "reference": [
            _table(table, addresses.REFERENCE, file) for file, table in reference.CONTRACTS.items()
        ],
        "assessments": [_assessment(about) for about in assessments],
        "reports": [
            {
                **{key: about[key] for key in ("kind", "edition", "period", "simulated")},
                "address": report_list.address(about),
            }
            for about in reports
        ],
    }


def _table(table: str, folder: str, file: str = "") -> dict[str, Any]:
    """A table to download that is a file in every format, by default called as it is."""
    return {
        "table": table,
        "schema": addresses.api_schema(table),
        "files": [f"{folder}/{file or table}.{form}" for form in (*exports.FORMATS, "xlsx")],
    }


def _assessment(about: dict[str, Any]) -> dict[str, Any]:
    folder = addresses.assessment(about["edition"], about["period"])
    return {
        **{key: about[key] for key in ("edition", "period", "simulated", "numbers_sha256")},
        "address": folder,
        "tables": [_table(table, f"{folder}/data") for table in cohort.DATA],
    }


def _edition(edition_id: str) -> dict[str, Any]:
    edition = editions.load(edition_id)
    return {
        "edition": edition_id,
        "kind": edition.kind,
        "revision": edition.revision,
        "sha256": edition.digest,
        "title": {"zh": edition.title_zh, "en": edition.title_en},
        "methodology": _in_languages(addresses.methodology(edition_id)),
        "data": f"{edition_id}/methodology.json",
    }


def _publication(publication: Publication, newest: Publication) -> dict[str, Any]:
    """What the index says of one revision."""
    edition, period, revision = publication.edition, publication.period, publication.revision
    folder = addresses.publication(edition, period, revision)
    return {
        "edition": edition,
        "period": period,
        "revision": revision,
        "current": publication is newest,
        "simulated": publication.simulated,
        "computed": True,
        "updated": feed.updated(publication).isoformat(),
        "numbers_sha256": publication.manifest["numbers_sha256"],
        "edition_sha256": publication.manifest["edition_sha256"],
        "page": _in_languages(f"{folder}/index.html"),
        "address": folder,
        "month": addresses.api_month(edition, period),
    }


def _month(out: Path, revisions: Sequence[Publication]) -> dict[str, Any]:
    newest = revisions[-1]
    return {
        "version": VERSION,
        "edition": newest.edition,
        "period": newest.period,
        "page": _in_languages(addresses.month(newest.edition, newest.period)),
        "revisions": [
            {
                **_publication(publication, newest),
                **{key: publication.manifest[key] for key in ("code", "coverage", "rows")},
                "inputs": len(publication.manifest["inputs"]),
                "files": _files(out, publication),
            }
            for publication in revisions
        ],
    }


def _files(out: Path, publication: Publication) -> list[dict[str, Any]]:
    """The downloads of a revision; those of one table have its schema."""
    place = addresses.publication(publication.edition, publication.period, publication.revision)
    described = []
    for file in exports.listing(out / place / "data"):
        name = PurePath(file["name"])
        said = {"address": f"{place}/data/{name}", "format": name.suffix[1:]} | file
        if name.suffix[1:] in exports.FORMATS and name.stem in schemas.CONTRACTS:
            said |= {"table": name.stem, "schema": addresses.api_schema(name.stem)}
        described.append(said)
    return described


def _cities(publications: Sequence[Publication]) -> dict[str, Any]:
    """Cities of the latest month, under the current edition where that published it."""
    latest = max(
        publications, key=lambda p: (p.period, p.edition == editions.CURRENT), default=None
    )
    if latest is None:
        return {"version": VERSION, "period": None, "cities": []}
    rows = latest.frame("cities").sort("city_code").select(_CITY)
    return {"version": VERSION, "period": latest.period, "cities": rows.to_dicts()}


def _in_languages(address: str) -> dict[str, str]:
    return {lang: addresses.in_language(lang, address) for lang in LANGS}


def context(lang: str) -> Context:
    """Everything on the page that documents these files."""
    here = addresses.folder(addresses.in_language(lang, addresses.API))
    folder = "/".join(_PUBLICATION)
    edition, period, _ = _PUBLICATION
    files = (
        ("index", addresses.API_INDEX),
        ("month", addresses.api_month(edition, period)),
        ("cities_file", addresses.API_CITIES),
        ("schema", addresses.api_schema("<table>")),
        ("feed", addresses.FEED),
    )
    permanent = (
        ("of_month", addresses.month(edition, period)),
        ("of_revision", f"{folder}/index.html"),
        ("of_city", addresses.scorecard(folder, "<city_code>")),
        ("of_city_data", f"{folder}/data/city/<city_code>.json"),
        ("of_table", f"{folder}/data/<table>.<format>"),
        ("of_assessment", f"{addresses.assessment(edition, period)}/data/<table>.<format>"),
    )
    return Context(
        page=frame.page(
            addresses.API,
            lang,
            title=text("api.title", lang),
            description=text("api.description", lang),
            simulated=False,
            origin="reference",
            crumbs=((text("site.home", lang), addresses.HOME),),
        ),
        files=tuple(
            File(
                address=address,
                href="" if "<" in address else addresses.link(here, address),
                about=text(f"api.{key}", lang),
            )
            for key, address in files
        ),
        addresses=tuple(File(address, "", text(f"api.{key}", lang)) for key, address in permanent),
        tables=tuple(
            Link(table, addresses.link(here, addresses.api_schema(table)))
            for table in schemas.CONTRACTS
        ),
    )
