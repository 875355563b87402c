"""The servers: in a process of their own, on loopback, for as long as whoever asked for them lives."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sandbox.country import Country
from sandbox.serve import environment, serving
from scrapers.sources.provider.providers import providers

pytestmark = pytest.mark.process

MONTH = "2019-06"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "sandbox"
    Country.found("2019-05", MONTH).save(folder)
    return folder


@pytest.fixture(scope="module")
def base_url(folder: Path) -> Iterator[str]:
    with serving(folder) as url:
        yield url


@pytest.fixture(autouse=True, scope="module")
def sigterm_ends() -> Iterator[None]:
    """Have SIGTERM end what is started here: Dagster makes it SIGINT, which the background ignores."""
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGTERM, before)


def get(url: str) -> str:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - loopback
        return str(answer.read().decode())


def test_the_front_page_says_in_both_languages_that_all_is_invented(base_url: str) -> None:
    page = get(base_url + "/")
    assert "模拟" in page
    assert "simulated" in page
    assert "/population/2019-06/index.json" in page


def test_a_live_month_is_there_and_no_other(base_url: str) -> None:
    (entry,) = json.loads(get(f"{base_url}/population/{MONTH}/index.json"))
    assert entry["name"] == f"population-{MONTH}.csv"
    assert get(f"{base_url}/population/{MONTH}/{entry['name']}").startswith("period,city_code,")
    for missing in ("population/2019-05/index.json", f"population/{MONTH}/other", "nobody/x/y"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(f"{base_url}/{missing}")


def test_only_this_machine_can_ask(base_url: str) -> None:
    port = urlsplit(base_url).port
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    here = [row[1] for row in listening if row[1].endswith(f":{port:04X}") and row[3] == "0A"]
    assert here == [f"0100007F:{port:04X}"]


def test_every_provider_has_a_token(folder: Path) -> None:
    assert set(environment(folder)) == {provider.token for provider in providers().values()}


def test_without_a_country_there_is_nothing_to_serve(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"country\.toml"), serving(tmp_path):
        pass


def test_the_servers_are_gone_when_they_are_no_longer_needed(folder: Path) -> None:
    with serving(folder) as url:
        port = urlsplit(url).port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port or 0))


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM])
def test_the_servers_end_with_their_parent(folder: Path, signal_number: int) -> None:
    program = (
        "import sys, time; from pathlib import Path; from sandbox.serve import serving\n"
        "with serving(Path(sys.argv[1])) as url:\n    print(url, flush=True)\n    time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout
        assert parent.stderr
        port = urlsplit(parent.stdout.readline().strip()).port or 0
        parent.send_signal(signal_number)
        parent.wait()
        # The servers write to the same place as their parent, which is closed when both have ended.
        assert "Error" not in parent.stderr.read()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_the_servers_end_when_they_are_told_to(folder: Path) -> None:
    command = [sys.executable, "-m", "sandbox.serve", "--country", str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as servers:
        assert servers.stdout
        assert servers.stdout.readline().startswith("http://127.0.0.1:")
        servers.terminate()
        assert servers.wait(20) in (0, -signal.SIGTERM)
