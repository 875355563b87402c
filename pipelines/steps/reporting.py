"""From publications to bulletins and reports: pages in both languages and PDFs, a folder each."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pipelines.pages import (
    annual,
    city_bulletin,
    consultation,
    papers,
    ranking_bulletin,
    reading,
    report_list,
    words,
)
from pipelines.pages.papers import Job
from pipelines.periods import shift
from pipelines.reported import MARK
from pipelines.steps import assessing, publishing
from pipelines.swapping import replacing
from pipelines.workspace import Workspace
from templates.catalogue import LANGS, text
from warehouse import publication as publications
from warehouse.publication import Publication

_FEW = 40  # below this, starting processes takes longer than the reports
_OF_CITIES = ("city", "consultation")
"""Kinds of reports that have a page for each of several cities."""
_QUARTER = 3
_YEAR = 12


@dataclass(frozen=True)
class Made:
    """Reports that were made: their folder, and why no PDFs are among them; empty where they are."""

    folder: Path
    problem: str


def published(workspace: Workspace, edition_id: str, period: str) -> Publication:
    """The revision of a month that stands.

    Raises:
        FileNotFoundError: the month is not published.
    """
    found = publications.latest(workspace.published, edition_id, period)
    if found is None:
        raise FileNotFoundError(
            f"{period} is not published under {edition_id}, and reports are made of what is; "
            f"publish it with `cci publish --period {period} --edition {edition_id}`"
        )
    return found


def write_ranking(workspace: Workspace, publication: Publication, pdf_lang: str) -> Made:
    """Write the ranking bulletin of a month.

    Args:
        workspace: the installation.
        publication: the month.
        pdf_lang: language of the PDF; pages are in both.
    """
    facts = reading.read(publication, codes=[])

    def make(job: Job) -> dict[str, str]:
        contexts = {lang: ranking_bulletin.context(facts, lang) for lang in LANGS}
        return papers.write("ranking_bulletin", contexts, "index", True, job)

    return _write(workspace, _about("ranking", publication), make, pdf_lang, None)


def write_cities(
    workspace: Workspace,
    publication: Publication,
    pdf_lang: str,
    pdf_codes: Collection[str] | None,
) -> Made:
    """Write the bulletins of all cities of a month.

    Args:
        workspace: the installation.
        publication: the month.
        pdf_lang: language of the PDFs; pages are in both.
        pdf_codes: cities whose PDFs are made; None for all. A PDF of before that is still true is kept.

    Raises:
        KeyError: one of the cities is not in the publication.
    """
    facts = reading.read(publication, codes=[])
    codes = sorted(publication.frame("index")["city_code"])
    for code in sorted(set(pdf_codes or ()) - set(codes)):
        raise KeyError(
            f"{code} is not in the publication of {publication.period}; "
            f"`cci cities --period {publication.period}` lists who is monitored"
        )

    def make(job: Job) -> dict[str, str]:
        lists = {lang: _list_of_cities(facts, codes, lang) for lang in LANGS}
        papers.write_page("report_list", lists, "index", job)
        work = partial(write_city_bulletins, publication, job)
        return papers.spread(work, codes, several=len(codes) >= _FEW)

    return _write(workspace, _about("city", publication), make, pdf_lang, pdf_codes)


def _list_of_cities(facts: reading.Facts, codes: Sequence[str], lang: str) -> Any:
    month = words.period(facts.period, lang)
    return report_list.context(
        facts,
        codes,
        lang,
        heading=text("bulletin.list_title", lang, period=month),
        description=text("bulletin.list_description", lang, period=month),
        note=month,
    )


def write_city_bulletins(
    publication: Publication, job: Job, codes: Sequence[str]
) -> dict[str, str]:
    """Write the bulletins of some cities; give what their PDFs were made of."""
    facts, told = reading.read(publication, codes), city_bulletin.told(publication)
    makers = {lang: city_bulletin.Bulletins(facts, told, lang) for lang in LANGS}
    made: dict[str, str] = {}
    with papers.settled():
        for code in codes:
            contexts = {lang: makers[lang].bulletin(code) for lang in LANGS}
            made |= papers.write("city_bulletin", contexts, f"city/{code}", job.wants(code), job)
    return made


def write_consultation(workspace: Workspace, publication: Publication, pdf_lang: str) -> Made:
    """Write the consultation papers of the quarter that ends with a month.

    Args:
        workspace: the installation.
        publication: the last month of the quarter.
        pdf_lang: language of the PDFs; pages are in both.

    Raises:
        ValueError: no quarter ends with the month.
    """
    period = publication.period
    if int(period[5:]) % _QUARTER:
        last = shift(period, -int(period[5:]) % _QUARTER)
        raise ValueError(
            f"no quarter ends with {period}; papers are made of a quarter's last month, here {last}"
        )
    consulted = consultation.read(publication, _month_before(workspace, publication))

    def make(job: Job) -> dict[str, str]:
        makers = {lang: consultation.Papers(consulted, lang) for lang in LANGS}
        lists = {
            lang: report_list.context(
                consulted.facts,
                consulted.codes,
                lang,
                heading=maker.title,
                description=maker.note,
                note=maker.note,
            )
            for lang, maker in makers.items()
        }
        papers.write_page("report_list", lists, "index", job)
        made: dict[str, str] = {}
        with papers.settled():
            for code in consulted.codes:
                contexts = {lang: maker.paper(code) for lang, maker in makers.items()}
                made |= papers.write("consultation", contexts, f"city/{code}", True, job)
        return made

    return _write(workspace, _about("consultation", publication), make, pdf_lang, None)


def _month_before(workspace: Workspace, publication: Publication) -> Publication | None:
    """What is published of the same month of the year before, else of the first month since."""
    months = [shift(publication.period, -back) for back in range(_YEAR, 0, -1)]
    known = (
        publications.latest(workspace.published, publication.edition, month) for month in months
    )
    return next((each for each in known if each), None)


def write_annual(workspace: Workspace, edition_id: str, year: str, pdf_lang: str) -> Made:
    """Write the annual report.

    Args:
        workspace: the installation.
        edition_id: the edition.
        year: the year, `YYYY`.
        pdf_lang: language of the PDF; pages are in both.

    Raises:
        FileNotFoundError: no month of the year is published.
    """
    months = {
        month: publications.latest(workspace.published, edition_id, month)
        for month in annual.months_of(year)
    }
    rests_on = [publication for publication in months.values() if publication]
    if not rests_on:
        raise FileNotFoundError(
            f"no month of {year} is published under {edition_id}; `cci publish` makes months stand"
        )
    told = annual.read(year, months, assessing.cohorts())

    def make(job: Job) -> dict[str, str]:
        contexts = {lang: annual.context(told, lang) for lang in LANGS}
        return papers.write("annual", contexts, "index", True, job)

    about = _about("annual", rests_on[-1]) | {
        "period": year,
        "publications": [[p.period, p.revision, p.manifest["numbers_sha256"]] for p in rests_on],
        "simulated": any(p.simulated for p in rests_on),
    }
    return _write(workspace, about, make, pdf_lang, None)


def show_in_site(workspace: Workspace) -> None:
    """Release the site anew with the reports, where there is a site."""
    if workspace.public.exists():
        with workspace.publishing():
            publishing.release_site(workspace)


def _about(kind: str, publication: Publication) -> dict[str, Any]:
    """What reports say of themselves."""
    return {
        "kind": kind,
        "edition": publication.edition,
        "period": publication.period,
        "revision": publication.revision,
        "simulated": publication.simulated,
        "computed": True,
        "code": publishing.code_version(),
        "numbers_sha256": publication.manifest["numbers_sha256"],
    }


def _write(
    workspace: Workspace,
    about: dict[str, Any],
    make: Callable[[Job], dict[str, str]],
    pdf_lang: str,
    pdf_codes: Collection[str] | None,
) -> Made:
    """Write reports aside and put them in the place of those before."""
    out = workspace.root / report_list.address(about)
    with replacing(out, MARK) as aside:
        job, problem = papers.begin(
            aside,
            before=out,
            pdf_lang=pdf_lang,
            pdf_codes=pdf_codes,
            folder="city" if about["kind"] in _OF_CITIES else "",
        )
        papers.finish(job, make(job))
        said = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)
        (aside / MARK).write_text(said + "\n", encoding="utf-8")
    return Made(out, problem)
