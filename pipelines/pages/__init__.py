"""Pages and downloads of publications and of the site around them.

A publication's pages are written once and never again: they hold their own style sheet and link to
the month's page, which knows the newest revision.
"""

import json
import multiprocessing
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl

from indicators import edition as editions
from pipelines import bridging
from pipelines.pages import (
    addresses,
    all_reports,
    api,
    beside,
    bridge,
    cities,
    comparison,
    early_warnings,
    edition_weights,
    events,
    exports,
    feed,
    frame,
    home,
    ledger,
    matrix,
    methodology,
    monitored,
    months,
    published,
    quality,
    ranking,
    reading,
    reference,
    report_list,
    scorecard,
    script_data,
    sites,
    sources,
    tiles,
)
from pipelines.pages import assessments as assessment_list
from templates.catalogue import LANGS
from templates.environment import render
from warehouse.publication import Publication

_FEW = 40  # below this, starting processes takes longer than the pages


def render_publication(publication: Publication, out: Path, *, workers: int = 2) -> None:
    """Write all pages and downloads of one revision.

    `out/zh` and `out/en` hold `index.html`, `cities.html`, `warnings.html`, `quality.html`, `sites.html`,
    `city/<city_code>.html`, style sheet and script, and where sites were watched
    `ledger/<city_code>.html` and `event/<event_id>.html`; `out/data` the downloads. In the site they
    stand at `<edition>/<period>/r<N>`, `en/<edition>/<period>/r<N>` and `<edition>/<period>/r<N>/data`.

    Args:
        publication: the revision.
        out: folder to write to.
        workers: processes; 1 writes everything in this one.
    """
    for lang in LANGS:
        frame.write_assets(out / lang)
        for folder in ("city", "ledger", "event", "leaf"):
            (out / lang / folder).mkdir(parents=True, exist_ok=True)
    (out / "data" / "city").mkdir(parents=True, exist_ok=True)
    codes = publication.frame("index").sort("city_code")["city_code"].to_list()
    if workers > 1 and len(codes) >= _FEW:
        # Polars does not survive a fork.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(
            workers,
            mp_context=spawn,
            initializer=editions.search,
            initargs=editions.searched(),
        ) as pool:
            # The longest first, so that no process waits for another at the end.
            tasks: list[Future[None]] = [
                pool.submit(_write_workbook, publication, out, name, sheets)
                for name, sheets in exports.WORKBOOKS.items()
            ]
            tasks.append(pool.submit(_write_matrix, publication, out))
            # Twice as many parts as processes, so that none waits long for the other at the end.
            parts = 2 * workers
            tasks += [
                pool.submit(_write_cities, publication, out, codes[at::parts])
                for at in range(parts)
            ]
            tasks.append(pool.submit(_write_lists, publication, out, codes))
            for task in tasks:
                task.result()
    else:
        _write_lists(publication, out, codes)
        _write_matrix(publication, out)
        _write_cities(publication, out, codes)
        for name, sheets in exports.WORKBOOKS.items():
            _write_workbook(publication, out, name, sheets)
    exports.write_listing(out / "data", publication.simulated)


