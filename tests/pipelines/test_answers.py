"""What a scorecard answers: why the index changed, what would gain most, how sure it is."""

import json
import re
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from indicators import edition
from indicators.movement import Month, index_units
from pipelines.pages import charts, reading, scorecard
from pipelines.pages.sureness import MOST_REFUSED
from pipelines.steps import earlier, scoring
from pipelines.steps.observing import OBSERVATIONS, of_edition
from pipelines.workspace import Workspace
from templates.catalogue import LANGS
from templates.environment import render
from templates.scorecard.context import Context
from tests.pipelines.conftest import BEFORE, EDITION, MONTH
from tests.templates import invented
from warehouse.publication import Publication

LIMIT = 150_000


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """An invented month, with doubts of every sort."""
    return invented.publish_invented(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def facts(published: Publication) -> reading.Facts:
    """All of it."""
    return reading.read(published)


@pytest.fixture(scope="module")
def cards(facts: reading.Facts) -> dict[str, dict[str, Context]]:
    """The scorecard of every city in every language."""
    made = {lang: scorecard.Cards(facts, lang) for lang in LANGS}
    return {lang: {code: of.card(code) for code in facts.index} for lang, of in made.items()}


def number(printed: str) -> Decimal:
    """A number as it is printed."""
    return Decimal(printed.replace("−", "-").replace(",", ""))


@pytest.mark.parametrize("lang", LANGS)
def test_the_printed_parts_of_a_change_add_up_to_the_printed_difference(
    cards: dict[str, dict[str, Context]], lang: str
) -> None:
    for card in cards[lang].values():
        assert len(card.moved) == 2
        for since in card.moved:
            before, now = re.findall(r"\d+\.\d{3}", since.caption)[:2]
            shares = [share for part in since.parts for share in part.shares]
            assert sum(number(share.amount) for share in shares) == number(since.total)
            assert number(since.total) == Decimal(now) - Decimal(before)
            for share in shares:
                assert share.direction == ("up" if number(share.amount) > 0 else "down")


def test_a_part_of_one_leaf_leads_to_it(cards: dict[str, dict[str, Context]]) -> None:
    for card in cards["zh"].values():
        page = render("scorecard", card, "zh")
        anchors = [part.anchor for since in card.moved for part in since.parts if part.anchor]
        assert anchors
        assert all(f'<dl id="{anchor}">' in page for anchor in anchors)


def test_a_month_of_before_there_were_movements_says_nothing_of_them(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    old = invented.publish_invented(tmp_path_factory.mktemp("old"))
    (old.folder / "movement.parquet").unlink()
    card = scorecard.Cards(reading.read(old, ["110000"]), "en").card("110000")
    assert card.moved == ()
    assert 'id="why"' not in render("scorecard", card, "en")


def test_a_leaf_that_the_edition_has_no_more_goes_by_its_id(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    old = invented.publish_invented(tmp_path_factory.mktemp("dropped"))
    moved = old.frame("movement")
    dropped = pl.when(leaf=moved["leaf"][0]).then(pl.lit("dropped")).otherwise("leaf")
    moved.with_columns(leaf=dropped).write_parquet(old.folder / "movement.parquet")
    card = scorecard.Cards(reading.read(old, ["110000"]), "en").card("110000")
    parts = {part.name: part.anchor for since in card.moved for part in since.parts}
    assert parts["dropped"] == ""


def test_every_leaf_that_lost_points_says_what_full_points_would_change(
    cards: dict[str, dict[str, Context]],
) -> None:
    for card in cards["en"].values():
        lost = [row for row in card.tree if row.level == 4 and row.lost]
        assert len(card.lost) == min(len(lost), scorecard.MOST_LOST)
        assert any(row.next for row in lost)
        for row in lost:
            assert re.fullmatch(r"→ index [\d.]+, rank \d+( \(up \d+\))?", row.follows)
        for worst in card.lost:
            assert worst.reached.startswith("class median ") or not worst.reached


def test_the_steps_that_gain_most_come_first(
    facts: reading.Facts, cards: dict[str, dict[str, Context]]
) -> None:
    for code, card in cards["en"].items():
        named = [int(rank) for rank in re.findall(r", rank (\d+)\)", card.first)]
        ranks = [
            (gains.get("next") or gains["full"]).rank
            for gains in facts.answers.gains[code].values()
        ]
        assert named == sorted(ranks)[: scorecard.FIRST_STEPS]


def test_what_is_doubtful_is_listed_with_its_worst_and_best(
    facts: reading.Facts, cards: dict[str, dict[str, Context]]
) -> None:
    for code, card in cards["en"].items():
        band = facts.answers.bands[code]
        assert f"{band.low:.2f}, rank {band.rank_low}" in card.basis.reach
        assert card.basis.chart is not None
        assert 'class="band"' in card.basis.chart.svg
        assert len(card.basis.doubts) == len(facts.answers.doubts[code])
        for doubt in card.basis.doubts:
            assert number(doubt.worst) <= number(doubt.points) <= number(doubt.best)
        counts = {fact.label: fact.value for fact in card.basis.counts}
        own = sum(not row.reason for row in facts.leaves[code].values())
        assert counts["Indicators with own values"] == str(own)


def test_what_was_refused_of_the_citys_own_files_is_on_its_card(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    own = invented.publish_invented(tmp_path_factory.mktemp("refused"))
    file = own.frame("receipts").filter(source_id="city", sender="110000").row(0, named=True)
    refused = (
        own.frame("refusals")
        .head(1)
        .with_columns(
            source_id=pl.lit("city"), sha256=pl.lit(file["sha256"]), field=pl.lit(invented.HOSTILE)
        )
    )
    rows = pl.concat([refused] * 12).with_columns(row=pl.int_range(12, dtype=pl.Int64))
    rows.write_parquet(own.folder / "refusals.parquet")
    made = scorecard.Cards(reading.read(own, ["110000", "320100"]), "en")
    card = made.card("110000")
    assert len(card.basis.refused) == MOST_REFUSED
    assert card.basis.refused_more.startswith("2 ")
    assert invented.HOSTILE not in render("scorecard", card, "en")
    assert not made.card("320100").basis.refused


@pytest.mark.parametrize("lang", LANGS)
def test_a_card_with_every_answer_is_light(cards: dict[str, dict[str, Context]], lang: str) -> None:
    for card in cards[lang].values():
        assert len(render("scorecard", card, lang).encode()) < LIMIT


def test_the_data_of_a_card_have_the_same_answers_unrounded(facts: reading.Facts) -> None:
    for code in facts.index:
        data: dict[str, Any] = json.loads(json.dumps(scorecard.as_data(facts, code)))
        for since in data["movement"]:
            units = round(data["index"] * 10**12) - round(since["index"] * 10**12)
            assert sum(part["units"] for part in since["parts"]) == pytest.approx(units, abs=1)
        full = [leaf["gains"].get("full") for leaf in data["leaves"]]
        assert all(gain["index"] > data["index"] for gain in full if gain)
        assert data["band"]["low"] <= data["index"] <= data["band"]["high"]
        assert data["doubts"]


def test_a_waterfall_starts_where_the_last_part_ends_and_cuts_long_labels() -> None:
    long = "A name that is far too long to stand beside its number on a telephone"
    drawn = charts.waterfall(
        ("May", 10.0, "10.000"), [(long, 2.0, "+2.000"), ("<b>", -3.0, "−3.000")],
        ("June", 9.0, "9.000"), "from May to June",
    )  # fmt: skip
    bars = [
        (float(x), float(x) + float(width))
        for x, width in re.findall(
            r'<rect class="\w+" x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn
        )
    ]
    dots = [float(x) for x in re.findall(r'cx="([\d.]+)"', drawn)]
    assert bars[0][0] == dots[0]
    assert bars[0][1] == pytest.approx(bars[1][1], abs=0.11)
    assert bars[1][0] == dots[1]
    assert "&lt;b&gt;" in drawn
    assert long not in drawn
    assert 'aria-label="from May to June"' in drawn


def test_what_changed_since_the_month_before_adds_up_for_every_city(scored: Workspace) -> None:
    criteria = edition.load(EDITION)
    now, then = (scoring.read_scores(scored, EDITION, month) for month in (MONTH, BEFORE))
    observations = of_edition(scored.store.read(OBSERVATIONS, period=MONTH), EDITION)
    moved = earlier.movements(scored, criteria, MONTH, Month(now.leaves, now.index, observations))
    assert set(moved["since"]) == {BEFORE}
    expected = (
        now.index.join(then.index, on="city_code", suffix="_then")
        .select("city_code", units=index_units(pl.col("index")) - index_units(pl.col("index_then")))
        .sort("city_code")
    )
    found = moved.group_by("city_code").agg(pl.col("units").sum()).sort("city_code")
    assert found.equals(expected)
