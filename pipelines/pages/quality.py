"""The data quality page of a publication: what was expected, arrived, taken and refused, and receipts."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import polars as pl

from indicators.edition import Edition
from indicators.measures import catalogue
from pipelines.asked import asked_of
from pipelines.pages import addresses, exports, frame, numbers, sites, words
from pipelines.pages.reading import edition_of
from scrapers import arrival
from scrapers.declaration import sources
from scrapers.sources.provider.providers import providers
from templates.catalogue import text
from templates.layout import Link
from templates.quality.context import (
    Context,
    Lacking,
    Problem,
    Provider,
    Receipt,
    Receipts,
    Refusal,
    RefusedFile,
    Shortfall,
    Source,
)
from warehouse.publication import Publication

MOST_RECEIPTS = 800
MOST_REFUSED_FILES = 50
MOST_REFUSALS = 8
_SHORT_HASH = 12
_KILO = 1000
_DOWNLOADS = ("quality", "receipts", "refusals", "contributions", "observations")


class _Problem(NamedTuple):
    """What went wrong in collecting from a source."""

    source_id: str
    told: arrival.Problem


@dataclass(frozen=True)
class _Month:
    """The frames that the page shows, and what is counted of them."""

    publication: Publication
    edition: Edition
    cities: pl.DataFrame
    quality: pl.DataFrame
    receipts: pl.DataFrame
    refusals: pl.DataFrame
    leaves: pl.DataFrame
    observations: pl.DataFrame
    contributions: pl.DataFrame

    @cached_property
    def reported(self) -> pl.DataFrame:
        """city_class, measure, discrepancy and kind of source of everything that a source reports."""
        rows = self.observations.join(
            self.cities.select("city_code", "city_class"), on="city_code"
        ).select("city_class", "measure", "discrepancy", "source", "other_source")
        return pl.concat(
            rows.select("city_class", "measure", "discrepancy", kind=kind)
            for kind in ("source", "other_source")
        ).drop_nulls("kind")

    def asked(self, source_id: str) -> list[str]:
        """The edition's measures that a source is asked for; none of one that is declared no more."""
        source = sources().get(source_id)
        known = asked_of(source) if source else ()
        return [measure for measure in self.edition.measures if measure in known]

    @cached_property
    def problems(self) -> list[_Problem]:
        """What went wrong in collecting."""
        return [
            _Problem(source_id, arrival.Problem.told_by(line))
            for source_id, lines in self.quality.select("source_id", "problems").iter_rows()
            for line in lines.splitlines()
        ]

    def coverage(self, source_id: str) -> list[float | None]:
        """Share of (city, measure) pairs with a value, by class; None where nothing is asked."""
        kind, asked = words.source_kind(source_id), self.asked(source_id)
        known = self.reported.filter(pl.col("kind") == kind, pl.col("measure").is_in(asked))
        pairs = Counter(known["city_class"].to_list())
        cities = Counter(self.cities["city_class"].to_list())
        return [
            pairs[name] / (len(asked) * cities[name]) if asked and cities[name] else None
            for name in self.edition.classes
        ]


def context(publication: Publication, lang: str) -> Context:
    """Everything on the data quality page of a publication."""
    names = (
        "cities", "quality", "receipts", "refusals", "leaves", "observations", "contributions",
    )  # fmt: skip
    month = _Month(
        publication, edition_of(publication), **{name: publication.frame(name) for name in names}
    )
    edition, period = publication.edition, publication.period
    folder = addresses.publication(edition, period, publication.revision)
    here = addresses.in_language(lang, folder)
    heading = text("quality.title", lang, period=words.period(period, lang))
    refused = _refused_files(month, lang)
    more_refused = len(refused) - MOST_REFUSED_FILES
    return Context(
        page=frame.page(
            addresses.quality(folder),
            lang,
            title=heading,
            description=text("quality.description", lang, period=words.period(period, lang)),
            simulated=publication.simulated,
            origin="computed",
            crumbs=(
                (text("site.home", lang), addresses.HOME),
                (frame.ranking_title(period, lang), f"{folder}/index.html"),
            ),
            edition=edition,
            publication=folder,
        ),
        heading=heading,
        edition=frame.title_of(edition, lang),
        revision=frame.revision(publication.revision, lang),
        revisions=Link(
            text("period.revisions", lang),
            addresses.link(here, addresses.in_language(lang, addresses.month(edition, period))),
        ),
        class_titles=tuple(text(f"class_short.{name}", lang) for name in month.edition.classes),
        sources=tuple(_source(month, row, here, lang) for row in _rows(month.quality)),
        sites=Link(text("sites.short_title", lang), "sites.html"),
        sites_summary=sites.summary(publication.frame("sites"), lang),
        problems=tuple(_problem(problem, lang) for problem in month.problems),
        shortfalls=tuple(
            _shortfall(month, row, here, lang)
            for row in _rows(month.quality.filter(pl.col("short")))
        ),
        providers=tuple(_providers(month, lang)),
        receipts_title=text("quality.receipts", lang, n=numbers.plain(len(month.receipts))),
        receipts=tuple(_receipts(month, lang)),
        refusals_title=text("quality.refusals", lang, n=numbers.plain(len(month.refusals))),
        refusals=tuple(refused[:MOST_REFUSED_FILES]),
        refusals_more=(
            text("quality.refusals_more_files", lang, n=more_refused) if more_refused > 0 else ""
        ),
        downloads=exports.downloads(here, f"{folder}/data", lang, _DOWNLOADS),
    )


