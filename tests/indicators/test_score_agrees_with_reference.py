"""The engine and the reference scorer find the same, leaf by leaf, node by node, city by city."""

import math
import random
import tomllib
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators import edition as editions
from indicators.score import Scores, score
from tests.indicators import reference
from tests.indicators.reference import City, Key

FOLDER = Path(__file__).parents[2] / "indicators"
EDITIONS = {path.stem: path for path in sorted((FOLDER / "editions").glob("*.toml"))}
CLASSES = ("provincial", "prefecture", "county")

# The engine adds points in whole units of 10^-12, so a sum of 61 leaves may be off by 61 halves.
UNITS = 61 * 0.5e-12


@cache
def toml_of(path: Path) -> dict[str, Any]:
    """Read one TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def edition_of(path: Path) -> editions.Edition:
    """Read one edition as the engine does."""
    return editions.read(path)


@cache
def measures_of(path: Path) -> list[str]:
    """Name the measures that an edition needs."""
    leaves = toml_of(path)["leaf"]
    return sorted({name for leaf in leaves for name in reference.names(leaf["expression"])})


def most_of(path: Path, measure: str) -> float | None:
    """The most that an assessor can award, or None for a measure that is no award."""
    for leaf in toml_of(path)["leaf"]:
        if leaf["rule"] == "assessor" and leaf["expression"] == measure:
            return float(leaf["points"])
    return None


# --- comparing


def close(found: float | None, true: Fraction | None, slack: float = 1e-15) -> bool:
    """Whether a float is the fraction, to 1e-9 of it."""
    if found is None or true is None:
        return found is None and true is None
    return math.isclose(found, float(true), rel_tol=1e-9, abs_tol=slack)


def frame_of(observations: dict[Key, float]) -> pl.DataFrame:
    """Observations as the engine takes them."""
    return pl.DataFrame(
        [(*key, float(value)) for key, value in observations.items()],
        schema={
            "period": pl.String,
            "city_code": pl.String,
            "measure": pl.String,
            "value": pl.Float64,
        },
        orient="row",
    )


def differences(scores: Scores, truth: reference.Truth) -> Iterable[str]:
    """Everything in which the engine's frames and the reference differ."""
    leaves = scores.leaves.with_columns(pl.col("leaf", "reason").cast(pl.String))
    if len(leaves) != len(truth.leaves):
        yield f"{len(leaves)} rows of leaves, expected {len(truth.leaves)}"
    for row in leaves.iter_rows(named=True):
        at = (row["period"], row["city_code"], row["leaf"])
        leaf = truth.leaves[at]
        if row["reason"] != leaf.reason:
            yield f"{at}: reason {row['reason']!r}, expected {leaf.reason!r}"
        for name, true, slack in (
            ("value", leaf.value, 1e-15),
            ("points", leaf.points, UNITS),
            ("points_possible", leaf.possible, 0),
            ("lo", leaf.lo, 1e-15),
            ("hi", leaf.hi, 1e-15),
        ):
            if not close(row[name], true, slack):
                yield f"{at}: {name} {row[name]}, expected {true}"
    if len(scores.classes) != len(truth.classes):
        yield f"{len(scores.classes)} rows of classes, expected {len(truth.classes)}"
    for row in scores.classes.iter_rows(named=True):
        at = (row["period"], row["city_class"], row["leaf"])
        of_class = truth.classes[at]
        if row["cities"] != of_class.cities:
            yield f"{at}: {row['cities']} cities, expected {of_class.cities}"
        for name in ("lo", "hi", "median_value", "median_points", "best_points"):
            if not close(row[name], getattr(of_class, name), UNITS):
                yield f"{at}: {name} {row[name]}, expected {getattr(of_class, name)}"
    if len(scores.nodes) != len(truth.nodes):
        yield f"{len(scores.nodes)} rows of nodes, expected {len(truth.nodes)}"
    for row in scores.nodes.iter_rows(named=True):
        at = (row["period"], row["city_code"], row["node"])
        points, possible = truth.nodes[at]
        if not close(row["points"], points, UNITS) or not close(
            row["points_possible"], possible, 0
        ):
            found = f"{row['points']} of {row['points_possible']}"
            yield f"{at}: {found}, expected {points} of {possible}"
    if len(scores.index) != len(truth.cities):
        yield f"{len(scores.index)} rows of the index, expected {len(truth.cities)}"
    for row in scores.index.iter_rows(named=True):
        city = truth.cities[row["period"], row["city_code"]]
        at = (row["period"], row["city_code"], "index")
        if row["rank"] != city.rank:
            yield f"{at}: rank {row['rank']}, expected {city.rank}"
        for name, true in (
            ("points", city.points),
            ("points_possible", city.possible),
            ("index", city.index),
            ("coverage", city.coverage),
        ):
            if not close(row[name], true, UNITS):
                yield f"{at}: {name} {row[name]}, expected {true}"


