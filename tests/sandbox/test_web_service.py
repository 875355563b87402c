"""The country's web sites: logs that say exactly what is true, and sites that answer as the logs say."""

from pathlib import Path

import polars as pl
import pytest

from sandbox.country import Country
from sandbox.serve import application
from sandbox.services import web
from sandbox.services.monitoring import probe_logs
from scrapers.formats import probes
from scrapers.reading import Ask
from scrapers.sources.published_rankings.page import read
from tests.sandbox.asking import ask

MONTH = "2019-06"
COUNTRY = Country.found(MONTH, MONTH)


@pytest.fixture(scope="module")
def said() -> pl.DataFrame:
    uptime = pl.col("measure").str.ends_with("_uptime")
    return COUNTRY.truth(MONTH).filter(uptime).select("city_code", "measure", "value")


def test_the_mean_of_all_probes_is_exactly_what_is_said(tmp_path: Path, said: pl.DataFrame) -> None:
    cities = COUNTRY.cities(MONTH)
    asked = Ask("monitoring", "monitoring", MONTH, cities, {})
    frames = []
    for log in probe_logs(MONTH, said, cities, COUNTRY.seed):
        path = tmp_path / log.name
        path.write_bytes(log.content())
        reading = probes.take(path, log.name, asked)
        assert reading.refused.is_empty()
        frames.append(reading.kept)
    found = (
        pl.concat(frames)
        .group_by("city_code", "measure")
        .agg(value=pl.col("value").cast(pl.Int64).sum() / pl.len())
    )
    key = ["city_code", "measure"]
    assert found.sort(key).rows() == said.sort(key).rows()
    assert said["city_code"].n_unique() == len(cities)


def test_a_site_answers_as_the_log_of_the_day_says(said: pl.DataFrame) -> None:
    app = application(COUNTRY)
    cities = COUNTRY.cities(MONTH)
    expected = web.answered_on(f"{MONTH}-30", said, cities, COUNTRY.seed)
    paths = {"credit_website": "credit", "service_platform": "service"}
    up, down = (
        next(probe for probe, answered in expected.items() if answered is wanted)
        for wanted in (True, False)
    )
    for (city_code, site), status in ((up, 200), (down, 503)):
        answer = ask(app, f"/web/{city_code}/{paths[site]}/")
        assert answer.status == status
        assert "模拟" in answer.body.decode()


@pytest.mark.parametrize(
    "path", ["/web/999999/credit/", "/web/330100/mail/", "/magazine/2018-01.html"]
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert ask(application(COUNTRY), path).status == 404


def test_the_magazine_prints_a_ranking_of_every_city_that_says_it_is_invented() -> None:
    answer = ask(application(COUNTRY), f"/magazine/{MONTH}.html")
    assert "模拟" in answer.body.decode()
    page = read(answer.body)
    assert page.month == MONTH
    assert not page.notes
    assert len(page.rows) == len(COUNTRY.cities(MONTH))


def test_robots_are_welcome() -> None:
    assert ask(application(COUNTRY), "/robots.txt").body.startswith(b"User-agent: *\nDisallow:\n")