def render_site(
    out: Path,
    publications: Sequence[Publication],
    published_rankings: pl.DataFrame,
    model_cities: pl.DataFrame,
    assessments: Sequence[dict[str, Any]] = (),
    reports: Sequence[dict[str, Any]] = (),
) -> None:
    """Write everything that is not inside one publication.

    Args:
        out: the site's root, in which the downloads of publications lie already.
        publications: all publications, by edition, month and revision.
        published_rankings: `core_published_rankings__issue_city`.
        model_cities: `core_model_cities__cohort_city`.
        assessments: what each assessment in the site says of itself.
        reports: what the bulletins and reports in the site say of themselves.
    """
    rankings = published_rankings.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    cohorts = model_cities.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    frame.write_assets(out / "assets")
    by_month: dict[tuple[str, str], list[Publication]] = {}
    for publication in publications:
        by_month.setdefault((publication.edition, publication.period), []).append(publication)
    newest = [revisions[-1] for revisions in by_month.values()]
    editions_beside = list(bridge.pairs(newest))
    lists_beside = list(beside.pairs(rankings, newest))
    for lang in LANGS:

        def write(address: str, page: str, context: object, lang: str = lang) -> None:
            path = out / addresses.in_language(lang, address)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(render(page, context, lang), encoding="utf-8")

        write(addresses.HOME, "home", home.context(publications, rankings, cohorts, lang))
        write(addresses.SOURCES, "sources", sources.context(publications, lang))
        write(addresses.EDITIONS, "editions", edition_weights.context(lang))
        listed = assessment_list.context(assessments, lang)
        write(addresses.ASSESSMENTS, "assessments", listed)
        write(addresses.REPORTS, "all_reports", all_reports.context(reports, lang))
        write(addresses.API, "api", api.context(lang))
        for edition_id in editions.public_ids():
            said = methodology.context(edition_id, lang)
            write(addresses.methodology(edition_id), "methodology", said)
        for (edition_id, period), revisions in by_month.items():
            others = bridge.of_month(revisions[-1], editions_beside, lang)
            lists = beside.of_month(revisions[-1], lists_beside, lang)
            made = report_list.of_month(reports, edition_id, period, lang)
            context = months.context(revisions, others + lists, made, lang)
            write(addresses.month(edition_id, period), "month", context)
        for pair in lists_beside:
            address = addresses.beside(
                pair.publication.edition, pair.publication.period, pair.issue
            )
            write(address, "beside", beside.context(pair, rankings, lang))
            if lang == LANGS[0]:  # data have no language
                exports.write_each(
                    {Path(address).stem: beside.table(pair, rankings)},
                    (out / address).parent,
                    {"computed": True, "period": pair.publication.period, "issue": pair.issue},
                    pair.publication.simulated,
                    table="beside-published",
                )
        index = published.index(rankings, cohorts, lang)
        write(addresses.PUBLISHED, "published_index", index)
        for name in published.issues(rankings):
            computed = beside.of_issue(name, rankings, lists_beside, lang)
            issue = published.issue(name, rankings, computed, lang)
            write(addresses.issue(name), "published", issue)
        places = published.cohorts_page(cohorts, lang)
        write(addresses.MODEL_CITIES, "model_cities", places)
        figure = published.figure_6(rankings, cohorts, lang)
        write(addresses.FIGURE_6, "figure6", figure)
    for start, end in editions_beside:
        _write_bridge(out, start, end)
    (out / edition_weights.DATA).write_text(edition_weights.as_data(), encoding="utf-8")
    for edition_id in editions.public_ids():
        path = out / edition_id / "methodology.json"
        path.write_text(methodology.as_data(edition_id), encoding="utf-8")
    reference.write(out)
    api.write(out, publications, assessments, reports)
    feed.write(out, publications)
    data = out / published.DATA
    frames = dict(zip(published.TABLES, (rankings, cohorts), strict=True))
    exports.write_each(frames, data, {"published": True, "computed": False}, simulated=False)


def _write_bridge(out: Path, start: Publication, end: Publication) -> None:
    """A month beside the same month under another edition, in both languages."""
    compared = bridging.compare(bridging.published(start), bridging.published(end))
    address = addresses.bridge(start.edition, start.period, end.edition)
    for lang in LANGS:
        page = render("bridge", bridge.context(compared, lang), lang)
        (out / addresses.in_language(lang, address)).write_text(page, encoding="utf-8")
    about = {"computed": True, "period": start.period, "editions": [start.edition, end.edition]}
    for stem, table, rows in (
        (address.removesuffix(".html"), "rank-moves", bridge.table(compared)),
        (bridge.parts_stem(address), "mean-moves", bridge.parts(compared)),
    ):
        exports.write_each(
            {Path(stem).name: rows},
            (out / stem).parent,
            about,
            start.simulated or end.simulated,
            table=table,
        )


