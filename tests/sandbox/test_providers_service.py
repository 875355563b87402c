"""The providers' interfaces in the stand-in country: what they say together is what is true."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import polars as pl
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from indicators import providers as judging
from indicators.registry import cities_of
from sandbox.services import providers as service
from sandbox.world import Month, months_since_2016
from scrapers.arrival import Arrival, Problem
from scrapers.declaration import sources
from scrapers.fetch import SANDBOX, Client, Unreachable
from scrapers.formats import indexes
from scrapers.reading import Ask
from scrapers.sources.provider import feed
from scrapers.sources.provider.providers import providers
from scrapers.sources.registry import feed as registry
from tests.scrapers.loopback import HASTY

MONTH, SEED = "2019-06", 2019
CITIES = cities_of(registry.read(registry.packaged()), MONTH)
MEASURE = indexes.MEASURE


def truth() -> pl.DataFrame:
    """Every city's index; some have none, and some are as high or as low as can be."""
    true = Month(CITIES, months_since_2016(MONTH), SEED).value(MEASURE)
    value = pl.Series([0.0, 100.0, 0.01, 99.99, *true[4:]])
    said = CITIES.select("city_code", measure=pl.lit(MEASURE), value=value)
    return said.filter(pl.int_range(pl.len()) % 40 != 39)


def say(period: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One month alone is to be had."""
    if period != MONTH:
        raise KeyError(period)
    return truth(), CITIES


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """The interfaces, on a host."""
    app = Starlette(routes=service.routes(say, SEED))
    config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def up(base_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The environment of a run."""
    monkeypatch.setenv(SANDBOX, base_url)
    for name, token in service.tokens().items():
        monkeypatch.setenv(name, token)
    return base_url


def collected(spool: Path, period: str = MONTH) -> list[Arrival | Problem]:
    """What the providers give."""
    return list(feed.collect(sources()["provider"], period, spool))


def arrived(came: list[Arrival | Problem]) -> list[Arrival]:
    """What came, and no problem with it."""
    files = [one for one in came if isinstance(one, Arrival)]
    assert len(files) == len(came)
    return files


def rows(came: list[Arrival | Problem]) -> pl.DataFrame:
    """What is read of it; nothing is refused."""
    ask = Ask("provider", "provider", MONTH, CITIES, {})
    kept = []
    for one in arrived(came):
        reading = indexes.take(one.path, one.name, ask)
        assert reading.refused.is_empty()
        kept.append(reading.kept)
    return pl.concat(kept).with_columns(pl.col("value").cast(pl.Float64))


@pytest.mark.usefixtures("up")
def test_the_mean_of_what_is_read_is_what_was_said_for_every_city(tmp_path: Path) -> None:
    came = rows(collected(tmp_path))
    exact = (pl.col("value") * 1_000_000).round().cast(pl.Int64)
    means = came.group_by("city_code").agg(value=exact.sum() / (pl.len() * 1_000_000))
    assert means.sort("city_code").equals(truth().select("city_code", "value").sort("city_code"))
    assert came.group_by("city_code").len()["len"].unique().to_list() == [10]
    assert came["value"].is_between(0, 100).all()
    assert judging.judge(came)["counted"].all()


@pytest.mark.usefixtures("up")
def test_the_same_country_says_the_same_again(tmp_path: Path) -> None:
    first, second = collected(tmp_path / "a"), collected(tmp_path / "b")
    assert [(a.name, a.delivered_at, a.path.read_bytes()) for a in arrived(first)] == [
        (a.name, a.delivered_at, a.path.read_bytes()) for a in arrived(second)
    ]
    assert {a.delivered_at.strftime("%Y-%m") for a in arrived(first)} == {"2019-07"}
    assert all(2 <= a.delivered_at.day <= 7 for a in arrived(first))


@pytest.mark.usefixtures("up")
def test_a_month_that_is_not_to_be_had_brings_nothing(tmp_path: Path) -> None:
    assert collected(tmp_path, "2019-05") == []


@contextmanager
def refusing(reason: str) -> Iterator[None]:
    with pytest.raises(Unreachable) as caught:
        yield
    assert caught.value.reason == reason


@pytest.mark.parametrize("provider_id", providers())
def test_a_wrong_token_or_query_is_refused(up: str, provider_id: str) -> None:
    provider = providers()[provider_id]
    url, most = up + provider.address.removeprefix("sandbox:"), 1 << 20
    with Client(url, HASTY, "sandbox-nobody") as client, refusing("token_refused"):
        client.read(query=provider.first(MONTH), most=most)
    with Client(url, HASTY, service.tokens()[provider.token]) as client:
        for query in ({}, provider.first("June"), provider.first(MONTH) | {provider.ask.page: "x"}):
            with refusing("answer_unexpected"):
                client.read(query=query, most=most)


def test_requests_that_come_too_fast_are_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(service, "time", SimpleNamespace(monotonic=lambda: now))
    first, *_ = service.routes(say, SEED)
    provider = providers()["jia"]
    token = service.tokens()[provider.token]
    request = Request(
        {
            "type": "http",
            "query_string": urlencode(provider.first(MONTH)).encode(),
            "headers": [(b"authorization", f"Bearer {token}".encode())],
        }
    )

    def asked() -> int:
        answered: Response = asyncio.run(first.endpoint(request))
        return answered.status_code

    assert [asked() for _ in range(11)] == [200] * 10 + [429]
    now = 1.0
    assert asked() == 200


@pytest.mark.usefixtures("up")
def test_nonsense_of_one_provider_is_found_out(tmp_path: Path) -> None:
    came = collected(tmp_path)
    path = next(one.path for one in arrived(came) if one.path.name == "ding")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        line["body"] = service.nonsense("ding", line["body"].encode()).decode()
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    judged = judging.judge(rows(came))
    assert set(judged.filter(~pl.col("counted"))["part"]) == {"ding"}
    assert set(judged.filter(part="ding")["why"]) == {"outlier"}
