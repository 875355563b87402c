"""Cities are found by any of their names, with the keyboard, and put side by side."""

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import BACKWARDS, HOSTILE, MONTH
from tests.templates import invented
from warehouse.publication import Publication

pytestmark = pytest.mark.browser

NAMES = (
    ("杭州", "杭州市"),
    ("杭州市", "杭州市"),
    ("hangzhou", "杭州市"),
    ("Hang Zhou", "杭州市"),
    ("hz", "杭州市"),
    ("ＨＺ", "杭州市"),
    ("330100", "杭州市"),
    ("3301", "杭州市"),
    ("zhou", "杭州市"),
)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    complaints: list[str] = []
    sent_to: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("dialog", lambda dialog: complaints.append(dialog.message))
    opened.on("request", lambda sent: sent_to.append(sent.url))
    yield opened
    opened.close()
    assert complaints == []
    assert [url for url in sent_to if not url.startswith("file:")] == []


@pytest.mark.parametrize(("asked", "name"), NAMES, ids=[asked for asked, _ in NAMES])
def test_a_city_is_found_by_each_of_its_names(
    page: Page, site: Path, asked: str, name: str
) -> None:
    page.goto((site / MONTH / "index.html").as_uri())
    page.fill("#finder", asked)
    expect(page.locator("#finder-list li bdi", has_text=name)).to_have_count(1)


def test_the_keyboard_alone_leads_to_a_scorecard(page: Page, site: Path) -> None:
    page.goto((site / "en/index.html").as_uri())
    finder, options = page.get_by_role("combobox"), page.get_by_role("option")
    finder.press_sequentially("zhou")
    expect(options).to_have_count(4)
    assert finder.get_attribute("aria-expanded") == "true"
    finder.press("ArrowDown")
    second = options.nth(1)
    assert second.get_attribute("aria-selected") == "true"
    assert finder.get_attribute("aria-activedescendant") == second.get_attribute("id")
    finder.press("Escape")
    assert finder.get_attribute("aria-expanded") == "false"
    assert finder.get_attribute("aria-activedescendant") is None
    finder.press("ArrowUp")
    finder.press("ArrowDown")
    expect(options).to_have_count(4)
    name = options.nth(0).locator("bdi").first.inner_text()
    finder.press("Enter")
    page.wait_for_url("**/city/*.html")
    assert page.locator("h1").inner_text().startswith(name)


def test_what_is_not_there_is_said(page: Page, site: Path) -> None:
    page.goto((site / MONTH / "index.html").as_uri())
    page.fill("#finder", "Atlantis")
    expect(page.locator(".finder output")).to_have_text("没有找到城市")
    assert page.get_by_role("option").count() == 0


