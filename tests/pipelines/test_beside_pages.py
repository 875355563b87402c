"""Pages on which two things stand side by side: editions of a month, published and computed ranks."""

import posixpath
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines import bridging
from pipelines.pages import addresses, beside, bridge, ranking, reading, render_site
from pipelines.steps import facts
from scrapers import packaged
from scrapers.declaration import sources
from templates.catalogue import LANGS, text
from templates.environment import render
from tests.templates import invented
from warehouse.publication import Publication

pytestmark = pytest.mark.month

FACTS = Path(__file__).parents[1] / "data" / "facts"
PERIOD = "2017-12"
WITH, BESIDE = "with-model-2019.html", "beside-2017-annual.html"


@pytest.fixture(scope="module")
def publications(tmp_path_factory: pytest.TempPathFactory) -> list[Publication]:
    """The month of a published list under two editions, the first of them in two revisions."""
    root = tmp_path_factory.mktemp("published")
    return [
        invented.publish_invented(root, watched=False, period=PERIOD),
        invented.publish_invented(root, watched=False, period=PERIOD, revision=2),
        invented.publish_invented(root, watched=False, period=PERIOD, edition_id="model-2019"),
    ]


@pytest.fixture(scope="module")
def site(publications: list[Publication], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site around these publications; their own pages are not made."""
    root = tmp_path_factory.mktemp("site")
    render_site(root, publications, published_rankings(), invented.model_cities(FACTS))
    return root


@cache
def published_rankings() -> pl.DataFrame:
    """The lists that come with the project, each in the month that it belongs to."""
    rows = packaged.rows(packaged.path(sources()["published_rankings"]).read_bytes())
    complete = facts.completed(
        rows, "published_rankings", facts.registry(), lambda row: str(row["month"])
    )
    return complete.with_columns(pl.col("rank").cast(pl.Int64), sha256=pl.lit("0" * 64))


def page(site: Path, lang: str, address: str) -> LexborHTMLParser:
    """One page of the site."""
    path = site / ("" if lang == "zh" else lang) / address
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def links(of: LexborHTMLParser) -> set[str]:
    """Where a page links to."""
    return {node.attributes.get("href") or "" for node in of.css("a")}


def number(cell: LexborNode) -> int:
    """A printed number with three decimals, in thousandths; an empty cell is nothing."""
    printed = cell.text(strip=True).replace("−", "-").replace(",", "")
    return round(float(printed or 0) * 1000)


def of_publications(publications: list[Publication]) -> set[str]:
    """Pages that publications have, from the site's root."""
    return {
        f"{addresses.publication(each.edition, each.period, each.revision)}/{page}.html"
        for each in publications
        for page in ("index", "quality", *(f"city/{c}" for c in each.frame("index")["city_code"]))
    }


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", [WITH, BESIDE])
def test_every_link_leads_somewhere(
    site: Path, publications: list[Publication], lang: str, name: str
) -> None:
    address = f"cci-2019/{PERIOD}/{name}"
    folder = posixpath.dirname(address if lang == "zh" else f"{lang}/{address}")
    for href in links(page(site, lang, address)):
        target = urlsplit(href)
        if target.scheme:
            assert "noreferrer" in str(page(site, lang, address).html)
        elif target.path:
            path = posixpath.normpath(posixpath.join(folder, target.path))
            known = path.removeprefix("en/") in of_publications(publications)
            assert known or (site / path).is_file(), href


@pytest.mark.parametrize("lang", LANGS)
def test_printed_numbers_of_a_bridge_add_up_across_and_down(site: Path, lang: str) -> None:
    parsed = page(site, lang, f"cci-2019/{PERIOD}/{WITH}")
    matrices = [table for table in parsed.css("table") if table.css_first("tfoot")]
    assert len(matrices) == 3
    for table in matrices:
        rows = [[number(cell) for cell in row.css("td")] for row in table.css("tr")[1:]]
        for row in rows:
            assert sum(row[:-1]) == row[-1]
        assert [sum(column) for column in zip(*rows[:-1], strict=True)] == rows[-1]


@pytest.mark.parametrize("lang", LANGS)
def test_criteria_add_up_to_their_subject(site: Path, lang: str) -> None:
    groups = page(site, lang, f"cci-2019/{PERIOD}/{WITH}").css("details tbody:has(.group)")
    assert groups
    for group in groups:
        first, *rest = (number(row.css("td.n")[-1]) for row in group.css("tr"))
        assert first == sum(rest)


def test_the_newest_revisions_are_compared_and_the_months_link_to_it(site: Path) -> None:
    for edition, to in (("cci-2019", WITH), ("model-2019", f"../../cci-2019/{PERIOD}/{WITH}")):
        assert to in links(page(site, "zh", f"{edition}/{PERIOD}/index.html"))
    assert "r2/city/330100.html" in links(page(site, "zh", f"cci-2019/{PERIOD}/{WITH}"))


def test_published_and_computed_ranks_stand_in_columns_of_their_own(site: Path) -> None:
    parsed = page(site, "zh", f"cci-2019/{PERIOD}/{BESIDE}")
    for table in parsed.css("table.beside"):
        heads = [node.text() for node in table.css("th .origin")]
        assert heads == [text("origin.published", "zh"), text("origin.computed", "zh")]
    row = next(row for row in parsed.css("#prefecture tbody tr") if "苏州市" in row.text())
    assert [cell.text() for cell in row.css(".pub")] == ["1", "85.38", "1"]
    assert all(cell.text() != "–" for cell in row.css(".com"))
    missing = next(row for row in parsed.css("#prefecture tbody tr") if "潍坊市" in row.text())
    assert [cell.text() for cell in missing.css(".com")] == ["–", "–", "–"]
    assert text("beside.inputs_simulated", "zh") in parsed.text()
    assert text("simulated.banner", "zh") in parsed.text()


def test_a_list_with_a_computed_month_is_linked_both_ways(
    site: Path, publications: list[Publication]
) -> None:
    address = f"cci-2019/{PERIOD}/{BESIDE}"
    assert f"../{address}" in links(page(site, "zh", "published/2017-annual.html"))
    assert "../../published/2017-annual.html" in links(page(site, "zh", address))
    assert BESIDE in links(page(site, "en", f"cci-2019/{PERIOD}/index.html"))
    for publication in publications:
        facts_ = reading.read(publication, codes=[])
        made = LexborHTMLParser(render("ranking", ranking.context(facts_, "zh"), "zh"))
        assert (f"../{BESIDE}" in links(made)) == (publication.edition == "cci-2019")


def test_a_list_is_never_put_beside_an_edition_for_model_cities(site: Path) -> None:
    assert not list(site.glob("**/model-2019/**/beside-*"))


def test_a_list_without_a_computed_month_says_how_to_get_one(site: Path) -> None:
    words = page(site, "en", "published/2018-04.html").text()
    assert "cci backfill --edition cci-2019 --from 2018-03 --to 2018-03" in words
    assert "cci publish --edition cci-2019 --period 2018-03" in words


@pytest.mark.parametrize(
    ("issue", "month"), [("2018-04", "2018-03"), ("2022-08", "2022-08"), ("2017 annual", "2017-12")]
)
def test_a_list_belongs_to_the_end_of_its_window_else_to_its_issue(issue: str, month: str) -> None:
    rankings = published_rankings()
    assert beside.month_of(rankings.filter(rankings["issue"] == issue)) == month


def test_every_word_of_a_bridge_is_in_the_catalogue(publications: list[Publication]) -> None:
    start, end = (bridging.published(each) for each in publications[1:])
    compared = bridging.compare(start, end)
    for lang in LANGS:
        for section in bridge.context(compared, lang).classes:
            lines = [line for group in section.groups for line in group.lines]
            whole = text("bridge.kind_name.assessed", lang)
            assert all(line.says or line.kind == whole for line in lines)
