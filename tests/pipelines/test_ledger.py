"""The ledger of a month: what was read of pages becomes events, pages and landed measures."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.steps import arriving, crawling, facts, ledger, reading
from pipelines.workspace import Workspace
from scrapers import landing
from scrapers.declaration import sources
from tests.pipelines.conftest import MONTH
from warehouse.contracts.ledger import Sites

HANGZHOU, NINGBO, NANJING = "330100", "330200", "320100"
SHA = "0" * 64
END = date(2019, 6, 30)


def page(number: int, **said: Any) -> dict[str, Any]:
    """A page that was read; a bad, serious event in Hangzhou unless something else is said."""
    title = said.get("title", f"第{number}号公告")
    return {
        "url": f"http://www.a.example/{number}",
        "site_id": "portal_330100",
        "site_name": "杭州市人民政府",
        "official": True,
        "site_city": HANGZHOU,
        "kind": "event",
        "city_code": HANGZHOU,
        "subject": "enterprise",
        "affair": "commercial",
        "field": "finance",
        "polarity": "bad",
        "severity": "serious",
        "published": date(2019, 6, number),
        "count": None,
        "national_document": None,
        "rule_fields": [],
        "title": title,
        "text": f"{title}\n第{number}家公司因第{number}个案件被罚{number}00万元",
        "confidence": 0.9,
        "why": "{}",
        "retrieved": "2019-06-30T00:00:00+08:00",
        "sha256": SHA,
    } | said


def site(
    site_id: str, city_code: str, complete: date | None, family: str = "portal_static"
) -> dict[str, Any]:
    """How a site's crawl went."""
    return {
        "period": MONTH,
        "site_id": site_id,
        "site_name": site_id,
        "family": family,
        "city_code": city_code,
        "verdict": "good",
        "reasons": "",
        "details": None,
        "complete": complete,
        "asked": 9,
        "articles": 3,
        "simulated": True,
    }


@pytest.fixture
def watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Workspace, list[dict[str, Any]]]:
    """A data folder whose month was crawled for, and the pages that were read, to be filled in."""
    workspace = Workspace(tmp_path)
    facts.write_registry(workspace)
    sites = [
        site("portal_330100", HANGZHOU, END),
        site("hall_330100", HANGZHOU, None, "service_hall"),  # which tells of nothing
        site("portal_330200", NINGBO, END),
        site("credit_330200", NINGBO, date(2019, 6, 29), "credit_json"),
        site("portal_320100", NANJING, None),
    ]
    workspace.store.write(crawling.SITES, pl.DataFrame(sites), period=MONTH)
    said = [
        (MONTH, "court_330000", code, "contract_cases_12m", 7.0, True)
        for code in (HANGZHOU, NINGBO)
    ]
    counters = pl.DataFrame(
        said,
        schema=["period", "site_id", "city_code", "measure", "value", "simulated"],
        orient="row",
    )
    workspace.store.write(crawling.COUNTERS, counters, period=MONTH)
    pages: list[dict[str, Any]] = []
    monkeypatch.setattr(reading, "readings", lambda _: pl.DataFrame(pages, schema=reading.READ))
    return workspace, pages


def landed(workspace: Workspace) -> list[pl.DataFrame]:
    """What was landed of monitoring, oldest first."""
    files = landing.landed(workspace.landing, crawling.SOURCE, MONTH)
    return [file.kept(workspace.landing) for file in files]


def values(rows: pl.DataFrame, city_code: str) -> dict[str, float]:
    """The values of a city by measure."""
    of_city = rows.filter(city_code=city_code).select("measure", pl.col("value").cast(pl.Float64))
    return dict(of_city.iter_rows())


