"""`cci monitor`: a round of probes, and its log where collecting takes it in."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from pipelines.commands.monitor import monitor
from pipelines.steps import probing
from pipelines.workspace import Workspace
from scrapers.declaration import CLOCK
from scrapers.fetch import SANDBOX
from scrapers.formats import probes
from scrapers.reading import Ask
from tests.scrapers.loopback import Host, Request, answer, host

pytestmark = pytest.mark.process

UP, DOWN = "330100", "330200"
CITIES = pl.DataFrame({"city_code": [UP, DOWN]})


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv(SANDBOX, raising=False)
    monkeypatch.setattr(probing, "cities_of", lambda *_: CITIES)
    return Workspace(tmp_path / "data")


@pytest.fixture
def web(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:  # noqa: ARG001
    def answered(request: Request) -> bytes:
        return answer(404 if DOWN in request.path else 200, b"page")

    with host(answered) as there:
        monkeypatch.setenv(SANDBOX, there.url)
        yield there


def probe(workspace: Workspace) -> Result:
    return CliRunner().invoke(monitor, ["probe"], obj=workspace)


def logs(workspace: Workspace) -> list[Path]:
    return [path for path in workspace.root.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("web")
def test_a_round_of_probes_lies_in_the_inbox_and_can_be_read(workspace: Workspace) -> None:
    done = probe(workspace)
    assert done.exit_code == 0, done.output
    assert "4 sites probed, 2 answered" in done.output
    [log] = logs(workspace)
    month = log.parent.name
    assert log.parent == workspace.inbox / "monitoring" / month
    reading = probes.take(log, log.name, Ask("monitoring", "monitoring", month, CITIES, {}))
    assert reading.refused.is_empty()
    assert reading.kept.select("city_code", "measure", "value").rows() == [
        (UP, "credit_website_uptime", "1"),
        (UP, "service_platform_uptime", "1"),
        (DOWN, "credit_website_uptime", "0"),
        (DOWN, "service_platform_uptime", "0"),
    ]


def test_all_probes_of_a_round_bear_its_moment(workspace: Workspace, web: Host) -> None:
    path, log = probing.probe(workspace, datetime(2026, 11, 30, 23, 59, tzinfo=CLOCK))
    assert path == workspace.inbox / "monitoring" / "2026-11" / "probes-2026-11-30T2359.jsonl"
    assert set(log["at"]) == {"2026-11-30T23:59"}
    assert f"/web/{UP}/credit/" in {request.path for request in web.asked}


def test_where_nothing_answers_there_is_no_log(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SANDBOX, "http://127.0.0.1:9")
    done = probe(workspace)
    assert done.exit_code == 1
    assert "see the addresses and the network here" in done.output
    assert not logs(workspace)


def test_without_a_stand_in_country_it_says_what_to_do(workspace: Workspace) -> None:
    done = probe(workspace)
    assert done.exit_code == 1
    assert "cci sandbox" in done.output
    assert not logs(workspace)