def test_without_a_script_the_list_of_cities_is_what_remains(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert not page.get_by_role("combobox").is_visible()
    page.click("header nav a[href$='cities.html']")
    page.click("text=杭州市")
    assert page.locator("h1").inner_text() == "杭州市"
    context.close()


@pytest.mark.parametrize("code", [*HOSTILE, "230183"])
def test_a_hostile_name_does_no_harm_where_it_is_found(page: Page, site: Path, code: str) -> None:
    name = HOSTILE.get(code, invented.HOSTILE)
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto((site / "en" / MONTH / "compare.html").as_uri())
    page.fill("#choose", code)
    option = page.locator("#choose-list li")
    expect(option.locator("bdi").first).to_have_text(name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    option.click()
    expect(page.locator("table.compare thead bdi")).to_have_text(name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    data = (site / MONTH / "data/script/cities.js").read_text(encoding="utf-8")
    assert "<" not in data


def test_cities_are_compared_and_the_address_says_which(
    page: Page, site: Path, publication: Publication
) -> None:
    page.goto((site / MONTH / "compare.html").as_uri())
    head = page.locator("table.compare thead th bdi")
    for asked in ("hangzhou", "nj", "成都"):
        page.fill("#choose", asked)
        page.get_by_role("option").first.wait_for()
        page.locator("#choose").press("Enter")
        expect(head.filter(has_text="")).not_to_have_count(0)
    expect(head).to_have_text(["杭州市", "南京市", "成都市"])
    assert page.url.endswith("#330100,320100,510100")
    row = page.locator("table.compare tr:has(th:text-is('本类名次')) td")
    ranks = {row["city_code"]: row["rank"] for row in publication.frame("index").rows(named=True)}
    shown = [f"{ranks[code]} / 4" for code in ("330100", "320100", "510100")]
    expect(row).to_have_text([*shown, ""])
    page.click("a.lang")
    expect(head).to_have_text(["Hangzhou", "Nanjing", "Chengdu"])
    page.get_by_role("button", name="Remove Nanjing").click()
    expect(head).to_have_text(["Hangzhou", "Chengdu"])
    assert page.url.endswith("#330100,510100")


def test_most_and_least_are_said_in_words(page: Page, site: Path) -> None:
    page.goto((site / MONTH / "compare.html").as_uri() + "#330100,320100")
    rows = page.locator("table.compare tbody tr")
    expect(rows).not_to_have_count(0)
    for row in rows.filter(has=page.locator(".most")).all():
        most, least = row.locator(".most"), row.locator(".least")
        assert (most.count(), least.count()) == (1, 1)
        assert most.locator("small").last.inner_text() == "最高"
        assert least.locator("small").last.inner_text() == "最低"
        values = [float(cell.inner_text().split()[0]) for cell in (most, least)]
        assert row.locator("td").last.inner_text() == f"{values[0] - values[1]:.2f}"


def test_a_sixth_city_is_not_taken(page: Page, site: Path) -> None:
    five = ("330100", "320100", "510100", "110000", "320500")
    page.goto((site / MONTH / "compare.html").as_uri() + "#" + ",".join(five))
    expect(page.locator("table.compare thead bdi")).to_have_count(5)
    page.fill("#choose", "330782")
    page.get_by_role("option").click()
    expect(page.locator("#comparison [role=status]")).to_contain_text("五个城市")
    expect(page.locator("table.compare thead bdi")).to_have_count(5)


def test_the_table_of_all_cities_sorts_and_narrows(page: Page, site: Path) -> None:
    page.goto((site / MONTH / "all.html").as_uri())
    rows = page.locator("#all-cities tbody tr")
    assert rows.count() == len(invented.CITIES)
    index = page.locator("#all-cities thead th").nth(4)
    for order, backwards in (("ascending", False), ("descending", True)):
        index.get_by_role("button").click()
        assert index.get_attribute("aria-sort") == order
        shown = [float(words) for words in rows.locator("td:nth-child(5)").all_inner_texts()]
        assert shown == sorted(shown, reverse=backwards)
    visible = rows.filter(visible=True)
    page.select_option("select[name=class]", "county")
    expect(visible).to_have_count(4)
    page.select_option("select[name=region]", "East")
    expect(visible).to_have_count(2)
    page.select_option("select[name=province]", "37")
    expect(visible).to_have_count(1)
    assert page.locator(".filters output").inner_text() == "1"
    for name in ("class", "region", "province"):
        page.select_option(f"select[name={name}]", "")
    for name in ("苏州", "suzhou", "320500", "SUZ"):
        page.fill("input[name=name]", name)
        expect(visible).to_have_count(1)


def test_a_leaf_has_its_cities_best_first_and_sorts_by_value(page: Page, site: Path) -> None:
    page.goto((site / MONTH / "all.html").as_uri())
    page.click("#leaves a[href='leaf/listed_entity_share.html']")
    rows = page.locator("#cities tbody tr[data-class=county]")
    points = [float(words) for words in rows.locator("td:nth-child(6)").all_inner_texts()]
    assert points == sorted(points, reverse=True)
    page.locator("#cities thead button").nth(4).click()
    values = page.locator("#cities td[data-sort]").evaluate_all(
        "all => all.map(cell => Number(cell.dataset.sort))"
    )
    assert values == sorted(values)


def test_tables_are_whole_without_a_script(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / MONTH / "all.html").as_uri())
    rows = page.locator("#all-cities tbody tr")
    assert rows.filter(visible=True).count() == len(invented.CITIES)
    assert not page.locator(".filters").is_visible()
    page.click("#leaves a >> nth=0")
    assert page.locator("#cities tbody tr").count() == len(invented.CITIES)
    context.close()


def test_paper_has_no_controls(page: Page, site: Path) -> None:
    page.goto((site / MONTH / "city/320500.html").as_uri())
    page.click("#what-if summary")
    page.emulate_media(media="print")
    for control in (".finder", "#what-if", "header nav", ".lang"):
        assert not page.locator(control).first.is_visible(), control
    assert page.locator("#standing").is_visible()
    page.goto((site / MONTH / "all.html").as_uri())
    assert not page.locator(".filters").is_visible()


def test_hostile_names_do_no_harm_in_tables(site: Path) -> None:
    data = site / MONTH / "data"
    with (data / "cities.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {row["city_code"]: row["name_en"] for row in csv.DictReader(file)}
    expected = HOSTILE | {"230183": invented.HOSTILE}
    expected["421000"] = f"'{invented.FORMULA}"
    assert {code: names[code] for code in expected} == expected
    book = fastexcel.read_excel(data / "publication.xlsx")
    told = book.load_sheet("cities").to_polars()
    in_book = dict(told.select("city_code", "name_en").iter_rows())
    assert in_book["421000"] == invented.FORMULA
    assert in_book["411282"] == BACKWARDS
    with zipfile.ZipFile(data / "publication.xlsx") as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f>" in archive.read(name) for name in sheets)


def test_a_name_that_turns_the_writing_around_turns_only_itself(page: Page, site: Path) -> None:
    page.goto((site / "en" / MONTH / "cities.html").as_uri())
    line = page.locator("li", has=page.locator("a[href='city/411282.html']"))
    name, standing = line.locator("a").bounding_box(), line.locator("small").bounding_box()
    assert name
    assert standing
    assert standing["x"] > name["x"]
