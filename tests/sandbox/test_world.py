"""The invented country: complete, consistent, persistent, and alike whenever it is asked for.

Polars types what a column's median or maximum gives as any value; here they are numbers, hence the
ignored types.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from indicators import edition, score
from indicators.measures import catalogue
from indicators.registry import cities_of
from sandbox.deliver import deliver
from sandbox.offices import CLOCK, IN_ROUNDS, KINDS
from sandbox.world import base_rates, world
from scrapers.sources.registry import feed

SEED = 2019
PERIODS = [f"2018-{month:02}" for month in range(6, 13)] + [
    f"2019-{month:02}" for month in range(1, 7)
]
KEY = ["period", "city_code", "measure"]
CCI = edition.load("cci-2019")
MONTHLY = [source_id for source_id in KINDS if source_id not in IN_ROUNDS]
RATES = {rate.id: rate for rate in base_rates().values() if not rate.applied}
"""Lines of measures that are told every month; what is told in rounds is in test_rounds."""

Year = tuple[Path, list[Path]]


@cache
def registry() -> pl.DataFrame:
    return feed.read(feed.packaged())


@cache
def cities() -> pl.DataFrame:
    return pl.concat(
        cities_of(registry(), period).with_columns(period=pl.lit(period)) for period in PERIODS
    )


@cache
def truth() -> pl.DataFrame:
    return world(registry(), PERIODS, SEED)


@cache
def wide() -> pl.DataFrame:
    """The truth, one row a city and month and one column a measure."""
    return truth().pivot(on="measure", index=["period", "city_code"], values="value")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    inbox = tmp_path_factory.mktemp("inbox")
    return inbox, every_month(deliver(inbox, registry(), PERIODS, SEED))


@pytest.fixture(scope="module")
def index(year: Year) -> pl.DataFrame:
    """Scored as delivered: the last delivery counts, of two sources the lesser, bad rows do not."""
    _, files = year
    maxima = {
        m.id: m.maximum if m.maximum is not None else float("inf") for m in catalogue().values()
    }
    observations = (
        pl.concat(rows(path).with_columns(at=pl.lit(path.stat().st_mtime)) for path in files)
        .with_columns(pl.col("value").cast(pl.Float64, strict=False))
        .filter(pl.col("value").is_between(0, pl.col("measure").replace_strict(maxima)))
        .sort("at")
        .unique([*KEY, "source"], keep="last")
        .group_by(KEY)
        .agg(pl.col("value").min())
    )
    return score.score(CCI, observations, cities()).index


def every_month(files: list[Path]) -> list[Path]:
    """Files of the sources that deliver every month."""
    return [path for path in files if path.parent.parent.name in MONTHLY]


def rows(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def fingerprint(files: list[Path], inbox: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(inbox)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files
    }


def delivered(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, CLOCK)


def parts() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every measure that is a part of others, by its line or by what its name says."""
    for rate in RATES.values():
        if rate.of and rate.shape in ("part", "removed"):
            yield rate.id, rate.of
    yield "breaches_12m", ("events_12m",)
    yield "a_class_taxpayers", ("taxpayers",)
    yield "aeo_advanced_enterprises", ("customs_enterprises",)
    yield "approval_departments", ("departments",)
    yield "code_errors", ("codes",)
    yield "code_repeats", ("codes",)
    yield "taxpayers", ("legal_entities",)
    yield "listed_entities", ("legal_entities",)
    yield "low_rated_entities", ("legal_entities",)
    yield "customs_enterprises", ("legal_entities",)
    yield "redlisted_entities", ("legal_entities",)
    yield "listed_added", ("listed_entities",)
    yield "listed_entities", ("listed_violations",)


def test_every_measure_of_the_catalogue_has_a_line_unless_it_is_awarded() -> None:
    awards = {measure.id for measure in catalogue().values() if measure.kind == "award"}
    assert set(base_rates()) == set(catalogue()) - awards
    assert set(CCI.measures) <= set(RATES)


def test_every_city_and_month_has_a_value_of_every_measure_that_the_edition_needs() -> None:
    assert set(CCI.measures) <= set(truth()["measure"])
    assert len(truth()) == len(cities()) * len(RATES)
    assert truth()["value"].is_finite().all()
    assert not truth().select(KEY).is_duplicated().any()