def _write_lists(publication: Publication, out: Path, codes: Sequence[str]) -> None:
    """The pages that are about all cities, in both languages, and every table as files."""
    facts = reading.read(publication, codes=[])
    found, watched = monitored.read(publication, codes), publication.frame("sites")
    for lang in LANGS:
        for file, page, context in (
            ("index", "ranking", ranking.context(facts, lang)),
            ("cities", "cities", cities.context(facts, lang)),
            ("compare", "compare", comparison.context(facts, lang)),
            ("map", "map", tiles.context(facts, lang)),
            ("warnings", "early_warnings", early_warnings.context(facts, found, lang)),
            ("quality", "quality", quality.context(publication, lang)),
            ("sites", "sites", sites.context(facts, watched, set(codes), lang)),
        ):
            (out / lang / f"{file}.html").write_text(render(page, context, lang), encoding="utf-8")
    script_data.write(publication, facts, out / "data" / "script")
    about = {
        "edition": publication.edition,
        "edition_revision": facts.edition.revision,
        "period": publication.period,
        "revision": publication.revision,
        "computed": True,
    }
    exports.write_all(_tables(publication), out / "data", about, publication.simulated)


def _write_matrix(publication: Publication, out: Path) -> None:
    """The table of all cities and indicators and the pages of the leaves, in both languages."""
    facts = reading.read(publication, codes=[])
    for lang in LANGS:
        cells = matrix.Matrix(publication, facts, lang)
        page = render("all_cities", cells.table(), lang)
        (out / lang / "all.html").write_text(page, encoding="utf-8")
        for leaf in facts.edition.leaves:
            page = render("leaf", cells.leaf(leaf), lang)
            (out / lang / "leaf" / f"{leaf.id}.html").write_text(page, encoding="utf-8")


def _write_cities(publication: Publication, out: Path, codes: Sequence[str]) -> None:
    """Scorecards of some cities in both languages and as data, their ledgers and events."""
    facts = reading.read(publication, codes)
    if facts.watched:
        _write_ledgers(facts, monitored.read(publication, codes), out, codes)
    for lang in LANGS:
        cards = scorecard.Cards(facts, lang)
        for code in codes:
            page = render("scorecard", cards.card(code), lang)
            (out / lang / "city" / f"{code}.html").write_text(page, encoding="utf-8")
    for code in codes:
        content = json.dumps(
            scorecard.as_data(facts, code), ensure_ascii=False, separators=(",", ":")
        )
        path = out / "data" / "city" / f"{code}.json"
        path.write_text(content + "\n", encoding="utf-8")


def _write_ledgers(
    facts: reading.Facts, found: monitored.Monitored, out: Path, codes: Sequence[str]
) -> None:
    """The ledgers of some cities and the pages of their events, in both languages."""
    for lang in LANGS:
        ledgers, told = ledger.Ledgers(facts, found, lang), events.Events(facts, found, lang)
        for code in codes:
            page = render("ledger", ledgers.page(code), lang)
            (out / lang / "ledger" / f"{code}.html").write_text(page, encoding="utf-8")
            for event in found.events.get(code, []):
                page = render("event", told.page(event), lang)
                path = out / lang / "event" / f"{event.event_id}.html"
                path.write_text(page, encoding="utf-8")


def _write_workbook(publication: Publication, out: Path, name: str, sheets: Sequence[str]) -> None:
    edition = reading.edition_of(publication)
    tables = _tables(publication)
    exports.write_workbook(
        out / "data" / f"{name}.xlsx",
        exports.about_publication(edition, publication.manifest),
        {sheet: tables[sheet] for sheet in sheets},
        publication.simulated,
    )


def _tables(publication: Publication) -> dict[str, pl.DataFrame]:
    made = ("tree", "averages")
    tables = {name: publication.frame(name) for name in exports.NAMES if name not in made}
    tables["averages"] = exports.averages(tables["ranking"])
    # The leaves are a table of their own.
    tables["nodes"] = tables["nodes"].filter(pl.col("level") < editions.LEAF_LEVEL)
    tables["tree"] = exports.tree(reading.edition_of(publication))
    return tables
