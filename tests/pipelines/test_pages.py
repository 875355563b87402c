"""Pages and downloads of a publication, and of the site around them."""

import csv
import hashlib
import json
import posixpath
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import polars as pl
import pytest

from indicators import edition as editions
from indicators.edition import load
from indicators.measures import catalogue
from pipelines.pages import (
    exports,
    numbers,
    quality,
    reading,
    render_publication,
    render_site,
    scorecard,
    trace,
    words,
)
from pipelines.pages import sources as source_pages
from scrapers.declaration import sources
from templates.catalogue import LANGS, text
from templates.environment import render
from templates.scorecard.context import Operand
from tests.templates import invented
from warehouse.publication import Publication

pytestmark = pytest.mark.month

FACTS = Path(__file__).parents[1] / "data" / "facts"
HOSTILE_CITY = "230183"
EMPTY_LISTS = ("assessments/index.html", "reports/index.html")


@pytest.fixture(scope="module")
def publications(tmp_path_factory: pytest.TempPathFactory) -> list[Publication]:
    root = tmp_path_factory.mktemp("published")
    return [
        invented.publish_invented(root),
        invented.publish_invented(root, revision=2),
        invented.publish_invented(root, edition_id="model-2019", period="2019-12"),
    ]


@pytest.fixture(scope="module")
def site(publications: list[Publication], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    for at, publication in enumerate(publications):
        out = tmp_path_factory.mktemp(f"out{at}")
        render_publication(publication, out)
        invented.assemble(out, root, publication)
    render_site(
        root, publications, invented.published_rankings(FACTS), invented.model_cities(FACTS)
    )
    return root


class _Page(HTMLParser):
    """Tags, links, ids and text of a page; checks that tags are closed in order."""

    VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    assert not page.open, f"{path}: {page.open} stay open"
    return page


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, _Page]:
    return {path.relative_to(site).as_posix(): _read(path) for path in sorted(site.rglob("*.html"))}


def test_every_link_leads_somewhere(site: Path, pages: dict[str, _Page]) -> None:
    ids = {
        name: {attrs["id"] for _, attrs in page.tags if "id" in attrs}
        for name, page in pages.items()
    }
    for name, page in pages.items():
        for _, attrs in page.tags:
            target = urlsplit(attrs.get("href", attrs.get("src", "")))
            if target.scheme:
                continue
            path = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(target.path)))
                if target.path
                else name
            )
            assert not path.startswith(".."), f"{name}: {path} is outside"
            assert (site / path).is_file(), f"{name}: {path} is missing"
            if target.fragment:
                assert target.fragment in ids[path], f"{name}: {path}#{target.fragment}"


def test_nothing_from_elsewhere_and_no_script_or_style_in_a_page(
    site: Path, pages: dict[str, _Page]
) -> None:
    for name, page in pages.items():
        written = (site / name).read_text(encoding="utf-8")
        assert not re.search(r"<script\b[^>]*>(?!</script>)", written), name
        assert "style-src 'self';" in written, name
        for tag, attrs in page.tags:
            assert tag not in {"iframe", "img", "object", "form", "style"}, name
            assert "style" not in attrs, name
            if tag == "script":
                assert re.fullmatch(r"(\.\./)*(assets/)?\w+\.[0-9a-f]{12}\.js", attrs["src"]), name
            assert not [attr for attr in attrs if attr.startswith("on")], name
            if tag != "a":
                assert not attrs.get("href", "").startswith(("http", "//")), name
            else:
                assert not attrs.get("href", "").startswith(("javascript", "//")), name


def test_the_style_sheet_fetches_nothing(site: Path) -> None:
    for path in site.rglob("*.css"):
        style = path.read_text(encoding="utf-8")
        assert "url(" not in style
        assert "@import" not in style


def test_ids_stand_once_and_headings_do_not_skip(pages: dict[str, _Page]) -> None:
    for name, page in pages.items():
        ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
        assert len(ids) == len(set(ids)), name
        assert sum(tag == "h1" for tag, _ in page.tags) == 1, name
        for tag, attrs in page.tags:
            if tag == "th":
                assert "scope" in attrs, name


