"""The country as a whole: what its servers give of a month is the truth that it was made from."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from indicators.measures import catalogue
from sandbox.country import Country, load
from sandbox.offices import KINDS, measures_of
from sandbox.serve import application
from sandbox.services.monitoring import PROBED
from sandbox.services.providers import tokens
from scrapers import rollup
from scrapers.formats import indexes, measures, probes, tables, workbooks
from scrapers.reading import Ask, AskedMeasure, Reading
from scrapers.sources.provider.providers import Provider, providers
from tests.sandbox.asking import ask, fingerprint, landed

MONTH = "2019-06"
KEY = ["city_code", "measure"]
READ_ELSEWHERE = ("assessor", "city", "ncisp", "code_centre")
"""Sources of many files, which are read back by the tests of their services."""
Delivered = Iterator[tuple[str, bytes]]
Take = Callable[[Path, str, Ask], Reading]


@pytest.fixture(scope="module")
def country() -> Country:
    return Country.found(MONTH, MONTH)


def asked(country: Country, source_id: str) -> Ask:
    kind = KINDS[source_id]
    columns = ["city_code", "name", "name_en", "province", "province_code", "city_class"]
    reported = {
        m.id: AskedMeasure(m.id, m.unit, m.zh, m.en, m.maximum, m.whole)
        for m in catalogue().values()
        if kind in m.sources
    }
    return Ask(source_id, kind, MONTH, country.cities(MONTH).select(columns), reported)


def delivered(country: Country, source_id: str) -> Delivered:
    """Every document of a source, by way of the servers."""
    app = application(country)
    if source_id != "provider":
        yield from landed(app, source_id, MONTH).items()
        return
    for provider in providers().values():
        yield provider.id, b"".join(answers(country, provider))


def answers(country: Country, provider: Provider) -> Iterator[bytes]:
    """All pages of a provider, as its feed keeps them."""
    app = application(country)
    headers = {"Authorization": f"Bearer {tokens()[provider.token]}"}
    query: dict[str, str] | None = provider.first(MONTH)
    while query is not None:
        url = provider.address.removeprefix("sandbox:")
        url += "?" + "&".join(f"{name}={value}" for name, value in query.items())
        body = ask(app, url, headers).body.decode()
        line = {"provider": provider.id, "query": query, "body": body}
        yield json.dumps(line).encode() + b"\n"
        query = provider.following(query, provider.read(body))


def reader(source_id: str) -> Take:
    readers: dict[str, Take] = {
        "population": measures.take,
        "monitoring": probes.take,
        "ndrc": tables.take,
        "province": workbooks.take,
        "provider": indexes.take,
        "applications": measures.take,
    }
    return readers[source_id]


@pytest.mark.country
@pytest.mark.month
@pytest.mark.parametrize("source_id", [source for source in KINDS if source not in READ_ELSEWHERE])
def test_without_faults_reading_what_a_source_delivers_gives_the_truth(
    country: Country, source_id: str, tmp_path: Path
) -> None:
    request, path = asked(country, source_id), tmp_path / "delivered"
    rows, records = [], []
    for name, content in delivered(country, source_id):
        path.write_bytes(content)
        reading = reader(source_id)(path, name, request)
        assert reading.refused.is_empty()
        assert not reading.persons
        if reading.kind:
            kept = tmp_path / f"{name}.kept"
            reading.kept.with_columns(file=pl.lit(name)).write_parquet(kept)
            records.append(rollup.Extract(kept, name, reading.kind, reading.sender))
        else:
            rows.append(reading.kept.select(*KEY, pl.col("value").cast(pl.Float64)))
    if records:
        rows.append(rollup.roll_up(records, MONTH, request.cities).select(*KEY, "value"))
    # Some measures come in parts: probes of a site, indexes of providers. Then their mean counts.
    micro = (pl.col("value") * 10**6).round().cast(pl.Int64).sum()
    found = pl.concat(rows).group_by(KEY).agg(value=micro / (pl.len() * 10**6)).sort(KEY)
    reported = PROBED if source_id == "monitoring" else measures_of(source_id)
    truth = country.truth(MONTH).filter(pl.col("measure").is_in(reported))
    true = truth.select(*KEY, "value").sort(KEY)
    assert found.select(KEY).equals(true.select(KEY))
    assert found.filter(found["value"] != true["value"]).is_empty()


def test_what_sources_report_together_is_everything_that_is_true(country: Country) -> None:
    reported = {m for source_id in KINDS for m in asked(country, source_id).measures}
    assert set(country.truth(MONTH)["measure"].unique()) <= reported


@pytest.mark.country
@pytest.mark.month
def test_another_process_makes_the_same_bytes() -> None:
    program = (
        "from sandbox.country import Country; from tests.sandbox.asking import fingerprint\n"
        f"print(fingerprint(Country.found('{MONTH}', '{MONTH}', faults=('everyday',))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    here = fingerprint(Country.found(MONTH, MONTH, faults=("everyday",)))
    assert done.stdout.strip() == here


def test_a_country_is_kept_with_its_truth(tmp_path: Path) -> None:
    country = Country.found("2019-04", MONTH, seed=7, faults=("everyday", "down:city"))
    country.save(tmp_path)
    assert load(tmp_path) == country
    assert country.kept_months == ["2019-04", "2019-05"]
    assert country.live_months == [MONTH]
    kept = sorted(path.name for path in (tmp_path / "truth").iterdir())
    months = ["2019-04.parquet", "2019-05.parquet", "2019-06.parquet"]
    assert kept == [*months, "events.parquet", "pages.parquet"]
    assert pl.read_parquet(tmp_path / "truth" / months[-1]).equals(country.truth(MONTH))


def test_settings_say_that_the_country_is_invented(tmp_path: Path) -> None:
    Country.found(MONTH, MONTH).save(tmp_path)
    assert "simulated" in (tmp_path / "country.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seed = ", "Invalid value"),
        ('seed = 1\nfirst = "2019-01"', "faults"),
        (
            'seed = 1\nfirst = "2019-01"\nlast = "2019-02"\nlive_from = "2019-03"\nfaults = []',
            "within",
        ),
        ("seed = 1\nfaults = []\ncolour = 2", "colour"),
    ],
)
def test_settings_that_are_not_as_they_should_be_are_named(
    text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "country.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said) as refused:
        load(tmp_path)
    assert "country.toml" in str(refused.value)
    assert "cci sandbox" in str(refused.value)


@pytest.mark.parametrize(
    ("first", "last", "live_from"),
    [("2019-02", "2019-01", None), ("2019-01", "2019-02", "2018-12"), ("2015-12", "2019-01", None)],
)
def test_months_that_make_no_country_are_refused(
    first: str, last: str, live_from: str | None
) -> None:
    with pytest.raises(ValueError, match=r"within|begins with 2016-01"):
        Country.found(first, last, live_from=live_from)


def test_a_country_with_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="did you mean 'down'"):
        Country.found(MONTH, MONTH, faults=("donw",))
