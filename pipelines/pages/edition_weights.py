"""The page of editions side by side: Figures 8, 9 and 13 of the source, out of the edition files."""

import json
import math
from collections.abc import Sequence

from indicators.edition import CURRENT, Edition, Leaf, load, public_ids
from indicators.subjects import Subject, subjects
from pipelines.pages import addresses, charts, frame, numbers, reference, words
from templates.catalogue import text
from templates.editions import context as page
from templates.layout import Chart, Download, Link

DATA = "editions.json"
FIGURE_8 = ("2017", "2019", "2021")
"""Years of the model-city criteria that the source's figures compare."""
_NOTHING = page.Cell(numbers.NONE, "")


def context(lang: str) -> page.Context:
    """Everything on the page."""
    known = [load(edition_id) for edition_id in public_ids()]
    models = [edition for edition in known if edition.kind == "model_city"]
    printed = [edition for edition in models if edition.written_for in FIGURE_8]
    monitoring = [edition for edition in known if edition.kind == "monitoring"]
    return page.Context(
        page=frame.page(
            addresses.EDITIONS,
            lang,
            title=text("editions.title", lang),
            description=text("editions.description", lang),
            simulated=False,
            origin="reference",
            crumbs=((text("site.home", lang), addresses.HOME),),
        ),
        chart=_chart(printed, lang),
        tables=(
            _subjects("model", models, lang),
            _criteria("information_sharing", printed, lang),
            _criteria("supervision", printed, lang),
            _subjects("monitoring", monitoring, lang),
        ),
        editions=tuple(_edition(edition, lang) for edition in known),
        downloads=(
            *reference.downloads(addresses.EDITIONS, reference.EDITIONS, lang),
            Download(text("editions.data", lang), (Link("JSON", _to(DATA, lang)),)),
        ),
    )


