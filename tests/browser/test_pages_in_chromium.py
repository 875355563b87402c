"""The pages in a headless Chromium, on a desk and on a telephone."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import ASSESSMENT, MONTH, OPERATOR, PAGES, WIDTHS
from tests.pipelines import applications

pytestmark = pytest.mark.browser


ADDRESSES = (
    *PAGES,
    *(f"en/{address}" for address in PAGES),
    *(
        f"{ASSESSMENT}/{lang}/{name}.html"
        for lang in ("zh", "en")
        for name in ("index", f"city/{applications.FAILS}", "city/110000")
    ),
    *OPERATOR,
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_fits_its_window_and_complains_of_nothing(
    browser: Browser, site: Path, address: str
) -> None:
    page = browser.new_page(viewport={"width": WIDTHS[0], "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / address).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    # No Chinese name beside an English one breaks on a telephone.
    lines = page.locator(".alt").evaluate_all("all => all.map(a => a.getClientRects().length)")
    page.close()
    assert set(lines) <= {0, 1}
    assert complaints == []
    assert all(url.startswith(("file:", "data:")) for url in asked)


def test_the_language_switch_leads_to_the_same_page_and_back(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / MONTH / "city/320500.html").as_uri())
    assert page.locator("h1").inner_text() == "苏州市"
    page.click("a.lang")
    assert page.locator("h1").inner_text().startswith("Suzhou")
    page.click("a.lang")
    assert page.locator("h1").inner_text() == "苏州市"
    context.close()


def test_a_leaf_opens_without_javascript(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / MONTH / "city/320500.html").as_uri())
    leaf = page.locator("details:has(> #listed_entity_share)")
    assert not leaf.locator("dl").is_visible()
    leaf.locator("summary").click()
    assert leaf.locator("dl").is_visible()
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_link_to_a_lost_leaf_opens_it(browser: Browser, site: Path, width: int) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto((site / MONTH / "city/320500.html").as_uri())
    link = page.locator("#lost tbody a").first
    target = page.locator(link.get_attribute("href") or "")
    assert not target.is_visible()
    link.click()
    target.wait_for(state="visible")
    box = target.locator("xpath=../summary").bounding_box()
    assert box
    assert 0 <= box["y"] < 900
    context.close()


def test_paper_has_no_hint_to_click(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / MONTH / "city/320500.html").as_uri())
    hint = page.locator("#tree > .note")
    assert hint.is_visible()
    page.emulate_media(media="print")
    assert not hint.is_visible()
    page.close()


def test_no_slash_after_the_last_breadcrumb(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / MONTH / "city/320500.html").as_uri())
    slashes = page.locator(".crumbs li").evaluate_all(
        "all => all.map(each => getComputedStyle(each, '::after').content)"
    )
    page.close()
    assert slashes == ['"/"', "none"]


def test_the_ranking_leads_to_a_scorecard(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / MONTH / "index.html").as_uri())
    link = page.locator("#prefecture tbody a").first
    name = link.inner_text()
    link.click()
    assert page.locator("h1").inner_text() == name
    page.close()


def test_a_ledger_narrows_and_sorts(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / MONTH / "ledger/320500.html").as_uri())
    rows = page.locator("#event-list tbody tr")
    everything = rows.count()
    page.select_option("select[name=polarity]", "bad")
    shown = rows.filter(visible=True)
    assert 0 < shown.count() < everything
    assert page.locator(".filters output").inner_text() == str(shown.count())
    assert set(shown.evaluate_all("all => all.map(row => row.dataset.polarity)")) == {"bad"}
    page.select_option("select[name=polarity]", "")
    severity = page.locator("#event-list thead th").nth(3)
    for order, backwards in (("ascending", False), ("descending", True)):
        severity.get_by_role("button").click()
        assert severity.get_attribute("aria-sort") == order
        gravities = rows.locator("td[data-sort]").evaluate_all(
            "all => all.map(cell => Number(cell.dataset.sort))"
        )
        assert gravities == sorted(gravities, reverse=backwards)
    page.close()


def test_a_ledger_is_whole_without_javascript(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / MONTH / "ledger/320500.html").as_uri())
    assert page.locator("#event-list tbody tr").filter(visible=False).count() == 0
    assert not page.locator(".filters").is_visible()
    assert page.locator("#event-list thead button").count() == 0
    context.close()