@pytest.mark.parametrize(("part", "wholes"), list(parts()))
def test_a_part_is_never_larger_than_its_whole(part: str, wholes: tuple[str, ...]) -> None:
    if part == "listed_removed":
        # Removed in a month: of those that were listed when it began.
        before = pl.col("listed_entities") + pl.col("listed_removed") - pl.col("listed_added")
        assert wide().select((pl.col(part) <= before).all()).item()
    assert wide().select((pl.col(part) <= pl.sum_horizontal(wholes)).all()).item()


def test_values_are_what_their_units_allow() -> None:
    assert truth()["value"].min() == 0
    for measure in RATES:
        values, known = wide()[measure], catalogue()[measure]
        if known.maximum is not None:
            assert values.is_between(0, known.maximum).all(), measure
        if known.whole:
            assert values.is_in([0.0, 1.0]).all(), measure
            assert values.mean() > 0.7, measure  # type: ignore[operator]
        if (
            known.kind in ("stock", "flow", "sum_12m", "context")
            and known.unit != "weighted events"
        ):
            assert (values == values.round()).all(), measure


def test_what_is_listed_is_what_was_listed_and_added_less_what_was_removed() -> None:
    now = (
        wide()
        .sort("period")
        .with_columns(before=pl.col("listed_entities").shift().over("city_code"))
    )
    gained = pl.col("listed_added") - pl.col("listed_removed")
    assert (
        now.drop_nulls("before")
        .select((pl.col("listed_entities") == pl.col("before") + gained).all())
        .item()
    )


def test_sizes_fit_the_class() -> None:
    sized = wide().join(
        cities().select("period", "city_code", "city_class"), on=["period", "city_code"]
    )
    bounds = {"provincial": (2e6, 30e6), "prefecture": (0.3e6, 10e6), "county": (0.1e6, 1.5e6)}
    for (city_class,), group in sized.group_by("city_class"):
        low, high = bounds[str(city_class)]
        assert group["population"].is_between(low * 0.98, high).all()
        assert group["population"].n_unique() > 30
    a_head = 10_000 * sized["gdp"] / sized["population"]  # yuan
    assert a_head.is_between(10_000, 300_000).all()
    of_all = 10_000 * pl.col("gdp").sum() / pl.col("population").sum()
    assert 50_000 < sized.select(of_all).item() < 90_000
    medians = dict(sized.group_by("city_class").agg(pl.col("legal_entities").median()).iter_rows())
    assert medians["provincial"] > 3 * medians["prefecture"] > 9 * medians["county"]
    nation = wide().filter(pl.col("period") == PERIODS[-1])["legal_entities"].sum()
    assert 300_000 < nation < 400_000


def test_gdp_is_that_of_a_year() -> None:
    of_year = wide().group_by("city_code", year=pl.col("period").str.head(4))
    assert of_year.agg(pl.col("gdp").n_unique())["gdp"].max() == 1
    assert wide().group_by("city_code").agg(pl.col("gdp").n_unique())["gdp"].max() == 2


def test_sites_are_probed_once_a_day() -> None:
    days = pl.col("period").str.to_date("%Y-%m").dt.month_end().dt.day()
    for measure in ("credit_website_uptime", "service_platform_uptime"):
        answered = (pl.col(measure) * days).round()
        assert wide().select((pl.col(measure) == answered / days).all()).item()
        assert wide()[measure].n_unique() > 10


def test_sums_over_twelve_months_move_slowly() -> None:
    moved = (
        truth()
        .filter(pl.col("measure").is_in([m for m in RATES if m.endswith("_12m")]))
        .sort("period")
        .with_columns(before=pl.col("value").shift().over("city_code", "measure"))
        .filter(pl.col("before") > 50)
        .select((pl.col("value") / pl.col("before") - 1).abs())
        .to_series()
    )
    assert moved.median() < 0.03  # type: ignore[operator]
    assert moved.quantile(0.99) < 0.2  # type: ignore[operator]


def test_the_index_resembles_the_published_lists(index: pl.DataFrame) -> None:
    last = index.filter(pl.col("period") == PERIODS[-1])
    by_class = {
        str(city_class): group["index"].sort(descending=True).to_list()
        for (city_class,), group in last.group_by("city_class")
    }
    assert 81 < by_class["provincial"][0] < 92
    assert 73 < by_class["provincial"][19] < 87
    assert 80 < by_class["prefecture"][0] < 90
    assert 75 < by_class["prefecture"][49] < 84
    assert 77 < by_class["county"][0] < 87
    assert 74 < by_class["county"][19] < 83
    assert last["index"].quantile(0.01) > 50  # type: ignore[operator]


