"""What an operator is told of a run: the note, the page, the webhook, the message."""

import email
import json
import re
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import dagster as dg
import pytest
from markupsafe import escape

from pipelines import noted, notifying, operating, running, shortfall
from pipelines.defs.schedule import PUBLISH
from pipelines.defs.telling import tell_what_failed, tell_what_was_published
from pipelines.noted import Came, Note, Step
from pipelines.pages import operator
from pipelines.resources import Installation
from pipelines.workspace import Workspace
from scrapers.declaration import sources
from templates.catalogue import LANGS, text
from tests.pipelines.test_schedule import SHORT

HOSTILE = "<script>alert(1)</script>\u202e"
TOKEN, PASSWORD = "a-token", "a-password"
NOTE = Note(
    period="2019-06",
    edition="cci-2019",
    status="published",
    began="2019-07-10T03:00:00+08:00",
    seconds=61.5,
    revision=2,
    changes=17,
    simulated=True,
    came=(Came("ncisp", 62, 1000, 3, 1, False), Came("city", 0, 0, 0, 0, True)),
    failures=(),
    short=("landing_city__records: 2019-06: 0 cities",),
    doubtful=(),
    steps=(Step("landing_ncisp__records", 40.0, False), Step("publish_month", 21.0, False)),
    waiting=("inbox/city/2019-05 has files",),
)


# The note


def test_notes_are_kept_read_again_and_forgotten_when_there_are_many(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    notes = [replace(NOTE, began=f"2019-07-10T03:{at:02}:00+08:00") for at in range(55)]
    for note in notes:
        noted.keep(workspace, note)
    assert noted.read(workspace) == notes[: -noted.KEPT - 1 : -1]


@dg.asset
def publish_month() -> dg.MaterializeResult:  # type: ignore[type-arg]  # of nothing
    """Stands for the asset that publishes."""
    return dg.MaterializeResult(metadata={"new": ["cci-2019 2019-06"]})


@dg.asset
def landing_ncisp__records() -> None:
    """Stands for a source that fell short."""
    raise shortfall.failure(sources()["ncisp"], [SHORT])


@dg.asset
def broken() -> None:
    """Stands for what must not happen."""
    raise ValueError("cities.csv row 3: city_code is 33010; expected six digits")


@dg.asset(check_specs=[dg.AssetCheckSpec("stays_below", asset="doubtful")])
def doubtful() -> dg.MaterializeResult:  # type: ignore[type-arg]  # of nothing
    """Stands for an asset whose check only warns."""
    warned = dg.AssetCheckResult(
        check_name="stays_below", passed=False, severity=dg.AssetCheckSeverity.WARN,
        description="900 cities, expected at most 700",
    )  # fmt: skip
    return dg.MaterializeResult(check_results=[warned])


def _run(instance: dg.DagsterInstance, *assets: dg.AssetsDefinition) -> str:
    return dg.materialize(assets, instance=instance, raise_on_error=False).run_id


def _note(workspace: Workspace, *assets: dg.AssetsDefinition) -> Note:
    with dg.DagsterInstance.ephemeral() as instance:
        runs = [_run(instance, asset) for asset in assets]
        return operating.note_of(workspace, instance, "cci-2019", "2019-06", runs)


def test_a_month_that_was_published_is_noted_with_its_steps(tmp_path: Path) -> None:
    note = _note(Workspace(tmp_path), landing_ncisp__records, doubtful, publish_month)
    assert note.status == "published"
    assert note.failures == ()
    assert [line.partition(":")[0] for line in note.short] == ["landing_ncisp__records"]
    assert "put it into inbox/ncisp/2019-06/" in note.short[0]
    (said,) = note.doubtful
    assert said == "doubtful: stays_below does not hold: 900 cities, expected at most 700"
    assert [(step.name, step.failed) for step in note.steps] == [
        ("landing_ncisp__records", True), ("doubtful", False), ("publish_month", False),
    ]  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", note.began)


def test_a_month_that_failed_is_noted_with_the_reason(tmp_path: Path) -> None:
    note = _note(Workspace(tmp_path), broken)
    assert (note.status, note.revision) == ("failed", None)
    assert note.failures == ("broken: cities.csv row 3: city_code is 33010; expected six digits",)


def test_what_waits_in_the_inbox_is_noted(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    (workspace.inbox / "city" / "2019-05").mkdir(parents=True)
    (workspace.inbox / "city" / "2019-05" / "x.csv").write_text("")
    (workspace.inbox / "nobody").mkdir()
    note = _note(workspace, broken)
    assert len(note.waiting) == 2


def test_telling_that_fails_is_logged_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "operator").write_text("no folder")
    with dg.DagsterInstance.ephemeral() as instance:
        timing = running.Timing(runs=[_run(instance, publish_month)])
        with operating.told(Workspace(tmp_path), instance, "cci-2019", "2019-06", timing):
            pass
    assert "the operator could not be told of cci-2019 2019-06" in caplog.text


def test_a_command_that_stops_is_told_of_and_stops_all_the_same(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)

    def command(instance: dg.DagsterInstance) -> None:
        timing = running.Timing()
        with operating.told(workspace, instance, "cci-2019", "2019-06", timing):
            timing.runs.append(_run(instance, broken))
            raise running.RunFailed("it stopped")

    with dg.DagsterInstance.ephemeral() as instance, pytest.raises(running.RunFailed):
        command(instance)
    assert [note.status for note in noted.read(workspace)] == ["failed"]
    assert (workspace.operator / "index.html").exists()


def test_a_command_that_ran_nothing_tells_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with (
        dg.DagsterInstance.ephemeral() as instance,
        operating.told(workspace, instance, "cci-2019", "2019-06", running.Timing()),
    ):
        pass
    assert not workspace.operator.exists()


@pytest.mark.parametrize("scheduled", [True, False])
def test_scheduled_months_are_told_of_with_all_their_runs(tmp_path: Path, scheduled: bool) -> None:
    tags = {PUBLISH: "cci-2019"} if scheduled else {}
    with dg.DagsterInstance.ephemeral() as instance:
        first = dg.materialize([doubtful], instance=instance, tags=tags)
        tags |= {"dagster/partition": "cci-2019|2019-06"}
        last = dg.materialize(
            [publish_month], instance=instance,
            tags={**tags, "dagster/run_key": f"publish-{first.run_id}"},
        )  # fmt: skip
        context = dg.build_run_status_sensor_context(
            sensor_name="any", dagster_event=last.get_run_success_event(),
            dagster_instance=instance, dagster_run=last.dagster_run,
            resources={"installation": Installation(data=str(tmp_path))},
        )  # fmt: skip
        tell_what_was_published(context)
    notes = noted.read(Workspace(tmp_path))
    assert [[step.name for step in note.steps] for note in notes] == [
        ["doubtful", "publish_month"]
    ] * scheduled


@pytest.mark.parametrize(("asset", "told"), [(broken, True), (landing_ncisp__records, False)])
def test_a_scheduled_month_that_goes_on_without_a_source_is_not_told_of_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asset: dg.AssetsDefinition, told: bool
) -> None:
    monkeypatch.setattr(shortfall, "every_source_ended", lambda *_: True)
    tags = {PUBLISH: "cci-2019", "dagster/partition": "2019-06"}
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([asset], instance=instance, tags=tags, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            sensor_name="any", dagster_event=result.get_run_failure_event(),
            dagster_instance=instance, dagster_run=result.dagster_run,
            resources={"installation": Installation(data=str(tmp_path))},
        ).for_run_failure()  # fmt: skip
        tell_what_failed(context)
    assert bool(noted.read(Workspace(tmp_path))) is told


