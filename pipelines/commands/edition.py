"""`cci edition`: write an edition as data: start it from another, check it, compare it, freeze it."""

import json
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from indicators import edition as editions
from indicators import edition_text
from indicators.edition import Edition, EditionError
from indicators.edition_checks import ID_PATTERN, is_id
from indicators.edition_diff import Change, Demand, GateChange, changes, gate_changes
from indicators.measures import catalogue
from indicators.subjects import subjects
from pipelines.commands.options import EditionId, lang
from pipelines.commands.printing import console, fail, table
from pipelines.workspace import Workspace
from templates.catalogue import text
from warehouse.store import write_aside

_id = EditionId()


@click.group()
@click.pass_obj
def edition(workspace: Workspace) -> None:
    """Write a new edition of the criteria as data alone 指标版本."""
    editions.search(workspace.editions)


@edition.command()
@click.option("--from", "old", type=_id, required=True, help="The edition to start from.")
@click.option("--id", "new_id", required=True, help="Name, year and perhaps more: cci-2020-draft.")
@lang
@click.pass_obj
def new(workspace: Workspace, old: str, new_id: str, lang: str) -> None:
    """Copy an edition into the data folder as the draft of another one, comments and all."""
    if not is_id(new_id):
        raise click.UsageError(f"{new_id!r} is no id of an edition; expected {ID_PATTERN}")
    if new_id in editions.ids():
        raise click.UsageError(f"there is an edition {new_id} already: {editions.file_of(new_id)}")
    path = workspace.editions / f"{new_id}.toml"
    copied = edition_text.draft(editions.file_of(old).read_text(encoding="utf-8"), new_id)
    _write(path, copied)
    click.echo(text("edition.written", lang, path=path, old=old))
    click.echo(text("edition.next_new", lang, id=new_id, old=old))


@edition.command()
@click.argument("which", required=False, metavar="[ID|FILE]")
@lang
def check(which: str | None, lang: str) -> None:
    """Tell everything that is wrong with an edition, or with all of them; then what is in it."""
    wrong = 0
    found = []
    for path in _files(which):
        try:
            found.append(editions.read_current(path))
            click.echo(text("edition.checked", lang, file=path))
        except (EditionError, OSError) as error:
            lines = str(error).splitlines()
            wrong += len(lines)
            for line in lines:
                click.echo(line, err=True)
    for one in found if which else ():
        _show(one, lang)
    if wrong:
        click.echo(text("edition.problems", lang, count=wrong), err=True)
        sys.exit(1)


@edition.command()
@click.argument("before", type=_id)
@click.argument("after", type=_id)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@lang
def diff(before: str, after: str, form: str, lang: str) -> None:
    """Show what an edition changed of another: rows added, dropped, reweighted or redefined."""
    old, new = editions.load(before), editions.load(after)
    found, gate = changes(old, new), gate_changes(old, new)
    if form == "json":
        click.echo(_as_json(old, new, found, gate))
        return
    console().print(_weights(old, new, lang))
    if not found and not gate:
        click.echo(text("edition.nothing", lang, before=before, after=after))
        return
    if found:
        click.echo()
        console().print(_leaves(old, new, found, lang))
    for change in found:
        if redefined := _redefined(change, lang):
            click.echo(f"{change.leaf}: {redefined}")
    if gate:
        click.echo()
        console().print(_gate(old, new, gate, lang))


@edition.command()
@click.argument("edition_id", metavar="ID")
@lang
def freeze(edition_id: str, lang: str) -> None:
    """Declare a draft final, and record what it says, so that no change to it goes unnoticed."""
    try:
        found = editions.load(edition_id)
    except (KeyError, EditionError) as error:
        fail(error)
    told = {"id": edition_id, "revision": found.revision}
    if found.status == "final":
        click.echo(text("edition.frozen_before", lang, **told))
    else:
        path = editions.file_of(edition_id)
        written = path.read_text(encoding="utf-8")
        _write(path, edition_text.final(written, found.revision, found.substance))
        digest = editions.load(edition_id).substance[:16]
        click.echo(text("edition.frozen", lang, digest=digest, **told))
    click.echo(text("edition.next_frozen", lang, id=edition_id, next=found.revision + 1))


def _write(path: Path, content: str) -> None:
    write_aside({path: lambda part: part.write_text(content, encoding="utf-8")})


def _files(which: str | None) -> list[Path]:
    """Files to check: the one named, or all that are shipped and all in the data folder."""
    if which is None:
        folders = (editions.FOLDER, *editions.searched())
        return [path for folder in folders for path in sorted(folder.glob("*.toml"))]
    if which.endswith(".toml"):
        return [Path(which)]
    try:
        return [editions.file_of(which)]
    except (KeyError, EditionError) as error:
        fail(error)


def _title(subject: str, lang: str) -> str:
    known = subjects()[subject]
    return known.zh if lang == "zh" else known.en


