"""Which providers count: those that answered well, judged by one another."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from indicators import providers
from indicators.providers import WHY, judge, verdicts
from templates import catalogue

Numbers = NDArray[np.float64]
CHANCE = np.random.default_rng(2019)
CITIES = [f"33{n:04}" for n in range(200)]
TRUTH: Numbers = np.clip(CHANCE.normal(76.0, 7.0, len(CITIES)), 55.0, 96.0)
METHODOLOGY = Path(__file__).parents[2] / "METHODOLOGY.md"


def voice(part: str, said: Numbers) -> pl.DataFrame:
    """What a provider says of the first cities."""
    return pl.DataFrame({"city_code": CITIES[: len(said)], "part": part, "value": said.round(2)})


def opinion() -> Numbers:
    """A provider's own, near the truth."""
    return TRUTH + CHANCE.uniform(-4.0, 4.0, len(CITIES))


GOOD = [voice(f"good{n}", opinion()) for n in range(7)]


def whys(voices: pl.DataFrame, part: str) -> set[str]:
    """Why values of a provider do not count."""
    judged = judge(voices)
    assert judged.filter(pl.col("counted") != (pl.col("why") == "")).is_empty()
    return set(judged.filter(part=part)["why"])


def test_providers_that_are_near_one_another_all_count() -> None:
    assert judge(pl.concat(GOOD))["counted"].all()
    assert verdicts(pl.concat(GOOD))["why"].unique().to_list() == [""]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (CHANCE.uniform(50.0, 100.0, len(CITIES)), "outlier"),
        (CHANCE.permutation(TRUTH), "outlier"),
        (np.full(len(CITIES), 76.0), "outlier"),
        (152.0 - TRUTH, "outlier"),
        (TRUTH / 100.0, "outlier"),
        (TRUTH / 10.0, "outlier"),
        (TRUTH - 12.0, "outlier"),
        (TRUTH[:99], "thin"),
        (TRUTH[:100], ""),
        (TRUTH - 9.0, ""),
        (50.0 + TRUTH / 3.0, ""),
    ],
    ids=[
        "noise", "other cities'", "constant", "upside down", "0..1 for 0..100", "a tenth", "far off",
        "too few", "just enough", "strict", "narrow",
    ],
)  # fmt: skip
def test_a_provider_is_judged_by_the_others(said: Numbers, why: str) -> None:
    voices = pl.concat([*GOOD, voice("odd", said)])
    assert whys(voices, "odd") == {why}
    assert all(whys(voices, f"good{n}") == {""} for n in range(7))


def test_three_that_give_nonsense_are_found_among_ten() -> None:
    odd = [voice(f"odd{n}", CHANCE.permutation(TRUTH)) for n in range(3)]
    judged = judge(pl.concat([*GOOD, *odd]))
    assert set(judged.filter(~pl.col("counted"))["part"]) == {"odd0", "odd1", "odd2"}


@pytest.mark.parametrize(
    ("apart", "why"), [(15.0, ""), (15.01, "implausible"), (-15.01, "implausible")]
)
def test_one_value_that_is_far_from_the_citys_others_is_left_out(apart: float, why: str) -> None:
    alike = [voice(f"good{n}", TRUTH) for n in range(6)]
    said = TRUTH.round(2)
    said[7] += apart
    judged = judge(pl.concat([*alike, voice("odd", said)]))
    assert judged.filter(part="odd", city_code=CITIES[7])["why"].to_list() == [why]
    assert judged.filter(pl.col("city_code") != CITIES[7])["counted"].all()


def test_where_providers_differ_much_a_value_may_be_further_off() -> None:
    said = {"a": 60.0, "b": 65.0, "c": 70.0, "d": 75.0, "e": 80.0, "f": 95.0}
    voices = pl.DataFrame({"city_code": "330100", "part": list(said), "value": said.values()})
    assert judge(voices)["counted"].all()


def test_a_city_needs_three_providers_that_count() -> None:
    """Of three, one is implausible, and two do not make a value."""
    said = pl.DataFrame(
        {
            "city_code": ["330100"] * 3 + ["330200"] * 2 + ["330300"] * 3,
            "part": list("abcababc"),
            "value": [80.0, 81.0, 20.0, 80.0, 81.0, 80.0, 81.0, 82.0],
        }
    )
    assert judge(said)["why"].to_list() == ["few", "few", "implausible", "few", "few", "", "", ""]


def test_of_two_providers_nobody_can_say_which_is_wrong() -> None:
    two = pl.concat([GOOD[0], voice("odd", CHANCE.permutation(TRUTH))])
    assert set(verdicts(two)["why"]) == {""}
    assert set(judge(two)["why"]) == {"few"}


def test_no_provider_at_all_is_no_verdict() -> None:
    nothing = GOOD[0].clear()
    assert judge(nothing).is_empty()
    assert verdicts(nothing).is_empty()


def test_rows_keep_their_order_and_columns_and_verdicts_depend_on_neither() -> None:
    voices = pl.concat([*GOOD, voice("odd", CHANCE.permutation(TRUTH))]).with_row_index("row")
    shuffled = voices.sample(fraction=1.0, shuffle=True, seed=1)
    judged = judge(shuffled)
    assert judged.drop("counted", "why").equals(shuffled)
    assert judged.sort("row").equals(judge(voices))
    assert verdicts(shuffled).equals(verdicts(voices))


@pytest.mark.parametrize("why", [why for why in WHY if why])
def test_every_reason_has_words(why: str) -> None:
    assert catalogue.has(f"provider_left_out.{why}")


@pytest.mark.parametrize(
    "stated",
    [
        f"{providers.LEAST_ANSWERED:.0%}".replace("%", " per cent"),
        f"{providers.MOST_DISTANCE:.0f} points",
        f"below {providers.LEAST_AGREEMENT}",
        f"{providers.JUDGED_FROM} cities",
        f"{providers.IMPLAUSIBLE_POINTS:.0f} points",
        f"{providers.IMPLAUSIBLE_SPREADS:.0f} median absolute deviations",
    ],
)
def test_the_methodology_states_the_thresholds(stated: str) -> None:
    section = (
        METHODOLOGY.read_text(encoding="utf-8").split("## The provider index")[1].split("## ")[0]
    )
    assert stated in " ".join(section.split())