def test_both_languages_are_complete(pages: dict[str, _Page]) -> None:
    english = {name.removeprefix("en/") for name in pages if name.startswith("en/")}
    chinese = {name for name in pages if not name.startswith("en/")}
    assert english == chinese
    for name, page in pages.items():
        lang = next(attrs["lang"] for tag, attrs in page.tags if tag == "html")
        assert lang == ("en" if name.startswith("en/") else "zh-CN"), name
        link = next(attrs for tag, attrs in page.tags if attrs.get("class") == "lang")
        assert link["hreflang"] != lang


def test_chinese_on_english_pages_is_marked(site: Path) -> None:
    card = (site / "en/cci-2019/2019-06/r1/city/320500.html").read_text(encoding="utf-8")
    assert 'Suzhou <span class="alt" lang="zh-CN">苏州市</span>' in card


def test_computed_pages_say_simulated_and_published_ones_say_published(
    pages: dict[str, _Page],
) -> None:
    for name, page in pages.items():
        classes = {attrs.get("class", "") for _, attrs in page.tags}
        if "published/" in name:
            assert "origin published" in classes, name
            assert "banner" not in classes, name
        elif name.endswith("sources.html"):
            assert "banner" in classes, name
            assert "origin reference" in classes, name
        elif "methodology" not in name and not name.endswith(
            ("editions.html", "api.html", *EMPTY_LISTS)
        ):
            assert "banner" in classes, name
            assert "origin computed" in classes, name


def test_pages_are_light(site: Path) -> None:
    for pattern, limit in (
        ("**/city/*.html", 150_000), ("**/ledger/*.html", 150_000), ("**/event/*.html", 30_000),
        ("**/quality.html", 400_000), ("**/all.html", 400_000), ("**/leaf/*.html", 400_000),
    ):  # fmt: skip
        for path in site.glob(pattern):
            assert path.stat().st_size < limit, path


