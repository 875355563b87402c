"""Pages and downloads of what the state published: rankings by issue, model cities, Figure 6."""

import re
from typing import Any

import polars as pl

from pipelines.pages import addresses, exports, frame, numbers, words
from templates.catalogue import text
from templates.figure6 import context as figure6
from templates.layout import Download, Fact, Link, Name
from templates.model_cities import context as model_cities
from templates.published import context as issue_page
from templates.published_index import context as index_page
from warehouse.contracts.columns import CITY_CLASSES

FIGURE_6_ISSUE, FIGURE_6_COHORT = "2017 annual", "2017"
_AXIS = (80.0, 90.0)
DATA = "published/data"
TABLES = ("published-rankings", "model-cities")


def issues(rankings: pl.DataFrame) -> list[str]:
    """Issues, newest first."""
    return sorted(rankings["issue"].unique().to_list(), reverse=True)


def downloads(here: str, lang: str) -> tuple[Download, ...]:
    """Links to published rankings and model cities as data."""
    return tuple(
        Download(
            text(title, lang),
            exports.links(addresses.link(here, f"{DATA}/{name}")),
        )
        for title, name in (
            ("published.rankings", "published-rankings"),
            ("model_cities.title", "model-cities"),
        )
    )


def overview(
    here: str, rankings: pl.DataFrame, cohorts: pl.DataFrame, lang: str
) -> tuple[tuple[Link, str], ...]:
    """Links to all that was published, with what each holds."""
    here = here.rstrip("/")
    lines = text("published.summary", lang, n=len(rankings), issues=rankings["issue"].n_unique())
    return (
        (_link(here, addresses.PUBLISHED, text("published.index_title", lang), lang), lines),
        *_others(here, cohorts, lang),
    )


def index(rankings: pl.DataFrame, cohorts: pl.DataFrame, lang: str) -> index_page.Context:
    """The list of issues."""
    here = addresses.folder(addresses.in_language(lang, addresses.PUBLISHED))
    rows = []
    for name in issues(rankings):
        of_issue = rankings.filter(pl.col("issue") == name)
        scored = of_issue["score"].is_not_null().sum()
        scores = (
            "with_scores" if scored == len(of_issue) else "some_scores" if scored else "order_only"
        )
        classes = [c for c in CITY_CLASSES if c in set(of_issue["city_class"])]
        rows.append(
            index_page.Issue(
                issue=_link(here, addresses.issue(name), issue_title(name, lang), lang),
                window=window_of(of_issue, lang),
                classes=text("site.join", lang).join(
                    text(f"class_short.{c}", lang) for c in classes
                ),
                lines=str(len(of_issue)),
                scores=text(f"published.{scores}", lang),
            )
        )
    return index_page.Context(
        page=_page(
            addresses.PUBLISHED, lang, "published.index_title", "published.index_description", False
        ),
        publisher=published_by(rankings, lang),
        issues=tuple(rows),
        others=_others(here, cohorts, lang),
        downloads=downloads(here, lang),
    )


def issue(
    name: str, rankings: pl.DataFrame, beside: issue_page.Beside, lang: str
) -> issue_page.Context:
    """One issue, with where it stands beside computed ranks."""
    of_issue = rankings.filter(pl.col("issue") == name).sort("city_class", "rank", "city")
    address, title = addresses.issue(name), issue_title(name, lang)
    here = addresses.folder(addresses.in_language(lang, address))
    heading = text("published.title", lang, issue=title)
    return issue_page.Context(
        page=frame.page(
            address,
            lang,
            title=heading,
            description=text("published.description", lang, issue=title),
            simulated=False,
            origin="published",
            crumbs=_crumbs(lang, True),
        ),
        heading=heading,
        publisher=published_by(of_issue, lang),
        facts=(
            Fact(text("published.window", lang), window_of(of_issue, lang)),
            Fact(text("published.lines", lang), str(len(of_issue))),
        ),
        classes=tuple(
            issue_page.ClassList(
                id=city_class,
                title=text(f"class.{city_class}", lang),
                lines=tuple(
                    _line(row, lang)
                    for row in of_issue.filter(pl.col("city_class") == city_class).iter_rows(
                        named=True
                    )
                ),
            )
            for city_class in CITY_CLASSES
            if city_class in set(of_issue["city_class"])
        ),
        beside=beside,
        downloads=downloads(here, lang),
    )


def cohorts_page(cohorts: pl.DataFrame, lang: str) -> model_cities.Context:
    """The cohorts of model cities."""
    here = addresses.folder(addresses.in_language(lang, addresses.MODEL_CITIES))
    made = []
    for number, year in enumerate(sorted(cohorts["cohort"].unique().to_list()), 1):
        of_year = cohorts.filter(pl.col("cohort") == year).sort("row")
        citations = dict.fromkeys(of_year["citation"].to_list())
        made.append(
            model_cities.Cohort(
                id=f"cohort-{year}",
                title=text("model_cities.cohort", lang, n=number, year=year),
                count=text("model_cities.count", lang, n=len(of_year)),
                places=tuple(
                    model_cities.Place(name_of(row, lang), words.province_of(row, lang))
                    for row in of_year.iter_rows(named=True)
                ),
                citations=tuple(cited(each) for each in citations),
            )
        )
    return model_cities.Context(
        page=_page(
            addresses.MODEL_CITIES, lang, "model_cities.title", "model_cities.description", True
        ),
        summary=text("model_cities.summary", lang, n=len(cohorts), cohorts=len(made)),
        publisher=published_by(cohorts, lang),
        cohorts=tuple(made),
        downloads=downloads(here, lang),
    )


