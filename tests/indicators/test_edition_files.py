"""The edition files and the measure catalogue say what the transcribed tables say.

The tables in ``tests/data/spec`` are the reference; the TOML files are read here as plain TOML, so
that these tests judge the data and not the loader.
"""

import csv
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "tests" / "data" / "spec"
EDITIONS = ROOT / "indicators" / "editions"

Row = dict[str, str]
Table = dict[str, Any]

MODEL_BONUS = {"model-2016": 20, "model-2017": 10, "model-2019": 10, "model-2021": 10}
EDITION_IDS = ["cci-2019", *MODEL_BONUS]
TWO_SOURCES = {"disclosure_records_12m", "credit_website_clicks_12m", "codes_mapped"}
ASSUMED_REMARKS = ("assumed", "read as", "as in 2017", "the remaining points")
FIRST_LEVEL_POINTS = {"1": 88, "2": 16, "3": 8, "4": 14, "5": 14}


def rows_of(name: str) -> list[Row]:
    """Read one reference table."""
    with (SPEC / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def toml_of(path: Path) -> Table:
    """Read one TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


CCI_ROWS = rows_of("cci-2019")
MODEL_ROWS = rows_of("model-city")
MEASURE_ROWS = rows_of("measures")
CATALOGUE = toml_of(ROOT / "indicators" / "measures.toml")
BY_ID = {edition: toml_of(EDITIONS / f"{edition}.toml") for edition in EDITION_IDS}
LEAVES = {(edition, leaf["id"]): leaf for edition in EDITION_IDS for leaf in BY_ID[edition]["leaf"]}
NODES = {(edition, node["no"]): node for edition in EDITION_IDS for node in BY_ID[edition]["node"]}
CCI_LEAF_IDS = [row["leaf"] for row in CCI_ROWS]
MODEL_LEAF_IDS = [f"{row['edition']}-{row['criterion']}" for row in MODEL_ROWS]


def parameters_of(row: Row) -> Table:
    """Read a reference row's parameters the way an edition file writes them."""
    text = row["parameters"]
    if row["rule"] == "assessor":  # "bonus" is a property of the group
        return {}
    if row["rule"] == "relative":
        return {"better": text}
    if row["rule"] == "bands":
        bands = text.removeprefix("bands=").split(",")
        return {"bands": [[float(part) for part in band.split(":")] for band in bands]}
    return {name: float(value) for name, value in (part.split("=") for part in text.split())}


def operands_of(expression: str) -> set[str]:
    """Name the measures of an expression."""
    return set(re.findall(r"[a-z_][a-z0-9_]*", expression)) - {"nation"}


def level_of(node: Table) -> int:
    """Count the parts of a node's number."""
    return len(str(node["no"]).split("."))


def unders_of(leaf: Table) -> list[str]:
    """Give the node numbers that a leaf hangs on, the joint leaf's three included."""
    under: str | list[str] = leaf["under"]
    return [under] if isinstance(under, str) else under


# --- the measure catalogue


@pytest.mark.parametrize("row", MEASURE_ROWS, ids=[row["measure"] for row in MEASURE_ROWS])
def test_a_measure_of_the_table_is_in_the_catalogue_as_printed(row: Row) -> None:
    measure = CATALOGUE[row["measure"]]
    assert measure["kind"] == row["kind"]
    assert measure["unit"] == row["unit"]
    assert measure["sources"] == row["sources"].split("+")
    assert measure["en"] == row["description"].replace(" (see events.md)", "")


def test_the_catalogue_keeps_the_order_of_the_table() -> None:
    names = [row["measure"] for row in MEASURE_ROWS]
    assert list(CATALOGUE)[: len(names)] == names


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_measure_is_described_in_full(name: str) -> None:
    measure = CATALOGUE[name]
    assert set(measure) - {"better", "parts"} == {"kind", "unit", "sources", "zh", "en"}
    assert measure["kind"] in {"context", "sum_12m", "stock", "flow", "flag", "rate", "award"}
    assert (measure["kind"] == "flag") == (measure["unit"] == "0 or 1")
    assert (measure["kind"] == "award") == (measure["unit"] == "points")
    assert (measure["kind"] == "award") == (measure["sources"] == ["assessor"])
    assert re.search(r"[\u4e00-\u9fff]", measure["zh"])
    assert "(see" not in measure["en"]
    assert (measure["unit"] == "share") == (
        name.endswith(("_rate", "_uptime")) and measure["kind"] == "rate"
    )


@pytest.mark.parametrize("text", ["zh", "en"])
def test_no_two_measures_have_the_same_description(text: str) -> None:
    repeated = [t for t, n in Counter(m[text] for m in CATALOGUE.values()).items() if n > 1]
    assert repeated == []


def test_just_the_measures_with_two_sources_say_what_is_better() -> None:
    assert {name for name, m in CATALOGUE.items() if len(m["sources"]) == 2} == TWO_SOURCES
    assert {name for name, m in CATALOGUE.items() if "better" in m} == TWO_SOURCES
    assert {CATALOGUE[name]["better"] for name in TWO_SOURCES} == {"higher"}


def test_a_measure_takes_one_line_of_the_catalogue() -> None:
    text = (ROOT / "indicators" / "measures.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert [line.split(" = ")[0] for line in lines] == list(CATALOGUE)


@pytest.mark.parametrize("edition", EDITION_IDS)
def test_every_operand_is_in_the_catalogue(edition: str) -> None:
    leaves = BY_ID[edition]["leaf"]
    used = {name for leaf in leaves for name in operands_of(leaf["expression"])}
    assert used - set(CATALOGUE) == set()


@pytest.mark.parametrize("row", MODEL_ROWS, ids=MODEL_LEAF_IDS)
def test_operands_beyond_the_table_come_from_the_city_and_awards_from_an_assessor(row: Row) -> None:
    known = {measure["measure"] for measure in MEASURE_ROWS}
    for name in operands_of(row["expression"]) - known:
        assessed = row["rule"] == "assessor"
        assert CATALOGUE[name]["sources"] == (["assessor"] if assessed else ["city"])


# --- every edition


@pytest.mark.parametrize("edition", EDITION_IDS)
def test_an_edition_file_says_what_it_is(edition: str) -> None:
    table = BY_ID[edition]
    assert table["id"] == edition
    assert table["revision"] == 1
    assert table["kind"] == ("monitoring" if edition == "cci-2019" else "model_city")
    assert table["classes"] == ["provincial", "prefecture", "county"]
    assert table["valid_from"] == "2016-01"
    assert table["points"] == (140 if edition == "cci-2019" else 100)
    assert table["bonus"] == MODEL_BONUS.get(edition, 0)
    assert table.get("written_for") == (None if edition == "cci-2019" else edition[-4:])
    assert all(table[key] for key in ("title_zh", "title_en", "citation"))


@pytest.mark.parametrize("edition", EDITION_IDS)
def test_ids_and_numbers_are_unique_within_an_edition(edition: str) -> None:
    table = BY_ID[edition]
    assert len({leaf["id"] for leaf in table["leaf"]}) == len(table["leaf"])
    assert len({node["no"] for node in table["node"]}) == len(table["node"])


@pytest.mark.parametrize("edition", EDITION_IDS)
def test_nodes_and_leaves_follow_the_order_of_their_numbers(edition: str) -> None:
    table = BY_ID[edition]
    numbers = [[int(part) for part in node["no"].split(".")] for node in table["node"]]
    assert numbers == sorted(numbers)
    places = [[int(part) for part in unders_of(leaf)[0].split(".")] for leaf in table["leaf"]]
    assert places == sorted(places)


@pytest.mark.parametrize("edition", EDITION_IDS)
def test_every_lowest_node_carries_a_leaf_and_every_leaf_hangs_on_one(edition: str) -> None:
    table = BY_ID[edition]
    lowest = max(level_of(node) for node in table["node"])
    hung = {no for leaf in table["leaf"] for no in unders_of(leaf)}
    assert hung == {node["no"] for node in table["node"] if level_of(node) == lowest}


@pytest.mark.parametrize("edition", EDITION_IDS)
def test_printed_points_of_a_node_are_the_sum_of_its_leaves(edition: str) -> None:
    table = BY_ID[edition]
    for node in table["node"]:
        if "points" in node:
            below = [
                leaf["points"]
                for leaf in table["leaf"]
                if f"{unders_of(leaf)[0]}.".startswith(f"{node['no']}.")
            ]
            assert node["points"] == sum(below), node["no"]


@pytest.mark.parametrize("edition", EDITION_IDS)
def test_what_is_assumed_is_explained_in_both_languages(edition: str) -> None:
    table = BY_ID[edition]
    assumptions: Table = table.get("assumptions", {})
    for explained in assumptions.values():
        assert set(explained) == {"zh", "en"}
        assert not re.search(r"\s{2}|\n", explained["en"])
        assert not re.search(r"\s{2}|\n|[\u3002\uff0c\uff1b] ", explained["zh"])
    assumed = [leaf for leaf in table["leaf"] if leaf["basis"] == "assumed"]
    for leaf in assumed:
        assert leaf["rule"] in assumptions or ("reason_zh" in leaf and "reason_en" in leaf)
    assert set(assumptions) <= {leaf["rule"] for leaf in assumed}
    for leaf in table["leaf"]:
        assert ("reason_zh" in leaf) == ("reason_en" in leaf)


# --- CCI 2019


@pytest.mark.parametrize("row", CCI_ROWS, ids=CCI_LEAF_IDS)
def test_a_row_of_cci_2019_is_a_leaf_as_printed(row: Row) -> None:
    leaf = LEAVES["cci-2019", row["leaf"]]
    assert leaf["zh"] == row["leaf_zh"]
    assert leaf["zh_basis"] == row["leaf_zh_basis"]
    if "|" not in row["level3_no"]:
        assert leaf["en"] == (row["level4"] or row["level3"])
    assert leaf["points"] == float(row["points"])
    assert leaf["sources"] == row["sources"].split("+")
    assert leaf["expression"] == row["expression"]
    assert leaf["rule"] == row["rule"]
    assert leaf.get("parameters", {}) == parameters_of(row)
    assert leaf["basis"] == ("printed" if row["basis"] == "printed" else "assumed")
    if row["basis"] not in {"printed", "assumed"}:
        assert row["basis"] in leaf["reason_en"]


@pytest.mark.parametrize("row", CCI_ROWS, ids=CCI_LEAF_IDS)
def test_a_row_of_cci_2019_stands_under_its_printed_levels(row: Row) -> None:
    numbers = row["level3_no"].split("|")
    leaf = LEAVES["cci-2019", row["leaf"]]
    assert leaf["under"] == (numbers if len(numbers) > 1 else numbers[0])
    for number, title in zip(numbers, row["level3"].split(" | "), strict=True):
        assert number.rpartition(".")[0] == row["level2_no"]
        assert NODES["cci-2019", number]["en"] == title
    second = NODES["cci-2019", row["level2_no"]]
    assert (second["en"], second["zh"]) == (row["level2"], row["level2_zh"])
    first = NODES["cci-2019", row["level2_no"].partition(".")[0]]
    assert (first["en"], first["zh"]) == (row["level1"], row["level1_zh"])


def test_cci_2019_has_the_rows_in_order_and_no_others() -> None:
    assert [leaf["id"] for leaf in BY_ID["cci-2019"]["leaf"]] == CCI_LEAF_IDS
    assert [int(row["row"]) for row in CCI_ROWS] == list(range(1, 62))


def test_cci_2019_has_5_16_and_40_indicators_and_61_leaves_one_of_them_joint() -> None:
    table = BY_ID["cci-2019"]
    assert Counter(level_of(node) for node in table["node"]) == {1: 5, 2: 16, 3: 40}
    joint = [leaf["id"] for leaf in table["leaf"] if isinstance(leaf["under"], list)]
    assert joint == ["serious_breaches"]
    assert len(table["leaf"]) == 60 + len(joint)


def test_points_of_cci_2019_add_up_to_the_printed_subtotals_and_to_140() -> None:
    table = BY_ID["cci-2019"]
    first = {node["no"]: node["points"] for node in table["node"] if level_of(node) == 1}
    assert first == FIRST_LEVEL_POINTS
    for level in (1, 2):
        assert sum(n["points"] for n in table["node"] if level_of(n) == level) == 140
    assert sum(leaf["points"] for leaf in table["leaf"]) == 140
    assert not any("points" in node for node in table["node"] if level_of(node) == 3)


def test_a_third_level_indicator_of_one_untitled_row_has_the_title_of_its_leaf() -> None:
    shared = Counter(row["level3_no"] for row in CCI_ROWS)
    alone = [
        row
        for row in CCI_ROWS
        if shared[row["level3_no"]] == 1 and not row["level4"] and "|" not in row["level3_no"]
    ]
    assert alone
    for row in alone:
        assert NODES["cci-2019", row["level3_no"]]["zh"] == row["leaf_zh"]


# --- model cities


@pytest.mark.parametrize("row", MODEL_ROWS, ids=MODEL_LEAF_IDS)
def test_a_criterion_for_model_cities_is_a_leaf_as_printed(row: Row) -> None:
    leaf = LEAVES[row["edition"], row["criterion"]]
    group = NODES[row["edition"], leaf["under"]]
    assert group["en"] == row["group"]
    assert group["points"] == float(row["group_points"])
    assert group.get("bonus", False) == row["group"].startswith("Bonus")
    assert (row["parameters"] == "bonus") == group.get("bonus", False)
    assert leaf["points"] == float(row["points"])
    assert leaf["rule"] == row["rule"]
    assert leaf["expression"] == row["expression"]
    assert leaf.get("parameters", {}) == parameters_of(row)
    assert leaf["sources"] == (["assessor"] if row["rule"] == "assessor" else ["city"])
    assumed = any(remark in row["basis"] for remark in ASSUMED_REMARKS)
    assert leaf["basis"] == ("assumed" if assumed else "printed")
    assert leaf.get("reason_en", "printed") == row["basis"]


@pytest.mark.parametrize("edition", MODEL_BONUS)
def test_a_model_city_edition_has_the_criteria_in_order_and_no_others(edition: str) -> None:
    rows = [row for row in MODEL_ROWS if row["edition"] == edition]
    table = BY_ID[edition]
    assert [leaf["id"] for leaf in table["leaf"]] == [row["criterion"] for row in rows]
    assert [n["en"] for n in table["node"]] == list(dict.fromkeys(row["group"] for row in rows))


@pytest.mark.parametrize(("edition", "bonus"), MODEL_BONUS.items())
def test_groups_of_a_model_city_edition_add_up_to_100_and_the_bonus(
    edition: str, bonus: int
) -> None:
    nodes = BY_ID[edition]["node"]
    assert sum(n["points"] for n in nodes if not n.get("bonus", False)) == 100
    assert [n["points"] for n in nodes if n.get("bonus", False)] == [bonus]
