"""The pages in a headless Chromium, on a desk and on a telephone."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from pipelines import assessments
from pipelines.pages import render_publication, render_site
from pipelines.steps import assessing
from pipelines.workspace import Workspace
from tests.pipelines import applications
from tests.templates import found, invented

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
FACTS = Path(__file__).parents[1] / "data" / "facts"
MONTH = "cci-2019/2019-06/r1"
PAGES = (
    "index.html",
    f"{MONTH}/index.html",
    f"{MONTH}/cities.html",
    f"{MONTH}/city/320500.html",
    f"{MONTH}/quality.html",
    f"{MONTH}/warnings.html",
    f"{MONTH}/sites.html",
    f"{MONTH}/ledger/320500.html",
    f"{MONTH}/event/{found.event_id('320500', 3)}.html",
    "cci-2019/2019-06/index.html",
    "sources.html",
    "cci-2019/methodology.html",
    "published/index.html",
    "published/2022-08.html",
    "published/model-cities.html",
    "published/figure-6.html",
    "assessments/index.html",
)
ASSESSMENT = "assessments/model-2019/2019-06"
WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        apt = shutil.which("apt-get")
        assert apt, "no Chromium, and no apt-get to install it with"
        subprocess.run([apt, "update"], check=True, capture_output=True)
        packages = ["chromium", "fonts-noto-cjk"]
        subprocess.run([apt, "install", "-y", *packages], check=True, capture_output=True)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync"],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    publication = invented.publish_invented(
        tmp_path_factory.mktemp("published"), file="a-file-with-a-rather-long-name-2019-06.csv"
    )
    out = tmp_path_factory.mktemp("out")
    render_publication(publication, out)
    invented.assemble(out, root, publication)
    rankings, cohorts = invented.published_rankings(FACTS), invented.model_cities(FACTS)
    workspace = Workspace(tmp_path_factory.mktemp("data"))
    criteria = assessing.criteria("model-2019", applications.MONTH)
    file = applications.write(workspace.root / "applications.csv", changed=applications.FAILING)
    basis = assessing.of_file(criteria, file, applications.MONTH)
    made = assessing.assess(workspace, criteria, basis, None)
    assessing.write_reports(
        made, workspace.assessments / "model-2019" / applications.MONTH, pdf_lang="zh", pdf_codes=()
    )
    (shown,) = assessments.shown(workspace)
    render_site(root, [publication], rankings, cohorts, assessments=[shown.about])
    assessments.link(shown, root)
    return root


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("prefix", ["", "en/"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_fits_and_complains_of_nothing(
    browser: Browser, site: Path, address: str, prefix: str, width: int
) -> None:
    _fits(browser, site / prefix / address, width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["index", f"city/{applications.FAILS}", "city/110000"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_fits_and_complains_of_nothing(
    browser: Browser, site: Path, lang: str, name: str, width: int
) -> None:
    _fits(browser, site / ASSESSMENT / lang / f"{name}.html", width)


def _fits(browser: Browser, path: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=True)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    scroll = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert complaints == []
    assert scroll <= width


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


@pytest.mark.parametrize("address", PAGES)
def test_no_chinese_name_beside_an_english_one_breaks(
    browser: Browser, site: Path, address: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto((site / "en" / address).as_uri())
    lines = page.locator(".alt").evaluate_all("all => all.map(a => a.getClientRects().length)")
    page.close()
    assert set(lines) <= {0, 1}


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
