"""What is said of crawls: how each site was found, and which families failed."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.steps import crawling
from pipelines.workspace import Workspace
from scrapers.monitor.shapes import Site
from scrapers.web.run import SiteOutcome
from scrapers.web.sites import Watched
from scrapers.web.verdict import Counts, Reason, Verdict
from warehouse.contracts.ledger import Sites

MONTH = "2019-06"
FAMILIES = {"portal_jcms": 12, "portal_static": 10, "court_sitemap": 2}
COUNTS = Counts(20, 0, 6, 4, 4, 4, 4, 9, {}, "2019-06-28")
LISTS = tuple(f"/col/col{n}/index.html" for n in (101, 102, 103))
LOST = tuple(Reason("layout_changed", path) for path in LISTS)


def outcome(site: str) -> tuple[Verdict, tuple[Reason, ...]]:
    """A family has a new layout; a few sites of others are not as they should be."""
    if site.startswith("portal_jcms") and not site.endswith("_0"):
        return "failed", LOST
    return {
        "portal_static_1": ("failed", (Reason("robots_down", "status_503"),)),
        "portal_static_2": ("suspect", (Reason("nothing_new", "400"), Reason("other_name"))),
        "portal_static_3": ("suspect", (Reason("nothing_new", "200"), Reason("other_name"))),
    }.get(site, ("good", ()))  # type: ignore[return-value]  # literals


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pl.DataFrame:
    """What a month's crawl gave."""
    sites = tuple(
        Watched(
            Site(
                f"{family}_{n}", f"第{n}网站", "government", "330100", True, f"{n}.{family}.example"
            ),
            family,
        )
        for family, many in FAMILIES.items()
        for n in range(many)
    )

    def crawl(part: tuple[Watched, ...], *_: object) -> list[SiteOutcome]:
        return [
            SiteOutcome(one.site.site_id, *outcome(one.site.site_id), date(2019, 6, 30), COUNTS)
            for one in part
        ]

    monkeypatch.setattr(crawling, "watched", lambda _: sites)
    monkeypatch.setattr(crawling, "crawl_sites", crawl)
    return crawling.crawl(Workspace(tmp_path), MONTH)


def test_what_reasons_are_about_is_kept_beside_them(table: pl.DataFrame) -> None:
    assert Sites.is_valid(table)
    of = {row["site_id"]: row for row in table.iter_rows(named=True)}
    lost = of["portal_jcms_1"]
    assert lost["reasons"] == "layout_changed"
    assert json.loads(lost["details"]) == {"layout_changed": [*LISTS]}
    silent = of["portal_static_2"]
    assert silent["reasons"] == "nothing_new,other_name"
    assert json.loads(silent["details"]) == {"nothing_new": ["400"]}
    assert of["portal_static_0"]["details"] is None
    assert set(table["complete"]) == {date(2019, 6, 30)}


def test_a_family_that_failed_is_named_once_and_first_with_some_of_its_sites(
    table: pl.DataFrame,
) -> None:
    lines = crawling.doubtful(table)
    assert lines == [
        f"11 of 12 portal_jcms failed: layout_changed (portal_jcms_1 {LISTS[0]} {LISTS[1]} …, "
        f"portal_jcms_10 {LISTS[0]} {LISTS[1]} …, portal_jcms_11 {LISTS[0]} {LISTS[1]} …, …)",
        "1 of 10 portal_static failed: robots_down (portal_static_1 status_503)",
        "2 of 10 portal_static suspect: nothing_new, other_name (portal_static_2 400, "
        "portal_static_3 200)",
    ]
    assert crawling.named(lines) == f"{'; '.join(lines)}; all of them on the page of sites"


def test_where_all_are_good_nothing_is_said(table: pl.DataFrame) -> None:
    assert crawling.doubtful(table.filter(verdict="good")) == []
    assert crawling.named([]) == ""


def test_of_many_that_failed_in_many_ways_some_are_named() -> None:
    assert crawling.named([f"group {n}" for n in range(20)]).count("group") == 8
