"""A site of invented publications, and the Chromium that its pages are opened in."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser, sync_playwright

from pipelines import assessments
from pipelines.pages import operator, render_publication, render_site
from pipelines.steps import assessing
from pipelines.workspace import Workspace
from tests.pipelines import applications, test_operator
from tests.templates import found, invented
from warehouse.publication import Publication

CHROMIUM = Path("/usr/bin/chromium")
FACTS = Path(__file__).parents[1] / "data" / "facts"
MONTH = "cci-2019/2019-06/r1"
PAGES = (
    "index.html",
    f"{MONTH}/index.html",
    f"{MONTH}/cities.html",
    f"{MONTH}/all.html",
    f"{MONTH}/leaf/listed_entity_share.html",
    f"{MONTH}/compare.html",
    f"{MONTH}/map.html",
    f"{MONTH}/city/320500.html",
    f"{MONTH}/city/371000.html",
    f"{MONTH}/quality.html",
    f"{MONTH}/warnings.html",
    f"{MONTH}/sites.html",
    f"{MONTH}/ledger/320500.html",
    f"{MONTH}/event/{found.event_id('320500', 3)}.html",
    "cci-2019/2019-06/index.html",
    "sources.html",
    "api.html",
    "reports/index.html",
    "editions.html",
    "cci-2019/methodology.html",
    "published/index.html",
    "published/2022-08.html",
    "published/model-cities.html",
    "published/figure-6.html",
    "assessments/index.html",
    "cci-2019/2019-06/with-model-2019.html",
    "cci-2019/2018-04/beside-2018-04.html",
)
ASSESSMENT = "assessments/model-2019/2019-06"
OPERATOR = ("operator/index.html", "operator/index.en.html")
WIDTHS = (1280, 390)
BACKWARDS, LONG = "\u202eohanL", "Llanfair" * 30
HOSTILE = {"411282": BACKWARDS, "371000": LONG, "421000": invented.FORMULA}
"""English names of cities that should do no harm."""


def hostile_cities() -> pl.DataFrame:
    """Cities that have pinyin, and some of them hostile names."""
    return invented.cities().with_columns(
        pinyin=pl.col("name_en").str.to_lowercase().str.extract(r"^([a-z]+)$").fill_null(""),
        name_en=pl.col("city_code").replace_strict(HOSTILE, default=pl.col("name_en")),
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, ended with each file: no other loop can run where Playwright's still does."""
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


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def publication(workspace: Workspace) -> Publication:
    return invented.publish_invented(
        workspace.published, of=hostile_cities(), file="a-file-with-a-rather-long-name-2019-06.csv"
    )


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, workspace: Workspace, publication: Publication
) -> Path:
    """The whole site, with a month under another edition and one that a list was published of."""
    root = tmp_path_factory.mktemp("site")
    out = tmp_path_factory.mktemp("out")
    render_publication(publication, out)
    invented.assemble(out, root, publication)
    others = [
        invented.publish_invented(workspace.published, edition_id="model-2019"),
        invented.publish_invented(workspace.published, period="2018-04"),
    ]
    rankings, cohorts = invented.published_rankings(FACTS), invented.model_cities(FACTS)
    criteria = assessing.criteria("model-2019", applications.MONTH)
    file = applications.write(workspace.root / "applications.csv", changed=applications.FAILING)
    basis = assessing.of_file(criteria, file, applications.MONTH)
    made = assessing.assess(workspace, criteria, basis, None)
    assessing.write_reports(
        made, workspace.assessments / "model-2019" / applications.MONTH, pdf_lang="zh", pdf_codes=()
    )
    (shown,) = assessments.shown(workspace)
    render_site(root, [publication, *others], rankings, cohorts, assessments=[shown.about])
    assessments.link(shown, root)
    operator.write([test_operator.NOTE], root / "operator")
    return root