def test_events_pages_and_measures_come_of_what_was_read(
    watched: tuple[Workspace, list[dict[str, Any]]],
) -> None:
    workspace, pages = watched
    pages += [
        page(1),
        page(2, severity="ordinary"),
        page(3, kind="propaganda"),
        page(4, kind="other"),
    ]
    kept = ledger.keep(workspace, MONTH)
    assert len(kept.events) == 2
    assert workspace.store.read(ledger.EVENTS, period=MONTH).equals(kept.events)
    stored = workspace.store.read(ledger.PAGES, period=MONTH)
    assert stored["kind"].to_list() == ["event", "event", "propaganda"]
    (rows,) = landed(workspace)
    of_hangzhou = values(rows, HANGZHOU)
    assert of_hangzhou["events_12m"] == 2
    assert of_hangzhou["breaches_12m"] == 1
    assert of_hangzhou["serious_breach_burden"] == 1
    assert of_hangzhou["propaganda_items_12m"] == 1
    assert of_hangzhou["contract_cases_12m"] == 7


def test_a_city_one_of_whose_sites_was_not_had_to_the_end_has_no_value_and_not_none_of_anything(
    watched: tuple[Workspace, list[dict[str, Any]]],
) -> None:
    workspace, _ = watched
    ledger.keep(workspace, MONTH)
    (rows,) = landed(workspace)
    assert values(rows, HANGZHOU)["events_12m"] == 0
    assert values(rows, NINGBO) == {"contract_cases_12m": 7}  # of a court's site, which was
    assert values(rows, NANJING) == {}


def test_the_same_ledger_is_landed_once_and_another_one_after_it(
    watched: tuple[Workspace, list[dict[str, Any]]],
) -> None:
    workspace, pages = watched
    for more in ([], [], [page(1)], []):
        pages += more
        ledger.keep(workspace, MONTH)
    pages.clear()
    ledger.keep(workspace, MONTH)  # as the first one again
    found = [values(rows, HANGZHOU)["events_12m"] for rows in landed(workspace)]
    assert found == [1, 0]
    names = [file.name for file in landing.landed(workspace.landing, crawling.SOURCE, MONTH)]
    assert names == [f"ledger-{MONTH}-002.csv", f"ledger-{MONTH}-003.csv"]


def test_pages_of_later_months_and_events_of_before_the_window_are_left_out(
    watched: tuple[Workspace, list[dict[str, Any]]],
) -> None:
    workspace, pages = watched
    pages += [
        page(1, published=date(2019, 7, 1)),
        page(2, published=date(2018, 6, 30)),
        page(3, published=date(2018, 7, 1)),
    ]
    kept = ledger.keep(workspace, MONTH)
    assert kept.events["first_seen"].to_list() == [date(2018, 7, 1)]


def test_a_month_that_was_not_crawled_for_has_an_empty_ledger_and_lands_nothing(
    watched: tuple[Workspace, list[dict[str, Any]]],
) -> None:
    workspace, pages = watched
    pages.append(page(1))
    crawling.leave(workspace, MONTH)
    assert Sites.validate(workspace.store.read(crawling.SITES, period=MONTH)).is_empty()
    kept = ledger.keep(workspace, MONTH)
    assert (len(kept.events), len(kept.pages), kept.values) == (0, 0, 0)
    assert landed(workspace) == []


@pytest.mark.parametrize(
    ("measure", "as_files"), [("events_12m", True), ("credit_website_uptime", False)]
)
def test_a_month_whose_measures_came_as_files_is_known(
    tmp_path: Path, measure: str, as_files: bool
) -> None:
    workspace = Workspace(tmp_path)
    facts.write_registry(workspace)
    folder = workspace.inbox / crawling.SOURCE / MONTH
    folder.mkdir(parents=True)
    rows = f"period,city_code,measure,value\n{MONTH},{HANGZHOU},{measure},1\n"
    (folder / "monitoring.csv").write_text(rows, encoding="utf-8")
    assert ledger.came_as_files(workspace, MONTH) is as_files


def test_a_ledger_of_ours_is_no_file_that_came(
    watched: tuple[Workspace, list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, _ = watched
    ledger.keep(workspace, MONTH)
    monkeypatch.setattr(arriving, "take_in", lambda *_: [])
    assert not ledger.came_as_files(workspace, MONTH)
    (file,) = landing.landed(workspace.landing, crawling.SOURCE, MONTH)
    assert not sources()[crawling.SOURCE].late(MONTH, datetime.fromisoformat(file.delivered_at))