def test_classes_differ(index: pl.DataFrame) -> None:
    medians = dict(index.group_by("city_class").agg(pl.col("index").median()).iter_rows())
    assert medians["provincial"] > medians["prefecture"] + 2 > medians["county"] + 4


def test_strengths_persist_and_months_move_a_little(index: pl.DataFrame) -> None:
    months = index.pivot(
        on="period", index=["city_code", "city_class"], values="index"
    ).drop_nulls()

    def correlation(before: str, after: str) -> float:
        """The least of the classes' rank correlations."""
        classes = months.group_by("city_class").agg(pl.corr(before, after, method="spearman"))
        return float(classes[before].min())  # type: ignore[arg-type]

    for before, after in pairwise(PERIODS):
        assert correlation(before, after) > 0.9
        assert (months[after] != months[before]).all()
        assert (months[after] - months[before]).abs().median() < 0.5  # type: ignore[operator]
    assert correlation(PERIODS[0], PERIODS[-1]) > 0.7


def test_enough_is_covered_in_every_class_and_month(index: pl.DataFrame) -> None:
    coverage = index.group_by("period", "city_class").agg(pl.col("coverage").mean())["coverage"]
    assert 0.9 <= coverage.min() < 1  # type: ignore[operator]


def test_delivering_twice_gives_the_same_bytes_and_times(year: Year) -> None:
    inbox, files = year
    before = fingerprint(files, inbox)
    again = every_month(deliver(inbox, registry(), PERIODS[-2:], SEED))
    assert fingerprint(again, inbox) == {
        name: kept for name, kept in before.items() if name.split("/")[1] in PERIODS[-2:]
    }
    assert every_month(sorted(path for path in inbox.rglob("*") if path.is_file())) == files


def test_a_month_alone_is_the_month_within_a_year(year: Year, tmp_path: Path) -> None:
    inbox, files = year
    alone = deliver(tmp_path, registry(), [PERIODS[5]], SEED)
    within = [path for path in files if path.parent.name == PERIODS[5]]
    assert fingerprint(alone, tmp_path) == fingerprint(within, inbox)


def test_without_what_is_amiss_every_day_the_files_say_what_is_true(tmp_path: Path) -> None:
    files = deliver(tmp_path, registry(), PERIODS[-1:], SEED, everyday=False)
    assert {path.parent.parent.name for path in files} == set(KINDS)
    assert len(files) == len(KINDS)
    told = pl.concat(rows(path) for path in every_month(files)).with_columns(
        pl.col("value").cast(pl.Float64)
    )
    true = truth().filter(pl.col("period") == PERIODS[-1])
    assert told.select(*KEY, "value").unique().sort(KEY).equals(true.sort(KEY))


def test_another_seed_is_another_country(year: Year, tmp_path: Path) -> None:
    inbox, _ = year
    other = deliver(tmp_path, registry(), [PERIODS[0]], SEED + 1)
    assert all(
        path.read_bytes() != (inbox / path.relative_to(tmp_path)).read_bytes()
        for path in other
        if (inbox / path.relative_to(tmp_path)).exists()
    )


@pytest.mark.parametrize(
    ("period", "sources"), [("2016-01", MONTHLY), ("2026-10", MONTHLY), ("2026-12", KINDS)]
)
def test_any_month_since_2016_can_be_delivered(
    period: str, sources: Iterable[str], tmp_path: Path
) -> None:
    files = deliver(tmp_path, registry(), [period], SEED)
    assert {path.parent.parent.name for path in files} == set(sources)


@pytest.mark.parametrize("period", ["2015-12", "2019-13", "2019"])
def test_a_period_that_is_no_month_of_the_country_is_refused(period: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"month|2016-01"):
        deliver(tmp_path, registry(), [period], SEED)


def test_every_source_delivers_its_measures_every_month_in_time(year: Year) -> None:
    inbox, _ = year
    for source_id in MONTHLY:
        kind = KINDS[source_id]
        for period in PERIODS:
            path = inbox / source_id / period / f"{source_id}-{period}.csv"
            assert path.read_bytes().startswith(b"period,city_code,measure,value,source\n")
            assert b"\r" not in path.read_bytes()
            told = rows(path)
            assert set(told["source"]) == {kind}
            assert set(told["period"]) == {period}
            assert all(kind in catalogue()[m].sources for m in told["measure"].unique())
            assert 2 <= delivered(path).day <= 7
            assert delivered(path).strftime("%Y-%m") > period