def _show(found: Edition, lang: str) -> None:
    """What is in an edition: its groups, rules and measures."""
    out = console()

    def headed(*names: str) -> list[str]:
        return [text(f"edition.{name}", lang) for name in names]

    told = {"id": found.id, "revision": found.revision, "points": f"{found.points_possible:g}"}
    click.echo(text("edition.summary", lang, status=text(f"edition.{found.status}", lang), **told))
    groups = []
    for node in (node for node in found.nodes if node.level == 1):
        under = [leaf for leaf in found.leaves if leaf.path[0].split("|")[0] == node.no]
        about = dict.fromkeys(found.subject_of(leaf) for leaf in under)
        points = sum(leaf.points for leaf in under)
        name = f"{node.no} {node.zh if lang == 'zh' else node.en}"
        titles = text("site.join", lang).join(_title(subject, lang) for subject in about)
        groups.append((name, f"{points:g}", len(under), titles))
    out.print(table(headed("groups", "points", "rows", "subjects"), groups))
    rules = []
    for rule, count in Counter(leaf.rule for leaf in found.leaves).most_common():
        of_rule = [leaf for leaf in found.leaves if leaf.rule == rule]
        printed = sum(leaf.basis == "printed" for leaf in of_rule)
        points = sum(leaf.points for leaf in of_rule)
        name = text(f"rule_name.{rule}", lang)
        rules.append((name, count, f"{points:g}", printed, count - printed))
    out.print(table(headed("rule", "rows", "points", "printed", "assumed"), rules))
    needed = dict.fromkeys((*found.measures, *found.gate_measures))
    by_source = Counter(source for name in needed for source in catalogue()[name].sources)
    sources = [(text(f"source.{name}", lang), count) for name, count in by_source.most_common()]
    out.print(table(headed("source", "measures"), sources))
    if found.gate:
        numbers = {"basic": len(found.basic), "conditions": len(found.gate)}
        click.echo(text("edition.gate", lang, **numbers))


def _weights(old: Edition, new: Edition, lang: str) -> object:
    """Points by subject under both editions."""
    was, now = old.points_by_subject, new.points_by_subject
    rows = [
        (_title(name, lang), f"{was.get(name, 0):g}", f"{now.get(name, 0):g}")
        for name in subjects()
        if name in was or name in now
    ]
    total = text("edition.total", lang)
    rows.append((total, f"{old.points_possible:g}", f"{new.points_possible:g}"))
    return table([text("edition.subject", lang), old.id, new.id], rows)


def _leaves(old: Edition, new: Edition, found: list[Change], lang: str) -> object:
    """The leaves that changed: first-level group and points under both editions, and how."""
    rows: list[tuple[str, ...]] = []
    subject = ""
    for change in found:
        if change.subject != subject:
            subject = change.subject
            rows.append((f"[bold]{_title(subject, lang)}[/bold]",))
        sides = [f"{s.group}: {s.points:g}" if s else "–" for s in (change.before, change.after)]
        join = text("site.join", lang)
        kinds = join.join(text(f"edition_change.{kind}", lang) for kind in change.kinds)
        rows.append((f"  {change.leaf}", *sides, kinds))
    heads = [text("edition.leaf", lang), old.id, new.id, text("edition.what", lang)]
    return table(heads, rows)


def _gate(old: Edition, new: Edition, found: list[GateChange], lang: str) -> object:
    """The conditions of the gate that changed, and what they demand under both editions."""
    rows = [
        (change.zh if lang == "zh" else change.en, _demand(change.before), _demand(change.after))
        for change in found
    ]
    return table([text("edition.condition", lang), old.id, new.id], rows)


def _demand(demand: Demand | None) -> str:
    if demand is None:
        return "–"
    empty = "" if demand.empty is None else f" (empty={demand.empty:g})"
    asked = f"{demand.of}{empty} {demand.comparison} {demand.threshold:g}"
    return f"{asked}; {', '.join(demand.classes)}"


def _redefined(change: Change, lang: str) -> str:
    """What a leaf that is in both editions was and is, where more than its points changed."""
    was, now = change.before, change.after
    if was is None or now is None:
        return ""
    pairs = (
        (was.expression, now.expression),
        (_rule(was.rule, was.parameters), _rule(now.rule, now.parameters)),
        (", ".join(was.sources), ", ".join(now.sources)),
        (_title(was.subject, lang), _title(now.subject, lang)),
    )
    return "; ".join(f"{before} → {after}" for before, after in pairs if before != after)


def _rule(rule: str, parameters: dict[str, object]) -> str:
    return " ".join([rule, *(f"{name}={value}" for name, value in sorted(parameters.items()))])


def _as_json(old: Edition, new: Edition, found: list[Change], gate: list[GateChange]) -> str:
    was, now = old.points_by_subject, new.points_by_subject
    content = {
        "before": old.id,
        "after": new.id,
        "points": [
            {
                "subject": subject.id,
                "zh": subject.zh,
                "en": subject.en,
                "before": was.get(subject.id, 0),
                "after": now.get(subject.id, 0),
            }
            for subject in subjects().values()
            if subject.id in was or subject.id in now
        ],
        "changes": [{"subject": change.subject, **asdict(change)} for change in found],
        "gate": [asdict(change) for change in gate],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)