def test_hostile_names_are_harmless(site: Path, pages: dict[str, _Page]) -> None:
    folder = site / "cci-2019/2019-06/r1"
    page = pages[f"en/cci-2019/2019-06/r1/city/{HOSTILE_CITY}.html"]
    assert invented.HOSTILE in "".join(page.words)
    with (folder / "data/observations.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file) if row["name"]}
    assert names == {f"'{invented.FORMULA}"}
    with zipfile.ZipFile(folder / "data/publication.xlsx") as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/")]
        for name in sheets:
            assert b"<f>" not in book.read(name), name


def test_exports_are_marked_as_simulated(site: Path) -> None:
    data = site / "cci-2019/2019-06/r1/data"
    for path in data.glob("*.csv"):
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf"), path
        assert b"simulated" in content.splitlines()[0], path
    for path in data.rglob("*.json"):
        assert json.loads(path.read_bytes())["simulated"] is True, path
    workbook = pl.read_excel(data / "publication.xlsx", sheet_id=0)
    assert "simulated" in workbook["about"].to_series(0).to_list()
    for name, sheet in workbook.items():
        if name not in ("about", "columns") and len(sheet):
            assert sheet["simulated"].all(), name
    assert workbook["ranking"].schema["index"] == pl.Float64
    assert workbook["ranking"].schema["city_code"] == pl.String


def test_the_same_publication_gives_the_same_bytes(
    publications: list[Publication], tmp_path: Path
) -> None:
    digests = []
    for name in ("once", "twice"):
        out = tmp_path / name
        render_publication(publications[0], out, workers=1)
        digests.append(
            {
                path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(out.rglob("*"))
                if path.is_file()
            }
        )
    assert digests[0] == digests[1]


def test_processes_give_the_same_pages_as_one(
    publications: list[Publication], site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.pages._FEW", 1)
    render_publication(publications[0], tmp_path, workers=2)
    for lang, folder in (("zh", site), ("en", site / "en")):
        for path in (tmp_path / lang).rglob("*.html"):
            there = folder / "cci-2019/2019-06/r1" / path.relative_to(tmp_path / lang)
            assert path.read_bytes() == there.read_bytes()


def test_a_scorecards_data_hold_what_was_published(
    publications: list[Publication], site: Path
) -> None:
    facts = reading.read(publications[0])
    card = json.loads((site / "cci-2019/2019-06/r1/data/city/320500.json").read_bytes())
    assert len(card["leaves"]) == 61
    assert card["index"] == facts.index["320500"]["index"]
    assert sum(leaf["points"] for leaf in card["leaves"]) == pytest.approx(card["points"])
    for leaf in card["leaves"]:
        assert leaf["points"] == facts.leaves["320500"][leaf["leaf"]].points


def test_the_numbers_shown_behind_a_leaf_give_its_value(site: Path) -> None:
    for path in (site / "cci-2019/2019-06/r1/data/city").glob("*.json"):
        card = json.loads(path.read_bytes())
        leaf = next(leaf for leaf in card["leaves"] if leaf["leaf"] == "listed_national_share")
        if leaf["value"] is None:
            continue
        listed, people = (
            card["observations"][m]["value"] / leaf["nation"][m]
            for m in ("listed_entities", "population")
        )
        assert listed / people == pytest.approx(leaf["value"])


def test_the_counts_and_their_reading_are_shown(pages: dict[str, _Page]) -> None:
    for lang, prefix in (("zh", ""), ("en", "en/")):
        words_ = "".join(pages[f"{prefix}cci-2019/methodology.html"].words)
        for expected in (
            text("methodology.rows_value", lang, alone=60, joint=1),
            text("methodology.reading_cci-2019", lang),
        ):
            assert expected in words_


def test_methodology_shows_every_leaf(pages: dict[str, _Page]) -> None:
    for edition_id in editions.ids():
        ids = {attrs.get("id") for _, attrs in pages[f"{edition_id}/methodology.html"].tags}
        assert {leaf.id for leaf in load(edition_id).leaves} <= ids


def test_figure_6_holds_the_first_cohort(pages: dict[str, _Page]) -> None:
    words_ = "".join(pages["published/figure-6.html"].words)
    facts = invented.published_rankings(FACTS).filter(pl.col("issue") == "2017 annual")
    assert len(facts) == 12
    for city, score in facts.select("city", "score").iter_rows():
        assert city in words_
        assert score in words_


@pytest.mark.parametrize("lang", LANGS)
def test_published_pages_name_their_publisher(
    site: Path, pages: dict[str, _Page], lang: str
) -> None:
    prefix = "" if lang == "zh" else "en/"
    rankings, cohorts = (
        source.publisher_zh if lang == "zh" else source.publisher_en
        for source in (sources()["published_rankings"], sources()["model_cities"])
    )
    for name, publishers in (
        ("index", (rankings,)),
        ("2022-08", (rankings,)),
        ("model-cities", (cohorts,)),
        ("figure-6", (rankings, cohorts)),
    ):
        words_ = "".join(pages[f"{prefix}published/{name}.html"].words)
        assert all(publisher in words_ for publisher in publishers), name
    for name, publisher in (("published-rankings", rankings), ("model-cities", cohorts)):
        data = site / "published" / "data"
        rows = json.loads((data / f"{name}.json").read_bytes())["rows"]
        assert {row[f"publisher_{lang}"] for row in rows} == {publisher}
        sheet = pl.read_excel(data / f"{name}.xlsx", sheet_name=name)
        assert set(sheet[f"publisher_{lang}"]) == {publisher}
        assert publisher in (data / f"{name}.csv").read_text(encoding="utf-8-sig")


def test_english_published_pages_know_cities_without_any_publication(tmp_path: Path) -> None:
    rankings, cohorts = invented.published_rankings(FACTS), invented.model_cities(FACTS)
    render_site(tmp_path, [], rankings, cohorts)
    folder = tmp_path / "en" / "published"
    figure = (folder / "figure-6.html").read_text(encoding="utf-8")
    assert 'Hangzhou <span class="alt" lang="zh-CN">杭州市</span></th><td>Zhejiang</td>' in figure
    places = (folder / "model-cities.html").read_text(encoding="utf-8")
    assert "<small>Inner Mongolia</small>" in places
    assert '<li><span class="alt" lang="zh-CN">浦东新区</span> <small>Shanghai</small>' in places
    for path in folder.glob("*.html"):
        page = re.sub(r'<(span|a) [^>]*lang="zh-CN"[^>]*>[^<]*</', "", path.read_text("utf-8"))
        provinces = set(rankings["province"]) | set(cohorts["province"])
        assert not [name for name in provinces if f">{name}<" in page], path


def test_what_was_refused_is_shown_file_by_file_and_exported(
    site: Path, pages: dict[str, _Page]
) -> None:
    for lang, prefix in (("zh", ""), ("en", "en/")):
        for address, number in (("cci-2019/2019-06/r2", 25), ("model-2019/2019-12/r1", 3)):
            words_ = "".join(pages[f"{prefix}{address}/quality.html"].words)
            for expected in (
                text("quality.refusals", lang, n=number),
                text("quality.whole_file", lang),
                text("refusal.city_malformed", lang),
                text("refusal.characters", lang, count=18),
                words.source_title("population", lang),
            ):
                assert expected in words_
            more = text("quality.refusals_more", lang, n=number - quality.MOST_REFUSALS)
            assert (more in words_) is (number > quality.MOST_REFUSALS)
    data = site / "cci-2019/2019-06/r2/data"
    assert len(json.loads((data / "refusals.json").read_bytes())["rows"]) == 25
    assert len(pl.read_csv(data / "refusals.csv")) == 25
    assert len(pl.read_excel(data / "publication.xlsx", sheet_name="refusals")) == 25


@pytest.mark.parametrize("lang", LANGS)
def test_a_source_below_its_minimum_is_named_with_the_leaves_that_lack_values(
    publications: list[Publication], lang: str
) -> None:
    page = quality.context(publications[0], lang)
    assert [source.title.text for source in page.sources if source.short] == [
        words.source_title(invented.SILENT, lang)
    ]
    (shortfall,) = page.shortfalls
    leaves = [leaf for leaf in load("cci-2019").leaves if invented.SILENT in leaf.sources]
    assert [each.leaf.href.partition("#")[2] for each in shortfall.leaves] == [
        leaf.id for leaf in leaves
    ]
    got = {cell for each in shortfall.leaves for cell in each.cells}
    assert got == {
        f"{text(f'reason.{kind}', lang)} 4" for kind in ("not_assessed", "not_submitted")
    }


def test_coverage_is_the_share_of_cities_and_measures_with_a_value(
    publications: list[Publication],
) -> None:
    page = quality.context(publications[0], "en")
    observations = publications[0].frame("observations")
    measures = [m for m in load("cci-2019").measures if "ncisp" in catalogue()[m].sources]
    cities = [code for code, *_, city_class, _ in invented.CITIES if city_class == "county"]
    known = observations.filter(
        pl.col("measure").is_in(measures), pl.col("city_code").is_in(cities)
    )
    row = next(s for s in page.sources if s.title.href.endswith("#ncisp"))
    assert row.coverage[2] == numbers.percent(len(known) / len(measures) / len(cities))


def test_problems_in_collecting_are_told_in_words_and_detail(pages: dict[str, _Page]) -> None:
    page = pages["cci-2019/2019-06/r1/quality.html"]
    words_ = "".join(page.words)
    assert text("refusal.host_down", "zh") in words_
    assert words.provider_name("gui", "zh") in words_
    assert invented.HOSTILE in words_


def test_an_outlier_among_the_providers_is_named_with_its_reason(
    publications: list[Publication],
) -> None:
    page = quality.context(publications[0], "en")
    first, second, *_ = page.providers
    assert len(page.providers) == 10
    assert (first.counted, first.left_out) == ("0", first.answered)
    assert text("why.outlier", "en") in first.why
    assert (second.counted, second.left_out, second.why) == (second.answered, "0", "")


def test_many_receipts_are_cut_and_all_are_in_the_data(
    publications: list[Publication], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "MOST_RECEIPTS", 5)
    page = quality.context(publications[0], "en")
    of_cities = next(r for r in page.receipts if words.source_title("city", "en") in r.title)
    assert len(of_cities.files) == 5
    assert of_cities.more == text("quality.receipts_more", "en", n=7)
    assert of_cities.files[0].sender == "Beijing"
    assert page.receipts_title == text(
        "quality.receipts", "en", n=len(publications[0].frame("receipts"))
    )


def test_every_declared_source_is_listed_with_what_hangs_on_it(
    pages: dict[str, _Page], publications: list[Publication]
) -> None:
    ids = {attrs.get("id") for _, attrs in pages["sources.html"].tags}
    assert set(sources()) <= ids
    page = source_pages.context(publications, "zh")
    listed = {m.id: m for source in page.sources for m in source.measures}
    assert set(listed) == set(catalogue())
    for leaf in load("cci-2019").leaves:
        for measure in leaf.expression.measures:
            hrefs = [link.href for link in listed[measure].leaves]
            assert f"cci-2019/methodology.html#{leaf.id}" in hrefs
    by_id = {source.id: source for source in page.sources}
    assert len(by_id["provider"].providers) == 10
    assert by_id["ncisp"].record_kinds
    assert [month.short for month in by_id[invented.SILENT].months] == [True, True]


def test_only_an_official_address_is_a_link() -> None:
    link = source_pages.address_in_words
    assert link("https://credit.example/data", "en")[1] == "https://credit.example/data"
    for address in ("sandbox:/ncisp", "inbox:", "packaged:scrapers/x.csv"):
        words_, href = link(address, "en")
        assert words_
        assert href == ""


@pytest.mark.parametrize("lang", LANGS)
def test_a_scorecard_says_what_each_value_was_made_of(
    publications: list[Publication], lang: str
) -> None:
    facts = reading.read(publications[0])
    tree = scorecard.Cards(facts, lang).card("320500").tree
    shown = {o.name: o for row in tree for o in row.operands}

    def operand(measure: str) -> Operand:
        return shown[words.measure_name(catalogue()[measure], lang)]

    known = facts.observations["320500"]
    rolled = known["legal_entities"]
    assert operand("legal_entities").origin.endswith(
        text("trace.rolled_up", lang, n=numbers.plain(rolled.records), file=rolled.name)
    )
    index = operand("provider_index")
    assert index.origin.endswith(text("trace.providers", lang, n=9, of=10))
    assert (index.sha, len(index.voices)) == ("", 10)
    assert [bool(voice.why) for voice in index.voices] == [True] + [False] * 9
    probes = facts.contributions["320500"]["credit_website_uptime"]
    answered = int(sum(probe.value for probe in probes))
    uptime = operand("credit_website_uptime")
    assert uptime.origin.endswith(text("trace.probes", lang, n=answered, of=30))
    assert uptime.voices == ()
    submitted = known["departments"]
    assert operand("departments").origin.endswith(f"{submitted.name} {submitted.place}")


def test_evidence_is_text_and_only_a_web_address_is_a_link(
    publications: list[Publication],
) -> None:
    facts = reading.read(publications[0])
    for evidence, linked in (
        ("京信用〔2019〕12号", False),
        ("https://credit.example/12", True),
        ("javascript:alert(1)", False),
    ):
        for code, known in facts.observations.items():
            facts.observations[code] = {
                measure: row._replace(evidence=evidence) for measure, row in known.items()
            }
        page = render("scorecard", scorecard.Cards(facts, "zh").card("320500"), "zh")
        assert evidence in page
        assert (f'href="{evidence}"' in page) is linked


@pytest.mark.parametrize(
    ("said", "counted", "words_"),
    [
        ([1.0, 0.0, 1.0], 3, "answered 2 of 3 probes"),
        ([1.0, 0.5, 1.0], 3, "mean of 3 of 3 values"),
        ([1.0, 0.0], 1, "mean of 1 of 2 values"),
    ],
)
def test_probes_are_counted_and_other_voices_averaged(
    said: list[float], counted: int, words_: str
) -> None:
    assert trace.of_voices("credit_website_uptime", said, counted, "en") == words_


@pytest.mark.parametrize("discrepancy", [True, False])
def test_only_a_discrepancy_looks_like_one(
    publications: list[Publication], discrepancy: bool
) -> None:
    facts = reading.read(publications[0])
    for code, known in facts.observations.items():
        facts.observations[code] = {
            measure: row._replace(discrepancy=discrepancy, late=True)
            for measure, row in known.items()
        }
    page = render("scorecard", scorecard.Cards(facts, "en").card("320500"), "en")
    assert "the less favourable counts</em>" in page
    assert ('<em class="discrepancy">' in page) is discrepancy
    assert f"<em>{text('reason.late', 'en')}</em>" in page


def test_all_places_of_all_cohorts_are_shown(pages: dict[str, _Page]) -> None:
    page = pages["published/model-cities.html"]
    assert text("model_cities.summary", "zh", n=130, cohorts=4) in "".join(page.words)


def test_a_month_shows_its_newest_revision_first(pages: dict[str, _Page]) -> None:
    hrefs = [
        attrs["href"] for tag, attrs in pages["cci-2019/2019-06/index.html"].tags if tag == "a"
    ]
    rankings = [href for href in hrefs if href.endswith("/index.html") and href.startswith("r")]
    assert rankings == ["r2/index.html", "r2/index.html", "r1/index.html"]


def test_a_site_without_publications_still_shows_method_and_published_lists(tmp_path: Path) -> None:
    rankings, cohorts = invented.published_rankings(FACTS), invented.model_cities(FACTS)
    render_site(tmp_path, [], rankings, cohorts)
    home = _read(tmp_path / "index.html")
    assert text("home.no_months", "zh") in "".join(home.words)
    assert not [attrs for _, attrs in home.tags if attrs.get("class") == "banner"]


@pytest.mark.parametrize(
    ("value", "printed"),
    [(86.715, "86.72"), (2.675, "2.68"), (0.005, "0.01"), (-0.001, "0.00"), (1234.5, "1,234.50")],
)
def test_numbers_are_rounded_halves_up(value: float, printed: str) -> None:
    assert numbers.fixed(value) == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0.0, "0"),
        (12.0, "12"),
        (1234567.0, "1,234,567"),
        (3.14159, "3.14"),
        (0.000012345, "0.0000123"),
    ],
)
def test_plain_numbers_need_no_exponent(value: float, printed: str) -> None:
    assert numbers.plain(value) == printed