# The page


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_shows_the_last_run_and_those_before(tmp_path: Path, lang: str) -> None:
    failed = replace(NOTE, status="failed", failures=(HOSTILE,), revision=None, period="2019-05")
    operator.write([NOTE, failed], tmp_path)
    name = "index.html" if lang == "zh" else "index.en.html"
    page = (tmp_path / name).read_text(encoding="utf-8")
    for words_ in (
        text("operator.is_published", lang),
        text("operator.do_tell", lang),
        text("operator.do_short", lang, period="2019-06"),
        NOTE.short[0],
        NOTE.waiting[0],
        "landing_ncisp__records",
    ):
        assert escape(words_) in page
    assert "<script>" not in page
    assert text("operator.is_failed", lang) in page
    for target in re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^":]+)"', page):
        assert (tmp_path / target).is_file(), target


@pytest.mark.parametrize(
    ("note", "wanted"),
    [
        (replace(NOTE, short=(), waiting=(), revision=1), ["nothing"]),
        (replace(NOTE, short=(), waiting=(), status="unchanged"), ["nothing"]),
        (replace(NOTE, short=(), waiting=()), ["tell"]),
        (replace(NOTE, status="failed"), ["failed", "short", "waiting"]),
    ],
    ids=["first revision", "as it stands", "a correction", "failed"],
)
def test_the_next_thing_to_do_is_said(note: Note, wanted: list[str]) -> None:
    known = {"period": note.period, "edition": note.edition}
    with_words = [text(f"operator.do_{what}", "en").format(**known) for what in wanted]
    assert operator.todo(note, "en") == with_words


# The webhook


