"""Verdicts on crawls, from what they brought."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scrapers.web.family import families
from scrapers.web.tally import Filled, Tally
from scrapers.web.verdict import WEIGHTS, Reason, judge

UNTIL = date(2019, 6, 30)
WELL = Tally(
    ended="", asked=60, waiting=0, pages=9, new=Filled(50, 50, 50, 50),
    earlier=Filled(900, 900, 900, 900), again=40, gone=0, odd={}, lacking=(), lost=(), empty=(),
    newest="2019-06-28", complete="2019-06-30", counted=(),
)  # fmt: skip
DECLARED = families()["portal_static"]
FAMILY = replace(DECLARED, expect=replace(DECLARED.expect, nothing_new_days=31))


def test_a_crawl_that_brings_what_is_expected_is_good() -> None:
    assert judge(WELL, FAMILY, UNTIL) == ("good", ())


@pytest.mark.parametrize(
    ("changed", "verdict", "reason"),
    [
        ({"ended": "killed"}, "suspect", Reason("unfinished", "killed")),
        ({"ended": "became_another"}, "failed", Reason("became_another")),
        ({"ended": "robots_down status_503"}, "failed", Reason("robots_down", "status_503")),
        ({"lacking": ("/zwgk/index.html",)}, "suspect", Reason("list_missed", "/zwgk/index.html")),
        ({"gone": 21}, "suspect", Reason("articles_gone", "21")),
        ({"odd": {"emptied": 5}}, "failed", Reason("layout_changed", "text")),
        ({"odd": {"login": 60}}, "suspect", Reason("login", "60")),
        ({"pages": 4}, "failed", Reason("too_few_pages", "4")),
        ({"pages": 0, "odd": {"timed_out": 6}}, "failed", Reason("host_down", "timed_out")),
        ({"pages": 0, "odd": {"forbidden": 6}}, "failed", Reason("forbidden")),
        ({"lost": ("/xwzx/index.html",)}, "failed", Reason("layout_changed", "/xwzx/index.html")),
        (
            {"empty": ("/xyjs/index.html",), "new": Filled(), "earlier": Filled()},
            "failed",
            Reason("empty_list", "/xyjs/index.html"),
        ),
        ({"new": Filled(), "earlier": Filled()}, "failed", Reason("too_few_articles", "0")),
        ({"new": Filled(50, 50, 50, 20)}, "failed", Reason("layout_changed", "text")),
        ({"new": Filled(50, 50, 10, 50)}, "failed", Reason("layout_changed", "date")),
        ({"new": Filled(1, 1, 1, 0)}, "failed", Reason("layout_changed", "text")),
        (
            {"new": Filled(50, 50, 10, 50), "earlier": Filled()},
            "suspect",
            Reason("too_little_filled", "date"),
        ),
        (
            {"odd": {"status_404": 20, "gone": 2}},
            "suspect",
            Reason("too_many_missed", "status_404"),
        ),
        ({"odd": {"duplicate": 60}}, "suspect", Reason("duplicates", "60")),
        ({"newest": "2019-05-29"}, "suspect", Reason("nothing_new", "32")),
    ],
)
def test_a_crawl_that_lacks_something_says_what(
    changed: dict[str, Any], verdict: str, reason: Reason
) -> None:
    found, reasons = judge(replace(WELL, **changed), FAMILY, UNTIL)
    assert found == verdict
    assert reason in reasons


@pytest.mark.parametrize(
    "changed",
    [
        {"odd": {"status_404": 6}},  # one in ten
        {"asked": 20, "odd": {"login": 1, "bounded": 2, "other_host": 1, "status_404": 1}},
        {"gone": 20},
        {"again": 4, "gone": 4},
        {"odd": {"duplicate": 20}},
        {"new": Filled(4, 4, 3, 4)},  # a few say nothing
        {"new": Filled()},
        {"newest": "2019-05-30"},
        {"waiting": 10, "pages": 1},
    ],
)
def test_what_can_happen_to_anyone_is_no_reason(changed: dict[str, Any]) -> None:
    assert judge(replace(WELL, **changed), FAMILY, UNTIL) == ("good", ())


def test_a_counter_that_says_nothing_is_named() -> None:
    hall = families()["service_hall"]
    empty = replace(WELL, new=Filled(), earlier=Filled(), counted=(("service_items", None, 5.0),))
    assert judge(empty, hall, UNTIL) == ("suspect", (Reason("counter_missing", "one_stop_items"),))


def test_a_list_that_is_empty_beside_others_is_nothing_odd() -> None:
    assert judge(replace(WELL, empty=("/xyjs/index.html",)), FAMILY, UNTIL) == ("good", ())


def test_the_gravest_reason_comes_first() -> None:
    bad = replace(WELL, newest="2018-01-01", lost=("/a",), ended="host_down")
    _, reasons = judge(bad, FAMILY, UNTIL)
    order = [list(WEIGHTS).index(reason.kind) for reason in reasons]
    assert order == sorted(order)
    assert reasons[0].kind == "host_down"
