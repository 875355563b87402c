"""The operator's page of the last runs, in the data folder beside the site, and the message about one."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from pipelines.noted import Note
from pipelines.pages import frame, numbers, words
from templates.catalogue import LANGS, text
from templates.environment import render
from templates.layout import Fact, Link, Page
from templates.operator.context import Context, Run, Said, Source, Step

_ASSETS = "assets"
_FILES = {"zh": "index.html", "en": "index.en.html"}
_SITE = {"zh": "../public/site/index.html", "en": "../public/site/en/index.html"}


def write(notes: Sequence[Note], folder: Path) -> None:
    """Write the page in both languages.

    Args:
        notes: of the last runs, the newest first; at least one.
        folder: `operator` of the data folder.
    """
    shutil.rmtree(folder / _ASSETS, ignore_errors=True)  # those of versions before
    frame.write_assets(folder / _ASSETS)
    for lang in LANGS:
        page = render("operator", context(notes, lang), lang)
        (folder / _FILES[lang]).write_text(page, encoding="utf-8")


def context(notes: Sequence[Note], lang: str) -> Context:
    """Everything on the page."""
    note = notes[0]
    month = words.period(note.period, lang)
    heading = text("operator.title", lang, period=month, edition=note.edition)
    longest = max((step.seconds for step in note.steps), default=0.0)
    return Context(
        page=_page(heading, note.simulated, lang),
        heading=heading,
        status=_status(note, lang),
        kind=note.status,
        facts=tuple(_facts(note, lang)),
        todo=tuple(todo(note, lang)),
        said=tuple(_said(note, lang)),
        sources=tuple(
            Source(
                name=words.source_title(came.source_id, lang),
                files=numbers.plain(came.files),
                late=numbers.plain(came.late),
                records=numbers.plain(came.records),
                refused=numbers.plain(came.refused),
                short=came.short,
            )
            for came in note.came
        ),
        steps=tuple(
            Step(
                name=step.name,
                seconds=numbers.fixed(step.seconds, 1),
                share=numbers.width(step.seconds, longest),
                failed=step.failed,
            )
            for step in note.steps
        ),
        runs=tuple(_run(each, lang) for each in notes),
    )


def subject(note: Note, lang: str) -> str:
    """One line on a run."""
    said = {"period": note.period, "edition": note.edition, "status": _status(note, lang)}
    return text("operator.subject", lang, **said)


def message(note: Note, lang: str) -> str:
    """The run in plain text."""
    lines = [subject(note, lang)]
    if note.simulated:
        lines.append(text("operator.simulated", lang))
    took = {"seconds": numbers.fixed(note.seconds, 1), "revision": _revision(note, lang)}
    lines += [text("operator.line_took", lang, **took), *_listed("next", todo(note, lang), lang)]
    for each in _said(note, lang):
        lines += ["", text("operator.heading", lang, title=each.title)]
        lines += [f"- {line}" for line in each.lines]
    came = [
        text(
            "operator.line_source",
            lang,
            source=words.source_title(came.source_id, lang),
            files=numbers.plain(came.files),
            records=numbers.plain(came.records),
            refused=numbers.plain(came.refused),
        )
        for came in note.came
    ]
    return "\n".join([*lines, *_listed("came", came, lang)])


def todo(note: Note, lang: str) -> list[str]:
    """What to do next, the most pressing first."""
    correction = note.status == "published" and (note.revision or 1) > 1
    wanted = {
        "failed": note.status == "failed",
        "short": bool(note.short),
        "tell": correction,
        "doubtful": bool(note.doubtful),
        "waiting": bool(note.waiting),
    }
    found = [
        text(f"operator.do_{what}", lang, **_named(what, note))
        for what, due in wanted.items()
        if due
    ]
    return found or [text("operator.do_nothing", lang)]


def _named(what: str, note: Note) -> dict[str, str]:
    """What the words of a thing to do name."""
    known = {"period": note.period, "edition": note.edition}
    names = {"failed": ("period", "edition"), "short": ("period",)}.get(what, ())
    return {name: known[name] for name in names}


def _listed(key: str, lines: Sequence[str], lang: str) -> list[str]:
    title = text("operator.heading", lang, title=text(f"operator.{key}", lang))
    return ["", title, *(f"- {line}" for line in lines)]


def _said(note: Note, lang: str) -> list[Said]:
    found = {
        "failures": note.failures,
        "shortfalls": note.short,
        "doubtful": note.doubtful,
        "waiting": note.waiting,
    }
    return [Said(text(f"operator.{key}", lang), lines) for key, lines in found.items() if lines]


def _status(note: Note, lang: str) -> str:
    return text(f"operator.is_{note.status}", lang)


def _revision(note: Note, lang: str) -> str:
    if note.revision is None:
        return text("operator.no_revision", lang)
    return frame.revision(note.revision, lang)


def _facts(note: Note, lang: str) -> list[Fact]:
    facts = [
        ("began", _time(note)),
        ("took", numbers.fixed(note.seconds, 1)),
        ("revision", _revision(note, lang)),
    ]
    if note.status == "published":
        facts.append(("changes", numbers.plain(note.changes)))
    return [Fact(text(f"operator.{key}", lang), said) for key, said in facts]


def _time(note: Note) -> str:
    """When a run began, to the minute."""
    return note.began[:16].replace("T", " ")


def _run(note: Note, lang: str) -> Run:
    short = [came.source_id for came in note.came if came.short]
    return Run(
        began=_time(note),
        period=note.period,
        edition=note.edition,
        status=_status(note, lang),
        kind=note.status,
        seconds=numbers.fixed(note.seconds, 1),
        files=numbers.plain(sum(came.files for came in note.came)),
        why=" · ".join(note.failures or [words.source_title(each, lang) for each in short]),
    )


def _page(title: str, simulated: bool, lang: str) -> Page:
    """The frame: it stands alone, beside the site."""
    return Page(
        lang=lang,
        title=title,
        description=text("operator.description", lang),
        style=f"{_ASSETS}/{frame.asset_name(frame.STYLE)}",
        scripts=(),
        other=_FILES["en" if lang == "zh" else "zh"],
        home=_SITE[lang],
        nav=(Link(text("operator.site", lang), _SITE[lang]),),
        crumbs=(),
        simulated=simulated,
        origin="reference",
    )
