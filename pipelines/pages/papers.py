"""Reports that stand alone: pages in both languages in a folder of their own, and beside them PDFs.

`zh` and `en` of the folder hold the pages, their style sheet, and beside a page its PDF, where one was
made. A PDF that is still true is taken over from the folder before.
"""

import gc
import json
import multiprocessing
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import templates
from indicators import edition as editions
from pipelines.pages import addresses, frame, words
from pipelines.pdf import PdfUnavailableError, Printer
from templates.catalogue import LANGS, Lang, text
from templates.environment import render, render_part
from templates.layout import Link, Page

PDFS = "pdf.json"
"""What every PDF was made of, by its path."""
PAPER = Path(templates.__file__).with_name("paper.css")
"""Style sheet of everything on paper."""
_WORKERS = 2
_PARTS = 8  # for each process, so that none waits long for the other at the end


@dataclass(frozen=True)
class Job:
    """How reports are to be made.

    Attributes:
        out: folder to write to.
        before: folder of the reports before, whose PDFs may still be true.
        known: what these were made of, by path.
        pdf_lang: language of the PDFs that are made; empty where none can be.
        pdf_codes: cities whose PDFs are made; None for all.
    """

    out: Path
    before: Path
    known: dict[str, str]
    pdf_lang: str
    pdf_codes: frozenset[str] | None

    def wants(self, code: str) -> bool:
        """Whether a city's PDF is asked for."""
        return self.pdf_codes is None or code in self.pdf_codes


def begin(
    out: Path, *, before: Path, pdf_lang: str, pdf_codes: Collection[str] | None, folder: str = ""
) -> tuple[Job, str]:
    """Make the folders of both languages.

    Args:
        out: folder to write to.
        before: folder of the reports before; it need not exist.
        pdf_lang: language of the PDFs that are made; pages are in both.
        pdf_codes: cities whose PDFs are made; None for all. What is true of before is kept.
        folder: folder of the reports on single cities, if there are any.

    Returns:
        How the reports are to be made, and why no PDFs can be made; empty where they can.
    """
    problem = ""
    try:
        _printer()
    except PdfUnavailableError as error:
        problem, pdf_lang = str(error), ""
    for lang in LANGS:
        frame.write_assets(out / lang)
        (out / lang / folder).mkdir(parents=True, exist_ok=True)
    keys = before / PDFS
    known = json.loads(keys.read_text(encoding="utf-8")) if keys.is_file() else {}
    codes = None if pdf_codes is None else frozenset(pdf_codes)
    return Job(out, before, known, pdf_lang, codes), problem


def spread(
    work: Callable[[Sequence[str]], dict[str, str]], codes: Sequence[str], *, several: bool
) -> dict[str, str]:
    """Write the reports of cities, by several processes where that is worth starting them.

    Args:
        work: writes the reports of some cities and gives what their PDFs were made of; it can be pickled.
        codes: all cities.
        several: whether it is worth it.
    """
    if not several:
        return work(codes)
    made: dict[str, str] = {}
    # Polars does not survive a fork.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        _WORKERS, mp_context=spawn, initializer=editions.search, initargs=editions.searched()
    ) as pool:
        parts = _WORKERS * _PARTS
        for task in [pool.submit(work, codes[at::parts]) for at in range(parts)]:
            made |= task.result()
    return made


@contextmanager
def settled() -> Iterator[None]:
    """Spare the collector what was read: it would look through all of it with each PDF.

    That is half as long again. To be entered when a process has read what it needs.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def finish(job: Job, made: dict[str, str]) -> None:
    """Note what every PDF was made of."""
    content = json.dumps(made, indent=1, sort_keys=True)
    (job.out / PDFS).write_text(content + "\n", encoding="utf-8")


def write(page: str, contexts: dict[Any, Any], name: str, wanted: bool, job: Job) -> dict[str, str]:
    """Write a report in both languages, with links to the PDFs that there are.

    Args:
        page: folder of its templates.
        contexts: its context in each language, with a field `pdfs`.
        name: where it stands, from the folder of its language, without suffix.
        wanted: whether its PDF is asked for.
        job: how reports are made.

    Returns:
        What its PDFs were made of, by path.
    """
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


def write_page(page: str, contexts: Mapping[Lang, Any], name: str, job: Job) -> None:
    """Write a page that has no PDF in both languages."""
    for lang in LANGS:
        html = render(page, contexts[lang], lang)
        (job.out / lang / f"{name}.html").write_text(html, encoding="utf-8")


def frame_of(
    lang: str, file: str, *, title: str, description: str, simulated: bool, whole: str
) -> Page:
    """The frame of a report: it stands alone, and needs nothing but its own folder.

    Args:
        lang: language of the report.
        file: the page, from the folder of its language.
        title: title of the document.
        description: one sentence on it.
        simulated: whether invented data went into it.
        whole: what the first page of the folder is called.
    """
    here = addresses.folder(file)
    other = "en" if lang == "zh" else "zh"
    first = addresses.link(here, "index.html")
    return Page(
        lang=lang,
        title=title,
        description=description,
        style=addresses.link(here, frame.asset_name(frame.STYLE)),
        scripts=(),
        other=addresses.link(f"{lang}/{here}".rstrip("/"), f"{other}/{file}"),
        home=first,
        nav=(Link(whole, first, current=file == "index.html"),),
        crumbs=(),
        simulated=simulated,
        origin="computed",
    )


def about(city: Mapping[str, Any], lang: str) -> str:
    """Province, region, class and code of a city, in words."""
    return text(
        "bulletin.about",
        lang,
        province=words.province_of(city, lang),
        region=text(f"region.{city['region']}", lang),
        class_title=text(f"class.{city['city_class']}", lang),
        code=city["city_code"],
    )


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
    return Printer(PAPER)
