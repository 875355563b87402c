"""The page of a month: its revisions, the newest first, what changed and why."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl

from indicators.edition import load
from pipelines.pages import addresses, exports, frame, numbers, words
from templates.catalogue import text
from templates.layout import Fact, Link
from templates.month.context import CityChange, Context, Revision
from warehouse.publication import Publication

_MOST = 20
_REGISTRY = "registry"  # the one input that is packaged, so has no receipt
_KINDS = ("observation", "leaf", "index", "rank")


def context(
    revisions: Sequence[Publication],
    beside: tuple[Link, ...],
    reports: tuple[Link, ...],
    lang: str,
) -> Context:
    """Everything on the page of a month.

    Args:
        revisions: revisions of the month, oldest first.
        beside: links to the same month under other editions, and to published lists of it.
        reports: links to its bulletins and reports.
        lang: language of the page.
    """
    newest = revisions[-1]
    edition, period = newest.edition, newest.period
    address = addresses.month(edition, period)
    month = words.period(period, lang)
    heading = text("month.title", lang, period=month)
    before: list[Publication | None] = [None, *revisions[:-1]]
    made = [
        _revision(publication, earlier, publication is newest, lang)
        for publication, earlier in zip(revisions, before, strict=True)
    ]
    return Context(
        page=frame.page(
            address,
            lang,
            title=heading,
            description=text("month.description", lang, period=month),
            simulated=any(publication.simulated for publication in revisions),
            origin="computed",
            crumbs=((text("site.home", lang), addresses.HOME),),
            edition=edition,
        ),
        heading=heading,
        edition=frame.title_of(edition, lang),
        newest=Link(text("month.see_newest", lang), f"r{newest.revision}/index.html"),
        beside=beside,
        reports=reports,
        revisions=tuple(reversed(made)),
    )


def _revision(
    publication: Publication, before: Publication | None, newest: bool, lang: str
) -> Revision:
    manifest = publication.manifest
    here = addresses.in_language(lang, f"{publication.edition}/{publication.period}")
    data = addresses.publication(publication.edition, publication.period, publication.revision)
    changes = publication.frame("changes")
    facts = [
        Fact(text("month.code", lang), str(manifest["code"]), code=True),
        Fact(text("month.edition_hash", lang), manifest["edition_sha256"][:16], code=True),
        Fact(text("month.numbers_hash", lang), manifest["numbers_sha256"][:16], code=True),
        *(
            Fact(text("month.registry_hash", lang), file["sha256"][:16], code=True)
            for file in manifest["inputs"]
            if file["source_id"] == _REGISTRY
        ),
    ]
    facts += [
        Fact(text(f"month.{key}", lang), numbers.plain(number))
        for key, number in (
            ("files", len(manifest["inputs"])),
            ("taken", sum(file["taken"] for file in manifest["inputs"])),
            ("refused", sum(file["refused"] for file in manifest["inputs"])),
        )
    ]
    facts += [
        Fact(
            text("month.coverage", lang, class_title=text(f"class_short.{name}", lang)),
            numbers.percent(mean),
        )
        for name in load(publication.edition).classes
        if (mean := manifest["coverage"].get(name)) is not None
    ]
    return Revision(
        title=frame.revision(publication.revision, lang),
        href=f"r{publication.revision}/index.html",
        newest=newest,
        why=tuple(_why(publication, before, lang)),
        counts=tuple(_counts(changes, lang)) if before else (),
        cities=tuple(_cities(publication, changes, lang)) if before else (),
        facts=tuple(facts),
        quality=Link(text("month.quality", lang), addresses.quality(f"r{publication.revision}")),
        downloads=exports.downloads(here, f"{data}/data", lang),
    )


def _key(file: dict[str, Any]) -> tuple[str, str]:
    return file["source_id"], file["sha256"]


def _place(file: dict[str, Any]) -> tuple[str, str]:
    return file["source_id"], file["name"]


def _file(why: str, file: dict[str, Any], lang: str) -> str:
    return text(why, lang, source=words.source_title(file["source_id"], lang), name=file["name"])


def _why(publication: Publication, before: Publication | None, lang: str) -> list[str]:
    """What differs in what a revision rests on, in sentences."""
    if before is None:
        return [text("month.why_first", lang)]
    now, then, said = publication.manifest, before.manifest, []
    if now["edition_sha256"] != then["edition_sha256"]:
        said.append(
            text(
                "month.why_edition",
                lang,
                before=then["edition_revision"],
                after=now["edition_revision"],
            )
        )
    if now["code"] != then["code"]:
        said.append(text("month.why_code", lang, before=then["code"], after=now["code"]))
    old, new = ({_key(file): file for file in m["inputs"]} for m in (then, now))
    gone = [file for key, file in old.items() if key not in new]
    come = [file for key, file in new.items() if key not in old]
    replaced = {_place(file) for file in gone} & {_place(file) for file in come}
    files = []
    for file in come:
        why = "month.why_input_late" if file["late"] else "month.why_input"
        files.append(_file("month.why_replaced" if _place(file) in replaced else why, file, lang))
    files += [_file("month.why_gone", file, lang) for file in gone if _place(file) not in replaced]
    said += files[:_MOST]
    if len(files) > _MOST:
        said.append(text("month.why_more", lang, n=len(files) - _MOST))
    return said or [text("month.why_same", lang)]


def _counts(changes: pl.DataFrame, lang: str) -> list[Fact]:
    counted = Counter(changes["kind"].to_list())
    return [Fact(text(f"change.{kind}", lang), numbers.plain(counted[kind])) for kind in _KINDS]


def _cities(publication: Publication, changes: pl.DataFrame, lang: str) -> list[CityChange]:
    """Cities whose index changed most, ties by code."""
    ranked = {row["city_code"]: row for row in publication.frame("cities").iter_rows(named=True)}
    most = (
        changes.filter(pl.col("kind") == "index", pl.col("city_code").is_in(list(ranked)))
        .with_columns(size=(pl.col("after") - pl.col("before")).abs())
        .sort(["size", "city_code"], descending=[True, False], nulls_last=True)
        .head(_MOST)
    )
    ranks = {
        row["city_code"]: row
        for row in changes.filter(pl.col("kind") == "rank").iter_rows(named=True)
    }
    index = publication.frame("index").select("city_code", "rank")
    standing = dict(index.iter_rows())
    made = []
    for row in most.iter_rows(named=True):
        code = row["city_code"]
        index_before, index_after = numbers.fixed(row["before"]), numbers.fixed(row["after"])
        if index_before == index_after:
            continue
        moved = ranks.get(code)
        rank = standing.get(code)
        made.append(
            CityChange(
                city=Link(
                    words.name_of(ranked[code], lang),
                    f"r{publication.revision}/city/{code}.html",
                ),
                index_before=index_before,
                index_after=index_after,
                rank_before=numbers.plain(moved["before"] if moved else rank),
                rank_after=numbers.plain(moved["after"] if moved else rank),
            )
        )
    return made
