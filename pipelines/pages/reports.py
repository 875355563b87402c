"""The folder of an assessment: pages in both languages, and the reports as PDF.

It stands alone, in the installation as in the site: `zh` and `en` hold `index.html` (the report on all
cities), `city/<code>.html`, style sheet, and beside each page its PDF, where one was made.
"""

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

from pipelines.pages import assessment, cohort, papers
from pipelines.pages.assessed import Assessed
from pipelines.pages.papers import Job
from templates.catalogue import LANGS

_FEW = 12  # below this, starting processes takes longer than the reports


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
    job, problem = papers.begin(
        out, before=before, pdf_lang=pdf_lang, pdf_codes=pdf_codes, folder="city"
    )
    contexts = {lang: cohort.report(assessed, lang) for lang in LANGS}
    made = papers.write("cohort", contexts, "index", True, job)
    codes = list(assessed.standing)
    many = len(codes if job.pdf_codes is None else job.pdf_codes) >= _FEW
    made |= papers.spread(
        partial(write_cities, assessed, job), codes, several=bool(job.pdf_lang) and many
    )
    papers.finish(job, made)
    return problem


def write_cities(assessed: Assessed, job: Job, codes: Sequence[str]) -> dict[str, str]:
    """Write the reports of some cities; give what their PDFs were made of."""
    made: dict[str, str] = {}
    makers = {lang: assessment.Reports(assessed, lang) for lang in LANGS}
    for code in codes:
        contexts = {lang: makers[lang].report(code) for lang in LANGS}
        made |= papers.write("assessment", contexts, f"city/{code}", job.wants(code), job)
    return made