def assert_alike(path: Path, observations: dict[Key, float], cities: list[City]) -> None:
    """Score by both and compare all there is."""
    frame = pl.DataFrame(
        cities,
        schema={"period": pl.String, "city_code": pl.String, "city_class": pl.String},
        orient="row",
    )
    scores = score(edition_of(path), frame_of(observations), frame)
    truth = reference.score(path, observations, cities)
    assert list(differences(scores, truth))[:20] == []


# --- inputs


def cities_of(periods: Iterable[str], sizes: tuple[int, int, int]) -> list[City]:
    """So many cities of each class in each of the periods."""
    return [
        (period, f"{class_no + 1}{city_no:05d}", city_class)
        for period in periods
        for class_no, (city_class, size) in enumerate(zip(CLASSES, sizes, strict=True))
        for city_no in range(size)
    ]


def drawn(
    rng: random.Random, path: Path, measure: str, most: int, zeros: float, outliers: float
) -> float:
    """One value that the measure could have: counts, and decimals for shares, scores and awards."""
    unit = toml_of(FOLDER / "measures.toml")[measure]["unit"]
    award = most_of(path, measure)
    if award is not None:
        return rng.choice([0.0, award, round(rng.uniform(0, award), 1)])
    if unit == "0 or 1":
        return float(rng.random() < 0.7)
    if rng.random() < zeros:
        return 0.0
    if unit == "share":
        return rng.choice([1.0, rng.randrange(101) / 100])
    if unit in ("0..100", "working days"):
        return rng.randrange(1001) / 10
    return float(rng.randint(0, most) * (1000 if rng.random() < outliers else 1))


def random_input(
    seed: int,
    path: Path,
    sizes: tuple[int, int, int],
    *,
    most: int = 1000,
    gaps: float = 0.0,
    zeros: float = 0.05,
    outliers: float = 0.0,
    silent_cities: int = 0,
    silent_classes: float = 0.0,
    periods: tuple[str, ...] = ("2019-06",),
) -> tuple[dict[Key, float], list[City]]:
    """Cities with values, some of which are missing."""
    rng = random.Random(f"{seed} {path.stem}")
    cities = cities_of(periods, sizes)
    silent = set(rng.sample(sorted({city for _, city, _ in cities}), silent_cities))
    observations: dict[Key, float] = {}
    for measure in measures_of(path):
        without = {city_class for city_class in CLASSES if rng.random() < silent_classes}
        for period, city, city_class in cities:
            if city in silent or city_class in without or rng.random() < gaps:
                continue
            value = drawn(rng, path, measure, most, zeros, outliers)
            observations[period, city, measure] = value
    return observations, cities


def all_alike(path: Path, value: float) -> tuple[dict[Key, float], list[City]]:
    """Every city with the same value of every measure."""
    cities = cities_of(("2019-06",), (3, 6, 4))
    return {
        (period, city, measure): min(value, 1.0 if most_of(path, measure) else value)
        for period, city, _ in cities
        for measure in measures_of(path)
    }, cities


def on_the_step(path: Path) -> tuple[dict[Key, float], list[City]]:
    """Wholes of 1000 and round parts, so that percentages fall on bounds and complete steps."""
    wholes = {"data_records", "code_subjects", "certificates", "population", "enterprises"}
    cities = cities_of(("2019-06",), (1, 20, 10))
    observations: dict[Key, float] = {}
    for n, (period, city, _) in enumerate(cities):
        for measure in measures_of(path):
            part = n if measure == "data_errors" else 1000 - 10 * n
            if most_of(path, measure) is None:
                observations[period, city, measure] = 1000.0 if measure in wholes else part
    return observations, cities


def twins(path: Path) -> tuple[dict[Key, float], list[City]]:
    """Every city has a twin with the same values, so that ranks are shared and skipped."""
    observations, cities = random_input(15, path, (2, 7, 3), gaps=0.2)
    for (period, city, measure), value in list(observations.items()):
        observations[period, f"9{city[1:]}{city[0]}", measure] = value
    return observations, cities + [(p, f"9{city[1:]}{city[0]}", c) for p, city, c in cities]


Input = Callable[[Path], tuple[dict[Key, float], list[City]]]

