"""`cci published crawl`: rankings fetched from pages, whole or not at all."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.commands.published import published
from pipelines.workspace import Workspace
from scrapers.fetch import SANDBOX
from tests.scrapers.loopback import Request, answer, host
from tests.scrapers.test_spiders import PRINTED

pytestmark = pytest.mark.process


def answered(request: Request) -> bytes:
    page = {"/ranking": PRINTED.encode(), "/news": "<p>没有排名</p>".encode()}.get(request.path)
    return (
        answer(404) if page is None else answer(body=page, Content_Type="text/html; charset=utf-8")
    )


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(SANDBOX, raising=False)
    return tmp_path / "out.csv"


def crawl(out: Path, *addresses: str) -> Result:
    command = ["crawl", *addresses, "--out", str(out)]
    return CliRunner().invoke(published, command, obj=Workspace(out.parent / "data"))


def test_rows_are_written_as_printed_with_code_month_and_page(out: Path) -> None:
    with host(answered) as there:
        address = f"{there.url}/ranking"
        done = crawl(out, address)
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [(row["rank"], row["city_code"], row["index"]) for row in rows] == [
        ("1", "330100", "88.10"),
        ("2", "350200", "87.05"),
    ]
    assert {(row["month"], row["source_url"]) for row in rows} == {("2018-03", address)}


@pytest.mark.parametrize(
    ("path", "why"), [("/news", "no ranking was found"), ("/gone", "status_404")]
)
def test_where_one_page_is_no_ranking_nothing_is_written(out: Path, path: str, why: str) -> None:
    with host(answered) as there:
        done = crawl(out, f"{there.url}/ranking", f"{there.url}{path}")
    assert done.exit_code == 1
    assert why in done.output
    assert not out.exists()


def test_only_the_web_is_crawled(out: Path) -> None:
    done = crawl(out, "file:///etc/passwd")
    assert done.exit_code == 1
    assert "expected http://" in done.output