def _rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    return table.to_dicts()


def _source(month: _Month, row: dict[str, Any], here: str, lang: str) -> Source:
    source_id = row["source_id"]
    kind = words.source_kind(source_id)
    differing = month.reported.filter(
        pl.col("kind") == kind,
        pl.col("measure").is_in(month.asked(source_id)),
        pl.col("discrepancy"),
    )
    target = addresses.in_language(lang, addresses.SOURCES)
    return Source(
        title=Link(
            words.source_title(source_id, lang), f"{addresses.link(here, target)}#{source_id}"
        ),
        short=row["short"],
        cities=numbers.plain(row["cities"]),
        least_cities=_least(row["expected_cities"], lang),
        values=numbers.plain(row["records"]),
        least_values=_least(row["expected_records"], lang),
        files=numbers.plain(row["files"]),
        late=numbers.plain(row["late_files"]),
        duplicate=numbers.plain(row["duplicate_files"]),
        refused_whole=numbers.plain(row["refused_files"]),
        corrected=numbers.plain(row["corrected"]),
        refused=numbers.plain(row["refused"]),
        discrepancies=numbers.plain(len(differing)),
        persons=numbers.plain(row["persons"]),
        coverage=tuple(numbers.percent(share) for share in month.coverage(source_id)),
    )


def _least(number: int, lang: str) -> str:
    return text("quality.at_least", lang, n=numbers.plain(number))


def _problem(problem: _Problem, lang: str) -> Problem:
    return Problem(
        source=words.source_title(problem.source_id, lang),
        sender=words.provider_name(problem.told.sender, lang),
        reason=text(f"refusal.{problem.told.reason}", lang),
        detail=problem.told.message,
    )


def _shortfall(month: _Month, row: dict[str, Any], here: str, lang: str) -> Shortfall:
    """A source below its minimum, and what the cities got on leaves that rest on it."""
    asked, edition = month.asked(row["source_id"]), month.edition
    got = Counter(
        month.leaves.filter(pl.col("reason") != "")
        .join(month.cities.select("city_code", "city_class"), on="city_code")
        .select("leaf", "city_class", "reason")
        .iter_rows()
    )
    reasons = list(dict.fromkeys(reason for _, _, reason in got))
    methodology = addresses.link(
        here, addresses.in_language(lang, addresses.methodology(edition.id))
    )
    leaves = []
    for leaf in edition.leaves:
        said = words.LeafWords(leaf, lang)
        cells = [
            text("site.join", lang).join(
                f"{said.reason(reason)} {numbers.plain(number)}"
                for reason in reasons
                if (number := got[leaf.id, name, reason])
            )
            for name in edition.classes
        ]
        if not set(leaf.expression.measures).isdisjoint(asked) and any(cells):
            leaves.append(
                Lacking(
                    Link(said.name, f"{methodology}#{leaf.id}"),
                    tuple(cell or numbers.NONE for cell in cells),
                )
            )
    sentence = text(
        "quality.shortfall",
        lang,
        source=words.source_title(row["source_id"], lang),
        cities=numbers.plain(row["cities"]),
        values=numbers.plain(row["records"]),
        least_cities=numbers.plain(row["expected_cities"]),
        least_values=numbers.plain(row["expected_records"]),
    )
    return Shortfall(sentence, tuple(leaves))