INPUTS: dict[str, Input] = {
    "complete": lambda path: random_input(1, path, (3, 20, 6)),
    "gaps": lambda path: random_input(2, path, (3, 14, 6), gaps=0.3),
    "more gaps than values": lambda path: random_input(3, path, (3, 10, 5), gaps=0.8),
    "whole cities missing": lambda path: random_input(4, path, (4, 12, 6), silent_cities=7),
    "measures missing for a class": lambda path: random_input(
        5, path, (4, 12, 6), gaps=0.1, silent_classes=0.3
    ),
    "many zeros, also below the line": lambda path: random_input(
        6, path, (3, 13, 5), zeros=0.6, gaps=0.1
    ),
    "ties": lambda path: random_input(7, path, (5, 14, 6), most=2, zeros=0.3),
    "outliers": lambda path: random_input(8, path, (3, 13, 5), outliers=0.1, gaps=0.1),
    "a class of one city": lambda path: random_input(9, path, (1, 1, 1), gaps=0.2),
    "a class without cities": lambda path: random_input(10, path, (0, 7, 2), gaps=0.2),
    "21 cities, percentiles on a city": lambda path: random_input(11, path, (2, 21, 2)),
    "everything": lambda path: random_input(
        12,
        path,
        (3, 9, 5),
        gaps=0.2,
        zeros=0.2,
        outliers=0.1,
        silent_cities=3,
        silent_classes=0.1,
    ),
    "values on a bound or a complete step": on_the_step,
    "every city twice": twins,
    "all values alike": lambda path: all_alike(path, 3.0),
    "all values one": lambda path: all_alike(path, 1.0),
    "all values zero": lambda path: all_alike(path, 0.0),
    "nothing reported": lambda _: ({}, cities_of(("2019-06",), (2, 3, 2))),
}


@pytest.mark.parametrize("edition_id", EDITIONS)
@pytest.mark.parametrize("case", INPUTS)
def test_engine_and_reference_agree_on(case: str, edition_id: str) -> None:
    path = EDITIONS[edition_id]
    assert_alike(path, *INPUTS[case](path))


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_cities_that_are_not_monitored_count_for_nothing(edition_id: str) -> None:
    path = EDITIONS[edition_id]
    observations, cities = random_input(13, path, (3, 9, 5), gaps=0.1)
    assert_alike(path, observations, [city for city in cities if not city[1].endswith("1")])


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_the_order_of_rows_makes_no_difference(edition_id: str) -> None:
    path = EDITIONS[edition_id]
    observations, cities = random_input(14, path, (3, 9, 5), gaps=0.1, most=20)
    frame = pl.DataFrame(
        cities, schema=["period", "city_code", "city_class"], orient="row", strict=False
    )
    read = edition_of(path)
    one = score(read, frame_of(observations), frame)
    other = score(read, frame_of(observations).reverse(), frame.reverse())
    assert one.index.equals(other.index)
    assert one.leaves.equals(other.leaves)
    assert one.nodes.equals(other.nodes)
    assert one.classes.equals(other.classes)


# --- a small edition with a leaf of every rule and every way to be missing

# Columns: id, node, points, sources, expression, rule, parameters.
SMALL_LEAVES: list[tuple[str, str, float, str, str, str, str]] = [
    ("flagged", "1.1.1", 1, "city", "repair_mechanism", "flag", ""),
    ("shared", "1.1.1", 2, "ndrc", "codes / units", "share", "empty = 1"),
    ("shared_city", "1.1.2", 2, "city", "codes / units", "share", "empty = 0"),
    ("times_over", "1.1.2", 3, "province", "units / codes", "multiple", "times = 5"),
    ("each", "1.2.1", 2.5, "ncisp", "units", "per_unit", "rate = 0.2, county_scale = 5"),
    (
        "in_line",
        "1.2.1",
        4,
        "provider",
        "codes / (codes + units)",
        "linear",
        "low = 0.2, high = 0.9",
    ),
    (
        "banded",
        "1.2.2",
        6,
        "city",
        "codes / units",
        "bands",
        "bands = [[1.0, 6], [0.7, 3], [0.3, 1]]",
    ),
    (
        "up",
        "2.1.1",
        4,
        "monitoring",
        "codes / units",
        "step_up",
        "start = 0.5, base = 1.5, step = 0.1, gain = 0.5",
    ),
    (
        "down",
        "2.1.1",
        2,
        "code_centre",
        "(1 - codes / units) * 100",
        "deduct",
        "tolerance = 1, step = 0.1, penalty = 0.01",
    ),
    ("higher", "2.2.1", 8, "ncisp", "codes / units", "relative", 'better = "higher"'),
    ("lower", "2.2.1", 5, "city", "units", "relative", 'better = "lower"'),
    ("lower_open", "2.2.2", 5, "ndrc", "taxpayers", "relative", 'better = "lower"'),
    ("national", "2.2.2", 1, "ndrc", "codes / nation(codes) + units", "share", "empty = 0"),
    ("awarded", "2.2.3", 3, "assessor", "innovation", "assessor", ""),
]
SMALL_MEASURES = {
    "codes": st.integers(0, 12),
    "units": st.integers(0, 12),
    "taxpayers": st.integers(0, 3),
    "repair_mechanism": st.integers(0, 1),
    "innovation": st.sampled_from([0, 0.5, 3]),
}


