"""The rules of the browser are those of the engine, and the panel says what the engine would."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Browser, Page

import templates
from indicators import edition as editions
from indicators.rules import RULES, Bounds
from indicators.score import score
from pipelines.pages import numbers
from tests.browser.conftest import MONTH
from warehouse.publication import Publication

pytestmark = pytest.mark.browser

CITY = "320500"
SCRIPTS = [Path(templates.__file__).with_name(name) for name in ("load.js", "rules.js")]
STEPS = {"step": 0.1, "penalty": 0.5}
BANDS = [[0.9, 5], [1.0, 6], [0.5, 1], [0.7, 3]]
PARAMETERS: dict[str, list[dict[str, Any]]] = {
    "flag": [{}],
    "share": [{}],
    "multiple": [{"times": 5}, {"times": 0.002}],
    "per_unit": [{"rate": 0.3}, {"rate": 20, "county_scale": 1.5}],
    "linear": [{"low": 0.5, "high": 0.9}, {"low": -1, "high": 3}],
    "bands": [{"bands": BANDS}, {"bands": [[1, 2], [1, 3]]}],
    "step_up": [{"start": 0.5, "base": 1.5, "step": 0.1, "gain": 0.5}],
    "deduct": [STEPS, STEPS | {"tolerance": 0.3}, {"step": 3, "penalty": 1}],
    "relative": [{"better": "higher"}, {"better": "lower"}],
    "assessor": [{}],
}


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    for script in SCRIPTS:
        page.add_script_tag(path=script)
    yield page
    page.close()


def _values(dice: random.Random, leaf: dict[str, Any]) -> list[float | None]:
    """Values at and around everything where a rule bends, complete steps among them, and any others."""
    p = leaf["parameters"]
    bends = [0.0, 1.0, leaf["points"], p.get("low", 0), p.get("high", 1), *(leaf["bounds"] or ())]
    bends += [bound for bound, _ in p.get("bands", ())]
    first, step = p.get("start", p.get("tolerance", 0)), p.get("step", 0.1)
    bends += [first + n * step for n in range(12)]
    near = [bend + shift for bend in bends for shift in (-1e-6, 0.0, 1e-6)]
    spread = [dice.uniform(-1, 2) for _ in range(20)] + [
        dice.lognormvariate(0, 3) for _ in range(20)
    ]
    return [None, *near, *spread]


def _cases() -> list[dict[str, Any]]:
    """Leaves of every rule, made up, and all of all editions, with bounds that differ or are one."""
    dice = random.Random(2019)
    made = [
        {"rule": rule, "parameters": p, "points": points}
        for rule, all_of_it in PARAMETERS.items()
        for p in all_of_it
        for points in (1.0, 6.0, 0.7)
    ]
    real = [
        {"rule": leaf.rule, "parameters": leaf.parameters, "points": leaf.points}
        for edition_id in editions.ids()
        for leaf in editions.load(edition_id).leaves
    ]
    cases = []
    for leaf in made + real:
        low = dice.uniform(-1, 1)
        bounds = ((low, low + dice.random()), (low, low), (0.0, 0.0), None)
        for each in bounds if leaf["rule"] == "relative" else (None,):
            for city_class in ("prefecture", "county"):
                given = leaf | {"bounds": each, "class": city_class}
                lo, hi = each or (None, None)
                cases.append(given | {"lo": lo, "hi": hi, "values": _values(dice, given)})
    return cases


def _points(case: dict[str, Any]) -> list[float | None]:
    """What the engine gives."""
    known = pl.DataFrame({"x": case["values"]}, schema={"x": pl.Float64}).with_columns(
        lo=pl.lit(case["lo"], pl.Float64),
        hi=pl.lit(case["hi"], pl.Float64),
        city_class=pl.lit(case["class"]),
    )
    bounds = Bounds(pl.col("lo"), pl.col("hi"), pl.col("city_class"))
    rule = RULES[case["rule"]](pl.col("x"), case["points"], case["parameters"], bounds)
    return known.select(rule).to_series().to_list()


def test_every_rule_is_tried() -> None:
    assert set(PARAMETERS) == set(RULES)


def test_rules_of_the_browser_are_those_of_the_engine(blank: Page) -> None:
    cases = _cases()
    reckoned = blank.evaluate(
        "cases => cases.map(leaf => leaf.values.map(x => cci.points(leaf, x, leaf.class)))", cases
    )
    for case, points in zip(cases, reckoned, strict=True):
        expected = _points(case)
        assert [each is None for each in points] == [each is None for each in expected], case
        known = [each for each in expected if each is not None]
        close = pytest.approx(known, rel=1e-12, abs=1e-12)
        assert [each for each in points if each is not None] == close, case


def test_the_browser_adds_up_to_the_engines_index_and_rank(
    blank: Page, publication: Publication
) -> None:
    leaves = publication.frame("leaves").group_by("city_code", maintain_order=True)
    rows = [
        {"code": code, "won": own["points"].to_list(), "possible": own["points_possible"].to_list()}
        for (code,), own in leaves
    ]
    index = publication.frame("index")
    indexes = dict(index.select("city_code", "index").iter_rows())
    reckoned = blank.evaluate(
        "rows => rows.map(({won, possible}) => cci.index('monitoring', won, possible))", rows
    )
    assert reckoned == [indexes[row["code"]] for row in rows]
    for (_,), of_class in index.group_by("city_class"):
        others = of_class["index"].to_list()
        ranks = blank.evaluate("all => all.map(each => cci.rank(each, all))", others)
        assert ranks == of_class["rank"].to_list()


def _rescored(publication: Publication, changed: dict[str, float]) -> dict[str, Any]:
    """Index and rank of the city by the engine, had its measures been others."""
    new = pl.col("measure").replace_strict(changed, default=None, return_dtype=pl.Float64)
    observations = publication.frame("observations").with_columns(
        value=pl.when(pl.col("city_code") == CITY)
        .then(pl.coalesce(new, "value"))
        .otherwise("value")
    )
    edition = editions.read(publication.edition_file)
    scores = score(edition, observations, publication.frame("cities"))
    return scores.index.row(by_predicate=pl.col("city_code") == CITY, named=True)


def test_the_panel_says_what_the_engine_would(
    browser: Browser, site: Path, publication: Publication
) -> None:
    edition = editions.read(publication.edition_file)
    own = {
        row["leaf"]: row
        for row in publication.frame("leaves").rows(named=True)
        if row["city_code"] == CITY
    }
    alone = [
        leaf
        for leaf in edition.leaves
        # No bounds of the class move with these, and no other leaf.
        if leaf.rule in ("flag", "share")
        and leaf.expression.text == leaf.expression.measures[0]
        and own[leaf.id]["value"] is not None
        and sum(
            leaf.expression.measures[0] in other.expression.measures for other in edition.leaves
        )
        == 1
    ]
    assert {leaf.rule for leaf in alone} == {"flag", "share"}
    page = browser.new_page()
    page.goto((site / MONTH / f"city/{CITY}.html").as_uri())
    panel = page.locator("#what-if")
    panel.locator("summary").click()
    changed = {}
    for leaf in alone:
        given = panel.locator(f"tr:has(a[href='#{leaf.id}'])")
        if leaf.rule == "flag":
            given.locator("select").select_option("1")
            changed[leaf.expression.text] = 1.0
        else:
            given.locator("input").fill("97.5")
            changed[leaf.expression.text] = 0.975
        after = _rescored(publication, changed)
        assert panel.locator("[data-show=index]").inner_text() == numbers.fixed(after["index"])
        assert panel.locator("[data-show=rank]").inner_text() == str(after["rank"])
    panel.get_by_role("button").click()
    before = publication.frame("ranking").row(by_predicate=pl.col("city_code") == CITY, named=True)
    assert panel.locator("[data-show=index]").inner_text() == before["index_printed"]
    assert panel.locator("[data-show=rank]").inner_text() == str(before["rank"])
    page.close()


def test_a_value_where_none_came_in_has_its_points(
    browser: Browser, site: Path, publication: Publication
) -> None:
    edition = editions.read(publication.edition_file)
    missing = publication.frame("leaves").filter(pl.col("value").is_null()).to_dicts()
    row = next(row for row in missing if edition.leaf(row["leaf"]).rule == "share")
    page = browser.new_page()
    page.goto((site / MONTH / f"city/{row['city_code']}.html").as_uri())
    page.click("#what-if summary")
    line = page.locator(f"#what-if tr:has(a[href='#{row['leaf']}'])")
    line.locator("input").fill("100")
    assert (
        line.locator("td").nth(1).inner_text().startswith(f"{edition.leaf(row['leaf']).points:.2f}")
    )
    line.locator("input").fill("")
    assert line.locator("td").nth(1).inner_text().startswith(numbers.fixed(row["points"]))
    page.close()


def test_without_a_script_there_is_nothing_to_try(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / MONTH / f"city/{CITY}.html").as_uri())
    assert not page.locator("#what-if").is_visible()
    context.close()