@pytest.mark.parametrize("lang", LANGS)
def test_every_leaf_has_words(lang: str) -> None:
    for edition_id in editions.ids():
        for leaf in load(edition_id).leaves:
            said = words.LeafWords(leaf, lang)
            assert said.rule
            assert said.missing
            assert said.sources
            assert said.value(0.5)
            for city_class in ("provincial", "county"):
                assert said.need(0.25, 0.75, city_class)[0]
                assert said.need(None, None, city_class)[0]


def test_a_target_is_enough_and_no_more_than_needed() -> None:
    leaf = load("cci-2019").leaf("joint_cases")
    said = words.LeafWords(leaf, "en")
    _, need = said.need(0.0, 0.00005, "prefecture")
    target = said.target(need, {"joint_cases_12m": 7.0, "population": 1_000_000.0})
    assert "50 cases" in target
    assert "7 cases" in target


def test_a_publication_is_shown_by_the_edition_that_was_frozen_with_it(tmp_path: Path) -> None:
    """An edition that is corrected later does not change what an old publication says."""
    publication = invented.publish_invented(tmp_path / "published")
    frozen = publication.edition_file
    old = frozen.read_text(encoding="utf-8").replace(
        'id = "trust_exemplars"', 'id = "exemplars_once"'
    )
    frozen.write_text(old.replace("revision = 1", "revision = 0"), encoding="utf-8")
    renamed = pl.col("leaf").replace({"trust_exemplars": "exemplars_once"})
    for name in ("leaves", "movement"):
        frame = publication.folder / f"{name}.parquet"
        pl.read_parquet(frame).with_columns(renamed).write_parquet(frame)
    render_publication(publication, tmp_path / "out", workers=1)
    page = (tmp_path / "out" / "zh" / "city" / "330100.html").read_text(encoding="utf-8")
    assert "exemplars_once" in page
    assert "trust_exemplars<" not in page


def test_averages_are_exported_by_class_region_and_province(
    publications: list[Publication],
) -> None:
    averages = exports.averages(publications[0].frame("ranking"))
    index = publications[0].frame("index")
    for row in averages.filter(pl.col("of") == "class").iter_rows(named=True):
        own = index.filter(pl.col("city_class") == row["city_class"])["index"]
        assert (row["cities"], row["mean"]) == (len(own), pytest.approx(own.mean()))
    assert set(averages["of"]) == {"class", "region", "province"}
    by_region = averages.filter(pl.col("of") == "region").group_by("city_class")
    assert by_region.agg(pl.col("cities").sum())["cities"].to_list() == [4, 4, 4]