def small_edition(folder: Path, kind: str) -> Path:
    """Write an edition of fourteen leaves, two first-level and more nodes."""
    total = sum(leaf[2] for leaf in SMALL_LEAVES)
    lines = [
        f'id = "small-{kind}"\nrevision = 1\nkind = "{kind}"\ntitle_zh = "小"\ntitle_en = "Small"',
        'citation = "made up"\nvalid_from = "2016-01"',
        f'classes = ["provincial", "prefecture", "county"]\npoints = {total - 3}\nbonus = 3',
    ]
    levels = {
        ".".join(leaf[1].split(".")[:n]) for leaf in SMALL_LEAVES for n in range(1, 4)
    }  # fmt: skip
    lines += [f'[[node]]\nno = "{no}"\nzh = "点"\nen = "Node"' for no in sorted(levels)]
    lines += [
        f'[[leaf]]\nid = "{id_}"\nunder = "{under}"\nzh = "叶"\nen = "Leaf"\npoints = {points}\n'
        f'sources = ["{source}"]\nexpression = "{text}"\nrule = "{rule}"\nbasis = "printed"\n'
        f"parameters = {{ {parameters} }}"
        for id_, under, points, source, text, rule, parameters in SMALL_LEAVES
    ]
    path = folder / f"small-{kind}.toml"
    path.write_text("\n\n".join(lines), encoding="utf-8")
    return path


@st.composite
def few_cities(draw: st.DrawFn) -> tuple[dict[Key, float], list[City]]:
    """Up to nine cities of three classes, each with some of five measures."""
    classes = draw(st.lists(st.sampled_from(CLASSES), min_size=1, max_size=9))
    cities = [("2019-06", f"{n:06d}", city_class) for n, city_class in enumerate(classes)]
    observations: dict[Key, float] = {}
    for period, city, _ in cities:
        reported = draw(st.fixed_dictionaries({}, optional=SMALL_MEASURES))
        observations |= {(period, city, measure): value for measure, value in reported.items()}
    return observations, cities


@pytest.mark.parametrize("kind", ["monitoring", "model_city"])
def test_engine_and_reference_agree_on_few_cities_with_few_measures(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = small_edition(tmp_path_factory.mktemp("small"), kind)

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(few_cities())
    def agree(drawn_input: tuple[dict[Key, float], list[City]]) -> None:
        assert_alike(path, *drawn_input)

    agree()


# --- where floats could tell apart what the rules do not


def test_cities_with_the_same_share_of_the_nation_get_the_same_points() -> None:
    cities = [
        ("2019-06", "200001", "prefecture"),
        ("2019-06", "200002", "prefecture"),
        ("2019-06", "300001", "county"),
    ]
    reported = {"200001": (2_000_000, 2000), "200002": (5_000_000, 5000), "300001": (500_000, 300)}
    observations: dict[Key, float] = {}
    for city, (population, listed) in reported.items():
        observations["2019-06", city, "population"] = population
        observations["2019-06", city, "listed_entities"] = listed
    assert_alike(EDITIONS["cci-2019"], observations, cities)


def test_three_thirds_of_a_point_tie_with_one_point() -> None:
    cities = [("2019-06", "200001", "prefecture"), ("2019-06", "200002", "prefecture")]
    reported = {
        "200001": {"joint_departments": 1, "joint_automated_areas": 1, "units_integrated": 1},
        "200002": {"joint_departments": 3, "joint_automated_areas": 0, "units_integrated": 0},
    }
    observations: dict[Key, float] = {
        ("2019-06", city, measure): value
        for city, values in reported.items()
        for measure, value in {**values, "departments": 3, "joint_areas": 3, "units": 3}.items()
    }
    assert_alike(EDITIONS["cci-2019"], observations, cities)