@contextmanager
def _web(*statuses: int) -> Iterator[tuple[str, list[tuple[dict[str, str], Any]]]]:
    """A host on loopback that answers with each status in turn, and keeps what it was sent."""
    got: list[tuple[dict[str, str], Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = statuses[len(got)]
            got.append((dict(self.headers), json.loads(body)))
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, _up(server):
        yield f"http://127.0.0.1:{server.server_port}/hook?key=secret", got


@contextmanager
def _up(server: socketserver.BaseServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifying, "BACKOFF", 0.001)
    monkeypatch.setenv(notifying.TOKEN, TOKEN)
    monkeypatch.setenv(notifying.PASSWORD, PASSWORD)


def _settings(folder: Path, content: str) -> Path:
    path = folder / notifying.SETTINGS
    path.write_text(content, encoding="utf-8")
    return path


def test_without_settings_nobody_is_told(tmp_path: Path) -> None:
    assert notifying.tell(tmp_path / notifying.SETTINGS, NOTE) == []


def test_a_webhook_gets_the_note_and_its_words(tmp_path: Path) -> None:
    with _web(204) as (url, got):
        assert notifying.tell(_settings(tmp_path, f'[webhook]\nurl = "{url}"'), NOTE) == []
    ((headers, body),) = got
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert body["run"] == json.loads(json.dumps(NOTE.as_data()))
    assert text("operator.is_published", "zh") in body["text"]


def test_a_webhook_that_fails_is_tried_again(tmp_path: Path) -> None:
    with _web(503, 500, 200) as (url, got):
        assert notifying.tell(_settings(tmp_path, f'[webhook]\nurl = "{url}"'), NOTE) == []
    assert len(got) == 3


@pytest.mark.parametrize("status", [500, 302, 404])
def test_a_webhook_that_keeps_failing_is_told_of_without_its_address(
    tmp_path: Path, status: int
) -> None:
    with _web(*[status] * notifying.TRIES) as (url, got):
        (problem,) = notifying.tell(_settings(tmp_path, f'[webhook]\nurl = "{url}"'), NOTE)
    assert len(got) == notifying.TRIES
    assert f"status {status}" in problem
    assert not any(secret in problem for secret in ("secret", TOKEN, "127.0.0.1"))


def test_a_host_that_is_down_is_told_of_without_its_address(tmp_path: Path) -> None:
    with _web() as (url, _):
        pass
    (problem,) = notifying.tell(_settings(tmp_path, f'[webhook]\nurl = "{url}"'), NOTE)
    assert "ConnectionError" in problem
    assert "secret" not in problem


# The message


@contextmanager
def _post_office(refuse: bool = False) -> Iterator[tuple[int, list[Message]]]:
    """An SMTP server on loopback that keeps what it is given, or refuses every sender."""
    got: list[Message] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                if line == "DATA" or line == "data":
                    self.say("354 go on")
                    lines = iter(self.rfile.readline, b".\r\n")
                    got.append(email.message_from_bytes(b"".join(lines), policy=default))
                    self.say("250 taken")
                elif line.lower() == "quit":
                    self.say("221 bye")
                    return
                else:
                    bad = refuse and line.lower().startswith("mail")
                    self.say(f"550 not you, {PASSWORD}" if bad else "250 yes")

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server, _up(server):
        yield server.server_address[1], got


def _mail(port: int) -> str:
    return (
        f'[email]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
        'sender = "cci@example.org"\nrecipients = ["one@example.org", "two@example.org"]'
    )


def test_a_message_goes_to_every_recipient_in_both_languages(tmp_path: Path) -> None:
    with _post_office() as (port, got):
        assert notifying.tell(_settings(tmp_path, _mail(port)), NOTE) == []
    (message,) = got
    assert message["To"] == "one@example.org, two@example.org"
    assert message["Subject"] == operator.subject(NOTE, "zh")
    body = message.get_content()  # type: ignore[attr-defined]  # of the e-mail policy
    for lang in LANGS:
        for line in operator.message(NOTE, lang).splitlines():
            assert line in body


def test_a_message_that_is_refused_is_told_of_without_what_the_server_said(tmp_path: Path) -> None:
    with _post_office(refuse=True) as (port, got):
        (problem,) = notifying.tell(_settings(tmp_path, _mail(port)), NOTE)
    assert got == []
    assert "SMTPSenderRefused 550" in problem
    assert PASSWORD not in problem
    assert "@example.org" not in problem


def test_one_way_that_fails_does_not_keep_from_the_other(tmp_path: Path) -> None:
    with _web() as (url, _):
        pass
    with _post_office() as (port, got):
        settings = _settings(tmp_path, f'[webhook]\nurl = "{url}"\n{_mail(port)}')
        assert len(notifying.tell(settings, NOTE)) == 1
    assert len(got) == 1


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[web]\n", "unknown ['web']"),
        ("[webhook]\nurl = 'ftp://x'", "[webhook]: url is no http address"),
        ("[webhook]\n", "[webhook]: "),
        ("[webhook]\nurl = 'http://x'\ncolour = 1", "colour"),
        ("[email]\nhost = 'x'\nsender = 'y'\nrecipients = []", "[email]: recipients"),
        (
            "[email]\nhost = 'x'\nsender = 'y'\nrecipients = ['z']\nsecurity = 'ssl'",
            "[email]: security",
        ),
        ("[", "Invalid"),
    ],
)
def test_settings_that_are_wrong_are_named_and_stop_nothing(
    tmp_path: Path, content: str, named: str
) -> None:
    (problem,) = notifying.tell(_settings(tmp_path, content), NOTE)
    assert problem.startswith("notify.toml: ")
    assert named in problem