def as_data() -> str:
    """Points by subject of every edition, as JSON."""
    content = {
        "simulated": False,
        "subjects": [
            {"subject": subject.id, "zh": subject.zh, "en": subject.en, "general": subject.general}
            for subject in subjects().values()
        ],
        "editions": [
            {
                "edition": edition.id,
                "revision": edition.revision,
                "status": edition.status,
                "kind": edition.kind,
                "current": edition.id == CURRENT,
                "points": edition.points,
                "bonus": edition.bonus,
                "points_by_subject": edition.points_by_subject,
            }
            for edition in map(load, public_ids())
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _to(target: str, lang: str) -> str:
    """Link from this page to a file that has no language."""
    return addresses.link(addresses.folder(addresses.in_language(lang, addresses.EDITIONS)), target)


def _edition(edition: Edition, lang: str) -> page.Edition:
    points = numbers.plain(edition.points)
    bonus = numbers.plain(edition.bonus)
    said = (
        text("editions.points_bonus", lang, points=points, bonus=bonus)
        if edition.bonus
        else text("editions.points", lang, points=points)
    )
    return page.Edition(
        title=frame.title_of(edition.id, lang),
        short=edition.id,
        draft=edition.status == "draft",
        points=said,
        methodology=Link(text("methodology.short", lang), addresses.methodology(edition.id)),
    )


def _chart(compared: Sequence[Edition], lang: str) -> Chart:
    """How the weight of information sharing, supervision and the four general areas moved."""
    known = subjects()
    parts = [
        *((_name(known[each], lang), [each]) for each in ("information_sharing", "supervision")),
        (text("editions.general", lang), _general()),
    ]
    years = [edition.written_for for edition in compared]
    drawn = [
        (name, [(edition.written_for, _points(edition, of)) for edition in compared])
        for name, of in parts
    ]
    caption = text("editions.chart", lang, first=years[0], last=years[-1])
    told = "; ".join(
        f"{name}: {', '.join(f'{year} {numbers.plain(points)}' for year, points in group)}"
        for name, group in drawn
    )
    return Chart(
        svg=charts.bars(
            [(name, [(y, p, numbers.plain(p)) for y, p in group]) for name, group in drawn],
            f"{caption}. {told}",
        ),
        caption=caption,
        head=(text("editions.subject", lang), *years),
        rows=tuple((name, *(numbers.plain(p) for _, p in group)) for name, group in drawn),
    )


def _subjects(kind: str, compared: Sequence[Edition], lang: str) -> page.Table:
    """Points by subject; of model-city criteria with the sum of the four general areas."""
    general = _general()
    rows = []
    for subject in subjects().values():
        if any(subject.id in edition.points_by_subject for edition in compared):
            cells = tuple(_cell(edition, subject, lang) for edition in compared)
            rows.append(page.Row(_name(subject, lang), cells))
        if kind == "model" and subject.id == general[-1]:
            cells = tuple(_sum(_points(edition, general)) for edition in compared)
            rows.append(page.Row(text("editions.general_sum", lang), cells, sum=True))
    totals = tuple(page.Cell(_total(edition), "") for edition in compared)
    rows.append(page.Row(text("editions.total", lang), totals, sum=True))
    return page.Table(
        anchor=f"subjects-{kind}",
        title=text(f"editions.of_{kind}", lang),
        note=text(f"editions.of_{kind}_note", lang),
        head=text("editions.subject", lang),
        editions=tuple(_head(edition) for edition in compared),
        rows=tuple(rows),
    )


def _cell(edition: Edition, subject: Subject, lang: str) -> page.Cell:
    """A subject's points, and the groups that they are in."""
    points = edition.points_by_subject.get(subject.id)
    if points is None:
        return _NOTHING
    groups = [node for node in edition.nodes if node.subject == subject.id]
    if edition.kind == "model_city":
        titles = text("site.semicolon", lang).join(
            node.zh if lang == "zh" else node.en for node in groups
        )
        return page.Cell(numbers.plain(points), titles)
    share = numbers.fixed(100 * points / edition.points_possible, 1)
    at = text("site.join", lang).join(node.no for node in groups)
    return page.Cell(numbers.plain(points), text("editions.share", lang, share=share, groups=at))


def _criteria(subject: str, compared: Sequence[Edition], lang: str) -> page.Table:
    """The criteria of a subject through the editions, each with its points and its rule."""
    of: dict[str, list[Leaf | None]] = {}
    for place, edition in enumerate(compared):
        for leaf in edition.leaves:
            if edition.subject_of(leaf) == subject:
                of.setdefault(leaf.id, [None] * len(compared))[place] = leaf
    rows = []
    for leaves in of.values():
        newest = [leaf for leaf in leaves if leaf][-1]
        cells = tuple(_criterion(leaf, lang) if leaf else _NOTHING for leaf in leaves)
        rows.append(page.Row(newest.zh if lang == "zh" else newest.en, cells))
    totals = tuple(_sum(_points(edition, [subject])) for edition in compared)
    rows.append(page.Row(text("editions.total", lang), totals, sum=True))
    return page.Table(
        anchor=subject,
        title=text(f"editions.of_{subject}", lang),
        note=text(f"editions.of_{subject}_note", lang),
        head=text("editions.criterion", lang),
        editions=tuple(_head(edition) for edition in compared),
        rows=tuple(rows),
    )


def _criterion(leaf: Leaf, lang: str) -> page.Cell:
    return page.Cell(numbers.plain(leaf.points), words.LeafWords(leaf, lang).rule)


def _general() -> list[str]:
    return [subject.id for subject in subjects().values() if subject.general]


def _points(edition: Edition, of: Sequence[str]) -> float:
    return math.fsum(edition.points_by_subject.get(subject, 0) for subject in of)


def _total(edition: Edition) -> str:
    """Points of an edition, and its bonus."""
    return " + ".join(numbers.plain(each) for each in (edition.points, edition.bonus) if each)


def _sum(points: float) -> page.Cell:
    return page.Cell(numbers.plain(points), "") if points else _NOTHING


def _name(subject: Subject, lang: str) -> str:
    return subject.zh if lang == "zh" else subject.en


def _head(edition: Edition) -> str:
    return edition.written_for or edition.id
