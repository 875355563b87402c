"""Pages of bulletins and reports: accessible in light and dark, and asking nobody for anything."""

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from pipelines import pdf
from pipelines.pages import papers
from pipelines.steps import reporting
from pipelines.workspace import Workspace
from tests.browser.conftest import hostile_cities
from tests.browser.test_accessibility import ALL, DARK
from tests.templates import invented

pytestmark = pytest.mark.browser
MONTH = "reports/cci-2019/2019-06/r1"
KINDS = (
    f"{MONTH}/ranking/zh/index.html",
    f"{MONTH}/city/zh/index.html",
    f"{MONTH}/city/en/city/320500.html",
    f"{MONTH}/city/en/city/371000.html",
    f"{MONTH}/consultation/en/city/320500.html",
    "reports/cci-2019/2019/annual/en/index.html",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports on twelve cities, pages alone."""
    workspace = Workspace(tmp_path_factory.mktemp("report_pages"))
    for period in ("2019-05", "2019-06"):
        invented.publish_invented(workspace.published, of=hostile_cities(), period=period)
    last = reporting.published(workspace, "cci-2019", "2019-06")

    def unavailable() -> None:
        raise pdf.PdfUnavailableError("no printer in this test")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers, "_printer", unavailable)
        reporting.write_ranking(workspace, last, "zh")
        reporting.write_cities(workspace, last, "zh", ())
        reporting.write_consultation(workspace, last, "zh")
        reporting.write_annual(workspace, "cci-2019", "2019", "zh")
    return workspace.root


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
@pytest.mark.parametrize("address", KINDS)
def test_a_report_is_accessible_and_fits_its_window(
    browser: Browser, made: Path, address: str, scheme: Literal["light", "dark"], width: int
) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((made / address).as_uri())
    assert all(url.startswith(("file:", "data:")) for url in asked)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options=ALL if scheme == "light" else DARK)
    page.close()
    assert not found.violations_count, found.generate_report()
