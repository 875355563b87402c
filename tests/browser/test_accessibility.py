"""axe-core finds nothing to complain of on any kind of page, in light and dark."""

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import ASSESSMENT, MONTH, OPERATOR, PAGES
from tests.pipelines import applications

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUICK = {"resultTypes": ["violations"], "preload": False, "elementRef": False}
ALL = QUICK | {"runOnly": {"type": "tag", "values": TAGS}}
# What may differ in the dark and on a telephone; the page is the same.
OF_SIGHT = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]
DARK = QUICK | {"runOnly": {"type": "rule", "values": OF_SIGHT}}
CARD = f"{MONTH}/city/320500.html"
# Leaves, rows and items that are alike: of many, some.
OPENED = """
for (const each of document.querySelectorAll(
  '.leaf ~ .leaf ~ .leaf, :is(tbody tr, main li, dl > div):nth-child(n + 13)')) each.remove()
for (const each of document.querySelectorAll('details')) each.open = true"""
COMPARISON = f"{MONTH}/compare.html"
CHOICE = "#330100,320500"
ASSESSED = [f"{ASSESSMENT}/zh/{name}.html" for name in ("index", f"city/{applications.FAILS}")]
# A scorecard is of the same kind whatever the name.
KINDS = (
    *(each for each in PAGES if "371000" not in each),
    *ASSESSED,
    OPERATOR[0],
)


# Colours come of one style sheet: of pages that are drawn alike, one is looked at in the dark.
IN_THE_DARK = (
    *(
        f"{MONTH}/{name}.html"
        for name in ("index", "all", "compare", "map", "city/320500", "ledger/320500")
    ),
    ASSESSED[1],
    OPERATOR[0],
)


@pytest.mark.parametrize(
    ("address", "scheme", "width"),
    [
        *((address, "light", 1280) for address in KINDS),
        *((address, "dark", 390) for address in IN_THE_DARK),
    ],
)
def test_a_page_is_accessible(
    browser: Browser, site: Path, address: str, scheme: Literal["light", "dark"], width: int
) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto((site / address).as_uri() + (CHOICE if address == COMPARISON else ""))
    page.evaluate(OPENED)
    if address == COMPARISON:
        page.locator("table.compare tbody tr").first.wait_for()
    if address == CARD:
        page.locator("#what-if tbody tr").first.wait_for()
    found = Axe().run(page, options=ALL if scheme == "light" else DARK)
    page.close()
    assert not found.violations_count, found.generate_report()
