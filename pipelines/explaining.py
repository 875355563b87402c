"""`cci explain`: from a city's index down to the observation, the file, its row and its hash."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from indicators import edition as editions
from indicators.edition import Edition, Leaf
from indicators.measures import catalogue
from indicators.registry import lineage
from pipelines.pages import monitored, numbers, told, trace
from pipelines.pages.monitored import Event, Found
from pipelines.pages.words import LeafWords, measure_value, moment, provider_name
from pipelines.steps import ledger, observing, scoring
from pipelines.steps.facts import REGISTRY
from pipelines.workspace import Workspace
from scrapers import landing
from templates.catalogue import text
from warehouse import publication
from warehouse.contracts.tables import TABLES

_MOST = 30
"""Events, or pages, that are printed; JSON has all."""


@dataclass(frozen=True)
class Explanation:
    """How an index came about.

    `before` are the registry's earlier spells of the city and of those it followed or took in. `index`
    is the row of the contract `Index` with the number of cities `of` the class; `nodes` and
    `leaves` are rows of their contracts; `operands` those of `Observations` and `contributions` those of
    `Contributions`, with the path of what was landed (null for a value made of several voices), and
    `nation` the sums that expressions use. `events` and `pages` are what measures of monitoring rest on,
    rows of their contracts, each event with its `sources`. All as plain values.
    """

    edition: str
    period: str
    revision: int | None
    simulated: bool
    city: dict[str, Any]
    before: list[dict[str, Any]]
    index: dict[str, Any]
    nodes: list[dict[str, Any]]
    leaves: list[dict[str, Any]]
    operands: list[dict[str, Any]]
    contributions: list[dict[str, Any]]
    nation: dict[str, float]
    events: list[dict[str, Any]]
    pages: list[dict[str, Any]]


def explain(
    workspace: Workspace, edition_id: str, period: str, city_code: str, leaf_id: str | None
) -> Explanation:
    """Explain the published numbers of a month, or the computed ones if it is not published.

    Raises:
        KeyError: the city is not scored in the month, or the edition has no such leaf.
        FileNotFoundError: the month was not run.
    """
    criteria = criteria_of(workspace, edition_id, period)
    leaves = [criteria.leaf(leaf_id)] if leaf_id else list(criteria.leaves)
    frames, stands = _frames(workspace, edition_id, period)
    of_city = {
        name: frame.filter(pl.col("city_code") == city_code)
        for name, frame in frames.items()
        if "city_code" in frame.columns
    }
    if of_city["index"].is_empty():
        raise KeyError(
            f"{city_code} is not scored in {period}; `cci cities --period {period}` lists who is"
        )
    index = of_city["index"].row(0, named=True)
    of_class = frames["index"].filter(pl.col("city_class") == index["city_class"])
    observations = of_city["observations"]
    measures = [m for leaf in leaves for m in leaf.expression.measures]
    needed = pl.col("measure").is_in(measures)
    national = {m for leaf in leaves for m in leaf.expression.national}
    events, pages = _found(frames, city_code, measures if leaf_id else [])
    return Explanation(
        edition=edition_id,
        period=period,
        revision=stands,
        simulated=bool(observations["simulated"].any()),
        city=of_city["cities"].row(0, named=True),
        before=_before(workspace.store.read(REGISTRY), city_code, period),
        index={**index, "of": len(of_class)},
        nodes=_nodes(criteria, of_city["nodes"], leaves[0] if leaf_id else None),
        leaves=[
            of_city["leaves"].filter(pl.col("leaf") == leaf.id).row(0, named=True)
            for leaf in leaves
        ],
        operands=_traced(workspace, observations.filter(needed)),
        contributions=_traced(workspace, of_city["contributions"].filter(needed)),
        nation={
            m: float(frames["observations"].filter(pl.col("measure") == m)["value"].sum())
            for m in sorted(national)
        },
        events=events,
        pages=pages,
    )


def as_json(explanation: Explanation) -> str:
    """The explanation as JSON, UTF-8 text."""
    return json.dumps(asdict(explanation), ensure_ascii=False, indent=1)


def criteria_of(workspace: Workspace, edition_id: str, period: str) -> Edition:
    """The edition that a month was published by, as it was then; unpublished, the edition of today."""
    stands = publication.latest(workspace.published, edition_id, period)
    return editions.read(stands.edition_file) if stands else editions.load(edition_id)


def show(explanation: Explanation, criteria: Edition, lang: str, console: Console) -> None:
    """Print it as tables for a terminal of 100 columns, titles from the edition it was scored by."""
    index, city = explanation.index, explanation.city
    if explanation.simulated:
        console.print(text("cli.simulated", lang), style="yellow")
    name = city["name"] if lang == "zh" else f"{city['name_en']} {city['name']}"
    state = (
        text("cli.published_as", lang, revision=explanation.revision)
        if explanation.revision
        else text("cli.unpublished", lang)
    )
    console.print(
        Text(f"{name} {city['city_code']} · {explanation.period} · {explanation.edition}")
    )
    console.print(
        " · ".join(
            [
                f"{text('cli.index', lang)} {index['index']:.4f}",
                text("cli.rank_of", lang, rank=index["rank"], of=index["of"]),
                text("cli.coverage", lang, coverage=f"{index['coverage']:.1%}"),
                state,
            ]
        )
    )
    for spell in explanation.before:
        console.print(Text(text("cli.before", lang, **{n: spell[n] or "" for n in _SPELL})))
    console.print(_tree(explanation, criteria, lang, max(16, console.width - 58)))
    if len(explanation.leaves) == 1:
        _show_leaf(explanation, criteria, lang, console)


_SPELL = ("city_code", "name", "valid_from", "valid_to")


def _before(registry: pl.DataFrame, city_code: str, period: str) -> list[dict[str, Any]]:
    spells = lineage(registry, city_code).filter(pl.col("valid_to") < period)
    return spells.select(_SPELL).to_dicts()


def _frames(
    workspace: Workspace, edition_id: str, period: str
) -> tuple[dict[str, pl.DataFrame], int | None]:
    stands = publication.latest(workspace.published, edition_id, period)
    names = (
        "cities", "observations", "contributions", "leaves", "nodes", "index", "events", "pages",
    )  # fmt: skip
    if stands:
        return {name: stands.frame(name) for name in names}, stands.revision
    scores = scoring.read_scores(workspace, edition_id, period)
    return {
        "events": _watched(workspace, ledger.EVENTS, period),
        "pages": _watched(workspace, ledger.PAGES, period),
        "cities": scoring.cities_of_month(workspace, period),
        "observations": observing.of_edition(
            workspace.store.read(observing.OBSERVATIONS, period=period), edition_id
        ),
        "contributions": workspace.store.read(observing.CONTRIBUTIONS, period=period),
        "leaves": scores.leaves,
        "nodes": scores.nodes,
        "index": scores.index,
    }, None


def _watched(workspace: Workspace, table: str, period: str) -> pl.DataFrame:
    """A table of the month's ledger; empty where no site was watched."""
    there = workspace.store.has(table, period=period)
    return workspace.store.read(table, period=period) if there else TABLES[table].create_empty()