def figure_6(rankings: pl.DataFrame, cohorts: pl.DataFrame, lang: str) -> figure6.Context:
    """The first cohort with its published ranks and scores of 2017."""
    here = addresses.folder(addresses.in_language(lang, addresses.FIGURE_6))
    # The figure holds cities of the first cohort only; a city is one by its printed name.
    first = set(cohorts.filter(pl.col("cohort") == FIGURE_6_COHORT)["city"])
    rows = rankings.filter(pl.col("issue") == FIGURE_6_ISSUE, pl.col("city").is_in(list(first)))
    groups = []
    for city_class in CITY_CLASSES:
        of_class = rows.filter(pl.col("city_class") == city_class).sort("rank")
        title = text(f"class.{city_class}", lang)
        lines = tuple(
            figure6.Line(
                city=name_of(row, lang),
                province=words.province_of(row, lang),
                class_title=text(f"class_short.{city_class}", lang),
                rank=str(row["rank"]),
                score=row["score"] or numbers.NONE,
                share=numbers.width(float(row["score"] or 0) - _AXIS[0], _AXIS[1] - _AXIS[0]),
            )
            for row in of_class.iter_rows(named=True)
        )
        if lines:
            groups.append((title, lines))
    citations = dict.fromkeys(rows["citation"].to_list())
    return figure6.Context(
        page=_page(addresses.FIGURE_6, lang, "figure6.title", "figure6.description", True),
        citation=text("site.semicolon", lang).join(citations),
        publishers=text(
            "figure6.publishers",
            lang,
            rankings=_publishers(rows, lang),
            cohorts=_publishers(cohorts, lang),
        ),
        axis=text("figure6.axis", lang),
        groups=tuple(groups),
        downloads=downloads(here, lang),
    )


def issue_title(name: str, lang: str) -> str:
    """An issue in words: a month, a year, or as it is named."""
    if re.fullmatch(r"\d{4}-\d{2}", name):
        return text("published.issue_month", lang, period=words.period(name, lang))
    if annual := re.fullmatch(r"(\d{4}) annual", name):
        return text("published.issue_annual", lang, year=annual[1])
    return name


def _others(here: str, cohorts: pl.DataFrame, lang: str) -> tuple[tuple[Link, str], ...]:
    summary = text(
        "model_cities.summary", lang, n=len(cohorts), cohorts=cohorts["cohort"].n_unique()
    )
    return (
        (_link(here, addresses.MODEL_CITIES, text("model_cities.title", lang), lang), summary),
        (
            _link(here, addresses.FIGURE_6, text("figure6.short", lang), lang),
            text("figure6.meta", lang),
        ),
    )


def _line(row: dict[str, Any], lang: str) -> issue_page.Line:
    citation, href = cited(row["citation"])
    return issue_page.Line(
        rank=str(row["rank"]),
        city=name_of(row, lang),
        province=words.province_of(row, lang),
        score=row["score"] or numbers.NONE,
        citation=citation,
        href=href,
    )


def name_of(row: dict[str, Any], lang: str) -> Name:
    """Name of a city as printed."""
    if lang == "zh":
        return Name(row["city"], "")
    return Name(row["city_en"] or "", row["city"])


def _publishers(rows: pl.DataFrame, lang: str) -> str:
    """Who published the rows."""
    names = rows[f"publisher_{lang}"].unique(maintain_order=True)
    return text("site.semicolon", lang).join(names)


def published_by(rows: pl.DataFrame, lang: str) -> str:
    """Who published the rows, as a sentence."""
    return text("published.publisher", lang, publisher=_publishers(rows, lang))


def cited(citation: str) -> tuple[str, str]:
    """Text and address of a citation: of an address on the web its host, else the citation."""
    if found := re.fullmatch(r"https?://([^/]+)/\S*", citation):
        return found[1], citation
    return citation, ""


def window_of(of_issue: pl.DataFrame, lang: str) -> str:
    """Months that an issue covers, as printed."""
    printed = of_issue["window"].drop_nulls().unique().sort().to_list()
    if not printed:
        return text("published.not_printed", lang)
    return text("site.semicolon", lang).join(
        text("published.window_words", lang, first=first, last=last) if last else first
        for first, _, last in (window.partition("..") for window in printed)
    )


def _link(here: str, target: str, title: str, lang: str) -> Link:
    return Link(title, addresses.link(here, addresses.in_language(lang, target)))


def _crumbs(lang: str, below: bool) -> tuple[tuple[str, str], ...]:
    home = ((text("site.home", lang), addresses.HOME),)
    lists = ((text("nav.published", lang), addresses.PUBLISHED),)
    return home + lists if below else home


def _page(address: str, lang: str, title: str, description: str, below: bool) -> Any:
    return frame.page(
        address,
        lang,
        title=text(title, lang),
        description=text(description, lang),
        simulated=False,
        origin="published",
        crumbs=_crumbs(lang, below),
    )