def test_corrections_supersede_with_the_truth_before_the_tenth(year: Year) -> None:
    _, files = year
    corrections = [path for path in files if "-correction-1" in path.name]
    assert {path.parent.parent.name for path in corrections} == {"city", "ncisp", "monitoring"}
    for path in corrections:
        main = path.with_name(path.name.replace("-correction-1", ""))
        assert delivered(main) < delivered(path)
        assert delivered(path).day < 10
        both = rows(path).join(rows(main), on=KEY, suffix="_main")
        assert len(both) == len(rows(path)) > 0
        assert (both["value"] != both["value_main"]).all()


def test_late_cities_are_in_the_late_file_only(year: Year) -> None:
    _, files = year
    late = [path for path in files if "-late-1" in path.name]
    assert len(late) == len(PERIODS)
    for path in late:
        main = path.with_name(path.name.replace("-late-1", ""))
        assert delivered(path).day > 10
        assert not set(rows(path)["city_code"]) & set(rows(main)["city_code"])


def test_some_cities_submit_nothing_and_some_not_all(year: Year) -> None:
    inbox, _ = year
    period = PERIODS[-1]
    submitted = pl.concat(rows(path) for path in (inbox / "city" / period).glob("*.csv"))
    monitored = set(cities().filter(pl.col("period") == period)["city_code"])
    assert 0 < len(monitored - set(submitted["city_code"])) < 15
    counts = submitted.group_by("city_code").agg(pl.col("measure").n_unique())["measure"]
    assert 0.8 < (counts == counts.max()).mean() < 1  # type: ignore[operator]


def test_now_and_then_a_measure_fails_for_a_whole_class(year: Year) -> None:
    inbox, files = year
    ours = [
        path for path in files if path.parent.parent.name in ("ndrc", "code_centre", "monitoring")
    ]
    told = pl.concat(rows(path).select(KEY) for path in ours).unique()
    joined = told.join(
        cities().select("period", "city_code", "city_class"), on=["period", "city_code"]
    )
    group = ["period", "measure", "city_class"]
    expected = joined["period"].n_unique() * joined["measure"].n_unique() * 3
    assert 0 < expected - joined.select(group).n_unique() < len(PERIODS)
    assert inbox.exists()


def test_bad_rows_are_few_and_in_two_sources_only(year: Year) -> None:
    _, files = year
    known = set(cities()["city_code"])
    maxima = {
        m.id: m.maximum if m.maximum is not None else float("inf") for m in catalogue().values()
    }
    found: dict[str, int] = {}
    kinds: set[str] = set()
    for path in files:
        told = rows(path).with_columns(number=pl.col("value").cast(pl.Float64, strict=False))
        maximum = pl.col("measure").replace_strict(maxima)
        for name, bad in {
            "text": pl.col("number").is_null(),
            "negative": pl.col("number") < 0,
            "above": pl.col("number") > maximum,
            "city": ~pl.col("city_code").is_in(known),
        }.items():
            if count := told.filter(bad).height:
                kinds.add(name)
                source = path.parent.parent.name
                found[source] = found.get(source, 0) + count
    assert kinds == {"text", "negative", "above", "city"}
    assert set(found) == {"city", "monitoring"}
    assert max(found.values()) <= 4 * len(PERIODS)


def test_two_sources_differ_slightly_and_in_a_few_cities_by_a_fifth(year: Year) -> None:
    inbox, _ = year
    period = PERIODS[-1]
    told = pl.concat(
        rows(inbox / source / period / f"{source}-{period}.csv")
        for source in ("city", "monitoring", "code_centre")
    ).with_columns(pl.col("value").cast(pl.Float64, strict=False))
    for measure in ("disclosure_records_12m", "credit_website_clicks_12m", "codes_mapped"):
        pair = (
            told.filter(pl.col("measure") == measure)
            .group_by("city_code")
            .agg(low=pl.col("value").min(), high=pl.col("value").max(), sources=pl.len())
            .filter(pl.col("sources") == 2)
        )
        gap = 1 - pair["low"] / pair["high"]
        assert len(pair) > 600
        assert 0 < (gap > 0.2).sum() < 40
        assert 0 < gap.median() < 0.05  # type: ignore[operator]