def _found(
    frames: Mapping[str, pl.DataFrame], city_code: str, measures: Sequence[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Events and other pages that measures of monitoring rest on, the newest first."""
    counted = [monitored.COUNTED[m] for m in measures if m in monitored.COUNTED]
    kinds = dict.fromkeys(monitored.KIND_OF[m] for m in measures if m in monitored.KIND_OF)
    found = monitored.of(frames["events"], frames["pages"], [city_code])
    events = [
        _plain(event)
        | {"sources": [_plain(page) for page in found.sources.get(event.event_id, [])]}
        for event in found.events.get(city_code, [])
        if any(counts(event) for counts in counted)
    ]
    pages = [page for kind in kinds for page in found.pages.get((city_code, kind), [])]
    return events, [_plain(page) for page in pages]


def _plain(row: Event | Found) -> dict[str, Any]:
    """A row as JSON can say it."""
    said = row._asdict()
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in said.items()}


def _nodes(criteria: Edition, nodes: pl.DataFrame, leaf: Leaf | None) -> list[dict[str, Any]]:
    """Rows of the tree above the leaves: all of it, or the path to one leaf."""
    wanted = {"total", *leaf.path} if leaf else None
    rows = {(r["level"], r["node"]): r for r in nodes.iter_rows(named=True)}
    return [
        rows[level, name]
        for level, name, _ in criteria.scored_nodes
        if level < editions.LEAF_LEVEL and (wanted is None or name in wanted)
    ]


def _traced(workspace: Workspace, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of `Observations` or `Contributions` with the path of what each was read from."""
    origins: dict[str | None, dict[str, str | None]] = {None: {"landed": None, "address": None}}
    columns = ("source_id", "period", "sha256")
    for source_id, period, sha256 in rows.select(columns).drop_nulls().unique().iter_rows():
        file = landing.find(workspace.landing, source_id, period, sha256)
        origins[sha256] = {
            "landed": str(file.path(workspace.landing)) if file else None,
            "address": file.address if file else None,
        }
    return [{**row, **origins[row["sha256"]]} for row in rows.iter_rows(named=True)]


def _tree(explanation: Explanation, criteria: Edition, lang: str, width: int) -> Table:
    """Points at every level; names take `width` columns of the terminal."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(text("cli.indicator", lang), max_width=width, no_wrap=True)
    table.add_column("--leaf", no_wrap=True, min_width=24)
    table.add_column(text("cli.points", lang), justify="right")
    table.add_column(text("cli.possible", lang), justify="right")
    table.add_column(text("cli.why", lang), no_wrap=True)
    titles = {node.no: node.zh if lang == "zh" else node.en for node in criteria.nodes}
    of_leaf = {row["leaf"]: row for row in explanation.leaves}
    for row in explanation.nodes:
        level, name = row["level"], row["node"]
        title = " / ".join(titles[no] for no in name.split("|")) if level else criteria.title_en
        if not level and lang == "zh":
            title = criteria.title_zh
        lead = "" if not level else f"{'  ' * (level - 1)}{name.split('|')[0]} "
        table.add_row(
            Text(lead + title, style="bold" if level < 2 else ""), "",
            f"{row['points']:.3f}", f"{row['points_possible']:g}", "",
        )  # fmt: skip
        for leaf in criteria.leaves:
            if leaf.id in of_leaf and leaf.node == name:
                own, words = of_leaf[leaf.id], LeafWords(leaf, lang)
                table.add_row(
                    Text(f"{'  ' * level}{words.name}", style="dim"),
                    leaf.id,
                    f"{own['points']:.3f}",
                    f"{own['points_possible']:g}",
                    words.reason(own["reason"]),
                )
    return table


def _show_leaf(explanation: Explanation, criteria: Edition, lang: str, console: Console) -> None:
    own = explanation.leaves[0]
    leaf = criteria.leaf(own["leaf"])
    words = LeafWords(leaf, lang)
    console.print()
    value = text("cli.value", lang) + " " + words.value(own["value"])
    console.print(Text(f"{leaf.id} = {leaf.expression.text}", style="bold"))
    console.print(Text(value))
    console.print(Text(words.rule))
    if own["lo"] is not None:
        lo, hi = words.value(own["lo"]), words.value(own["hi"])
        console.print(Text(text("cli.bounds", lang, lo=lo, hi=hi)))
    need = words.need(own["lo"], own["hi"], explanation.index["city_class"])[0]
    console.print(Text(text("cli.full_points", lang, need=need)))
    for measure, total in explanation.nation.items():
        value = measure_value(measure, total, lang)
        console.print(Text(f"nation({measure}): {text('cli.nation', lang)} {value}"))
    console.print(_operands(explanation, leaf, lang))
    for row in explanation.operands:
        if row["other_source"]:
            other = measure_value(row["measure"], row["other_value"], lang)
            source = text(f"source.{row['other_source']}", lang)
            console.print(Text(text("cli.second_source", lang, source=source, value=other)))
        if row["evidence"]:
            evidence = text("trace.evidence", lang) + row["evidence"]
            console.print(Text(f"{row['measure']} · {evidence}"), soft_wrap=True)
    _show_voices(explanation, lang, console)
    _show_found(explanation, lang, console)
    traced = [*explanation.operands, *explanation.contributions]
    for path in dict.fromkeys(row["landed"] for row in traced if row["landed"]):
        console.print(Text(text("cli.landed", lang, path=path)), soft_wrap=True)


def _operands(explanation: Explanation, leaf: Leaf, lang: str) -> Table:
    """The measures of a leaf, each with where its value came from."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for key in ("measure", "value", "source", "origin", "hash"):
        table.add_column(text(f"cli.{key}", lang), overflow="fold")
    rows = {row["measure"]: row for row in explanation.operands}
    for measure in leaf.expression.measures:
        row = rows.get(measure)
        if row is None:
            table.add_row(measure, text("cli.missing", lang), "", "", "")
            continue
        if row["name"] is None:
            said = [v["value"] for v in explanation.contributions if v["measure"] == measure]
            counted = row["records"] - row["left_out"]
            origin = trace.of_voices(measure, said, counted, lang)
        else:
            origin = trace.of_file(row["name"], row["row"], row["place"], row["records"], lang)
        table.add_row(
            measure,
            measure_value(measure, row["value"], lang),
            "\n".join((text(f"source.{row['source']}", lang), moment(row["delivered_at"]))),
            Text(origin),
            (row["sha256"] or "")[:12],
        )
    return table


def _show_voices(explanation: Explanation, lang: str, console: Console) -> None:
    """What every provider said and why it was left out; of probes their number has said enough."""
    said = [
        row for row in explanation.contributions if catalogue()[row["measure"]].parts == "providers"
    ]
    if not said:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for key in ("provider", "value", "why", "origin", "hash"):
        table.add_column(text(f"cli.{key}", lang), overflow="fold")
    for row in said:
        table.add_row(
            Text(provider_name(row["part"], lang)),
            numbers.plain(row["value"]),
            "" if row["counted"] else trace.left_out(row["why"], lang),
            Text(trace.of_file(row["name"], row["row"], "", 1, lang)),
            row["sha256"][:12],
        )
    console.print(table)


def _show_found(explanation: Explanation, lang: str, console: Console) -> None:
    """The events, and the other pages, that measures of monitoring rest on, with their addresses."""
    for name, rows in (("events", explanation.events), ("pages", explanation.pages)):
        if rows:
            console.print()
            console.print(Text(text(f"cli.found_{name}", lang, n=len(rows)), style="bold"))
        for row in rows[:_MOST]:
            if name == "events":
                console.print(Text(_event_line(row, lang)), soft_wrap=True)
            for page in row.get("sources", [row]):
                console.print(Text(f"  {_page_line(page, lang)}"), soft_wrap=True)
        if len(rows) > _MOST:
            console.print(Text(text("cli.found_more", lang, n=len(rows) - _MOST)))


def _event_line(event: Mapping[str, Any], lang: str) -> str:
    severity, answered = event["severity"], event["answered"]
    said = [
        event["event_id"],
        event["first_seen"],
        text(f"field.{event['field']}", lang),
        text(f"severity.{severity}" if severity else f"polarity.{event['polarity']}", lang),
        text(f"subject.{event['subject']}", lang),
        f"{text('event.answered', lang)} {answered or text('event.no_answer', lang)}",
    ]
    return " · ".join([*said, told.title(event["title"])])


def _page_line(page: Mapping[str, Any], lang: str) -> str:
    """A page: its day, what it is, whose, and where; of one that is no report also its title."""
    key = "page_kind" if page["event_id"] else "ledger"
    said = [
        page["published"] or text("event.no_day", lang),
        text(f"{key}.{page['kind']}", lang),
        told.title(page["site_name"]),
        *([] if page["event_id"] else [told.title(page["title"])]),
        told.harmless(page["url"]),
        *([text("event.gone_briefly", lang, day=page["gone"])] if page["gone"] else []),
    ]
    return " · ".join(said)
