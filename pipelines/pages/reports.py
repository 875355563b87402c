"""The folder of an assessment: pages in both languages, and the reports as PDF.

It stands alone, in the installation as in the site: `zh` and `en` hold `index.html` (the report on all
cities), `city/<code>.html`, style sheet, and beside each page its PDF, where one was made.
"""

import json
import multiprocessing
import shutil
from collections.abc import Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import templates
from pipelines.assessments import PDFS
from pipelines.pages import assessment, cohort, frame
from pipelines.pages.assessed import Assessed
from pipelines.pdf import PdfUnavailableError, Printer
from templates.catalogue import LANGS, text
from templates.environment import render, render_part
from templates.layout import Link

_PAPER = Path(templates.__file__).with_name("paper.css")
_FEW = 12  # below this, starting processes takes longer than the reports
_WORKERS = 2
_PARTS = 8  # for each process, so that none waits long for the other at the end


@dataclass(frozen=True)
class Job:
    """How the reports are to be made.

    Attributes:
        out: folder to write to.
        before: folder of the assessment before, whose PDFs may still be true.
        known: what these were made of, by path.
        pdf_lang: language of the PDFs that are made; empty where none can be.
        pdf_codes: cities whose PDFs are made; None for all.
    """

    out: Path
    before: Path
    known: dict[str, str]
    pdf_lang: str
    pdf_codes: frozenset[str] | None


def write(
    assessed: Assessed, out: Path, *, before: Path, pdf_lang: str, pdf_codes: Collection[str] | None
) -> str:
    """Write all reports.

    Args:
        assessed: the assessment.
        out: folder to write to.
        before: folder of the assessment before; it need not exist.
        pdf_lang: language of the PDFs that are made; pages are in both.
        pdf_codes: cities whose PDFs are made; None for all. What is true of before is kept.

    Returns:
        Why no PDFs could be made; empty where they were.
    """
    problem = ""
    try:
        _printer()
    except PdfUnavailableError as error:
        problem, pdf_lang = str(error), ""
    for lang in LANGS:
        frame.write_assets(out / lang)
        (out / lang / "city").mkdir(parents=True)
    keys = before / PDFS
    job = Job(
        out=out,
        before=before,
        known=json.loads(keys.read_text(encoding="utf-8")) if keys.is_file() else {},
        pdf_lang=pdf_lang,
        pdf_codes=None if pdf_codes is None else frozenset(pdf_codes),
    )
    made = _write_cohort(assessed, job)
    codes = list(assessed.standing)
    many = len(codes if job.pdf_codes is None else job.pdf_codes) >= _FEW
    if pdf_lang and many:
        # Polars does not survive a fork.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(_WORKERS, mp_context=spawn) as pool:
            parts = _WORKERS * _PARTS
            tasks = [
                pool.submit(write_cities, assessed, job, codes[at::parts]) for at in range(parts)
            ]
            for task in tasks:
                made |= task.result()
    else:
        made |= write_cities(assessed, job, codes)
    content = json.dumps(made, indent=1, sort_keys=True)
    (out / PDFS).write_text(content + "\n", encoding="utf-8")
    return problem


def write_cities(assessed: Assessed, job: Job, codes: Sequence[str]) -> dict[str, str]:
    """Write the reports of some cities; give what their PDFs were made of."""
    made: dict[str, str] = {}
    makers = {lang: assessment.Reports(assessed, lang) for lang in LANGS}
    for code in codes:
        wanted = job.pdf_codes is None or code in job.pdf_codes
        contexts = {lang: makers[lang].report(code) for lang in LANGS}
        made |= _write("assessment", contexts, f"city/{code}", wanted, job)
    return made


def _write_cohort(assessed: Assessed, job: Job) -> dict[str, str]:
    contexts = {lang: cohort.report(assessed, lang) for lang in LANGS}
    return _write("cohort", contexts, "index", True, job)


def _write(
    page: str, contexts: dict[Any, Any], name: str, wanted: bool, job: Job
) -> dict[str, str]:
    """Write a report in both languages, with links to the PDFs that there are."""
    made = {}
    for lang in LANGS:
        path = f"{lang}/{name}.pdf"
        paper = render_part(f"{page}/paper.html.j2", contexts[lang], lang)
        key = _make_pdf(paper, path, wanted and lang == job.pdf_lang, job)
        if key:
            made[path] = key
    up = "../" * (name.count("/") + 1)
    for lang in LANGS:
        links = tuple(
            Link(text(f"assessment.pdf_{path[:2]}", lang), f"{up}{path}") for path in made
        )
        html = render(page, replace(contexts[lang], pdfs=links), lang)
        (job.out / lang / f"{name}.html").write_text(html, encoding="utf-8")
    return made


def _make_pdf(paper: str, path: str, wanted: bool, job: Job) -> str:
    """Keep a PDF that is still true, or make it; give what it was made of, or nothing."""
    if not job.pdf_lang:
        return ""
    printer = _printer()
    key = printer.key(paper)
    if job.known.get(path) == key and (job.before / path).is_file():
        shutil.copyfile(job.before / path, job.out / path)
        return key
    if not wanted:
        return ""
    (job.out / path).write_bytes(printer.pdf(paper))
    return key


@cache
def _printer() -> Printer:
    return Printer(_PAPER)
