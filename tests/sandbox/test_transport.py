"""Faults on the way: what the country's servers answer, seen from outside."""

import pytest
from starlette.types import ASGIApp

from sandbox.country import Country
from sandbox.serve import application
from sandbox.services.providers import tokens
from sandbox.tampering import PERSONS, SCRIPT
from scrapers.reading import FileRefused
from scrapers.sources.provider.providers import Provider, providers
from tests.sandbox.asking import Answer, ask

MONTH = "2019-06"
JIA, YI, *_ = providers().values()
POPULATION = f"/population/{MONTH}/population-{MONTH}.csv"


def servers(*faults: str) -> ASGIApp:
    return application(Country.found(MONTH, MONTH, faults=faults))


def asked(app: ASGIApp, provider: Provider) -> Answer:
    """What a provider answers when it is asked for its first page."""
    query = "&".join(f"{name}={value}" for name, value in provider.first(MONTH).items())
    path = provider.address.removeprefix("sandbox:")
    return ask(app, f"{path}?{query}", {"Authorization": f"Bearer {tokens()[provider.token]}"})


def items(answer: Answer, provider: Provider) -> list[dict[str, object]]:
    return provider.read(answer.body.decode()).items


def test_a_source_that_is_down_answers_with_503_and_others_are_up() -> None:
    app = servers("down:population")
    assert ask(app, POPULATION).status == 503
    assert ask(app, f"/population/{MONTH}/index.json").status == 503
    assert ask(app, f"/monitoring/{MONTH}/index.json").status == 200
    assert asked(app, JIA).status == 200


def test_one_provider_can_be_down_alone() -> None:
    app = servers("down:jia")
    assert asked(app, JIA).status == 503
    assert asked(app, YI).status == 200


def test_slow_answers_come_in_drips() -> None:
    fast, slow = ask(servers(), POPULATION), ask(servers("slow:population"), POPULATION)
    assert len(fast.pieces) == 1
    assert len(slow.pieces) == 5
    assert slow.whole
    assert slow.body == fast.body


def test_an_interrupted_transfer_goes_through_the_second_time() -> None:
    app = servers("interrupted")
    first, second = ask(app, POPULATION), ask(app, POPULATION)
    assert not first.whole
    assert len(first.body) < int(first.headers["content-length"]) == len(second.body)
    assert second.whole
    assert second.body == ask(servers(), POPULATION).body


def test_a_month_that_is_not_live_is_not_there() -> None:
    assert ask(servers(), "/population/2019-05/index.json").status == 404


def test_a_providers_answer_ends_early() -> None:
    answer = asked(servers("truncated:jia"), JIA)
    assert answer.whole
    with pytest.raises(FileRefused, match="not_json"):
        items(answer, JIA)


@pytest.mark.parametrize("provider", providers().values(), ids=providers())
def test_a_providers_field_has_another_name(provider: Provider) -> None:
    text = asked(servers("drift:provider"), provider).body.decode()
    name = provider.answer.index.split(".")[-1]
    assert f'"{name}_v2":' in text
    assert f'"{name}":' not in text


def test_a_provider_answers_in_an_encoding_that_it_did_not_name() -> None:
    plain, other = asked(servers(), JIA), asked(servers("encoding:provider"), JIA)
    assert other.body.decode("utf-16") == plain.body.decode()


def test_one_provider_talks_nonsense() -> None:
    plain, noisy = servers(), servers("nonsense")
    differing = [
        provider.id
        for provider in providers().values()
        if asked(plain, provider).body != asked(noisy, provider).body
    ]
    assert differing == ["geng"]


def test_every_day_one_provider_lacks_some_cities() -> None:
    app = servers("everyday")
    indexes = [item[JIA.answer.index] for item in items(asked(app, JIA), JIA)]
    assert 0 < indexes.count(None) < len(indexes) / 5
    assert asked(app, YI).body == asked(servers(), YI).body


@pytest.mark.parametrize("provider", providers().values(), ids=providers())
def test_hostile_answers_tell_of_persons(provider: Provider) -> None:
    text = asked(servers("hostile"), provider).body.decode()
    for person in PERSONS:
        for word in (person.name, person.identity, person.telephone, person.address, SCRIPT):
            assert word in text