def _providers(month: _Month, lang: str) -> list[Provider]:
    """What each provider said, in the order of their declaration; none where nobody said anything."""
    judged = [m.id for m in catalogue().values() if m.parts == "providers"]
    said = month.contributions.filter(pl.col("measure").is_in(judged))
    if said.is_empty():
        return []
    by_why = {
        (part, why): number
        for part, why, number in said.group_by("part", "why").len().sort("part", "why").iter_rows()
    }
    made = []
    for part in dict.fromkeys([*providers(), *said["part"].sort()]):
        counts = {why: number for (name, why), number in by_why.items() if name == part}
        why = [
            text("quality.why_n", lang, why=text(f"why.{key}", lang), n=numbers.plain(number))
            for key, number in counts.items()
            if key
        ]
        why += [
            text(f"refusal.{p.told.reason}", lang) for p in month.problems if p.told.sender == part
        ]
        answered, counted = sum(counts.values()), counts.get("", 0)
        made.append(
            Provider(
                name=words.provider_name(part, lang),
                answered=numbers.plain(answered),
                counted=numbers.plain(counted),
                left_out=numbers.plain(answered - counted),
                why=text("site.semicolon", lang).join(why),
            )
        )
    return made


def _receipts(month: _Month, lang: str) -> list[Receipts]:
    """Receipts by source, in the order of the sources, those of one sender together."""
    senders = _senders(month, lang)
    by_source = month.receipts.sort("sender", "delivered_at", "name").partition_by(
        "source_id", as_dict=True
    )
    made = []
    for source_id in month.quality["source_id"]:
        files = by_source.get((source_id,))
        if files is None:
            continue
        more = len(files) - MOST_RECEIPTS
        made.append(
            Receipts(
                title=text(
                    "quality.receipts_of",
                    lang,
                    source=words.source_title(source_id, lang),
                    n=numbers.plain(len(files)),
                ),
                files=tuple(
                    _receipt(row, senders, lang) for row in _rows(files.head(MOST_RECEIPTS))
                ),
                more=text("quality.receipts_more", lang, n=numbers.plain(more)) if more > 0 else "",
            )
        )
    return made


def _senders(month: _Month, lang: str) -> dict[str, str]:
    """Names of cities and provinces by their codes, and of providers by their ids."""
    province = "province" if lang == "zh" else "province_en"
    names = dict(month.cities.select("province_code", province).iter_rows())
    names |= {row["city_code"]: words.name_of(row, lang) for row in _rows(month.cities)}
    return names | {part: words.provider_name(part, lang) for part in providers()}


def _receipt(row: dict[str, Any], senders: dict[str, str], lang: str) -> Receipt:
    return Receipt(
        sender=senders.get(row["sender"], row["sender"]),
        file=row["name"],
        badges=tuple(
            (kind, text(key, lang))
            for kind, key in (("late", "reason.late"), ("duplicate", "quality.is_duplicate"))
            if row[kind]
        ),
        delivered=words.moment(row["delivered_at"]),
        size=_size(row["size"]),
        taken=numbers.plain(row["taken"]),
        refused=numbers.plain(row["refused"]),
        sha=row["sha256"][:_SHORT_HASH],
    )


def _size(length: int) -> str:
    """The length of a file in kB, a large one in MB."""
    unit, name = (_KILO, "kB") if length < _KILO**2 else (_KILO**2, "MB")
    return f"{numbers.plain(round(length / unit, 1))} {name}"


def _refused_files(month: _Month, lang: str) -> list[RefusedFile]:
    """What was refused, file by file: first the files refused as a whole, then those with most."""
    by_file = month.refusals.partition_by("source_id", "sha256", "name", maintain_order=True)
    by_file.sort(key=lambda rows: (rows["row"].min() != 0, -len(rows)))
    made = []
    for rows in by_file:
        source_id, name = rows.row(0, named=True)["source_id"], rows["name"][0]
        more = len(rows) - MOST_REFUSALS
        title = text(
            "quality.refusals_of",
            lang,
            source=words.source_title(source_id, lang),
            file=name,
            n=numbers.plain(len(rows)),
        )
        made.append(
            RefusedFile(
                title=title,
                rows=tuple(refusal(row, lang) for row in _rows(rows.head(MOST_REFUSALS))),
                more=text("quality.refusals_more", lang, n=numbers.plain(more)) if more > 0 else "",
            )
        )
    return made


def refusal(row: dict[str, Any], lang: str) -> Refusal:
    """A row of the contract `Refusals` in words."""
    return Refusal(
        where=_where(row["row"], row["field"], lang),
        reason=text(f"refusal.{row['reason']}", lang),
        found=words.found(row["found"], lang) or numbers.NONE,
        expected=row["expected"] or numbers.NONE,
    )


def _where(row: int, field: str, lang: str) -> str:
    """Row and column; a cell has both in its own name."""
    if "!" in field:
        return field
    place = text("quality.row", lang, n=row) if row else text("quality.whole_file", lang)
    return f"{place} · {field}" if field else place
