"""What happens in the invented cities: complete, alike whenever it is asked for, told by the measures."""

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest

from sandbox.web.events import happened, published, standing
from sandbox.web.plots import PUBLISHED, plots, texts
from sandbox.web.told import in_force, national
from sandbox.world import Month, months_since_2016
from scrapers.monitor.shapes import FIELDS, KINDS, SEVERITIES, SUBJECTS
from tests.sandbox.web_country import COUNTRY, MONTH, truth, web

T = months_since_2016(MONTH)
SINCE, UNTIL = date(2018, 7, 1), date(2019, 6, 30)
CITIES = COUNTRY.cities(MONTH)


def month(seed: int = COUNTRY.seed, t: int = T) -> Month:
    return Month(CITIES, t, seed)


def window() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pages of the twelve months, and events first seen in them."""
    pages, events = truth()
    return (
        pages.filter(pl.col("published").is_between(SINCE, UNTIL)),
        events.filter(pl.col("first_seen").is_between(SINCE, UNTIL)),
    )


def test_every_plot_is_one_that_the_index_knows() -> None:
    for plot in plots():
        assert plot.field in FIELDS[plot.affair]
        assert plot.subject in SUBJECTS
        assert set(plot.outcomes) <= {"good", *SEVERITIES}
    assert {plot.field for plot in plots()} == {name for names in FIELDS.values() for name in names}


def test_every_kind_of_page_has_texts() -> None:
    assert {*PUBLISHED, "event", "response"} == set(KINDS)
    assert all(len(texts(kind)) > 4 for kind in PUBLISHED)
    assert {field for text in texts("rule") for field in text.fields} <= {
        name for names in FIELDS.values() for name in names
    }


@pytest.mark.parametrize("tell", [happened, published, standing])
def test_a_month_is_the_same_whenever_it_is_asked_for(
    tell: Callable[[Month], pl.DataFrame],
) -> None:
    told = tell(month(t=T - 3))
    assert told.equals(tell(month().at(T - 3)))
    assert not told.equals(tell(month(seed=7).at(T - 3)))


def test_a_city_is_the_same_whichever_others_there_are() -> None:
    few = CITIES.sample(40, seed=1)
    some = happened(Month(few, T, COUNTRY.seed))
    same = happened(month()).join(few, on="city_code", how="semi")
    assert some.sort("event_id").equals(same.sort("event_id"))


def test_everything_that_can_be_occurs_within_a_year() -> None:
    pages, events = window()
    assert set(events["field"]) == {name for names in FIELDS.values() for name in names}
    assert set(events["severity"].drop_nulls()) == set(SEVERITIES)
    assert set(events["subject"]) == set(SUBJECTS)
    assert set(pages["kind"]) == set(KINDS)
    assert 9_000 < len(pages) < 13_000
    assert truth()[0]["url"].is_unique().all()


def by_definition() -> dict[str, pl.DataFrame]:
    """Measures by city, as they are defined, from the pages and events alone."""
    pages, all_events = truth()
    recent, events = window()
    acted = pl.any_horizontal(
        pl.col(day).is_between(SINCE, UNTIL) for day in ("first_seen", "answered")
    )
    cases = all_events.filter((pl.col("polarity") == "bad") & acted).explode("projects")
    breaches = events.filter(
        pl.col("severity").is_in(["serious", "major"]) & (pl.col("affair") != "judicial")
    )
    age = pl.lit(UNTIL.year * 12 + UNTIL.month) - (
        pl.col("first_seen").dt.year() * 12 + pl.col("first_seen").dt.month()
    )
    weight = pl.when(pl.col("severity") == "major").then(3.0).otherwise(1.0)
    rules, pledges = pages.filter(kind="rule"), pages.filter(kind="pledge")
    fields = rules.explode("rule_fields").filter(
        pl.col("rule_fields").is_in(national()["outline_fields"])
    )
    covered = [field for document in in_force(MONTH).values() for field in document["fields"]]
    own = fields.filter(
        pl.col("national_document").is_null() & ~pl.col("rule_fields").is_in(covered)
    )

    def by_city(found: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
        return found.group_by("city_code").agg(value=value)

    return {
        "events_12m": by_city(events, pl.len()),
        "breaches_12m": by_city(breaches, pl.len()),
        "serious_breach_burden": by_city(breaches, (weight * (12 - age) / 12).sum()),
        "breaches_answered_12m": by_city(breaches, pl.col("answered").count()),
        "events_disclosed_12m": by_city(events, pl.col("disclosed").count()),
        "trust_exemplars_12m": by_city(recent.filter(kind="exemplar"), pl.col("count").sum()),
        "risk_warnings_12m": by_city(recent.filter(kind="risk_warning"), pl.len()),
        "propaganda_items_12m": by_city(recent.filter(kind="propaganda"), pl.len()),
        "national_rules_implemented": by_city(
            rules.drop_nulls("national_document"), pl.col("national_document").n_unique()
        ),
        "outline_fields_covered": by_city(fields, pl.col("rule_fields").n_unique()),
        "innovative_rules": by_city(own, pl.col("url").n_unique()),
        "focused_governance_projects": by_city(
            cases.drop_nulls("projects"), pl.col("projects").n_unique()
        ),
        "pledges": by_city(pledges, pl.col("count").sum()),
    }


def test_the_measures_are_what_the_pages_say() -> None:
    true = COUNTRY.truth(MONTH).pivot(on="measure", index="city_code", values="value")
    true = true.with_columns(pledges=pl.col("pledged_entities") + pl.col("repair_commitments"))
    for measure, values in by_definition().items():
        both = true.select("city_code", true=measure).join(values, on="city_code", how="left")
        apart = both["true"] - both["value"].fill_null(0)
        assert apart.abs().max() < 0.006, measure  # type: ignore[operator]
        assert both["true"].n_unique() > 3


def test_the_archive_begins_before_the_window() -> None:
    days = truth()[0]["published"]
    assert days.min() < date(2016, 1, 1)  # type: ignore[operator]
    assert days.max() == UNTIL
    assert {one.published for one in web().archive.entries} == set(days)


def test_what_stands_is_in_the_archive_however_old_and_nothing_else_is() -> None:
    old = truth()[0].filter(pl.col("published") < date(2018, 4, 1))
    assert set(old["kind"]) == {"rule", "pledge"}


def test_every_rule_follows_the_document_that_it_carries_out() -> None:
    for text in texts("rule"):
        if text.document is not None:
            assert in_force("2019-06")[text.document]["since"] == text.since
            rules = truth()[0].filter(pl.col("national_document") == text.document)
            assert rules["published"].min() >= date.fromisoformat(f"{text.since}-01")  # type: ignore[operator]


def test_a_page_is_the_same_a_month_later() -> None:
    earlier = type(COUNTRY).found("2019-05", "2019-05").web().truth()[0]
    later = truth()[0]
    both = earlier.filter(pl.col("published") >= SINCE)
    assert both.equals(later.filter(pl.col("published").is_between(SINCE, date(2019, 5, 31))))


def test_nothing_is_told_of_a_city_before_it_was_one() -> None:
    since = CITIES.drop_nulls("valid_from").select("city_code", "valid_from")
    told = truth()[0].join(since, on="city_code")
    assert len(told) > 100
    assert (told["published"].dt.strftime("%Y-%m") >= told["valid_from"]).all()
